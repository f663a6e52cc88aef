//! What else left than messages that were read: files, sharing, sent mail, and who must be warned.

mod concern;
mod discovery;
mod file_operations;
mod files;
mod group;
mod listing;
mod log;
mod query;
mod searches;
mod sending;
mod warnings;

#[cfg(test)]
mod tests;

pub use log::Log;

use crate::attribution::{ContextId, Verdict};
use crate::interval::Interval;
use crate::rules::Organisation;
use model::Timestamp;
use query::Query;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileAct {
    /// It was downloaded or synchronised.
    Taken,
    /// It was opened or previewed.
    Opened,
    /// It was shared, or a link to it made or used.
    Shared,
    /// It was changed, moved or uploaded.
    Changed,
    /// It was deleted.
    Deleted,
}

impl FileAct {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Opened => "opened",
            Self::Shared => "shared",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }
}

/// A file and what was done with it by one context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTouched {
    /// Its address.
    pub object: String,
    /// What was done.
    pub act: FileAct,
    /// The operations, as the records spell them.
    pub operations: BTreeSet<String>,
    /// Whose context did it.
    pub verdict: Verdict,
    /// The context.
    pub context: Option<ContextId>,
    /// Who acted.
    pub actor: String,
    /// Through which application.
    pub app: String,
    /// From which addresses.
    pub ips: BTreeSet<String>,
    /// When first.
    pub first: Option<Timestamp>,
    /// When last.
    pub last: Option<Timestamp>,
    /// How many records tell of it.
    pub times: u64,
    /// The records, sorted, at most [`FileTouched::RECORDS`].
    pub records: Vec<String>,
}

impl FileTouched {
    /// How many records are named for one file and act; more would prove no more.
    pub const RECORDS: usize = 20;
}

/// A message that the intruder sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub time: Option<Timestamp>,
    /// The Message-ID.
    pub internet_message_id: String,
    /// The subject.
    pub subject: String,
    /// To whom, lower case, as far as records and trace say.
    pub recipients: BTreeSet<String>,
    /// `Send`, `SendAs`, `SendOnBehalf`.
    pub operation: String,
    /// The context.
    pub context: ContextId,
    /// The record.
    pub record: String,
    /// Whether no copy was kept in the sent items.
    pub left_no_copy: bool,
}

/// Somebody outside or inside to warn, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThirdParty {
    /// The address, lower case.
    pub address: String,
    /// Whether the address is outside the organisation.
    pub external: bool,
    /// Why: `got a message the intruder sent`, `mail was forwarded to it`, ...
    pub why: BTreeSet<String>,
    /// How many messages.
    pub messages: u64,
    /// The records, at most five.
    pub records: Vec<String>,
}

/// A search that the intruder made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// When.
    pub time: Option<Timestamp>,
    /// `SearchQueryInitiatedExchange`, `SearchQueryInitiatedSharePoint`, ...
    pub operation: String,
    /// What was searched for, in the record's words.
    pub text: String,
    /// The context.
    pub context: ContextId,
    /// The record.
    pub record: String,
}

/// A search or export through compliance tools, which leave no record of the messages they read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// When.
    pub time: Option<Timestamp>,
    /// The operation, as the record spells it.
    pub operation: String,
    /// What it was done to or is called.
    pub object: String,
    /// What was searched for or the rest of the command, in the record's words.
    pub query: String,
    /// Who acted.
    pub actor: String,
    /// From which address.
    pub ip: String,
    /// Whose context did it.
    pub verdict: Verdict,
    /// The context, where there is one.
    pub context: Option<ContextId>,
    /// The record.
    pub record: String,
}

/// Everything that left, or may have, other than by reading messages.
#[derive(Clone, Debug, Default)]
pub struct Outflow {
    /// The files that the intruder or somebody unknown touched, by address.
    pub files: Vec<FileTouched>,
    /// How many acts of the person on files were the owner's, services' or outside the window, and are not listed.
    pub files_left_out: u64,
    /// The messages that the intruder sent, by time.
    pub sent: Vec<Sent>,
    /// What the intruder searched for, by time.
    pub searches: Vec<Search>,
    /// Compliance searches and exports by the person or the intruder, by time.
    pub discovery: Vec<Discovery>,
    /// Whom to warn, by address.
    pub third_parties: Vec<ThirdParty>,
    /// The places in `sent` of each Message-ID, in lower case.
    sent_by_id: BTreeMap<String, Vec<usize>>,
    /// What to look for in subjects, a query for each of `searches`.
    queries: Vec<Query>,
    /// When the intruder's rules sent mail to whom.
    forwards: Vec<(Interval, BTreeSet<String>)>,
    /// Which messages each address is known to have got.
    got: BTreeSet<(String, String)>,
    organisation: Organisation,
    own: BTreeSet<String>,
}

impl Outflow {
    /// Returns the first search of the intruder that finds a message of this subject: every word
    /// of one alternative of the query is in it.
    #[must_use]
    pub fn search_hits(&self, subject: &str) -> Option<&Search> {
        let subject = subject.to_lowercase();
        let at = self
            .queries
            .iter()
            .position(|query| query.finds(&subject))?;
        self.searches.get(at)
    }
}
