//! The attempts of the last while, bounded by time and by number.

use crate::fact::Fact;
use crate::words::Word;
use crate::world::seconds_between;
use model::Timestamp;
use std::collections::BTreeSet;

/// How many attempts are kept; the newest count.
const KEPT: usize = 200;

/// The attempts of the last while, in order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    facts: Vec<Fact>,
}

impl Recent {
    /// Keeps an attempt, and lets go what is older than the seconds before it.
    pub(super) fn keep(&mut self, fact: &Fact, seconds: i64) {
        let oldest = fact.time.plus_seconds(-seconds);
        let stale = self.facts.partition_point(|one| one.time < oldest);
        self.facts.drain(..stale);
        if self.facts.len() == KEPT {
            self.facts.remove(0);
        }
        self.facts.push(*fact);
    }

    /// Returns the attempts of the seconds before a moment.
    pub(super) fn within(&self, now: Timestamp, seconds: i64) -> &[Fact] {
        let from = self
            .facts
            .partition_point(|one| seconds_between(one.time, now) > seconds);
        &self.facts[from..]
    }

    /// Returns when the last attempt was.
    pub(super) fn last(&self) -> Option<Timestamp> {
        self.facts.last().map(|fact| fact.time)
    }
}

/// Returns the newest of them: what came before stands in earlier hits, which become one finding.
pub(super) fn newest(facts: &[Fact], many: usize) -> &[Fact] {
    &facts[facts.len().saturating_sub(many)..]
}

/// Returns whose attempts they are.
pub(super) fn users(facts: &[Fact]) -> BTreeSet<Word> {
    facts.iter().map(|fact| fact.user).collect()
}

/// Returns from how many addresses they came.
pub(super) fn addresses(facts: &[Fact]) -> usize {
    let all: BTreeSet<Word> = facts
        .iter()
        .map(|fact| fact.address)
        .filter(|address| !address.is_none())
        .collect();
    all.len()
}

/// Returns the attempts of one account.
pub(super) fn of(user: Word, facts: &[Fact]) -> Vec<Fact> {
    facts
        .iter()
        .filter(|fact| fact.user == user)
        .copied()
        .collect()
}
