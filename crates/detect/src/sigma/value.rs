//! What a field of a record answers a rule.

use model::Json;
use std::borrow::Cow;

/// How deep a value may nest before only its text counts.
const DEEPEST: u8 = 16;

/// A value as rules compare it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// The field stands there and says nothing.
    Null,
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Several values of which any may answer.
    List(Vec<Value<'a>>),
    /// Named values that belong together.
    Map(Vec<(&'static str, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Returns a text.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a text, or nothing where it is empty.
    pub(crate) fn said(text: &'a str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::text(text))
    }

    /// Returns the one value, or all of them as a list; nothing where there is none.
    pub(crate) fn any_of(mut values: Vec<Self>) -> Option<Self> {
        match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(Self::List(values)),
        }
    }

    /// Returns the texts that are not empty, each once.
    pub(crate) fn texts(texts: impl IntoIterator<Item = Cow<'a, str>>) -> Option<Self> {
        let mut found: Vec<Self> = Vec::new();
        for text in texts {
            let value = Self::Text(text);
            if value != Self::text("") && !found.contains(&value) {
                found.push(value);
            }
        }
        Self::any_of(found)
    }

    /// Returns a number that a text says, or the text.
    pub(crate) fn number(text: &'a str) -> Option<Self> {
        match text.parse() {
            Ok(number) => Some(Self::Whole(number)),
            Err(_) => Self::said(text),
        }
    }

    /// Returns what a part of a record answers: single values as they are, a list of them as a
    /// list, anything deeper as the text of its JSON.
    pub(crate) fn of_json(json: &Json<'_>) -> Self {
        Self::at_depth(json, DEEPEST)
    }

    fn at_depth(json: &Json<'_>, depth: u8) -> Self {
        match json.opened().as_ref() {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Truth(*truth),
            Json::Number(text) => match (text.parse(), text.parse()) {
                (Ok(whole), _) => Self::Whole(whole),
                (_, Ok(real)) => Self::Real(real),
                _ => Self::text((*text).to_owned()),
            },
            Json::String(text) => Self::text(text.to_string()),
            Json::Array(items) if !items.is_empty() && depth > 0 && items.iter().all(is_single) => {
                Self::List(
                    items
                        .iter()
                        .map(|one| Self::at_depth(one, depth - 1))
                        .collect(),
                )
            }
            deeper => Self::text(written(deeper)),
        }
    }

    /// Returns the value as a person reads it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Truth(truth) => truth.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(values) => values.first().map(Self::shown).unwrap_or_default(),
            Self::Map(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", value.shown()))
                    .collect();
                pairs.join(", ")
            }
        }
    }
}

/// Returns the text of a value's JSON.
pub(crate) fn written(json: &Json<'_>) -> String {
    let mut text = String::new();
    json.write(&mut text);
    text
}

/// Returns a text's JSON without its blanks, where it is JSON of more than one line or blank.
pub(crate) fn compact(text: &str) -> Option<String> {
    if !text.starts_with(['[', '{']) || !text.contains([' ', '\n', '\t']) {
        return None;
    }
    model::json::parse(text)
        .ok()
        .map(|parsed| written(&parsed.value))
}

fn is_single(json: &Json<'_>) -> bool {
    !matches!(json, Json::Array(_) | Json::Object(_) | Json::Folded(_))
}
