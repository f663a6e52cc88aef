//! IDP-08: privileged identity management is loosened, or used oddly.

use super::concerned::{misused, suspicion};
use super::roles::{Power, Role, target_of_type};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-08",
    title: "Privileged identity management loosened or used oddly",
    decides: "The names of its records: `Update role setting in PIM`, `Disable PIM alert`, \
              assignments that are completed for good, activations; the role by template or name, \
              an activation's network against those of the user's activations in 30 days.",
    severity: "high for settings, alerts, a lasting assignment of a privileged role and an \
               activation after a doubtful sign-in; medium for lasting assignments of lesser \
               roles, for assignments with an end, and for an activation by an autonomous system \
               by which the user activated none before (two weeks of records); low for other \
               activations and for what was approved or denied",
    benign: "Daily activations from the usual network are context; requests alone say nothing.",
    attack: &["T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Baseline,
    untested: "Of settings, alerts and activations no real record was at hand.",
};

pub(super) struct Idp08 {
    networks: Recent<(Word, Word), (Fact, String)>,
}

impl Default for Idp08 {
    fn default() -> Self {
        Self {
            networks: Recent::over(30 * DAY),
        }
    }
}

/// What a record of privileged identity management tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Setting,
    Lasting,
    Ending,
    Activation,
    Answer,
}

impl Detection for Idp08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Update role setting in PIM*",
            "Disable PIM alert*",
            "Add member to role*",
            "Add eligible member to role*",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(step) = step(seen.action()) else {
            return;
        };
        if !seen.is_done() {
            return;
        }
        let role = Role::of(seen);
        let user = misused(seen);
        let before = suspicion(world, seen.fact(), &user, DAY);
        let is_new_network = step == Step::Activation && self.is_new_network(seen, world);
        let severity = match step {
            _ if before.is_some() && step != Step::Answer => Severity::High,
            Step::Setting => Severity::High,
            Step::Lasting if role.power >= Power::Privileged => Severity::High,
            Step::Lasting | Step::Ending if role.power > Power::Reader => Severity::Medium,
            Step::Activation if is_new_network => Severity::Medium,
            _ => Severity::Low,
        };
        let whom = target_of_type(seen, "user").unwrap_or_default();
        let why = format!(
            "{}: {} role {} for {}",
            seen.user(),
            seen.action().chars().take(80).collect::<String>(),
            quoted(&role.name),
            quoted(&whom)
        );
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .keyed(format!("{} {whom}", role.name))
                .with(before.map(|one| &one.fact))
                .because("Operation", seen.action())
                .because("role", role.name)
                .compared("network", seen.network(), "those of activations before")
                .silent_if("it were a request only"),
        );
    }
}

impl Idp08 {
    fn is_new_network(&mut self, seen: &Seen<'_>, world: &World<'_>) -> bool {
        let network = seen.network();
        // A /24 changes with every wireless network: it tells nothing.
        if !network.starts_with("AS") {
            return false;
        }
        let whose = (seen.fact().tenant, seen.fact().user);
        let known = self.networks.note(&whose, seen.fact(), network.clone());
        let before = &known[..known.len() - 1];
        let is_known = before.iter().any(|(_, other)| *other == network);
        !before.is_empty() && !is_known && world.tenant.is_warm(seen.time(), 14)
    }
}

fn step(action: &str) -> Option<Step> {
    let action = action.to_ascii_lowercase();
    let has = |part: &str| action.contains(part);
    if action.starts_with("update role setting in pim") || action.starts_with("disable pim alert") {
        Some(Step::Setting)
    } else if has("approved") || has("denied") {
        Some(Step::Answer)
    } else if !has("completed") {
        None
    } else if has("activation") {
        Some(Step::Activation)
    } else if has("permanent") {
        Some(Step::Lasting)
    } else {
        Some(Step::Ending)
    }
}
