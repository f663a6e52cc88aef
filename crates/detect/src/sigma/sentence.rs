//! What a match of a rule tells a person: whom it concerns, why, and what would have kept it silent.

use super::record::Record;
use super::route::Route;
use super::rule::Rule;
use crate::seen::Seen;
use model::shown::shown;

/// How much of a value is shown.
const SHOWN: usize = 60;
/// How many fields a sentence names.
const NAMED: usize = 4;

/// A person where the record names one: who acted, or else who was acted on.
pub(super) fn user(seen: &Seen<'_>, record: &Record<'_>) -> String {
    let person = seen.person();
    if person.contains('@') {
        return person.to_owned();
    }
    let target = seen.target();
    if target.contains('@') {
        return target;
    }
    let inner = record.field(Route::Kubernetes, "user.username");
    match inner {
        Some(name) if person.is_empty() => name.shown(),
        _ => person.to_owned(),
    }
}

/// Returns the title with the fields that decided.
pub(super) fn why(rule: &Rule, fields: &[(String, String)]) -> String {
    if fields.is_empty() {
        return rule.title.clone();
    }
    let parts: Vec<String> = fields
        .iter()
        .take(NAMED)
        .map(|(field, value)| format!("{field} is `{}`", cut(value)))
        .collect();
    format!("{}: {}", rule.title, parts.join(", "))
}

/// Returns what would have kept it silent.
pub(super) fn silent_if(rule: &Rule) -> String {
    let benign: Vec<&str> = rule
        .benign
        .iter()
        .map(String::as_str)
        .filter(|one| !one.eq_ignore_ascii_case("unknown"))
        .collect();
    let other = "a field that decided had another value";
    if benign.is_empty() {
        return other.to_owned();
    }
    format!(
        "{other}; the rule itself knows as benign: {}",
        benign.join("; ")
    )
}

/// Returns the beginning of a text that an intruder may have written.
fn cut(text: &str) -> String {
    let safe = shown(text);
    match safe.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &safe[..at]),
        None => safe.into_owned(),
    }
}
