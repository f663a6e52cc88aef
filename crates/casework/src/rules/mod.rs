//! Which rules and forwardings were active when, whose they are, and which messages they caught.

mod change;
mod conditions;
mod dates;
mod departures;
mod history;
mod log;
mod matching;
mod organisation;
mod outlook;
mod verdict;
mod words;

#[cfg(test)]
pub(crate) mod invented;
#[cfg(test)]
mod tests;

pub use log::Log;
pub(crate) use organisation::Organisation;

use departures::Departures;

use crate::attribution::{Confidence, ContextId, Verdict};
use crate::interval::Interval;
use crate::messages::{Delivered, Tag};
use model::Timestamp;
use std::collections::BTreeSet;

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleKind {
    /// A rule of the mailbox.
    Inbox,
    /// Forwarding set on the mailbox itself.
    Forwarding,
    /// A rule of the organisation's mail flow.
    Transport,
}

impl RuleKind {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox rule",
            Self::Forwarding => "mailbox forwarding",
            Self::Transport => "transport rule",
        }
    }
}

/// A rule as it stood for a while: every change begins a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleVersion {
    /// What kind.
    pub kind: RuleKind,
    /// The name or id by which the records know it; may be empty, as intruders like it.
    pub name: String,
    /// Which version of this rule, from 1.
    pub version: u32,
    /// While it was active, to the microsecond; open ends are the ends of the case.
    pub active: Interval,
    /// Whether its end is known from a record.
    pub ended: bool,
    /// What it looks for, as parameter and value, in the records' own words.
    pub conditions: Vec<(String, String)>,
    /// What it does, as parameter and value.
    pub actions: Vec<(String, String)>,
    /// The addresses it sends mail to, lower case.
    pub targets: BTreeSet<String>,
    /// Who made this version.
    pub actor: String,
    /// From which address.
    pub ip: String,
    /// The context that made it, where there is one.
    pub context: Option<ContextId>,
    /// Whose the version is: that context's verdict, unless a seed, the time or a part that the
    /// intruder set earlier says more.
    pub verdict: Verdict,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, a sentence without full stop.
    pub because: String,
    /// Whether the records tell every part of it; a rule made before they begin has parts they do not show.
    pub complete: bool,
    /// The records that made and ended it.
    pub records: Vec<String>,
}

/// What a rule can be held against: a message as it arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival<'a> {
    /// When it was delivered.
    pub time: Option<Timestamp>,
    /// The Message-ID.
    pub internet_message_id: &'a str,
    /// The sender's address, lower case.
    pub sender: &'a str,
    /// The recipients' addresses, lower case.
    pub recipients: &'a [String],
    /// The subject; empty where nothing knows it.
    pub subject: &'a str,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

/// What a rule did with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleHit {
    /// Whether the trace proves that it left: class E; otherwise R.
    pub left: bool,
    /// `blocked`, `forwarded`.
    pub tags: Vec<Tag>,
    /// A sentence without full stop: which rule, what matched, which condition could not be evaluated.
    pub because: String,
    /// To whom.
    pub targets: Vec<String>,
    /// The records: the rule's and the trace's.
    pub records: Vec<String>,
}

/// The rules of a case.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Every version of every rule on the mailbox, by time.
    pub versions: Vec<RuleVersion>,
    departures: Departures,
    organisation: Organisation,
}

impl FromIterator<RuleVersion> for Rules {
    /// Puts versions in the order of their time; no message is known to have left yet.
    fn from_iter<I: IntoIterator<Item = RuleVersion>>(versions: I) -> Self {
        let mut versions: Vec<RuleVersion> = versions.into_iter().collect();
        versions.sort_by(|left, right| {
            let key = |version: &RuleVersion| (version.active, version.kind, version.version);
            key(left)
                .cmp(&key(right))
                .then_with(|| left.name.cmp(&right.name))
                .then_with(|| left.records.cmp(&right.records))
        });
        Self {
            versions,
            ..Self::default()
        }
    }
}

impl Rules {
    /// Returns the addresses that the intruder's rules and forwardings send mail to.
    #[must_use]
    pub fn targets(&self) -> BTreeSet<String> {
        self.versions
            .iter()
            .filter(|version| version.verdict == Verdict::Intruder)
            .flat_map(|version| version.targets.iter().cloned())
            .collect()
    }

    /// Takes in a message that was on its way to one of [`Rules::targets`], in any order; others
    /// are passed over.
    ///
    /// Whose name stands as the sender is not asked: a redirected message keeps its own.
    pub fn hear_outbound(&mut self, row: &Delivered) {
        let versions = &self.versions;
        let is_awaited = |recipient: &str| {
            versions.iter().any(|version| {
                version.verdict == Verdict::Intruder && version.targets.contains(recipient)
            })
        };
        self.departures.hear(row, is_awaited);
    }
}
