//! Looking at a few keys of an object without making anything of the others.
//!
//! As strict as a glance, and it gives way where a glance would tell of something: what is odd in
//! any way is read the long way.

use super::keys::Filter;
use super::reader::Reader;
use super::{Json, JsonError, JsonErrorKind};
use std::borrow::Cow;

/// How many keys an object may have before it is read the long way.
const MAX_KEYS: usize = 64;

/// The keys that a peek makes values of, in exactly this spelling.
#[derive(Clone, Copy, Debug)]
pub struct Peek {
    keys: &'static [&'static str],
    /// A bit for each length that one of the keys has: most others are told by it.
    lengths: u64,
}

impl Peek {
    /// Makes one of keys shorter than 64 bytes.
    #[must_use]
    pub const fn of(keys: &'static [&'static str]) -> Self {
        let (mut lengths, mut at) = (0, 0);
        while at < keys.len() {
            lengths |= 1 << keys[at].len();
            at += 1;
        }
        Self { keys, lengths }
    }

    fn has(&self, key: &str) -> bool {
        let is_of_length = key.len() < 64 && self.lengths >> key.len() & 1 == 1;
        is_of_length && self.keys.contains(&key)
    }
}

/// Returns what the object at the start of the text holds under some keys, if those are words and
/// not more, and where it ends; nothing where [`super::parse_glance`] would refuse it or would
/// tell of a key that stands twice, or where that is not certain.
///
/// ```
/// const WHO: model::json::Peek = model::json::Peek::of(&["Id", "UserId"]);
/// let text = r#"{"Id":"a","Actor":[{"ID":"b"}],"UserId":"ann"} and more"#;
/// let (record, end) = model::json::peek(text, &WHO).unwrap();
/// assert_eq!((record.entries().len(), record.text("UserId")), (2, Some("ann")));
/// assert_eq!(&text[end..], " and more");
/// assert!(model::json::peek(r#"{"Id":"a","Id":"b"}"#, &WHO).is_none());
/// ```
#[must_use]
pub fn peek<'a>(text: &'a str, wanted: &Peek) -> Option<(Json<'a>, usize)> {
    let mut reader = Reader::plain(text);
    let value = reader.peeked(wanted).ok()??;
    Some((value, reader.at))
}

/// The keys of an object, so that one that stands twice is found.
struct Keys<'a> {
    filter: Filter,
    known: [&'a str; MAX_KEYS],
    many: usize,
}

impl<'a> Keys<'a> {
    fn new() -> Self {
        Self {
            filter: Filter::new(),
            known: [""; MAX_KEYS],
            many: 0,
        }
    }

    /// Notes a key; false where it was noted before, or there are too many.
    #[inline]
    fn note(&mut self, key: &'a str) -> bool {
        if self.many == MAX_KEYS {
            return false;
        }
        if self.filter.maybe(key) && self.known[..self.many].contains(&key) {
            return false;
        }
        self.known[self.many] = key;
        self.many += 1;
        true
    }
}

impl<'a> Reader<'a> {
    fn peeked(&mut self, wanted: &Peek) -> Result<Option<Json<'a>>, JsonError> {
        self.expect(b'{')?;
        let mut found: Vec<(Cow<'a, str>, Json<'a>)> = Vec::with_capacity(wanted.keys.len());
        let mut keys = Keys::new();
        loop {
            self.skip_space();
            let Some(key) = self.plain_string()? else {
                return Ok(None);
            };
            if !keys.note(key) {
                return Ok(None);
            }
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            if wanted.has(key) {
                if matches!(self.peek()?, b'[' | b'{') {
                    return Ok(None);
                }
                found.push((Cow::Borrowed(key), self.value()?));
            } else {
                self.pass_value()?;
            }
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(Some(Json::Object(found)));
                }
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
        }
    }

    /// Reads a string without escapes; nothing where it has one.
    #[inline]
    fn plain_string(&mut self) -> Result<Option<&'a str>, JsonError> {
        self.expect(b'"')?;
        let from = self.at;
        let end = self.string_end(from)?;
        if self.bytes[end] != b'"' {
            return Ok(None);
        }
        self.at = end + 1;
        Ok(Some(&self.text[from..end]))
    }

    /// Passes over a value: as strict with words, numbers and escapes as whoever reads it.
    #[inline]
    fn pass_value(&mut self) -> Result<(), JsonError> {
        match self.peek()? {
            b'"' => self.pass_string(),
            b'[' | b'{' => self.pass_nested(),
            _ => self.value().map(|_| ()),
        }
    }

    #[inline]
    fn pass_string(&mut self) -> Result<(), JsonError> {
        let mut end = self.string_end(self.at + 1)?;
        while self.bytes[end] == b'\\' {
            self.at = end + 1;
            self.pass_escape()?;
            end = self.string_end(self.at)?;
        }
        self.at = end + 1;
        Ok(())
    }

    fn pass_escape(&mut self) -> Result<(), JsonError> {
        match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                Ok(())
            }
            b'u' => {
                self.at += 1;
                self.hex4().map(|_| ())
            }
            _ => Err(self.error(JsonErrorKind::BadEscape)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Glance, parse_glance};
    use proptest::prelude::*;

    const KEYS: Peek = Peek::of(&["a", "Operation"]);

    /// Whatever a peek shows, a glance shows too; where a glance refuses or tells, a peek shows nothing.
    fn check(text: &str) {
        let glance = parse_glance(text, &Glance::default());
        let Some((peeked, end)) = peek(text, &KEYS) else {
            return;
        };
        let glance = glance.expect(text);
        assert_eq!(glance.end, end, "{text}");
        assert_eq!(glance.repeated_key, None, "{text}");
        let wanted = glance.value.entries().iter();
        let wanted: Vec<_> = wanted.filter(|(key, _)| KEYS.has(key)).cloned().collect();
        assert_eq!(peeked, Json::Object(wanted), "{text}");
    }

    #[test]
    fn a_plain_record_is_peeked_at() {
        let text = r#"{ "b" : "\u00e9\"", "Operation":"Send","n":-1.5e3,"t":true,"x":[{"a":"]"}],"a":null}"#;
        let (value, end) = peek(text, &KEYS).expect("a record");
        assert_eq!(value.text("Operation"), Some("Send"));
        assert_eq!(value.get("a"), Some(&Json::Null));
        assert_eq!(end, text.len());
        check(text);
    }

    #[test]
    fn what_is_odd_is_left_to_others() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"a":1,"a":2}"#,
            r#"{"a":[1]}"#,
            r#"{"\u0061":1}"#,
            r#"{"b":"\q","a":1}"#,
            r#"{"b":"\u12","a":1}"#,
            r#"{"b":tru,"a":1}"#,
            r#"{"a":1"#,
            r#"{"a":1,}"#,
            r#"{"b":[[],"a":1}"#,
        ] {
            assert_eq!(peek(text, &KEYS), None, "{text}");
        }
        let many: Vec<String> = (0..200).map(|key| format!("\"k{key}\":{key}")).collect();
        assert_eq!(peek(&format!("{{{}}}", many.join(",")), &KEYS), None);
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_glance(text in "\\{\"a\":[\\[\\]{}\":,\\\\a-fu0-9 .eE+-]{0,80}") {
            check(&text);
        }

        #[test]
        fn it_agrees_on_objects(
            entries in prop::collection::vec(
                ("[ab]{0,3}|Operation", "-?[0-9]{1,2}|true|nul{1,2}|\"(\\\\[nu\"q]|[a-f0-9]){0,6}\"|\\[\\{?\"a\":1\\}?\\]"),
                1..6,
            ),
            end in "\\}|,\\}|",
        ) {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("\"{key}\":{value}"))
                .collect();
            check(&format!("{{{}{end}", entries.join(",")));
        }
    }
}
