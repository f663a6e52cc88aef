//! The three answers to a question, what is known of a field, and values as the library takes them.

use super::super::value::Value;
use rsigma_eval::EventValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tri {
    Yes,
    No,
    Unknown,
}

impl Tri {
    pub(super) fn of(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn all(answers: impl Iterator<Item = Self>) -> Self {
        let mut sum = Self::Yes;
        for answer in answers {
            match answer {
                Self::No => return Self::No,
                Self::Unknown => sum = Self::Unknown,
                Self::Yes => {}
            }
        }
        sum
    }

    pub(super) fn any(answers: impl Iterator<Item = Self>) -> Self {
        Self::all(answers.map(Self::not)).not()
    }
}

/// What is known of a field.
#[derive(Debug)]
pub(super) enum Answer<'v> {
    /// Nothing yet.
    Unknown,
    /// It is not there.
    Missing,
    /// It is this.
    Is(EventValue<'v>),
    /// It is one of these, or not there.
    OneOf(Vec<EventValue<'v>>),
}

/// What a rule is asked of.
pub(super) trait Asked {
    /// Returns what is known of a field.
    fn field(&self, name: &str) -> Answer<'_>;

    /// Returns whether any text passes a test.
    fn any_text(&self, test: &mut dyn FnMut(&str) -> bool) -> Tri;

    /// Is told which field made the answer no.
    fn refuted(&self, _name: &str) {}

    /// Returns the value that is looked at where it is a member of a list.
    fn member(&self) -> Option<&EventValue<'_>> {
        None
    }
}

/// Returns named things in the order of their names.
pub(super) fn in_order<T>(named: &HashMap<String, T>) -> BTreeMap<&str, &T> {
    let mut ordered = BTreeMap::new();
    for (name, one) in named {
        ordered.insert(name.as_str(), one);
    }
    ordered
}

/// Returns a value as text; of several the first.
pub(super) fn text_of(value: &EventValue<'_>) -> String {
    match value {
        EventValue::Array(values) => values.first().map(text_of).unwrap_or_default(),
        other => other.as_str().map(Cow::into_owned).unwrap_or_default(),
    }
}

/// Returns a value as the library takes it.
pub(super) fn event_value(value: Value<'_>) -> EventValue<'_> {
    match value {
        Value::Null => EventValue::Null,
        Value::Truth(truth) => EventValue::Bool(truth),
        Value::Whole(number) => EventValue::Int(number),
        Value::Real(number) => EventValue::Float(number),
        Value::Text(text) => EventValue::Str(text),
        Value::List(values) => EventValue::Array(values.into_iter().map(event_value).collect()),
        Value::Map(pairs) => {
            let pairs = pairs.into_iter();
            EventValue::Map(
                pairs
                    .map(|(name, value)| (name.into(), event_value(value)))
                    .collect(),
            )
        }
    }
}
