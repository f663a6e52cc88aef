//! The codes of an authenticator: RFC 6238 with six digits, thirty seconds and SHA-1, which is
//! what every authenticator takes.

use data_encoding::BASE32_NOPAD;
use model::Timestamp;
use ring::hmac;

/// How long a code is shown.
const SECONDS: i64 = 30;
/// How many bytes a seed has: as many as SHA-1 gives.
const SEED_BYTES: usize = 20;
/// Who asks for the code, as an authenticator shows it.
const ISSUER: &str = "Breachscope";

/// Returns the seed that is in a secret.
pub(crate) fn seed(secret: &[u8; 32]) -> &[u8] {
    &secret[..SEED_BYTES]
}

/// Returns the number of the typed code where it is one of now: of this half minute, the one before or
/// the one after.
pub(crate) fn matching(seed: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|one| !one.is_whitespace()).collect();
    if digits.len() != 6 {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let number = now.0.div_euclid(1_000_000).div_euclid(SECONDS);
    [number, number - 1, number + 1]
        .into_iter()
        .find(|number| code(seed, *number) == typed)
}

/// Returns the code of a number.
pub(crate) fn code(seed: &[u8], number: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &number.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[tag.len() - 1] & 0x0f);
    let word = u32::from_be_bytes([tag[at], tag[at + 1], tag[at + 2], tag[at + 3]]);
    (word & 0x7fff_ffff) % 1_000_000
}

/// Returns a seed as it is typed.
pub(crate) fn spelled(seed: &[u8]) -> String {
    BASE32_NOPAD.encode(seed)
}

/// Returns a seed as an authenticator scans it.
pub(crate) fn address(name: &str, seed: &[u8]) -> String {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!(
        "otpauth://totp/{ISSUER}:{}?secret={}&issuer={ISSUER}",
        name.replace('+', "%20"),
        spelled(seed)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let seed = b"12345678901234567890";
        for (second, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_234_567_890, 5_924),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(seed, second / SECONDS), expected, "{second}");
        }
    }

    #[test]
    fn a_code_counts_for_its_neighbours_and_no_longer() {
        let seed = b"12345678901234567890";
        let at = |second: i64| matching(seed, "287 082", Timestamp(second * 1_000_000));
        assert_eq!(at(59), Some(1));
        assert_eq!(at(61), Some(1));
        assert_eq!(at(10), Some(1));
        assert_eq!(at(95), None);
        assert_eq!(matching(seed, "28708", Timestamp(59_000_000)), None);
    }
}
