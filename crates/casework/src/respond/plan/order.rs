//! In which order a plan is applied.

use super::{Plan, Step};
use crate::respond::action::Stage;
use crate::respond::catalogue;

/// Returns the numbers of the ticked steps in the order in which they are applied: what cuts the
/// intruder off before what tidies up, the default sign-in method after the others.
#[must_use]
pub fn order(plan: &Plan) -> Vec<u32> {
    let mut steps: Vec<&Step> = plan.ticked().collect();
    steps.sort_by(|left, right| {
        rank(left)
            .cmp(&rank(right))
            .then(left.number.cmp(&right.number))
    });
    steps.into_iter().map(|step| step.number).collect()
}

/// What a step is sorted by.
pub(super) fn rank(step: &Step) -> (Stage, usize, bool) {
    let place = catalogue::catalogue()
        .iter()
        .position(|action| action.about().id == step.action);
    let stage = catalogue::action(step.action).map_or(Stage::Tenant, |action| action.about().stage);
    let is_default_method = step.object.extra("default") == "yes";
    (stage, place.unwrap_or(usize::MAX), is_default_method)
}
