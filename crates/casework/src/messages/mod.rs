//! Where each message was, and which evidence class it is in.
//!
//! | file | what it holds |
//! |---|---|
//! | `cluster` | which rows speak of one message |
//! | `delivery`, `presence` | where it was, and when |
//! | `sync`, `crawl` | what only all records together tell: synchronised folders, the pace of reading |
//! | `touches`, `synced`, `caught` | what speaks for a class |
//! | `absence` | what can be said without evidence |
//! | `judge` | the class, with everything that speaks for it |

mod absence;
mod caught;
mod cluster;
pub mod crawl;
mod delivery;
mod folder;
mod folder_names;
mod ground;
mod judge;
mod metadata;
mod presence;
mod record_key;
mod scope;
pub mod sync;
mod synced;
mod touches;

#[cfg(test)]
mod case;

pub use cluster::Cluster;
pub use crawl::Crawls;
pub use judge::{judge, undecided};
pub use scope::Scope;
pub use sync::{SyncWindow, Syncs, WholeMailbox};

use crate::attribution::ContextId;
use model::{Timestamp, Touch};

/// The evidence class of a message: the highest that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Exfiltrated or used: it left the organisation.
    E,
    /// Accessed, proved.
    P1,
    /// Accessed, probable.
    P2,
    /// Possibly synchronised.
    S,
    /// Possibly forwarded or searched.
    R,
    /// Accessed by somebody the records do not identify.
    U,
    /// The logs could not have shown an access.
    B,
    /// No access recorded while the log was complete.
    N,
    /// Not there while the intruder was.
    O,
}

impl Class {
    /// Every class, the gravest first.
    pub const ALL: [Self; 9] = [
        Self::E,
        Self::P1,
        Self::P2,
        Self::S,
        Self::R,
        Self::U,
        Self::B,
        Self::N,
        Self::O,
    ];

    /// Returns the letter.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::E => "E",
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::S => "S",
            Self::R => "R",
            Self::U => "U",
            Self::B => "B",
            Self::N => "N",
            Self::O => "O",
        }
    }

    /// Returns what the letter stands for.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::E => "Exfiltrated or used",
            Self::P1 => "Accessed (proved)",
            Self::P2 => "Accessed (probable)",
            Self::S => "Possibly synchronised",
            Self::R => "Possibly forwarded or searched",
            Self::U => "Unresolved actor",
            Self::B => "Audit-blind",
            Self::N => "No evidence, full coverage",
            Self::O => "Out of window",
        }
    }

    /// Returns what a report may say of such a message.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::E => "left the organisation",
            Self::P1 => "accessed by the intruder's client",
            Self::P2 => "probably accessed by the intruder's client",
            Self::S => {
                "was in a folder that the intruder's Outlook synchronised; individual reading cannot be shown"
            }
            Self::R => "may have matched a rule or a search of the intruder",
            Self::U => "accessed by somebody who cannot be identified from the records",
            Self::B => "logs could not have shown access",
            Self::N => "no access recorded while auditing was working",
            Self::O => "not in the mailbox while the intruder had access",
        }
    }
}

/// What helps counsel to put messages in order; no tag ever lowers a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// One of five or more items that one record names within two minutes of a sign-in or a folder's opening.
    BulkPreload,
    /// One of one or two items that a record names.
    IndividuallyOpened,
    /// Read at three or more records a second.
    Crawl,
    /// An attachment was opened.
    AttachmentOpened,
    /// The owner read it too.
    AlsoReadByOwner,
    /// It was unread until then.
    WasUnread,
    /// The intruder moved, changed or deleted it.
    Tampered,
    /// A forward was refused on its way out.
    Blocked,
    /// The intruder sent it.
    Sent,
    /// A rule or forwarding sent it on.
    Forwarded,
    /// Two messages on their way carried this Message-ID.
    SharedMessageId,
    /// It was joined to its metadata only when letter case was ignored.
    JoinedByCasefold,
    /// It has no Message-ID: the item's id stands for it.
    NoMessageId,
    /// Neither trace nor inventory names it: sender, recipients and time of delivery are not available.
    NoMetadata,
}

impl Tag {
    /// Every tag.
    pub const ALL: [Self; 14] = [
        Self::BulkPreload,
        Self::IndividuallyOpened,
        Self::Crawl,
        Self::AttachmentOpened,
        Self::AlsoReadByOwner,
        Self::WasUnread,
        Self::Tampered,
        Self::Blocked,
        Self::Sent,
        Self::Forwarded,
        Self::SharedMessageId,
        Self::JoinedByCasefold,
        Self::NoMessageId,
        Self::NoMetadata,
    ];

    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BulkPreload => "bulk-preload",
            Self::IndividuallyOpened => "individually-opened",
            Self::Crawl => "crawl",
            Self::AttachmentOpened => "attachment-opened",
            Self::AlsoReadByOwner => "also-read-by-owner",
            Self::WasUnread => "was-unread",
            Self::Tampered => "tampered",
            Self::Blocked => "blocked",
            Self::Sent => "sent",
            Self::Forwarded => "forwarded",
            Self::SharedMessageId => "shared-message-id",
            Self::JoinedByCasefold => "joined-by-casefold",
            Self::NoMessageId => "no-message-id",
            Self::NoMetadata => "no-metadata",
        }
    }
}

/// One message or folder as one record of the mailbox names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// The record.
    pub record: String,
    /// When.
    pub time: Option<Timestamp>,
    /// How; none stands for nothing that is known.
    pub touch: Option<Touch>,
    /// The operation: `MailItemsAccessed`, `Send`, `SoftDelete`, ...
    pub action: String,
    /// Whether it failed, and so touched nothing.
    pub failed: bool,
    /// How many items the record names in all: one opened, or many at once.
    pub items_in_record: u32,
    /// The Message-ID in canonical form; empty where the record has none.
    pub internet_message_id: String,
    /// Exchange's id of the item.
    pub item_id: String,
    /// The subject, where the record has it.
    pub subject: String,
    /// The folder's id.
    pub folder_id: String,
    /// The folder's path or name.
    pub folder: String,
    /// Where it was moved to, a path or an id.
    pub to_folder: String,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

/// One message on its way to one recipient, as trace or EmailEvents tell it, or one that the
/// recipient's mailbox held when somebody listed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// The record.
    pub record: String,
    /// When.
    pub time: Option<Timestamp>,
    /// The Message-ID in canonical form.
    pub internet_message_id: String,
    /// Exchange's id of the message on its way; the item's where it is listed.
    pub network_message_id: String,
    /// The sender's address, lower case.
    pub sender: String,
    /// The recipient's address, lower case.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// `Delivered`, `Failed`, `Quarantined`, ... as the source says it.
    pub status: String,
    /// `Inbound`, `Outbound` or `Intra-org`.
    pub direction: String,
    /// Which folder or place it was delivered to; empty where the source does not say.
    pub location: String,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

impl Delivered {
    /// Returns whether it comes from an inventory of the mailbox.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.status == model::INVENTORY
    }
}

/// A message of the mailbox with its class and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The mailbox, lower case.
    pub mailbox: String,
    /// The Message-ID in canonical form; the item's id where there is none.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// Why it is in that class, a sentence without full stop.
    pub because: String,
    /// The first access that put it there.
    pub first_seen: Option<Timestamp>,
    /// The last.
    pub last_seen: Option<Timestamp>,
    /// How many accesses by others than owner and services; a lower bound.
    pub times: u32,
    /// The folders in which it was seen, or stood when its class was decided.
    pub folders: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The sender's address.
    pub from: String,
    /// The recipients' addresses.
    pub to: Vec<String>,
    /// When it was delivered or sent.
    pub received: Option<Timestamp>,
    /// How large it is.
    pub size_bytes: Option<i64>,
    /// The contexts of the accesses.
    pub contexts: Vec<ContextId>,
    /// The records that prove the class and all other evidence against it.
    pub records: Vec<String>,
    /// What helps to put it in order.
    pub tags: Vec<Tag>,
}
