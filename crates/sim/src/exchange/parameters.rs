//! Parameters of a cmdlet, which come in many shapes.

use serde_json::{Map, Value};

use crate::record::Micros;
use crate::stamp;

/// The parameters of a cmdlet; names are compared without regard to case.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    given: Map<String, Value>,
}

impl Parameters {
    pub(crate) fn new(given: &Value) -> Self {
        Self {
            given: given.as_object().cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        let (_, value) = self
            .given
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    /// A list, also of one and also joined by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(text)) => {
                text.split(',').map(|word| word.trim().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn is_on(&self, name: &str) -> bool {
        match self.value(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    pub(crate) fn moment(&self, name: &str) -> Option<Micros> {
        stamp::parse(self.text(name)?)
    }

    /// A number; `Unlimited` is the largest.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        match self.value(name)? {
            Value::Number(number) => number.as_u64().map(|number| number as usize),
            Value::String(text) if text.eq_ignore_ascii_case("unlimited") => Some(usize::MAX),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}
