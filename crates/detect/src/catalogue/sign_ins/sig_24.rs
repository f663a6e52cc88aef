//! SIG-24: a sign-in across the border of the organisation, to one it never had to do with.

use super::habit::Habits;
use super::sign_in::SignIn;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "SIG-24",
    title: "First sign-in across to another organisation",
    decides: "A successful sign-in whose home tenant and resource tenant differ (`ActorContextId` \
              and `TargetContextId` in the unified log), the other organisation being new to this \
              one, once they have been known for a week.",
    severity: "low",
    benign: "Guests and partners: each other organisation is told once a month. Microsoft's own \
             tenants and the one of private accounts stay silent.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[],
    method: Method::Baseline,
    untested: "Real records across tenants were too few to show a first one.",
};

/// Microsoft's own tenants, and the one of private accounts.
const MICROSOFT: &[&str] = &[
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "9188040d-6c67-4c5b-b112-36a304b66dad",
    "cdc5aeea-15c5-4db6-b079-fcadd2505dc2",
    "00000000-0000-0000-0000-000000000000",
];

/// SIG-24.
#[derive(Debug, Default)]
pub(super) struct Sig24 {
    others: Habits,
}

impl Detection for Sig24 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(sign_in) = SignIn::of_person(seen) else {
            return;
        };
        let own = seen.text_of(seen.fact().tenant).to_lowercase();
        let home = tenant(&sign_in, "homeTenantId", "ActorContextId", &own);
        let resource = tenant(&sign_in, "resourceTenantId", "TargetContextId", &own);
        let other = if resource == own { &home } else { &resource };
        // The own one is met too: an organisation that never looked beyond its border has a habit.
        let owner = (seen.fact().tenant, Word::NONE);
        let meeting = self.others.meet(owner, other, seen.time());
        let is_across = home != resource && !MICROSOFT.contains(&other.as_str());
        if !is_across || !meeting.is_first() {
            return;
        }
        let why = format!(
            "{} of tenant {home} signed in to tenant {resource}, from {}: \
             the first time for tenant {other}",
            seen.user(),
            seen.ip()
        );
        hits.push(
            Hit::of(seen, Severity::Low, why)
                .keyed(other)
                .because("homeTenantId", &home)
                .compared(
                    "resourceTenantId",
                    &resource,
                    "the tenants of the last 30 days",
                )
                .silent_if("somebody had signed in across to that tenant in the last 30 days"),
        );
    }
}

/// Returns the tenant that a sign-in names; one that it does not name is the record's own.
fn tenant(sign_in: &SignIn<'_, '_>, entra: &str, unified: &str, own: &str) -> String {
    let named = if sign_in.is_entra() {
        sign_in.word(entra)
    } else {
        sign_in.unified_word(unified)
    };
    if named.is_empty() {
        own.to_owned()
    } else {
        named.to_lowercase()
    }
}
