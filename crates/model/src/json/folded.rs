//! An array or object that is carried along as the text it was written in.

use super::reader::{Folding, Reader, is_space};
use super::{Json, parse_prefix, write_escaped, write_string};
use std::borrow::Cow;

/// A sound array or object as text, with what was learnt of it in passing.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded<'a> {
    pub(super) text: &'a str,
    pub(super) fingerprint: u64,
    pub(super) spelling: Spelling,
    pub(super) pairs: Option<Vec<(Cow<'a, str>, Cow<'a, str>)>>,
}

/// How a text differs from what [`Json::write`] writes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Spelling {
    /// Not at all.
    #[default]
    House,
    /// By escapes alone: `\/`, or `\u0041` for a letter.
    OtherEscapes,
    /// By white space, or by control characters that are not escaped.
    Spaced,
    /// Nobody looked: it may not even be sound.
    Unread,
}

impl<'a> Folded<'a> {
    /// Makes one of a text of which nothing was learnt but where it ends.
    pub(super) fn unread(text: &'a str) -> Self {
        Self {
            text,
            fingerprint: 0,
            spelling: Spelling::Unread,
            pairs: None,
        }
    }

    /// Returns the names and values of an array of `{Name, Value}` in which every value is a
    /// string; nothing for any other array or object.
    #[must_use]
    pub fn pairs(&self) -> Option<&[(Cow<'a, str>, Cow<'a, str>)]> {
        self.pairs.as_deref()
    }

    /// Returns the value, read to its last leaf.
    #[must_use]
    pub fn open(&self) -> Json<'a> {
        // Unless nobody looked, the text was read to its end before it was folded.
        parse_prefix(self.text).map_or(Json::Null, |parsed| parsed.value)
    }

    /// Appends the value as compact JSON.
    pub fn write(&self, out: &mut String) {
        match self.spelling {
            Spelling::House => out.push_str(self.text),
            Spelling::OtherEscapes => write_escapes(self.text, out),
            Spelling::Spaced => write_compact(self.text, out),
            Spelling::Unread => match Reader::plain(self.text).folded_or_value() {
                Ok(Json::Folded(read)) => read.write(out),
                Ok(opened) => opened.write(out),
                Err(_) => Json::Null.write(out),
            },
        }
    }

    /// Returns the digest that [`Json::fingerprint`] gives for the value.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        match self.spelling {
            Spelling::Unread => self.open().fingerprint(),
            _ => self.fingerprint,
        }
    }
}

/// Appends sound JSON with each escape in the house's spelling.
fn write_escapes(text: &str, out: &mut String) {
    let mut reader = Reader::new(text, Folding::Nothing);
    let mut character = String::new();
    while let Some(plain) = memchr::memchr(b'\\', &reader.bytes[reader.at..]) {
        out.push_str(&text[reader.at..reader.at + plain]);
        reader.at += plain + 1;
        character.clear();
        if reader.escape(&mut character).is_err() {
            return;
        }
        write_escaped(&character, out);
    }
    out.push_str(&text[reader.at..]);
}

/// Appends sound JSON without the white space in it, each string in the house's spelling.
fn write_compact(text: &str, out: &mut String) {
    let mut reader = Reader::new(text, Folding::Nothing);
    while let Some(byte) = reader.bytes.get(reader.at) {
        if is_space(*byte) {
            reader.at += 1;
        } else if *byte == b'"' {
            let Ok(string) = reader.string() else { return };
            write_string(&string, out);
        } else {
            let rest = &reader.bytes[reader.at..];
            let length = rest
                .iter()
                .position(|byte| *byte == b'"' || is_space(*byte))
                .unwrap_or(rest.len());
            out.push_str(&text[reader.at..reader.at + length]);
            reader.at += length;
        }
    }
}
