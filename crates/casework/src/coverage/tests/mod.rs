//! The gaps of a register, each from invented events.

mod collected;
mod masking;
mod properties;
mod reads;
mod silence;
mod switches;

use super::invented::{attribution, bind, brief, context, day, event, interval};
use super::{Coverage, Gap, GapId, Log};
use crate::attribution::{Attribution, Verdict};
use crate::brief::Brief;
use crate::interval::Interval;
use model::{Event, Timestamp};

/// The window of most cases: ten days in the middle of the records.
fn window() -> Interval {
    interval(day(10), day(20))
}

fn case() -> Attribution {
    let mut owner = context("c2", Verdict::Owner);
    owner.first = Some(Timestamp(day(2)));
    attribution(
        Some(window()),
        vec![context("c1", Verdict::Intruder), owner],
    )
}

/// Records on both sides of the window, and a read of the mailbox before it.
fn frame() -> Vec<Event<'static>> {
    vec![
        event("first", day(1), "New-Mailbox"),
        bind("read", day(2)),
        event("last", day(28), "New-Mailbox"),
    ]
}

fn close(events: &[Event<'_>]) -> Coverage {
    close_with(&brief(), &case(), events)
}

fn close_with(brief: &Brief, attribution: &Attribution, events: &[Event<'_>]) -> Coverage {
    let mut log = Log::new(brief);
    for event in events {
        log.event(event);
    }
    log.close(brief, attribution)
}

fn with(events: Vec<Event<'static>>) -> Coverage {
    close(&[frame(), events].concat())
}

fn of(coverage: &Coverage, id: GapId) -> Vec<&Gap> {
    coverage.gaps.iter().filter(|gap| gap.id == id).collect()
}

/// Checks that there is one gap of a kind, and when it blinds.
fn check(coverage: &Coverage, id: GapId, blind: &[Interval]) {
    assert_eq!(of(coverage, id).len(), 1, "{:#?}", coverage.gaps);
    assert_eq!(coverage.blind.as_slice(), blind, "{:#?}", coverage.gaps);
}

#[test]
fn records_on_both_sides_and_no_gap_are_complete() {
    let coverage = close(&frame());
    assert!(coverage.is_complete(), "{coverage:#?}");
    assert_eq!(coverage.sentence, "");
    let kinds: Vec<GapId> = coverage.gaps.iter().map(|gap| gap.id).collect();
    assert_eq!(kinds, [GapId::G11, GapId::G13]);
    assert!(
        coverage.heartbeat.starts_with("no heartbeat: 0 gaps"),
        "{}",
        coverage.heartbeat
    );
}
