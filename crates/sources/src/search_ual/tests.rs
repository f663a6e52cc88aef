//! The search of the unified audit log against a fake cmdlet with the defects of the real one.

use super::*;
use crate::feed::{Memory, Next};
use crate::testing::{Answer, Drive, Maker, START, address, answer};
use crate::window::reader::Reader;
use model::Method;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a test wants answered to a call: the parameters, the session's number of calls.
type Cmdlet = Box<dyn FnMut(&Value, u64) -> Answer>;

fn drive(cmdlet: Cmdlet) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer> {
    let make: Maker = Box::new(|memory: &Memory, _| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-HOUR));
        Box::new(Reader::new(Search::new(&settings), settings.since, memory))
    });
    let calls: Rc<RefCell<BTreeMap<String, u64>>> = Rc::default();
    let mut cmdlet = cmdlet;
    Drive::new(make, move |ask, _| {
        assert_eq!(ask.method, Method::Post, "never a GET");
        let body: Value = serde_json::from_str(ask.body.as_deref().expect("a body")).expect("JSON");
        let parameters = &body["CmdletInput"]["Parameters"];
        assert_eq!(parameters["SessionCommand"], "ReturnLargeSet");
        assert!(
            ask.headers
                .iter()
                .any(|(name, value)| *name == "X-AnchorMailbox"
                    && value.contains("{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@t"))
        );
        let session = parameters["SessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        let mut calls = calls.borrow_mut();
        let number = calls
            .entry(format!("{session}{}", address(ask).contains("skip")))
            .or_default();
        *number += 1;
        cmdlet(parameters, *number)
    })
}

fn rows(from: u64, to: u64, told: u64) -> String {
    let row = |index: u64| {
        format!(
            r#"{{"ResultIndex":{index},"ResultCount":{told},"Identity":"id{index}","AuditData":"{{}}"}}"#
        )
    };
    (from..=to).map(row).collect::<Vec<_>>().join(",")
}

fn page(rows: &str) -> Answer {
    answer(
        200,
        format!(r#"{{"value":[{rows}],"@adminapi.warnings":[]}}"#),
    )
}

fn sessions(drive: &Drive<impl FnMut(&Ask, Timestamp) -> Answer>) -> Vec<String> {
    let session = |ask: &Ask| {
        let body: Value = serde_json::from_str(ask.body.as_deref()?).ok()?;
        Some(
            body["CmdletInput"]["Parameters"]["SessionId"]
                .as_str()?
                .to_owned(),
        )
    };
    drive.asks.iter().filter_map(session).collect()
}

fn seconds(parameters: &Value) -> i64 {
    let bound =
        |name: &str| crate::moment::read(parameters[name].as_str().expect(name)).expect("a time");
    crate::moment::seconds_between(bound("StartDate"), bound("EndDate"))
}

#[test]
fn a_session_is_counted_through_to_its_end() {
    let mut drive = drive(Box::new(|_, call| match call {
        1 => page(&rows(1, 5000, 7000)),
        2 => page(&rows(5001, 7000, 7000)),
        _ => panic!("asked on behind the end"),
    }));
    drive.run_once();
    assert!(drive.standing().caught_up.is_some());
    assert_eq!(drive.store.evidence.len(), 2);
}

#[test]
fn pitfall_26_nothing_with_a_warning_is_a_failure_and_no_empty_window() {
    let left = RefCell::new(2);
    let mut drive = drive(Box::new(move |_, _| {
        if *left.borrow() > 0 {
            *left.borrow_mut() -= 1;
            return answer(
                200,
                r#"{"value":[],"@adminapi.warnings":["Failed to process request via Sync Search mode. A task was canceled."]}"#,
            );
        }
        page(&rows(1, 10, 10))
    }));
    drive.run_once();
    assert!(drive.standing().caught_up.is_none());
    drive.run(10 * MINUTE);
    assert_eq!(drive.store.evidence.len(), 1);
    assert!(drive.standing().caught_up.is_some() && drive.store.gaps.is_empty());
    let sessions = sessions(&drive);
    assert!(
        sessions[0] != sessions[1] && sessions[1] != sessions[2],
        "a session of its own each time"
    );
}

#[test]
fn pitfall_27_a_session_that_counts_nothing_is_discarded_and_a_full_one_is_halved() {
    let mut first = true;
    let mut drive = drive(Box::new(move |parameters, call| {
        if std::mem::take(&mut first) {
            return page(r#"{"ResultIndex":-1,"ResultCount":0,"Identity":"x"}"#);
        }
        if seconds(parameters) > 1000 {
            return page(&rows((call - 1) * 5000 + 1, call * 5000, 60_000));
        }
        page(&rows(1, 7, 7))
    }));
    drive.run(HOUR);
    assert!(drive.standing().caught_up.is_some() && drive.store.gaps.is_empty());
    let sevens = drive
        .store
        .bodies()
        .iter()
        .filter(|body| body.contains("\"id7\"") && !body.contains("\"id8\""))
        .count();
    assert!(sevens >= 4, "{sevens}");
}

#[test]
fn exactly_as_many_rows_as_a_call_hands_out_are_not_taken_for_all() {
    let mut drive = drive(Box::new(|parameters, call| {
        match (seconds(parameters) > 1900, call) {
            (true, 1) => page(&rows(1, 5000, 5000)),
            (true, _) => page(""),
            (false, _) => page(&rows(1, 2, 2)),
        }
    }));
    drive.run(HOUR);
    assert!(sessions(&drive).len() >= 4);
    assert!(drive.store.gaps.is_empty());
}

#[test]
fn pitfall_28_a_session_that_repeats_itself_ends_and_loses_nothing() {
    let mut drive = drive(Box::new(|_, call| match call {
        1 => page(&rows(1, 5000, 5000)),
        2 => page(&rows(5001, 5600, 5000)),
        _ => page(&rows(1, 5000, 5000)),
    }));
    assert!(matches!(drive.run_once(), Next::Wait(_)));
    assert!(drive.standing().caught_up.is_some());
    assert_eq!(drive.store.evidence.len(), 2);
    assert!(drive.asks.len() < 8);
}

#[test]
fn a_session_that_jumps_is_begun_anew_under_another_id() {
    let mut left = 1;
    let mut drive = drive(Box::new(move |_, call| {
        if left > 0 && call == 2 {
            left -= 1;
            return page(&rows(5003, 6000, 6000));
        }
        if call == 1 {
            page(&rows(1, 5000, 6000))
        } else {
            page(&rows(5001, 6000, 6000))
        }
    }));
    drive.run(10 * MINUTE);
    assert!(drive.standing().caught_up.is_some() && drive.store.gaps.is_empty());
}

#[test]
fn pitfall_29_a_second_that_is_still_too_full_is_read_by_record_type_and_told() {
    let mut drive = drive(Box::new(|parameters, call| {
        let start = parameters["StartDate"].as_str().expect("a start");
        let full = START.plus_seconds(-3000).to_string();
        let end = parameters["EndDate"].as_str().expect("an end");
        let holds_it = start <= full.as_str() && full.as_str() < end;
        if holds_it && parameters.get("RecordType").is_none() {
            return page(&rows((call - 1) * 5000 + 1, call * 5000, 60_000));
        }
        page(&rows(1, 1, 1))
    }));
    drive.run(DAY);
    assert_eq!(drive.store.gaps.len(), 1, "{:?}", drive.store.gaps);
    let gap = &drive.store.gaps[0];
    assert_eq!(
        (gap.from, gap.to),
        (START.plus_seconds(-3000), START.plus_seconds(-2999))
    );
    let by_type = drive
        .asks
        .iter()
        .filter(|ask| {
            ask.body
                .as_deref()
                .is_some_and(|body| body.contains("\"RecordType\":\"ExchangeItemAggregated\""))
        })
        .count();
    assert!(by_type >= 1);
    assert_eq!(drive.standing().waiting, 0);
}

#[test]
fn pitfall_30_the_next_page_is_posted_with_the_same_body() {
    let mut drive = drive(Box::new(|_, call| match call {
        1 => answer(
            200,
            format!(
                r#"{{"value":[{}],"@odata.nextLink":"https://exchange.example/next?skip=1"}}"#,
                rows(1, 2, 3)
            ),
        ),
        _ => page(""),
    }));
    drive.run_once();
    let linked = drive
        .asks
        .iter()
        .find(|ask| address(ask).contains("skip=1"))
        .expect("the link");
    assert_eq!(linked.body, drive.asks[0].body);
    assert_eq!(linked.method, Method::Post);
}

#[test]
fn pitfall_31_and_33_the_missing_half_of_the_right_is_named() {
    let cases = [
        (401, "", "Exchange.ManageAsApp"),
        (403, "\0\0\0\0", "Security Reader"),
        (
            400,
            r#"{"error":{"code":"BadRequest","message":"Invalid Operation","innererror":{"internalexception":{"message":"The term 'Search-UnifiedAuditLog' is not recognized as a name of a cmdlet"}}}}"#,
            "View-Only Audit Logs",
        ),
    ];
    for (status, body, hint) in cases {
        let mut drive = drive(Box::new(move |_, _| answer(status, body)));
        assert_eq!(drive.run_once(), Next::Stopped);
        let trouble = drive.standing().trouble.expect("a trouble");
        assert!(trouble.access && trouble.hint.contains(hint), "{trouble:?}");
    }
}

#[test]
fn pitfall_32_what_is_asked_is_of_our_own_lists() {
    let source = Search::new(&FeedSettings::of_tenant("t"));
    assert!(source.rules().lanes <= 3);
    assert!(
        RECORD_TYPES
            .iter()
            .all(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    );
    const { assert!(OF_A_CALL > 0 && OF_A_CALL <= 5000) };
}
