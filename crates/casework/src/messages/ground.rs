//! A ground for a class: what was found, how it is known, and which records show it.

use super::{Class, Tag};
use crate::attribution::ContextId;
use model::Timestamp;
use std::collections::BTreeSet;

/// One reason to put a message into a class.
#[derive(Clone, Debug)]
pub(super) struct Ground<'a> {
    pub(super) class: Class,
    /// A sentence without full stop.
    pub(super) because: String,
    /// The accesses, by time.
    pub(super) times: Vec<Timestamp>,
    pub(super) folders: BTreeSet<&'a str>,
    pub(super) contexts: BTreeSet<&'a ContextId>,
    pub(super) records: Vec<Proof>,
    /// How many accesses.
    pub(super) accesses: u32,
    pub(super) tags: BTreeSet<Tag>,
}

impl Ground<'_> {
    /// Makes a ground that no access and no record stands behind.
    pub(super) fn new(class: Class, because: String) -> Self {
        Self {
            class,
            because,
            times: Vec::new(),
            folders: BTreeSet::new(),
            contexts: BTreeSet::new(),
            records: Vec::new(),
            accesses: 0,
            tags: BTreeSet::new(),
        }
    }
}

/// A record with its time: reports list records by time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Proof {
    pub(super) time: Option<Timestamp>,
    pub(super) record: String,
}

impl Proof {
    pub(super) fn of(time: Option<Timestamp>, record: &str) -> Self {
        Self {
            time,
            record: record.to_owned(),
        }
    }
}

/// Classes of one kind of evidence: their accesses are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Proved,
    Synchronised,
    Caught,
    Unresolved,
    Nothing,
}

impl Class {
    pub(super) fn rank(self) -> Rank {
        match self {
            Self::E | Self::P1 | Self::P2 => Rank::Proved,
            Self::S => Rank::Synchronised,
            Self::R => Rank::Caught,
            Self::U => Rank::Unresolved,
            Self::B | Self::N | Self::O => Rank::Nothing,
        }
    }
}
