//! IDP-18: an account's reading of mail is recorded no more, because its licence is cut.

use super::changes::{Difference, detail};
use super::concerned::misused;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::evidence;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

/// The plan that brings records of mail that was read.
const PLAN: &str = "m365_advanced_auditing";

const ABOUT: About = About {
    id: "IDP-18",
    title: "Premium audit taken from an account",
    decides: "`Change user license` or `Update user` whose new licences disable \
              `M365_ADVANCED_AUDITING`, while the old ones had it.",
    severity: "high",
    benign: "A licence that is assigned without the plan from the start is silent.",
    attack: &["T1562.008"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of this plan was at hand.",
};

pub(super) struct Idp18;

impl Detection for Idp18 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Change user license", "Update user"])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let Some((field, new, old)) = cut(seen) else {
            return;
        };
        let target = seen.target();
        let why = format!("{} took the premium audit from {target}", seen.user());
        hits.push(
            Hit::of(seen, Severity::High, why)
                .of_user(&misused(seen))
                .keyed(target)
                .compared(field, evidence(&new), evidence(&old))
                .silent_if("the plan stayed on, or had never been"),
        );
    }
}

/// Returns the field that cuts the plan, with its new and its old value.
fn cut(seen: &Seen<'_>) -> Option<(&'static str, String, String)> {
    if let Some(change) = Difference::of(seen, &["AssignedLicense"]) {
        let is_cut = is_disabled(&change.value) && !is_disabled(&change.before);
        let had_any = !change.is_first();
        return (is_cut && had_any).then_some(("AssignedLicense", change.value, change.before));
    }
    if !seen.is_action(&["Change user license"]) {
        return None;
    }
    let (new, old) = (detail(seen, "NewLicenses"), detail(seen, "OldLicenses"));
    if !new.is_empty() {
        return (is_disabled(&new) && !is_disabled(&old)).then_some(("NewLicenses", new, old));
    }
    let all = seen.extended().get("additionalDetails").unwrap_or_default();
    is_disabled(all).then(|| ("additionalDetails", all.to_owned(), String::new()))
}

/// Returns whether any list of disabled plans names the plan.
fn is_disabled(text: &str) -> bool {
    let text = text.to_lowercase();
    text.split("disabledplans").skip(1).any(|rest| {
        let end = rest.find(']').unwrap_or(rest.len());
        rest[..end].contains(PLAN)
    })
}
