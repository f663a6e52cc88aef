//! Audit log queries against a fake of the service that works them off.

use super::*;
use crate::feed::{Memory, Next};
use crate::testing::{Answer, Drive, Maker, START, address, answer};
use crate::window::reader::Reader;
use model::Method;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// A fake of the service.
struct Purview {
    /// The spans of the queries that were made, in seconds.
    made: Vec<i64>,
    beta_alone: bool,
    status: Box<dyn FnMut(usize, i64, Timestamp) -> &'static str>,
    records: Box<dyn FnMut(usize) -> (u64, u64)>,
}

type Shared = Rc<RefCell<Purview>>;

fn purview() -> Shared {
    Rc::new(RefCell::new(Purview {
        made: Vec::new(),
        beta_alone: false,
        status: Box::new(|_, _, _| "succeeded"),
        records: Box::new(|_| (3, 3)),
    }))
}

impl Purview {
    fn answer(&mut self, ask: &Ask, now: Timestamp) -> Answer {
        let at = address(ask);
        if self.beta_alone && at.starts_with("/v1.0") {
            return answer(404, r#"{"error":{"code":"UnknownError","message":""}}"#);
        }
        if ask.method == Method::Post {
            let body: Value =
                serde_json::from_str(ask.body.as_deref().expect("a body")).expect("JSON");
            assert!(body.get("serviceFilter").is_none() && body.get("serviceFilters").is_none());
            let bound =
                |name: &str| crate::moment::read(body[name].as_str().expect(name)).expect("a time");
            let span = crate::moment::seconds_between(
                bound("filterStartDateTime"),
                bound("filterEndDateTime"),
            );
            self.made.push(span);
            return answer(
                201,
                format!(
                    r#"{{"id":"q{}","status":"notStarted"}}"#,
                    self.made.len() - 1
                ),
            );
        }
        let id = at.split("/queries/q").nth(1).expect("an id");
        let number: usize = id
            .split(['/', '?'])
            .next()
            .expect("an id")
            .parse()
            .expect("a number");
        if !at.contains("/records") {
            let status = (self.status)(number, self.made[number], now);
            let (status, exceeded) = match status.strip_suffix('!') {
                Some(status) => (status, true),
                None => (status, false),
            };
            return answer(
                200,
                format!(
                    r#"{{"id":"q{number}","status":"{status}","isRecordCountLimitExceeded":{exceeded}}}"#
                ),
            );
        }
        let (rows, told) = (self.records)(number);
        let rows: Vec<String> = (0..rows)
            .map(|row| format!(r#"{{"id":"{number}-{row}"}}"#))
            .collect();
        answer(
            200,
            format!(r#"{{"@odata.count":{told},"value":[{}]}}"#, rows.join(",")),
        )
    }
}

fn drive(
    purview: &Shared,
    since: i64,
    a_day: u32,
) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer + use<>> {
    let make: Maker = Box::new(move |memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-since));
        settings.audit_queries_a_day = a_day;
        Box::new(Reader::new(Queries::new(&settings), settings.since, memory))
    });
    let purview = Rc::clone(purview);
    Drive::new(make, move |ask, now| purview.borrow_mut().answer(ask, now))
}

#[test]
fn a_query_is_made_waited_for_and_read() {
    let purview = purview();
    purview.borrow_mut().status = Box::new(|_, _, now| {
        if now < START.plus_seconds(600) {
            "running"
        } else {
            "succeeded"
        }
    });
    let mut drive = drive(&purview, 6 * HOUR, 100);
    drive.run(20 * MINUTE);
    assert_eq!(drive.store.evidence.len(), 1);
    assert!(drive.standing().caught_up.is_some());
    assert!((10..40).contains(&drive.asks.len()), "{}", drive.asks.len());
}

#[test]
fn a_query_under_way_is_taken_up_again_after_a_restart() {
    let purview = purview();
    purview.borrow_mut().status = Box::new(|_, _, now| {
        if now < START.plus_seconds(600) {
            "running"
        } else {
            "succeeded"
        }
    });
    let mut drive = drive(&purview, 6 * HOUR, 1);
    drive.run(5 * MINUTE);
    drive.crash();
    drive.run(10 * MINUTE);
    assert_eq!(purview.borrow().made.len(), 1);
    assert_eq!(drive.store.evidence.len(), 1);
}

#[test]
fn pitfall_22_failed_cancelled_stuck_and_cut_short_queries_are_planned_anew() {
    for ending in ["failed", "cancelled", "unknownFutureValue"] {
        let purview = purview();
        purview.borrow_mut().status =
            Box::new(move |number, _, _| if number < 2 { ending } else { "succeeded" });
        let mut drive = drive(&purview, 6 * HOUR, 100);
        drive.run(25 * MINUTE);
        assert_eq!(purview.borrow().made.len(), 3, "{ending}");
        assert_eq!(drive.store.evidence.len(), 1);
        assert!(drive.store.gaps.is_empty());
    }
    let purview = purview();
    purview.borrow_mut().status =
        Box::new(|number, _, _| if number == 0 { "running" } else { "succeeded" });
    let mut drive = self::drive(&purview, 6 * HOUR, 100);
    drive.run(5 * HOUR);
    let asked_twice = purview
        .borrow()
        .made
        .iter()
        .filter(|span| **span > 5 * HOUR)
        .count();
    assert!(drive.store.gaps.is_empty() && asked_twice == 2);
    assert!(drive.standing().until > Some(START));

    let purview = self::purview();
    purview.borrow_mut().status = Box::new(|_, span, _| {
        if span > 2 * HOUR {
            "succeeded!"
        } else {
            "succeeded"
        }
    });
    let mut drive = self::drive(&purview, 6 * HOUR, 100);
    drive.run(20 * MINUTE);
    assert_eq!(drive.store.evidence.len(), 4);
    assert!(drive.store.gaps.is_empty());
}

#[test]
fn pitfall_22_a_query_that_fails_for_ever_ends_as_a_gap() {
    let purview = purview();
    purview.borrow_mut().status = Box::new(|_, span, _| {
        if span > 5 * HOUR {
            "failed"
        } else {
            "succeeded"
        }
    });
    let mut drive = drive(&purview, 6 * HOUR, 100);
    drive.run(3 * HOUR);
    assert_eq!(drive.store.gaps.len(), 1);
    assert!(
        purview
            .borrow()
            .made
            .iter()
            .filter(|span| **span > 5 * HOUR)
            .count()
            == 6
    );
}

#[test]
fn pitfall_23_fewer_records_than_told_are_read_again() {
    let purview = purview();
    let mut reads = 0;
    purview.borrow_mut().records = Box::new(move |_| {
        reads += 1;
        if reads < 3 { (2, 3) } else { (3, 3) }
    });
    let mut drive = drive(&purview, 6 * HOUR, 100);
    drive.run(10 * MINUTE);
    assert_eq!(purview.borrow().made.len(), 1);
    assert!(drive.store.bodies().iter().any(|body| body.contains("0-2")));
    assert!(drive.standing().caught_up.is_some());
}

#[test]
fn pitfall_24_a_tenant_that_knows_beta_alone_is_remembered_and_no_service_is_filtered() {
    let purview = purview();
    purview.borrow_mut().beta_alone = true;
    let mut drive = drive(&purview, 6 * HOUR, 100);
    drive.run(10 * MINUTE);
    assert_eq!(drive.store.evidence.len(), 1);
    drive.crash();
    let before = drive.asks.len();
    drive.run(2 * HOUR);
    assert!(
        drive.asks[before..]
            .iter()
            .all(|ask| address(ask).starts_with("/beta/"))
    );
}

#[test]
fn the_budget_of_a_day_is_kept() {
    let purview = purview();
    // So full that windows do not grow.
    purview.borrow_mut().records = Box::new(|_| (0, 0));
    let mut drive = drive(&purview, 170 * DAY, 5);
    drive.run(DAY - HOUR);
    assert_eq!(purview.borrow().made.len(), 5);
    drive.crash();
    drive.run(DAY);
    assert!(
        (6..=10).contains(&purview.borrow().made.len()),
        "{}",
        purview.borrow().made.len()
    );
}

#[test]
fn pitfall_12_auditing_that_is_off_is_told() {
    let purview = purview();
    purview.borrow_mut().status = Box::new(|_, _, _| "AuditingDisabledTenant");
    let mut drive = drive(&purview, 6 * HOUR, 100);
    assert_eq!(drive.run(HOUR), Next::Stopped);
    assert!(
        drive
            .standing()
            .trouble
            .is_some_and(|trouble| trouble.what.contains("auditing is off"))
    );
}
