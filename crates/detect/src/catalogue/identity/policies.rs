//! What a change of a conditional-access policy takes away.
//!
//! A policy comes in two spellings: the one of the portal (`grantControls.builtInControls`) and
//! the directory's own (`Controls.Control`). Both are read as paths and compared old with new.

use super::changes::Difference;
use crate::quoted::{evidence, quoted};
use crate::seen::Seen;
use model::bags::each_object;
use model::{Json, Severity};
use std::collections::BTreeSet;

/// What a policy can demand of a device, next to a second factor.
const DEVICE_CONTROLS: [&str; 6] = [
    "compliantdevice",
    "requirecompliantdevice",
    "domainjoineddevice",
    "requiredomainjoineddevice",
    "approvedapplication",
    "compliantapplication",
];

/// One way in which a policy became weaker.
pub(super) struct Weakening {
    /// How grave it is.
    pub(super) severity: Severity,
    /// What it is, in words.
    pub(super) what: String,
}

impl Weakening {
    fn new(severity: Severity, what: impl Into<String>) -> Self {
        Self {
            severity,
            what: what.into(),
        }
    }
}

/// Returns the change of the policy itself, if the record has one that is readable.
pub(super) fn policy_change(seen: &Seen<'_>) -> Option<Difference> {
    let change = Difference::of(seen, &["ConditionalAccessPolicy", "PolicyDetail"])?;
    let is_policy = |has: fn(&Difference, &str) -> bool| {
        has(&change, "conditions") || has(&change, "grantcontrols") || has(&change, "controls")
    };
    (is_policy(Difference::has_path) || is_policy(Difference::had_path)).then_some(change)
}

/// Returns whether a policy was in force before.
pub(super) fn was_enabled(change: &Difference) -> bool {
    let states = change.old_at("state");
    states.is_empty() || states.contains("enabled")
}

/// Returns every way in which a policy that was in force became weaker.
pub(super) fn weakenings(seen: &Seen<'_>, change: &Difference) -> Vec<Weakening> {
    let mut found = Vec::new();
    if !was_enabled(change) {
        return found;
    }
    let new_states = change.new_at("state");
    if !new_states.is_empty() && !new_states.contains("enabled") {
        found.push(Weakening::new(Severity::High, "it is no longer in force"));
    }
    found.extend(lost_controls(change));
    found.extend(exclusions(seen, change));
    found.extend(narrowed(change));
    found
}

fn lost_controls(change: &Difference) -> Vec<Weakening> {
    let mut found = Vec::new();
    let both = |own: BTreeSet<&str>, other: BTreeSet<&str>| -> BTreeSet<String> {
        own.union(&other).map(|text| (*text).to_owned()).collect()
    };
    let path = "controls.control";
    let old = both(change.old_at("builtincontrols"), change.old_at(path));
    let new = both(change.new_at("builtincontrols"), change.new_at(path));
    let has_strength = change.has_path("authenticationstrength");
    let lost = |control: &str| old.contains(control) && !new.contains(control);
    let lost_strength = change.had_path("authenticationstrength") && !has_strength;
    if (lost("mfa") && !has_strength) || (lost_strength && !new.contains("mfa")) {
        found.push(Weakening::new(
            Severity::Critical,
            "it no longer asks for a second factor",
        ));
    }
    if lost("block") {
        found.push(Weakening::new(Severity::High, "it no longer blocks"));
    }
    for control in DEVICE_CONTROLS.iter().filter(|control| lost(control)) {
        let what = format!("it no longer asks for `{control}`");
        found.push(Weakening::new(Severity::High, what));
    }
    let was_all = change.old_at("grantcontrols.operator").contains("and");
    let is_any = change.new_at("grantcontrols.operator").contains("or");
    if was_all && is_any && new.len() > 1 {
        let what = "one of its demands is now enough";
        found.push(Weakening::new(Severity::High, what));
    }
    found
}

fn exclusions(seen: &Seen<'_>, change: &Difference) -> Vec<Weakening> {
    let own = actor_ids(seen);
    let is_noise = |path: &str, value: &str| {
        value == "none" || path.ends_with("odata.type") || path.ends_with("membershipkind")
    };
    let excluded = change
        .added_anywhere()
        .filter(|(path, value)| path.contains("exclude") && !is_noise(path, value));
    excluded
        .map(|(path, value)| {
            if own.contains(value) {
                return Weakening::new(Severity::Critical, "who changed it is now excluded");
            }
            let is_small = path.contains("platform");
            let severity = if is_small {
                Severity::Medium
            } else {
                Severity::High
            };
            let kind = [
                "user",
                "group",
                "role",
                "application",
                "location",
                "platform",
            ]
            .into_iter()
            .find(|kind| {
                path.rsplit("exclude")
                    .next()
                    .is_some_and(|end| end.contains(kind))
            })
            .unwrap_or("something");
            Weakening::new(severity, format!("excludes the {kind} {}", quoted(value)))
        })
        .collect()
}

/// A policy for everybody that becomes one for some.
fn narrowed(change: &Difference) -> Vec<Weakening> {
    let mut found = Vec::new();
    for (what, endings) in [
        ("users", ["includeusers", "include.users"]),
        (
            "applications",
            ["includeapplications", "include.applications"],
        ),
    ] {
        let lost_all = endings
            .iter()
            .any(|ending| change.removed(ending).contains(&"all"));
        if lost_all {
            let what = format!("it no longer covers all {what}");
            found.push(Weakening::new(Severity::High, what));
        }
    }
    let platforms = change.added("includeplatforms");
    let were_all =
        !change.had_path("includeplatforms") || change.old_at("includeplatforms").contains("all");
    if !platforms.is_empty() && were_all && !platforms.contains(&"all") {
        let what = "it covers some platforms only";
        found.push(Weakening::new(Severity::High, what));
    }
    found
}

/// Returns the ids under which who acted stands in policies.
fn actor_ids(seen: &Seen<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_object(seen.body().get_any_case("Actor"), &mut |one| {
        if let Some(id) = one.get_any_case("ID").and_then(Json::as_word) {
            found.insert(id.to_lowercase());
        }
    });
    each_object(seen.body().get_any_case("InitiatedBy"), &mut |one| {
        each_object(one.get_any_case("user"), &mut |user| {
            if let Some(id) = user.get_any_case("id").and_then(Json::as_word) {
                found.insert(id.to_lowercase());
            }
        });
    });
    found.retain(|id| id.len() > 6);
    found
}

/// Returns all of them as one sentence.
pub(super) fn sentence(weakenings: &[Weakening]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for one in weakenings {
        if !all.contains(&one.what.as_str()) && all.len() < 5 {
            all.push(&one.what);
        }
    }
    evidence(&all.join("; "))
}
