//! The page of what is covered: ATT&CK's techniques, and sources, against detections.

use super::ORIGIN;
use super::listing::{Entry, Listing};
use super::techniques;
use std::collections::BTreeMap;
use std::fmt::Write;

const OPENING: &str = "
# Coverage

Which technique is looked for by which detection, and which detections a source feeds.
[`detections.md`](detections.md) tells what each of them does.

A technique that is listed is looked for in these ways, and in no others: the table is no promise that every use of it is found.
";

const SOURCES: &str = "
## Sources

Any one of its sources is enough for a detection; one that stands in several lines is blind only where all of them are missing.
";

const RULES: &str = "
## Log sources of the Sigma rules
";

const NEEDS: &str = "
## What a detection cannot do without
";

const UNTESTED: &str = "
## Not tested against real records

Nobody who wrote these had a real record for all of it; the records of their cases are made after documentation.
What exactly is untested stands beside each.
";

/// Detections by a word that they carry.
type Matrix<'a> = BTreeMap<&'a str, Vec<&'a Entry>>;

/// Returns the page.
pub(super) fn page(listing: &Listing) -> String {
    let mut page = String::from(ORIGIN);
    page.push_str(OPENING);
    attack(listing, &mut page);
    let native: Vec<&Entry> = listing.entries().filter(|one| !one.is_sigma()).collect();
    let rules: Vec<&Entry> = listing.entries().filter(|one| one.is_sigma()).collect();
    sources(&native, &mut page);
    let needs = by(&native, |one| &one.needs);
    table(NEEDS, "needed", &needs, &mut page);
    let logs = by(&rules, |one| &one.sources);
    table(RULES, "product/service", &logs, &mut page);
    let untested = native.iter().filter(|one| !one.untested.is_empty());
    let _ = writeln!(page, "{UNTESTED}\n{}", links(untested.copied()));
    page
}

fn attack(listing: &Listing, page: &mut String) {
    let all: Vec<&Entry> = listing.entries().collect();
    page.push_str("\n## ATT&CK\n\n| technique | detections | Sigma rules |\n|---|---|---|\n");
    for (technique, entries) in by(&all, |one| &one.mitre) {
        let (rules, native): (Vec<&Entry>, Vec<&Entry>) =
            entries.into_iter().partition(|one| one.is_sigma());
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            techniques::link(technique),
            links(native),
            links(rules)
        );
    }
    let unnamed = listing.entries().filter(|one| one.mitre.is_empty());
    let _ = writeln!(page, "\nWithout a technique: {}.", links(unnamed));
}

/// Tells which detections a source feeds; those that every source feeds are told once.
fn sources(native: &[&Entry], page: &mut String) {
    let many = by(native, |one| &one.sources).len();
    let (every, some): (Vec<&Entry>, Vec<&Entry>) =
        native.iter().partition(|one| one.sources.len() == many);
    table(SOURCES, "source", &by(&some, |one| &one.sources), page);
    let _ = writeln!(page, "| any of them | {} |", links(every));
}

/// Sorts detections by words of theirs.
fn by<'a>(entries: &[&'a Entry], words: impl Fn(&'a Entry) -> &'a [String]) -> Matrix<'a> {
    let mut matrix = Matrix::new();
    for entry in entries {
        for word in words(entry) {
            matrix.entry(word).or_default().push(entry);
        }
    }
    matrix
}

fn table(opening: &str, head: &str, matrix: &Matrix<'_>, page: &mut String) {
    let _ = writeln!(page, "{opening}\n| {head} | detections |\n|---|---|");
    for (word, entries) in matrix {
        let _ = writeln!(page, "| {word} | {} |", links(entries.iter().copied()));
    }
}

fn links<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let links: Vec<String> = entries.into_iter().map(Entry::link).collect();
    links.join(" ")
}
