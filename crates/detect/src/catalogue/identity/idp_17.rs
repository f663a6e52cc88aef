//! IDP-17: an account is tied to an identity of somebody else's directory.

use super::changes::Difference;
use super::concerned::{is_by_person, misused};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "IDP-17",
    title: "Source anchor of an account set",
    decides: "`Update user` by a person that sets `SourceAnchor` or `ImmutableId` to another value.",
    severity: "critical",
    benign: "Synchronisation sets it on the accounts it brings: its own accounts, applications \
             and services are silent, and so is a value that is taken away.",
    attack: &["T1098"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of a set anchor was at hand.",
};

pub(super) struct Idp17;

impl Detection for Idp17 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Update user"])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() || !is_by_person(seen) {
            return;
        }
        let names = ["SourceAnchor", "ImmutableId", "OnPremisesImmutableId"];
        let Some(change) = Difference::of(seen, &names) else {
            return;
        };
        if change.added("").is_empty() {
            return;
        }
        let target = seen.target();
        let user = misused(seen);
        let why = format!(
            "{} tied {target} to the outside identity {}: who holds that one signs in as {target}",
            user,
            quoted(&change.value)
        );
        hits.push(
            Hit::of(seen, Severity::Critical, why)
                .of_user(&user)
                .keyed(target)
                .compared(&change.name, change.value, change.before)
                .silent_if("synchronisation had set it"),
        );
    }
}
