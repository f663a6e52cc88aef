//! What `breachscope detect list` says, and where each detection lies in the tree.

use crate::checkout::Checkout;
use crate::product::Product;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const CASES: &str = "crates/detect/cases";

/// The catalogue and the project's own Sigma rules, by section.
pub(crate) struct Listing {
    /// In the order of the catalogue; the rules behind it.
    pub(crate) sections: Vec<Section>,
}

/// Detections that lie in one folder.
pub(crate) struct Section {
    /// Its heading.
    pub(crate) title: String,
    /// What lies in it.
    pub(crate) entries: Vec<Entry>,
}

/// A detection or rule as it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    /// Its id.
    pub(crate) detection: String,
    /// What it is called.
    pub(crate) title: String,
    /// When its findings have which severity.
    pub(crate) severity: String,
    /// ATT&CK's ids.
    pub(crate) mitre: Vec<String>,
    /// Where its records come from.
    pub(crate) sources: Vec<String>,
    /// What it cannot do without.
    pub(crate) needs: Vec<String>,
    /// How it reaches its verdict.
    pub(crate) method: String,
    /// What decides.
    pub(crate) decides: String,
    /// What looks alike and is benign.
    pub(crate) benign: String,
    /// What nobody could test against a real record.
    pub(crate) untested: String,
    /// The rule itself, where it is one in Sigma; else the story that tests it.
    pub(crate) file: String,
}

#[derive(Deserialize)]
struct Answer {
    detections: Vec<Entry>,
    unusable: Vec<Unusable>,
}

#[derive(Deserialize)]
struct Unusable {
    file: String,
    unusable: String,
}

impl Listing {
    /// Asks the program.
    pub(crate) fn ask(checkout: &Checkout, product: &Product) -> Result<Self> {
        let data = checkout.scratch("docs")?;
        let asked = ["--format", "json", "--quiet", "detect", "list"];
        let output = product.output(&data, &asked)?;
        let talk = String::from_utf8_lossy(&output.stderr);
        let answer: Answer = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("there is no list of detections: {talk}"))?;
        for one in &answer.unusable {
            let is_rule = Path::new(&one.file)
                .extension()
                .is_some_and(|ending| ending == "yml");
            ensure!(!is_rule, "`{}` cannot be used: {}", one.file, one.unusable);
        }
        Self::sorted(answer.detections, &cases(checkout)?)
    }

    /// Puts each detection into the section of its folder; a section comes where its first one does.
    fn sorted(mut entries: Vec<Entry>, cases: &BTreeMap<String, String>) -> Result<Self> {
        // Rules come as the builder's file system lists them; detections have no file yet.
        entries.sort_by(|left, right| left.file.cmp(&right.file));
        let mut sections: Vec<Section> = Vec::new();
        for mut entry in entries {
            if !entry.is_sigma() {
                let case = cases.get(&entry.detection);
                let case = case.with_context(|| format!("`{}` has no case", entry.detection))?;
                entry.file.clone_from(case);
            }
            let title = entry.section();
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.entries.push(entry),
                None => sections.push(Section {
                    title,
                    entries: vec![entry],
                }),
            }
        }
        Ok(Self { sections })
    }

    /// Returns everything that is listed.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.entries)
    }
}

impl Entry {
    /// Returns whether it is a rule in Sigma.
    pub(crate) fn is_sigma(&self) -> bool {
        self.method == "Sigma"
    }

    /// Returns the short name: the id of a detection, the file of a rule.
    pub(crate) fn name(&self) -> String {
        if !self.is_sigma() {
            return self.detection.clone();
        }
        let stem = Path::new(&self.file).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// Returns its heading.
    pub(crate) fn heading(&self) -> String {
        format!("{}: {}", self.name(), self.title)
    }

    /// Returns the short name as a link to where the page of detections tells of it.
    pub(crate) fn link(&self) -> String {
        format!(
            "[{}](detections.md#{})",
            self.name(),
            anchor(&self.heading())
        )
    }

    fn section(&self) -> String {
        let folder = Path::new(&self.file).parent().and_then(Path::file_name);
        let words = folder.unwrap_or_default().to_string_lossy();
        let words = words.replace('_', " ").replace("sign in", "sign-in");
        if self.is_sigma() {
            return format!("Sigma rules: {words}");
        }
        let mut letters = words.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// Returns the anchor that a page gives a heading.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        other => other.is_alphanumeric().then_some(other),
    });
    kept.collect()
}

/// Returns the story of each detection, by its id.
fn cases(checkout: &Checkout) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for section in names_in(&checkout.path(CASES))? {
        for name in names_in(&checkout.path(&format!("{CASES}/{section}")))? {
            if let Some(id) = name.strip_suffix(".md") {
                found.insert(id.to_owned(), format!("{CASES}/{section}/{name}"));
            }
        }
    }
    Ok(found)
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?
    {
        let entry = entry.with_context(|| format!("cannot list `{}`", folder.display()))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_by_their_anchors() {
        assert_eq!(
            anchor("SIG-15: A tool's agent, `az` or curl"),
            "sig-15-a-tools-agent-az-or-curl"
        );
        assert_eq!(
            anchor("azure_disk_deleted: Disk deleted"),
            "azure_disk_deleted-disk-deleted"
        );
    }

    #[test]
    fn a_section_is_named_after_its_folder() {
        let check = |method: &str, file: &str, expected: &str| {
            let entry = Entry {
                detection: String::new(),
                title: String::new(),
                severity: String::new(),
                mitre: Vec::new(),
                sources: Vec::new(),
                needs: Vec::new(),
                method: method.to_owned(),
                decides: String::new(),
                benign: String::new(),
                untested: String::new(),
                file: file.to_owned(),
            };
            assert_eq!(entry.section(), expected);
        };
        check("sequence", "cases/inbox_rules/INB-08.md", "Inbox rules");
        check("baseline", "cases/sign_ins/SIG-02.md", "Sign-ins");
        check("Sigma", "rules/sigma/storage/x.yml", "Sigma rules: storage");
    }
}
