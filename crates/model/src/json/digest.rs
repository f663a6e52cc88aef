//! The parts of the digest that copies of one record share, however they are dressed.

use super::words;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Where the digest of an array begins; the digests of its items are mixed in one by one.
pub(super) const ARRAY: u64 = 0x9E37_79B9_7F4A_7C15;

/// Where the digest of an object begins; the digests of its entries are added up.
pub(super) const OBJECT: u64 = 0x5851_F42D_4C95_7F2D;

/// The digest of `null`.
pub(super) const NULL: u64 = 0;

/// Returns the digest of a string, which may be a truth that some tool has written as one.
pub(super) fn of_text(text: &str) -> u64 {
    match text.len() {
        4 if text.eq_ignore_ascii_case("true") => hash_text(b"true"),
        5 if text.eq_ignore_ascii_case("false") => hash_text(b"false"),
        _ => hash_text(text.as_bytes()),
    }
}

/// Returns whether an entry counts: OData annotations are a tool's and no part of the record.
pub(super) fn counts(key: &str) -> bool {
    !(words::any_of(
        key.as_bytes(),
        |word| words::equal(word, b'@'),
        |byte| byte == b'@',
    ) && key.contains("@odata"))
}

/// Hashes a text; most are short, and two overlapping words say all of those.
pub(super) fn hash_text(bytes: &[u8]) -> u64 {
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
pub(super) fn hash_key(key: &str) -> u64 {
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

pub(super) fn mix(left: u64, right: u64) -> u64 {
    let product =
        u128::from(left ^ 0xA076_1D64_78BD_642F) * u128::from(right ^ 0xE703_7ED1_A0B4_28DB);
    (product as u64) ^ ((product >> 64) as u64).wrapping_add(left.rotate_left(17))
}
