//! The named values of a record: a cmdlet's parameters, an operation's properties.
//!
//! The dresses of the bag are undone where rules are read; some exports flatten it into the
//! record itself, so the record's own keys stand behind it.

use crate::rules::{parameters, value};
use model::Json;
use model::json::parse;

/// Named values, in the record's order.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the bag of that key out of a record's rest, and the record's own keys behind it.
    pub(super) fn read(rest: &str, bag: &str) -> Self {
        let Ok(parsed) = parse(rest) else {
            return Self::default();
        };
        let mut named = parameters(&parsed.value, bag);
        let own = parsed.value.entries().iter();
        named.extend(own.filter_map(|(name, value)| {
            Some((name.to_string(), Json::as_word(value)?.to_owned()))
        }));
        Self(named)
    }

    /// Returns the value of that name, whatever the name's case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        value(&self.0, name)
    }

    /// Returns a yes or no: `True`, `$true`, `1`.
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        let value = self.get(name)?.trim().trim_start_matches('$');
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rest: &str) {
        let named = Parameters::read(rest, "Parameters");
        assert_eq!(named.truth("auditenabled"), Some(false), "{rest}");
        assert_eq!(named.get("Nobody"), None, "{rest}");
    }

    #[test]
    fn a_bag_is_read_in_every_dress() {
        check(r#"{"Parameters":[{"Name":"AuditEnabled","Value":"False"}]}"#);
        check(r#"{"Parameters":"[{\"Name\":\"AuditEnabled\",\"Value\":\"$false\"}]"}"#);
        check(r#"{"parameters":{"AuditEnabled":false}}"#);
        check(r#"{"AuditEnabled":0}"#);
    }

    #[test]
    fn what_is_no_bag_has_no_values() {
        for rest in ["", "{", "[]", r#"{"Parameters":"gone"}"#, "\"a\""] {
            let named = Parameters::read(rest, "Parameters");
            assert_eq!(named.get("AuditEnabled"), None, "{rest}");
        }
    }
}
