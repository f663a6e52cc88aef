//! Silence where records used to come.

use super::{check, of, with};
use crate::coverage::GapId;
use crate::coverage::invented::{background, bind, day, event, interval};
use crate::interval::{DAY, HOUR};
use model::Event;

/// Background reads each two hours from ten days before the first to the 28th, but for some,
/// in a tenant that writes a record each hour.
fn heartbeats(missing: std::ops::Range<i64>) -> Vec<Event<'static>> {
    let every = |step: i64| (0..).map(move |number| day(1) - 10 * DAY + number * step);
    let beats = every(2 * HOUR).take_while(|time| *time < day(28));
    let others = every(HOUR).take_while(|time| *time < day(28));
    beats
        .filter(|time| !missing.contains(time))
        .map(|time| background(&format!("b{time}"), time))
        .chain(others.map(|time| event(&format!("o{time}"), time, "Set-User")))
        .collect()
}

#[test]
fn a_silence_of_the_heartbeat_inside_the_window_is_a_suspected_gap() {
    let coverage = with(heartbeats(day(12)..day(13)));
    let blind = interval(day(12) - 2 * HOUR, day(13));
    check(&coverage, GapId::G9, &[blind]);
    insta::assert_snapshot!(coverage.heartbeat, @"heartbeat: 108 reads of the mailbox in the window, the last at 2024-03-19 22:00:00 UTC; 1 silence longer than 6 h");
    insta::assert_snapshot!(of(&coverage, GapId::G9)[0].proof, @"no record of reading for 1 d 2 h, where 99 of 100 gaps between background reads in the 30 days before the window were no longer than 6 h");
}

#[test]
fn a_read_by_anybody_shows_that_the_log_was_alive() {
    let mut events = heartbeats(day(12)..day(12) + 10 * HOUR);
    events.push(bind("alive", day(12) + 4 * HOUR));
    let coverage = with(events);
    assert!(
        coverage.gaps.iter().all(|gap| gap.id != GapId::G9),
        "{coverage:#?}"
    );
}

#[test]
fn a_hole_of_the_whole_collection_is_found_by_its_silence() {
    let hourly = (0..31 * 24).map(|number| day(1) - 3 * DAY + number * HOUR);
    let events = hourly
        .filter(|time| !(day(12)..day(15)).contains(time))
        .map(|time| event(&format!("o{time}"), time, "Set-User"));
    let coverage = with(events.collect());
    check(&coverage, GapId::G9, &[interval(day(12), day(15))]);
    assert_eq!(of(&coverage, GapId::G9)[0].scope, "tenant");
}

#[test]
fn a_tenant_that_is_often_silent_for_days_has_no_hole() {
    let weekly = (0..60).map(|number| day(1) + number / 2 * 2 * DAY + number % 2 * HOUR);
    let events = weekly.map(|time| event(&format!("o{time}"), time, "Set-User"));
    assert!(with(events.collect()).is_complete());
}
