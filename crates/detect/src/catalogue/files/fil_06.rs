//! FIL-06: somebody became the administrator of a site.

use super::documents::{is_in_own_drive, is_persons};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "FIL-06",
    title: "Site administrator added",
    decides: "`SiteCollectionAdminAdded` by a person who makes themselves the administrator of a site, or of \
              anybody else's OneDrive.",
    severity: "medium for oneself, for somebody else's OneDrive and for a person outside; low otherwise, and \
               for known administrators",
    benign: "A person's new OneDrive makes them its administrator, and SharePoint makes a team's owners \
             theirs: both are left out.",
    attack: &["T1098"],
    sources: &[Source::SharePoint],
    needs: &[],
    method: Method::Stateless,
    untested: "Real records show services and new OneDrives only.",
};

pub(super) struct Fil06;

impl Detection for Fil06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["SiteCollectionAdminAdded", "SiteAdminChangeRequest"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_persons(seen) || is_in_own_drive(seen) || !seen.is_done() {
            return;
        }
        let mut target = seen.word("TargetUserOrGroupName").to_lowercase();
        if target.is_empty() {
            target = seen
                .change("SiteAdmin")
                .map_or_else(String::new, |(new, _)| new.to_lowercase());
        }
        // The value lists all of them by their claim: `i:0#.f|membership|ann@corp.example`.
        let is_self = target.contains(seen.user());
        let is_drive = seen.object().contains("/personal/");
        let is_guest = target.contains("#ext#") || world.tenant.is_outside(&target);
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = if (is_self || is_drive || is_guest) && !is_known_admin {
            Severity::Medium
        } else {
            Severity::Low
        };
        let why = format!(
            "{} made {} an administrator of {}",
            seen.person(),
            quoted(&target),
            quoted(seen.object())
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(seen.object())
                .compared("SiteAdmin", target, "the actor, and the owner of the site")
                .silent_if("it were the actor's own OneDrive"),
        );
    }
}
