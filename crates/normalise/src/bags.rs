//! Name/value bags: `Parameters`, `ExtendedProperties`, `DeviceProperties`,
//! `OperationProperties`, `ModifiedProperties`.
//!
//! The same bag comes as a list of `{Name, Value}`, as an object, as either of them in a
//! JSON string, as a list of bare names and, from the compliance centre, as one string
//! that is a command line. Here they are one thing.

use model::Json;
use std::borrow::Cow;

/// What a bag holds, in the record's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bag<'a> {
    /// The named entries.
    pub entries: Vec<Entry<'a>>,
    /// The text of a bag that is no JSON, such as a command line.
    pub text: Cow<'a, str>,
}

/// One entry of a bag.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its value, or its new value; none where the record gives only the name.
    pub value: Option<Cow<'a, Json<'a>>>,
    /// Its value before, in `ModifiedProperties`.
    pub old: Option<Cow<'a, Json<'a>>>,
}

impl<'a> Bag<'a> {
    /// Returns the entry of a name, whatever its case.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Returns the value of a name as text, whatever the name's case.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        self.entry(name).and_then(Entry::word)
    }
}

impl Entry<'_> {
    /// Returns the value as text, where it is a scalar.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        self.value.as_deref().and_then(Json::as_word)
    }
}

/// Returns what a name/value bag holds, however it is dressed.
///
/// ```
/// let parsed = model::json::parse(r#"[{"Name": "Identity", "Value": "mira"}]"#).unwrap();
/// assert_eq!(normalise::bag(&parsed.value).word("identity"), Some("mira"));
/// ```
#[must_use]
pub fn bag<'a>(value: &'a Json<'a>) -> Bag<'a> {
    match value {
        Json::String(text) => bag_in_text(text),
        Json::Folded(folded) => Bag {
            entries: entries(Cow::Owned(folded.open())),
            text: Cow::Borrowed(""),
        },
        other => Bag {
            entries: entries(Cow::Borrowed(other)),
            text: Cow::Borrowed(""),
        },
    }
}

/// Returns the text of one entry; a list of `{Name, Value}` is searched without copying it.
pub(crate) fn find<'a>(value: &'a Json<'a>, name: &str) -> Option<Cow<'a, str>> {
    if let Json::Folded(folded) = value
        && let Some(pairs) = folded.pairs()
    {
        let found = pairs
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        return found.map(|(_, value)| Cow::Borrowed(&**value));
    }
    if let Json::Array(items) = value {
        let mut only_pairs = true;
        for item in items {
            match item.get_any_case("Name") {
                Some(Json::String(known)) if known.eq_ignore_ascii_case(name) && is_pair(item) => {
                    let value = item
                        .get_any_case("Value")
                        .or_else(|| item.get_any_case("NewValue"));
                    return value?.as_word().map(Cow::Borrowed);
                }
                Some(_) => {}
                None => only_pairs = false,
            }
        }
        if only_pairs {
            return None;
        }
    }
    bag(value)
        .word(name)
        .map(|word| Cow::Owned(word.to_owned()))
}

/// A JSON string may hold a bag, or a JSON string that holds one.
fn bag_in_text(text: &str) -> Bag<'_> {
    let looks_like_json = text.trim_start().starts_with(['[', '{', '"']);
    let parsed = looks_like_json
        .then(|| model::json::parse(text).ok())
        .flatten();
    match parsed.map(|parsed| parsed.value) {
        Some(Json::String(inner)) => {
            let inner = inner.into_owned();
            match model::json::parse(&inner) {
                Ok(parsed) => Bag {
                    entries: entries(Cow::Owned(owned(&parsed.value))),
                    text: Cow::Borrowed(""),
                },
                Err(_) => Bag {
                    entries: Vec::new(),
                    text: Cow::Owned(inner),
                },
            }
        }
        Some(value) => Bag {
            entries: entries(Cow::Owned(value)),
            text: Cow::Borrowed(""),
        },
        None => Bag {
            entries: Vec::new(),
            text: Cow::Borrowed(text),
        },
    }
}

fn entries<'a>(value: Cow<'a, Json<'a>>) -> Vec<Entry<'a>> {
    match value {
        Cow::Borrowed(Json::Array(items)) => items
            .iter()
            .flat_map(|item| of_item(Cow::Borrowed(item)))
            .collect(),
        Cow::Owned(Json::Array(items)) => items
            .into_iter()
            .flat_map(|item| of_item(Cow::Owned(item)))
            .collect(),
        other => of_item(other),
    }
}

/// An item of a list is a pair, a bare name or an object of names and values.
fn of_item<'a>(item: Cow<'a, Json<'a>>) -> Vec<Entry<'a>> {
    if item
        .get_any_case("Name")
        .is_some_and(|name| name.as_word().is_some())
        && is_pair(&item)
    {
        return vec![pair(item)];
    }
    match item {
        Cow::Borrowed(Json::Object(fields)) => fields
            .iter()
            .map(|(name, value)| Entry {
                name: Cow::Borrowed(name),
                value: Some(Cow::Borrowed(value)),
                old: None,
            })
            .collect(),
        Cow::Owned(Json::Object(fields)) => fields
            .into_iter()
            .map(|(name, value)| Entry {
                name,
                value: Some(Cow::Owned(value)),
                old: None,
            })
            .collect(),
        Cow::Borrowed(Json::String(name)) => vec![bare(Cow::Borrowed(name))],
        Cow::Owned(Json::String(name)) => vec![bare(name)],
        _ => Vec::new(),
    }
}

fn bare(name: Cow<'_, str>) -> Entry<'_> {
    Entry {
        name,
        value: None,
        old: None,
    }
}

/// An object of parameters may have a parameter called `Name`; a pair has nothing else but its value.
fn is_pair(item: &Json<'_>) -> bool {
    const PAIR: &[&str] = &["Name", "Value", "NewValue", "OldValue"];
    let only_pair_keys = item
        .entries()
        .iter()
        .all(|(key, _)| PAIR.iter().any(|known| key.eq_ignore_ascii_case(known)));
    let has_value = PAIR[1..].iter().any(|key| item.get_any_case(key).is_some());
    has_value || only_pair_keys
}

fn pair<'a>(item: Cow<'a, Json<'a>>) -> Entry<'a> {
    let mut entry = bare(Cow::Borrowed(""));
    match item {
        Cow::Borrowed(item) => {
            entry.name = Cow::Borrowed(
                item.get_any_case("Name")
                    .and_then(Json::as_word)
                    .unwrap_or_default(),
            );
            let value = item
                .get_any_case("Value")
                .or_else(|| item.get_any_case("NewValue"));
            entry.value = value.map(Cow::Borrowed);
            entry.old = item.get_any_case("OldValue").map(Cow::Borrowed);
        }
        Cow::Owned(item) => {
            let Json::Object(fields) = item else {
                return entry;
            };
            for (key, value) in fields {
                match key.to_ascii_lowercase().as_str() {
                    "name" => {
                        entry.name = Cow::Owned(value.as_word().unwrap_or_default().to_owned());
                    }
                    "value" | "newvalue" => entry.value = Some(Cow::Owned(value)),
                    "oldvalue" => entry.old = Some(Cow::Owned(value)),
                    _ => {}
                }
            }
        }
    }
    entry
}

/// Returns a copy that borrows nothing but the numbers' text, which it re-reads as strings.
fn owned(value: &Json<'_>) -> Json<'static> {
    match value {
        Json::Null => Json::Null,
        Json::Bool(truth) => Json::Bool(*truth),
        Json::Number(text) => Json::String(Cow::Owned((*text).to_owned())),
        Json::String(text) => Json::String(Cow::Owned(text.clone().into_owned())),
        Json::Folded(folded) => owned(&folded.open()),
        Json::Array(items) => Json::Array(items.iter().map(owned).collect()),
        Json::Object(fields) => Json::Object(
            fields
                .iter()
                .map(|(key, value)| (Cow::Owned(key.clone().into_owned()), owned(value)))
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: Option<&str>) {
        let parsed = model::json::parse(text).expect("JSON");
        assert_eq!(bag(&parsed.value).word(name), expected, "{text}");
        assert_eq!(find(&parsed.value, name).as_deref(), expected, "{text}");
    }

    #[test]
    fn every_dress_of_a_bag_gives_the_value() {
        check(
            r#"[{"Name":"MoveToFolder","Value":"RSS Feeds"}]"#,
            "MoveToFolder",
            Some("RSS Feeds"),
        );
        check(
            r#"[{"name":"MoveToFolder","value":"RSS Feeds"}]"#,
            "MoveToFolder",
            Some("RSS Feeds"),
        );
        check(
            r#"{"MoveToFolder":"RSS Feeds"}"#,
            "movetofolder",
            Some("RSS Feeds"),
        );
        check(
            r#"[{"MoveToFolder":"RSS Feeds"}]"#,
            "MoveToFolder",
            Some("RSS Feeds"),
        );
        check(
            r#""[{\"Name\":\"MoveToFolder\",\"Value\":\"RSS Feeds\"}]""#,
            "MoveToFolder",
            Some("RSS Feeds"),
        );
        check(
            r#""{\"MoveToFolder\":\"RSS Feeds\"}""#,
            "MoveToFolder",
            Some("RSS Feeds"),
        );
        check(
            r#""\"[{\\\"Name\\\":\\\"A\\\",\\\"Value\\\":\\\"b\\\"}]\"""#,
            "A",
            Some("b"),
        );
        check(
            r#"[{"Name":"RuleName"},{"Name":"A","Value":true}]"#,
            "A",
            Some("true"),
        );
        check(r#"[{"Name":"RuleName"}]"#, "RuleName", None);
        check(r#"["AllowEmail","IsRead"]"#, "IsRead", None);
        check(r#""""#, "A", None);
        check("17", "A", None);
    }

    #[test]
    fn an_object_with_a_parameter_called_name_is_not_a_pair() {
        let text = r#"{"Name":"my rule","ForwardTo":"ann@example.com","MarkAsRead":true}"#;
        check(text, "Name", Some("my rule"));
        check(text, "ForwardTo", Some("ann@example.com"));
    }

    #[test]
    fn a_command_line_stays_text() {
        let parsed = model::json::parse(r#""-Identity \"mira\" -Force""#).expect("JSON");
        let bag = bag(&parsed.value);
        assert!(bag.entries.is_empty());
        assert_eq!(bag.text, "-Identity \"mira\" -Force");
    }

    #[test]
    fn old_and_new_values_stand_apart() {
        let text = r#"[{"Name":"KeyDescription","NewValue":"[\r\n \"k\" ]","OldValue":"[]"}]"#;
        let parsed = model::json::parse(text).expect("JSON");
        let bag = bag(&parsed.value);
        let entry = bag.entry("KeyDescription").expect("the entry");
        assert_eq!(entry.word(), Some("[\r\n \"k\" ]"));
        assert_eq!(entry.old.as_deref().and_then(Json::as_text), Some("[]"));
    }
}
