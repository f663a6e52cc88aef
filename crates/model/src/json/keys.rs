//! Which keys an object has had already.

/// A filter of keys: never wrong when it says that one is new.
pub(super) struct Filter([u64; 32]);

impl Filter {
    pub(super) fn new() -> Self {
        Self([0; 32])
    }

    /// Notes a key and returns whether one like it was noted before.
    #[inline]
    pub(super) fn maybe(&mut self, key: &str) -> bool {
        let bit = digest(key.as_bytes());
        let (word, bit) = (bit >> 6 & 31, 1 << (bit & 63));
        let was_noted = self.0[word] & bit != 0;
        self.0[word] |= bit;
        was_noted
    }
}

/// Mixes the length of a key with its ends: keys that differ only in the middle are rare.
#[inline]
fn digest(key: &[u8]) -> usize {
    let (front, back) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(front), Some(back)) => (u64::from_le_bytes(*front), u64::from_le_bytes(*back)),
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(front), Some(back)) => (
                u64::from(u32::from_le_bytes(*front)),
                u64::from(u32::from_le_bytes(*back)),
            ),
            _ => key
                .iter()
                .fold((0, 0), |(sum, _), byte| (sum << 8 | u64::from(*byte), 0)),
        },
    };
    let ends = front ^ back.rotate_left(23) ^ key.len() as u64;
    (ends.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 53) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_the_second_time() {
        let mut filter = Filter::new();
        let keys = ["", "a", "Id", "UserId", "Operation", "OrganizationName"];
        for key in keys {
            assert!(!filter.maybe(key), "{key}");
        }
        for key in keys {
            assert!(filter.maybe(key), "{key}");
        }
    }
}
