//! What a detection raises, before it is grouped into a finding.

use crate::fact::Fact;
use crate::seen::Seen;
use model::{Proof, Severity};
use std::borrow::Cow;

/// How many records a hit names; the rest is counted.
pub const NAMED: usize = 1000;

/// What a detection raises.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Which detection; filled in by whoever runs it.
    pub detection: Cow<'static, str>,
    /// How urgent.
    pub severity: Severity,
    /// The record that decided it: the last one.
    pub fact: Fact,
    /// Whom it concerns, in lower case: the actor, if the detection says nothing else.
    pub user: String,
    /// What tells it from other hits of the same detection for the same user: a rule's name, an app.
    pub key: String,
    /// Why, in plain words, with the values that decided.
    pub why: String,
    /// All records that show it, the deciding one among them; at most [`NAMED`].
    pub facts: Vec<Fact>,
    /// How many more records show it.
    pub more: u64,
    /// Which fields with which values it rests on.
    pub proofs: Vec<Proof>,
    /// What would have made it silent.
    pub silent_if: String,
    /// The domain to which something was sent or given, for the operator's exceptions.
    pub destination: String,
    /// The application it is about, where that is not the one that called.
    pub app: String,
    /// The title, where the detection's own does not say it: an alert's, a rule's.
    pub title: String,
    /// ATT&CK's ids, where they are not the detection's own.
    pub attack: Vec<String>,
}

impl Hit {
    /// Raises a hit because of a record; it concerns whoever acted, or the mailbox's owner where
    /// the actor is no person.
    #[must_use]
    pub fn of(seen: &Seen<'_>, severity: Severity, why: impl Into<String>) -> Self {
        Self {
            detection: Cow::Borrowed(""),
            severity,
            fact: *seen.fact(),
            user: seen.person().to_owned(),
            key: String::new(),
            why: why.into(),
            facts: vec![*seen.fact()],
            more: 0,
            proofs: Vec::new(),
            silent_if: String::new(),
            destination: String::new(),
            app: String::new(),
            title: String::new(),
            attack: Vec::new(),
        }
    }

    /// Raises a hit because of another one; it concerns the same user, and rests on the same records
    /// and fields.
    #[must_use]
    pub fn after(cause: &Hit, severity: Severity, why: impl Into<String>) -> Self {
        Self {
            detection: Cow::Borrowed(""),
            severity,
            why: why.into(),
            key: String::new(),
            silent_if: String::new(),
            title: String::new(),
            attack: Vec::new(),
            ..cause.clone()
        }
    }

    /// Says whom it concerns.
    #[must_use]
    pub fn of_user(mut self, user: &str) -> Self {
        if !user.is_empty() {
            self.user = user.to_lowercase();
        }
        self
    }

    /// Says what tells it from other hits of the same detection for the same user.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Adds records that show it too.
    #[must_use]
    pub fn with<'f>(mut self, facts: impl IntoIterator<Item = &'f Fact>) -> Self {
        for fact in facts {
            if self.facts.len() < NAMED {
                self.facts.push(*fact);
            } else {
                self.more += 1;
            }
        }
        self
    }

    /// Adds a field of the deciding record on which it rests.
    #[must_use]
    pub fn because(self, field: &str, value: impl Into<String>) -> Self {
        self.compared(field, value, "")
    }

    /// Adds a field of the deciding record, and what its value was compared with.
    #[must_use]
    pub fn compared(
        mut self,
        field: &str,
        value: impl Into<String>,
        baseline: impl Into<String>,
    ) -> Self {
        self.proofs.push(Proof {
            record: String::new(),
            field: field.to_owned(),
            value: value.into(),
            baseline: baseline.into(),
        });
        self
    }

    /// Says what would have made it silent.
    #[must_use]
    pub fn silent_if(mut self, what: impl Into<String>) -> Self {
        self.silent_if = what.into();
        self
    }

    /// Says to which domain something was sent or given.
    #[must_use]
    pub fn to_destination(mut self, domain: impl Into<String>) -> Self {
        self.destination = domain.into();
        self
    }

    /// Says which application it is about.
    #[must_use]
    pub fn about_app(mut self, app: &str) -> Self {
        self.app = app.to_lowercase();
        self
    }

    /// Gives it a title of its own.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}
