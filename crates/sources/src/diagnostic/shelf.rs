//! Which blobs were read, and how far.
//!
//! A blob is known by a digest of its name and forgotten once it was read to its end and not
//! written to for days; one that is written to later all the same is read from its front again.

use super::listing::Listed;
use crate::digest::digest;
use crate::moment::DAY;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A blob that was not written to for so long is forgotten.
const REMEMBERED: i64 = 3 * DAY;
/// A last line without its end is taken as it is after so long.
pub(crate) const FROZEN: i64 = 2 * DAY;

/// How far a blob was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The first byte that was not read.
    pub(crate) offset: u64,
    /// How long the blob was when it was listed last.
    pub(crate) length: u64,
    /// When it was written to last, in microseconds.
    pub(crate) modified: i64,
    /// The digest of its version.
    version: u64,
}

/// The blobs that are known.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Shelf {
    /// What was written to last before this moment, and is not among the marks, was read.
    #[serde(default)]
    watermark: Option<i64>,
    #[serde(default)]
    marks: BTreeMap<String, Mark>,
}

/// Returns the short name of a blob.
pub(crate) fn key(container: &str, name: &str) -> String {
    format!("{:032x}", digest(&format!("{container}/{name}")))
}

impl Shelf {
    /// Returns a shelf on which nothing written before a moment is wanted.
    pub(crate) fn since(since: Option<Timestamp>) -> Self {
        Self {
            watermark: since.map(|at| at.0),
            marks: BTreeMap::new(),
        }
    }

    /// Takes note of a blob as it is listed. Returns whether there is more of it to read.
    pub(crate) fn list(&mut self, container: &str, listed: &Listed) -> bool {
        let key = key(container, &listed.name);
        let modified = listed.modified.0;
        let version = digest(&listed.etag) as u64;
        let known = self.marks.get(&key).copied();
        let is_read = known.is_none() && self.watermark.is_some_and(|at| modified < at);
        if is_read {
            return false;
        }
        let mark = known.unwrap_or_default();
        // An append blob grows; one that is shorter, or as long and of another version, was
        // written anew.
        let is_new = listed.length < mark.offset
            || (listed.length == mark.length && version != mark.version);
        let mark = Mark {
            offset: if is_new { 0 } else { mark.offset },
            length: listed.length,
            modified,
            version,
        };
        self.marks.insert(key, mark);
        mark.offset < mark.length
    }

    /// Returns how far a blob was read.
    pub(crate) fn mark(&self, key: &str) -> Option<Mark> {
        self.marks.get(key).copied()
    }

    /// Hears that a blob is read up to a byte, if it was read from where it stood.
    pub(crate) fn advance(&mut self, key: &str, from: u64, to: u64) {
        if let Some(mark) = self.marks.get_mut(key)
            && mark.offset == from
        {
            mark.offset = to;
        }
    }

    /// Takes a blob as one of which nothing more can be had, unless it is written to again.
    pub(crate) fn give_up(&mut self, key: &str) {
        if let Some(mark) = self.marks.get_mut(key) {
            mark.offset = mark.length;
        }
    }

    /// Forgets what was read to its end long ago, and what is listed no more. Called when
    /// everything was listed; returns what was not read to its end.
    pub(crate) fn forget(&mut self, listed: &BTreeSet<String>, now: Timestamp) -> Vec<Mark> {
        let mut lost = Vec::new();
        self.marks.retain(|key, mark| {
            let is_lost = !listed.contains(key) && mark.offset < mark.length;
            lost.extend(is_lost.then_some(*mark));
            !is_lost
        });
        let unread = self.marks.values().filter(|mark| mark.offset < mark.length);
        let oldest_unread = unread.map(|mark| mark.modified).min().unwrap_or(i64::MAX);
        let watermark = now.plus_seconds(-REMEMBERED).0.min(oldest_unread);
        self.marks
            .retain(|_, mark| mark.offset < mark.length || mark.modified >= watermark);
        self.watermark = Some(self.watermark.unwrap_or(i64::MIN).max(watermark));
        lost
    }

    /// Returns when the oldest blob was written to last that is not read to its end.
    pub(crate) fn oldest_unread(&self) -> Option<Timestamp> {
        let unread = self.marks.values().filter(|mark| mark.offset < mark.length);
        unread.map(|mark| Timestamp(mark.modified)).min()
    }
}
