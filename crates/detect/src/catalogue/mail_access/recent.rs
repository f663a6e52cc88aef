//! What happened in the last while, by whom or what it concerns: bounded in time and in number.

use crate::world::seconds_between;
use model::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// How much is kept a key; the newest counts.
const KEPT: usize = 1000;

/// What happened in the last while.
#[derive(Debug)]
pub(in crate::catalogue) struct Recent<K, V> {
    seconds: i64,
    lists: BTreeMap<K, VecDeque<Entry<V>>>,
    swept: Timestamp,
}

#[derive(Debug)]
struct Entry<V> {
    time: Timestamp,
    value: V,
    is_handed_out: bool,
}

impl<K: Ord, V: Clone> Recent<K, V> {
    /// Keeps what is no older than that many seconds.
    pub(in crate::catalogue) fn over(seconds: i64) -> Self {
        Self {
            seconds,
            lists: BTreeMap::new(),
            swept: Timestamp::default(),
        }
    }

    /// Adds something; what is too old is forgotten.
    pub(in crate::catalogue) fn push(&mut self, now: Timestamp, key: K, value: V) {
        self.sweep(now);
        let list = self.lists.entry(key).or_default();
        while let Some(first) = list.front()
            && (list.len() >= KEPT || seconds_between(first.time, now) > self.seconds)
        {
            list.pop_front();
        }
        list.push_back(Entry {
            time: now,
            value,
            is_handed_out: false,
        });
    }

    /// Returns what is there, oldest first, each with its time.
    pub(in crate::catalogue) fn of<'r>(
        &'r self,
        key: &K,
        now: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, &'r V)> {
        let seconds = self.seconds;
        let list = self.lists.get(key).into_iter().flatten();
        list.filter(move |one| seconds_between(one.time, now) <= seconds)
            .map(|one| (one.time, &one.value))
    }

    /// Returns what nobody was handed before: so each record is in one hit, however long a burst lasts.
    pub(in crate::catalogue) fn hand_out(&mut self, key: &K) -> Vec<V> {
        let mut out = Vec::new();
        for one in self.lists.get_mut(key).into_iter().flatten() {
            if !one.is_handed_out {
                one.is_handed_out = true;
                out.push(one.value.clone());
            }
        }
        out
    }

    fn sweep(&mut self, now: Timestamp) {
        if seconds_between(self.swept, now) <= self.seconds {
            return;
        }
        self.swept = now;
        let seconds = self.seconds;
        self.lists.retain(|_, list| {
            list.back()
                .is_some_and(|last| seconds_between(last.time, now) <= seconds)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_forgotten_and_nothing_is_handed_out_twice() {
        let at = |second: i64| Timestamp(second * 1_000_000);
        let mut recent = Recent::over(60);
        for second in [0, 30, 100] {
            recent.push(at(second), "ann", second);
        }
        let left: Vec<i64> = recent.of(&"ann", at(100)).map(|(_, one)| *one).collect();
        assert_eq!(left, [100]);
        assert_eq!(recent.hand_out(&"ann"), [100]);
        assert_eq!(recent.hand_out(&"ann"), [] as [i64; 0]);
        recent.push(at(300), "bob", 300);
        assert_eq!(recent.of(&"ann", at(100)).count(), 0);
    }
}
