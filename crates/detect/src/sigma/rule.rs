//! A rule as outputs show it, and one that is not used.

use super::library::{Draft, Refused};
use model::Severity;

/// A rule that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What its findings are called in outputs: `sigma:` and its id, or its title.
    pub detection: String,
    /// Its id; empty where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says of itself.
    pub description: String,
    /// How urgent its findings are.
    pub severity: Severity,
    /// ATT&CK's ids.
    pub attack: Vec<String>,
    /// The log it is written for: `azure/auditlogs`; `correlation` for one over other rules.
    pub logsource: String,
    /// How mature it calls itself.
    pub status: String,
    /// Who wrote it.
    pub author: String,
    /// What looks alike and is benign.
    pub benign: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// Why no record can match it, although it is run; nothing where one can.
    pub never: Option<String>,
}

impl Rule {
    pub(super) fn new(draft: &Draft, file: &str) -> Self {
        let name = if draft.id.is_empty() {
            slug(&draft.title)
        } else {
            draft.id.clone()
        };
        Self {
            detection: format!("sigma:{name}"),
            id: draft.id.clone(),
            title: draft.title.clone(),
            description: draft.description.clone(),
            severity: draft.severity,
            attack: draft.attack.clone(),
            logsource: draft.logsource.clone(),
            status: draft.status.clone(),
            author: draft.author.clone(),
            benign: draft.benign.clone(),
            file: file.to_owned(),
            never: draft.never.clone(),
        }
    }
}

/// A rule that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The file it stands in.
    pub file: String,
    /// Its title; empty where it could not be read so far.
    pub title: String,
    /// Its id; empty where it has none.
    pub id: String,
    /// Why.
    pub why: String,
}

impl Unusable {
    pub(super) fn of(rule: &Rule, why: String) -> Self {
        Self {
            file: rule.file.clone(),
            title: rule.title.clone(),
            id: rule.id.clone(),
            why,
        }
    }

    pub(super) fn new(refused: Refused, file: &str) -> Self {
        Self {
            file: file.to_owned(),
            title: refused.title,
            id: refused.id,
            why: refused.why,
        }
    }
}

fn slug(title: &str) -> String {
    let mut text = String::new();
    for character in title.chars() {
        if character.is_alphanumeric() {
            text.extend(character.to_lowercase());
        } else if !text.ends_with('-') {
            text.push('-');
        }
    }
    text.trim_matches('-').to_owned()
}
