//! A byte stream as a window of UTF-8 text that slides along it.
//!
//! Every place that this room reports counts bytes of this text. The window grows only as
//! far as its reader asks, so memory follows the longest record and never the file. What
//! the stream's bytes mean is decided in [`crate::encoding`].

use crate::EvidenceError;
use crate::encoding::{self, Encoding, Step};
use model::Place;
use std::io::{self, Read};
use std::ops::Range;

/// How many bytes are asked of the stream at a time.
const CHUNK: usize = 256 * 1024;
/// How much text must lie behind the first bad byte before the encoding is judged by it.
const JUDGED: usize = 64 * 1024;
/// How many damaged lines are told one by one.
const MAX_TOLD: usize = 100;

/// Something odd about the bytes.
#[derive(Debug)]
pub(crate) enum Oddity {
    /// The text is Windows-1252.
    Windows1252,
    /// Bytes that mean nothing in the encoding of the text were replaced.
    Damaged {
        /// Where the first of them stood on this line.
        place: Place,
        /// Whether further damaged lines are left untold.
        last: bool,
    },
}

/// The window.
pub(crate) struct Text<'r> {
    source: Box<dyn Read + 'r>,
    encoding: Option<Encoding>,
    seen_beyond_ascii: bool,
    bytes: Vec<u8>,
    source_ended: bool,
    window: String,
    start: usize,
    offset: u64,
    line: u64,
    line_offset: u64,
    broken: Option<String>,
    damaged_line: u64,
    told: usize,
    oddities: Vec<Oddity>,
}

impl<'r> Text<'r> {
    /// Opens a window on a stream and fills it for the first time.
    pub(crate) fn open(source: Box<dyn Read + 'r>) -> Result<Self, EvidenceError> {
        let mut text = Self {
            source,
            encoding: None,
            seen_beyond_ascii: false,
            bytes: Vec::new(),
            source_ended: false,
            window: String::new(),
            start: 0,
            offset: 0,
            line: 1,
            line_offset: 0,
            broken: None,
            damaged_line: 0,
            told: 0,
            oddities: Vec::new(),
        };
        text.fill()?;
        Ok(text)
    }

    /// Returns the text of the window that is not yet consumed.
    pub(crate) fn rest(&self) -> &str {
        &self.window[self.start..]
    }

    /// Tells whether the window reaches the end of the stream.
    pub(crate) fn ended(&self) -> bool {
        self.source_ended && self.bytes.is_empty()
    }

    /// Returns why the stream ended before its time, if it did.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Returns what the bytes gave cause to tell since the last call.
    pub(crate) fn take_oddities(&mut self) -> Vec<Oddity> {
        std::mem::take(&mut self.oddities)
    }

    /// Returns how many bytes stand before the rest on its line.
    pub(crate) fn column(&self) -> usize {
        (self.offset - self.line_offset) as usize
    }

    /// Returns the place of a range of the rest.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        let before = &self.rest().as_bytes()[..range.start];
        Place {
            member: None,
            offset: self.offset + range.start as u64,
            length: u32::try_from(range.len()).unwrap_or(u32::MAX),
            line: self.line + lines(before),
        }
    }

    /// Moves the start of the rest.
    pub(crate) fn consume(&mut self, length: usize) {
        let consumed = &self.rest().as_bytes()[..length];
        let (lines, last) = (lines(consumed), memchr::memrchr(b'\n', consumed));
        if let Some(at) = last {
            self.line += lines;
            self.line_offset = self.offset + at as u64 + 1;
        }
        self.start += length;
        self.offset += length as u64;
    }

    /// Lengthens the rest by as much as it is long and at least by a chunk; false at the end.
    pub(crate) fn fill(&mut self) -> Result<bool, EvidenceError> {
        if self.ended() {
            return Ok(false);
        }
        self.window.drain(..self.start);
        self.start = 0;
        let wanted = CHUNK.max(self.window.len());
        self.read_bytes(wanted)?;
        if self.encoding.is_none() {
            let (encoding, mark) = encoding::detect(&self.bytes);
            self.encoding = Some(encoding);
            self.bytes.drain(..mark);
        }
        self.decode()?;
        Ok(true)
    }

    /// Reads until so many undecoded bytes are held or the stream ends.
    fn read_bytes(&mut self, wanted: usize) -> Result<(), EvidenceError> {
        while self.bytes.len() < wanted && !self.source_ended {
            let missing = (wanted - self.bytes.len()) as u64;
            let before = self.bytes.len();
            match (&mut self.source)
                .take(missing)
                .read_to_end(&mut self.bytes)
            {
                Ok(_) => self.source_ended = ((self.bytes.len() - before) as u64) < missing,
                Err(error) if is_damage(&error) => {
                    self.broken = Some(error.to_string());
                    self.source_ended = true;
                }
                Err(error) => return Err(EvidenceError::Read(error)),
            }
        }
        Ok(())
    }

    fn decode(&mut self) -> Result<(), EvidenceError> {
        let mut at = 0;
        loop {
            let encoding = self.encoding.unwrap_or(Encoding::Utf8);
            let before = self.window.len();
            let step = encoding.decode(&self.bytes[at..], self.source_ended, &mut self.window);
            if encoding == Encoding::Utf8 && !self.seen_beyond_ascii {
                self.seen_beyond_ascii = !self.window[before..].is_ascii();
            }
            match step {
                Step::Done { read } => {
                    self.bytes.drain(..at + read);
                    return Ok(());
                }
                Step::Bad { read, length } => {
                    at += read;
                    if encoding == Encoding::Utf8 && self.turns_out_windows(at)? {
                        continue;
                    }
                    self.replace();
                    at += length;
                }
            }
        }
    }

    /// Judges the text by its first byte that is no UTF-8.
    fn turns_out_windows(&mut self, at: usize) -> Result<bool, EvidenceError> {
        // Once judged, a text keeps its encoding: a file is written by one program.
        if self.seen_beyond_ascii || self.told > 0 {
            return Ok(false);
        }
        self.read_bytes(at + JUDGED)?;
        if !encoding::is_windows_1252(&self.bytes, at) {
            return Ok(false);
        }
        self.encoding = Some(Encoding::Windows1252);
        self.oddities.push(Oddity::Windows1252);
        Ok(true)
    }

    /// Puts the mark of a lost character and tells it once a line.
    fn replace(&mut self) {
        let line = self.line + lines(self.window.as_bytes());
        let at = self.window.len();
        self.window.push(char::REPLACEMENT_CHARACTER);
        if line == self.damaged_line || self.told == MAX_TOLD {
            return;
        }
        self.damaged_line = line;
        self.told += 1;
        let place = Place {
            member: None,
            offset: self.offset + at as u64,
            length: char::REPLACEMENT_CHARACTER.len_utf8() as u32,
            line,
        };
        self.oddities.push(Oddity::Damaged {
            place,
            last: self.told == MAX_TOLD,
        });
    }
}

impl Read for Text<'_> {
    /// Reads the decoded text.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest().is_empty() {
            self.fill().map_err(|error| match error {
                EvidenceError::Read(error) => error,
                other => io::Error::other(other),
            })?;
        }
        let rest = self.rest().as_bytes();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        // Not `consume`: nobody asks a plain reader for lines, and it may cut a character.
        self.start += length;
        self.offset += length as u64;
        Ok(length)
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Tells damage of the evidence from a failure to read it.
fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof, Unsupported};
    matches!(
        error.kind(),
        InvalidData | InvalidInput | UnexpectedEof | Unsupported
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<Oddity>) {
        let mut text = Text::open(Box::new(bytes)).expect("no I/O");
        while text.fill().expect("no I/O") {}
        (text.rest().to_owned(), text.take_oddities())
    }

    #[test]
    fn every_unicode_encoding_gives_the_same_text() {
        let expected = "{\"a\":\"Élan\"}\n";
        let wide: Vec<u16> = expected.encode_utf16().collect();
        let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [
            expected.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", expected.as_bytes()].concat(),
            [b"\xFF\xFE".to_vec(), little.clone()].concat(),
            [b"\xFE\xFF".to_vec(), big.clone()].concat(),
            little,
            big,
        ] {
            let (text, oddities) = read(&bytes);
            assert_eq!(text, expected);
            assert!(oddities.is_empty());
        }
    }

    #[test]
    fn accents_of_one_byte_are_windows_1252_and_told_once() {
        let (text, oddities) = read(b"{\"f\":\"\xC9l\xE9ments supprim\xE9s \x96 \xE0 trier\"}\n");
        assert_eq!(text, "{\"f\":\"Éléments supprimés – à trier\"}\n");
        assert!(matches!(oddities[..], [Oddity::Windows1252]));
    }

    #[test]
    fn bytes_that_no_program_writes_are_replaced_and_their_line_is_told() {
        let (text, oddities) = read(b"{}\n{\"u\":\"Ad\xFF\xFE\xC3(ele\"}\n{}\n");
        assert_eq!(text, "{}\n{\"u\":\"Ad\u{fffd}\u{fffd}\u{fffd}(ele\"}\n{}\n");
        let [Oddity::Damaged { place, last: false }] = &oddities[..] else {
            panic!("{oddities:?}")
        };
        assert_eq!((place.line, place.offset), (2, 11));
    }

    #[test]
    fn a_character_cut_by_the_end_is_no_damage_of_its_own() {
        let (text, oddities) = read("{\"a\":\"né".as_bytes().split_last().expect("bytes").1);
        assert_eq!(text, "{\"a\":\"n\u{fffd}");
        assert!(oddities.is_empty());
    }
}
