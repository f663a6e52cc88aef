//! What is no intruder's: the owner's, the services', and what nobody can tell.

use super::*;

const SERVICE_APP: &str = "6f2a3d10-0000-4000-8000-0000000005e1";

#[test]
fn a_background_read_is_a_service_only_where_nothing_speaks_against_it() {
    let from_microsoft = read_by_service("service", 0, SERVICE_APP, MICROSOFT);
    let found = seeded(&[], std::slice::from_ref(&from_microsoft));
    assert_eq!(verdict(&found, "service"), SERVICE);

    let consented = [
        from_microsoft.clone(),
        consent_to("consent", -90, SERVICE_APP),
    ];
    assert_eq!(verdict(&seeded(&[], &consented), "service"), UNKNOWN);

    let as_itself = Event {
        user_kind: ActorKind::Application,
        ..from_microsoft.clone()
    };
    assert_eq!(verdict(&seeded(&[], &[as_itself]), "service"), UNKNOWN);

    let in_session = Event {
        session: Cow::Borrowed("s-1"),
        ..from_microsoft
    };
    assert_eq!(verdict(&seeded(&[], &[in_session]), "service"), UNKNOWN);
}

#[test]
fn a_background_read_from_outside_counts_only_where_it_is_widespread_and_nobody_signs_in_there() {
    let outside = "203.0.113.200";
    let own = read_by_service("service", 0, SERVICE_APP, outside);
    assert_eq!(
        verdict(&seeded(&[], std::slice::from_ref(&own)), "service"),
        UNKNOWN
    );
    let mut events = vec![own];
    for other in ["b@corp.example", "c@corp.example"] {
        events.push(Event {
            mailbox: Cow::Borrowed(other),
            ..by(other, read_by_service(other, 0, SERVICE_APP, outside))
        });
    }
    assert_eq!(verdict(&seeded(&[], &events), "service"), SERVICE);
    events.push(by(BOB, sign_in("bob", 0, outside, "")));
    assert_eq!(verdict(&seeded(&[], &events), "service"), UNKNOWN);
}

#[test]
fn the_platforms_own_provisioning_is_nobodys_consent() {
    let provisioned = Event {
        user: Cow::Borrowed("certificate"),
        user_kind: ActorKind::System,
        action: Cow::Borrowed("Add service principal"),
        ..consent_to("made", -90, SERVICE_APP)
    };
    let events = [
        provisioned,
        read_by_service("service", 0, SERVICE_APP, MICROSOFT),
    ];
    assert_eq!(verdict(&seeded(&[], &events), "service"), SERVICE);
}

#[test]
fn the_investigations_own_reads_are_told_apart() {
    let ours = Brief {
        own_apps: vec![OTHER_APP.to_uppercase()],
        ..brief(&[])
    };
    let found = attribute(&ours, &[read_by_app("ours", 0, OTHER_APP)]);
    assert_eq!(
        verdict(&found, "ours"),
        (Verdict::Service, Confidence::High)
    );
    assert_eq!(reasons(&found, "ours"), "the investigation's own");
}

#[test]
fn the_system_in_its_own_name_is_a_service() {
    let system = Event {
        user: Cow::Borrowed("s-1-5-18"),
        user_kind: ActorKind::System,
        ..read("system", 0, "::1", "")
    };
    assert_eq!(
        verdict(&seeded(&[], &[system]), "system"),
        (Verdict::Service, Confidence::High)
    );
}

#[test]
fn the_owner_is_known_by_session_device_and_address_of_the_days_before() {
    let laptop = |event: Event<'static>| Event {
        device: Cow::Borrowed("d-laptop"),
        ..event
    };
    let found = seeded(
        &["session=s-evil"],
        &[
            laptop(read("before", -2 * DAY, HOME, "s-own")),
            read("evil", 0, EVIL, "s-evil"),
            read("same session", 5, "192.0.2.200", "s-own"),
            laptop(read("same device", 6, "192.0.2.201", "s-new")),
            read("same address", 7, HOME, "s-newer"),
            read("placeless", 8, "::1", "s-newer"),
            read("nothing known", 9, "192.0.2.202", "s-newest"),
        ],
    );
    assert_eq!(verdict(&found, "same session"), OWNER_HIGH);
    assert_eq!(verdict(&found, "same device"), OWNER_HIGH);
    assert_eq!(verdict(&found, "same address"), OWNER_MEDIUM);
    assert_eq!(verdict(&found, "placeless"), OWNER_MEDIUM);
    assert_eq!(verdict(&found, "nothing known"), UNKNOWN);
    assert!(reasons(&found, "nothing known").contains("192.0.2.202"));
}

#[test]
fn what_was_over_before_the_intruder_came_is_the_owners_at_least_in_all_likelihood() {
    let found = seeded(
        &["session=s-evil"],
        &[
            read("long before", -90 * DAY, "192.0.2.55", "s-old"),
            read("evil", 0, EVIL, "s-evil"),
        ],
    );
    assert_eq!(verdict(&found, "long before"), OWNER_LOW);
    assert_eq!(
        reasons(&found, "long before"),
        "before the intruder's first act"
    );
}

#[test]
fn without_an_intruder_nothing_is_guessed() {
    let found = seeded(&[], &[read("own", 0, HOME, "s-own")]);
    assert_eq!(verdict(&found, "own"), UNKNOWN);
    assert!(reasons(&found, "own").contains("seed"));
}

#[test]
fn a_delegate_of_before_is_let_in_and_a_new_one_must_be_decided() {
    let delegate = |id: &str, minute, user: &str| Event {
        logon_type: Some(2),
        ..by(user, read(id, minute, "192.0.2.99", id))
    };
    let found = seeded(
        &["session=s-evil"],
        &[
            delegate("before", -5 * DAY, BOB),
            read("evil", 0, EVIL, "s-evil"),
            delegate("after", DAY, BOB),
            delegate("new", DAY, "carla@corp.example"),
        ],
    );
    assert_eq!(verdict(&found, "after"), OWNER_MEDIUM);
    assert_eq!(verdict(&found, "new"), UNKNOWN);
    assert!(reasons(&found, "new").contains("carla@corp.example"));
}

#[test]
fn one_client_family_at_the_same_time_is_a_hint_and_no_verdict() {
    let found = seeded(
        &["session=s-evil"],
        &[
            read("evil", 0, EVIL, "s-evil"),
            read("like", 5, "192.0.2.202", "s-x"),
        ],
    );
    assert_eq!(verdict(&found, "like"), UNKNOWN);
    assert!(reasons(&found, "like").contains("a hint only"));
}

#[test]
fn a_renamed_person_is_one_whichever_name_the_brief_gives() {
    let key = "6f2a3d10-0000-4000-8000-00000000a000";
    let old = "ann.before@corp.example";
    let named = |name: &str, event: Event<'static>| Event {
        user_key: Cow::Borrowed(key),
        mailbox: Cow::Owned(name.to_owned()),
        ..by(name, event)
    };
    let events = [
        named(old, read("old", -DAY, HOME, "s-old")),
        named(ANN, read("new", 0, EVIL, "s-evil")),
    ];
    for user in [ANN, old] {
        let brief = Brief {
            user: user.to_owned(),
            mailbox: user.to_owned(),
            ..brief(&["session=s-evil"])
        };
        let found = attribute(&brief, &events);
        assert_eq!(found.person.names.len(), 2, "{user}");
        assert_eq!(verdict(&found, "old"), OWNER_HIGH, "{user}");
        assert_eq!(verdict(&found, "new"), INTRUDER_HIGH, "{user}");
    }
}

#[test]
fn a_files_record_is_a_context_of_the_person_and_of_nobody_else() {
    let file = |id: &str, user: &str, key: &str| Event {
        workload: Cow::Borrowed("SharePoint"),
        user_key: Cow::Owned(key.to_owned()),
        ..by(user, from(record(id, 0, "FileDownloaded"), EVIL, "s-evil"))
    };
    let claim = "i:0h.f|membership|1003200000000abc@live.com";
    let found = seeded(
        &["session=s-evil"],
        &[file("own", ANN, claim), file("other", BOB, "")],
    );
    assert_eq!(verdict(&found, "own"), INTRUDER_HIGH);
    assert_eq!(context(&found, "own").mailbox, "");
    assert!(found.person.keys.contains("1003200000000abc"));
    assert!(found.context_of("other").is_none());
}

#[test]
fn an_applications_own_acts_on_files_count_once_it_is_the_intruders() {
    let file = |id: &str, app: &'static str| Event {
        workload: Cow::Borrowed("SharePoint"),
        user: Cow::Borrowed("app@sharepoint"),
        user_kind: ActorKind::Application,
        app: Cow::Borrowed(app),
        ..from(record(id, 50, "FileDownloaded"), EVIL, "")
    };
    let events = [
        consent("consent", 0),
        file("rogue", ROGUE),
        file("other", OTHER_APP),
    ];
    let found = seeded(&[&format!("app={ROGUE}")], &events);
    assert_eq!(verdict(&found, "rogue"), INTRUDER_HIGH);
    assert!(found.context_of("other").is_none());
}
