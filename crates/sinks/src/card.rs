//! The facts of a card. A card explains; it is no alarm and no credential.
//!
//! The engine fills it. Nothing secret belongs into it: no password, no content of a message.
//! Its links only show a page. What it holds of a record is hostile text and is made inert where it is written.

use model::{Severity, Timestamp};

/// How an incident stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has taken it.
    #[default]
    Open,
    /// Somebody looks after it.
    Acknowledged,
    /// It is over.
    Resolved,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Acknowledged, Self::Resolved];

    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }

    /// Returns the state of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The facts of an incident as one card tells them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The incident; what joins all its cards.
    pub incident: String,
    /// Which card of the incident it is at its destination: 0 is the first.
    pub update: u32,
    /// How the incident stands.
    pub state: State,
    /// How urgent it is.
    pub severity: Severity,
    /// What the tenant is called.
    pub tenant: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// Whom it concerns.
    pub who: String,
    /// What it is, in a line.
    pub headline: String,
    /// When it happened.
    pub when: Timestamp,
    /// The same moment where the person is, as `08:12`; may be empty.
    pub local: String,
    /// The first record that shows it.
    pub first_evidence: Option<Timestamp>,
    /// From where.
    pub place: Place,
    /// What was done, a line each.
    pub what: Vec<String>,
    /// Which rules say so.
    pub why: Vec<Reason>,
    /// ATT&CK's ids of the techniques.
    pub attack: Vec<String>,
    /// What is known of the damage.
    pub so_far: Vec<Count>,
    /// How complete the data is.
    pub data: Data,
    /// Where to read on.
    pub links: Links,
    /// The tenant's tags.
    pub tags: Vec<String>,
    /// The affected mailboxes with all their addresses, and their delegates: the intruder may
    /// read them, so no card goes there, whatever a route says. It is not shown.
    pub never_to: Vec<String>,
}

/// From where, and how sure that is. Each part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// City and country.
    pub name: String,
    /// The network: number and owner.
    pub network: String,
    /// The address.
    pub address: String,
    /// How sure the place is: `within 200 km`, `country only`, `database of 2026-01`.
    pub uncertainty: String,
    /// What is new about it: `not seen for alice in 30 days`.
    pub novelty: String,
    /// Where the person usually is.
    pub usual: Vec<String>,
}

/// A rule and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// What it is called.
    pub title: String,
}

/// A number that the card tells, with what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// What is counted: `messages accessed`.
    pub what: String,
    /// How many; nothing where the logs do not tell, which is not zero.
    pub number: Option<u64>,
    /// What it rests on or why it is not known: `P1`.
    pub note: String,
}

/// How complete the data is that the card rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// Up to when every source is complete; nothing where that is not known.
    pub complete_to: Option<Timestamp>,
    /// By how many minutes the slowest source is behind.
    pub lag_minutes: Option<u64>,
    /// What could not be seen: a source that is missing, a gap.
    pub blind: Vec<String>,
}

/// Pages that show. None of them acts when it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Review and secure.
    pub review: Option<String>,
    /// The case.
    pub case: Option<String>,
    /// This was expected.
    pub expected: Option<String>,
}
