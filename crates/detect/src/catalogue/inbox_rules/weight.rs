//! How much of what intruders' rules have in common a rule has.

use super::conditions::{is_about_lists, is_catch_all, sought};
use super::isolation::isolated;
use super::name::{Throwaway, throwaway};
use super::rule::{Hide, Rule};
use crate::board::Raised;
use crate::doubt::doubt;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// A score, and what it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub points: i32,
    pub reasons: Vec<String>,
}

impl Weight {
    fn add(&mut self, points: i32, reason: impl Into<String>) {
        self.points += points;
        self.reasons.push(format!("{} ({points:+})", reason.into()));
    }

    /// Returns the severity that the score has.
    pub(super) fn severity(&self) -> Severity {
        match self.points {
            8.. => Severity::Critical,
            5..=7 => Severity::High,
            3..=4 => Severity::Medium,
            _ => Severity::Low,
        }
    }
}

/// Weighs what a rule does and how it is made, wherever it came from.
pub(super) fn weigh(rule: &Rule) -> Weight {
    let mut weight = Weight::default();
    weigh_actions(rule, &mut weight);
    if is_catch_all(rule) {
        weight.add(3, "no condition");
    }
    match rule.name.as_deref().and_then(throwaway) {
        Some(Throwaway::Meaningless) => weight.add(2, "a name that says nothing"),
        Some(Throwaway::Short) => weight.add(1, "a short name"),
        None => {}
    }
    if let Some(sought) = sought(rule) {
        weight.add(3, format!("looks for `{}`", sought.shown()));
    }
    if is_about_lists(rule) {
        weight.add(-2, "only mail of senders that no person answers");
    }
    weight
}

/// Weighs a rule with its counterpart and the sign-in that it came with.
pub(super) fn weigh_in_context(rule: &Rule, seen: &Seen<'_>, world: &World<'_>) -> Weight {
    let mut weight = weigh(rule);
    if let Some(isolated) = isolated(rule, seen, world)
        && isolated.severity >= Severity::High
    {
        weight.add(2, format!("only mail of {}", quoted(&isolated.whom)));
    }
    match taint(rule, seen, world) {
        Some(raised) => weight.add(4, format!("after a doubtful sign-in, {}", raised.detection)),
        None => temper(rule, &mut weight),
    }
    weight
}

/// Returns what was found of the sign-in or of its user in the day before.
pub(super) fn taint<'b>(rule: &Rule, seen: &Seen<'_>, world: &World<'b>) -> Option<&'b Raised> {
    doubt(seen.fact(), &rule.owner, world)
}

fn weigh_actions(rule: &Rule, weight: &mut Weight) {
    if rule.deletes() {
        weight.add(3, "deletes");
    }
    let folder = rule.folder().map(quoted).unwrap_or_default();
    match rule.hide_by_moving() {
        Hide::Unvisited => weight.add(3, format!("moves to {folder}, which nobody opens")),
        Hide::Discarded | Hide::Archived => weight.add(2, format!("moves to {folder}")),
        _ => {}
    }
    if rule.part("MarkAsRead").is_some() {
        weight.add(1, "marks as read");
    }
    if rule.part("StopProcessingRules").is_some() {
        weight.add(1, "stops other rules");
    }
}

/// Mail that is only marked as read in a folder of the owner's own is tidied up, whatever words
/// tell it; a folder that nobody means to find again is another matter.
fn temper(rule: &Rule, weight: &mut Weight) {
    const LOW: i32 = 2;
    let is_odd = |name: Option<&str>| name.and_then(throwaway) == Some(Throwaway::Meaningless);
    let is_tidy = rule.hide() == Hide::Read
        && !is_catch_all(rule)
        && !is_odd(rule.name.as_deref())
        && !is_odd(
            rule.folder()
                .and_then(|folder| folder.rsplit(['\\', '/']).next()),
        );
    if is_tidy && weight.points > LOW {
        weight.add(LOW - weight.points, "in a folder of the owner's own");
    }
}
