//! COR-05: a flagged sign-in, then an act that only an administrator can do.

use super::link::{Link, chained, is_entry, is_of};
use super::trail::{Subject, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "COR-05",
    title: "Flagged sign-in, then administration of the tenant",
    decides: "A flagged sign-in of medium or more, then within 24 hours, by the same account, a role \
              assigned, a policy or federation changed (IDP-07, IDP-11, IDP-14), a credential or a \
              permission given to an application (APP-07, APP-08), or evidence switched off (EVA).",
    severity: "critical; high where the sign-in is medium",
    benign: "An administrator on the road: the sign-in must have been flagged, and the act be of \
             medium or more by itself.",
    attack: &["T1078.004", "T1098", "T1484.002", "T1562.008"],
    sources: &[Source::SignIn, Source::Directory, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Chain,
    untested: "",
};

const WINDOW_SECONDS: i64 = DAY;

/// Flagged sign-ins that wait for an administrator's act.
#[derive(Default)]
pub(super) struct Cor05 {
    entries: Trail,
}

impl Detection for Cor05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&[
            "SIG-", "ALR-03", "INTEL", "IDP-07", "IDP-11", "IDP-14", "APP-07", "APP-08", "EVA-",
        ])
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_entry(hit) {
            let user = Subject::User(hit.user.clone());
            self.entries.keep(user, Link::of(hit), WINDOW_SECONDS);
        } else if !is_of(hit, &["SIG-", "ALR-", "INTEL"]) && hit.severity >= Severity::Medium {
            hits.extend(self.administered(hit, world));
        }
    }
}

impl Cor05 {
    /// The hit may concern whom the role was given to; the chain concerns who gave it.
    fn administered(&self, hit: &Hit, world: &World<'_>) -> Option<Hit> {
        let actor = world.text(hit.fact.user).to_owned();
        let entry = self
            .entries
            .before(
                hit.fact.tenant,
                Subject::User(actor.clone()),
                hit.fact.time,
                WINDOW_SECONDS,
            )
            .max_by_key(|entry| (entry.severity, entry.time()))?;
        let severity = match entry.severity {
            Severity::High | Severity::Critical => Severity::Critical,
            _ => Severity::High,
        };
        let story = "an account with a flagged sign-in administered the tenant";
        Some(chained(hit, severity, story, &[entry]).of_user(&actor))
    }
}
