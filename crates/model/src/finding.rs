//! What detection says: findings, and the incidents that they belong to.

use crate::time::Timestamp;
use std::fmt;

/// How urgent something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Counts towards a score and is worth no look of its own.
    #[default]
    Info,
    /// Context.
    Low,
    /// To be triaged.
    Medium,
    /// To be looked at today.
    High,
    /// To be acted on now.
    Critical,
}

impl Severity {
    /// Every severity, least urgent first.
    pub const ALL: [Self; 5] = [
        Self::Info,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Returns the severity of that name, whatever its case; Microsoft's and Sigma's own word
    /// `informational` is `info`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("informational") {
            return Some(Self::Info);
        }
        Self::ALL
            .into_iter()
            .find(|severity| severity.name().eq_ignore_ascii_case(name))
    }

    /// Returns the next more urgent severity.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Self::Info => Self::Low,
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Critical => Self::Critical,
        }
    }

    /// Returns the next less urgent severity.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::Info | Self::Low => Self::Info,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that a record shows and a finding rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proof {
    /// The record.
    pub record: String,
    /// The field of the record.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What it was compared with: the known set, the threshold, the old value; may be empty.
    pub baseline: String,
}

/// Something that a detection found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finding {
    /// Its id: the same evidence has the same id in every run.
    pub id: String,
    /// Which detection found it: `INB-01`, `sigma:<id of the rule>`, `INTEL`.
    pub detection: String,
    /// What the detection is called.
    pub title: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Whose records show it.
    pub tenant: String,
    /// Whom it concerns: the account that was misused, in lower case; may be empty.
    pub user: String,
    /// When it began.
    pub time: Timestamp,
    /// When it was last seen.
    pub last_time: Timestamp,
    /// From which addresses.
    pub ips: Vec<String>,
    /// ATT&CK's ids of the techniques.
    pub mitre: Vec<String>,
    /// Why, in plain words.
    pub why: String,
    /// The records that show it, in order of time; the first thousand of them.
    pub records: Vec<String>,
    /// How many records show it.
    pub record_count: u64,
    /// Which fields with which values it rests on.
    pub proofs: Vec<Proof>,
    /// What would have made it silent.
    pub silent_if: String,
    /// The sessions in which it happened.
    pub sessions: Vec<String>,
    /// The client applications through which it happened.
    pub apps: Vec<String>,
    /// What `investigate` can start from: what of it the person had not used before.
    pub seeds: Vec<Seed>,
    /// The incident to which it belongs.
    pub incident: String,
}

/// What `investigate` can start from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// `ip`, `session`, `app`, `record` or `user`, as `investigate --seed` takes it.
    pub kind: &'static str,
    /// Its value.
    pub value: String,
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.kind, self.value)
    }
}

/// What belongs together: one compromise, one thing to open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Incident {
    /// Its id.
    pub id: String,
    /// How urgent it is.
    pub severity: Severity,
    /// Why it is that urgent.
    pub reasons: Vec<String>,
    /// What it is, in a line.
    pub title: String,
    /// What happened, in plain words.
    pub story: String,
    /// Whose records show it.
    pub tenant: String,
    /// Who is concerned.
    pub users: Vec<String>,
    /// When it began.
    pub from: Timestamp,
    /// When it was last seen.
    pub to: Timestamp,
    /// The ids of its findings, in order of time.
    pub findings: Vec<String>,
    /// What `investigate` can start from.
    pub seeds: Vec<Seed>,
    /// The score from which its severity follows, in thousandths.
    pub score: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_is_found_by_its_name_and_by_microsofts() {
        for severity in Severity::ALL {
            assert_eq!(Severity::of_name(severity.name()), Some(severity));
        }
        assert_eq!(Severity::of_name("Informational"), Some(Severity::Info));
        assert_eq!(Severity::of_name("HIGH"), Some(Severity::High));
        assert_eq!(Severity::of_name("grave"), None);
    }

    #[test]
    fn raising_and_lowering_stop_at_the_ends() {
        assert_eq!(Severity::Critical.raised(), Severity::Critical);
        assert_eq!(Severity::Info.lowered(), Severity::Info);
        assert_eq!(Severity::Medium.raised().lowered(), Severity::Medium);
    }
}
