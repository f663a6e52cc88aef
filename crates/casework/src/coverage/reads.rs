//! The records of reading a mailbox: when there were any, of which kind, and whether there are none.

use super::scope::Scope;
use super::{Gap, GapId};
use crate::interval::Interval;
use model::bags::{Bag, body};
use model::{Event, Timestamp};
use std::hash::{DefaultHasher, Hasher};

/// What kind of read a record shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Messages made available, by a background reader of the platform.
    Background,
    /// Messages made available.
    Bind,
    /// A folder synchronised, or a read whose kind the record does not say.
    Other,
}

/// One record of reading; its id is kept as a digest, for there may be many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Read {
    time: i64,
    record: u64,
    kind: Kind,
}

/// Every record of reading a mailbox.
#[derive(Debug, Default)]
pub(super) struct Reads {
    known: Vec<Read>,
    /// Records that say that logging was throttled from then on.
    pub(super) throttled: Vec<(Option<Timestamp>, String)>,
    is_read: bool,
}

const RECORD_TYPE_SYNC: i32 = 2;
const RECORD_TYPE_BIND: i32 = 50;

impl Reads {
    /// Notes a MailItemsAccessed record of the mailbox.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        self.is_read = true;
        let properties = properties(event);
        if properties.truth("IsThrottled") == Some(true) {
            // It says that logging stops, so it is no sign that logging went on.
            self.throttled.push((event.time, event.id.to_string()));
            return;
        }
        let Some(time) = event.time else { return };
        self.known.push(Read {
            time: time.0,
            record: digest(event.id.as_str()),
            kind: kind(event, &properties),
        });
    }

    /// Takes in the reads of the mailbox under another of its names.
    pub(super) fn join(&mut self, other: Self) {
        self.known.extend(other.known);
        self.throttled.extend(other.throttled);
        self.is_read |= other.is_read;
    }

    /// Puts the reads in order, each record once.
    pub(super) fn settle(&mut self) {
        self.known.sort_unstable();
        self.known.dedup();
        self.throttled.sort_unstable();
        self.throttled.dedup();
    }

    /// Returns the sorted moments of the reads of some kinds.
    pub(super) fn times(&self, kinds: &[Kind]) -> Vec<i64> {
        let wanted = self.known.iter().filter(|read| kinds.contains(&read.kind));
        wanted.map(|read| read.time).collect()
    }

    /// Returns the first read.
    pub(super) fn first(&self) -> Option<Timestamp> {
        self.known.first().map(|read| Timestamp(read.time))
    }

    /// Returns the last read that an interval holds, and how many it holds; none where it holds none.
    pub(super) fn last_within(&self, interval: &Interval) -> Option<(Timestamp, u64)> {
        let from = self
            .known
            .partition_point(|read| read.time < interval.from.0);
        let to = self.known.partition_point(|read| read.time < interval.to.0);
        let inside = self.known.get(from..to)?;
        let last = inside.last()?;
        Some((Timestamp(last.time), inside.len() as u64))
    }

    /// Returns G5 where no record of reading exists at all.
    pub(super) fn gap(&self, scope: &Scope<'_>) -> Option<Gap> {
        (!self.is_read).then(|| Gap {
            id: GapId::G5,
            interval: Some(scope.told(scope.asked)),
            scope: scope.mailbox().to_owned(),
            effect: "no read of any message could be shown or ruled out".to_owned(),
            proof: "no record of reading exists for this mailbox: licence, audit set or export"
                .to_owned(),
            records: Vec::new(),
            blind: true,
            fix: "check the licence of the time and the mailbox's audit set, and ask for an export that holds MailItemsAccessed".to_owned(),
        })
    }
}

/// A plain record's rest may be left out: its kind is told by the record type.
fn properties(event: &Event<'_>) -> Bag {
    Bag::read_flattened(&body(&event.rest), "OperationProperties")
}

fn kind(event: &Event<'_>, properties: &Bag) -> Kind {
    let access = properties.get("MailAccessType").unwrap_or_default();
    let is_sync =
        event.record_type == Some(RECORD_TYPE_SYNC) || access.eq_ignore_ascii_case("Sync");
    let is_bind =
        event.record_type == Some(RECORD_TYPE_BIND) || access.eq_ignore_ascii_case("Bind");
    match (is_sync, is_bind) {
        (false, true) if event.agent.contains("RESTSystem") => Kind::Background,
        (false, true) => Kind::Bind,
        _ => Kind::Other,
    }
}

fn digest(record: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(record.as_bytes());
    hasher.finish()
}
