//! What the records tell of rules and forwardings, kept until it is known whose each act is.

use super::Rules;
use super::change::{Change, change};
use super::history::histories;
use super::organisation::Organisation;
use super::verdict::Judge;
use crate::attribution::{Attribution, Person};
use crate::brief::Brief;
use model::Event;

/// Gathers the acts on rules and forwardings, in any order.
#[derive(Clone, Debug, Default)]
pub struct Log {
    changes: Vec<Change>,
    organisation: Organisation,
}

impl Log {
    /// Makes an empty log.
    #[must_use]
    pub fn new(brief: &Brief) -> Self {
        Self {
            changes: Vec::new(),
            organisation: Organisation::new(brief),
        }
    }

    /// Takes in one event of the tenant.
    pub fn event(&mut self, event: &Event<'_>) {
        self.organisation.learn(event);
        self.changes.extend(change(event));
    }

    /// Returns the rules of the mailbox and of the organisation in their versions.
    #[must_use]
    pub fn close(self, brief: &Brief, attribution: &Attribution) -> Rules {
        let person = owner(brief, attribution);
        let judge = Judge::new(brief, attribution, &person);
        let changes = self
            .changes
            .into_iter()
            .filter(|change| change.concerns(&person))
            .collect();
        let mut rules: Rules = histories(changes, &judge).into_iter().flatten().collect();
        rules.organisation = self.organisation;
        rules
    }
}

/// Returns the owner of the mailbox that is scoped, named as the question names it too.
fn owner(brief: &Brief, attribution: &Attribution) -> Person {
    let mut person = attribution.person.clone();
    if !brief.mailbox.is_empty() {
        person.names.insert(brief.mailbox.to_lowercase());
    }
    person
}
