//! COR-06: mass mail from one mailbox, then others fall to the same hand.

use super::link::{Link, chained, is_entry, is_of, outside};
use super::trail::{Subject, Told, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::places::prefix;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "COR-06",
    title: "Spread from one mailbox to the next",
    decides: "Mass mail from one person (SND-01), or a burst that follows a takeover (SND-03), then \
              within 48 hours a flagged sign-in of another person from the same address or the same \
              /24 or /48.",
    severity: "critical from the same address, high from the same network",
    benign: "A newsletter from the office: the organisation's own networks and Microsoft's addresses \
             do not join people, nor does a sign-in that nothing flags.",
    attack: &["T1534"],
    sources: &[Source::Mailbox, Source::SignIn],
    needs: &[],
    method: Method::Chain,
    untested: "Whether the second person was a recipient of the mail is not asked: the record of a \
               sent message does not always name its recipients. No real spread was at hand.",
};

const WINDOW_SECONDS: i64 = 2 * DAY;

/// Senders of mass mail that wait for the next victim.
#[derive(Default)]
pub(super) struct Cor06 {
    senders: Trail,
    told: Told,
}

impl Detection for Cor06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&["SND-01", "SND-03", "SIG-", "ALR-03", "INTEL"])
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(address) = outside(&hit.fact, world) else {
            return;
        };
        let network = Subject::Network(prefix(address.ip));
        if is_of(hit, &["SND-"]) {
            if hit.severity >= Severity::Medium {
                self.senders.keep(network, Link::of(hit), WINDOW_SECONDS);
            }
        } else if is_entry(hit) {
            let chain = self.next(hit, network);
            hits.extend(chain.map(|chain| self.told.once(chain, hit)));
        }
    }
}

impl Cor06 {
    fn next(&self, hit: &Hit, network: Subject) -> Option<Hit> {
        let is_same = |sender: &Link| sender.fact.address == hit.fact.address;
        let sender = self
            .senders
            .before(hit.fact.tenant, network, hit.fact.time, WINDOW_SECONDS)
            .filter(|sender| sender.user != hit.user)
            .max_by_key(|sender| (is_same(sender), sender.time()))?;
        let severity = if is_same(sender) {
            Severity::Critical
        } else {
            Severity::High
        };
        let story = "mass mail left one mailbox, and then somebody signed in to another from the same place";
        Some(chained(hit, severity, story, &[sender]).keyed(&sender.user))
    }
}
