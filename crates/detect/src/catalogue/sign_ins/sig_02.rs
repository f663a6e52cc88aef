//! SIG-02: two sign-ins that nobody could make by travelling.

use super::habit::{Habits, Owner};
use super::sign_in::SignIn;
use super::whence::Whence;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::agents::{self, System};
use crate::lists::networks::NetworkKind;
use crate::places::kilometres;
use crate::seen::Seen;
use crate::world::{DAY, HOUR, MINUTE, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "SIG-02",
    title: "Impossible travel",
    decides: "Two successful sign-ins of one person from two autonomous systems more than 500 km \
              apart, faster than 900 km/h; where no position is known, from two countries within \
              15 minutes. In doubt is the one from the network that is newer to the person.",
    severity: "medium from two countries; high if network and operating system are new to the \
               person; low within one country, where positions of networks are only roughly known",
    benign: "VPNs, relays and carriers: a pair of networks that the person has alternated between \
             on three days, one and the same device, the organisation's networks and security \
             gateways stay silent.",
    attack: &["T1078.004"],
    sources: &[Source::SignIn],
    needs: &[Source::Places],
    method: Method::Baseline,
    untested: "No real pair of sign-ins with positions was at hand.",
};

const FASTEST_KM_PER_HOUR: f64 = 900.0;
const LEAST_KM: f64 = 500.0;
/// Within this, two countries are too far apart whatever their positions.
const BORDER_SECONDS: i64 = 15 * MINUTE;
/// After this, everybody can be anywhere.
const LONGEST_SECONDS: i64 = 2 * DAY;

/// A sign-in as the next one is compared with it.
#[derive(Clone, Debug)]
struct Last {
    fact: Fact,
    whence: Whence,
    /// Since when the person has been seen in this network.
    since: Timestamp,
    /// Whether network and operating system are both new to the person.
    is_strange: bool,
}

/// SIG-02.
#[derive(Debug, Default)]
pub(super) struct Sig02 {
    last: BTreeMap<Owner, Last>,
    pairs: Habits,
    networks: Habits,
    systems: BTreeMap<Owner, Vec<System>>,
}

impl Detection for Sig02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::SignIn])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if SignIn::of_person(seen).is_none_or(|one| one.is_embedded()) {
            return;
        }
        let is_telling = |one: &Whence| one.kind != NetworkKind::Relay && !one.country.is_empty();
        let Some(whence) = Whence::read(seen, world).filter(is_telling) else {
            return;
        };
        let owner = (seen.fact().tenant, seen.fact().user);
        let network = self.networks.meet(owner, &whence.network, seen.time());
        let is_new_system = self.is_new_system(owner, seen);
        let now = Last {
            fact: *seen.fact(),
            whence,
            since: network.known.map_or(seen.time(), |known| known.first),
            is_strange: network.is_new() && is_new_system,
        };
        let Some(before) = self.last.insert(owner, now.clone()) else {
            return;
        };
        let Some(apart) = impossible(&before, &now) else {
            return;
        };
        if self.is_usual(&before, &now) {
            return;
        }
        let is_abroad = before.whence.is_other_country(&now.whence);
        let (odd, usual) = odd_first(&before, &now);
        let severity = match (is_abroad, odd.is_strange) {
            (true, true) => Severity::High,
            (true, false) | (false, true) => Severity::Medium,
            (false, false) => Severity::Low,
        };
        let why = format!(
            "{} signed in from {} by {}, {apart} after {} by {}",
            seen.user(),
            now.whence.country,
            now.whence.name(),
            before.whence.country,
            before.whence.name()
        );
        hits.push(hit(seen, world, severity, why, (odd, usual)));
    }
}

/// Returns the sign-in that is in doubt first: the one from the network in which the person was
/// seen last for the first time. Who comes back to where they always were is not the intruder.
fn odd_first<'l>(before: &'l Last, now: &'l Last) -> (&'l Last, &'l Last) {
    if before.since > now.since {
        (before, now)
    } else {
        (now, before)
    }
}

impl Sig02 {
    /// Returns whether an operating system is new to somebody who used another one.
    fn is_new_system(&mut self, owner: Owner, seen: &Seen<'_>) -> bool {
        let Some(system) = agents::system(seen.agent()) else {
            return false;
        };
        let known = self.systems.entry(owner).or_default();
        let is_new = !known.contains(&system);
        if is_new {
            known.push(system);
        }
        is_new && known.len() > 1
    }

    /// One device on two networks, or a pair of networks that the person goes between often.
    fn is_usual(&mut self, before: &Last, now: &Last) -> bool {
        let owner = (now.fact.tenant, now.fact.user);
        let mut pair = [before.whence.network.as_str(), now.whence.network.as_str()];
        pair.sort_unstable();
        let pair = self.pairs.meet(owner, &pair.join(" "), now.fact.time);
        let is_same_device = !now.fact.device.is_none() && now.fact.device == before.fact.device;
        pair.is_usual(3) || is_same_device
    }
}

fn hit(
    seen: &Seen<'_>,
    world: &World<'_>,
    severity: Severity,
    why: String,
    (odd, usual): (&Last, &Last),
) -> Hit {
    let mut hit = Hit::of(seen, severity, why);
    // The other sign-in is what it is compared with: its session and its address are the person's own.
    hit.fact = odd.fact;
    hit.facts = vec![odd.fact];
    hit.compared(
        "ClientIP",
        world.text(odd.fact.address),
        world.text(usual.fact.address),
    )
    .silent_if("both came from one network, one device, or slowly enough to travel")
}

/// Returns how two sign-ins are too far apart, in words, if they are.
fn impossible(before: &Last, now: &Last) -> Option<String> {
    let seconds = seconds_between(before.fact.time, now.fact.time);
    let (from, to) = (&before.whence, &now.whence);
    if seconds > LONGEST_SECONDS || !from.is_other_system(to) {
        return None;
    }
    let minutes = seconds / MINUTE;
    let Some((here, there)) = from.position.zip(to.position) else {
        let is_close = seconds <= BORDER_SECONDS && from.is_other_country(to);
        return is_close.then(|| format!("{minutes} minutes"));
    };
    let km = kilometres(here, there);
    let hours = (seconds.max(1) as f64) / (HOUR as f64);
    let is_impossible = km > LEAST_KM && km / hours > FASTEST_KM_PER_HOUR;
    is_impossible.then(|| format!("{minutes} minutes and {km:.0} km"))
}
