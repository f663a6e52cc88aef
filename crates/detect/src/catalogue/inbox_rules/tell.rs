//! How findings on rules begin: who did what to which rule, and what it does.

use super::conditions::conditions;
use super::rule::{Act, Rule};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::domain;
use model::Severity;
use std::collections::BTreeSet;

/// How many conditions a finding shows.
const SHOWN: usize = 6;

/// Begins a hit on a rule; it concerns the owner of the mailbox.
pub(super) fn hit(seen: &Seen<'_>, rule: &Rule, severity: Severity, what: &str) -> Hit {
    let verb = match rule.act {
        Act::Made => "made",
        Act::Changed => "changed",
        Act::Enabled => "enabled",
        Act::Disabled => "disabled",
        Act::Removed => "removed",
    };
    let is_own = seen.user() == rule.owner || rule.owner.is_empty();
    let whose = if is_own {
        String::new()
    } else {
        format!(" in the mailbox of {}", rule.owner)
    };
    let why = format!(
        "{} {verb} the rule {}{whose}: {what}",
        seen.user(),
        rule.shown_name()
    );
    Hit::of(seen, severity, why)
        .of_user(&rule.owner)
        .keyed(rule.key())
}

/// Adds what a rule sends away, and the domain to which, where it is one.
pub(super) fn with_forwards(mut hit: Hit, rule: &Rule) -> Hit {
    let recipients = rule.recipients();
    let hosts: BTreeSet<&str> = recipients
        .addresses
        .iter()
        .filter_map(|address| domain(address))
        .collect();
    if let (Some(host), 1) = (hosts.first(), hosts.len()) {
        hit = hit.to_destination(*host);
    }
    rule.forwards().fold(hit, |hit, (name, value)| {
        hit.compared(rule.field(name), value, "the accepted and partner domains")
    })
}

/// Adds what a rule hides.
pub(super) fn with_hiding(hit: Hit, rule: &Rule) -> Hit {
    rule.hiding_parts()
        .fold(hit, |hit, (field, value)| hit.because(field, value))
}

/// Adds which mail a rule is about.
pub(super) fn with_conditions(hit: Hit, rule: &Rule) -> Hit {
    conditions(rule)
        .take(SHOWN)
        .fold(hit, |hit, (name, value)| {
            hit.because(rule.field(name), value)
        })
}

/// Adds the name of a rule.
pub(super) fn with_name(hit: Hit, rule: &Rule) -> Hit {
    let field = if rule.is_from_client {
        "RuleName"
    } else {
        "Name"
    };
    hit.because(field, rule.name.as_deref().unwrap_or_default())
}
