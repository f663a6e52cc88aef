//! IDP-20: an administrator of the directory takes hold of every subscription.

use super::concerned::misused;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "IDP-20",
    title: "Access elevated to all subscriptions",
    decides: "`Microsoft.Authorization/elevateAccess/action` in the Azure activity log, or the \
              directory's own record of the elevation.",
    severity: "high",
    benign: "Rare emergencies, which are announced; a failed attempt is silent.",
    attack: &["T1098.003"],
    sources: &[Source::AzureActivity, Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "The directory's own record was not seen.",
};

pub(super) struct Idp20;

impl Detection for Idp20 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Microsoft.Authorization/elevateAccess/action",
            "Assigns the caller to User Access Administrator role",
            "User has elevated their access to User Access Administrator*",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let user = misused(seen);
        let why = format!("{user} now has access to every subscription");
        hits.push(
            Hit::of(seen, Severity::High, why)
                .of_user(&user)
                .because("Operation", seen.action())
                .silent_if("it had failed"),
        );
    }
}
