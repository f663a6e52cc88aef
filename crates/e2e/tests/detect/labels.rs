//! Labelled records of a rule set: what should raise an alert has a finding, what should not has
//! none that is worth a look.
//!
//! Each line is a test of its own in that rule set, made up by hand: some share their ids, so each
//! is looked at alone.

use super::{is_at_least, lines};
use crate::house::{House, real_data, real_files};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What should raise an alert and has no finding, each with why: file, line, reason.
const MISSED: &[(&str, usize, &str)] = &[(
    "panther-microsoft365-audit-azureactivedirectory",
    1,
    "one wrong password: their rule counts ten in an hour, its test shows a single one, and a \
     single one is no brute force",
)];

/// A line with what its label says of it.
pub(super) struct Labelled {
    file: String,
    number: usize,
    pub(super) is_alert: bool,
    pub(super) text: String,
}

#[test]
fn labelled_alerts_are_found_and_the_others_left_alone() {
    let Some(data) = real_data("the labelled records") else {
        return;
    };
    let labelled: Vec<Labelled> = ["panther-azure-audit", "panther-microsoft365-audit-"]
        .iter()
        .flat_map(|begin| real_files(&data, begin, ".jsonl"))
        .flat_map(|path| labelled(&path))
        .filter(Labelled::is_of_microsoft)
        .collect();
    let (alerts, others): (Vec<_>, Vec<_>) = labelled.iter().partition(|one| one.is_alert);
    let house = House::new();
    let missed: Vec<(&str, usize)> = alerts
        .iter()
        .filter(|one| findings(&house, one).is_empty())
        .map(|one| (one.file.as_str(), one.number))
        .collect();
    let wrong: Vec<(&str, usize)> = others
        .iter()
        .filter(|one| {
            findings(&house, one)
                .iter()
                .any(|line| is_at_least(line, "medium"))
        })
        .map(|one| (one.file.as_str(), one.number))
        .collect();
    println!(
        "{} of {} alerts found, {} of {} others raised",
        alerts.len() - missed.len(),
        alerts.len(),
        wrong.len(),
        others.len()
    );
    let known: Vec<(&str, usize)> = MISSED
        .iter()
        .map(|(file, line, _)| (*file, *line))
        .collect();
    assert_eq!(missed, known, "each that is missed is named here with why");
    assert!(missed.len() * 10 <= alerts.len(), "{missed:?}");
    assert!(wrong.len() * 20 <= others.len(), "{wrong:?}");
}

/// Returns the lines of a file with their labels.
pub(super) fn labelled(path: &Path) -> Vec<Labelled> {
    let read = |path: PathBuf| std::fs::read_to_string(path).expect("real evidence can be read");
    let labels = read(path.with_extension("labels.csv"));
    let records = read(path.to_owned());
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut all = Vec::new();
    for (at, (label, text)) in labels.lines().skip(1).zip(records.lines()).enumerate() {
        let is_alert = match (label.contains(",True,"), label.contains(",False,")) {
            (true, false) => true,
            (false, true) => false,
            _ => panic!("{name}, line {}: no label in `{label}`", at + 1),
        };
        all.push(Labelled {
            file: name.to_string(),
            number: at + 1,
            is_alert,
            text: text.to_owned(),
        });
    }
    all
}

impl Labelled {
    /// The files also hold records of other vendors, with which their rules are shown to be silent.
    fn is_of_microsoft(&self) -> bool {
        let record: Value = serde_json::from_str(&self.text).expect("a labelled line is JSON");
        record["p_log_type"]
            .as_str()
            .is_none_or(|kind| kind.starts_with("Azure.Audit") || kind.starts_with("Microsoft365."))
    }
}

fn findings(house: &House, one: &Labelled) -> Vec<Value> {
    let path = house.write("labelled.jsonl", format!("{}\n", one.text));
    lines(house, &[], &[path])
}
