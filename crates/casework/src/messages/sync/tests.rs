//! Which synchronisations are evidence, and what time each of them covers.

use super::*;
use crate::interval::MINUTE;
use crate::messages::case::{CUSTOMERS, Case, INBOX, at, between, synced};

const TWO: i64 = 120;
const SIXTY_TWO: i64 = 62 * 60;

fn during(case: &Case) -> Vec<Interval> {
    let windows = case.syncs.windows.iter();
    windows.map(|window| window.during).collect()
}

#[test]
fn a_synchronisation_lasts_until_the_next_of_its_session_and_folder() {
    let mut case = Case::default();
    case.intruder("s", &["r1", "r2", "r3"]);
    case.lasting_until(20_000);
    case.synced(&[
        synced("r2", INBOX, "Inbox", 9_000),
        synced("r1", INBOX, "Inbox", 5_000),
        synced("r3", CUSTOMERS, "Customers", 7_000),
    ]);
    assert_eq!(
        during(&case),
        [
            between(5_000 - TWO, 9_000 + SIXTY_TWO),
            between(7_000 - TWO, 20_000 + SIXTY_TWO),
            between(9_000 - TWO, 20_000 + SIXTY_TWO),
        ]
    );
}

#[test]
fn a_session_without_later_records_ends_with_its_last_synchronisation() {
    let mut case = Case::default();
    case.intruder("s", &["r1"]);
    case.synced(&[synced("r1", INBOX, "Inbox", 5_000)]);
    assert_eq!(during(&case), [between(5_000 - TWO, 5_000 + SIXTY_TWO)]);
}

#[test]
fn only_an_intruder_with_a_session_is_told_from_the_owner() {
    let mut case = Case::default();
    case.intruder("", &["r1"]);
    case.intruder("s", &["r2"]);
    case.unknown("u", &["r3"]);
    case.owner("o", &["r4"]);
    case.context("svc", Verdict::Service, Confidence::High, &["r5"]);
    let rows: Vec<Handled> = ["r1", "r2", "r3", "r4", "r5", "r6"]
        .into_iter()
        .map(|record| synced(record, INBOX, "Inbox", 5_000))
        .collect();
    case.synced(&rows);
    let standing: Vec<(&str, Verdict)> = case
        .syncs
        .windows
        .iter()
        .map(|window| (window.record.as_str(), window.verdict))
        .collect();
    assert_eq!(
        standing,
        [
            ("r1", Verdict::Unknown),
            ("r2", Verdict::Intruder),
            ("r3", Verdict::Unknown),
            ("r6", Verdict::Unknown),
        ]
    );
}

#[test]
fn what_failed_and_what_somebody_unknown_did_outside_the_window_is_no_evidence() {
    let mut case = Case::default();
    case.unknown("u", &["r1", "r2"]);
    case.intruder("s", &["r3", "r4"]);
    let failed = Handled {
        failed: true,
        ..synced("r4", INBOX, "Inbox", 5_000)
    };
    case.synced(&[
        synced("r1", INBOX, "Inbox", 900_000),
        synced("r2", INBOX, "Inbox", 5_000),
        synced("r3", INBOX, "Inbox", 900_000),
        failed,
    ]);
    let records: Vec<&str> = case
        .syncs
        .windows
        .iter()
        .map(|window| window.record.as_str())
        .collect();
    assert_eq!(records, ["r2", "r3"]);
}

#[test]
fn five_folders_within_a_minute_are_the_whole_mailbox_and_four_are_not() {
    let mut case = Case::default();
    let id = case.intruder("s", &["r0", "r1", "r2", "r3", "r4", "r9"]);
    let burst: Vec<Handled> = (0..5)
        .map(|number: i64| {
            let folder = format!("folder-{number}");
            synced(&format!("r{number}"), &folder, &folder, 5_000 + 15 * number)
        })
        .collect();
    let mut rows = burst.clone();
    rows.push(synced("r9", "folder-9", "folder-9", 50_000));
    case.synced(&rows);
    let [whole] = case.syncs.whole_mailbox.as_slice() else {
        panic!("{:?}", case.syncs.whole_mailbox)
    };
    assert_eq!(whole.folders.len(), 5);
    assert_eq!(whole.contexts, [id].into());
    assert_eq!(whole.during, Interval::new(at(5_000), at(5_060)));
    assert_eq!(whole.during.length(), MINUTE);

    case.synced(&burst[1..]);
    assert_eq!(case.syncs.whole_mailbox, []);
}

#[test]
fn the_owners_outlook_is_no_download_by_the_intruder() {
    let mut case = Case::default();
    case.owner("o", &["r0", "r1", "r2", "r3", "r4"]);
    let rows: Vec<Handled> = (0..5)
        .map(|number| synced(&format!("r{number}"), &format!("f{number}"), "", 5_000))
        .collect();
    case.synced(&rows);
    assert!(case.syncs.windows.is_empty());
    assert!(case.syncs.whole_mailbox.is_empty());
}

#[test]
fn two_bursts_apart_are_two() {
    let mut case = Case::default();
    let records: Vec<String> = (0..10).map(|number| format!("r{number}")).collect();
    let names: Vec<&str> = records.iter().map(String::as_str).collect();
    case.intruder("s", &names);
    let rows: Vec<Handled> = records
        .iter()
        .enumerate()
        .map(|(number, record)| {
            let folder = format!("f{}", number % 5);
            let second = if number < 5 { 5_000 } else { 6_000 };
            synced(record, &folder, &folder, second)
        })
        .collect();
    case.synced(&rows);
    assert_eq!(case.syncs.whole_mailbox.len(), 2);
}

#[test]
fn a_synchronisation_without_a_time_may_have_been_at_any() {
    let mut case = Case::default();
    case.intruder("s", &["r1"]);
    case.synced(&[Handled {
        time: None,
        ..synced("r1", INBOX, "Inbox", 0)
    }]);
    assert_eq!(during(&case), [Interval::ALL]);
}
