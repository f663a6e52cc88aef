//! Which contexts touched the mailbox, whose each is, and how that is known.

mod acts;
mod baseline;
mod carried;
mod client;
mod closure;
mod found;
mod log;
mod marks;
mod names;
mod owner;
mod people;
mod person;
mod pivots;
mod platform;
mod presence;
mod proposals;
mod scene;
mod seeds;
mod service;
mod start;
mod strand;
mod verdict;
mod window;

#[cfg(test)]
mod tests;

pub use log::Log;
pub use person::Person;

use crate::brief::Seed;
use crate::interval::Interval;
use model::Timestamp;
use names::digest;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::net::IpAddr;

/// Names a context: a digest of what makes it one, so that it is the same in every run.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(pub String);

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose a context is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The intruder's.
    Intruder,
    /// The owner's, or of whoever the owner lets in.
    Owner,
    /// A service of the platform.
    Service,
    /// The records do not say.
    Unknown,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Intruder, Self::Owner, Self::Service, Self::Unknown];

    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Intruder => "INTRUDER",
            Self::Owner => "OWNER",
            Self::Service => "SERVICE",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Returns the verdict of that name, whatever its case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.name().eq_ignore_ascii_case(name))
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A hint.
    Low,
    /// Probable.
    Medium,
    /// Proved by an identifier nobody else has.
    High,
}

impl Confidence {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Why a context has its verdict: one fact with the records that show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The fact, a sentence without full stop.
    pub text: String,
    /// The records that show it, sorted, at most [`Reason::RECORDS`].
    pub records: Vec<String>,
}

impl Reason {
    /// How many records a reason names; more would prove no more.
    pub const RECORDS: usize = 5;
}

/// One way of being in the mailbox: the records that agree in who, how and whence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Its name.
    pub id: ContextId,
    /// Whose it is.
    pub verdict: Verdict,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
    /// What the analyst said, where an override holds.
    pub overridden: bool,
    /// The mailbox; empty for acts in other services.
    pub mailbox: String,
    /// Who acted, lower case.
    pub actor: String,
    /// Exchange's LogonType.
    pub logon_type: Option<i32>,
    /// The session, empty where the records have none.
    pub session: String,
    /// The token's unique id where all its records share one, else empty.
    pub token: String,
    /// The client application.
    pub app: String,
    /// The client's family: `OWA`, `Outlook`, `REST`, `RESTSystem`, `ActiveSync`, `IMAP4`, `PowerShell`, ...
    pub client: String,
    /// The device's id.
    pub device: String,
    /// The addresses in it: one, or several of Microsoft's.
    pub ips: BTreeSet<String>,
    /// How many distinct records.
    pub records: u64,
    /// The first record.
    pub first: Option<Timestamp>,
    /// The last record.
    pub last: Option<Timestamp>,
}

/// Something that may have ended the intruder's access.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eviction {
    /// When.
    pub at: Timestamp,
    /// What, a sentence without full stop.
    pub what: String,
    /// Until when access may have gone on in spite of it.
    pub effective: Timestamp,
    /// The record.
    pub record: String,
}

/// A seed that the records suggest, with why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// How strong the suggestion is.
    pub confidence: Confidence,
    /// What to seed.
    pub seed: Seed,
    /// Why, a sentence without full stop.
    pub why: String,
    /// The records that show it, at most [`Reason::RECORDS`].
    pub records: Vec<String>,
}

/// What the intruder's indicators show elsewhere: an address another workload gives away, another mailbox read by the same application.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pivot {
    /// A sentence without full stop.
    pub text: String,
    /// What to type to follow it, where there is something: a seed, or another user to investigate.
    pub follow: String,
    /// The records that show it, at most [`Reason::RECORDS`].
    pub records: Vec<String>,
}

/// One step on the way from a seed to a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// From what, as `kind=value`.
    pub from: String,
    /// To what, as `kind=value` or a context's id.
    pub to: String,
    /// What connects them.
    pub by: String,
    /// The records that show it.
    pub records: Vec<String>,
}

/// What marks the intruder and what the person, by which an act is told that is in no context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The intruder's sessions.
    pub sessions: BTreeSet<String>,
    /// The intruder's tokens.
    pub tokens: BTreeSet<String>,
    /// The intruder's addresses, none of which was the person's or is everybody's.
    pub addresses: BTreeSet<IpAddr>,
    /// The intruder's applications.
    pub apps: BTreeSet<String>,
    /// The records of acts that follow from these.
    pub acts: BTreeSet<String>,
    /// Where the person worked in the 30 days before.
    pub own_addresses: BTreeSet<IpAddr>,
    /// With which devices.
    pub own_devices: BTreeSet<String>,
    /// When the intruder is first seen in the account from elsewhere than there; none where
    /// everything that was found was done from the person's own places.
    pub came_in: Option<Timestamp>,
    /// Whether any of it was with something else than the person's own device. A token that was
    /// stolen from a device can name it too.
    pub is_strange: bool,
}

/// How many messages each undecided context touched.
pub type Stakes = BTreeMap<ContextId, u64>;

/// Who was there: the contexts with their verdicts, and everything that follows from them.
#[derive(Clone, Debug, Default)]
pub struct Attribution {
    /// The person whose mailbox it is.
    pub person: Person,
    /// From the first evidence of the intruder to the end of their access; none without an intruder.
    pub window: Option<Interval>,
    /// Why the window begins and ends where it does, a sentence.
    pub window_because: String,
    /// Whether nothing shows that the access ended: the window ends with what is known, not with the access.
    pub is_open: bool,
    /// Every context, by id.
    pub contexts: Vec<Context>,
    /// What may have ended the access, by time.
    pub evictions: Vec<Eviction>,
    /// Seeds the records suggest, the strongest first.
    pub proposals: Vec<Proposal>,
    /// What the intruder's indicators show elsewhere.
    pub pivots: Vec<Pivot>,
    /// Seeds that no record answers to.
    pub unanswered: Vec<Seed>,
    /// What marks the intruder and what the person, beside contexts.
    pub marks: Marks,
    /// Which context each record belongs to.
    pub of_record: RecordContexts,
    /// The session and the public address of each sign-in that is suggested as a seed.
    pub(crate) signed_in: BTreeMap<String, (String, Option<IpAddr>)>,
    /// The shortest way of evidence to each context that evidence reached.
    pub(crate) ways: BTreeMap<ContextId, Vec<Step>>,
}

impl Attribution {
    /// Returns the context of a record.
    #[must_use]
    pub fn context_of(&self, record: &str) -> Option<&Context> {
        self.of_record
            .get(record)
            .and_then(|at| self.contexts.get(at))
    }

    /// Returns the context of that name.
    #[must_use]
    pub fn context(&self, id: &ContextId) -> Option<&Context> {
        self.contexts
            .binary_search_by(|context| context.id.cmp(id))
            .ok()
            .and_then(|at| self.contexts.get(at))
    }

    /// Returns the shortest way of evidence from a seed to a context; empty where nothing leads there.
    #[must_use]
    pub fn why(&self, context: &ContextId) -> Vec<Step> {
        self.ways.get(context).cloned().unwrap_or_default()
    }

    /// Returns every step on the ways to contexts, for whoever hides what tells a person.
    pub fn steps_mut(&mut self) -> impl Iterator<Item = &mut Step> {
        self.ways.values_mut().flatten()
    }

    /// Returns the contexts that carry what a seed names.
    pub fn contexts_of<'a>(&'a self, seed: &'a Seed) -> impl Iterator<Item = &'a Context> {
        let of_record = match seed {
            Seed::Record(record) => self.context_of(record).map(|context| &context.id),
            _ => None,
        };
        let signed_in = match seed {
            Seed::Signin(record) => self.signed_in.get(record),
            _ => None,
        };
        let is_of = move |context: &&Context| match seed {
            Seed::Ip(address) => context.ips.contains(&address.ip.to_string()),
            Seed::Token(token) => context.token == *token,
            Seed::App(app) => context.app == *app,
            Seed::Device(device) => context.device == *device,
            Seed::Session(session) => context.session == *session,
            Seed::Signin(_) => signed_in.is_some_and(|(session, ip)| {
                let is_there = ip.is_some_and(|ip| context.ips.contains(&ip.to_string()));
                is_there || (!session.is_empty() && context.session == *session)
            }),
            Seed::Record(_) => of_record == Some(&context.id),
            Seed::Rule(_) => false,
        };
        self.contexts.iter().filter(is_of)
    }

    /// Returns how many messages a seed would show to be the intruder's, at the least.
    #[must_use]
    pub fn at_stake(&self, seed: &Seed, stakes: &Stakes) -> u64 {
        let contexts = self.contexts_of(seed);
        let held = contexts.filter_map(|context| stakes.get(&context.id));
        held.fold(0u64, |sum, messages| sum.saturating_add(*messages))
    }

    /// Puts the suggested seeds in order: those that would show something first, the surest of
    /// them before all, and of two that are as sure the one that would show more.
    pub fn order_proposals(&mut self, stakes: &Stakes) {
        let mut proposals = std::mem::take(&mut self.proposals);
        proposals.sort_by_cached_key(|proposal| {
            let messages = self.at_stake(&proposal.seed, stakes);
            std::cmp::Reverse((messages > 0, proposal.confidence, messages))
        });
        self.proposals = proposals;
    }

    /// Returns when the last record of a session was written, in any context.
    #[must_use]
    pub fn session_end(&self, session: &str) -> Option<Timestamp> {
        self.contexts
            .iter()
            .filter(|context| !session.is_empty() && context.session == session)
            .filter_map(|context| context.last)
            .max()
    }
}

/// Which context each record belongs to: twelve bytes a record, for there may be millions.
#[derive(Clone, Debug, Default)]
pub struct RecordContexts(HashMap<u64, u32>);

impl RecordContexts {
    /// Notes the place in the list of contexts to which a record belongs.
    pub fn note(&mut self, record: &str, context: usize) {
        self.0.insert(digest(record), context as u32);
    }

    /// Notes the same by the digest of the record's id.
    fn note_digest(&mut self, record: u64, context: usize) {
        self.0.insert(record, context as u32);
    }

    /// Returns the place in the list of contexts to which a record belongs.
    #[must_use]
    pub fn get(&self, record: &str) -> Option<usize> {
        self.0.get(&digest(record)).map(|at| *at as usize)
    }
}
