//! What the logs could not see: the gap register, and how much of the window it leaves.

mod audit_off;
mod audit_set;
mod beyond;
mod cadence;
mod heartbeat;
mod holes;
mod horizon;
#[cfg(test)]
pub(crate) mod invented;
mod log;
mod mailbox;
mod masking;
mod measure;
mod missed;
mod reads;
mod scope;
mod switches;
#[cfg(test)]
mod tests;
mod throttle;
pub(crate) mod words;

pub use holes::Rejected;
pub use log::Log;
pub(crate) use scope::mailbox_of;

use crate::interval::{Interval, Intervals};

/// Names a kind of gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapId {
    /// Audit ingestion was off in the tenant.
    G1,
    /// Mailbox auditing was off in the organisation.
    G2,
    /// The mailbox's audit set lacks reading or sending.
    G3,
    /// An actor was exempt from auditing.
    G4,
    /// No licence that records reading.
    G5,
    /// Reading was throttled.
    G6,
    /// Before the horizon of what was kept or collected.
    G7,
    /// Late records may still come.
    G8,
    /// Holes of the collection.
    G9,
    /// A search that gave different answers.
    G10,
    /// Messages without metadata.
    G11,
    /// One application's reads may hide behind another's for an hour.
    G12,
    /// What no record of reading ever covers.
    G13,
    /// The investigation's own reads.
    G14,
}

impl GapId {
    /// Every kind of gap.
    pub const ALL: [Self; 14] = [
        Self::G1,
        Self::G2,
        Self::G3,
        Self::G4,
        Self::G5,
        Self::G6,
        Self::G7,
        Self::G8,
        Self::G9,
        Self::G10,
        Self::G11,
        Self::G12,
        Self::G13,
        Self::G14,
    ];

    /// Returns the name that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        [
            "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "G13", "G14",
        ][self as usize]
    }

    /// Returns what the name stands for.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::G1 => "audit ingestion off",
            Self::G2 => "mailbox auditing off in the organisation",
            Self::G3 => "mailbox audit set incomplete",
            Self::G4 => "actor exempt from auditing",
            Self::G5 => "no access was ever recorded",
            Self::G6 => "logging throttled",
            Self::G7 => "beyond the collected records",
            Self::G8 => "late records may still come",
            Self::G9 => "holes of the collection",
            Self::G10 => "unstable search",
            Self::G11 => "metadata of messages missing",
            Self::G12 => "masking by the one-hour filter possible",
            Self::G13 => "ways that the log never covers",
            Self::G14 => "the investigation's own access",
        }
    }
}

/// One gap: an interval with its scope, its effect and its proof.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Which kind.
    pub id: GapId,
    /// Where it begins and ends; none where it has no place in time.
    pub interval: Option<Interval>,
    /// Tenant, mailbox, actor or client that it concerns.
    pub scope: String,
    /// What it does to the answer, a sentence without full stop.
    pub effect: String,
    /// How it is known, a sentence without full stop.
    pub proof: String,
    /// The records that prove it.
    pub records: Vec<String>,
    /// Whether no access could have been recorded while it lasted: it makes messages B.
    pub blind: bool,
    /// What to do about it; empty where nothing can be done.
    pub fix: String,
}

/// What the logs could and could not see of the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Every gap, by id and time.
    pub gaps: Vec<Gap>,
    /// When no access could have been recorded.
    pub blind: Intervals,
    /// From the last record to the last message that is known, while the access may have gone on:
    /// nothing can show whether a message that came then was touched.
    pub late: Option<Interval>,
    /// Covered time per ten thousand of the window: 10000 is complete.
    pub covered: u32,
    /// Why it is not complete, one sentence; empty where it is.
    pub sentence: String,
    /// What the background reads prove about the life of the mailbox's log, or that they are
    /// too few to prove anything; a sentence without full stop.
    pub heartbeat: String,
}

impl Coverage {
    /// Returns whether nothing of the window is blind.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.covered == 10_000
    }

    /// Returns the share that is covered, in percent, rounded down to two places.
    #[must_use]
    pub fn percent(&self) -> f64 {
        f64::from(self.covered) / 100.0
    }
}
