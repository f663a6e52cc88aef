//! FIL-05: a site, or all of them, may share more widely than before.

use super::documents::{is_in_own_drive, is_persons};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;
use model::bags::Property;

const ABOUT: About = About {
    id: "FIL-05",
    title: "Sharing policy weakened",
    decides: "`SharingPolicyChanged` by a person, with sharing with guests or by anonymous links turned on, or \
              more domains allowed.",
    severity: "medium; low for known administrators",
    benign: "SharePoint opens a new team's site itself, and a person's new OneDrive is set up in the person's \
             name: both are left out.",
    attack: &["T1562"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Difference,
    untested: "Real records show services and new OneDrives only.",
};

pub(super) struct Fil05;

impl Detection for Fil05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["SharingPolicyChanged"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || is_in_own_drive(seen) || !seen.is_done() {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = if is_known_admin {
            Severity::Low
        } else {
            Severity::Medium
        };
        for one in seen.changes().iter().filter(|one| is_weaker(one)) {
            let why = format!(
                "{} turned on {} for {}",
                seen.person(),
                quoted(&one.name),
                quoted(seen.object())
            );
            hits.push(
                Hit::of(seen, severity, why)
                    .keyed(&one.name)
                    .compared(&one.name, &one.value, &one.before)
                    .silent_if("it had been on before"),
            );
        }
    }
}

fn is_weaker(one: &Property) -> bool {
    let is_on = |text: &str| {
        let text = text.trim();
        text.eq_ignore_ascii_case("enabled") || text.eq_ignore_ascii_case("true")
    };
    let name = one.name.to_ascii_lowercase();
    let is_sharing = [
        "shareusinganonymouslinks",
        "sharewithguests",
        "enableanonymous",
        "externalsharing",
    ]
    .iter()
    .any(|known| name.contains(known));
    let is_allowed_domain = name.contains("allowdomainlist") || name.contains("alloweddomainlist");
    (is_sharing && is_on(&one.value) && !is_on(&one.before))
        || (is_allowed_domain && !one.value.is_empty() && one.value != one.before)
}
