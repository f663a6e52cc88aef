//! MIA-02: far more mail is read than this mailbox's reader usually reads.

use super::access::{Whose, client, is_somebody, mailbox, mailbox_name, third_party};
use super::familiar::Familiar;
use super::hours::Hours;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, MINUTE, World, seconds_between};
use model::Severity;
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "MIA-02",
    title: "Unusually much mail read",
    decides: "The messages that `MailItemsAccessed` (Bind) counts for one mailbox through one session or \
              application: a hundred in ten minutes, or more than 25 in an hour and more than the \
              reader's own hours of the last two weeks explain (median and median deviation).",
    severity: "a hundred in ten minutes: medium, and high after a doubtful sign-in, or by a client and \
               from a network that are both new for the mailbox; above the own measure only: low, and \
               medium after the same; low for an application that is in five mailboxes already",
    benign: "A telephone has another network every day: alone that says nothing. An application that \
             reads everybody's mail is MIA-05's. Somebody who clears a full mailbox, or a client that fetches what it lacks: hours like it \
             in the two weeks before raise the measure. Approved applications and machines' accounts \
             are not counted, nor what Microsoft's background client reads.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "",
};

/// So many messages in ten minutes nobody reads one by one.
const FLOOD: u64 = 100;
const FLOOD_SECONDS: i64 = 10 * MINUTE;
/// Up to so many in an hour are never too many.
const FLOOR: u64 = 25;
/// A network is new to who has been seen for so long.
const KNOWN_DAYS: i64 = 3;

/// Mailbox and reader, session or application.
type Reader = (Whose, Word, Word, Word);

pub(super) struct Mia02 {
    recent: Recent<Reader, Fact>,
    hours: Hours,
    networks: Familiar,
    clients: Familiar,
    /// In which mailboxes an application of others was, as far as it decides.
    apps: BTreeMap<(Word, Word), BTreeSet<Word>>,
}

impl Default for Mia02 {
    fn default() -> Self {
        Self {
            recent: Recent::over(HOUR),
            hours: Hours::default(),
            networks: Familiar::default(),
            clients: Familiar::default(),
            apps: BTreeMap::new(),
        }
    }
}

impl Detection for Mia02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_counted = !seen.fact().is_sync
            && is_somebody(seen, world)
            && !world.tenant.is_approved_app(seen.app());
        if !is_counted {
            return;
        }
        let (fact, now, whose) = (seen.fact(), seen.time(), mailbox(seen));
        let reader = (whose, fact.user, fact.session, fact.app);
        self.networks.note(whose, &seen.network(), now);
        self.clients.note(whose, client(seen.agent()), now);
        let is_everywhere = self.is_everywhere(seen, world);
        self.hours.add(whose, now, u64::from(fact.count));
        self.recent.push(now, reader, *fact);
        let (in_ten_minutes, in_an_hour) = self.sums(&reader, seen);
        let usual = self.usual(whose, seen, world);
        let is_flood = in_ten_minutes >= FLOOD && usual.is_none_or(|usual| in_an_hour > usual);
        let is_unusual = usual.is_some_and(|usual| in_an_hour > usual.max(FLOOR));
        let Some(mut severity) = self.severity(is_flood, is_unusual, seen, world) else {
            return;
        };
        if is_everywhere {
            severity = severity.min(Severity::Low);
        }
        let facts = self.recent.hand_out(&reader);
        hits.push(hit(
            seen,
            severity,
            (in_ten_minutes, in_an_hour),
            usual,
            &facts,
        ));
    }
}

impl Mia02 {
    /// Returns whether an application of others reads five mailboxes and more.
    fn is_everywhere(&mut self, seen: &Seen<'_>, world: &World<'_>) -> bool {
        const MAILBOXES: usize = 5;
        if third_party(seen, world).is_none() {
            return false;
        }
        let (tenant, owner) = mailbox(seen);
        let mailboxes = self.apps.entry((tenant, seen.fact().app)).or_default();
        if mailboxes.len() < MAILBOXES {
            mailboxes.insert(owner);
        }
        mailboxes.len() >= MAILBOXES
    }

    fn sums(&self, reader: &Reader, seen: &Seen<'_>) -> (u64, u64) {
        let (mut in_ten_minutes, mut in_an_hour) = (0, 0);
        for (time, fact) in self.recent.of(reader, seen.time()) {
            in_an_hour += u64::from(fact.count);
            if seconds_between(time, seen.time()) <= FLOOD_SECONDS {
                in_ten_minutes += u64::from(fact.count);
            }
        }
        (in_ten_minutes, in_an_hour)
    }

    /// Nothing is usual in the first days of the records.
    fn usual(&self, whose: Whose, seen: &Seen<'_>, world: &World<'_>) -> Option<u64> {
        let is_warm = world.tenant.is_warm(seen.time(), KNOWN_DAYS);
        is_warm.then(|| self.hours.usual(whose, seen.time()))?
    }

    fn severity(
        &self,
        is_flood: bool,
        is_unusual: bool,
        seen: &Seen<'_>,
        world: &World<'_>,
    ) -> Option<Severity> {
        let plain = match (is_flood, is_unusual) {
            (true, _) => Severity::Medium,
            (false, true) => Severity::Low,
            (false, false) => return None,
        };
        let whose = mailbox(seen);
        let now = seen.time();
        let is_new_place = self
            .networks
            .is_new(whose, &seen.network(), now, KNOWN_DAYS)
            && self
                .clients
                .is_new(whose, client(seen.agent()), now, KNOWN_DAYS);
        let tainted = doubt(seen.fact(), seen.person(), world);
        Some(if is_new_place || tainted.is_some() {
            plain.raised()
        } else {
            plain
        })
    }
}

fn hit(
    seen: &Seen<'_>,
    severity: Severity,
    (in_ten_minutes, in_an_hour): (u64, u64),
    usual: Option<u64>,
    facts: &[Fact],
) -> Hit {
    let measure = match usual {
        Some(usual) => format!("up to {usual} in an hour are usual for this mailbox"),
        None => format!("fewer than {FLOOD} in ten minutes"),
    };
    let why = format!(
        "{} read {in_an_hour} messages in the mailbox of {} within an hour, {in_ten_minutes} of them \
         within ten minutes; compared with: {measure}",
        seen.user(),
        mailbox_name(seen)
    );
    Hit::of(seen, severity, why)
        .keyed(mailbox_name(seen))
        .with(facts)
        .compared("OperationCount", in_an_hour.to_string(), measure)
        .silent_if("as many had been read in hours of the two weeks before")
}
