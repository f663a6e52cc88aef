//! Damaged inputs: each gives the records that can be saved, says what it could not read,
//! and never ends in silence.

use crate::house::{House, real_data};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

#[test]
fn every_damaged_file_gives_what_is_expected_of_it() {
    let Some(data) = real_data("the damaged inputs") else {
        return;
    };
    let expectations = expectations(
        &std::fs::read_to_string(data.join("dirty/EXPECT.csv")).expect("EXPECT.csv can be read"),
    );
    assert_eq!(expectations.len(), 57, "EXPECT.csv lists 57 files");
    let mut complaints = Vec::new();
    for expectation in &expectations {
        let house = House::new();
        let (report, code) = house.import(&[data.join("dirty").join(&expectation.file)]);
        complaints.extend(expectation.complaints(&report, code));
    }
    let good = expectations
        .iter()
        .filter(|one| {
            !complaints
                .iter()
                .any(|text: &String| text.starts_with(&one.file))
        })
        .count();
    println!(
        "{good} of {} damaged inputs as expected",
        expectations.len()
    );
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_spelling_of_a_time_is_the_same_second_in_utc() {
    let Some(data) = real_data("the spellings of time") else {
        return;
    };
    let house = House::new();
    house.import(&[data.join("dirty/25-dates.jsonl")]);
    let rows = house.run(&[
        "--format",
        "jsonl",
        "sql",
        "SELECT record_id, time FROM unified",
    ]);
    let times: BTreeMap<String, Option<String>> = rows.lines().iter().map(time_of).collect();
    let text = std::fs::read_to_string(data.join("dirty/25-dates.expect.json"))
        .expect("the expected times can be read");
    let expected: Vec<Value> = serde_json::from_str(&text).expect("the expected times are JSON");
    for entry in expected {
        let id = entry["id"].as_str().unwrap_or_default();
        let second = entry["utc"].as_str().map(|utc| utc[..19].to_string());
        assert_eq!(times.get(id), Some(&second), "{entry}");
    }
}

/// Returns a row's id and its time to the second, none when it is undated.
fn time_of(row: &Value) -> (String, Option<String>) {
    let id = row["record_id"].as_str().unwrap_or_default().to_string();
    let second = row["time"]
        .as_str()
        .map(|time| time[..19].replace(' ', "T"));
    (id, second)
}

#[test]
fn a_record_of_five_megabytes_names_its_six_messages() {
    let Some(data) = real_data("the huge record") else {
        return;
    };
    let house = House::new();
    house.import(&[data.join("dirty/21-huge-record-5MB.jsonl")]);
    let first = house.lines(&["--type", "bind"]);
    assert_eq!(first.len(), 6, "{first:?}");
}

#[test]
fn a_port_or_bracket_is_no_part_of_an_address() {
    let Some(data) = real_data("the spellings of addresses") else {
        return;
    };
    let house = House::new();
    house.import(&[data.join("dirty/27-ip-formats.jsonl")]);
    let rows = house.run(&[
        "--format",
        "jsonl",
        "sql",
        "SELECT DISTINCT address FROM unified ORDER BY address",
    ]);
    let addresses: BTreeSet<String> = rows
        .lines()
        .iter()
        .filter_map(|row| row["address"].as_str())
        .map(str::to_string)
        .collect();
    for address in [
        "2603:10a6:800:125::13",
        "178.85.138.132",
        "2603:1026:c02:282a::5",
        "::1",
        "80.114.221.214",
    ] {
        assert!(
            addresses.contains(address),
            "{address} is not in {addresses:?}"
        );
    }
    assert_eq!(addresses.len(), 5, "{addresses:?}");
}

struct Expectation {
    file: String,
    records: RangeInclusive<u64>,
    errors: u64,
}

impl Expectation {
    fn complaints(&self, report: &Value, code: i32) -> Vec<String> {
        let mut complaints = Vec::new();
        let new = report["new"].as_u64().unwrap_or(u64::MAX);
        if !self.records.contains(&new) {
            complaints.push(format!(
                "{}: kept {new} records, not {:?}: {report}",
                self.file, self.records
            ));
        }
        let errors = report["files"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|file| file["errors"].as_array());
        let errors: Vec<&Value> = errors.flatten().collect();
        if errors.len() as u64 != self.errors {
            complaints.push(format!(
                "{}: {} errors, not {}: {report}",
                self.file,
                errors.len(),
                self.errors
            ));
        }
        if errors.iter().any(|error| {
            error["where"].as_str().is_none() || error["what"].as_str().is_none_or(str::is_empty)
        }) {
            complaints.push(format!(
                "{}: an error without place or cause: {report}",
                self.file
            ));
        }
        let expected = if self.errors > 0 { 3 } else { 0 };
        if code != expected {
            complaints.push(format!("{}: ended with {code}, not {expected}", self.file));
        }
        complaints
    }
}

/// Reads the first three columns, which hold no quotes: file, good records, errors.
fn expectations(csv: &str) -> Vec<Expectation> {
    let rows = csv.lines().skip(1).filter(|line| !line.trim().is_empty());
    let cells = rows.map(|line| line.splitn(4, ',').collect::<Vec<_>>());
    cells
        .map(|cells| Expectation {
            file: cells[0].to_string(),
            records: range(cells[1]),
            errors: number(cells[2]),
        })
        .collect()
}

fn range(text: &str) -> RangeInclusive<u64> {
    if let Some(least) = text.strip_prefix(">=") {
        return number(least)..=u64::MAX;
    }
    match text.split_once('-') {
        Some((least, most)) => number(least)..=number(most),
        None => number(text)..=number(text),
    }
}

fn number(text: &str) -> u64 {
    text.parse()
        .unwrap_or_else(|_| panic!("`{text}` is not a number"))
}
