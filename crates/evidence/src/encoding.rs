//! What the bytes of a text mean: UTF-8, UTF-16 with and without a mark, Windows-1252.
//!
//! A file has one encoding, decided by its first bytes and, for a text without a mark, by
//! the first byte that is no UTF-8. Nothing here reads a stream.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of the beginning is looked at.
const SAMPLE: usize = 4096;
/// How much behind the first bad byte is looked at.
const WINDOW: usize = 256 * 1024;

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, of which ASCII is a part.
    Utf8,
    /// Windows-1252; characters that are whole in UTF-8 are still taken as such.
    Windows1252,
    /// UTF-16, low byte first.
    Utf16Little,
    /// UTF-16, high byte first.
    Utf16Big,
}

/// How far decoding came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// All that can be decoded yet is decoded.
    Done {
        /// How many bytes were taken.
        read: usize,
    },
    /// The next bytes mean nothing.
    Bad {
        /// How many bytes were taken before them.
        read: usize,
        /// How many they are.
        length: usize,
    },
}

/// Returns the encoding that the first bytes speak for, and how long their mark is.
pub(crate) fn detect(bytes: &[u8]) -> (Encoding, usize) {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        (Encoding::Utf8, 3)
    } else if bytes.starts_with(b"\xFF\xFE") {
        (Encoding::Utf16Little, 2)
    } else if bytes.starts_with(b"\xFE\xFF") {
        (Encoding::Utf16Big, 2)
    } else {
        (detect_unmarked(&bytes[..bytes.len().min(SAMPLE)]), 0)
    }
}

/// Western text in UTF-16 has a NUL in nearly every second byte, and always the same one.
fn detect_unmarked(sample: &[u8]) -> Encoding {
    let pairs = sample.len() / 2;
    let nuls = |first: usize| {
        sample
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    let most = |many: usize, few: usize| many * 10 >= pairs * 6 && few * 10 <= pairs;
    match pairs {
        0 => Encoding::Utf8,
        _ if most(odd, even) => Encoding::Utf16Little,
        _ if most(even, odd) => Encoding::Utf16Big,
        _ => Encoding::Utf8,
    }
}

impl Encoding {
    /// Appends the meaning of the bytes until they mean nothing or run out.
    pub(crate) fn decode(self, bytes: &[u8], last: bool, out: &mut String) -> Step {
        match self {
            Self::Utf8 => decode_utf8(bytes, last, out),
            Self::Windows1252 => decode_windows(bytes, last, out),
            Self::Utf16Little | Self::Utf16Big => decode_utf16(self, bytes, last, out),
        }
    }
}

fn decode_utf8(bytes: &[u8], last: bool, out: &mut String) -> Step {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => {
            out.push_str(text);
            return Step::Done { read: bytes.len() };
        }
        Err(error) => error,
    };
    let read = error.valid_up_to();
    push_valid(&bytes[..read], out);
    match error.error_len() {
        Some(length) => Step::Bad { read, length },
        None if last => {
            // The end cut the character, and whoever reads the record will say so.
            out.push(char::REPLACEMENT_CHARACTER);
            Step::Done { read: bytes.len() }
        }
        None => Step::Done { read },
    }
}

fn push_valid(bytes: &[u8], out: &mut String) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        out.push_str(text);
    }
}

fn decode_windows(bytes: &[u8], last: bool, out: &mut String) -> Step {
    let mut at = 0;
    loop {
        match decode_utf8(&bytes[at..], false, out) {
            Step::Done { read } if last && at + read < bytes.len() => {
                out.push_str(
                    &WINDOWS_1252
                        .decode_without_bom_handling(&bytes[at + read..])
                        .0,
                );
                return Step::Done { read: bytes.len() };
            }
            Step::Done { read } => return Step::Done { read: at + read },
            Step::Bad { read, length } => {
                let bad = &bytes[at + read..at + read + length];
                out.push_str(&WINDOWS_1252.decode_without_bom_handling(bad).0);
                at += read + length;
            }
        }
    }
}

fn decode_utf16(encoding: Encoding, bytes: &[u8], last: bool, out: &mut String) -> Step {
    let (whole, decoder) = match encoding {
        Encoding::Utf16Big => (whole_units(bytes, 0), UTF_16BE),
        _ => (whole_units(bytes, 1), UTF_16LE),
    };
    let mut decoder = decoder.new_decoder_without_bom_handling();
    out.reserve(decoder.max_utf8_buffer_length(whole).unwrap_or(whole * 2));
    let (result, read) = decoder.decode_to_string_without_replacement(&bytes[..whole], out, true);
    match result {
        encoding_rs::DecoderResult::Malformed(length, behind) => {
            let length = usize::from(length);
            Step::Bad {
                read: read - usize::from(behind) - length,
                length,
            }
        }
        _ if last && whole < bytes.len() => {
            out.push(char::REPLACEMENT_CHARACTER);
            Step::Done { read: bytes.len() }
        }
        _ => Step::Done { read: whole },
    }
}

/// Returns how many bytes are whole characters: no half unit and no first half of a pair.
fn whole_units(bytes: &[u8], high_byte: usize) -> usize {
    let even = bytes.len() & !1;
    let opens_pair = even >= 2 && (0xD8..0xDC).contains(&bytes[even - 2 + high_byte]);
    if opens_pair { even - 2 } else { even }
}

/// Tells whether a text that is no UTF-8 from a byte on reads as Windows-1252.
///
/// A text written in Windows-1252 has its accents one by one inside words; bytes that a
/// disk or a wire put there come in heaps, in the middle of a word and in the wrong case.
pub(crate) fn is_windows_1252(bytes: &[u8], from: usize) -> bool {
    let end = bytes.len().min(from + WINDOW);
    let (mut fitting, mut unfitting, mut at) = (0usize, 0usize, from);
    while at < end {
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        let length = bytes[at..end]
            .iter()
            .take_while(|byte| !byte.is_ascii())
            .count();
        let run = &bytes[at..at + length];
        let before = at.checked_sub(1).map(|index| bytes[index]);
        if std::str::from_utf8(run).is_ok() || !fits(run, before) {
            unfitting += 1;
        } else {
            fitting += 1;
        }
        at += length;
    }
    fitting > 0 && unfitting * 10 <= fitting
}

fn fits(run: &[u8], before: Option<u8>) -> bool {
    let unused = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xFE | 0xFF);
    let capital = |byte: u8| matches!(byte, 0xC0..=0xD6 | 0xD8..=0xDE | 0x8A | 0x8C | 0x8E);
    let capital_in_word = before.is_some_and(|byte| byte.is_ascii_lowercase()) && capital(run[0]);
    run.len() <= 4 && !run.iter().any(unused) && !capital_in_word
}
