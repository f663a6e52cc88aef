//! APP-15: a consent, and then what it was for.

use super::known::Known;
use super::subject::subject;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-15",
    title: "Consent, then credential or mail access by the application",
    decides: "A consent worth a triage (APP-01, APP-04), and within a week a new credential, an application \
              permission (APP-07, APP-08) or mail access (MIA-03) of the same application.",
    severity: "critical; high where the second step alone would be low",
    benign: "Setting up a product does the same: approve its id, and both steps are silent.",
    attack: &["T1098"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

const WINDOW: i64 = 7 * DAY;
const KEPT: usize = 5000;

#[derive(Default)]
pub(super) struct App15 {
    known: Known,
    /// The last consent of a person to an application, by the id that its hit names.
    consents: BTreeMap<(Word, String, String), Hit>,
}

impl Detection for App15 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Consent to application",
            "Add service principal",
            "Add app role assignment grant to user",
            "Add owner to application",
            "Add application",
        ])
        .hearing(&["APP-01", "APP-04", "APP-07", "APP-08", "MIA-03"])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        self.known.learn(seen.fact().tenant, &subject(seen));
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        let app = if hit.app.is_empty() {
            world.text(hit.fact.app)
        } else {
            &hit.app
        };
        if app.is_empty() {
            return;
        }
        let now = hit.fact.time;
        if matches!(hit.detection.as_ref(), "APP-01" | "APP-04") {
            if hit.severity >= Severity::Medium {
                self.consents
                    .retain(|_, one| seconds_between(one.fact.time, now) <= WINDOW);
                if self.consents.len() < KEPT {
                    let whose = (hit.fact.tenant, app.to_owned(), hit.user.clone());
                    self.consents.insert(whose, hit.clone());
                }
            }
            return;
        }
        if let Some(consent) = self.consent(hit, app) {
            hits.push(followed(&consent, hit));
        }
    }
}

impl App15 {
    /// Which ids are one application may become known after the consent: so they are compared late.
    fn consent(&self, hit: &Hit, app: &str) -> Option<Hit> {
        let tenant = hit.fact.tenant;
        let one = self.known.one(tenant, app);
        let is_before = |(whose, id, _): &(Word, String, String), consent: &Hit| {
            let since = seconds_between(consent.fact.time, hit.fact.time);
            *whose == tenant
                && (0..=WINDOW).contains(&since)
                && consent.fact.record != hit.fact.record
                && self.known.one(tenant, id) == one
        };
        let consents = self.consents.iter();
        // Whose mail is read is whose consent it was; a key serves for all, and the last consent tells it.
        consents
            .filter(|(whose, consent)| is_before(whose, consent))
            .map(|(_, consent)| consent)
            .max_by_key(|consent| (consent.user == hit.user, consent.fact.time))
            .cloned()
    }
}

fn followed(consent: &Hit, hit: &Hit) -> Hit {
    let severity = if hit.severity >= Severity::Medium {
        Severity::Critical
    } else {
        Severity::High
    };
    let why = format!("{}; then {}", consent.why, hit.why);
    let key = if consent.app.is_empty() {
        &consent.key
    } else {
        &consent.app
    };
    Hit::after(hit, severity, why)
        .of_user(&consent.user)
        .keyed(key)
        .about_app(&consent.app)
        .with(&consent.facts)
        .silent_if("no consent to the same application had come within the week before")
}
