//! JSON as evidence holds it: borrowed, ordered, with every oddity kept or told.
//!
//! `serde_json::Value` loses what matters here (a key written twice, the text of a
//! number, the byte where the text breaks) and costs five times as much. This is a
//! small reader for hostile text: it never panics, never recurses past [`MAX_DEPTH`],
//! and takes what a strict reader refuses only where nothing can be misread by it
//! (raw control characters inside a string, a lone surrogate).

mod digest;
mod folded;
mod keys;
mod peek;
mod reader;
mod skim;
mod words;

pub use folded::Folded;
pub use peek::{Peek, peek};

use digest::{hash_key, hash_text, mix};
use reader::{Folding, Reader, is_space};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// How deep objects and arrays may nest.
pub const MAX_DEPTH: usize = 128;

/// A JSON value that borrows its text where it can.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(&'a str),
    /// A string, escapes undone.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object in the order of the text; a key stands once, with the last value it was given.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
    /// An array or object that [`parse_record`] found sound and did not read value by value.
    Folded(Box<Folded<'a>>),
}

/// A value together with what was odd about its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<'a> {
    /// The value.
    pub value: Json<'a>,
    /// How many bytes of the text it took, white space before it included.
    pub end: usize,
    /// A key that an object wrote twice, if one did.
    pub repeated_key: Option<Cow<'a, str>>,
}

/// Where and why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The byte at which the text stops being JSON.
    pub offset: usize,
    /// Why.
    pub kind: JsonErrorKind,
}

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// The text ends before the value does.
    CutOff,
    /// A byte stands where the grammar has no place for it.
    Unexpected(u8),
    /// A backslash is followed by something that is no escape.
    BadEscape,
    /// Objects and arrays nest deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            JsonErrorKind::CutOff => f.write_str("the JSON is cut off"),
            JsonErrorKind::Unexpected(byte) => {
                write!(f, "unexpected `{}` in the JSON", byte.escape_ascii())
            }
            JsonErrorKind::BadEscape => f.write_str("a backslash that escapes nothing in the JSON"),
            JsonErrorKind::TooDeep => write!(f, "JSON nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads one value that fills the text but for white space.
///
/// ```
/// let parsed = model::json::parse(r#"{"Id": "a", "Id": "b"}"#).unwrap();
/// assert_eq!(parsed.value.text("Id"), Some("b"));
/// assert_eq!(parsed.repeated_key.as_deref(), Some("Id"));
/// assert_eq!(model::json::parse(r#"{"Id": "#).unwrap_err().offset, 7);
/// ```
pub fn parse(text: &str) -> Result<Parsed<'_>, JsonError> {
    let parsed = parse_prefix(text)?;
    let rest = &text.as_bytes()[parsed.end..];
    match rest.iter().position(|byte| !is_space(*byte)) {
        None => Ok(parsed),
        Some(at) => Err(JsonError {
            offset: parsed.end + at,
            kind: JsonErrorKind::Unexpected(rest[at]),
        }),
    }
}

/// Reads one value at the start of the text and tells where it ended.
pub fn parse_prefix(text: &str) -> Result<Parsed<'_>, JsonError> {
    read(Reader::new(text, Folding::Nothing))
}

/// Reads one value at the start of the text as [`parse_prefix`] does, but folds the arrays
/// and objects inside an object: all but those under the given keys.
///
/// Most of a record is only carried along, and a value that nobody looks into need not be
/// taken apart. What is refused, where, and which key stands twice is the same.
///
/// ```
/// let text = r#"{"Id": "a", "Actor": [{"ID": "b"}], "Item": {"Id": "c"}}"#;
/// let record = model::json::parse_record(text, &["Item"]).unwrap().value;
/// assert!(matches!(record.get("Actor"), Some(model::Json::Folded(_))));
/// assert!(matches!(record.get("Item"), Some(model::Json::Object(_))));
/// assert_eq!(record.unfolded(), model::json::parse(text).unwrap().value);
/// ```
pub fn parse_record<'a>(text: &'a str, opened: &'a [&'a str]) -> Result<Parsed<'a>, JsonError> {
    read(Reader::new(text, Folding::AllBut(opened)))
}

/// What is more than passed over where records are only glanced at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glance<'k> {
    /// The keys whose values are read to their last leaf.
    pub opened: &'k [&'k str],
    /// The keys whose values are folded, as [`parse_record`] does it: bags of names and values.
    pub bags: &'k [&'k str],
}

/// Reads one value at the start of the text as [`parse_record`] does, but passes over the arrays
/// and objects inside an object without looking whether they are sound: for whoever wants a few
/// keys of many records, and opens the rest of the few that matter.
///
/// ```
/// let text = r#"{"Id": "a", "Actor": [{"ID": "]"}]}"#;
/// let record = model::json::parse_glance(text, &model::json::Glance::default()).unwrap().value;
/// assert_eq!(record.get("Actor").unwrap().opened().items().len(), 1);
/// assert_eq!(record.unfolded(), model::json::parse(text).unwrap().value);
/// ```
pub fn parse_glance<'a>(text: &'a str, glance: &Glance<'_>) -> Result<Parsed<'a>, JsonError> {
    let mut reader = Reader::new(text, Folding::Nothing);
    let value = reader.glance(glance)?;
    Ok(Parsed {
        value,
        end: reader.at,
        repeated_key: reader.repeated_key,
    })
}

fn read(mut reader: Reader<'_>) -> Result<Parsed<'_>, JsonError> {
    let value = reader.value()?;
    Ok(Parsed {
        value,
        end: reader.at,
        repeated_key: reader.repeated_key,
    })
}

impl<'a> Json<'a> {
    /// Returns the value of a key, if this is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        let found = self.entries().iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value)
    }

    /// Returns the value of a key whatever its case, the exact case first.
    #[must_use]
    pub fn get_any_case(&self, key: &str) -> Option<&Json<'a>> {
        let entries = self.entries();
        let exact = entries.iter().find(|(name, _)| name == key);
        exact
            .or_else(|| {
                entries
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(key))
            })
            .map(|(_, value)| value)
    }

    /// Returns the text of a key's string value.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_text)
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the text of a string, a number or a boolean.
    #[must_use]
    pub fn as_word(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Number(text) => Some(text),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// Returns the whole number that a number or a string says.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            Self::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Returns the truth that a boolean or a string such as `"False"` says.
    #[must_use]
    pub fn as_truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            Self::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// Returns the value with nothing in it folded.
    #[must_use]
    pub fn unfolded(self) -> Self {
        match self {
            Self::Folded(folded) => folded.open(),
            Self::Object(entries) => {
                let unfolded = |(key, value): (_, Self)| (key, value.unfolded());
                Self::Object(entries.into_iter().map(unfolded).collect())
            }
            // Only what stands directly in an object is ever folded.
            other => other,
        }
    }

    /// Returns the value to look into: itself, or what it holds when it is folded.
    #[must_use]
    pub fn opened(&self) -> Cow<'_, Self> {
        match self {
            Self::Folded(folded) => Cow::Owned(folded.open()),
            other => Cow::Borrowed(other),
        }
    }

    /// Returns the elements of an array; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Json<'a>] {
        self.must_be_opened();
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Returns the entries of an object; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        self.must_be_opened();
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    /// Looking into a folded value would find nothing and say so: a mistake of ours, not of the record.
    fn must_be_opened(&self) {
        debug_assert!(
            !matches!(self, Self::Folded(_)),
            "a folded value is opened before anyone looks into it"
        );
    }

    /// Appends the value as compact JSON.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(text) => out.push_str(text),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
            Self::Folded(folded) => folded.write(out),
        }
    }

    /// Returns a digest that is equal for two bodies of one record however they are dressed.
    ///
    /// Microsoft reorders keys, tools re-serialise numbers as strings, leave out nulls and
    /// add OData annotations; none of that makes another record, so none of it counts here.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        match self {
            Self::Null => digest::NULL,
            Self::Bool(truth) => hash_text(if *truth { b"true" } else { b"false" }),
            Self::Number(text) => hash_text(text.as_bytes()),
            Self::String(text) => digest::of_text(text),
            Self::Array(items) => items
                .iter()
                .fold(digest::ARRAY, |sum, item| mix(sum, item.fingerprint())),
            Self::Object(entries) => entries
                .iter()
                .filter(|(key, value)| !matches!(value, Self::Null) && digest::counts(key))
                .fold(digest::OBJECT, |sum, (key, value)| {
                    // A sum forgets the order; the mix ties each value to its key.
                    sum.wrapping_add(mix(hash_key(key), value.fingerprint()))
                }),
            Self::Folded(folded) => folded.fingerprint(),
        }
    }
}

/// Appends a text as a JSON string.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    write_escaped(text, out);
    out.push('"');
}

/// Appends a text as it stands between the quotes of a JSON string.
fn write_escaped(text: &str, out: &mut String) {
    let needs_escape = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    let bytes = text.as_bytes();
    let special =
        |word| words::equal(word, b'"') | words::equal(word, b'\\') | words::below_space(word);
    if !words::any_of(bytes, special, |byte| needs_escape(&byte)) {
        out.push_str(text);
        return;
    }
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !needs_escape(byte) {
            continue;
        }
        out.push_str(&text[from..at]);
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            other => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{other:04x}");
            }
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        parse(text).expect("JSON").value.write(&mut out);
        out
    }

    fn fingerprint(text: &str) -> u64 {
        parse(text).expect("JSON").value.fingerprint()
    }

    #[test]
    fn numbers_keep_their_text() {
        assert_eq!(
            written("[1.10, 12345678901234567890, -0, 1e+9]"),
            "[1.10,12345678901234567890,-0,1e+9]"
        );
    }

    #[test]
    fn escapes_are_undone_and_a_lone_surrogate_is_marked() {
        let parsed = parse(r#""a\/b\u00e9\ud83d\ude00\ud800x\r\n""#).expect("JSON");
        assert_eq!(parsed.value.as_text(), Some("a/bé😀\u{fffd}x\r\n"));
    }

    #[test]
    fn an_error_names_its_byte() {
        for (text, offset, kind) in [
            ("{\"a\":1,", 7, JsonErrorKind::CutOff),
            ("{\"a\" 1}", 5, JsonErrorKind::Unexpected(b'1')),
            ("[1 2]", 3, JsonErrorKind::Unexpected(b'2')),
            ("\"abc", 4, JsonErrorKind::CutOff),
            ("{} x", 3, JsonErrorKind::Unexpected(b'x')),
            ("\"\\q\"", 2, JsonErrorKind::BadEscape),
        ] {
            assert_eq!(
                parse(text).expect_err(text),
                JsonError { offset, kind },
                "{text}"
            );
        }
    }

    #[test]
    fn a_hundred_thousand_levels_are_refused_without_overflow() {
        let text = "[".repeat(100_000);
        assert_eq!(
            parse(&text).expect_err("too deep").kind,
            JsonErrorKind::TooDeep
        );
    }

    #[test]
    fn copies_of_one_record_have_one_fingerprint() {
        let first = fingerprint(
            r#"{"Id":"a","RecordType":50,"ExternalAccess":false,"Folders":[{"Id":"x"}],"n":null}"#,
        );
        let second = fingerprint(
            r#"{ "Folders":[{"Id":"x"}], "ExternalAccess":"False", "RecordType":"50", "Id":"a", "@odata.type":"t" }"#,
        );
        assert_eq!(first, second);
    }

    #[test]
    fn another_body_has_another_fingerprint() {
        let one = fingerprint(r#"{"a":"x","b":"y"}"#);
        assert_ne!(one, fingerprint(r#"{"a":"y","b":"x"}"#));
        assert_ne!(one, fingerprint(r#"{"a":"x","b":"y","c":"z"}"#));
        assert_ne!(fingerprint("[1,2]"), fingerprint("[2,1]"));
        assert_ne!(
            fingerprint(r#"{"a":{"b":"c"}}"#),
            fingerprint(r#"{"b":{"a":"c"}}"#)
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn json_like_text_makes_no_panic(text in "[\\[\\]{}\":,\\\\a-fu0-9 .eE+-]{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn it_agrees_with_serde_json(text in "[\\[\\]{}\":,ab0-9 tn]{0,24}") {
            let ours = parse(&text);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            if theirs.is_ok() {
                prop_assert!(ours.is_ok(), "{text}");
            }
        }

        #[test]
        fn what_is_written_is_read_back(text in "\\PC{0,60}") {
            let mut out = String::new();
            Json::String(Cow::Borrowed(&text)).write(&mut out);
            let parsed = parse(&out).expect("JSON");
            prop_assert_eq!(parsed.value.as_text(), Some(text.as_str()));
            prop_assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), text);
        }
    }
}
