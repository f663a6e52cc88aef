//! How an object stands, as far as its action cares.

use model::Json;
use std::collections::BTreeMap;
use std::fmt;

/// How an object stands, as far as its action cares: each field with the JSON text of its value.
///
/// This is what a person sees as before and after, what a plan's hash is made of, and what is
/// compared and kept. An object that is not there has no field at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct State(pub BTreeMap<String, String>);

impl State {
    /// Returns the state of an object that is not there.
    #[must_use]
    pub fn gone() -> Self {
        Self::default()
    }

    /// Returns whether the object is not there.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the same state with a field more.
    #[must_use]
    pub fn with(mut self, field: &str, value: &Json<'_>) -> Self {
        let mut text = String::new();
        sorted(value).write(&mut text);
        self.0.insert(field.to_owned(), text);
        self
    }

    /// Returns the same state with a text more.
    #[must_use]
    pub fn with_text(self, field: &str, value: &str) -> Self {
        self.with(field, &Json::String(value.into()))
    }

    /// Returns the same state with a yes or no more.
    #[must_use]
    pub fn with_truth(self, field: &str, value: bool) -> Self {
        self.with(field, &Json::Bool(value))
    }

    /// Returns the same state with a list of texts more, in an order that does not depend on the
    /// service's.
    #[must_use]
    pub fn with_set(self, field: &str, values: &[String]) -> Self {
        let mut values: Vec<&String> = values.iter().collect();
        values.sort();
        values.dedup();
        let items = values.into_iter().map(|one| Json::String(one.into()));
        self.with(field, &Json::Array(items.collect()))
    }

    /// Returns the JSON text of a field.
    #[must_use]
    pub fn json(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Returns the words of a field that is a text, a number or a yes or no.
    #[must_use]
    pub fn word(&self, field: &str) -> Option<String> {
        let parsed = model::json::parse(self.json(field)?).ok()?;
        parsed.value.as_word().map(str::to_owned)
    }

    /// Returns the yes or no of a field.
    #[must_use]
    pub fn truth(&self, field: &str) -> Option<bool> {
        let parsed = model::json::parse(self.json(field)?).ok()?;
        parsed.value.as_truth()
    }
}

/// Keys in their order: what is kept as JSON by somebody else and read again is the same text.
fn sorted<'j>(value: &Json<'j>) -> Json<'j> {
    match value {
        Json::Object(entries) => {
            let entries = entries.iter();
            let mut entries: Vec<_> = entries
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Json::Object(entries)
        }
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

impl fmt::Display for State {
    /// Writes the fields in one line; values are JSON, so a hostile name cannot leave its quotes,
    /// but control and bidirectional characters are for [`model::shown`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_gone() {
            return f.write_str("not there");
        }
        for (at, (field, value)) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{field}: {value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_is_kept_elsewhere_comes_back_as_it_was() {
        let parsed = model::json::parse(r#"[{"b":1,"a":{"d":"\u00e9","c":null}}]"#);
        let value = parsed.map_or(Json::Null, |parsed| parsed.value);
        let state = State::default().with("others", &value);
        let kept: serde_json::Value =
            serde_json::from_str(state.json("others").unwrap_or_default()).unwrap_or_default();
        let again = kept.to_string();
        assert_eq!(state.json("others"), Some(again.as_str()));
    }

    #[test]
    fn a_state_is_shown_and_read_as_it_was_made() {
        let state = State::default()
            .with_truth("Enabled", true)
            .with_text("Name", "a\"b")
            .with_set("Rights", &["b".to_owned(), "a".to_owned(), "b".to_owned()]);
        assert_eq!(
            state.to_string(),
            r#"Enabled: true, Name: "a\"b", Rights: ["a","b"]"#
        );
        assert_eq!(state.word("Name").as_deref(), Some("a\"b"));
        assert_eq!(state.truth("Enabled"), Some(true));
        assert!(State::gone().is_gone() && !state.is_gone());
    }
}
