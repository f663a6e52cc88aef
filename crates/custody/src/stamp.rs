//! The stamp at the very end of a pack, in the place of the zip's comment: a signed digest
//! of every byte before it.
//!
//! It is what makes a change of a header, of the directory or between two files seen. It
//! has one form and one length, so that no byte of it is free.

use crate::digest::{Digest, unhex, write_hex};
use crate::key::{PublicKey, SIGNATURE_BYTES, SigningKey};
use crate::path::{MANIFEST, SIGNATURE, SUMS};
use crate::recorder::Packed;
use std::fmt::Write as _;

/// A manifest begins with a brace, so a signed manifest is never a signed stamp.
const FIRST_LINE: &str = "breachscope evidence pack\n";
const BEFORE: &str = "every-byte-before";
const SIGNED: &str = "signature";
/// As many digits as the largest length has, so that all stamps are equally long.
const LENGTH_DIGITS: usize = 20;

/// How long every stamp is.
pub(crate) const STAMP_BYTES: usize = FIRST_LINE.len()
    + entry_bytes(MANIFEST)
    + entry_bytes(SIGNATURE)
    + entry_bytes(SUMS)
    + line_bytes(BEFORE, 32)
    + line_bytes(SIGNED, SIGNATURE_BYTES);

const fn line_bytes(name: &str, bytes: usize) -> usize {
    name.len() + 1 + 2 * bytes + 1
}

const fn entry_bytes(name: &str) -> usize {
    line_bytes(name, 32) + LENGTH_DIGITS + 1
}

/// What a stamp says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The entries of the manifest, of its signature and of `SHA256SUMS` as they lie in
    /// the zip: the manifest cannot list itself.
    pub(crate) entries: [Packed; 3],
    /// The digest of every byte before the stamp.
    pub(crate) before: Digest,
}

/// A stamp with a signature that is not yet checked.
#[derive(Debug)]
pub(crate) struct SignedStamp {
    pub(crate) stamp: Stamp,
    signature: [u8; SIGNATURE_BYTES],
}

impl Stamp {
    fn text(&self) -> String {
        let mut text = FIRST_LINE.to_owned();
        for (name, entry) in [MANIFEST, SIGNATURE, SUMS].iter().zip(&self.entries) {
            let Packed { bytes, sha256 } = entry;
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name} {bytes:0LENGTH_DIGITS$} {sha256}");
        }
        let _ = writeln!(text, "{BEFORE} {}", self.before);
        text
    }

    /// Returns the bytes of the signed stamp.
    pub(crate) fn signed_with(&self, key: &SigningKey) -> Vec<u8> {
        let signature = key.sign(self.text().as_bytes());
        SignedStamp {
            stamp: *self,
            signature,
        }
        .text()
        .into_bytes()
    }
}

impl Packed {
    fn read(text: &str) -> Option<Self> {
        let (bytes, sha256) = text.split_once(' ')?;
        Some(Self {
            bytes: bytes.parse().ok()?,
            sha256: Digest::from_hex(sha256)?,
        })
    }
}

impl SignedStamp {
    fn text(&self) -> String {
        let mut text = self.stamp.text();
        text.push_str(SIGNED);
        text.push(' ');
        // Writing to a String cannot fail.
        let _ = write_hex(&self.signature, &mut text);
        text.push('\n');
        text
    }

    /// Reads a stamp; anything but the one form of its values is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut values = text
            .strip_prefix(FIRST_LINE)?
            .lines()
            .filter_map(|line| Some(line.split_once(' ')?.1));
        let mut entry = || Packed::read(values.next()?);
        let entries = [entry()?, entry()?, entry()?];
        let before = Digest::from_hex(values.next()?)?;
        let signature = unhex(values.next()?)?;
        let stamp = Stamp { entries, before };
        let read = Self { stamp, signature };
        (read.text() == text).then_some(read)
    }

    /// Returns what the stamp says, if the key signed it.
    pub(crate) fn signed_by(&self, key: &PublicKey) -> Option<Stamp> {
        key.signed(self.stamp.text().as_bytes(), &self.signature)
            .then_some(self.stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> (Stamp, SigningKey) {
        let entry = |text: &[u8]| Packed {
            bytes: text.len() as u64,
            sha256: Digest::of(text),
        };
        let stamp = Stamp {
            entries: [entry(b"a"), entry(b"bc"), entry(b"")],
            before: Digest::of(b"before"),
        };
        (stamp, SigningKey::from_bytes(&[3; 32]))
    }

    #[test]
    fn a_stamp_comes_back_from_its_bytes() {
        let (stamp, key) = stamp();
        let bytes = stamp.signed_with(&key);
        assert_eq!(bytes.len(), STAMP_BYTES);
        let read = SignedStamp::read(&bytes).expect("read");
        assert_eq!(read.signed_by(&key.public()), Some(stamp));
        let other = SigningKey::from_bytes(&[4; 32]);
        assert_eq!(read.signed_by(&other.public()), None);
    }

    #[test]
    fn no_byte_of_a_stamp_is_free() {
        let (stamp, key) = stamp();
        let bytes = stamp.signed_with(&key);
        for at in 0..bytes.len() {
            for bit in [0, 5] {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let believed =
                    SignedStamp::read(&changed).and_then(|read| read.signed_by(&key.public()));
                assert_eq!(believed, None, "bit {bit} of byte {at}");
            }
        }
    }
}
