//! What marks the intruder and the person beside contexts, and whether anybody came in from elsewhere.

use super::*;

/// Ann at home in the days before, with her own device.
fn at_home() -> Vec<Event<'static>> {
    let day = |number: i64| {
        let device = Cow::Borrowed("dev-own");
        [
            Event {
                device,
                ..sign_in(&format!("own-{number}"), -number * DAY, HOME, "s-own")
            },
            read(&format!("mail-{number}"), -number * DAY + 5, HOME, "s-own"),
        ]
    };
    (2..6).flat_map(day).collect()
}

fn marks(seed: &str, added: Vec<Event<'static>>) -> crate::Marks {
    let mut events = at_home();
    events.extend(added);
    seeded(&[seed], &events).marks
}

fn address(text: &str) -> Option<Address> {
    Address::read(text)
}

#[test]
fn an_intruder_from_elsewhere_is_told_by_session_and_address() {
    let found = marks(
        "session=s-evil",
        vec![
            sign_in("in", 0, EVIL, "s-evil"),
            read("r", 1, EVIL, "s-evil"),
        ],
    );
    assert_eq!(found.came_in, Some(at(0)));
    assert!(found.is_strange);
    assert!(found.are_on("s-evil", "", None) && found.are_on("", "", address(EVIL)));
    assert!(!found.are_on("", "", None) && !found.are_on("s-own", "", address(HOME)));
    assert!(found.is_at_home(address(HOME), "") && found.is_at_home(address(HOME), "DEV-OWN"));
    assert!(!found.is_at_home(address(HOME), "dev-other"));
    assert!(!found.is_at_home(address(EVIL), "") && !found.is_at_home(None, ""));
}

#[test]
fn a_session_at_home_shows_nobody_from_elsewhere() {
    let found = marks(
        "session=s-late",
        vec![
            sign_in("in", 0, HOME, "s-late"),
            read("r", 1, HOME, "s-late"),
        ],
    );
    assert_eq!((found.came_in, found.is_strange), (None, false));
    assert!(found.are_on("s-late", "", None));
    assert!(!found.are_on("", "", address(HOME)), "it is Ann's own");
}

#[test]
fn another_place_with_the_own_device_is_elsewhere_and_not_strange() {
    let elsewhere = |device: &'static str| {
        let signed_in = Event {
            device: Cow::Borrowed(device),
            ..sign_in("in", 0, EVIL_TWO, "s-late")
        };
        marks(
            "session=s-late",
            vec![signed_in, read("r", 1, EVIL_TWO, "s-late")],
        )
    };
    let own = elsewhere("dev-own");
    assert_eq!((own.came_in, own.is_strange), (Some(at(0)), false));
    for device in ["", "dev-other"] {
        let strange = elsewhere(device);
        assert_eq!((strange.came_in, strange.is_strange), (Some(at(0)), true));
    }
}

#[test]
fn what_an_application_does_is_no_sign_in_to_the_account() {
    let by_app = Event {
        app: Cow::Borrowed(ROGUE),
        ..sign_in("app", 10, EVIL, "")
    };
    let found = marks(
        &format!("app={ROGUE}"),
        vec![consent("c", 0), by_app, read_by_app("r", 11, ROGUE)],
    );
    assert!(found.apps.contains(ROGUE));
    assert_eq!(found.came_in, None);
}
