//! From seeds to what follows from them, and where a way stops.

use super::*;

#[test]
fn a_session_is_the_intruders_wherever_it_shows() {
    let found = seeded(
        &["session=s-evil"],
        &[
            read("in", 0, EVIL, "s-evil"),
            read("loop", 1, "::1", "s-evil"),
            read("own", 5, HOME, "s-own"),
        ],
    );
    assert_eq!(verdict(&found, "in"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "loop"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "own"), UNKNOWN);
    let way = found.why(&context(&found, "in").id);
    assert_eq!(way.len(), 1);
    assert_eq!(way[0].from, "session=s-evil");
    assert_eq!(way[0].to, context(&found, "in").id.0);
    assert_eq!(way[0].records, ["in"]);
}

#[test]
fn a_context_is_named_by_what_it_is_and_not_by_its_verdict() {
    let events = [read("in", 0, EVIL, "s-evil")];
    let with = seeded(&["session=s-evil"], &events);
    let without = seeded(&[], &events);
    let id = &context(&with, "in").id;
    assert_eq!(id, &context(&without, "in").id);
    assert!(id.0.len() == 12 && id.0.starts_with("c-"), "{id}");
    assert_ne!(verdict(&with, "in"), verdict(&without, "in"));
}

#[test]
fn a_sign_in_leads_to_its_session_and_address() {
    let found = seeded(
        &["signin=flagged"],
        &[
            sign_in("flagged", 0, EVIL, "s-evil"),
            read("session", 5, EVIL_TWO, "s-evil"),
            read("address", 2 * DAY, EVIL, "s-later"),
            read("away", 3 * DAY, EVIL_TWO, "s-third"),
        ],
    );
    assert_eq!(verdict(&found, "session"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "address"), INTRUDER_MEDIUM);
    // The session's second address is followed: one session on two addresses.
    assert_eq!(verdict(&found, "away"), INTRUDER_MEDIUM);
    let way = found.why(&context(&found, "away").id);
    let names: Vec<&str> = way.iter().map(|step| step.from.as_str()).collect();
    assert_eq!(names[0], "signin=flagged");
    assert!(names.contains(&"ip=198.51.100.77"), "{names:?}");
}

#[test]
fn a_token_leads_to_the_session_of_its_sign_in() {
    let signed = Event {
        token: Cow::Borrowed("AbC-1"),
        ..sign_in("issue", 0, EVIL, "s-evil")
    };
    let with_token = Event {
        token: Cow::Borrowed("AbC-1"),
        ..read("token", 5, EVIL_TWO, "")
    };
    let other_case = Event {
        token: Cow::Borrowed("abc-1"),
        ..read("other", 5, HOME, "")
    };
    let events = [
        signed,
        with_token,
        other_case,
        read("session", 9, MICROSOFT, "s-evil"),
    ];
    let by_token = seeded(&["token=AbC-1"], &events);
    assert_eq!(verdict(&by_token, "token"), INTRUDER_HIGH);
    assert_eq!(verdict(&by_token, "session"), INTRUDER_HIGH);
    assert_eq!(verdict(&by_token, "other"), UNKNOWN);
    let by_session = seeded(&["session=s-evil"], &events);
    assert_eq!(verdict(&by_session, "token"), INTRUDER_HIGH);
}

#[test]
fn the_owners_address_is_passed_over_and_the_reason_says_so() {
    let found = seeded(
        &["session=s-evil"],
        &[
            read("before", -2 * DAY, HOME, "s-own"),
            read("evil", 0, HOME, "s-evil"),
            read("after", 60, HOME, "s-new"),
        ],
    );
    assert_eq!(verdict(&found, "evil"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "before"), OWNER_HIGH);
    assert_eq!(verdict(&found, "after"), UNKNOWN);
    assert!(
        reasons(&found, "after").contains("the owner's own"),
        "{}",
        reasons(&found, "after")
    );
}

#[test]
fn an_address_that_three_others_share_is_passed_over_unless_it_is_the_seed() {
    let mut events = vec![
        sign_in("flagged", 0, EVIL, "s-evil"),
        read("same", 90, EVIL, "s-else"),
    ];
    for user in ["b@corp.example", "c@corp.example", "d@corp.example"] {
        events.push(by(user, sign_in(user, -500, EVIL, "")));
    }
    let by_sign_in = seeded(&["signin=flagged"], &events);
    assert_eq!(verdict(&by_sign_in, "same"), UNKNOWN);
    assert!(reasons(&by_sign_in, "same").contains("shared by 3 other users"));
    let by_address = seeded(&["ip=203.0.113.66"], &events);
    assert_eq!(verdict(&by_address, "same"), INTRUDER_MEDIUM);
    assert!(
        reasons(&by_address, "same").contains("3 other users share"),
        "{}",
        reasons(&by_address, "same")
    );
}

#[test]
fn a_record_without_session_is_taken_in_by_address_program_and_time_together() {
    let odd = Event {
        agent: Cow::Borrowed("Client=MSExchangeRPC"),
        ..read("other program", 10, EVIL, "")
    };
    let mut events = vec![
        read("first", 0, EVIL, "s-evil"),
        read("last", 30, EVIL, "s-evil"),
        read("inside", 20, EVIL, ""),
        read("after", 89, EVIL, ""),
        read("too late", 200, EVIL, ""),
        odd,
    ];
    // The address itself proves nothing here: it is everybody's.
    for user in ["b@corp.example", "c@corp.example", "d@corp.example"] {
        events.push(by(user, sign_in(user, -500, EVIL, "")));
    }
    let found = seeded(&["session=s-evil"], &events);
    assert_eq!(verdict(&found, "inside"), INTRUDER_MEDIUM);
    assert_eq!(verdict(&found, "after"), INTRUDER_MEDIUM);
    assert_eq!(verdict(&found, "too late"), UNKNOWN);
    assert_eq!(verdict(&found, "other program"), UNKNOWN);
    assert_ne!(context(&found, "inside").id, context(&found, "too late").id);
    assert_eq!(context(&found, "inside").records, 2);
    assert!(!found.why(&context(&found, "inside").id).is_empty());
}

#[test]
fn a_session_on_an_address_of_the_owner_takes_in_nothing_by_address() {
    let found = seeded(
        &["session=s-evil"],
        &[
            read("before", -2 * DAY, HOME, "s-own"),
            read("evil", 0, HOME, "s-evil"),
            read("bare", 5, HOME, ""),
        ],
    );
    assert_eq!(verdict(&found, "bare"), UNKNOWN);
}

#[test]
fn an_old_sign_in_without_session_leads_to_who_came_right_after_it() {
    let found = seeded(
        &["signin=flagged"],
        &[
            read("own", -3 * DAY, HOME, "s-own"),
            sign_in("flagged", 0, EVIL, ""),
            read("right after", 1, EVIL, "s-evil"),
            read("its loopback", 2, "::1", "s-evil"),
        ],
    );
    assert_eq!(verdict(&found, "right after"), INTRUDER_MEDIUM);
    assert_eq!(verdict(&found, "its loopback"), INTRUDER_MEDIUM);
    assert_eq!(found.window.map(|window| window.from), Some(at(0)));
}

#[test]
fn the_sign_in_seconds_before_a_session_does_not_make_its_address_the_owners() {
    let found = seeded(
        &["session=s-evil"],
        &[
            sign_in("opening", -1, EVIL, ""),
            read("evil", 0, EVIL, "s-evil"),
            read("bare", 3, EVIL, ""),
        ],
    );
    assert_eq!(verdict(&found, "bare"), INTRUDER_MEDIUM);
    assert_eq!(found.window.map(|window| window.from), Some(at(-1)));
}

#[test]
fn an_application_is_the_intruders_from_the_consent_on() {
    let events = [
        read_by_app("before", -60, ROGUE),
        consent("consent", 0),
        read_by_app("after", 5, ROGUE),
        read_by_app("other", 5, OTHER_APP),
    ];
    let found = seeded(&[&format!("app={ROGUE}")], &events);
    assert_eq!(verdict(&found, "after"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "before"), UNKNOWN);
    assert!(reasons(&found, "before").contains("came later"));
    assert_eq!(verdict(&found, "other"), UNKNOWN);
    assert_eq!(context(&found, "after").records, 1);
    assert_eq!(found.window.map(|window| window.from), Some(at(0)));
}

#[test]
fn a_consent_in_the_intruders_session_gives_the_application_to_the_intruder() {
    let in_session = from(consent("consent", 5), EVIL, "s-evil");
    let events = [
        read("in", 0, EVIL, "s-evil"),
        in_session,
        read_by_app("app", 90, ROGUE),
    ];
    let found = seeded(&["session=s-evil"], &events);
    assert_eq!(verdict(&found, "app"), INTRUDER_HIGH);
    let way = found.why(&context(&found, "app").id);
    let records: Vec<&str> = way
        .iter()
        .flat_map(|step| step.records.iter().map(String::as_str))
        .collect();
    assert!(records.contains(&"consent"), "{way:?}");
}

#[test]
fn a_consent_without_session_is_tied_by_time_alone_and_only_probable() {
    let events = |minute| {
        [
            read("first", 0, EVIL, "s-evil"),
            read("last", 30, EVIL, "s-evil"),
            consent("consent", minute),
            read_by_app("app", 9 * DAY, ROGUE),
        ]
    };
    let during = seeded(&["session=s-evil"], &events(20));
    assert_eq!(verdict(&during, "app"), INTRUDER_MEDIUM);
    let long_after = seeded(&["session=s-evil"], &events(3 * DAY));
    assert_eq!(verdict(&long_after, "app"), UNKNOWN);
    assert!(reasons(&long_after, "app").contains("somebody gave"));
}

#[test]
fn a_refused_consent_gives_nothing() {
    let refused = Event {
        outcome: Outcome::Failure,
        ..from(consent("refused", 5), EVIL, "s-evil")
    };
    let events = [
        read("in", 0, EVIL, "s-evil"),
        refused,
        read_by_app("app", 90, ROGUE),
    ];
    assert_eq!(
        verdict(&seeded(&["session=s-evil"], &events), "app"),
        UNKNOWN
    );
}

#[test]
fn a_grant_that_names_only_the_service_principal_is_understood() {
    let rest = format!(
        r#"{{"ModifiedProperties":[{{"Name":"ServicePrincipal.ObjectID","NewValue":"{ROGUE_OBJECT}","OldValue":""}},{{"Name":"DelegatedPermissionGrant.Scope","NewValue":"Mail.Read","OldValue":""}}],"Target":[{{"ID":"ServicePrincipal_6f2a3d10-0000-4000-8000-00000000cccc","Type":2}}]}}"#
    );
    let grant = Event {
        object: Cow::Borrowed("00000003-0000-0000-c000-000000000000"),
        rest,
        ..from(
            record("grant", 5, "Add delegated permission grant"),
            EVIL,
            "s-evil",
        )
    };
    // Made by somebody else, long before: it only tells which object is which application.
    let made = by(
        BOB,
        Event {
            action: Cow::Borrowed("Add service principal"),
            ..consent("made", -900)
        },
    );
    let events = [
        read("in", 0, EVIL, "s-evil"),
        made,
        grant,
        read_by_app("app", 90, ROGUE),
    ];
    assert_eq!(
        verdict(&seeded(&["session=s-evil"], &events), "app"),
        INTRUDER_HIGH
    );
}

#[test]
fn a_victims_session_is_not_the_intruders_because_the_application_carries_it() {
    let app_with_session = Event {
        session: Cow::Borrowed("s-own"),
        ..read_by_app("app", 5, ROGUE)
    };
    let found = seeded(
        &[&format!("app={ROGUE}")],
        &[
            consent("consent", 0),
            app_with_session,
            read("own", 6, HOME, "s-own"),
        ],
    );
    assert_eq!(verdict(&found, "app"), INTRUDER_HIGH);
    assert_ne!(verdict(&found, "own").0, Verdict::Intruder);
}

#[test]
fn a_record_of_the_application_does_not_lead_to_its_victim_either() {
    let with_session = |id: &str, minute| Event {
        session: Cow::Borrowed("s-own"),
        ..read_by_app(id, minute, ROGUE)
    };
    let events = [
        consent("consent", 0),
        with_session("seeded", 5),
        read_by_app("another", 90, ROGUE),
        read("own", 6, HOME, "s-own"),
    ];
    let found = seeded(&["record=seeded"], &events);
    assert_eq!(verdict(&found, "seeded"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "another"), INTRUDER_HIGH);
    assert_ne!(verdict(&found, "own").0, Verdict::Intruder);
}

#[test]
fn an_application_of_the_platform_is_never_an_indicator() {
    let graph = "00000003-0000-0000-c000-000000000000";
    let found = seeded(
        &[&format!("app={graph}")],
        &[read_by_app("graph", 0, graph)],
    );
    assert_eq!(found.unanswered.len(), 1);
    assert_eq!(verdict(&found, "graph"), UNKNOWN);
}

#[test]
fn whoever_is_let_in_by_the_intruder_is_the_intruder_from_then_on() {
    let add = |minute| {
        let parameters = [
            ("Identity", ANN),
            ("User", BOB),
            ("AccessRights", "FullAccess"),
        ];
        let event = cmdlet("add", minute, "Add-MailboxPermission", &parameters);
        Event {
            mailbox: Cow::Borrowed(ANN),
            ..from(event, MICROSOFT, "s-evil")
        }
    };
    let delegate = |id: &str, minute| Event {
        logon_type: Some(2),
        ..by(BOB, read(id, minute, "192.0.2.99", "s-bob"))
    };
    let events = [
        read("in", 0, EVIL, "s-evil"),
        delegate("before", -100),
        add(10),
        delegate("after", 600),
    ];
    let found = seeded(&["session=s-evil"], &events);
    assert_eq!(verdict(&found, "after"), INTRUDER_HIGH);
    assert_ne!(verdict(&found, "before").0, Verdict::Intruder);
}

#[test]
fn a_right_the_account_gives_itself_opens_the_other_mailbox() {
    let parameters = [
        ("Identity", "EURX.PROD/Hosted/corp.example/Carla"),
        ("User", "EURX.PROD/Hosted/corp.example/Ann"),
        ("AccessRights", "FullAccess"),
    ];
    let add = Event {
        object: Cow::Borrowed("Carla"),
        ..from(
            cmdlet("add", 10, "Add-MailboxPermission", &parameters),
            MICROSOFT,
            "s-evil",
        )
    };
    let elsewhere = Event {
        mailbox: Cow::Borrowed("carla@corp.example"),
        logon_type: Some(2),
        ..read("elsewhere", 300, "192.0.2.44", "s-next")
    };
    let found = seeded(
        &["session=s-evil"],
        &[read("in", 0, EVIL, "s-evil"), add, elsewhere],
    );
    assert_eq!(verdict(&found, "elsewhere"), INTRUDER_HIGH);
    assert_eq!(context(&found, "elsewhere").mailbox, "carla@corp.example");
}

#[test]
fn a_device_that_was_first_seen_in_the_session_is_probably_the_intruders() {
    let device = "6f2a3d10-0000-4000-8000-00000000d0d0";
    let signed = Event {
        device: Cow::Borrowed(device),
        ..sign_in("enrol", 1, EVIL, "s-evil")
    };
    let later = Event {
        device: Cow::Borrowed(device),
        ..read("device", 3 * DAY, EVIL_TWO, "s-next")
    };
    let events = [signed.clone(), read("in", 2, EVIL, "s-evil"), later.clone()];
    assert_eq!(
        verdict(&seeded(&["session=s-evil"], &events), "device"),
        INTRUDER_MEDIUM
    );
    let owned = Event {
        device: Cow::Borrowed(device),
        ..read("owned", -DAY, HOME, "s-own")
    };
    let events = [owned, signed, read("in", 2, EVIL, "s-evil"), later];
    assert_ne!(
        verdict(&seeded(&["session=s-evil"], &events), "device").0,
        Verdict::Intruder
    );
}

#[test]
fn a_rule_leads_to_the_session_that_made_it() {
    let rule = Event {
        mailbox: Cow::Borrowed(ANN),
        object: Cow::Borrowed("ann\\Invoices"),
        ..from(
            cmdlet(
                "rule",
                0,
                "New-InboxRule",
                &[("Name", "Invoices"), ("DeleteMessage", "True")],
            ),
            EVIL,
            "s-evil",
        )
    };
    let events = [
        rule,
        read("in", 5, EVIL, "s-evil"),
        read("own", 6, HOME, "s-own"),
    ];
    let found = seeded(&["rule=invoices"], &events);
    assert_eq!(verdict(&found, "rule"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "in"), INTRUDER_HIGH);
    assert_ne!(verdict(&found, "own").0, Verdict::Intruder);
    assert_eq!(seeded(&["rule=payments"], &events).unanswered.len(), 1);
}

#[test]
fn a_record_is_the_intruders_with_its_context_and_session() {
    let found = seeded(
        &["record=act"],
        &[
            read("act", 0, EVIL, "s-evil"),
            read("same", 9, MICROSOFT, "s-evil"),
        ],
    );
    assert_eq!(verdict(&found, "act"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "same"), INTRUDER_HIGH);
}

#[test]
fn what_no_record_answers_to_is_told() {
    let seeds = [
        "ip=203.0.113.1",
        "session=none",
        "token=None",
        "app=6f2a3d10-0000-4000-8000-0000000000ff",
        "device=none",
        "rule=none",
        "record=none",
        "signin=none",
    ];
    let found = seeded(&seeds, &[read("own", 0, HOME, "s-own")]);
    assert_eq!(found.unanswered.len(), seeds.len());
    assert_eq!(found.window, None);
}

#[test]
fn the_analyst_can_take_a_context_out_and_bring_one_in() {
    let events = [
        read("in", 0, EVIL, "s-evil"),
        read("next", 5, EVIL, "s-next"),
        read("elsewhere", 9, EVIL_TWO, "s-next"),
    ];
    let plain = seeded(&["session=s-evil"], &events);
    assert_eq!(verdict(&plain, "elsewhere"), INTRUDER_MEDIUM);
    let first = context(&plain, "in").id.clone();
    let taken_out = Brief {
        overrides: overridden(&first, Verdict::Owner).overrides,
        ..brief(&["session=s-evil"])
    };
    let found = attribute(&taken_out, &events);
    assert_eq!(verdict(&found, "in"), OWNER_HIGH);
    assert!(context(&found, "in").overridden);
    assert_eq!(
        context(&found, "in").reasons[0].text,
        "kim decided: called the owner"
    );
    assert_eq!(verdict(&found, "next"), UNKNOWN);
    let brought_in = Brief {
        overrides: overridden(&context(&plain, "next").id, Verdict::Intruder).overrides,
        ..brief(&[])
    };
    let found = attribute(&brought_in, &events);
    assert_eq!(verdict(&found, "next"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "elsewhere"), INTRUDER_HIGH);
    assert_eq!(
        found.why(&context(&found, "next").id)[0].from,
        "verdict of kim"
    );
}
