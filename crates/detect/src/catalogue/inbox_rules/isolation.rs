//! How suspicious it is that a rule keeps one counterpart's mail from its owner.

use super::conditions::counterpart;
use super::name::{Throwaway, throwaway};
use super::rule::{Hide, Rule};
use super::weight;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// A counterpart whose mail is kept from the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Isolated {
    /// The field that names it.
    pub field: &'static str,
    /// Its address or domain.
    pub whom: String,
    /// How suspicious that is.
    pub severity: Severity,
}

/// Returns the one counterpart whose mail a rule keeps from its owner.
pub(super) fn isolated(rule: &Rule, seen: &Seen<'_>, world: &World<'_>) -> Option<Isolated> {
    let (field, whom) = counterpart(rule)?;
    if world.tenant.settings.machines.contains(&whom) {
        return None;
    }
    let is_meaningless = rule.name.as_deref().and_then(throwaway) == Some(Throwaway::Meaningless);
    let is_suspicious = is_meaningless
        || rule.part("MarkAsRead").is_some()
        || weight::taint(rule, seen, world).is_some();
    let severity = match (rule.hide(), is_suspicious) {
        (Hide::Unvisited, _) | (Hide::Deleted, true) => Severity::High,
        (Hide::Deleted, false) | (Hide::Discarded | Hide::Archived, true) => Severity::Medium,
        (Hide::Discarded | Hide::Archived, false) => Severity::Low,
        (Hide::Read | Hide::No, _) => return None,
    };
    Some(Isolated {
        field,
        whom,
        severity,
    })
}
