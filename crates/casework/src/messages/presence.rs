//! Where a message was, and from when to when.
//!
//! Told from deliveries, from what the mailbox's records say of the message, and from where an
//! inventory lists it. The owner's own moves are often not recorded: where two observations
//! disagree it may have been in either folder. Nothing here says that anybody saw it.

mod listed;
mod sight;

use super::folder::Folder;
use crate::interval::{Interval, Intervals};
use model::Timestamp;

pub(super) use sight::presence;

/// The stretches of a message's life in the mailbox, by time.
#[derive(Debug, Default)]
pub(super) struct Presence<'a> {
    pub(super) stretches: Vec<Stretch<'a>>,
}

/// While a message was in one of these folders.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stretch<'a> {
    pub(super) during: Interval,
    pub(super) places: Vec<Folder<'a>>,
}

impl Presence<'_> {
    /// Returns whether the message was in the mailbox at some moment of an interval.
    pub(super) fn meets(&self, interval: &Interval) -> bool {
        self.stretches
            .iter()
            .any(|stretch| stretch.during.meets(interval))
    }

    /// Returns the first stretch of a set, within an interval, in which it was there.
    pub(super) fn meeting(&self, set: &Intervals, within: &Interval) -> Option<Interval> {
        self.stretches
            .iter()
            .map(|stretch| stretch.during.meeting(within))
            .find_map(|during| {
                let after = set.as_slice().partition_point(|own| own.to <= during.from);
                let shared = set.as_slice().get(after)?.meeting(&during);
                (!shared.is_empty()).then_some(shared)
            })
    }

    /// Returns when it came; nothing where it never did.
    pub(super) fn begin(&self) -> Option<Timestamp> {
        self.stretches.first().map(|stretch| stretch.during.from)
    }

    /// Returns when it was gone; nothing where it never was there.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.stretches.last().map(|stretch| stretch.during.to)
    }
}

#[cfg(test)]
mod tests;
