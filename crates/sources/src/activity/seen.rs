//! What was taken in already, by short stand-ins for names, forgotten by the arrival clock.

use crate::digest::digest;
use crate::moment::{DAY, HOUR};
use model::Timestamp;
use std::collections::BTreeMap;

/// Longer than anything is listed; forgotten sooner, a blob would be fetched twice.
const REMEMBERED: i64 = 8 * DAY;

/// The blobs that were taken in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    created: BTreeMap<u128, Timestamp>,
    forgotten_at: Option<Timestamp>,
}

impl Seen {
    /// Returns what was written down.
    pub(crate) fn recall(seen: &[(String, Timestamp)]) -> Self {
        Self {
            created: seen.iter().map(|(name, at)| (digest(name), *at)).collect(),
            forgotten_at: None,
        }
    }

    /// Returns whether a blob was taken in.
    pub(crate) fn has(&self, key: u128) -> bool {
        self.created.contains_key(&key)
    }

    /// Returns whether nothing was.
    pub(crate) fn is_empty(&self) -> bool {
        self.created.is_empty()
    }

    /// Remembers a blob with the moment it was made.
    pub(crate) fn add(&mut self, key: u128, created: Timestamp) {
        self.created.insert(key, created);
    }

    /// Forgets what is listed no more, once an hour. Returns the moment before which all is forgotten.
    pub(crate) fn forget(&mut self, now: Timestamp) -> Option<Timestamp> {
        if self
            .forgotten_at
            .is_some_and(|at| now < at.plus_seconds(HOUR))
        {
            return None;
        }
        self.forgotten_at = Some(now);
        let before = now.plus_seconds(-REMEMBERED);
        let had = self.created.len();
        self.created.retain(|_, created| *created >= before);
        (self.created.len() < had).then_some(before)
    }
}
