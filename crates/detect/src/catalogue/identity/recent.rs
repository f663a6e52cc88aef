//! What happened lately, by subject: bounded by time and by number.

use crate::fact::Fact;
use crate::world::seconds_between;
use model::Timestamp;
use std::collections::BTreeMap;

/// How much is kept of one subject.
const KEPT: usize = 1000;
/// How many subjects are kept before those that are over are let go.
const SUBJECTS: usize = 10_000;

/// Facts and what is remembered of each, by subject, no older than a window.
pub(super) struct Recent<K, V> {
    seconds: i64,
    kept: BTreeMap<K, Vec<(Fact, V)>>,
}

impl<K: Ord, V> Recent<K, V> {
    /// Makes one with a window of so many seconds.
    pub(super) fn of_seconds(seconds: i64) -> Self {
        Self {
            seconds,
            kept: BTreeMap::new(),
        }
    }

    /// Notes a fact, and returns what there is of its subject within the window, itself included.
    pub(super) fn note(&mut self, subject: K, fact: &Fact, value: V) -> &[(Fact, V)] {
        let (seconds, now) = (self.seconds, fact.time);
        let is_recent = |one: &(Fact, V)| is_within(one.0.time, now, seconds);
        if self.kept.len() >= SUBJECTS {
            self.kept.retain(|_, list| list.iter().any(is_recent));
        }
        let list = self.kept.entry(subject).or_default();
        list.retain(is_recent);
        if list.len() == KEPT {
            list.remove(0);
        }
        list.push((*fact, value));
        list
    }

    /// Returns whether nothing was ever noted.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Returns what there is of a subject within the window before a moment, oldest first.
    pub(super) fn of(
        &self,
        subject: &K,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &(Fact, V)> {
        let list = self.kept.get(subject).into_iter().flatten();
        list.filter(move |one| is_within(one.0.time, now, self.seconds))
    }
}

fn is_within(time: Timestamp, now: Timestamp, seconds: i64) -> bool {
    (0..=seconds).contains(&seconds_between(time, now))
}
