//! COR-04: consent to an application, mail read by it, then rules, connectors or mass mail.

use super::link::{Link, chained, is_of};
use super::trail::{Subject, Told, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "COR-04",
    title: "From a consent to mail read by the application, and on",
    decides: "Consent to an application (APP-01, APP-02, APP-04, of medium or more), then mail read by \
              the same application (MIA-03, MIA-05, APP-15); then a rule, a connector or mass mail \
              (INB, TRN, SND-01) of the same person, all within 7 days.",
    severity: "high for consent and reading, critical with the third step",
    benign: "A new mail program: its consent alone is below medium unless its rights are grave.",
    attack: &["T1528", "T1114.002", "T1564.008"],
    sources: &[Source::Directory, Source::Mailbox],
    needs: &[],
    method: Method::Chain,
    untested: "",
};

const WINDOW_SECONDS: i64 = 7 * DAY;

/// Consents that wait for mail to be read, and readers that wait for what comes next.
#[derive(Default)]
pub(super) struct Cor04 {
    consents: Trail,
    readers: Trail,
    told: Told,
}

impl Detection for Cor04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&[
            "APP-01", "APP-02", "APP-04", "APP-15", "MIA-03", "MIA-05", "INB-", "TRN-", "SND-01",
        ])
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        let app = app(hit, world);
        if is_of(hit, &["APP-01", "APP-02", "APP-04"]) {
            if hit.severity >= Severity::Medium && !app.is_empty() {
                self.consents
                    .keep(Subject::App(app), Link::of(hit), WINDOW_SECONDS);
            }
        } else if is_of(hit, &["MIA-", "APP-15"]) {
            let chain = self.read(hit, app);
            hits.extend(chain.map(|chain| self.told.once(chain, hit)));
        } else if hit.severity >= Severity::Medium {
            hits.extend(self.acted(hit));
        }
    }
}

impl Cor04 {
    fn read(&mut self, hit: &Hit, app: String) -> Option<Hit> {
        let consent = self
            .consents
            .before(
                hit.fact.tenant,
                Subject::App(app),
                hit.fact.time,
                WINDOW_SECONDS,
            )
            .next()?;
        let story = "an application was consented to and reads mail";
        let chain = chained(hit, Severity::High, story, &[consent]).about_app(&hit.app);
        let mut link = Link::of(&chain);
        "consent, then mail read".clone_into(&mut link.detection);
        for user in [consent.user.clone(), hit.user.clone()] {
            self.readers
                .keep(Subject::User(user), link.clone(), WINDOW_SECONDS);
        }
        Some(chain)
    }

    fn acted(&self, hit: &Hit) -> Option<Hit> {
        let user = Subject::User(hit.user.clone());
        let reader = self
            .readers
            .before(hit.fact.tenant, user, hit.fact.time, WINDOW_SECONDS)
            .next()?;
        let story = "an application read mail, and its victim's mailbox was put to use";
        Some(chained(hit, Severity::Critical, story, &[reader]))
    }
}

/// Returns the application that a hit is about: the one it names, or the one that called.
fn app(hit: &Hit, world: &World<'_>) -> String {
    if hit.app.is_empty() {
        world.text(hit.fact.app).to_owned()
    } else {
        hit.app.clone()
    }
}
