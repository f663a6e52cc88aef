//! An activity feed against a fake of the service: the pitfalls by their numbers, and one
//! property over faults and crashes.

use super::*;
use crate::feed::Next;
use crate::moment::{DAY, HOUR, MINUTE, read};
use crate::testing::{
    Answer, Chance, Drive, Maker, START, address, answer, parameter, with_header,
};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

const TENANT: &str = "11111111-1111-1111-1111-111111111111";

fn make(since: Option<Timestamp>, poll: i64) -> Maker {
    Box::new(move |memory, _| {
        let mut settings = FeedSettings::of_tenant(TENANT);
        settings.publisher = "publisher".to_owned();
        settings.since = since;
        settings.activity_poll = poll;
        Box::new(Activity::new("Audit.Exchange", &settings, memory))
    })
}

#[derive(Clone)]
struct Fake {
    created: Timestamp,
    listed_from: Timestamp,
    expires: Timestamp,
}

type Instead = Box<dyn FnMut(&str, Timestamp) -> Option<Answer>>;

/// A fake of the service: blobs that appear when they will, and faults that a test dials.
struct Office {
    on: bool,
    blobs: BTreeMap<String, Fake>,
    page: usize,
    /// What a test wants said instead, by the address.
    instead: Instead,
    fetched: BTreeMap<String, u32>,
    next_page_header: &'static str,
}

type Shared = Rc<RefCell<Office>>;

fn office() -> Shared {
    Rc::new(RefCell::new(Office {
        on: true,
        blobs: BTreeMap::new(),
        page: 200,
        instead: Box::new(|_, _| None),
        fetched: BTreeMap::new(),
        next_page_header: "nextpageuri",
    }))
}

impl Office {
    fn blob(&mut self, id: &str, created: Timestamp, listed_from: Timestamp) {
        let expires = created.plus_seconds(20 * DAY);
        let fake = Fake {
            created,
            listed_from,
            expires,
        };
        self.blobs.insert(id.to_owned(), fake);
    }

    fn answer(&mut self, ask: &Ask, now: Timestamp) -> Answer {
        let at = address(ask).to_owned();
        assert_eq!(
            parameter(ask, "PublisherIdentifier").as_deref(),
            Some("publisher"),
            "{at}"
        );
        if let Some(said) = (self.instead)(&at, now) {
            return said;
        }
        if at.contains("subscriptions/list") {
            let status = if self.on { "enabled" } else { "disabled" };
            return answer(
                200,
                format!(
                    r#"[{{"contentType":"Audit.Exchange","status":"{status}","webhook":null}}]"#
                ),
            );
        }
        if at.contains("subscriptions/start") {
            if self.on {
                return refuse("AF20024");
            }
            self.on = true;
            return answer(
                200,
                r#"{"contentType":"Audit.Exchange","status":"enabled","webhook":null}"#,
            );
        }
        if at.contains("subscriptions/content") {
            return if self.on {
                self.list(ask, now)
            } else {
                refuse("AF20022")
            };
        }
        self.fetch(&at, now)
    }

    fn list(&mut self, ask: &Ask, now: Timestamp) -> Answer {
        let bound = |name| {
            parameter(ask, name)
                .and_then(|text| read(&text))
                .expect(name)
        };
        let (from, to) = (bound("startTime"), bound("endTime"));
        if from < now.plus_seconds(-7 * DAY) {
            return refuse("AF20030");
        }
        if from >= to || to > from.plus_seconds(DAY) || to > now.plus_seconds(60) {
            return refuse("AF20055");
        }
        let offset: usize =
            parameter(ask, "nextPage").map_or(0, |text| text.parse().expect("a number"));
        let in_span: Vec<String> = self
            .blobs
            .iter()
            .filter(|(_, fake)| fake.listed_from <= now && fake.created >= from && fake.created < to)
            .map(|(id, fake)| format!(
                r#"{{"contentType":"Audit.Exchange","contentId":"{id}","contentUri":"https://manage.example/audit/{id}","contentCreated":"{}","contentExpiration":"{}"}}"#,
                fake.created, fake.expires
            ))
            .collect();
        let page = in_span
            .iter()
            .skip(offset)
            .take(self.page)
            .cloned()
            .collect::<Vec<_>>();
        let reply = answer(200, format!("[{}]", page.join(",")));
        if offset + self.page >= in_span.len() {
            return reply;
        }
        let link = format!(
            "https://manage.example/subscriptions/content?contentType=Audit.Exchange&startTime={}&endTime={}&nextPage={}",
            moment::without_zone(from),
            moment::without_zone(to),
            offset + self.page
        );
        with_header(reply, self.next_page_header, &link)
    }

    fn fetch(&mut self, at: &str, now: Timestamp) -> Answer {
        let id = at.split(['/', '?']).rev().nth(1).expect("an id").to_owned();
        *self.fetched.entry(id.clone()).or_default() += 1;
        match self.blobs.get(&id) {
            Some(fake) if now < fake.expires => answer(200, format!(r#"[{{"Id":"{id}"}}]"#)),
            Some(_) => refuse("AF20051"),
            None => refuse("AF20050"),
        }
    }
}

fn refuse(code: &str) -> Answer {
    answer(
        400,
        format!(r#"{{"error":{{"code":"{code}","message":"no"}}}}"#),
    )
}

fn drive(office: &Shared) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer + use<>> {
    drive_seeded(office, None, 60, 1)
}

fn drive_seeded(
    office: &Shared,
    since: Option<Timestamp>,
    poll: i64,
    seed: u64,
) -> Drive<impl FnMut(&Ask, Timestamp) -> Answer + use<>> {
    let office = Rc::clone(office);
    Drive::seeded(
        make(since, poll),
        move |ask, now| office.borrow_mut().answer(ask, now),
        seed,
    )
}

fn ago(seconds: i64) -> Timestamp {
    START.plus_seconds(-seconds)
}

fn had(bodies: &[String], id: &str) -> usize {
    let record = format!(r#"[{{"Id":"{id}"}}]"#);
    bodies.iter().filter(|body| **body == record).count()
}

#[test]
fn pitfall_01_next_page_in_any_spelling_is_followed_and_the_publisher_is_everywhere() {
    for header in ["nextpageuri", "nextpageurl"] {
        let office = office();
        office.borrow_mut().next_page_header = header;
        office.borrow_mut().page = 3;
        for number in 0..20 {
            office
                .borrow_mut()
                .blob(&format!("b{number}"), ago(HOUR), ago(HOUR));
        }
        let mut drive = drive(&office);
        drive.run_once();
        let bodies = drive.store.bodies();
        assert!((0..20).all(|number| had(&bodies, &format!("b{number}")) == 1));
    }
}

#[test]
fn pitfall_02_throttling_waits_and_a_missing_permission_stops() {
    let office = office();
    office.borrow_mut().blob("b", ago(HOUR), ago(HOUR));
    let until = START.plus_seconds(10 * MINUTE);
    office.borrow_mut().instead = Box::new(move |at, now| {
        (at.contains("/audit/") && now < until).then(|| {
            answer(
                403,
                "{'error':{'code':'AF429','message':'Too many requests.'}}",
            )
        })
    });
    let mut drive = drive(&office);
    drive.run(HOUR);
    assert_eq!(had(&drive.store.bodies(), "b"), 1);
    assert_eq!(drive.standing().trouble, None);

    office.borrow_mut().instead = Box::new(|_, _| {
        Some(answer(
            403,
            r#"{"error":{"code":"AF10001","message":"no"}}"#,
        ))
    });
    assert_eq!(drive.run(HOUR), Next::Stopped);
    let trouble = drive.standing().trouble.expect("a trouble");
    assert!(trouble.stopped && trouble.access && trouble.hint.contains("ActivityFeed.Read"));
}

#[test]
fn pitfall_03_already_on_is_success_and_no_subscription_starts_and_lists_the_same_window() {
    let office = office();
    office.borrow_mut().on = false;
    office.borrow_mut().blob("b", ago(HOUR), ago(HOUR));
    // The list of subscriptions says it is on, the list of content that there is none.
    office.borrow_mut().instead = Box::new(|at, _| {
        at.contains("subscriptions/list").then(|| {
            answer(
                200,
                r#"[{"contentType":"audit.exchange","status":"enabled"}]"#,
            )
        })
    });
    let mut drive = drive(&office);
    drive.run_once();
    assert_eq!(had(&drive.store.bodies(), "b"), 1);
    let starts = || {
        drive
            .asks
            .iter()
            .filter(|ask| address(ask).contains("subscriptions/start"))
            .count()
    };
    assert_eq!(starts(), 1);
    let first: Vec<&Ask> = drive
        .asks
        .iter()
        .filter(|ask| address(ask).contains("subscriptions/content"))
        .collect();
    assert!(
        first
            .iter()
            .filter(|ask| ask.target == first[0].target)
            .count()
            >= 2,
        "the same window again"
    );

    let office = self::office();
    office.borrow_mut().instead =
        Box::new(|at, _| at.contains("subscriptions/list").then(|| answer(200, "[]")));
    let mut drive = self::drive(&office);
    drive.run_once();
    assert!(drive.standing().caught_up.is_some() && drive.standing().trouble.is_none());
}

#[test]
fn starts_are_a_quarter_of_an_hour_apart() {
    let office = office();
    office.borrow_mut().on = false;
    office.borrow_mut().instead = Box::new(|at, _| {
        at.contains("subscriptions/content")
            .then(|| refuse("AF20022"))
    });
    let mut drive = drive(&office);
    drive.run(HOUR);
    drive.crash();
    drive.run(HOUR);
    let starts = drive
        .asks
        .iter()
        .filter(|ask| address(ask).contains("/start"))
        .count();
    assert!((2..=9).contains(&starts), "{starts}");
}

#[test]
fn pitfall_04_a_blob_that_fails_is_never_passed_and_survives_a_restart() {
    let faults: [fn() -> Answer; 6] = [
        || answer(500, r#"{"error":{"code":"AF50000","message":"internal"}}"#),
        || Err(Failure::TimedOut),
        || Err(Failure::Broken("reset".to_owned())),
        || answer(200, r#"[{"Id":"cut"#),
        || answer(200, "<html>proxy</html>"),
        || answer(200, ""),
    ];
    for fault in faults {
        let office = office();
        office.borrow_mut().blob("bad", ago(2 * HOUR), ago(HOUR));
        office.borrow_mut().blob("good", ago(HOUR), ago(HOUR));
        let mended = START.plus_seconds(3 * DAY);
        office.borrow_mut().instead =
            Box::new(move |at, now| (at.contains("/bad") && now < mended).then(fault));
        let mut drive = drive(&office);
        drive.run(DAY);
        assert_eq!(had(&drive.store.bodies(), "good"), 1);
        assert_eq!(drive.standing().waiting, 1);
        assert_eq!(drive.standing().until, Some(ago(2 * HOUR)));
        let tries = drive
            .asks
            .iter()
            .filter(|ask| address(ask).contains("/bad"))
            .count();
        assert!((20..200).contains(&tries), "{tries} tries in a day");
        drive.crash();
        drive.run(3 * DAY);
        assert_eq!(had(&drive.store.bodies(), "bad"), 1);
        assert!(drive.store.gaps.is_empty());
        assert_eq!(drive.standing().waiting, 0);
    }
}

#[test]
fn pitfall_05_blobs_of_the_same_second_and_late_ones_are_all_had() {
    let office = office();
    let second = ago(HOUR);
    for (id, micros) in [("a", 0), ("b", 1), ("c", 999_999)] {
        office
            .borrow_mut()
            .blob(id, Timestamp(second.0 + micros), START);
    }
    // Each appears so long after the moment it is said to be made at.
    for (id, late) in [
        ("late1", 5 * MINUTE),
        ("late2", 20 * HOUR),
        ("late3", 6 * DAY),
    ] {
        let created = START.plus_seconds(HOUR);
        office
            .borrow_mut()
            .blob(id, created, created.plus_seconds(late));
    }
    let mut drive = drive(&office);
    drive.run(9 * DAY);
    let bodies = drive.store.bodies();
    for id in ["a", "b", "c", "late1", "late2", "late3"] {
        assert_eq!(had(&bodies, id), 1, "{id}");
    }
}

#[test]
fn pitfall_06_what_was_taken_in_is_forgotten_by_the_clock_of_arrival() {
    let office = office();
    office.borrow_mut().blob("b", ago(DAY), ago(DAY));
    let mut drive = drive(&office);
    drive.run(5 * DAY);
    drive.crash();
    drive.run(DAY);
    assert_eq!(
        office.borrow().fetched["b"],
        1,
        "relisted, not fetched again"
    );
    assert_eq!(drive.store.memory.seen.len(), 1);
    drive.run(3 * DAY);
    assert!(drive.store.memory.seen.is_empty());
    assert_eq!(office.borrow().fetched["b"], 1);
}

#[test]
fn pitfall_08_thirty_hours_are_caught_up_and_eight_days_leave_a_gap() {
    let office = office();
    let mut drive = drive(&office);
    drive.run(HOUR);
    for hour in 0..30 {
        let at = START.plus_seconds((hour + 2) * HOUR);
        office.borrow_mut().blob(&format!("o{hour}"), at, at);
    }
    drive.sleep(34 * HOUR);
    drive.crash();
    drive.run(HOUR);
    let bodies = drive.store.bodies();
    assert!((0..30).all(|hour| had(&bodies, &format!("o{hour}")) == 1));
    assert!(drive.store.gaps.is_empty());

    let stopped_at = drive.now;
    drive.sleep(8 * DAY);
    drive.crash();
    let asked_before = drive.asks.len();
    drive.run(HOUR);
    let gap = drive.store.gaps.first().expect("a gap").clone();
    assert_eq!(gap.clock, GapClock::Arrival);
    assert!(gap.from <= stopped_at && gap.to > stopped_at.plus_seconds(23 * HOUR));
    assert!(drive.store.gaps.len() <= 2, "{:?}", drive.store.gaps);
    assert!(drive.asks.len() - asked_before < 200);
    assert!(drive.standing().caught_up.is_some());
}

#[test]
fn pitfall_09_windows_end_at_the_servers_clock() {
    let office = office();
    let mut drive = drive(&office);
    drive.run(HOUR);
    let ends = drive
        .asks
        .iter()
        .filter_map(|ask| parameter(ask, "endTime"));
    assert!(
        ends.filter_map(|end| read(&end))
            .all(|end| end <= drive.now)
    );
    assert_eq!(drive.standing().waiting, 0);
}

#[test]
fn a_span_that_is_refused_for_ever_is_cut_and_told() {
    let office = office();
    office.borrow_mut().instead = Box::new(|at, now| {
        let from = at.split("startTime=").nth(1)?.split('&').next()?;
        let from = read(&crate::testing::decoded(from))?;
        (from < now.plus_seconds(-6 * DAY)).then(|| refuse("AF20030"))
    });
    let mut drive = drive(&office);
    drive.run(2 * DAY);
    assert!(
        drive
            .standing()
            .caught_up
            .is_some_and(|at| at > START.plus_seconds(DAY))
    );
    assert!(
        drive
            .store
            .gaps
            .iter()
            .any(|gap| gap.cause == "span refused")
    );
}

#[test]
fn pitfall_10_a_blob_that_is_gone_is_a_gap_and_the_rest_goes_on() {
    for code in ["AF20050", "AF20051"] {
        let office = office();
        office.borrow_mut().blob("gone", ago(2 * HOUR), ago(HOUR));
        office.borrow_mut().blob("good", ago(HOUR), ago(HOUR));
        office.borrow_mut().instead =
            Box::new(move |at, _| at.contains("/gone").then(|| refuse(code)));
        let mut drive = drive(&office);
        drive.run(2 * DAY);
        assert_eq!(had(&drive.store.bodies(), "good"), 1);
        assert_eq!(drive.store.gaps.len(), 1);
        assert!(drive.store.gaps[0].detail.contains("`gone`"));
        assert_eq!(drive.store.gaps[0].from, ago(2 * HOUR));
        assert_eq!(drive.standing().waiting, 0);
        let tries = drive
            .asks
            .iter()
            .filter(|ask| address(ask).contains("/gone"))
            .count();
        assert_eq!(tries, 1);
    }
}

#[test]
fn a_blob_that_fails_until_it_expires_becomes_a_gap() {
    let office = office();
    office.borrow_mut().blob("bad", ago(DAY), ago(DAY));
    office.borrow_mut().instead = Box::new(|at, _| at.contains("/bad").then(|| answer(500, "")));
    let mut drive = drive(&office);
    drive.run(21 * DAY);
    assert_eq!(drive.store.gaps.len(), 1);
    assert_eq!(drive.standing().waiting, 0);
}

#[test]
fn pitfall_11_a_blob_is_never_wanted_in_memory() {
    let office = office();
    office.borrow_mut().blob("b", ago(HOUR), ago(HOUR));
    let mut drive = drive(&office);
    drive.run_once();
    let blob = drive
        .asks
        .iter()
        .find(|ask| address(ask).contains("/audit/"));
    assert_eq!(blob.expect("a blob").want, Want::Records);
}

#[test]
fn pitfall_12_no_content_is_healthy_and_auditing_that_is_off_is_told() {
    let office = office();
    let mut drive = drive(&office);
    drive.run(DAY);
    assert_eq!(drive.standing().trouble, None);
    assert!(
        drive
            .standing()
            .caught_up
            .is_some_and(|at| at > START.plus_seconds(23 * HOUR))
    );

    office.borrow_mut().instead = Box::new(|_, _| {
        Some(answer(
            400,
            format!(
                "Microsoft.Office.Compliance.Audit.DataServiceException: Tenant {TENANT} does not exist."
            ),
        ))
    });
    assert_eq!(drive.run(HOUR), Next::Stopped);
    let trouble = drive.standing().trouble.expect("a trouble");
    assert!(
        trouble.what.contains("auditing is off")
            && trouble.hint.contains("UnifiedAuditLogIngestionEnabled")
    );

    // It is looked at again by itself, and nothing of what can still be had is lost.
    office.borrow_mut().instead = Box::new(|_, _| None);
    office.borrow_mut().blob(
        "after",
        drive.now.plus_seconds(MINUTE),
        drive.now.plus_seconds(MINUTE),
    );
    drive.sleep(2 * HOUR);
    drive.run(MINUTE);
    assert_eq!(had(&drive.store.bodies(), "after"), 1);
    assert_eq!(drive.standing().trouble, None);
}

#[test]
fn pitfall_13_a_disabled_subscription_is_told_at_once_and_its_span_is_lost() {
    let office = office();
    let mut drive = drive(&office);
    drive.run(HOUR);
    let disabled_at = drive.now;
    office.borrow_mut().on = false;
    office.borrow_mut().instead = Box::new({
        let mut once = true;
        move |at, _| {
            let say = at.contains("subscriptions/content") && once;
            once &= !say;
            say.then(|| refuse("AF20023"))
        }
    });
    drive.run(2 * MINUTE);
    let trouble = drive.standing().trouble.expect("a trouble");
    assert!(trouble.what.contains("was disabled") && !trouble.stopped);
    assert!(office.borrow().on, "started again");
    let gap = &drive.store.gaps[0];
    assert!(gap.from <= disabled_at && gap.to > disabled_at);

    office.borrow_mut().instead = Box::new(|at, _| {
        at.contains("subscriptions/content")
            .then(|| refuse("AF20023"))
    });
    drive.run(HOUR);
    assert!(
        drive
            .standing()
            .trouble
            .is_some_and(|trouble| trouble.stopped)
    );
}

#[test]
fn a_page_token_that_dies_lists_the_window_again_and_fetches_nothing_twice() {
    let office = office();
    office.borrow_mut().page = 3;
    for number in 0..10 {
        office
            .borrow_mut()
            .blob(&format!("b{number}"), ago(HOUR), ago(HOUR));
    }
    office.borrow_mut().instead = Box::new({
        let mut left = 2;
        move |at, _| {
            let say = at.contains("nextPage=6") && left > 0;
            left -= i32::from(say);
            say.then(|| refuse("AF20031"))
        }
    });
    let mut drive = drive(&office);
    drive.run(10 * MINUTE);
    assert!(office.borrow().fetched.values().all(|times| *times == 1));
    assert_eq!(office.borrow().fetched.len(), 10);
}

#[test]
fn a_list_that_goes_in_circles_ends() {
    let office = office();
    office.borrow_mut().instead = Box::new(|at, _| {
        at.contains("/content").then(|| {
            with_header(
                answer(200, "[]"),
                "nextpageuri",
                "https://manage.example/subscriptions/content?x=1",
            )
        })
    });
    let mut drive = drive(&office);
    drive.run(HOUR);
    assert!(drive.standing().trouble.is_some() && drive.standing().waiting > 0);
    assert!(drive.asks.len() < 1500, "{}", drive.asks.len());
}

#[test]
fn an_outage_of_days_keeps_the_cursor_short_and_the_service_unbothered() {
    let office = office();
    for hour in 0..90 {
        let at = START.plus_seconds(hour * HOUR);
        office.borrow_mut().blob(&format!("b{hour}"), at, at);
    }
    let mended = START.plus_seconds(5 * DAY);
    office.borrow_mut().instead = Box::new(move |_, now| {
        (now > START.plus_seconds(HOUR) && now < mended)
            .then(|| Err(Failure::Broken("down".to_owned())))
    });
    let mut drive = drive(&office);
    drive.run(4 * DAY);
    assert!(drive.asks.len() < 4 * 24 * 8, "{}", drive.asks.len());
    assert!(
        drive
            .store
            .memory
            .cursor
            .as_ref()
            .is_some_and(|text| text.len() < 20_000)
    );
    drive.run(2 * DAY);
    let bodies = drive.store.bodies();
    assert!((0..90).all(|hour| had(&bodies, &format!("b{hour}")) == 1));
    assert!(drive.store.gaps.is_empty());
}

#[test]
fn what_was_asked_for_and_can_no_longer_be_had_is_told_at_the_start() {
    let office = office();
    office.borrow_mut().on = false;
    let mut drive = drive_seeded(&office, Some(ago(20 * DAY)), 60, 1);
    drive.run_once();
    let causes: Vec<&str> = drive
        .store
        .gaps
        .iter()
        .map(|gap| gap.cause.as_str())
        .collect();
    assert!(
        causes.contains(&"older than the service keeps"),
        "{causes:?}"
    );
    assert!(causes.contains(&"not subscribed as yet"), "{causes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Blobs that appear up to seven days late, faults of every kind, crashes at any moment:
    /// in the end every blob is had or told as a gap.
    #[test]
    fn nothing_is_lost_whatever_happens(seed in any::<u64>()) {
        let mut chance = Chance::new(seed);
        let office = office();
        office.borrow_mut().page = 1 + chance.below(9) as usize;
        for number in 0..60 {
            let created = START.plus_seconds(chance.below(6 * DAY as u64) as i64 - 2 * DAY);
            let late = match chance.below(4) {
                0 => chance.below(6 * DAY as u64),
                1 => chance.below(HOUR as u64),
                _ => 0,
            };
            let id = format!("b{number}");
            office.borrow_mut().blob(&id, created, created.plus_seconds(late as i64));
            if chance.percent(5) {
                let fake = office.borrow_mut().blobs.get_mut(&id).map(|fake| fake.expires = fake.listed_from);
                assert!(fake.is_some());
            }
        }
        let quiet_from = START.plus_seconds(8 * DAY);
        office.borrow_mut().instead = Box::new(move |at, now| {
            (now < quiet_from && chance.percent(25)).then(|| fault(&mut chance, at)).flatten()
        });
        let mut drive = drive_seeded(&office, None, 20 * MINUTE, seed);
        drive.crashes = 50;
        while drive.now < quiet_from {
            if drive.run(DAY) == Next::Stopped {
                drive.sleep(HOUR);
            }
        }
        drive.crashes = 0;
        while drive.now < START.plus_seconds(14 * DAY) {
            if drive.run(DAY) == Next::Stopped {
                drive.sleep(HOUR);
            }
        }
        let bodies = drive.store.bodies();
        for (id, fake) in &office.borrow().blobs {
            let in_gap = drive.store.gaps.iter().any(|gap| gap.from <= fake.created && fake.created < gap.to);
            prop_assert!(had(&bodies, id) > 0 || in_gap, "{id} {:?} {:?}", fake.created, drive.store.gaps);
        }
        prop_assert_eq!(drive.standing().waiting, 0);
    }
}

fn fault(chance: &mut Chance, at: &str) -> Option<Answer> {
    Some(match chance.below(10) {
        0 => Err(Failure::Broken("reset".to_owned())),
        1 => Err(Failure::TimedOut),
        2 => Err(Failure::Throttled { seconds: 120 }),
        3 => answer(500, ""),
        4 => answer(403, "{'error':{'code':'AF429','message':'Too many'}}"),
        5 => answer(200, "[{\"Id\":"),
        6 => answer(200, "<html>"),
        7 if at.contains("nextPage") => refuse("AF20031"),
        8 if at.contains("/content") => refuse("AF20022"),
        9 => answer(503, "\0\0\0"),
        _ => return None,
    })
}

/// Drives a feed by hand: asks until it asks for something at such an address.
fn ask_for(feed: &mut Activity, waiting: &mut Vec<(Ticket, Ask)>, part: &str) -> (Ticket, Ask) {
    while let Next::Ask(ticket, ask) = feed.ask(START) {
        waiting.push((ticket, ask));
    }
    let at = waiting
        .iter()
        .position(|(_, ask)| address(ask).contains(part));
    waiting.remove(at.unwrap_or_else(|| panic!("nothing is asked at `{part}`")))
}

#[test]
fn a_window_waits_for_blobs_that_another_listing_found() {
    let office = office();
    office.borrow_mut().page = 1;
    office.borrow_mut().blob("b1", ago(3 * HOUR), ago(HOUR));
    office.borrow_mut().blob("b2", ago(3 * HOUR), ago(HOUR));
    let mut settings = FeedSettings::of_tenant(TENANT);
    settings.publisher = "publisher".to_owned();
    settings.since = Some(ago(5 * HOUR));
    let mut feed = Activity::new("Audit.Exchange", &settings, &Memory::default());
    let mut waiting = Vec::new();
    let go_on = |feed: &mut Activity,
                 waiting: &mut Vec<(Ticket, Ask)>,
                 part: &str,
                 instead: Option<Answer>| {
        let (ticket, ask) = ask_for(feed, waiting, part);
        let reply = instead.unwrap_or_else(|| office.borrow_mut().answer(&ask, START));
        let reply = reply.map(|mut reply| {
            reply.kept_bytes = reply.body.len() as u64;
            reply
        });
        feed.hear(ticket, reply.as_ref(), START);
        ticket
    };
    go_on(&mut feed, &mut waiting, "subscriptions/list", None);
    go_on(&mut feed, &mut waiting, "startTime", None);
    // The second page dies while the first blob is under way; both are listed again.
    go_on(
        &mut feed,
        &mut waiting,
        "nextPage=1",
        Some(refuse("AF20031")),
    );
    go_on(&mut feed, &mut waiting, "startTime", None);
    go_on(&mut feed, &mut waiting, "nextPage=1", None);
    let second = go_on(&mut feed, &mut waiting, "/audit/b2", None);
    feed.kept(second);
    assert_eq!(
        feed.standing().until,
        Some(ago(5 * HOUR)),
        "the first blob is not kept"
    );
    let first = go_on(&mut feed, &mut waiting, "/audit/b1", None);
    assert_eq!(
        feed.standing().until,
        Some(ago(5 * HOUR)),
        "heard is not kept"
    );
    feed.kept(first);
    assert_eq!(feed.standing().until, Some(START));
}
