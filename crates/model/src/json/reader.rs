//! Reading JSON into values.

use super::folded::Folded;
use super::keys::Filter;
use super::skim::Skimmed;
use super::words;
use super::{Glance, Json, JsonError, JsonErrorKind, MAX_DEPTH};
use std::borrow::Cow;

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Returns where a string's text ends: at the next quote or backslash.
///
/// Keys and most values are short, and eight bytes at a time are through before a search
/// with vectors has begun; long texts are left to it.
fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    const SHORT: usize = 16;
    let mut at = from;
    while let Some(word) = bytes.get(at..at + 8) {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        let found = words::equal(word, b'"') | words::equal(word, b'\\');
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
        if at - from >= SHORT {
            break;
        }
    }
    let rest = bytes.get(at..)?;
    memchr::memchr2(b'"', b'\\', rest).map(|found| at + found)
}

/// A reader on its way through a text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) repeated_key: Option<Cow<'a, str>>,
    pub(super) depth: usize,
    folding: Folding<'a>,
    pub(super) skimmed: Skimmed,
}

/// What is done with the arrays and objects inside the outermost object.
#[derive(Clone, Copy)]
pub(super) enum Folding<'k> {
    /// They are read too.
    Nothing,
    /// They are folded, but for those under these keys, whatever their case.
    AllBut(&'k [&'k str]),
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, folding: Folding<'a>) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            repeated_key: None,
            depth: 0,
            folding,
            skimmed: Skimmed::default(),
        }
    }

    /// Makes a reader that folds nothing.
    pub(super) fn plain(text: &'a str) -> Self {
        Self::new(text, Folding::Nothing)
    }

    pub(super) fn value(&mut self) -> Result<Json<'a>, JsonError> {
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

    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, JsonError>,
    ) -> Result<T, JsonError> {
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
        let mut seen = Filter::new();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        entries.reserve(if self.depth == 1 { 40 } else { 4 });
        loop {
            self.skip_space();
            match self.peek()? {
                b'"' => {}
                other => return Err(self.error(JsonErrorKind::Unexpected(other))),
            }
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            let value = self.value_of(&key)?;
            if seen.maybe(&key) {
                self.enter_again(&mut entries, key, value);
            } else {
                entries.push((key, value));
            }
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

    /// Reads the value of a key, or folds it.
    fn value_of(&mut self, key: &str) -> Result<Json<'a>, JsonError> {
        let Folding::AllBut(opened) = self.folding else {
            return self.value();
        };
        self.skip_space();
        let is_folded = self.depth == 1
            && matches!(self.peek()?, b'[' | b'{')
            && !opened.iter().any(|known| known.eq_ignore_ascii_case(key));
        if is_folded {
            self.folded()
        } else {
            self.value()
        }
    }

    /// Reads the object that the text begins with, passing over what stands deeper.
    ///
    /// The same as [`Self::value`] with what is folded left unread, in one loop: this is where
    /// looking through a million records spends its time. It repeats the loop of [`Self::object`]:
    /// with a closure or calls for what they share, a glance takes a tenth longer.
    pub(super) fn glance(&mut self, glance: &Glance<'_>) -> Result<Json<'a>, JsonError> {
        self.skip_space();
        if self.peek()? != b'{' {
            return self.value();
        }
        self.depth = 1;
        self.at += 1;
        let mut entries: Vec<(Cow<'a, str>, Json<'a>)> = Vec::with_capacity(48);
        let mut seen = Filter::new();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        loop {
            self.skip_space();
            if self.peek()? != b'"' {
                return Err(self.error(JsonErrorKind::Unexpected(self.bytes[self.at])));
            }
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            let value = match self.peek()? {
                b'"' => Json::String(self.string()?),
                b'[' | b'{' if glance.bags.contains(&key.as_ref()) => self.folded()?,
                b'[' | b'{' if !glance.opened.contains(&key.as_ref()) => self.passed()?,
                _ => self.value()?,
            };
            if seen.maybe(&key) {
                self.enter_again(&mut entries, key, value);
            } else {
                entries.push((key, value));
            }
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

    /// Passes over an array or object and keeps its text.
    fn passed(&mut self) -> Result<Json<'a>, JsonError> {
        let from = self.at;
        self.pass_nested()?;
        let text = &self.text[from..self.at];
        Ok(Json::Folded(Box::new(Folded::unread(text))))
    }

    /// Passes over an array or object: only its end is looked for.
    pub(super) fn pass_nested(&mut self) -> Result<(), JsonError> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    let mut end = self.string_end(self.at + 1)?;
                    while self.bytes[end] == b'\\' {
                        end = self.string_end(end + 2)?;
                    }
                    self.at = end;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth == 1 => {
                    self.at += 1;
                    return Ok(());
                }
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Enters a key that may stand there already; the filter spares most keys the comparison.
    #[cold]
    fn enter_again(
        &mut self,
        entries: &mut Vec<(Cow<'a, str>, Json<'a>)>,
        key: Cow<'a, str>,
        value: Json<'a>,
    ) {
        if let Some((_, earlier)) = entries.iter_mut().find(|(name, _)| *name == key) {
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
    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let from = self.at + 1;
        let end = self.string_end(from)?;
        if self.bytes[end] == b'"' {
            self.at = end + 1;
            return Ok(Cow::Borrowed(&self.text[from..end]));
        }
        self.escaped_string(from, end)
    }

    /// Returns where a string's text ends for now, at a quote or backslash.
    pub(super) fn string_end(&mut self, from: usize) -> Result<usize, JsonError> {
        string_end(self.bytes, from).ok_or_else(|| {
            self.at = self.bytes.len();
            self.error(JsonErrorKind::CutOff)
        })
    }

    fn escaped_string(
        &mut self,
        from: usize,
        first_escape: usize,
    ) -> Result<Cow<'a, str>, JsonError> {
        let mut out = String::with_capacity((first_escape - from) * 2 + 64);
        let (mut plain, mut end) = (from, first_escape);
        loop {
            out.push_str(&self.text[plain..end]);
            self.at = end + 1;
            if self.bytes[end] == b'"' {
                return Ok(Cow::Owned(out));
            }
            self.escape(&mut out)?;
            plain = self.at;
            end = self.string_end(plain)?;
        }
    }

    /// Reads what follows a backslash.
    pub(super) fn escape(&mut self, out: &mut String) -> Result<(), JsonError> {
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

    pub(super) fn hex4(&mut self) -> Result<u32, JsonError> {
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

    pub(super) fn number(&mut self) -> Result<Json<'a>, JsonError> {
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

    pub(super) fn word<T>(&mut self, word: &str, value: T) -> Result<T, JsonError> {
        for expected in word.bytes() {
            self.expect(expected)?;
        }
        Ok(value)
    }

    pub(super) fn expect(&mut self, expected: u8) -> Result<(), JsonError> {
        let found = self.peek()?;
        if found != expected {
            return Err(self.error(JsonErrorKind::Unexpected(found)));
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn peek(&self) -> Result<u8, JsonError> {
        self.bytes.get(self.at).copied().ok_or(JsonError {
            offset: self.at,
            kind: JsonErrorKind::CutOff,
        })
    }

    pub(super) fn skip_space(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    pub(super) fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError {
            offset: self.at,
            kind,
        }
    }
}
