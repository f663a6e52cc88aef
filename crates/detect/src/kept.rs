//! What is remembered by key for as long as it is in use: who used which address, when a session began.
//!
//! Bounded by time, never by the order of keys: where there are many, those that were quiet for long
//! are forgotten, so the same records leave the same memory in whatever order they were read.

use crate::world::seconds_between;
use model::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;

/// Up to how many are kept without a look at which of them are quiet.
const MANY: usize = 50_000;

/// Values by key, forgotten when they were quiet for long and there are many.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    quiet_seconds: i64,
    limit: usize,
    values: HashMap<K, (Timestamp, V)>,
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// Makes a memory in which nothing is forgotten that was used within so many seconds.
    pub(crate) fn of_seconds(quiet_seconds: i64) -> Self {
        Self {
            quiet_seconds,
            limit: MANY,
            values: HashMap::new(),
        }
    }

    /// Returns the value of a key, made afresh where there is none, and notes that it is in use.
    pub(crate) fn touch(&mut self, key: K, now: Timestamp, fresh: impl FnOnce() -> V) -> &mut V {
        if self.values.len() >= self.limit {
            self.forget(now);
        }
        let (last, value) = self.values.entry(key).or_insert_with(|| (now, fresh()));
        *last = now;
        value
    }

    /// Puts a value in the place of what was known of a key; returns that.
    pub(crate) fn replace(&mut self, key: K, now: Timestamp, value: V) -> Option<V> {
        if self.values.len() >= self.limit {
            self.forget(now);
        }
        let before = self.values.insert(key, (now, value));
        before.map(|(_, value)| value)
    }

    /// Returns the value of a key, if it is known.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key).map(|(_, value)| value)
    }

    /// Where few are quiet, the next look at all of them waits until there are twice as many.
    fn forget(&mut self, now: Timestamp) {
        let quiet_seconds = self.quiet_seconds;
        self.values
            .retain(|_, (last, _)| seconds_between(*last, now) <= quiet_seconds);
        self.limit = MANY.max(self.values.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_quiet_is_forgotten_where_there_are_many() {
        let at = |second: i64| Timestamp(second * 1_000_000);
        let mut kept = Kept::of_seconds(60);
        kept.touch(0, at(0), || "first");
        for key in 1..MANY {
            kept.touch(key, at(100), || "later");
        }
        assert_eq!(kept.get(&0), Some(&"first"));
        kept.touch(MANY, at(100), || "last");
        assert_eq!(kept.get(&0), None);
        assert_eq!(kept.get(&1), Some(&"later"));
        assert_eq!(kept.replace(1, at(100), "other"), Some("later"));
    }
}
