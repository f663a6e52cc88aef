//! What happened in the last while, by whom or what it concerns: bounded in time and in number.
//!
//! It does not judge how much is much: that is for whoever asks.

use crate::fact::Fact;
use crate::world::seconds_between;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How much is kept a key; the newest counts.
const KEPT: usize = 1000;

/// What happened in the last while.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
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

impl<K: Ord, V> Recent<K, V> {
    /// Keeps what is no older than that many seconds.
    pub(crate) fn over(seconds: i64) -> Self {
        Self {
            seconds,
            lists: BTreeMap::new(),
            swept: Timestamp::default(),
        }
    }

    /// Adds something; what is too old is forgotten.
    pub(crate) fn push(&mut self, now: Timestamp, key: K, value: V) {
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
    pub(crate) fn of<'r>(
        &'r self,
        key: &K,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, &'r V)> {
        let seconds = self.seconds;
        let list = self.lists.get(key).into_iter().flatten();
        list.filter(move |one| seconds_between(one.time, now) <= seconds)
            .map(|one| (one.time, &one.value))
    }

    /// Returns whether nothing was added since it was last looked through.
    pub(crate) fn is_empty(&self) -> bool {
        self.lists.is_empty()
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

impl<K: Ord, V: Clone> Recent<K, V> {
    /// Returns what nobody was handed before: so each record is in one hit, however long a burst lasts.
    pub(crate) fn hand_out(&mut self, key: &K) -> Vec<V> {
        let mut out = Vec::new();
        for one in self.lists.get_mut(key).into_iter().flatten() {
            if !one.is_handed_out {
                one.is_handed_out = true;
                out.push(one.value.clone());
            }
        }
        out
    }
}

impl<K: Ord + Clone, V> Recent<K, (Fact, V)> {
    /// Adds a record and what is remembered of it; returns what there is of its key, this one last.
    pub(crate) fn note(&mut self, key: &K, fact: &Fact, value: V) -> Vec<&(Fact, V)> {
        self.push(fact.time, key.clone(), (*fact, value));
        self.of(key, fact.time).map(|(_, one)| one).collect()
    }

    /// Returns the records of a key and what is remembered of them, oldest first.
    pub(crate) fn noted<'r>(
        &'r self,
        key: &K,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &'r (Fact, V)> {
        self.of(key, now).map(|(_, one)| one)
    }
}

/// Returns how many different things are among what was noted.
pub(crate) fn distinct<T: Ord>(noted: &[&(Fact, T)]) -> usize {
    let all: BTreeSet<&T> = noted.iter().map(|(_, one)| one).collect();
    all.len()
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
