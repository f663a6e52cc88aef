//! How long nothing was recorded of a tenant from which something comes every day.

use crate::fact::Fact;
use crate::world::{DAY, seconds_between};
use model::Timestamp;

/// Shorter silences are weekends.
const LONG_SECONDS: i64 = 3 * DAY;
/// Fewer records before it say nothing of what is usual.
const USUAL: u32 = 100;

/// What was recorded of a tenant so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulse {
    last: Option<Fact>,
    since: Timestamp,
    count: u32,
}

impl Pulse {
    /// Notes a record; returns the last one before, if a long silence lies between them.
    pub(super) fn beat(&mut self, fact: &Fact) -> Option<Fact> {
        if fact.time == Timestamp::default() {
            return None;
        }
        let before = self.last.replace(*fact);
        let Some(before) = before else {
            self.since = fact.time;
            self.count = 1;
            return None;
        };
        let is_long = seconds_between(before.time, fact.time) >= LONG_SECONDS;
        let is_telling = self.count >= USUAL;
        if is_long {
            self.since = fact.time;
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        (is_long && is_telling).then_some(before)
    }
}
