//! The page of all detections, a section a folder.

use super::ORIGIN;
use super::listing::{Entry, Listing, anchor};
use super::techniques;
use std::fmt::Write;

const OPENING: &str = "
# Detections

What `breachscope detect` looks for, in each detection's own words: what decides, how urgent its findings are, what looks alike and is benign, and what of it nobody could test against a real record.
[`coverage.md`](coverage.md) shows the same by ATT&CK technique and by source.

A detection is silent where its sources are missing; `breachscope detect` says then which ones were blind.
Any one of the sources is enough; what a detection needs, it cannot do without.
";

/// Returns the page.
pub(super) fn page(listing: &Listing) -> String {
    let mut page = String::from(ORIGIN);
    page.push_str(OPENING);
    contents(listing, &mut page);
    for section in &listing.sections {
        let _ = writeln!(page, "\n## {}", section.title);
        for entry in &section.entries {
            detection(entry, &mut page);
        }
    }
    page
}

fn contents(listing: &Listing, page: &mut String) {
    let rules = listing.entries().filter(|entry| entry.is_sigma()).count();
    let native = listing.entries().count() - rules;
    let _ = writeln!(
        page,
        "\nThe catalogue holds {native} detections, and {rules} rules in Sigma come with the program.\n"
    );
    page.push_str("| section | detections |\n|---|---:|\n");
    for section in &listing.sections {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} |",
            section.title,
            anchor(&section.title),
            section.entries.len()
        );
    }
}

fn detection(entry: &Entry, page: &mut String) {
    let _ = writeln!(page, "\n### {}\n\n{}\n", entry.heading(), entry.decides);
    let techniques: Vec<String> = entry.mitre.iter().map(|id| techniques::link(id)).collect();
    let about = if entry.is_sigma() { "Rule" } else { "Case" };
    let shown = entry.file.rsplit('/').next().unwrap_or_default();
    for (name, text) in [
        ("Severity", entry.severity.clone()),
        ("Benign", entry.benign.clone()),
        ("ATT&CK", techniques.join(", ")),
        ("Sources", entry.sources.join(", ")),
        ("Needs", entry.needs.join(", ")),
        ("Method", entry.method.clone()),
        ("Untested", entry.untested.clone()),
        (about, format!("[{shown}](../{})", entry.file)),
    ] {
        if !text.is_empty() {
            let _ = writeln!(page, "- **{name}:** {text}");
        }
    }
}
