//! How long to wait after a failure, and the gate that keeps a feed from hammering a service that is down.

use crate::digest::digest;
use model::Timestamp;

const LONGEST: i64 = 15 * 60;

/// Returns how many seconds to wait after so many failures: doubling, up to a quarter of an hour,
/// and a little more for some names than for others, so that feeds do not come back all at once.
pub(crate) fn pause(first: i64, failures: u32, name: &str) -> i64 {
    let doubled = first.clamp(1, LONGEST) << failures.saturating_sub(1).min(10);
    let base = doubled.min(LONGEST);
    let spread = digest(&format!("{name}{failures}")) % (base as u128 / 4 + 1);
    base + spread as i64
}

/// What a feed knows of its service's health: failures without a success between.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    first_pause: i64,
    failures: u32,
    closed_until: Timestamp,
}

impl Gate {
    /// Returns one that closes for so many seconds at the first failure.
    pub(crate) fn new(first_pause: i64) -> Self {
        Self {
            first_pause,
            failures: 0,
            closed_until: Timestamp::default(),
        }
    }

    /// Returns how many seconds something of the feed waits that failed so often.
    pub(crate) fn pause(&self, failures: u32, name: &str) -> i64 {
        pause(self.first_pause, failures, name)
    }

    /// Returns the moment before which nothing is to be sent, where there is one.
    pub(crate) fn closed(&self, now: Timestamp) -> Option<Timestamp> {
        (now < self.closed_until).then_some(self.closed_until)
    }

    /// Returns whether one question at a time must do, until one is answered.
    pub(crate) fn is_probing(&self) -> bool {
        self.failures > 0
    }

    /// Notes a failure and closes for a while, at least as long as the service asked for.
    pub(crate) fn failed(&mut self, name: &str, at_least: i64, now: Timestamp) {
        if self.closed(now).is_none() {
            self.failures = self.failures.saturating_add(1);
        }
        let until = now.plus_seconds(self.pause(self.failures, name).max(at_least));
        self.closed_until = self.closed_until.max(until);
    }

    /// Opens for one question at a time, until one is answered.
    pub(crate) fn probe(&mut self) {
        self.failures = self.failures.max(1);
        self.closed_until = Timestamp::default();
    }

    /// Notes an answer.
    pub(crate) fn answered(&mut self) {
        *self = Self::new(self.first_pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_have_an_end() {
        let pauses: Vec<i64> = (1..12)
            .map(|failures| pause(15, failures, "feed"))
            .collect();
        assert!(pauses[0] >= 15 && pauses[0] < 20, "{pauses:?}");
        assert!(pauses.iter().all(|pause| *pause <= LONGEST * 5 / 4));
        assert!(pauses[10] >= LONGEST);
        assert_eq!(pause(1, 1, "feed"), 1);
    }

    #[test]
    fn failures_of_what_was_under_way_count_as_one() {
        let mut gate = Gate::new(15);
        for _ in 0..8 {
            gate.failed("feed", 0, Timestamp(0));
        }
        assert_eq!(gate.failures, 1);
        gate.answered();
        assert!(gate.closed(Timestamp(0)).is_none() && !gate.is_probing());
    }
}
