//! What an administrator's cmdlet was told: its parameters, as a list or as a command line.
//!
//! It does not judge: what a value means is for the detections.

use crate::command_line::{self, Typed};
use crate::seen::Seen;
use model::Json;
use std::borrow::Cow;

/// What a switch says that stands without a value.
const SWITCH: &str = "True";

/// A cmdlet that a person or an application ran.
pub(crate) struct Cmdlet<'s, 'a> {
    seen: &'s Seen<'a>,
    /// What Purview's records write as the command line that was typed.
    line: Vec<Typed>,
}

impl<'s, 'a> Cmdlet<'s, 'a> {
    /// Reads a cmdlet; nothing if it failed, or one of Microsoft's own services ran it.
    pub(crate) fn done(seen: &'s Seen<'a>) -> Option<Self> {
        if seen.is_service() || is_provisioning(seen.user()) || !seen.is_done() {
            return None;
        }
        Some(Self {
            seen,
            line: typed(seen),
        })
    }

    /// Returns whether the operation begins with this verb.
    pub(crate) fn is_verb(&self, verb: &str) -> bool {
        let own = self.seen.action().split('-').next().unwrap_or_default();
        own.eq_ignore_ascii_case(verb)
    }

    /// Returns what stands behind the operation's verb.
    pub(crate) fn noun(&self) -> &'a str {
        self.seen
            .action()
            .split_once('-')
            .map_or("", |(_, noun)| noun)
    }

    /// Returns a parameter as it was given, be it empty; a switch is true, and nothing what was not given.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        let typed = || {
            let mut line = self.line.iter();
            line.find(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_deref().unwrap_or(SWITCH))
        };
        let value = self.seen.parameters().get(name).or_else(typed)?;
        Some(value.trim())
    }

    /// Returns a parameter that is set: given, not empty and not `$null`.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let value = self.given(name)?;
        let is_set = !value.is_empty() && !value.eq_ignore_ascii_case("$null");
        is_set.then_some(value)
    }

    /// Returns a parameter's yes or no.
    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        let value = self.given(name)?.trim_start_matches('$');
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// Returns whether a switch was given and not turned off: without a value it is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.given(name).is_some_and(str::is_empty) || self.truth(name) == Some(true)
    }

    /// Returns the first of these parameters that says `asked`.
    pub(crate) fn first_saying<'n>(&self, names: &[&'n str], asked: bool) -> Option<&'n str> {
        let mut names = names.iter().copied();
        names.find(|name| self.truth(name) == Some(asked))
    }

    /// Returns the name of the rule, policy or object that the cmdlet is about.
    pub(crate) fn name(&self) -> &str {
        let named = if self.is_verb("New") {
            self.given("Name").or_else(|| self.value("Identity"))
        } else {
            self.value("Identity").or_else(|| self.given("Name"))
        };
        let name = named.unwrap_or_else(|| self.seen.object());
        let name = name.rsplit('\\').next().unwrap_or_default();
        // A rule's name may hold a slash; only in the directory's paths it divides.
        let is_path = name.contains("Hosted Organizations/");
        let last = name.rsplit('/').next().filter(|_| is_path);
        last.unwrap_or(name).trim()
    }
}

/// Microsoft's own accounts that set up a tenant, and whose records do not call them a service.
fn is_provisioning(user: &str) -> bool {
    const NAMES: &[&str] = &[
        "ffoservicepartneruser",
        "spoolsprovisioning",
        "microsoft\\",
        "not-found",
    ];
    NAMES.iter().any(|front| user.starts_with(front))
}

/// Returns a parameter of a cmdlet as the record has it, set or emptied; none where it is not named.
pub(crate) fn parameter<'s>(seen: &'s Seen<'_>, name: &str) -> Option<Cow<'s, str>> {
    if let Some(value) = seen.parameters().get(name) {
        return Some(Cow::Borrowed(value));
    }
    let mut line = typed(seen).into_iter();
    let (_, value) = line.find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    Some(value.map_or(Cow::Borrowed(SWITCH), Cow::Owned))
}

/// What Purview's records write as the command line that was typed.
fn typed(seen: &Seen<'_>) -> Vec<Typed> {
    let line = seen.body().get_any_case("Parameters");
    let line = line.and_then(Json::as_text);
    line.map(command_line::read).unwrap_or_default()
}
