//! What was collected: from when to when, how whole, and what lists the messages.

use super::{case, check, close_with, frame, of, window};
use crate::attribution::Attribution;
use crate::brief::{Brief, Missed};
use crate::coverage::invented::{attribution, brief, day, interval};
use crate::coverage::{Coverage, GapId, Log, Rejected};
use crate::interval::{DAY, HOUR, Interval, MINUTE};
use model::Timestamp;

#[test]
fn a_window_beyond_the_records_is_blind_there() {
    let case = attribution(Some(interval(day(1) - 10 * DAY, day(30))), Vec::new());
    let coverage = close_with(&brief(), &case, &frame());
    assert_eq!(of(&coverage, GapId::G7).len(), 2);
    let blind = [
        interval(day(1) - 10 * DAY, day(1)),
        interval(day(28) + 1, day(30)),
    ];
    assert_eq!(coverage.blind.as_slice(), blind);
}

#[test]
fn an_hour_beyond_the_records_is_told_and_not_blind() {
    let case = attribution(Some(interval(day(10), day(28) + HOUR)), Vec::new());
    let coverage = close_with(&brief(), &case, &frame());
    check(&coverage, GapId::G7, &[]);
    assert!(coverage.is_complete());
}

#[test]
fn a_window_without_ends_is_measured_over_the_records_and_never_complete() {
    let coverage = close_with(
        &brief(),
        &attribution(Some(Interval::ALL), Vec::new()),
        &frame(),
    );
    assert_eq!(coverage.covered, 9_999);
    assert!(!coverage.is_complete());
    insta::assert_snapshot!(coverage.sentence, @"Beyond the collected records no record could have shown an access; the largest gap is G7: the first collected record of Exchange is of 2024-03-01 00:00:00 UTC.");
}

#[test]
fn without_a_record_nothing_is_covered() {
    for window in [Some(window()), Some(Interval::ALL), None] {
        let coverage = close_with(&brief(), &attribution(window, Vec::new()), &[]);
        assert_eq!(coverage.covered, 0, "{window:?}");
        assert!(!coverage.sentence.is_empty());
    }
}

#[test]
fn the_last_three_days_before_collecting_are_provisional() {
    let brief = Brief {
        collected: Some(Timestamp(day(21))),
        ..brief()
    };
    let coverage = close_with(&brief, &case(), &frame());
    check(&coverage, GapId::G8, &[]);
    let gap = of(&coverage, GapId::G8)[0];
    assert_eq!(gap.interval, Some(interval(day(18), day(20))));
    insta::assert_snapshot!(gap.fix, @"collect and run again after 2024-03-22 00:00:00 UTC, and once more after 2024-03-28 00:00:00 UTC");
}

fn rejected(time: Option<i64>, operation: &str, user: &str, record: &str) -> Rejected {
    Rejected {
        time: time.map(Timestamp),
        operation: operation.to_owned(),
        user: user.to_owned(),
        reason: "the JSON is cut off".to_owned(),
        record: record.to_owned(),
    }
}

fn with_rejected(rows: &[Rejected]) -> Coverage {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    for row in rows {
        log.rejected(row);
    }
    log.close(&brief, &case())
}

#[test]
fn a_damaged_row_that_may_tell_of_reading_blinds_around_its_time() {
    let coverage = with_rejected(&[
        rejected(Some(day(12)), "MailItemsAccessed", "Ann@Example.com", "r1"),
        rejected(Some(day(12) + MINUTE), "", "", "r2"),
    ]);
    let blind = interval(day(12) - 2 * MINUTE, day(12) + 3 * MINUTE + 1);
    check(&coverage, GapId::G9, &[blind]);
    assert_eq!(of(&coverage, GapId::G9)[0].records, ["r1", "r2"]);
}

#[test]
fn a_damaged_row_without_a_time_blinds_the_whole_window() {
    let coverage = with_rejected(&[rejected(None, "MailItemsAccessed", "", "r1")]);
    check(&coverage, GapId::G9, &[window()]);
    assert_eq!(of(&coverage, GapId::G9)[0].interval, None);
}

#[test]
fn damaged_rows_of_other_acts_and_other_people_are_only_listed() {
    let coverage = with_rejected(&[
        rejected(None, "Add service principal.", "", "r1"),
        rejected(Some(day(12)), "MailItemsAccessed", "bob@example.com", "r2"),
    ]);
    check(&coverage, GapId::G9, &[]);
    assert_eq!(of(&coverage, GapId::G9)[0].records, ["r1", "r2"]);
}

#[test]
fn a_file_that_was_not_read_to_its_end_may_hold_anything() {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    log.unfinished(0);
    log.unfinished(2);
    let coverage = log.close(&brief, &case());
    check(&coverage, GapId::G9, &[window()]);
}

#[test]
fn the_period_of_the_trace_is_told() {
    let brief = brief();
    let mut log = Log::new(&brief);
    for event in &frame() {
        log.event(event);
    }
    log.trace(Some(Timestamp(day(5))), Some(Timestamp(day(25))));
    let coverage = log.close(&brief, &case());
    let gap = of(&coverage, GapId::G11)[0];
    insta::assert_snapshot!(gap.proof, @"the message trace of this mailbox covers 2024-03-05 00:00:00 to 2024-03-25 00:00:00 UTC");
    assert!(coverage.is_complete());
}

#[test]
fn an_inventory_is_told_beside_the_trace_and_never_as_one() {
    let brief = brief();
    let told = |trace: bool| {
        let mut log = Log::new(&brief);
        for event in &frame() {
            log.event(event);
        }
        log.inventory(1_204, Some(Timestamp(day(1))), Some(Timestamp(day(28))));
        if trace {
            log.trace(Some(Timestamp(day(5))), Some(Timestamp(day(25))));
        }
        let coverage = log.close(&brief, &case());
        assert!(coverage.is_complete());
        let gap = of(&coverage, GapId::G11)[0].clone();
        format!("{}: {}", gap.effect, gap.proof)
    };
    insta::assert_snapshot!(told(false), @"messages purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known: no message trace of this mailbox was collected; its inventory lists 1204 items received 2024-03-01 00:00:00 to 2024-03-28 00:00:00 UTC");
    insta::assert_snapshot!(told(true), @"messages delivered outside that period and purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known: the message trace of this mailbox covers 2024-03-05 00:00:00 to 2024-03-25 00:00:00 UTC; its inventory lists 1204 items received 2024-03-01 00:00:00 to 2024-03-28 00:00:00 UTC");
}

fn missed(source: &str, clock: model::GapClock, had_by: Option<&str>) -> Missed {
    Missed {
        source: source.to_owned(),
        gap: model::Gap {
            from: Timestamp(day(12)),
            to: Timestamp(day(13)),
            clock,
            cause: "content expired".to_owned(),
            detail: "blob".to_owned(),
        },
        is_of_mail: source == "activity/Audit.Exchange",
        had_by: had_by.map(str::to_owned),
    }
}

fn with_missed(missed: Missed) -> Coverage {
    let brief = Brief {
        missed: vec![missed],
        ..brief()
    };
    close_with(&brief, &case(), &frame())
}

#[test]
fn what_the_cloud_no_longer_gives_blinds_the_span_and_the_day_before_it_was_made_available() {
    use model::GapClock::{Arrival, Event};
    let exchange = "activity/Audit.Exchange";
    let coverage = with_missed(missed(exchange, Event, None));
    assert_eq!(coverage.blind.as_slice(), [interval(day(12), day(13))]);
    assert!(!coverage.is_complete());
    let coverage = with_missed(missed(exchange, Arrival, None));
    assert_eq!(coverage.blind.as_slice(), [interval(day(11), day(13))]);
}

#[test]
fn what_another_source_had_and_what_tells_of_no_mail_is_told_and_not_blind() {
    use model::GapClock::Arrival;
    for told in [
        missed("activity/Audit.Exchange", Arrival, Some("search-ual")),
        missed("signins/interactive", Arrival, None),
    ] {
        let coverage = with_missed(told);
        assert_eq!(of(&coverage, GapId::G9).len(), 1);
        assert!(coverage.is_complete());
    }
}

#[test]
fn what_came_behind_the_last_record_is_told_and_blinds_nothing_that_was_there_before() {
    let arrived = day(31);
    let covered = |is_open: bool| {
        let case = Attribution {
            is_open,
            ..attribution(Some(interval(day(10), day(28) + 1)), Vec::new())
        };
        let mut log = Log::new(&brief());
        for event in frame() {
            log.event(&event);
        }
        log.trace(Some(Timestamp(day(9))), Some(Timestamp(arrived)));
        log.close(&brief(), &case)
    };
    let open = covered(true);
    assert_eq!(open.late, Some(interval(day(28) + 1, arrived + 1)));
    assert_eq!(of(&open, GapId::G7).len(), 1);
    assert!(open.blind.is_empty());
    assert!(!open.is_complete());
    insta::assert_snapshot!(open.sentence, @"For 3 d of the 21 d of the window (14.29 %) no record could have shown an access; the largest gap is G7 (2024-03-28 00:00:00 to 2024-03-31 00:00:00 UTC): the last collected record of the tenant is of 2024-03-28 00:00:00 UTC, and messages are known that came later.");
    let ended = covered(false);
    assert_eq!((ended.late, ended.covered), (None, 10_000));
}

#[test]
fn an_end_before_all_records_covers_nothing() {
    let brief = Brief {
        until: Some(Timestamp(day(1) - DAY)),
        ..brief()
    };
    let coverage = close_with(&brief, &attribution(None, Vec::new()), &frame());
    assert_eq!(coverage.covered, 0);
    let since = Brief {
        since: Some(Timestamp(day(40))),
        until: None,
        ..brief
    };
    let coverage = close_with(&since, &attribution(None, Vec::new()), &frame());
    assert_eq!(coverage.covered, 0);
}
