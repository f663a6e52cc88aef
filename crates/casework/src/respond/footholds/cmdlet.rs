//! A cmdlet of Exchange as its record has it.

use crate::respond::names::last;
use model::Event;
use model::bags::{Bag, body};

/// A cmdlet that ran.
pub(super) struct Cmdlet<'e> {
    /// What stands before the dash, lower case.
    pub(super) verb: String,
    /// What stands behind it, lower case.
    pub(super) noun: String,
    parameters: Bag,
    event: &'e Event<'e>,
}

impl<'e> Cmdlet<'e> {
    /// Reads a cmdlet; nothing for a record of another kind.
    pub(super) fn read(event: &'e Event<'_>) -> Option<Self> {
        let (verb, noun) = event.action.split_once('-')?;
        if verb.contains(' ') || noun.contains(' ') {
            return None;
        }
        Some(Self {
            verb: verb.to_lowercase(),
            noun: noun.to_lowercase(),
            parameters: Bag::read(&body(&event.rest), "Parameters"),
            event,
        })
    }

    /// Returns whether it makes or changes something.
    pub(super) fn is_making(&self) -> bool {
        matches!(self.verb.as_str(), "new" | "set" | "add" | "enable")
    }

    /// Returns a parameter that is set: given, not empty and not `$null`.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let value = self.parameters.get(name)?.trim();
        let is_set = !value.is_empty() && !value.eq_ignore_ascii_case("$null");
        is_set.then_some(value)
    }

    /// Returns a parameter as it was given, be it empty.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)
    }

    /// Returns a parameter's yes or no.
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        self.parameters.truth(name)
    }

    /// Returns what the cmdlet was about, in the record's own words.
    pub(super) fn identity(&self) -> &str {
        match self.value("Identity") {
            Some(identity) => identity,
            None => &self.event.object,
        }
    }

    /// Returns whose mailbox it was about: by its parameters, by the record, or else the actor's.
    pub(super) fn owner(&self, parameter: &str) -> String {
        let named = self.value(parameter).unwrap_or_default();
        let named = [named, &self.event.mailbox, &self.event.user];
        let owner = named.into_iter().find(|one| !one.is_empty());
        bare(owner.unwrap_or_default())
    }
}

/// Returns a mailbox without the directory's path before it.
pub(super) fn bare(owner: &str) -> String {
    let name = if owner.contains('/') {
        last(owner)
    } else {
        owner.trim()
    };
    name.to_lowercase()
}
