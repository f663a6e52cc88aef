//! What whoever works writes up, and whoever asks over HTTP reads.

use engine::{FeedReport, Tally, clock};
use model::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// The numbers of one feed of a tenant.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tenant: String,
    pub(crate) feed: FeedReport,
}

/// What stands on the board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    /// When somebody last wrote.
    pub(crate) at: Option<Timestamp>,
    pub(crate) lines: Vec<Line>,
    pub(crate) tallies: Vec<Tally>,
    /// What keeps evidence from being stored; empty where nothing does.
    pub(crate) trouble: String,
}

/// What was written so lately is not written anew: a thousand tenants are many lines.
const FRESH_MICROS: i64 = 1_000_000;

/// A board that can be shared.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<Written>>);

impl Board {
    /// Writes up what every feed has brought and where it stands.
    pub fn going(&self, tenants: &[(&str, &[FeedReport])]) {
        let now = clock::now();
        if self.read_at().is_some_and(|at| now.0 - at.0 < FRESH_MICROS) {
            return;
        }
        let lines = tenants.iter().flat_map(|(tenant, feeds)| {
            feeds.iter().map(|feed| Line {
                tenant: (*tenant).to_owned(),
                feed: feed.clone(),
            })
        });
        let lines = lines.collect();
        self.write(|written| {
            written.at = Some(now);
            written.lines = lines;
        });
    }

    /// Writes up what was asked of the cloud.
    pub fn asked(&self, tallies: &[Tally]) {
        self.write(|written| written.tallies = tallies.to_vec());
    }

    /// Writes up that evidence cannot be stored, or, without words, that it can again.
    pub fn troubled(&self, what: &str) {
        self.write(|written| what.clone_into(&mut written.trouble));
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at
    }

    pub(crate) fn read(&self) -> Written {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn write(&self, change: impl FnOnce(&mut Written)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
