//! Looking at eight bytes at a time: keys and most values are short, and are through before
//! a search with vectors has begun.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHEST_BITS: u64 = ONES << 7;

/// Marks the bytes of a word that equal one byte; marks above the lowest may be wrong.
pub(super) fn equal(word: u64, byte: u8) -> u64 {
    let zero_where_equal = word ^ (ONES * u64::from(byte));
    zero_where_equal.wrapping_sub(ONES) & !zero_where_equal & HIGHEST_BITS
}

/// Marks the bytes of a word that are control characters; marks above the lowest may be wrong.
pub(super) fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * u64::from(b' ')) & !word & HIGHEST_BITS
}

/// Returns whether a text has a byte that is marked in its word, or looked for alone in a
/// text that is shorter than a word.
pub(super) fn any_of(text: &[u8], mark: impl Fn(u64) -> u64, is_one: impl Fn(u8) -> bool) -> bool {
    let marked = |word: &[u8]| mark(word.try_into().map_or(0, u64::from_le_bytes));
    let Some(last) = text.last_chunk::<8>() else {
        return text.iter().any(|byte| is_one(*byte));
    };
    // The last word overlaps the one before it, so that no byte is looked at alone.
    let words = text.chunks_exact(8);
    words.fold(marked(last), |found, word| found | marked(word)) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..length {
                let mut text = vec![b'~'; length];
                let found =
                    |text: &[u8]| any_of(text, |word| equal(word, b'@'), |byte| byte == b'@');
                assert!(!found(&text), "{length}");
                text[at] = b'@';
                assert!(found(&text), "{at} of {length}");
                text[at] = 0x1F;
                assert!(
                    any_of(&text, below_space, |byte| byte < b' '),
                    "{at} of {length}"
                );
            }
        }
        assert_eq!(below_space(u64::from_le_bytes(*b"  ~\xC3\xA9\x7F\xFF ")), 0);
    }
}
