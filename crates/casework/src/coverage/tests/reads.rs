//! Reading that the log did not write down: none at all, or throttled.

use super::{case, check, close, close_with, of, window, with};
use crate::coverage::GapId;
use crate::coverage::invented::{bind, brief, day, event, interval};
use crate::interval::{DAY, HOUR, MINUTE};
use model::Event;

#[test]
fn a_mailbox_without_any_record_of_reading_is_blind() {
    let other = Event {
        mailbox: "bob@example.com".into(),
        ..bind("bobs", day(2))
    };
    let coverage = close(&[
        event("first", day(1), "x"),
        other,
        event("last", day(28), "x"),
    ]);
    check(&coverage, GapId::G5, &[window()]);
    assert_eq!(coverage.covered, 0);
    insta::assert_snapshot!(coverage.sentence, @"In the whole window no record could have shown an access; the largest gap is G5 (2024-03-10 00:00:00 to 2024-03-20 00:00:00 UTC): no record of reading exists for this mailbox: licence, audit set or export.");
}

#[test]
fn a_renamed_mailbox_is_one_mailbox() {
    let old = Event {
        mailbox: "ann.before@example.com".into(),
        ..bind("old", day(2))
    };
    let events = [
        event("first", day(1), "x"),
        old,
        event("last", day(28), "x"),
    ];
    check(&close(&events), GapId::G5, &[window()]);
    let mut case = case();
    case.person
        .names
        .insert("ann.before@example.com".to_owned());
    assert!(close_with(&brief(), &case, &events).is_complete());
}

#[test]
fn a_throttled_record_blinds_a_day() {
    for rest in [
        r#"{"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"True"}]}"#,
        r#"{"OperationProperties":"[{\"Name\":\"IsThrottled\",\"Value\":\"True\"}]"}"#,
        r#"{"IsThrottled":true}"#,
    ] {
        let throttled = Event {
            rest: rest.to_owned(),
            ..bind("t", day(12))
        };
        check(
            &with(vec![throttled]),
            GapId::G6,
            &[interval(day(12), day(13))],
        );
    }
    let not = Event {
        rest: r#"{"OperationProperties":[{"Name":"IsThrottled","Value":"False"}]}"#.to_owned(),
        ..bind("t", day(12))
    };
    assert!(with(vec![not]).is_complete());
}

#[test]
fn a_thousand_and_one_reads_and_a_silence_blind_the_day_behind_them() {
    let reads = (0..1_001).map(|number| bind(&format!("r{number}"), day(12) + number * MINUTE));
    let others =
        (0..48).map(|number| event(&format!("o{number}"), day(12) + number * HOUR, "Set-User"));
    let coverage = with(reads.chain(others).collect());
    let last = day(12) + 1_000 * MINUTE;
    check(&coverage, GapId::G6, &[interval(last, last + DAY)]);
    assert!(of(&coverage, GapId::G6)[0].effect.starts_with("suspected"));
}

#[test]
fn one_record_handed_over_twice_counts_once() {
    let reads: Vec<Event<'_>> = (0..500)
        .map(|number| bind(&format!("r{number}"), day(12) + number * MINUTE))
        .collect();
    let others =
        (0..48).map(|number| event(&format!("o{number}"), day(12) + number * HOUR, "Set-User"));
    let twice: Vec<Event<'_>> = reads.iter().chain(&reads).cloned().chain(others).collect();
    assert!(with(twice).is_complete());
}
