//! An id for a record that has none: a digest of what it says.
//!
//! Two copies of such a record must be one record, so the digest is blind to what copies
//! differ in: key order, spacing, nulls and numbers dressed as strings.

use model::Json;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Returns an id made from the content: `sha256:` and 64 hexadecimal digits.
pub(crate) fn made_id(body: &Json<'_>) -> String {
    let mut canonical = String::with_capacity(1024);
    write_canonical(body, &mut canonical);
    let mut id = String::from("sha256:");
    for byte in Sha256::digest(canonical.as_bytes()) {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// Appends the value with sorted lower-case keys, without nulls, every scalar as a string.
fn write_canonical(value: &Json<'_>, out: &mut String) {
    match value {
        Json::Array(items) => {
            out.push('[');
            for item in items {
                write_canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Json::Object(entries) => {
            let mut entries: Vec<(String, &Json<'_>)> = entries
                .iter()
                .filter(|(_, value)| !matches!(value, Json::Null))
                .map(|(key, value)| (key.to_ascii_lowercase(), value))
                .collect();
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            out.push('{');
            for (key, value) in entries {
                model::json::write_string(&key, out);
                write_canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Json::Folded(folded) => write_canonical(&folded.open(), out),
        scalar => model::json::write_string(scalar.as_word().unwrap_or_default(), out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::json::parse;

    fn id(text: &str) -> String {
        made_id(&parse(text).expect("JSON").value)
    }

    #[test]
    fn copies_of_one_record_get_one_id() {
        let one = id(r#"{"a":1,"b":{"c":"x","d":null}}"#);
        assert_eq!(one, id(r#"{ "b" : {"c":"x"}, "a" : "1" }"#));
        assert_ne!(one, id(r#"{"a":1,"b":{"c":"y"}}"#));
        assert_ne!(id(r#"{"a":["x","y"]}"#), id(r#"{"a":["y","x"]}"#));
        assert_eq!(one.len(), "sha256:".len() + 64);
    }
}
