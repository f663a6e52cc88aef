//! A record's id kept in few bytes, for a log may have to hold a million of them.

use std::fmt;

/// A record's id: sixteen bytes where it is written as Microsoft writes a GUID, its text otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecordKey {
    Guid([u8; 16]),
    Text(Box<str>),
}

/// Where the hyphens of a GUID stand.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl RecordKey {
    pub(super) fn of(record: &str) -> Self {
        guid(record.as_bytes()).map_or_else(|| Self::Text(record.into()), Self::Guid)
    }
}

impl fmt::Display for RecordKey {
    /// Writes the id as the record spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Guid(bytes) => {
                for (at, byte) in bytes.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }
    }
}

/// Reads only the spelling that [`fmt::Display`] writes: lower case, with hyphens.
fn guid(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != 36 || HYPHENS.iter().any(|at| text[*at] != b'-') {
        return None;
    }
    let mut digits = text
        .iter()
        .enumerate()
        .filter(|(at, _)| !HYPHENS.contains(at))
        .map(|(_, digit)| nibble(*digit));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_comes_back_as_it_was() {
        for (text, is_short) in [
            ("5b1f9f0a-0000-4abc-8def-0123456789ab", true),
            ("5B1F9F0A-0000-4abc-8def-0123456789ab", false),
            ("5b1f9f0a-0000-4abc-8def-0123456789ag", false),
            ("", false),
            ("made:é", false),
        ] {
            let key = RecordKey::of(text);
            assert_eq!(key.to_string(), text);
            assert_eq!(matches!(key, RecordKey::Guid(_)), is_short, "{text}");
        }
    }
}
