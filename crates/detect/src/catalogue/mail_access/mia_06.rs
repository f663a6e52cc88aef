//! MIA-06: mail read or sent in a session, or from an address, whose sign-in was found wrong.
//!
//! What was done before the finding counts as much as what comes after: a session is not
//! innocent until somebody notices.

use super::access::{is_somebody, mailbox};
use super::flagged::{Flag, Flagged, Way};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::is_doubt;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::{Address, AddressClass, Outcome};

const ABOUT: About = About {
    id: "MIA-06",
    title: "Mail read in a flagged session",
    decides: "Records of a mailbox whose session is that of a successful sign-in which a finding of medium \
              or higher rests on (SIG, INTEL, a risk of Entra's), or that come within a day from the \
              same account and address. Records from up to a day before the finding count too.",
    severity: "after a finding of high: high; after findings of medium only: in the same session medium, \
               and high if two detections agree; from the same address low, and medium if two agree",
    benign: "It is as right as the finding it follows; one that rests on failed sign-ins alone flags \
             nothing, nor do Microsoft's addresses and the organisation's own networks.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

/// How many sessions are remembered an account and address.
const SESSIONS: usize = 50;

pub(super) struct Mia06 {
    accesses: Recent<Way, Fact>,
    /// The sessions in which an account acted from an address: their records are kept there.
    sessions: Recent<Way, Way>,
    flagged: Flagged,
}

impl Default for Mia06 {
    fn default() -> Self {
        Self {
            accesses: Recent::over(DAY),
            sessions: Recent::over(DAY),
            flagged: Flagged::default(),
        }
    }
}

impl Detection for Mia06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess, Kind::MailAct]).hearing(&["SIG-", "INTEL", "ALR-03"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let ways = ways(seen);
        // Kept in any case: a second finding makes the first one graver.
        self.keep(seen, &ways);
        let flagged = ways
            .iter()
            .find_map(|way| Some((*way, self.flagged.of(*way, seen.time())?)));
        if let Some((way, flag)) = flagged {
            hits.push(told(
                Hit::of(seen, flag.severity(way), ""),
                flag,
                way,
                world,
            ));
        }
    }

    fn hear(&mut self, hit: &Hit, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_doubt(&hit.detection, hit.severity) {
            return;
        }
        for way in ways_of(hit, world) {
            let facts = self.before(way, hit);
            let was = self
                .flagged
                .of(way, hit.fact.time)
                .map(|flag| flag.severity(way));
            let flag = self.flagged.flag(way, hit);
            let is_news = was.is_none_or(|was| was < flag.severity(way));
            let Some(last) = facts.last().filter(|_| is_news) else {
                continue;
            };
            let mut raised = Hit::after(hit, flag.severity(way), "");
            raised.fact = *last;
            raised.more = 0;
            raised.facts = facts;
            hits.push(told(raised, flag, way, world));
        }
    }
}

impl Mia06 {
    fn keep(&mut self, seen: &Seen<'_>, ways: &[Way]) {
        let Some((first, rest)) = ways.split_first() else {
            return;
        };
        self.accesses.push(seen.time(), *first, *seen.fact());
        for way in rest {
            let known = self.sessions.of(way, seen.time());
            let known: Vec<Way> = known.map(|(_, session)| *session).collect();
            if known.len() < SESSIONS && !known.contains(first) {
                self.sessions.push(seen.time(), *way, *first);
            }
        }
    }

    /// Returns what was done in a way within the day before a finding, in order of time.
    fn before(&self, way: Way, hit: &Hit) -> Vec<Fact> {
        let now = hit.fact.time;
        let mut facts: Vec<Fact> = self.accesses.of(&way, now).map(|(_, one)| *one).collect();
        let Way::Address(_, address) = way else {
            return facts;
        };
        for (_, session) in self.sessions.of(&way, now) {
            let found = self.accesses.of(session, now).map(|(_, one)| *one);
            facts.extend(found.filter(|one| one.address == address));
        }
        facts.sort_by_key(|fact| fact.time);
        facts
    }
}

/// Returns the ways in which a record of a mailbox could be flagged, the session first.
fn ways(seen: &Seen<'_>) -> Vec<Way> {
    let fact = seen.fact();
    let mut ways = Vec::new();
    if !fact.session.is_none() {
        ways.push(Way::Session(fact.tenant, fact.session));
    }
    if seen.is_from_outside() {
        ways.push(Way::Address((fact.tenant, fact.user), fact.address));
        if mailbox(seen).1 != fact.user {
            ways.push(Way::Address(mailbox(seen), fact.address));
        }
    }
    ways
}

/// Returns what a finding flags: sessions and addresses of its sign-ins that did not fail.
fn ways_of(hit: &Hit, world: &World<'_>) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut add = |way: Way| {
        if !ways.contains(&way) {
            ways.push(way);
        }
    };
    for fact in hit.facts.iter().chain([&hit.fact]) {
        if matches!(fact.outcome, Outcome::Failure | Outcome::Interrupted) {
            continue;
        }
        let is_whole = fact.kind == Kind::SignIn || hit.detection.starts_with("INTEL");
        if !fact.session.is_none() && is_whole {
            add(Way::Session(fact.tenant, fact.session));
        }
        if let Some(user) = world.words.known(&hit.user)
            && is_somewhere(fact, world)
        {
            add(Way::Address((fact.tenant, user), fact.address));
        }
    }
    ways
}

/// Returns whether an address tells one person from another.
fn is_somewhere(fact: &Fact, world: &World<'_>) -> bool {
    Address::read(world.text(fact.address)).is_some_and(|address| {
        address.class() == AddressClass::Public && !world.tenant.is_own_network(address.ip)
    })
}

fn told(mut hit: Hit, flag: &Flag, way: Way, world: &World<'_>) -> Hit {
    let (field, shared, word) = match way {
        Way::Session(_, session) => ("SessionId", "in the same session", session),
        Way::Address(_, address) => ("ClientIPAddress", "from the same address", address),
    };
    let value = world.text(word).to_owned();
    let detections: Vec<&str> = flag.detections.iter().map(String::as_str).collect();
    let detections = detections.join(", ");
    let in_all = amount(&hit.facts);
    hit.why = format!(
        "mail of {} was used after a doubtful sign-in ({detections}), {shared} {}: {in_all}",
        flag.user,
        quoted(&value)
    );
    hit.of_user(&flag.user)
        .compared(field, value, format!("flagged by {detections}"))
        .silent_if("nothing had been found wrong with the sign-in")
}

/// Says what the records of a hit come to; those that follow within the hour are in the finding too.
fn amount(facts: &[Fact]) -> String {
    let (mut read, mut synchronised, mut done) = (0_u64, 0_u64, 0_u64);
    for fact in facts {
        match fact.kind {
            Kind::MailAccess if fact.is_sync => synchronised += 1,
            Kind::MailAccess => read += u64::from(fact.count),
            _ => done += u64::from(fact.count),
        }
    }
    let parts = [
        ("messages opened", read),
        ("whole folders synchronised", synchronised),
        ("messages sent, moved or deleted", done),
    ];
    let said = parts.iter().filter(|(_, many)| *many > 0);
    let said: Vec<String> = said.map(|(what, many)| format!("{what}: {many}")).collect();
    format!("{}, and what follows", said.join(", "))
}
