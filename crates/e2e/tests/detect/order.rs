//! The same records in any order, in one run or in two, once or twice: the same findings.

use super::{answers, demo};
use crate::house::{Chance, House, checkout, real_data, real_files};
use std::path::{Path, PathBuf};

/// The deals that are tried with the demo, and with real evidence.
const SEEDS: [u64; 6] = [1, 2, 3, 5, 8, 13];
const REAL_SEEDS: [u64; 4] = [1, 2, 3, 4];

/// How many of a hundred records come in both halves.
const TWICE: u64 = 15;

/// A file of evidence that can be dealt out: what stands at its top, and a record a line.
struct Deck {
    name: String,
    top: String,
    records: Vec<String>,
}

#[test]
fn the_demo_in_any_order_and_in_two_imports_gives_the_same_findings() {
    let expected = in_one_run(&demo());
    for seed in SEEDS {
        let mut chance = Chance(seed);
        let house = House::new();
        let decks = decks();
        let halves = [0, 1].map(|half| house.path(&format!("half-{half}")));
        for deck in &decks {
            deck.deal(&halves, &mut chance);
        }
        assert_eq!(answers(&house, &halves), expected, "seed {seed}, files");
        assert_eq!(in_two_runs(&house, &halves), expected, "seed {seed}, lake");
    }
}

/// Months apart, so that a baseline of the second half rests on the first.
#[test]
fn real_evidence_in_any_order_and_in_two_imports_gives_the_same_findings() {
    let Some(data) = real_data("the order of real evidence") else {
        return;
    };
    let paths = real_files(&data, "invictus-ual-auditdata-", ".jsonl");
    let expected = in_one_run(&paths);
    let mut records = Vec::new();
    for path in &paths {
        records.extend(records_of(path));
    }
    for seed in REAL_SEEDS {
        let house = House::new();
        let deck = Deck {
            name: "audit.jsonl".to_owned(),
            top: String::new(),
            records: records.clone(),
        };
        let halves = [0, 1].map(|half| house.path(&format!("half-{half}")));
        // Every other deal cuts the records at a moment, as a weekly export does.
        if seed % 2 == 0 {
            deck.deal(&halves, &mut Chance(seed));
        } else {
            deck.cut(&halves, &mut Chance(seed));
        }
        assert_eq!(answers(&house, &halves), expected, "seed {seed}, files");
        assert_eq!(in_two_runs(&house, &halves), expected, "seed {seed}, lake");
    }
}

/// Returns what one run finds, in files as in a lake of them.
fn in_one_run(paths: &[PathBuf]) -> [String; 2] {
    let house = House::new();
    let of_files = answers(&house, paths);
    assert!(of_files[0].lines().count() > 10, "{}", of_files[0]);
    house.import(paths);
    assert_eq!(
        answers(&house, &[]),
        of_files,
        "the lake says what the files say"
    );
    of_files
}

/// Imports each half and looks for findings after each; returns what is found at last.
fn in_two_runs(house: &House, halves: &[PathBuf; 2]) -> [String; 2] {
    for half in halves {
        house.import(std::slice::from_ref(half));
        answers(house, &[]);
    }
    answers(house, &[])
}

impl Deck {
    /// Writes each record to one half or to both, in an order of its own.
    fn deal(&self, halves: &[PathBuf; 2], chance: &mut Chance) {
        let mut dealt = [Vec::new(), Vec::new()];
        for record in &self.records {
            let whose = chance.below(2) as usize;
            dealt[whose].push(record.as_str());
            if chance.below(100) < TWICE {
                dealt[1 - whose].push(record);
            }
        }
        for (half, mut records) in halves.iter().zip(dealt) {
            chance.shuffle(&mut records);
            self.write(half, &records);
        }
    }

    /// Writes what is before a moment to one half and the rest to the other, either first.
    fn cut(&self, halves: &[PathBuf; 2], chance: &mut Chance) {
        let mut records: Vec<&str> = self.records.iter().map(String::as_str).collect();
        records.sort_by_key(|record| time_of(record));
        let at = chance.below(records.len() as u64) as usize;
        let first = chance.below(2) as usize;
        let (before, after) = records.split_at(at);
        self.write(&halves[first], before);
        self.write(&halves[1 - first], after);
    }

    fn write(&self, folder: &Path, records: &[&str]) {
        std::fs::create_dir_all(folder).expect("a folder can be made");
        let text = format!("{}{}\n", self.top, records.join("\n"));
        std::fs::write(folder.join(&self.name), text).expect("a half can be written");
    }
}

fn time_of(record: &str) -> &str {
    let begin = record.find("\"CreationTime\":\"").unwrap_or_default();
    record.get(begin..begin + 35).unwrap_or_default()
}

/// Returns the files of the demo: tables with a header, and the portal's list of sign-ins.
fn decks() -> Vec<Deck> {
    let export = checkout().join("demo/export");
    let mut decks = Vec::new();
    for name in [
        "purview-audit.csv",
        "search-unifiedauditlog.csv",
        "message-trace.csv",
    ] {
        let mut lines = records_of(&export.join(name));
        let records = lines.split_off(1);
        decks.push(Deck {
            name: name.to_owned(),
            top: format!("{}\n", lines.concat()),
            records,
        });
    }
    let list = records_of(&export.join("signins.json"));
    let records = list.iter().filter(|line| line.starts_with('{'));
    decks.push(Deck {
        name: "signins.jsonl".to_owned(),
        top: String::new(),
        records: records
            .map(|line| line.trim_end_matches(',').to_owned())
            .collect(),
    });
    decks
}

fn records_of(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("the evidence can be read");
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(str::to_owned).collect()
}
