//! From the first evidence to the end of the access.

use super::*;
use crate::interval::{Interval, MINUTE};

const LAST_RECORD: i64 = 40 * DAY;

/// An intruder's session at noon, a record of somebody else long after, and what is added.
fn window(seed: &str, added: Vec<Event<'static>>) -> (Interval, String) {
    let mut events = vec![
        read("in", 0, EVIL, "s-evil"),
        by(BOB, sign_in("last", LAST_RECORD, "192.0.2.98", "")),
    ];
    events.extend(added);
    let found = seeded(&[seed], &events);
    (found.window.expect("a window"), found.window_because)
}

fn just_after(minute: i64) -> Timestamp {
    Timestamp(at(minute).0 + 1)
}

#[test]
fn without_an_eviction_the_window_runs_to_the_last_record() {
    let (window, why) = window("session=s-evil", vec![]);
    assert_eq!((window.from, window.to), (at(0), just_after(LAST_RECORD)));
    assert!(why.contains("nothing shows that the access ended"), "{why}");
}

#[test]
fn a_password_alone_ends_nothing() {
    let (window, _) = window(
        "session=s-evil",
        vec![on_ann("reset", DAY, "Reset user password")],
    );
    assert_eq!(window.to, just_after(LAST_RECORD));
}

#[test]
fn revoking_sessions_ends_the_access_when_the_tokens_have_died() {
    let revoked = on_ann("revoke", DAY, "Update StsRefreshTokenValidFrom Timestamp");
    let (ended, why) = window("session=s-evil", vec![revoked.clone()]);
    assert_eq!(ended.to, at(DAY + 90));
    assert!(why.contains("the last eviction"), "{why}");
    let (reset_too, _) = window(
        "session=s-evil",
        vec![revoked, on_ann("reset", DAY + 10, "Reset user password")],
    );
    assert_eq!(reset_too.to, at(DAY + 100));
}

#[test]
fn switching_the_account_off_ends_it_at_once_but_not_before_the_last_evidence_has_faded() {
    let rest = r#"{"ModifiedProperties":[{"Name":"AccountEnabled","NewValue":"[false]","OldValue":"[true]"}]}"#;
    let disabled = |minute| Event {
        rest: rest.to_owned(),
        ..on_ann("off", minute, "Update user")
    };
    assert_eq!(window("session=s-evil", vec![disabled(DAY)]).0.to, at(DAY));
    assert_eq!(window("session=s-evil", vec![disabled(5)]).0.to, at(62));
}

#[test]
fn what_the_intruder_outlived_did_not_end_their_access() {
    let added = vec![
        on_ann("revoke", 10, "Revoke sign in sessions"),
        read("again", DAY, EVIL, "s-evil"),
    ];
    assert_eq!(
        window("session=s-evil", added).0.to,
        just_after(LAST_RECORD)
    );
}

#[test]
fn an_application_must_lose_what_it_was_given() {
    let seed = format!("app={ROGUE}");
    let reads = || vec![consent("consent", 0), read_by_app("app", 10, ROGUE)];
    assert_eq!(window(&seed, reads()).0.to, just_after(LAST_RECORD));
    let removed = Event {
        action: Cow::Borrowed("Remove service principal"),
        ..by("admin@corp.example", consent("removed", DAY))
    };
    let mut ended = reads();
    ended.push(removed);
    assert_eq!(window(&seed, ended).0.to, at(DAY));
}

#[test]
fn the_analyst_sets_either_end() {
    let set = Brief {
        since: Some(at(-DAY)),
        until: Some(at(DAY)),
        ..brief(&["session=s-evil"])
    };
    let found = attribute(&set, &[read("in", 0, EVIL, "s-evil")]);
    assert_eq!(found.window, Some(Interval::new(at(-DAY), at(DAY))));
    let begun = Brief {
        since: Some(at(-DAY)),
        ..brief(&["session=s-evil"])
    };
    let found = attribute(&begun, &[read("in", 0, EVIL, "s-evil")]);
    let window = found.window.expect("a window");
    assert_eq!(window.from, at(-DAY));
    assert_eq!(window.to.0, at(0).0 + 62 * MINUTE);
}

#[test]
fn every_eviction_is_shown_with_its_record() {
    let forwarding_off = Event {
        mailbox: Cow::Borrowed(ANN),
        ..cmdlet(
            "off",
            20,
            "Set-Mailbox",
            &[("Identity", ANN), ("ForwardingSmtpAddress", "")],
        )
    };
    let events = [
        read("in", 0, EVIL, "s-evil"),
        on_ann("early", -DAY, "Reset user password"),
        on_ann("reset", 10, "Reset user password"),
        forwarding_off,
    ];
    let found = seeded(&["session=s-evil"], &events);
    let records: Vec<&str> = found
        .evictions
        .iter()
        .map(|one| one.record.as_str())
        .collect();
    assert_eq!(records, ["reset", "off"]);
    assert_eq!(found.evictions[0].effective, at(100));
}

#[test]
fn a_window_is_open_until_something_shows_that_the_access_ended() {
    let revoked = on_ann("revoke", DAY, "Update StsRefreshTokenValidFrom Timestamp");
    let is_open = |events: &[Event<'_>]| seeded(&["session=s-evil"], events).is_open;
    assert!(is_open(&[read("in", 0, EVIL, "s-evil")]));
    assert!(!is_open(&[read("in", 0, EVIL, "s-evil"), revoked]));
    let set = Brief {
        until: Some(at(DAY)),
        ..brief(&["session=s-evil"])
    };
    assert!(!attribute(&set, &[read("in", 0, EVIL, "s-evil")]).is_open);
}

#[test]
fn an_end_before_the_first_evidence_leaves_the_beginning_unknown() {
    let set = Brief {
        until: Some(at(-DAY)),
        ..brief(&["session=s-evil"])
    };
    let found = attribute(&set, &[read("in", 0, EVIL, "s-evil")]);
    let window = found.window.expect("a window");
    assert_eq!(window, Interval::new(Timestamp(i64::MIN), at(-DAY)));
    assert!(found.window_because.contains("before the first evidence"));
}
