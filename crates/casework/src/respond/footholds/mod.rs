//! What an intruder leaves behind to come back or to stay, as records tell it.
//!
//! A record says what was done; only the tenant says whether it still stands. So a foothold holds
//! signs, by which the thing is found among what stands there now. Whose the records are is for
//! the caller to decide: here every record that is handed over is held for the intruder's.

mod accounts;
mod applications;
mod audit;
mod cmdlet;
mod devices;
mod differences;
mod folders;
mod mail_flow;
mod mailbox;
mod methods;
mod roles;
mod sharing;
mod targets;

#[cfg(test)]
mod tests;

use model::{Event, Outcome, Timestamp};
use std::collections::BTreeSet;

/// What kind of thing was left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FootholdKind {
    /// An inbox rule.
    InboxRule,
    /// A sweep rule.
    SweepRule,
    /// Forwarding of a mailbox.
    Forwarding,
    /// An automatic reply.
    AutoReply,
    /// Full access to a mailbox.
    FullAccess,
    /// The right to send as a mailbox.
    SendAs,
    /// The right to send on behalf of a mailbox.
    SendOnBehalf,
    /// A right to a folder.
    FolderRight,
    /// A delegated permission of an application.
    Grant,
    /// An application permission.
    AppRole,
    /// An application that was brought into the tenant.
    Application,
    /// A secret or certificate of an application.
    Credential,
    /// A sign-in method.
    Method,
    /// A device.
    Device,
    /// A directory role.
    Role,
    /// Another account, which the intruder made.
    Account,
    /// Another account, whose password the intruder set.
    Password,
    /// An account of which nothing is recorded in mailboxes.
    AuditBypass,
    /// A sharing link.
    Link,
    /// A transport rule.
    TransportRule,
    /// A connector.
    Connector,
    /// Automatic forwarding to the outside, allowed for the organisation.
    OutboundPolicy,
    /// The audit log, switched off for the organisation.
    AuditOff,
}

impl FootholdKind {
    /// Returns the words that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InboxRule => "inbox rule",
            Self::SweepRule => "sweep rule",
            Self::Forwarding => "mailbox forwarding",
            Self::AutoReply => "automatic reply",
            Self::FullAccess => "full access",
            Self::SendAs => "right to send as",
            Self::SendOnBehalf => "right to send on behalf",
            Self::FolderRight => "folder right",
            Self::Grant => "delegated grant",
            Self::AppRole => "application permission",
            Self::Application => "application",
            Self::Credential => "application credential",
            Self::Method => "sign-in method",
            Self::Device => "device",
            Self::Role => "directory role",
            Self::Account => "account that was made",
            Self::Password => "password that was set",
            Self::AuditBypass => "audit bypass",
            Self::Link => "sharing link",
            Self::TransportRule => "transport rule",
            Self::Connector => "connector",
            Self::OutboundPolicy => "outbound forwarding policy",
            Self::AuditOff => "audit log that is off",
        }
    }

    /// Returns whether it concerns the whole tenant, and so belongs into a plan of its own.
    #[must_use]
    pub fn is_of_tenant(self) -> bool {
        matches!(
            self,
            Self::TransportRule | Self::Connector | Self::OutboundPolicy | Self::AuditOff
        )
    }
}

/// Something by which a thing is known; records and answers have it in one form, lower case
/// where case says nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// The id of the thing itself, which nothing else has.
    Id(String),
    /// What it is called.
    Name(String),
    /// An address that mail is sent to.
    Address(String),
    /// Who was given a right.
    Trustee(String),
    /// The path of a folder.
    Folder(String),
    /// The id of an application.
    App(String),
    /// The object id of a service principal.
    Principal(String),
    /// The object id of an application's registration.
    Registration(String),
    /// The object id of the resource that an application may use.
    Resource(String),
    /// A permission of an application: the id of the role.
    Permission(String),
    /// The digits of a telephone number.
    Phone(String),
    /// What kind of sign-in method, as [`Sign::METHODS`] names it.
    MethodKind(String),
    /// The address of a file or folder.
    Url(String),
    /// It holds for everybody in the tenant.
    ForAll,
}

/// One thing that was left behind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foothold {
    /// What kind of thing.
    pub kind: FootholdKind,
    /// Whose account or mailbox it is in, as the record names it, lower case; may be empty.
    pub owner: String,
    /// By what it is known.
    pub signs: BTreeSet<Sign>,
    /// When it was made or changed.
    pub time: Option<Timestamp>,
    /// The records that show it.
    pub records: Vec<String>,
    /// What was done, a sentence without full stop.
    pub sentence: String,
    /// Why a person has to decide whether it is the intruder's; empty where it is.
    pub doubt: String,
}

/// Returns what a record shows to have been left behind; nothing for an act that failed, and
/// nothing for one that takes something away.
#[must_use]
pub fn of(event: &Event<'_>) -> Vec<Foothold> {
    if event.outcome == Outcome::Failure {
        return Vec::new();
    }
    let readers = [
        mailbox::read,
        folders::read,
        mail_flow::read,
        applications::read,
        methods::read,
        devices::read,
        roles::read,
        sharing::read,
        accounts::read,
        audit::read,
    ];
    readers.iter().flat_map(|read| read(event)).collect()
}

/// Makes a foothold of one record.
fn foothold(
    event: &Event<'_>,
    kind: FootholdKind,
    owner: &str,
    signs: impl IntoIterator<Item = Sign>,
    what: &str,
) -> Foothold {
    let who = match &*event.user {
        "" => "somebody".to_owned(),
        user => model::shown::shown(user).into_owned(),
    };
    let when = event
        .time
        .map_or_else(String::new, |time| format!(" at {time}"));
    Foothold {
        kind,
        owner: owner.to_lowercase(),
        signs: signs.into_iter().filter(|sign| !sign.is_empty()).collect(),
        time: event.time,
        records: vec![event.id.as_str().to_owned()],
        sentence: format!("{who} {what}{when}"),
        doubt: String::new(),
    }
}

/// Returns a text that somebody else chose between backticks, its start only, safe to show.
pub(crate) fn called(text: &str) -> String {
    const SHOWN: usize = 60;
    let text = text.trim();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let start: String = text.chars().take(SHOWN).collect();
    let more = if text.chars().nth(SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{}{more}`", model::shown::shown(&start).replace('`', "'"))
}

impl Sign {
    /// The kinds of sign-in methods, as [`Sign::MethodKind`] names them.
    pub const METHODS: [&str; 5] = ["phone", "email", "authenticator", "code", "key"];

    fn is_empty(&self) -> bool {
        match self {
            Self::ForAll => false,
            Self::Name(_) => false,
            Self::Id(text)
            | Self::Address(text)
            | Self::Trustee(text)
            | Self::Folder(text)
            | Self::App(text)
            | Self::Principal(text)
            | Self::Registration(text)
            | Self::Resource(text)
            | Self::Permission(text)
            | Self::Phone(text)
            | Self::MethodKind(text)
            | Self::Url(text) => text.is_empty(),
        }
    }
}
