//! A short stand-in for a long name, and ids that are made of what they are for.
//!
//! Not for secrets: FNV-1a in 128 bits, wide enough that no two names ever share one by chance.

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// Returns the digest of a name.
pub(crate) fn digest(name: &str) -> u128 {
    name.bytes().fold(OFFSET, |state, byte| {
        (state ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}

/// Returns an id in the shape of a UUID, the same for the same words and for no others.
pub(crate) fn uuid_of(words: &[&str]) -> String {
    let joined = words.join("\u{1f}");
    let high = digest(&joined) >> 64;
    let low = digest(&format!("{joined}\u{1e}")) >> 64;
    let bits = (high << 64) | low;
    let bits = (bits & !(0xf << 76)) | (0x4 << 76);
    let bits = (bits & !(0x3 << 62)) | (0x2 << 62);
    let text = format!("{bits:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_shape_of_a_random_uuid_and_follows_its_words() {
        let one = uuid_of(&["tenant", "2026-03-01", "1"]);
        let other = uuid_of(&["tenant", "2026-03-01", "2"]);
        assert_ne!(one, other);
        assert_eq!(one, uuid_of(&["tenant", "2026-03-01", "1"]));
        assert_eq!((one.len(), &one[14..15]), (36, "4"));
        assert!(matches!(&one[19..20], "8" | "9" | "a" | "b"));
        assert_ne!(uuid_of(&["ab", "c"]), uuid_of(&["a", "bc"]));
    }
}
