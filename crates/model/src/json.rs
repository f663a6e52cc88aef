//! JSON as evidence holds it: borrowed, ordered, with every oddity kept or told.
//!
//! `serde_json::Value` loses what matters here (a key written twice, the text of a
//! number, the byte where the text breaks) and costs five times as much. This is a
//! small reader for hostile text: it never panics, never recurses past [`MAX_DEPTH`],
//! and takes what a strict reader refuses only where nothing can be misread by it
//! (raw control characters inside a string, a lone surrogate).

use std::borrow::Cow;
use std::fmt::{self, Write};
use xxhash_rust::xxh3::xxh3_64_with_seed;

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
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        repeated_key: None,
    };
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
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the value of a key whatever its case, the exact case first.
    #[must_use]
    pub fn get_any_case(&self, key: &str) -> Option<&Json<'a>> {
        let Self::Object(entries) = self else {
            return None;
        };
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

    /// Returns the elements of an array; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Json<'a>] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Returns the entries of an object; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
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
        }
    }

    /// Returns a digest that is equal for two bodies of one record however they are dressed.
    ///
    /// Microsoft reorders keys, tools re-serialise numbers as strings, leave out nulls and
    /// add OData annotations; none of that makes another record, so none of it counts here.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Bool(truth) => hash_text(if *truth { b"true" } else { b"false" }),
            Self::Number(text) => hash_text(text.as_bytes()),
            Self::String(text) if text.eq_ignore_ascii_case("true") => hash_text(b"true"),
            Self::String(text) if text.eq_ignore_ascii_case("false") => hash_text(b"false"),
            Self::String(text) => hash_text(text.as_bytes()),
            Self::Array(items) => items.iter().fold(0x9E37_79B9_7F4A_7C15, |sum: u64, item| {
                mix(sum, item.fingerprint())
            }),
            Self::Object(entries) => entries
                .iter()
                .filter(|(key, value)| !matches!(value, Self::Null) && !key.contains("@odata"))
                .fold(0x5851_F42D_4C95_7F2D, |sum: u64, (key, value)| {
                    // A sum forgets the order; the mix ties each value to its key.
                    sum.wrapping_add(mix(hash_key(key), value.fingerprint()))
                }),
        }
    }
}

/// Hashes a text; most are short, and two overlapping words say all of those.
fn hash_text(bytes: &[u8]) -> u64 {
    let word = |from: usize| {
        let word = bytes
            .get(from..from + 8)
            .and_then(|word| word.try_into().ok());
        word.map_or(0, u64::from_le_bytes)
    };
    match bytes.len() {
        length @ 8..=16 => mix(mix(length as u64, word(0)), word(length - 8)),
        length @ 0..8 => {
            let tail = bytes
                .iter()
                .fold(0, |tail, byte| tail << 8 | u64::from(*byte));
            mix(length as u64, tail)
        }
        _ => xxh3_64_with_seed(bytes, 0x0B5E),
    }
}

/// Hashes a key blind to the case of ASCII letters, eight bytes at a time.
fn hash_key(key: &str) -> u64 {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    let mut words = key.as_bytes().chunks_exact(8);
    let mut hash = key.len() as u64;
    for word in &mut words {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        hash = mix(hash, word | LOWER);
    }
    let tail = words
        .remainder()
        .iter()
        .rev()
        .fold(0, |tail, byte| tail << 8 | u64::from(*byte));
    mix(hash, tail | LOWER)
}

fn mix(left: u64, right: u64) -> u64 {
    let product =
        u128::from(left ^ 0xA076_1D64_78BD_642F) * u128::from(right ^ 0xE703_7ED1_A0B4_28DB);
    (product as u64) ^ ((product >> 64) as u64).wrapping_add(left.rotate_left(17))
}

/// Appends a text as a JSON string.
pub fn write_string(text: &str, out: &mut String) {
    let needs_escape = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    out.push('"');
    let bytes = text.as_bytes();
    // Without an early exit the compiler looks at many bytes at once, and few texts need more.
    if !bytes
        .iter()
        .fold(false, |found, byte| found | needs_escape(byte))
    {
        out.push_str(text);
        out.push('"');
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
    out.push('"');
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Which keys an object may have had already: never wrong when it says no.
#[derive(Default)]
struct Seen([u64; 4]);

impl Seen {
    /// Notes a key and returns whether one like it was noted before.
    fn maybe(&mut self, key: &str) -> bool {
        let bytes = key.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
            return true;
        };
        let middle = bytes[bytes.len() / 2];
        let mixed = (bytes.len() * 7)
            ^ (usize::from(*first) * 31)
            ^ (usize::from(*last) * 17)
            ^ (usize::from(middle) * 5);
        let (word, bit) = (mixed >> 6 & 3, 1u64 << (mixed & 63));
        let noted = self.0[word] & bit != 0;
        self.0[word] |= bit;
        noted
    }
}

/// Returns where a string's text ends: at the next quote or backslash.
///
/// Keys and most values are short, and eight bytes at a time are through before a search
/// with vectors has begun; long texts are left to it.
fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    const SHORT: usize = 64;
    let mut at = from;
    while let Some(word) = bytes.get(at..at + 8) {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        let found = bytes_equal(word, b'"') | bytes_equal(word, b'\\');
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
        if at - from >= SHORT {
            break;
        }
    }
    memchr::memchr2(b'"', b'\\', &bytes[at..]).map(|found| at + found)
}

/// Marks the bytes of a word that equal one byte; marks above the lowest may be wrong.
fn bytes_equal(word: u64, byte: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zero_where_equal = word ^ (ONES * u64::from(byte));
    zero_where_equal.wrapping_sub(ONES) & !zero_where_equal & (ONES << 7)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    repeated_key: Option<Cow<'a, str>>,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Result<Json<'a>, JsonError> {
        self.skip_space();
        match self.peek()? {
            b'"' => Ok(Json::String(self.string()?)),
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            b'-' | b'0'..=b'9' => self.number(),
            other => Err(self.error(JsonErrorKind::Unexpected(other))),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Json<'a>, JsonError>,
    ) -> Result<Json<'a>, JsonError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(JsonErrorKind::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Json<'a>, JsonError> {
        let mut entries: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut seen = Seen::default();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        entries.reserve(if self.depth == 1 { 24 } else { 4 });
        loop {
            self.skip_space();
            match self.peek()? {
                b'"' => {}
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            let value = self.value()?;
            self.enter(&mut entries, &mut seen, key, value);
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(Json::Object(entries));
                }
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
        }
    }

    /// Enters a key; the small filter spares a comparison with every earlier key.
    fn enter(
        &mut self,
        entries: &mut Vec<(Cow<'a, str>, Json<'a>)>,
        seen: &mut Seen,
        key: Cow<'a, str>,
        value: Json<'a>,
    ) {
        if seen.maybe(&key)
            && let Some((_, earlier)) = entries.iter_mut().find(|(name, _)| *name == key)
        {
            *earlier = value;
            self.repeated_key = Some(key);
            return;
        }
        entries.push((key, value));
    }

    fn array(&mut self) -> Result<Json<'a>, JsonError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(Json::Array(items));
                }
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
        }
    }

    /// Reads a string; `at` stands on its opening quote.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let from = self.at + 1;
        let Some(end) = string_end(self.bytes, from) else {
            self.at = self.bytes.len();
            return Err(self.error(JsonErrorKind::CutOff));
        };
        if self.bytes[end] == b'"' {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[from..end]));
        }
        self.escaped_string(from, end)
    }

    fn escaped_string(
        &mut self,
        from: usize,
        first_escape: usize,
    ) -> Result<Cow<'a, str>, JsonError> {
        let mut out = String::with_capacity(first_escape - from + 32);
        out.push_str(&self.text[from..first_escape]);
        self.at = first_escape;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                b'\\' => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => {
                    let rest = &self.bytes[self.at..];
                    let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
                    out.push_str(&self.text[self.at..self.at + length]);
                    self.at += length;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), JsonError> {
        let plain = match self.peek()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                out.push(self.unicode()?);
                return Ok(());
            }
            _ => return Err(self.error(JsonErrorKind::BadEscape)),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    /// Reads the digits of `\uXXXX`, and those of its low surrogate; a lone surrogate is U+FFFD.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let high = self.hex4()?;
        if !(0xD800..0xDC00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if self.bytes[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.peek()?).to_digit(16) else {
                return Err(self.error(JsonErrorKind::BadEscape));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Json<'a>, JsonError> {
        let from = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        self.digits()?;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Json::Number(&self.text[from..self.at]))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        match self.peek()? {
            b'0'..=b'9' => {}
            other => return Err(self.error(JsonErrorKind::Unexpected(other))),
        }
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, JsonError> {
        for expected in word.bytes() {
            self.expect(expected)?;
        }
        Ok(value)
    }

    fn expect(&mut self, expected: u8) -> Result<(), JsonError> {
        let found = self.peek()?;
        if found != expected {
            return Err(self.error(JsonErrorKind::Unexpected(found)));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Result<u8, JsonError> {
        self.bytes.get(self.at).copied().ok_or(JsonError {
            offset: self.at,
            kind: JsonErrorKind::CutOff,
        })
    }

    fn skip_space(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError {
            offset: self.at,
            kind,
        }
    }
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
