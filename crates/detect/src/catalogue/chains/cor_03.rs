//! COR-03: passwords or second factors tried, somebody came in, and made the way in their own.

use super::link::{Link, chained, is_of};
use super::trail::{Subject, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "COR-03",
    title: "Tried, let in, and a method of their own added",
    decides: "A sign-in after a spray or brute force (SIG-09) or after a second factor was worn down \
              (SIG-18, critical), then within 24 hours a new sign-in method on the account (IDP-01, \
              IDP-02, IDP-04).",
    severity: "critical; high where the sign-in itself came from an address the account knew",
    benign: "Who mistypes and then enrols a new phone: mistyping raises neither SIG-09 nor SIG-18.",
    attack: &["T1110", "T1621", "T1098.005"],
    sources: &[Source::SignIn, Source::Directory],
    needs: &[],
    method: Method::Chain,
    untested: "No real attack with all of these links was at hand.",
};

const WINDOW_SECONDS: i64 = DAY;

/// Tries and entries that wait for a method to be added.
#[derive(Default)]
pub(super) struct Cor03 {
    tries: Trail,
    entries: Trail,
}

impl Detection for Cor03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&[
            "SIG-07", "SIG-08", "SIG-09", "SIG-18", "IDP-01", "IDP-02", "IDP-04",
        ])
    }

    fn hear(&mut self, hit: &Hit, _: &World<'_>, hits: &mut Vec<Hit>) {
        let user = || Subject::User(hit.user.clone());
        let is_in = hit.detection == "SIG-09"
            || (hit.detection == "SIG-18" && hit.severity == Severity::Critical);
        if is_in {
            self.entries.keep(user(), Link::of(hit), WINDOW_SECONDS);
        } else if is_of(hit, &["SIG-"]) {
            self.tries.keep(user(), Link::of(hit), WINDOW_SECONDS);
        } else {
            hits.extend(self.method(hit));
        }
    }
}

impl Cor03 {
    fn method(&self, hit: &Hit) -> Option<Hit> {
        let user = || Subject::User(hit.user.clone());
        let (tenant, now) = (hit.fact.tenant, hit.fact.time);
        let entry = self
            .entries
            .before(tenant, user(), now, WINDOW_SECONDS)
            .max_by_key(|entry| (entry.severity, entry.time()))?;
        let tried = self
            .tries
            .before(tenant, user(), entry.time(), WINDOW_SECONDS)
            .next();
        let severity = match entry.severity {
            Severity::Critical => Severity::Critical,
            _ => Severity::High,
        };
        let before: Vec<&Link> = tried.into_iter().chain([entry]).collect();
        let story = "somebody tried until they signed in, and added a sign-in method";
        Some(chained(hit, severity, story, &before))
    }
}
