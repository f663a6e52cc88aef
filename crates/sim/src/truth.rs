//! What the intruder did, as the story knows it: what a test or a self-check compares an
//! investigation with. It is never on the wire.

use std::collections::BTreeSet;

use serde::Serialize;

/// What the intruder did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The story.
    pub story: String,
    /// UPNs of the people whose accounts the intruder used.
    pub victims: BTreeSet<String>,
    /// UPNs of the mailboxes that were touched.
    pub mailboxes: BTreeSet<String>,
    /// Messages that a client of the intruder was given one by one.
    pub read: BTreeSet<Touched>,
    /// Messages that lay in a folder while an Outlook of the intruder synchronised it.
    pub synchronised: BTreeSet<Touched>,
    /// Messages that the intruder sent.
    pub sent: BTreeSet<Touched>,
    /// Messages that the intruder moved or deleted.
    pub moved: BTreeSet<Touched>,
    /// Folders that were synchronised: mailbox and path.
    pub folders: BTreeSet<(String, String)>,
    /// Inbox rules and mail flow rules that the intruder made: mailbox (empty for mail flow) and name.
    pub rules: BTreeSet<(String, String)>,
    /// Addresses of the intruder.
    pub addresses: BTreeSet<String>,
    /// Sessions of the intruder.
    pub sessions: BTreeSet<String>,
    /// App ids of the intruder's applications.
    pub apps: BTreeSet<String>,
    /// Addresses that mail was forwarded to.
    pub forwarded_to: BTreeSet<String>,
    /// Files that were opened or downloaded.
    pub files: BTreeSet<String>,
    /// Ids of all records that the intruder caused, in the unified audit log and elsewhere.
    pub records: BTreeSet<String>,
}

/// A message in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Touched {
    /// UPN of the mailbox.
    pub mailbox: String,
    /// `internetMessageId`, angle brackets included.
    pub message: String,
}

impl Truth {
    /// Returns it as JSON, indented.
    ///
    /// # Panics
    ///
    /// Never: it holds nothing that JSON cannot.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and lists are always JSON")
    }
}
