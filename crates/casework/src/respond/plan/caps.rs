//! How much one plan may hold.

use super::{Caps, Missing, Step};
use std::collections::BTreeMap;

/// Leaves out what is beyond the caps, the last in the order first, and says so.
pub(super) fn capped(steps: Vec<Step>, caps: &Caps, refused: &mut Vec<Missing>) -> Vec<Step> {
    let mut of_action: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for step in steps {
        let so_many = of_action.entry(step.action).or_default();
        let why = if kept.len() >= caps.steps {
            Some(format!("a plan holds {} steps at most", caps.steps))
        } else if *so_many >= caps.of_one_action {
            Some(format!(
                "a plan holds {} steps of {} at most",
                caps.of_one_action, step.action
            ))
        } else {
            None
        };
        let Some(why) = why else {
            *so_many += 1;
            kept.push(step);
            continue;
        };
        refused.push(Missing {
            what: format!("{} on {}", step.action, step.object.name),
            why: format!("{why}: apply this one and plan again"),
        });
    }
    kept
}
