//! The records of one operation on one file by one who, and their parts by context.
//!
//! Most groups are of one record, and a tenant has hundreds of thousands: one is held small.

use super::FileTouched;
use crate::attribution::{Attribution, Context, Verdict};
use crate::interval::Interval;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A record and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) record: Box<str>,
    pub(super) time: Option<Timestamp>,
}

/// A group as it is held while records come.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// A single record that names nobody.
    One(Seen),
    /// Anything else.
    Many(Box<Group>),
}

/// Records that differ in nothing but their time.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) times: u64,
    /// The smallest, so that the order in which they come does not matter.
    pub(super) seen: Vec<Seen>,
    pub(super) shared_with: BTreeSet<String>,
}

/// What the records of one part of a group have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share<'a> {
    pub(super) context: Option<&'a Context>,
    pub(super) is_in_window: bool,
}

impl Held {
    /// Takes in one more record.
    pub(super) fn take(&mut self, seen: Seen, shared_with: BTreeSet<String>) {
        let mut group = match self {
            Self::Many(group) => std::mem::take(&mut **group),
            Self::One(first) => Group::of(first.clone(), BTreeSet::new()),
        };
        group.take(seen);
        group.shared_with.extend(shared_with);
        *self = Self::Many(Box::new(group));
    }
}

impl From<Held> for Group {
    /// Returns the group, whichever way it was held.
    fn from(held: Held) -> Self {
        match held {
            Held::One(seen) => Self::of(seen, BTreeSet::new()),
            Held::Many(group) => *group,
        }
    }
}

impl Group {
    /// Makes a group of one record.
    pub(super) fn of(seen: Seen, shared_with: BTreeSet<String>) -> Self {
        let mut group = Self {
            shared_with,
            ..Self::default()
        };
        group.take(seen);
        group
    }

    fn take(&mut self, seen: Seen) {
        let place = self
            .seen
            .binary_search_by(|known| known.record.cmp(&seen.record));
        let Err(place) = place else {
            return;
        };
        self.count(seen.time, 1);
        self.seen.insert(place, seen);
        self.seen.truncate(FileTouched::RECORDS);
    }

    fn count(&mut self, time: Option<Timestamp>, times: u64) {
        self.times += times;
        self.first = earliest(self.first, time);
        self.last = self.last.max(time);
    }

    /// Returns the records apart by context, and by whether they are in the window; one without a
    /// time may be. Those whose names were not kept go with the gravest: nothing tells them from it.
    pub(super) fn shares<'a>(
        self,
        attribution: &'a Attribution,
        window: Option<&Interval>,
    ) -> Vec<(Share<'a>, Self)> {
        let unnamed = self.times.saturating_sub(self.seen.len() as u64);
        let mut parts: BTreeMap<(Option<usize>, bool), Self> = BTreeMap::new();
        for seen in self.seen {
            let place = attribution.of_record.get(&seen.record);
            let is_in = |window: &Interval| seen.time.is_none_or(|time| window.holds(time));
            let part = parts.entry((place, window.is_some_and(is_in))).or_default();
            part.take(seen);
        }
        let share = |(place, is_in_window): (Option<usize>, bool)| Share {
            context: place.and_then(|at| attribution.contexts.get(at)),
            is_in_window,
        };
        let mut shares: Vec<(Share<'a>, Self)> = parts
            .into_iter()
            .map(|(key, part)| (share(key), part))
            .collect();
        shares.sort_by_key(|(share, _)| share.gravity());
        if let Some((_, gravest)) = shares.first_mut() {
            gravest.shared_with = self.shared_with;
            if unnamed > 0 {
                gravest.count(self.first, unnamed);
                gravest.count(self.last, 0);
            }
        }
        shares
    }
}

impl Share<'_> {
    /// The smaller, the graver.
    fn gravity(&self) -> (u8, bool) {
        let of_verdict = match self.context.map(|context| context.verdict) {
            Some(Verdict::Intruder) => 0,
            Some(Verdict::Unknown) | None => 1,
            Some(Verdict::Service) => 2,
            Some(Verdict::Owner) => 3,
        };
        (of_verdict, !self.is_in_window)
    }
}

/// Returns the earlier of two moments; one that is not known is not early.
pub(super) fn earliest(left: Option<Timestamp>, right: Option<Timestamp>) -> Option<Timestamp> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}
