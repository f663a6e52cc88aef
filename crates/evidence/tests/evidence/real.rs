//! Every real file against the number of records its manifest states.

use crate::seen::{Seen, read, shared};
use evidence::Ended;
use std::fs::{self, File};

#[test]
fn every_real_file_gives_the_records_of_its_manifest() {
    let Some(folder) = shared("real") else { return };
    let manifest = fs::read_to_string(folder.join("MANIFEST.csv")).expect("MANIFEST.csv");
    let mut failures = Vec::new();
    let mut files = 0;
    for line in manifest.lines().skip(1).filter(|line| !line.is_empty()) {
        let cells = cells(line);
        let (file, format, wanted) = (
            &cells[0],
            &cells[6],
            cells[7].parse::<usize>().expect("a number"),
        );
        let mut input = File::open(folder.join(file)).expect("the file");
        let seen = crate::seen::read_from(&mut input, &evidence::Options::default());
        files += 1;
        if let Err(why) = check(&seen, format == "labels", wanted) {
            failures.push(format!(
                "{file} ({format}): {why} {:?} {:?} {:?}",
                seen.summary, seen.rejects, seen.errors
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {files}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn check(seen: &Seen, labels: bool, wanted: usize) -> Result<(), String> {
    let ended = &seen.summary.ended;
    if labels {
        return if matches!(ended, Ended::NotEvidence(_)) {
            Ok(())
        } else {
            Err("taken as evidence".to_owned())
        };
    }
    let found = seen.records.len() + seen.rejects.len();
    if found == wanted && seen.error_count() == seen.rejects.len() && seen.rejects.len() <= 1 {
        return Ok(());
    }
    Err(format!(
        "{wanted} records expected, {} and {} rejects found",
        seen.records.len(),
        seen.rejects.len()
    ))
}

/// Cuts a line of the manifest, whose quoted cells hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("a cell").push(c),
        }
    }
    cells
}

#[test]
fn lists_of_the_data_itself_are_no_evidence() {
    for (folder, file) in [
        ("real", "MANIFEST.csv"),
        ("dirty", "EXPECT.csv"),
        ("dirty", "EXPECT.json"),
        ("dirty", "25-dates.expect.json"),
    ] {
        let Some(folder) = shared(folder) else { return };
        let seen = read(&fs::read(folder.join(file)).expect("the file"));
        assert!(
            matches!(seen.summary.ended, Ended::NotEvidence(_)),
            "{file}: {:?}",
            seen.summary
        );
    }
}
