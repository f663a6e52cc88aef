//! Records that come later: what is new is looked at and nothing else, and what they change of
//! what was found before is changed.

use super::{NORA, TENANT, answers, detect, is_at_least, lines, of, printed, with_demo};
use crate::house::{House, Run, checkout};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[test]
fn a_second_run_reads_nothing_and_prints_the_same() {
    let house = with_demo();
    let first = detect(&house, &["--format", "jsonl"], &[]);
    assert!(
        !first.stderr.contains("0 records read,"),
        "{}",
        first.stderr
    );
    let second = detect(&house, &["--format", "jsonl"], &[]);
    assert_eq!(second.stdout, first.stdout);
    assert!(
        second.stderr.contains("0 records read,") && second.stderr.contains(", 0 new"),
        "{}",
        second.stderr
    );
    // Records that are known already are no news.
    house.import(&super::demo());
    let third = detect(&house, &["--format", "jsonl"], &[]);
    assert_eq!(third.stdout, first.stdout);
    assert!(third.stderr.contains(", 0 new"), "{}", third.stderr);
    assert_eq!(printed(&house, &["--new"], &[]), "");
}

#[test]
fn a_run_with_nothing_new_is_no_blinder_than_the_one_before() {
    let house = with_demo();
    let blind = || {
        let answer = detect(&house, &["--format", "json"], &[]).json();
        let blind = answer["summary"]["blind"].as_array().cloned();
        blind.expect("a list of the blind")
    };
    let first = blind();
    let names_inb_01 = |one: &Value| one["detection"] == "INB-01";
    assert!(!first.is_empty() && !first.iter().any(names_inb_01));
    assert_eq!(blind(), first);
}

#[test]
fn the_intruders_rule_that_comes_later_completes_what_was_found() {
    let house = House::new();
    let rows = rows_of_audit();
    let is_rule = |row: &&String| row.contains("New-InboxRule");
    let header = &rows[0];
    let without: Vec<&String> = rows.iter().filter(|row| !is_rule(row)).collect();
    let rule: Vec<&String> = rows.iter().filter(is_rule).collect();
    import_rows(&house, &without);
    let first = detect(&house, &["--format", "jsonl"], &[]);
    let before = first.lines();
    assert!(of(&before, "INB-02").is_empty() && of(&before, "COR-01").is_empty());
    import_rows(&house, &[&[header][..], &rule].concat());
    let run = detect(&house, &["--format", "jsonl", "--new"], &[]);
    // What was before the rule is remembered.
    assert!(records_read(&run) < records_read(&first), "{}", run.stderr);
    let new = run.lines();
    assert_eq!(of(&new, "INB-02").len(), 1, "{new:#?}");
    // The sign-in before it was seen by the first run; the chain of both is found by the second.
    assert_eq!(of(&new, "COR-01").len(), 1, "{new:#?}");
    let whole = House::new();
    import_rows(&whole, &rows.iter().collect::<Vec<_>>());
    assert_eq!(answers(&house, &[]), answers(&whole, &[]));
}

#[test]
fn an_old_habit_that_comes_later_takes_back_what_seemed_new() {
    // Without the portal's sign-ins: Entra's own judgement of risk would speak for itself.
    let house = House::new();
    import_rows(&house, &rows_of_audit().iter().collect::<Vec<_>>());
    let before = lines(&house, &[], &[]);
    let chain = of(&before, "COR-01");
    assert_eq!(chain.len(), 1, "{before:#?}");
    assert!(is_at_least(chain[0], "high"), "{}", chain[0]);
    let habit: Vec<String> = (1..=5).map(|day| sign_in(day).to_string()).collect();
    let path = house.write("february.jsonl", habit.join("\n"));
    assert_eq!(house.import(&[path]).1, 0);
    let after = lines(&house, &[], &[]);
    // The network is one from which the account was used a month before: no new hand.
    assert!(of(&after, "COR-01").is_empty(), "{after:#?}");
    assert_eq!(of(&after, "INB-02").len(), 1, "the rule hides mail still");
}

fn records_read(run: &Run) -> usize {
    let first = run.stderr.split(' ').next().unwrap_or_default();
    first
        .parse()
        .unwrap_or_else(|_| panic!("no number of records: {}", run.stderr))
}

/// What can happen to the memory of earlier runs.
type Harm = fn(&Path);

const HARMS: &[(&str, Harm)] = &[
    ("it is gone", |folder| {
        std::fs::remove_dir_all(folder).expect("removed");
    }),
    ("its facts are gone", |folder| {
        for path in files_below(folder, "facts") {
            std::fs::remove_file(path).expect("removed");
        }
    }),
    ("its facts end early", |folder| {
        change(folder, "facts", |bytes| bytes.truncate(bytes.len() / 2));
    }),
    ("a bit of its facts has changed", |folder| {
        change(folder, "facts", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x40;
        });
    }),
    ("its index ends early", |folder| {
        change(folder, "json", |bytes| bytes.truncate(bytes.len() / 2));
    }),
    ("its index is something else", |folder| {
        change(folder, "json", |bytes| *bytes = b"{}".to_vec());
    }),
];

/// The memory is only a copy of what the lake says.
#[test]
fn a_memory_that_is_lost_or_damaged_is_made_anew() {
    let rows = rows_of_audit();
    let (first, second): (Vec<&String>, Vec<&String>) = {
        let (first, second) = rows.split_at(rows.len() / 2);
        (
            first.iter().collect(),
            rows[..1].iter().chain(second).collect(),
        )
    };
    let whole = House::new();
    import_rows(&whole, &rows.iter().collect::<Vec<_>>());
    let expected = answers(&whole, &[]);
    for (what, harm) in HARMS {
        let house = House::new();
        import_rows(&house, &first);
        answers(&house, &[]);
        let memory = house.path("data/detect");
        assert!(
            !files_below(&memory, "facts").is_empty(),
            "there is a memory"
        );
        harm(&memory);
        import_rows(&house, &second);
        assert_eq!(answers(&house, &[]), expected, "{what}");
        assert_eq!(answers(&house, &[]), expected, "{what}, again");
    }
}

#[test]
fn two_runs_at_once_find_what_one_finds() {
    let expected = answers(&with_demo(), &[]);
    let house = with_demo();
    let start = || {
        let mut command = house.command(&["--format", "jsonl", "detect"]);
        command.spawn().expect("the binary starts")
    };
    for run in [start(), start(), start()] {
        let run = Run::of(run.wait_with_output().expect("a run ends"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(run.stdout, expected[0]);
    }
    assert_eq!(answers(&house, &[]), expected);
}

/// Changes the bytes of each file with this ending.
fn change(folder: &Path, ending: &str, harm: impl Fn(&mut Vec<u8>)) {
    for path in files_below(folder, ending) {
        let mut bytes = std::fs::read(&path).expect("a file can be read");
        harm(&mut bytes);
        std::fs::write(&path, bytes).expect("a file can be written");
    }
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found
}

fn rows_of_audit() -> Vec<String> {
    let path = checkout().join("demo/export/purview-audit.csv");
    let text = std::fs::read_to_string(path).expect("the export can be read");
    text.lines().map(str::to_owned).collect()
}

fn import_rows(house: &House, rows: &[&String]) {
    let rows: Vec<&str> = rows.iter().map(|row| row.as_str()).collect();
    let path = house.write("rows.csv", rows.join("\n"));
    let (report, code) = house.import(&[path]);
    assert_eq!(code, 0, "{report}");
}

/// A sign-in of Nora's in February, from the network that the intruder comes from in March.
fn sign_in(day: u32) -> Value {
    json!({
        "CreationTime": format!("2026-02-{day:02}T08:00:00"),
        "Id": format!("7d1d4a6e-0200-4000-8000-0000000000{day:02}"),
        "Operation": "UserLoggedIn", "OrganizationId": TENANT, "RecordType": 15,
        "ResultStatus": "Success", "UserType": 0, "UserId": NORA, "UserKey": "10032001F2A3B4C5",
        "Version": 1, "Workload": "AzureActiveDirectory", "ClientIP": "203.0.113.9",
        "ObjectId": "00000002-0000-0ff1-ce00-000000000000",
        "ApplicationId": "4765445b-32c6-49b0-83e6-1d93765276ca", "ErrorNumber": "0",
        "ExtendedProperties": [
            {"Name": "UserAgent", "Value": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/134.0.0.0 Edg/134.0.0.0"},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"},
        ],
        "DeviceProperties": [{"Name": "OS", "Value": "Windows10"}, {"Name": "BrowserType", "Value": "Edge"}],
    })
}
