//! Pivots and proposals: what the records show without being asked.

use super::*;

fn pivots(found: &Attribution) -> Vec<(&str, &str)> {
    let pivots = found.pivots.iter();
    pivots
        .map(|pivot| (pivot.text.as_str(), pivot.follow.as_str()))
        .collect()
}

#[test]
fn another_service_gives_the_applications_own_address_away() {
    let file = Event {
        workload: Cow::Borrowed("SharePoint"),
        app: Cow::Borrowed(ROGUE),
        agent: Cow::Borrowed("Go-http-client/2.0"),
        ..from(record("file", 20, "FileDownloaded"), EVIL, "")
    };
    let seed = format!("app={ROGUE}");
    let found = seeded(
        &[&seed],
        &[consent("consent", 0), read_by_app("mail", 5, ROGUE), file],
    );
    let follows: Vec<&str> = found
        .pivots
        .iter()
        .map(|pivot| pivot.follow.as_str())
        .collect();
    assert_eq!(follows, ["--seed ip=203.0.113.66"]);
    assert_eq!(found.pivots[0].records, ["file"]);
}

#[test]
fn other_mailboxes_users_and_consents_of_the_same_intruder_are_found() {
    let elsewhere = |id: &str, event: Event<'static>| Event {
        mailbox: Cow::Borrowed(BOB),
        id: RecordId(Cow::Owned(id.to_owned())),
        ..by(BOB, event)
    };
    let events = [
        sign_in("flagged", 0, EVIL, "s-evil"),
        from(consent("consent", 5), EVIL, "s-evil"),
        read_by_app("mail", 10, ROGUE),
        elsewhere("theirs 1", read_by_app("x", 10, ROGUE)),
        elsewhere("theirs 2", read_by_app("x", 11, ROGUE)),
        by(BOB, sign_in("bob", 30, EVIL, "s-bob")),
        by(BOB, consent("bobs consent", 40)),
    ];
    let found = seeded(&["signin=flagged"], &events);
    let shown = pivots(&found);
    let app = format!("investigate {BOB} --seed app={ROGUE}");
    let ip = format!("investigate {BOB} --seed ip={EVIL}");
    assert!(
        shown
            .iter()
            .any(|(text, follow)| text.contains("in 2 records") && *follow == app),
        "{shown:?}"
    );
    assert!(
        shown
            .iter()
            .any(|(text, follow)| text.contains("signed in") && *follow == ip),
        "{shown:?}"
    );
    assert!(
        shown
            .iter()
            .any(|(text, follow)| text.contains("consented") && *follow == app),
        "{shown:?}"
    );
}

/// Asserts that records lead to one proposal of a seed.
fn proposes(events: &[Event<'_>], seed: &str, confidence: Confidence) {
    let found = seeded(&[], events);
    let proposal = found
        .proposals
        .iter()
        .find(|one| one.seed.to_string() == seed);
    let proposal = proposal.unwrap_or_else(|| panic!("{seed} is proposed: {:?}", found.proposals));
    assert_eq!(proposal.confidence, confidence);
    assert!(!proposal.records.is_empty() && proposal.records.len() <= 5);
}

#[test]
fn a_success_after_a_spray_or_a_brute_force_is_proposed() {
    let users = [ANN, BOB, "carla@corp.example"];
    let mut spray: Vec<Event<'_>> = (0..6)
        .map(|n| wrong_password(&format!("w{n}"), i64::from(n), EVIL, users[n as usize % 3]))
        .collect();
    spray.push(sign_in("success", 20, EVIL, "s-evil"));
    proposes(&spray, "signin=success", Confidence::High);
    let mut brute: Vec<Event<'_>> = (0..10)
        .map(|n| wrong_password(&format!("w{n}"), i64::from(n), EVIL, ANN))
        .collect();
    brute.push(sign_in("success", 20, EVIL, "s-evil"));
    proposes(&brute, "signin=success", Confidence::High);
}

#[test]
fn a_few_typing_errors_are_nobodys_attack() {
    let mut events: Vec<Event<'_>> = (0..4)
        .map(|n| wrong_password(&format!("w{n}"), i64::from(n), HOME, ANN))
        .collect();
    events.push(sign_in("success", 5, HOME, "s-own"));
    assert_eq!(seeded(&[], &events).proposals, []);
    let long_ago: Vec<Event<'_>> = (0..12)
        .map(|n| wrong_password(&format!("w{n}"), i64::from(n), HOME, ANN))
        .chain([sign_in("success", 400, HOME, "s-own")])
        .collect();
    assert_eq!(seeded(&[], &long_ago).proposals, []);
}

#[test]
fn a_consent_to_mail_with_reads_is_proposed_and_without_is_not() {
    let seed = format!("app={ROGUE}");
    let events = [consent("consent", 0), read_by_app("mail", 5, ROGUE)];
    proposes(&events, &seed, Confidence::High);
    assert_eq!(seeded(&[], &events[..1]).proposals, []);
}

#[test]
fn rules_that_send_out_or_hide_are_proposed_and_others_are_not() {
    let rule = |id: &str, action: &str, parameters: &[(&str, &str)]| Event {
        mailbox: Cow::Borrowed(ANN),
        ..cmdlet(id, 0, action, parameters)
    };
    let out = rule(
        "out",
        "New-InboxRule",
        &[("Name", "."), ("ForwardTo", "evil@attacker.example")],
    );
    proposes(&[out], "record=out", Confidence::High);
    let whole = rule(
        "all",
        "Set-Mailbox",
        &[("ForwardingSmtpAddress", "smtp:evil@attacker.example")],
    );
    proposes(&[whole], "record=all", Confidence::High);
    let hiding = rule(
        "hide",
        "New-InboxRule",
        &[("Name", ""), ("DeleteMessage", "True")],
    );
    proposes(&[hiding], "record=hide", Confidence::Medium);
    let harmless = [
        rule(
            "in",
            "New-InboxRule",
            &[("Name", "team"), ("ForwardTo", BOB)],
        ),
        rule("quota", "Set-Mailbox", &[("ProhibitSendQuota", "99GB")]),
        rule("off", "Set-Mailbox", &[("ForwardingSmtpAddress", "")]),
    ];
    assert_eq!(seeded(&[], &harmless).proposals, []);
}

#[test]
fn a_rule_that_outlook_wrote_is_understood() {
    let rest = r#"{"OperationProperties":[{"Name":"RuleOperation","Value":"AddMailboxRule"},{"Name":"RuleName"},{"Name":"RuleActions","Value":"[{\"ActionType\":\"Forward\",\"Recipients\":[\"evil@attacker.example\"]}]"}]}"#;
    let event = Event {
        workload: Cow::Borrowed("Exchange"),
        mailbox: Cow::Borrowed(ANN),
        rest: rest.to_owned(),
        ..record("outlook", 0, "UpdateInboxRules")
    };
    proposes(&[event], "record=outlook", Confidence::High);
}

#[test]
fn a_risk_that_microsoft_saw_is_proposed() {
    let risk = Event {
        family: Family::Risk,
        source: "entra.risk",
        workload: Cow::Borrowed("IdentityProtection"),
        ..from(record("risk", 0, "anonymizedIPAddress"), EVIL, "")
    };
    proposes(
        std::slice::from_ref(&risk),
        "ip=203.0.113.66",
        Confidence::Medium,
    );
    let others = by(BOB, risk);
    assert_eq!(seeded(&[], &[others]).proposals, []);
}

#[test]
fn a_sign_in_that_microsoft_held_for_risky_is_proposed_unless_there_was_no_risk() {
    let held = |level: &str| Event {
        family: Family::SignIn,
        source: "signin.interactive",
        action: Cow::Borrowed("Sign-in activity"),
        rest: format!(r#"{{"riskLevelDuringSignIn":"{level}","riskState":"none"}}"#),
        ..sign_in("held", 0, EVIL, "s-evil")
    };
    proposes(&[held("high")], "signin=held", Confidence::Medium);
    assert_eq!(seeded(&[], &[held("none")]).proposals, []);
}

#[test]
fn a_session_on_two_far_addresses_is_proposed() {
    let events = [read("one", 0, HOME, "s"), read("other", 30, EVIL, "s")];
    proposes(&events, "session=s", Confidence::Medium);
    let near = [
        read("one", 0, HOME, "s"),
        read("other", 30, "192.0.77.1", "s"),
    ];
    assert_eq!(seeded(&[], &near).proposals, []);
}

#[test]
fn a_first_outlook_after_a_devices_registration_is_proposed() {
    let sync = Event {
        agent: Cow::Borrowed("Client=MSExchangeRPC"),
        ..read("sync", 5, EVIL, "s-sync")
    };
    let registered = Event {
        user_kind: ActorKind::Application,
        ..on_ann("device", 0, "Add registered owner to device")
    };
    proposes(
        &[sync.clone(), registered.clone()],
        "session=s-sync",
        Confidence::Medium,
    );
    let earlier = Event {
        agent: Cow::Borrowed("Client=MSExchangeRPC"),
        ..read("earlier", -DAY, EVIL, "s-before")
    };
    assert_eq!(seeded(&[], &[earlier, sync, registered]).proposals, []);
}

#[test]
fn a_right_the_account_gave_itself_is_proposed() {
    let parameters = [
        ("Identity", "Carla"),
        ("User", ANN),
        ("AccessRights", "FullAccess"),
    ];
    let granted = Event {
        object: Cow::Borrowed("Carla"),
        ..cmdlet("self", 0, "Add-MailboxPermission", &parameters)
    };
    proposes(&[granted], "record=self", Confidence::Medium);
}

#[test]
fn the_sign_in_to_the_application_shows_where_its_maker_stood() {
    let refused = Event {
        app: Cow::Borrowed(ROGUE),
        outcome: model::Outcome::Failure,
        ..sign_in("refused", 3, EVIL, "")
    };
    let seed = format!("app={ROGUE}");
    let found = seeded(
        &[&seed],
        &[
            consent("consent", 0),
            refused,
            read_by_app("mail", 5, ROGUE),
        ],
    );
    let expected = (
        format!("the sign-in to the application {ROGUE} came from {EVIL}, as {ANN}"),
        format!("--seed ip={EVIL}"),
    );
    let (text, follow) = (expected.0.as_str(), expected.1.as_str());
    assert!(
        pivots(&found).contains(&(text, follow)),
        "{:?}",
        pivots(&found)
    );
}

#[test]
fn an_application_that_was_let_in_before_the_first_evidence_is_not_the_owners() {
    let earlier = consent_to("other consent", -60, OTHER_APP);
    let seed = format!("app={ROGUE}");
    let found = seeded(
        &[&seed],
        &[
            earlier,
            read_by_app("other mail", -50, OTHER_APP),
            consent("consent", 0),
            read_by_app("mail", 5, ROGUE),
        ],
    );
    let other = found.context_of("other mail").unwrap();
    assert_eq!(other.verdict, Verdict::Unknown, "{:?}", other.reasons);
}
