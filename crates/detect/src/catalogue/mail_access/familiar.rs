//! What somebody was seen with before: networks, clients. New is what came long after the rest.

use super::access::Whose;
use crate::world::{DAY, seconds_between};
use model::Timestamp;
use std::collections::BTreeMap;

/// How many things are remembered a person; who has more is at home anywhere.
const REMEMBERED: usize = 200;

/// What somebody was seen with before, and since when.
#[derive(Debug, Default)]
pub(in crate::catalogue) struct Familiar {
    since: BTreeMap<Whose, BTreeMap<String, Timestamp>>,
}

impl Familiar {
    /// Notes that somebody was seen with something.
    pub(in crate::catalogue) fn note(&mut self, whose: Whose, what: &str, now: Timestamp) {
        if what.is_empty() {
            return;
        }
        let known = self.since.entry(whose).or_default();
        if known.len() < REMEMBERED && !known.contains_key(what) {
            known.insert(what.to_owned(), now);
        }
    }

    /// Returns whether somebody who has been seen for that many days was first seen with this within
    /// the last one: what was never noted is not known to be new.
    pub(in crate::catalogue) fn is_new(
        &self,
        whose: Whose,
        what: &str,
        now: Timestamp,
        days: i64,
    ) -> bool {
        let Some(known) = self.since.get(&whose) else {
            return false;
        };
        let age = |since: &Timestamp| seconds_between(*since, now);
        let is_known_for_long = known.values().any(|since| age(since) >= days * DAY);
        let is_fresh = known.get(what).is_some_and(|since| age(since) < DAY);
        is_known_for_long && is_fresh
    }

    /// Returns what somebody was seen with for more than a day, in words.
    pub(in crate::catalogue) fn usual(&self, whose: Whose, now: Timestamp) -> String {
        let known = self.since.get(&whose).into_iter().flatten();
        let old: Vec<&str> = known
            .filter(|(_, since)| seconds_between(**since, now) >= DAY)
            .map(|(what, _)| what.as_str())
            .take(10)
            .collect();
        old.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Word;

    #[test]
    fn only_what_comes_long_after_the_rest_is_new() {
        let whose = (Word::NONE, Word::NONE);
        let day = |day: i64| Timestamp(day * DAY * 1_000_000);
        let mut familiar = Familiar::default();
        familiar.note(whose, "OWA", day(1));
        assert!(!familiar.is_new(whose, "OWA", day(1), 7));
        familiar.note(whose, "IMAP", day(10));
        assert!(familiar.is_new(whose, "IMAP", day(10), 7));
        assert!(!familiar.is_new(whose, "IMAP", day(11), 7));
        assert!(!familiar.is_new(whose, "IMAP", day(10), 30));
        assert_eq!(familiar.usual(whose, day(10)), "OWA");
    }
}
