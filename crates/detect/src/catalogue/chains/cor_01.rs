//! COR-01: a sign-in from a new place, then a rule, a forwarding or access to the mailbox.

use super::link::{Link, chained, is_entry, is_of, is_same_hand, outside};
use super::newcomer::Newcomers;
use super::trail::{Subject, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::Severity;

const ABOUT: About = About {
    id: "COR-01",
    title: "New hand on an account, then a rule or forwarding",
    decides: "A flagged sign-in of medium or more, or one from a network new to the account with an \
              agent new to it or in a new session of no known device; then within 24 hours, by the \
              same person, session or address, a finding on inbox rules, forwarding or delegation.",
    severity: "critical within an hour, high within a day; a step less each: if the sign-in is only \
               new, if the change alone is low, if it came from another address",
    benign: "People travel, and make rules: a new place alone counts only with the same address or \
             session behind the change, and rules that raise nothing raise nothing here.",
    attack: &["T1078.004", "T1564.008"],
    sources: &[Source::SignIn, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Chain,
    untested: "",
};

const WINDOW_SECONDS: i64 = DAY;

/// New hands that wait for a change.
#[derive(Default)]
pub(super) struct Cor01 {
    newcomers: Newcomers,
    trail: Trail,
}

impl Detection for Cor01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn]).hearing(&["SIG-", "ALR-03", "INTEL", "INB-", "FWD-", "DEL-"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, _: &mut Vec<Hit>) {
        if outside(seen.fact(), world).is_none() {
            return;
        }
        if let Some(link) = self.newcomers.notice(seen) {
            let user = Subject::User(link.user.clone());
            self.trail.keep(user, link, WINDOW_SECONDS);
        }
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_entry(hit) {
            self.enter(hit, world);
        } else if is_of(hit, &["INB-", "FWD-", "DEL-"]) && hit.severity > Severity::Info {
            hits.extend(self.change(hit));
        }
    }
}

impl Cor01 {
    fn enter(&mut self, hit: &Hit, world: &World<'_>) {
        let link = Link::of(hit);
        let user = Subject::User(hit.user.clone());
        self.trail.keep(user, link.clone(), WINDOW_SECONDS);
        if !hit.fact.session.is_none() {
            let session = Subject::Session(hit.fact.session);
            self.trail.keep(session, link.clone(), WINDOW_SECONDS);
        }
        // An address joins people only where the sign-in was grave: offices share addresses.
        if hit.severity >= Severity::High && outside(&hit.fact, world).is_some() {
            let address = Subject::Address(hit.fact.address);
            self.trail.keep(address, link, WINDOW_SECONDS);
        }
    }

    fn change(&self, hit: &Hit) -> Option<Hit> {
        let fact = &hit.fact;
        let subjects = [
            Subject::User(hit.user.clone()),
            Subject::Session(fact.session),
            Subject::Address(fact.address),
        ];
        let links = subjects.into_iter().flat_map(|subject| {
            self.trail
                .before(fact.tenant, subject, fact.time, WINDOW_SECONDS)
        });
        let (severity, link) = links
            .map(|link| (weight(link, hit), link))
            .filter(|(severity, _)| *severity > Severity::Info)
            .max_by_key(|(severity, link)| (*severity, link.time()))?;
        Some(chained(
            hit,
            severity,
            "a new or doubtful sign-in, and then a change to the mailbox",
            &[link],
        ))
    }
}

fn weight(link: &Link, hit: &Hit) -> Severity {
    let is_flagged = link.severity >= Severity::Medium;
    let is_same = link.facts.iter().any(|fact| is_same_hand(fact, &hit.fact));
    let is_placed = !hit.fact.address.is_none() || !hit.fact.session.is_none();
    if !is_flagged && !is_same {
        return Severity::Info;
    }
    let mut severity = match seconds_between(link.time(), hit.fact.time) {
        ..=HOUR => Severity::Critical,
        _ => Severity::High,
    };
    for is_less in [
        !is_flagged,
        hit.severity <= Severity::Low,
        is_placed && !is_same,
    ] {
        if is_less {
            severity = severity.lowered();
        }
    }
    severity
}
