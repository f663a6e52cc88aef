//! What is heard of each mailbox of the tenant, until it is known which of them are the case's.
//!
//! A mailbox that was renamed stands in the records under several names, and which names belong
//! together is told only when all records were heard.

use super::beyond::Tally;
use super::masking::AppReads;
use super::reads::Reads;
use super::scope::Scope;
use model::{Event, Timestamp};
use std::collections::BTreeMap;

/// What is heard of one mailbox.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    /// Its first record.
    pub(super) first: Option<Timestamp>,
    /// The records of reading it.
    pub(super) reads: Reads,
    /// The reads by applications without a face.
    pub(super) app_reads: AppReads,
    /// The reads by the investigation itself.
    pub(super) own: Tally,
}

impl Mailbox {
    fn join(&mut self, other: Self) {
        self.first = self.first.into_iter().chain(other.first).min();
        self.reads.join(other.reads);
        self.app_reads.join(other.app_reads);
        self.own.join(&other.own);
    }
}

/// What is heard of every mailbox.
#[derive(Debug, Default)]
pub(super) struct Mailboxes(BTreeMap<String, Mailbox>);

impl Mailboxes {
    /// Returns the place of the mailbox of an event.
    pub(super) fn of(&mut self, event: &Event<'_>) -> &mut Mailbox {
        self.0.entry(event.mailbox.to_string()).or_default()
    }

    /// Returns the mailbox of the case, under all of its names.
    pub(super) fn scoped(self, scope: &Scope<'_>) -> Mailbox {
        let mut scoped = Mailbox::default();
        for (name, mailbox) in self.0 {
            if scope.is_scoped(&name) {
                scoped.join(mailbox);
            }
        }
        scoped.reads.settle();
        scoped
    }
}
