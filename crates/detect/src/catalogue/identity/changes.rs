//! What a directory record changed: old and new values, parsed out of the strings they come in.
//!
//! A value is text, JSON, or JSON in strings in lists. Here it becomes a set of leaves, each with
//! the path of keys that leads to it, so that two values are compared by what they say and not by
//! how they are spelled. What a path means is for the detections to know.

use crate::seen::Seen;
use model::Json;
use model::bags::{Bag, Property};
use std::collections::BTreeSet;

/// How deep strings in values may nest before they are only text.
const DEPTH: u8 = 12;
/// How many leaves of one value are read.
const LEAVES: usize = 5000;

type Leaves = BTreeSet<(String, String)>;

/// One changed property, by the leaves of its new and its old value; all in lower case.
pub(super) struct Difference {
    /// What the property is called.
    pub(super) name: String,
    /// The new value as it stands there.
    pub(super) value: String,
    /// The old value as it stands there.
    pub(super) before: String,
    new: Leaves,
    old: Leaves,
}

impl Difference {
    /// Returns the change of the first of these properties that the record changed.
    pub(super) fn of(seen: &Seen<'_>, names: &[&str]) -> Option<Self> {
        let is_named =
            |one: &&Property| names.iter().any(|name| one.name.eq_ignore_ascii_case(name));
        seen.changes().iter().find(is_named).map(Self::read)
    }

    /// Returns every change that the record tells, but its list of what it tells.
    pub(super) fn all(seen: &Seen<'_>) -> Vec<Self> {
        let is_list = |one: &&Property| !one.name.starts_with("Included Updated");
        seen.changes()
            .iter()
            .filter(is_list)
            .map(Self::read)
            .collect()
    }

    fn read(property: &Property) -> Self {
        Self {
            name: property.name.clone(),
            value: property.value.clone(),
            before: property.before.clone(),
            new: leaves(&property.value),
            old: leaves(&property.before),
        }
    }

    /// Returns whether nothing is left.
    pub(super) fn is_emptied(&self) -> bool {
        self.new.is_empty() && !self.old.is_empty()
    }

    /// Returns whether there was nothing before.
    pub(super) fn is_first(&self) -> bool {
        self.old.is_empty()
    }

    /// Returns whether the values say the same.
    pub(super) fn is_none(&self) -> bool {
        self.new == self.old
    }

    /// Returns the new values at the paths with this ending.
    pub(super) fn new_at(&self, ending: &str) -> BTreeSet<&str> {
        at(&self.new, ending)
    }

    /// Returns the old values at the paths with this ending.
    pub(super) fn old_at(&self, ending: &str) -> BTreeSet<&str> {
        at(&self.old, ending)
    }

    /// Returns what is at the paths with this ending and was not.
    pub(super) fn added(&self, ending: &str) -> Vec<&str> {
        let old = self.old_at(ending);
        let new = self.new_at(ending).into_iter();
        new.filter(|value| !old.contains(value)).collect()
    }

    /// Returns what was at the paths with this ending and no longer is.
    pub(super) fn removed(&self, ending: &str) -> Vec<&str> {
        let new = self.new_at(ending);
        let old = self.old_at(ending).into_iter();
        old.filter(|value| !new.contains(value)).collect()
    }

    /// Returns whether the new value has a path with these letters in it.
    pub(super) fn has_path(&self, part: &str) -> bool {
        self.new.iter().any(|(path, _)| path.contains(part))
    }

    /// Returns whether the old value had a path with these letters in it.
    pub(super) fn had_path(&self, part: &str) -> bool {
        self.old.iter().any(|(path, _)| path.contains(part))
    }

    /// Returns the leaves that are new, wherever they stand.
    pub(super) fn added_anywhere(&self) -> impl Iterator<Item = (&str, &str)> {
        let new = self.new.difference(&self.old);
        new.map(|(path, value)| (path.as_str(), value.as_str()))
    }
}

/// An empty ending stands for every path.
fn at<'l>(leaves: &'l Leaves, ending: &str) -> BTreeSet<&'l str> {
    let is_at = |path: &str| {
        let front = path.strip_suffix(ending);
        front.is_some_and(|front| ending.is_empty() || front.is_empty() || front.ends_with('.'))
    };
    let found = leaves.iter().filter(|(path, _)| is_at(path));
    found.map(|(_, value)| value.as_str()).collect()
}

/// Returns the leaves of a value, whatever it is wrapped in.
fn leaves(value: &str) -> Leaves {
    let mut found = Leaves::new();
    read_text(value, "", DEPTH, &mut found);
    found
}

fn read_text(text: &str, path: &str, depth: u8, found: &mut Leaves) {
    let text = text.trim();
    if text.starts_with(['[', '{', '"'])
        && depth > 0
        && let Ok(parsed) = model::json::parse(text)
    {
        return read_json(&parsed.value, path, depth - 1, found);
    }
    if !text.is_empty() && found.len() < LEAVES {
        found.insert((path.to_owned(), text.to_lowercase()));
    }
}

fn read_json(value: &Json<'_>, path: &str, depth: u8, found: &mut Leaves) {
    match &*value.opened() {
        Json::Object(entries) => {
            for (key, inner) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{}", key.to_lowercase());
                if depth > 0 {
                    read_json(inner, &path, depth - 1, found);
                }
            }
        }
        Json::Array(items) if depth > 0 => {
            for item in items {
                read_json(item, path, depth - 1, found);
            }
        }
        other => read_text(other.as_word().unwrap_or_default(), path, depth, found),
    }
}

/// Returns the first plain word of a changed property's new value, in the record's own spelling.
pub(super) fn new_word(seen: &Seen<'_>, names: &[&str]) -> Option<String> {
    let change = names.iter().find_map(|name| seen.change(name))?;
    plain(change.0)
}

/// Returns a word without the lists and strings it is wrapped in.
pub(super) fn plain(value: &str) -> Option<String> {
    let mut text = value.trim().to_owned();
    for _ in 0..DEPTH {
        let Ok(parsed) = model::json::parse(&text) else {
            break;
        };
        let inner = match &parsed.value {
            Json::Array(items) => items.first().and_then(Json::as_word),
            other => other.as_word(),
        };
        let inner = inner.map(|inner| inner.trim().to_owned())?;
        if inner == text {
            break;
        }
        text = inner;
    }
    (!text.is_empty()).then_some(text)
}

/// Returns an additional detail of a directory record, in whatever dress; empty if there is none.
pub(super) fn detail(seen: &Seen<'_>, name: &str) -> String {
    let own = Bag::read(seen.body(), "additionalDetails");
    if let Some(value) = own.get(name) {
        return value.to_owned();
    }
    let Some(text) = seen.extended().get("additionalDetails") else {
        return String::new();
    };
    let parsed = model::bags::body(text);
    let found = parsed.get_any_case(name).and_then(Json::as_word);
    found.unwrap_or_default().to_owned()
}

/// Returns what a record says beside its result: the reason that Entra gives in words.
pub(super) fn reason<'s>(seen: &'s Seen<'_>) -> &'s str {
    let reason = seen.word("resultReason");
    if reason.is_empty() {
        seen.word("resultDescription")
    } else {
        reason
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_in_every_wrapping_gives_the_same_leaves() {
        let expected = leaves(r#"{"State":"enabled","Controls":["mfa"]}"#);
        assert_eq!(expected.len(), 2);
        for text in [
            r#"[{"state":"Enabled","controls":["MFA"]}]"#,
            "[\r\n  {\r\n \"STATE\": \"enabled\", \"controls\": [ \"mfa\" ]}\r\n]",
            r#"["{\"State\":\"Enabled\",\"Controls\":[\"Mfa\"]}"]"#,
            r#""{\"State\":\"Enabled\",\"Controls\":\"[\\\"Mfa\\\"]\"}""#,
        ] {
            assert_eq!(leaves(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_a_word() {
        for (text, word) in [
            ("Federated", Some("Federated")),
            ("\"Federated\"", Some("Federated")),
            ("[\r\n  \"Federated\"\r\n]", Some("Federated")),
            ("[]", None),
            ("", None),
            ("{\"a\":1}", None),
            ("[1", Some("[1")),
        ] {
            assert_eq!(plain(text).as_deref(), word, "{text}");
        }
    }

    #[test]
    fn a_path_is_found_by_its_end_at_a_key() {
        let found = leaves(r#"{"users":{"exclude":["a"]},"overexclude":["b"]}"#);
        assert_eq!(at(&found, "exclude"), BTreeSet::from(["a"]));
        assert_eq!(at(&found, "users.exclude"), BTreeSet::from(["a"]));
        assert_eq!(at(&found, ""), BTreeSet::from(["a", "b"]));
    }
}
