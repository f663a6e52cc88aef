//! IDP-11: a conditional-access policy becomes weaker.

use super::changes::Difference;
use super::concerned::{misused, suspicion};
use super::policies::{policy_change, sentence, was_enabled, weakenings};
use super::roles::target_of_type;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::{evidence, quoted};
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::{Family, Severity};

const ABOUT: About = About {
    id: "IDP-11",
    title: "Conditional-access policy weakened",
    decides: "Old and new `ConditionalAccessPolicy` or `PolicyDetail`, compared: the state, what \
              is asked for, who and what is excluded, whom and what it covers; or a deleted policy.",
    severity: "critical if a second factor is asked for no more, or who changed it is excluded; \
               high if it is deleted or out of force, covers less, asks for no managed device or \
               excludes anything but a platform (medium); low if it is created, made stronger or \
               cannot be read",
    benign: "Roll-outs switch policies between report-only and on; renaming and tightening are \
             context. A policy that was not in force cannot be weakened.",
    attack: &["T1556.009"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "The unified log's dress was not seen with a conditional-access policy.",
};

pub(super) struct Idp11;

impl Detection for Idp11 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add conditional access policy",
            "Update conditional access policy",
            "Delete conditional access policy",
            "Update policy",
            "Delete policy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let change = policy_change(seen);
        // Entra's own log tells a change of these policies twice; this is its shadow.
        let is_shadow = seen.fact().family == Family::DirectoryAudit
            && seen.is_action(&["Update policy", "Delete policy"]);
        let (mut severity, what) = judged(seen, change.as_ref());
        let user = misused(seen);
        let before = suspicion(world, seen.fact(), &user, DAY);
        if is_shadow {
            severity = Severity::Low;
        } else if before.is_some() && severity >= Severity::Medium {
            severity = Severity::Critical;
        }
        let name = policy_name(seen);
        let why = format!(
            "{} touched the conditional-access policy {}: {what}",
            user,
            quoted(&name)
        );
        let hit = Hit::of(seen, severity, why)
            .of_user(&user)
            .keyed(name)
            .with(before.map(|one| &one.fact))
            .silent_if("nothing were weaker than before (then it is context)");
        hits.push(match change {
            Some(change) => hit.compared(
                &change.name,
                evidence(&change.value),
                evidence(&change.before),
            ),
            None => hit.because("Operation", seen.action()),
        });
    }
}

fn judged(seen: &Seen<'_>, change: Option<&Difference>) -> (Severity, String) {
    let is_deleted = seen.is_action(&["Delete conditional access policy", "Delete policy"]);
    let is_certain = seen.is_action(&["Delete conditional access policy"]);
    match change {
        Some(change) if is_deleted || change.is_emptied() => {
            if was_enabled(change) {
                (Severity::High, "it was in force and is deleted".to_owned())
            } else {
                let what = "it was not in force and is deleted";
                (Severity::Low, what.to_owned())
            }
        }
        None if is_certain => (Severity::High, "it is deleted".to_owned()),
        Some(change) if !change.is_first() => {
            let found = weakenings(seen, change);
            let worst = found.iter().map(|one| one.severity).max();
            match worst {
                Some(worst) => (worst, sentence(&found)),
                None => (Severity::Low, "it is changed, and not weaker".to_owned()),
            }
        }
        _ => (Severity::Low, "it is new, or not to be read".to_owned()),
    }
}

/// The unified log names a policy last, behind its ids and its kind.
fn policy_name(seen: &Seen<'_>) -> String {
    let named = target_of_type(seen, "policy").or_else(|| {
        let words = seen.target_words();
        words.into_iter().rfind(|word| !word.is_empty())
    });
    named.unwrap_or_else(|| seen.object().to_owned())
}
