//! What is asked: the person, the seeds, the window, and what the analyst decided.

use crate::attribution::{ContextId, Verdict};
use crate::interval::Interval;
use model::{Address, Event, Timestamp};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What a case asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// The tenant, lower case.
    pub tenant: String,
    /// The person as the lake spells the UPN, lower case.
    pub user: String,
    /// The mailbox that is scoped, lower case; the person's own unless told otherwise.
    pub mailbox: String,
    /// What is known to be the intruder's.
    pub seeds: Vec<Seed>,
    /// The window the analyst sets; an open end is found from the evidence.
    pub since: Option<Timestamp>,
    /// The end the analyst sets.
    pub until: Option<Timestamp>,
    /// What the analyst decided about contexts, above what the engine finds.
    pub overrides: BTreeMap<ContextId, Override>,
    /// Applications that are this program's own, whose reads are the investigation's.
    pub own_apps: Vec<String>,
    /// When the newest evidence was taken in: what happened shortly before may still be on its way.
    pub collected: Option<Timestamp>,
    /// What could not be collected.
    pub missed: Vec<Missed>,
}

/// A span in which collecting could not have what there was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// The source that lacks it.
    pub source: String,
    /// The span and why.
    pub gap: model::Gap,
    /// Whether the source is one of those that tell of reading and sending.
    pub is_of_mail: bool,
    /// Another source that had the same records for the whole span; none where there is none.
    pub had_by: Option<String>,
}

impl Brief {
    /// Returns the analyst's window where both ends are set.
    #[must_use]
    pub fn window(&self) -> Option<Interval> {
        Some(Interval::new(self.since?, self.until?))
    }
}

/// An analyst's verdict on a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Whose it is.
    pub verdict: Verdict,
    /// Why, in the analyst's words.
    pub reason: String,
    /// Who decided.
    pub by: String,
}

/// Something that is known to be the intruder's before the engine looks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seed {
    /// A network address.
    Ip(Address),
    /// A session, lower case.
    Session(String),
    /// A token's unique id, case kept.
    Token(String),
    /// A client application's id, lower case.
    App(String),
    /// A device's id, lower case.
    Device(String),
    /// An inbox rule, transport rule or forwarding, by name or id.
    Rule(String),
    /// A record that is the intruder's act.
    Record(String),
    /// A sign-in that is the intruder's, by its record's id.
    Signin(String),
}

impl Seed {
    /// The words before the `=`.
    pub const KINDS: [&str; 8] = [
        "ip", "session", "token", "app", "device", "rule", "record", "signin",
    ];

    /// Returns the word before the `=`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Ip(_) => "ip",
            Self::Session(_) => "session",
            Self::Token(_) => "token",
            Self::App(_) => "app",
            Self::Device(_) => "device",
            Self::Rule(_) => "rule",
            Self::Record(_) => "record",
            Self::Signin(_) => "signin",
        }
    }

    /// Returns whether a record carries what the seed names; a rule is in no record as such.
    pub(crate) fn is_in(&self, event: &Event<'_>) -> bool {
        match self {
            Self::Ip(address) => event.address.is_some_and(|own| own.ip == address.ip),
            Self::Session(session) => event.session.eq_ignore_ascii_case(session),
            Self::Token(token) => event.token == *token,
            Self::App(app) => event.app.eq_ignore_ascii_case(app),
            Self::Device(device) => event.device.eq_ignore_ascii_case(device),
            Self::Record(record) | Self::Signin(record) => event.id.as_str() == record,
            Self::Rule(_) => false,
        }
    }
}

impl fmt::Display for Seed {
    /// Writes the seed as it is typed: `kind=value`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.kind())?;
        match self {
            Self::Ip(address) => write!(f, "{address}"),
            Self::Session(text)
            | Self::Token(text)
            | Self::App(text)
            | Self::Device(text)
            | Self::Rule(text)
            | Self::Record(text)
            | Self::Signin(text) => f.write_str(text),
        }
    }
}

/// Why a text is no seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// There is no `kind=` before the value, or a kind that there is not.
    #[error(
        "understand the seed `{0}`: write kind=value, with one of ip session token app device rule record signin"
    )]
    Kind(String),
    /// The value is empty.
    #[error("understand the seed `{0}`: there is no value behind the `=`")]
    Empty(String),
    /// The address is none.
    #[error("understand the seed `{0}`: that is no IP address")]
    Address(String),
}

impl FromStr for Seed {
    type Err = SeedError;

    /// Reads `kind=value`.
    ///
    /// ```
    /// use casework::Seed;
    /// let seed: Seed = "ip=[2001:db8::7]:443".parse().unwrap();
    /// assert_eq!(seed.to_string(), "ip=2001:db8::7");
    /// assert!("colour=red".parse::<Seed>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, SeedError> {
        let unknown = || SeedError::Kind(text.to_owned());
        let (kind, value) = text.split_once('=').ok_or_else(unknown)?;
        let value = value.trim();
        let lower = || value.to_ascii_lowercase();
        if value.is_empty() {
            return Err(SeedError::Empty(text.to_owned()));
        }
        Ok(match kind.trim().to_ascii_lowercase().as_str() {
            "ip" => Self::Ip(
                Address::read(value)
                    .map(|address| Address {
                        port: None,
                        ..address
                    })
                    .ok_or_else(|| SeedError::Address(text.to_owned()))?,
            ),
            "session" => Self::Session(lower()),
            "token" => Self::Token(value.to_owned()),
            "app" => Self::App(lower()),
            "device" => Self::Device(lower()),
            "rule" => Self::Rule(value.to_owned()),
            "record" => Self::Record(value.to_owned()),
            "signin" => Self::Signin(value.to_owned()),
            _ => return Err(unknown()),
        })
    }
}
