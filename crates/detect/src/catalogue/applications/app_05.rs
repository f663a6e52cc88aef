//! APP-05: the first consent to an application, or of a person.

use super::consent::Consent;
use super::linked::Linked;
use super::scopes::Weight;
use super::subject::{is_microsofts, subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-05",
    title: "Rare consent",
    decides: "A consent to an application that nobody in the tenant had in the weeks before; of a person \
              who never gave one, where it gives more than a sign-in.",
    severity: "medium where the application is new and gets more than the person's own name; low otherwise",
    benign: "People try products. Silent in the first fortnight of the records, for approved and Microsoft's \
             own applications, and for those whom the same person registered.",
    attack: &["T1528"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

/// Registrations, then what a consent leaves.
const WANTED: &[&str] = &[
    "Add application",
    "Add owner to application",
    "Consent to application",
    "Add delegated permission grant",
    "Add OAuth2PermissionGrant",
    "Add app role assignment grant to user",
    "Add service principal",
];

const WARM_DAYS: i64 = 14;
const REMEMBERED: i64 = 90 * DAY;

#[derive(Default)]
pub(super) struct App05 {
    linked: Linked,
    /// When an application, or a person, was last seen with a consent.
    last: BTreeMap<(Word, String), Timestamp>,
    /// Who registered what.
    own: BTreeMap<(Word, String), Word>,
}

impl Detection for App05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(WANTED)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_microsofts(seen) {
            return;
        }
        let subject = subject(seen);
        let fact = seen.fact();
        if seen.is_action(&["Add application", "Add owner to application"]) {
            self.own.insert((fact.tenant, subject.app), fact.user);
            return;
        }
        let key = subject.key().to_owned();
        hits.extend(self.linked.note(seen, &key));
        if !seen.is_action(&["Consent to application"]) || !seen.is_done() {
            return;
        }
        let Some(consent) = Consent::read(seen) else {
            return;
        };
        let is_new_app = self.is_new(seen, consent.subject.best_id());
        let is_new_person = self.is_new(seen, seen.user());
        let is_own = self.own.get(&(fact.tenant, subject.app)) == Some(&fact.user);
        let is_warm = world.tenant.is_warm(seen.time(), WARM_DAYS);
        if is_warm && (is_new_app || is_new_person) && !consent.is_expected(world) {
            let severity = severity(&consent, is_new_app, is_own);
            let hit = hit(seen, &consent, is_new_app, severity);
            hits.push(self.linked.raise(&key, hit.keyed(&key)));
        }
    }
}

impl App05 {
    fn is_new(&mut self, seen: &Seen<'_>, what: &str) -> bool {
        let fact = seen.fact();
        let before = self.last.insert((fact.tenant, what.to_owned()), fact.time);
        before.is_none_or(|before| seconds_between(before, fact.time) > REMEMBERED)
    }
}

fn severity(consent: &Consent, is_new_app: bool, is_own: bool) -> Severity {
    let pays = !matches!(consent.weight(), Weight::SignIn | Weight::Little);
    if is_new_app && pays && !is_own {
        Severity::Medium
    } else {
        Severity::Low
    }
}

fn hit(seen: &Seen<'_>, consent: &Consent, is_new_app: bool, severity: Severity) -> Hit {
    let app = consent.subject.shown();
    let (why, field, value) = if is_new_app {
        let why = format!(
            "{} is the first to let in the application {app}",
            seen.person()
        );
        (why, "ObjectId", consent.subject.best_id().to_owned())
    } else {
        let why = format!(
            "{} never let an application in before: {app}",
            seen.person()
        );
        (why, "UserId", seen.user().to_owned())
    };
    Hit::of(seen, severity, why)
        .about_app(consent.subject.best_id())
        .compared(field, value, "the consents of the last 90 days")
        .silent_if("the application had been let in before, or were approved")
}
