//! A table of keys made at compile time, because a record has thirty keys and comparing
//! each with all of ours takes longer than everything else about it.

/// Tells for a key which of a list of keys it can be.
#[derive(Debug)]
pub(crate) struct Places([u8; SLOTS]);

const SLOTS: usize = 256;

impl Places {
    /// Makes the table of a list that may hold a key more than once.
    pub(crate) const fn of(keys: &[&str]) -> Self {
        assert!(keys.len() < SLOTS, "a free slot ends every search");
        let mut table = [0; SLOTS];
        let mut index = 0;
        while index < keys.len() {
            let mut at = slot(keys[index].as_bytes());
            while table[at] != 0 {
                at = (at + 1) % SLOTS;
            }
            index += 1;
            table[at] = index as u8;
        }
        Self(table)
    }

    /// Returns the positions that the key can have in the list, equal keys in their order.
    pub(crate) fn likely(&self, key: &str) -> impl Iterator<Item = usize> {
        let first = slot(key.as_bytes());
        (first..first + SLOTS).map_while(|at| usize::from(self.0[at % SLOTS]).checked_sub(1))
    }
}

const fn slot(key: &[u8]) -> usize {
    if key.is_empty() {
        return 0;
    }
    let middle = key[key.len() / 2] as usize;
    (key.len() * 7 + key[0] as usize * 31 + key[key.len() - 1] as usize * 17 + middle * 5) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_equal_ones_in_their_order() {
        let keys = ["AppId", "UserId", "AppId", "", "Operation"];
        let places = Places::of(&keys);
        let found = |key: &str| -> Vec<usize> {
            places.likely(key).filter(|at| keys[*at] == key).collect()
        };
        assert_eq!(found("AppId"), [0, 2]);
        assert_eq!(found("UserId"), [1]);
        assert_eq!(found(""), [3]);
        assert!(found("Nobody").is_empty());
    }
}
