//! Feeds that are read window by window, against a fake of Graph's reports.

use crate::catalogue::make;
use crate::feed::{Change, Keep, Memory, Next};
use crate::moment::{DAY, HOUR, MINUTE, read};
use crate::settings::FeedSettings;
use crate::testing::{
    Answer, Chance, Drive, Maker, START, address, answer, parameter, with_header,
};
use model::{Ask, Failure, GapClock, Timestamp};
use proptest::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

type Instead = Box<dyn FnMut(&str, Timestamp) -> Option<Answer>>;

/// A fake of a report: records with the time they are of, and the time they can be had from.
struct Report {
    records: Vec<(Timestamp, Timestamp)>,
    page: usize,
    instead: Instead,
    widest: i64,
}

type Shared = Rc<RefCell<Report>>;

fn report(records: Vec<(Timestamp, Timestamp)>) -> Shared {
    Rc::new(RefCell::new(Report {
        records,
        page: 5,
        instead: Box::new(|_, _| None),
        widest: 0,
    }))
}

impl Report {
    fn answer(&mut self, ask: &Ask, now: Timestamp) -> Answer {
        if let Some(said) = (self.instead)(address(ask), now) {
            return said;
        }
        let prefer = ask
            .headers
            .iter()
            .any(|(name, value)| *name == "Prefer" && value == "include-unknown-enum-members");
        assert!(prefer, "{ask:?}");
        let filter = parameter(ask, "$filter").expect("a filter");
        let bound = |operator: &str| {
            let after = filter.split(operator).nth(1).expect("a bound");
            read(after.trim().split(' ').next().expect("a time")).expect("a time")
        };
        let (from, to) = (bound(" ge "), bound(" lt "));
        self.widest = self.widest.max((to.0 - from.0) / 1_000_000);
        assert!(from < to && from >= now.plus_seconds(-30 * DAY), "{filter}");
        let offset: usize =
            parameter(ask, "$skiptoken").map_or(0, |text| text.parse().expect("a number"));
        let found: Vec<String> = self
            .records
            .iter()
            .enumerate()
            .filter(|(_, (at, from_when))| *at >= from && *at < to && *from_when <= now)
            .map(|(id, _)| format!(r#"{{"id":"r{id}."}}"#))
            .collect();
        let page = found
            .iter()
            .skip(offset)
            .take(self.page)
            .cloned()
            .collect::<Vec<_>>()
            .join(",");
        if offset + self.page >= found.len() {
            return answer(200, format!(r#"{{"value":[{page}]}}"#));
        }
        let link = format!(
            "https://graph.example{}",
            address(ask)
                .trim_start_matches("https://graph.example")
                .split("&$skiptoken")
                .next()
                .expect("a path")
        );
        answer(
            200,
            format!(
                r#"{{"value":[{page}],"@odata.nextLink":"{link}&$skiptoken={}"}}"#,
                offset + self.page
            ),
        )
    }
}

fn drive_of(
    name: &'static str,
    report: &Shared,
    since: i64,
    seed: u64,
) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer + use<>> {
    let maker: Maker = Box::new(move |memory, now| {
        let mut settings = FeedSettings::of_tenant("t");
        settings.since = Some(START.plus_seconds(-since));
        make(name, &settings, memory, now).expect("a feed")
    });
    let report = Rc::clone(report);
    Drive::seeded(
        maker,
        move |ask, now| report.borrow_mut().answer(ask, now),
        seed,
    )
}

fn missing(drive_bodies: &[String], count: usize) -> Vec<usize> {
    let all = drive_bodies.concat();
    (0..count)
        .filter(|id| !all.contains(&format!("\"r{id}.\"")))
        .collect()
}

fn at(seconds: i64) -> Timestamp {
    START.plus_seconds(seconds)
}

#[test]
fn pitfall_16_each_kind_has_its_place_and_version_1_never_sees_the_filter_of_beta() {
    let kinds = [
        ("signins/interactive", None),
        ("signins/non-interactive", Some("nonInteractiveUser")),
        ("signins/service-principal", Some("servicePrincipal")),
        ("signins/managed-identity", Some("managedIdentity")),
    ];
    for (name, kind) in kinds {
        let report = report(vec![(at(-MINUTE), at(0))]);
        let mut drive = drive_of(name, &report, HOUR, 1);
        drive.run_once();
        assert!(missing(&drive.store.bodies(), 1).is_empty());
        for ask in &drive.asks {
            let filter = parameter(ask, "$filter").expect("a filter");
            assert_eq!(address(ask).contains("/v1.0/"), kind.is_none());
            assert_eq!(filter.contains("signInEventTypes"), kind.is_some());
            assert!(kind.is_none_or(|kind| filter.contains(&format!("t eq '{kind}'"))));
        }
        assert!(drive.store.memory.cursor.is_some());
    }
}

#[test]
fn pitfall_15_throttling_without_a_time_backs_off_and_keeps_the_place() {
    let report = report((0..12).map(|n| (at(-n * MINUTE), at(0))).collect());
    report.borrow_mut().instead = Box::new({
        let mut left = 6;
        move |at, _| {
            let say = at.contains("$skiptoken=5") && left > 0;
            left -= i32::from(say);
            say.then(|| {
                answer(
                    429,
                    r#"{"error":{"code":"UnknownError","message":"This request is throttled."}}"#,
                )
            })
        }
    });
    let mut drive = drive_of("directory-audits", &report, 20 * MINUTE, 1);
    let began = drive.now;
    drive.run(HOUR);
    assert!(missing(&drive.store.bodies(), 12).is_empty());
    assert!(drive.standing().caught_up.is_some_and(|at| at > began));
    let asked = drive
        .asks
        .iter()
        .filter(|ask| address(ask).contains("$skiptoken=5"))
        .count();
    assert!(asked >= 7, "{asked}");
}

#[test]
fn the_time_that_a_service_asks_to_wait_is_waited() {
    let report = report(vec![]);
    report.borrow_mut().instead = Box::new(|_, now| {
        (now < at(MINUTE)).then(|| with_header(answer(429, ""), "retry-after", "1200"))
    });
    let mut drive = drive_of("signins/interactive", &report, 30 * MINUTE, 1);
    drive.run(19 * MINUTE);
    assert!(drive.asks.len() <= 2, "{}", drive.asks.len());
}

#[test]
fn pitfall_17_a_page_token_that_dies_begins_the_window_anew_and_then_halves_it() {
    let report = report((0..40).map(|n| (at(-n * MINUTE), at(0))).collect());
    report.borrow_mut().instead = Box::new(|at, _| {
        at.contains("$skiptoken=20").then(|| answer(400, r#"{"error":{"code":"BadRequest","message":"Invalid Skip Token, skip token is null"}}"#))
    });
    let mut drive = drive_of("signins/interactive", &report, HOUR, 1);
    drive.run(HOUR);
    assert!(missing(&drive.store.bodies(), 40).is_empty());
    assert_eq!(drive.standing().waiting, 0);
    assert!(drive.store.gaps.is_empty());
}

#[test]
fn pitfall_18_a_tenant_without_licence_stops_with_a_reason_and_is_looked_at_daily() {
    let report = report(vec![(at(-MINUTE), at(0))]);
    report.borrow_mut().instead = Box::new(|_, _| {
        Some(answer(
            403,
            r#"{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"Neither tenant is B2C or tenant doesn't have premium license"}}"#,
        ))
    });
    let mut drive = drive_of("signins/interactive", &report, HOUR, 1);
    for _ in 0..3 * 24 * 12 {
        assert_eq!(drive.run(MINUTE), Next::Stopped);
        drive.sleep(5 * MINUTE);
    }
    assert!(drive.asks.len() <= 5, "{}", drive.asks.len());
    let trouble = drive.standing().trouble.expect("a trouble");
    assert!(
        trouble.stopped
            && trouble.access
            && trouble.hint.contains("activity/Audit.AzureActiveDirectory")
    );
    report.borrow_mut().instead = Box::new(|_, _| None);
    drive.sleep(DAY);
    drive.run(HOUR);
    assert!(missing(&drive.store.bodies(), 1).is_empty());
    assert_eq!(drive.standing().trouble, None);
}

#[test]
fn pitfall_19_records_that_come_late_into_windows_already_read_are_had() {
    let late = [
        MINUTE,
        10 * MINUTE,
        90 * MINUTE,
        3 * HOUR,
        12 * HOUR,
        24 * HOUR,
    ];
    let records: Vec<_> = late
        .iter()
        .flat_map(|late| (0..20).map(move |n| (at(n * 13 * MINUTE), at(n * 13 * MINUTE + late))))
        .collect();
    let count = records.len();
    let report = report(records);
    let mut drive = drive_of("signins/non-interactive", &report, HOUR, 1);
    drive.run(3 * DAY);
    assert_eq!(missing(&drive.store.bodies(), count), Vec::<usize>::new());
}

#[test]
fn a_late_record_is_had_though_nothing_ran_for_days() {
    // Read up to now, then nothing runs; what came late for the time before is met all the same.
    let report = report(vec![(at(HOUR), at(20 * HOUR))]);
    let mut drive = drive_of("signins/interactive", &report, HOUR, 1);
    drive.run(2 * HOUR);
    drive.sleep(6 * DAY);
    drive.crash();
    drive.run(HOUR);
    assert!(missing(&drive.store.bodies(), 1).is_empty());
}

#[test]
fn pitfall_20_risk_is_read_by_when_it_changed_last() {
    let report = report(vec![(at(-MINUTE), at(0))]);
    let mut drive = drive_of("risk-detections", &report, HOUR, 1);
    drive.run_once();
    let filter = parameter(&drive.asks[0], "$filter").expect("a filter");
    assert!(
        filter.starts_with("lastUpdatedDateTime ge ")
            && address(&drive.asks[0]).ends_with("$top=500")
    );
}

#[test]
fn what_the_service_keeps_no_more_is_a_gap_on_the_clock_of_events() {
    let report = report(vec![]);
    let mut drive = drive_of("signins/interactive", &report, 60 * DAY, 1);
    drive.run(HOUR);
    let gap = &drive.store.gaps[0];
    assert_eq!((gap.from, gap.clock), (at(-60 * DAY), GapClock::Event));
    assert!(gap.to > at(-30 * DAY) && gap.to < at(-29 * DAY));
    assert_eq!(drive.store.gaps.len(), 1);
}

#[test]
fn pitfall_62_a_permission_that_was_given_is_noticed_without_a_restart() {
    let report = report(vec![(at(-MINUTE), at(0))]);
    report.borrow_mut().instead = Box::new(|_, now| {
        (now < at(30 * MINUTE)).then(|| {
            answer(
                403,
                r#"{"error":{"code":"Authorization_RequestDenied","message":"no"}}"#,
            )
        })
    });
    let mut drive = drive_of("directory-audits", &report, HOUR, 1);
    assert_eq!(drive.run(10 * MINUTE), Next::Stopped);
    assert!(
        drive
            .standing()
            .trouble
            .is_some_and(|trouble| trouble.hint.contains("AuditLog.Read.All"))
    );
    drive.sleep(70 * MINUTE);
    drive.run(HOUR);
    assert!(missing(&drive.store.bodies(), 1).is_empty());
}

#[test]
fn pitfall_63_a_token_that_cannot_be_had_stops_by_its_cause() {
    use model::{NoToken, NoTokenKind};
    let causes = [
        (NoTokenKind::Credential, true),
        (NoTokenKind::TenantGone, true),
        (NoTokenKind::NotOnboarded, true),
        (NoTokenKind::Passing, false),
    ];
    for (kind, stops) in causes {
        let report = report(vec![]);
        report.borrow_mut().instead = Box::new(move |_, _| {
            let no = NoToken {
                kind,
                code: Some(7000222),
                what: "expired".to_owned(),
            };
            Some(Err(Failure::NoToken(no)))
        });
        let mut drive = drive_of("directory-audits", &report, HOUR, 1);
        assert_eq!(drive.run(MINUTE) == Next::Stopped, stops);
        let trouble = drive.standing().trouble.expect("a trouble");
        assert_eq!((trouble.access, trouble.hint.is_empty()), (stops, !stops));
    }
}

#[test]
fn windows_follow_how_much_is_in_them() {
    let quiet = report(vec![]);
    let mut drive = drive_of("signins/interactive", &quiet, 20 * DAY, 1);
    drive.run(HOUR);
    assert_eq!(quiet.borrow().widest, DAY);
    assert!(drive.asks.len() < 60, "{}", drive.asks.len());
}

#[test]
fn a_reply_that_is_no_page_is_never_taken_for_an_empty_one() {
    for bad in [
        "",
        "{}",
        "[]",
        "<html></html>",
        r#"{"value":null}"#,
        r#"{"error":{"code":"x"}}"#,
    ] {
        let report = report(vec![(at(-MINUTE), at(0))]);
        report.borrow_mut().instead =
            Box::new(move |_, now| (now < at(20 * MINUTE)).then(|| answer(200, bad)));
        let mut drive = drive_of("signins/interactive", &report, HOUR, 1);
        drive.run(2 * HOUR);
        assert!(missing(&drive.store.bodies(), 1).is_empty(), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Records up to a day late, faults of every kind, crashes at any moment: in the end every
    /// record is had or in a gap.
    #[test]
    fn no_record_is_lost_whatever_happens(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let mut random = |bound: i64| chance.below(bound as u64) as i64;
        let records: Vec<_> = (0..120)
            .map(|_| {
                let of = at(random(4 * DAY) - DAY);
                let late = if random(3) == 0 { random(DAY) } else { random(MINUTE) };
                (of, of.plus_seconds(late))
            })
            .collect();
        let (count, times) = (records.len(), records.clone());
        let report = report(records);
        report.borrow_mut().page = 1 + random(6) as usize;
        let quiet_from = at(4 * DAY);
        report.borrow_mut().instead = Box::new(move |at, now| {
            (now < quiet_from && chance.percent(25)).then(|| fault(&mut chance, at)).flatten()
        });
        let mut drive = drive_of("signins/interactive", &report, 2 * DAY, seed);
        drive.crashes = 50;
        while drive.now < quiet_from {
            drive.run(DAY);
        }
        drive.crashes = 0;
        drive.run(3 * DAY);
        for id in missing(&drive.store.bodies(), count) {
            let in_gap = drive.store.gaps.iter().any(|gap| gap.from <= times[id].0 && times[id].0 < gap.to);
            prop_assert!(in_gap, "record {id} of {} from {}", times[id].0, times[id].1);
        }
        prop_assert!(drive.store.gaps.is_empty());
        prop_assert_eq!(drive.standing().waiting, 0);
    }
}

fn fault(chance: &mut Chance, at: &str) -> Option<Answer> {
    Some(match chance.below(8) {
        0 => Err(Failure::Broken("reset".to_owned())),
        1 => Err(Failure::Throttled { seconds: 60 }),
        2 => answer(500, ""),
        3 => answer(429, ""),
        4 => answer(200, r#"{"value":[{"id""#),
        5 if at.contains("$skiptoken") => answer(
            400,
            r#"{"error":{"code":"x","message":"Invalid skip token"}}"#,
        ),
        6 => Err(Failure::TooLong(1 << 20)),
        7 => answer(404, "<html>"),
        _ => return None,
    })
}

#[test]
fn pages_that_were_heard_and_not_kept_are_read_again_after_a_restart() {
    let settings = FeedSettings {
        since: Some(at(-30 * MINUTE)),
        ..FeedSettings::of_tenant("t")
    };
    let mut feed = make("directory-audits", &settings, &Memory::default(), START).expect("a feed");
    let Next::Ask(ticket, asked) = feed.ask(START) else {
        panic!("nothing is asked");
    };
    let page = |next: &str| answer(200, format!(r#"{{"value":[{{"id":"r0."}}]{next}}}"#));
    let first = page(r#","@odata.nextLink":"https://graph.example/2""#);
    let heard = feed.hear(ticket, first.as_ref(), START);
    assert_eq!(heard.keep, Keep::Everything);
    let Next::Ask(last, _) = feed.ask(START) else {
        panic!("the second page is not asked for");
    };
    let heard = feed.hear(last, page("").as_ref(), START);
    assert_eq!(heard.keep, Keep::Everything);
    assert_eq!(feed.ask(START), Next::Hear);
    // The second page is durable before the first.
    feed.kept(last);
    assert_eq!(feed.standing().until, Some(at(-30 * MINUTE)));
    let cursor = |changes: Vec<Change>| match changes.last() {
        Some(Change::Cursor(text)) => Some(text.clone()),
        _ => None,
    };
    let memory = Memory {
        cursor: cursor(feed.changes()),
        seen: Vec::new(),
    };
    assert!(memory.cursor.is_some());
    let mut again = make("directory-audits", &settings, &memory, START).expect("a feed");
    assert!(matches!(again.ask(START), Next::Ask(_, ask) if ask == asked));

    feed.kept(ticket);
    assert_eq!(feed.standing().until, Some(START));
    let memory = Memory {
        cursor: cursor(feed.changes()),
        seen: Vec::new(),
    };
    let mut after = make("directory-audits", &settings, &memory, START).expect("a feed");
    assert!(!matches!(after.ask(START), Next::Ask(_, ask) if ask == asked));
}
