//! What was sent and how it went, counted by tenant and quota since the start.

use model::Pace;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The counts of one tenant and quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Whose.
    pub tenant: String,
    /// Of which quota.
    pub pace: Pace,
    /// Requests that went out, every try counted.
    pub requests: u64,
    /// Of them answered with "too many".
    pub throttled: u64,
    /// Of them sent again because the server or the connection failed.
    pub retried: u64,
    /// Questions that ended without a reply, or with an error of the server.
    pub failed: u64,
    /// Bytes of bodies received, after decompression.
    pub bytes: u64,
}

#[derive(Default)]
pub(crate) struct Tallies(Mutex<BTreeMap<(String, Pace), Tally>>);

impl Tallies {
    pub(crate) fn count(&self, tenant: &str, pace: Pace, change: impl FnOnce(&mut Tally)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = all
            .entry((tenant.to_owned(), pace))
            .or_insert_with(|| Tally {
                tenant: tenant.to_owned(),
                pace,
                requests: 0,
                throttled: 0,
                retried: 0,
                failed: 0,
                bytes: 0,
            });
        change(tally);
    }

    pub(crate) fn all(&self) -> Vec<Tally> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }
}
