//! How often somebody may be wrong: per account and per address, in memory.

use model::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// For how long a wrong try counts.
const WINDOW_MICROS: i64 = 15 * 60 * 1_000_000;
/// How many names and addresses are remembered; beyond that the oldest tries are forgotten.
const MOST: usize = 20_000;

/// How many wrong tries an account may have within a quarter of an hour.
pub(crate) const OF_ACCOUNT: usize = 5;
/// How many an address may have: several people may share it.
pub(crate) const OF_ADDRESS: usize = 20;

/// Remembers wrong tries.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<BTreeMap<String, Vec<i64>>>);

impl Throttle {
    /// Returns after how many seconds somebody may try again; nothing where at once.
    pub(crate) fn wait(&self, who: &str, most: usize, now: Timestamp) -> Option<i64> {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent: Vec<i64> = (tries.get(who).into_iter().flatten().copied())
            .filter(|at| now.0 - at < WINDOW_MICROS)
            .collect();
        let oldest = recent.len().checked_sub(most).map(|at| recent[at])?;
        Some(((oldest + WINDOW_MICROS - now.0) / 1_000_000).max(1))
    }

    /// Notes a wrong try.
    pub(crate) fn wrong(&self, who: &str, now: Timestamp) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MOST {
            tries.retain(|_, all| all.last().is_some_and(|at| now.0 - at < WINDOW_MICROS));
            while tries.len() >= MOST {
                tries.pop_first();
            }
        }
        let own = tries.entry(who.to_owned()).or_default();
        own.retain(|at| now.0 - at < WINDOW_MICROS);
        own.push(now.0);
    }

    /// Forgets the wrong tries of somebody who was right.
    pub(crate) fn right(&self, who: &str) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_wrong_too_often_waits_until_it_is_long_ago() {
        let throttle = Throttle::default();
        let at = |second: i64| Timestamp(second * 1_000_000);
        for second in 0..3 {
            assert_eq!(throttle.wait("ann", 3, at(second)), None);
            throttle.wrong("ann", at(second));
        }
        assert_eq!(throttle.wait("ann", 3, at(3)), Some(897));
        assert_eq!(throttle.wait("bob", 3, at(3)), None);
        assert_eq!(throttle.wait("ann", 3, at(900)), None);
        throttle.wrong("ann", at(900));
        throttle.right("ann");
        assert_eq!(throttle.wait("ann", 1, at(901)), None);
    }
}
