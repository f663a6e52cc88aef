//! What the book holds: plain data that the engine keeps in its ledger.

use model::{Severity, Timestamp};

/// Which entry: the nth card of a thread, and a thread is an incident at a destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// The destination's name.
    pub sink: String,
    /// The incident, or the id of a summary.
    pub incident: String,
    /// The place in the thread, from 0.
    pub nth: u32,
}

/// One card for one destination: to be sent, sent, or given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub key: EntryKey,
    /// Whose incident it is.
    pub tenant: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Whether it is the summary of what the storm guard held back.
    pub is_summary: bool,
    /// Up to which revision of the incident it tells.
    pub revision: u64,
    /// The routes that lead here.
    pub routes: Vec<String>,
    /// The addresses to which no card of this incident goes.
    pub never_to: Vec<String>,
    /// When it was put down.
    pub made: Timestamp,
    /// When it is to be sent, while it waits.
    pub due: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
    /// How it stands.
    pub state: EntryState,
    /// Why it waits, is dead or was withheld; what the other side said when it was sent.
    pub why: String,
}

/// How an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// To be sent when it is due.
    Waiting,
    /// Out of our hands since then.
    Sent(Timestamp),
    /// Given up at that moment: a dead letter, which an operator sees and may send again.
    Dead(Timestamp),
    /// Not sent, because whoever would get it must not.
    Withheld,
    /// Held back by the storm guard; the summary of that id tells of it.
    Held(String),
    /// The summary of that id has told of it.
    Summarised(String),
    /// A later entry of the thread is told in its place.
    Superseded,
}

impl EntryState {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent(_) => "sent",
            Self::Dead(_) => "dead",
            Self::Withheld => "withheld",
            Self::Held(_) => "held",
            Self::Summarised(_) => "summarised",
            Self::Superseded => "superseded",
        }
    }
}
