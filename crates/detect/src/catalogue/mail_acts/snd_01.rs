//! SND-01: one account sends the same to many, or very much at once.

use super::super::mail_access::access::{Whose, is_somebody, mailbox};
use super::items::{items, plain_subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{DAY, HOUR, World, domain, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "SND-01",
    title: "Burst of outgoing mail",
    decides: "Within an hour, by one account: twenty `Send` records with one subject, or sixty with any; \
              in a message trace, one subject to fifty recipients, or ten that could not be delivered.",
    severity: "medium; high after a doubtful sign-in of the last day; low where the account sent as much \
               on an earlier day, and for a message to colleagues only",
    benign: "A letter to all the staff goes to a list, and a trace has a row for each of its members: to \
             colleagues only it is low. Newsletters and invitations: one such burst a day or more before lowers it; an account \
             that is named as a machine's is not looked at.",
    attack: &["T1534", "T1566"],
    sources: &[Source::Mailbox, Source::MessageTrace],
    needs: &[],
    method: Method::Threshold,
    untested: "No real burst was at hand; single real `Send` and message trace records are read.",
};

const ALIKE: usize = 20;
const MANY: usize = 60;
const RECIPIENTS: usize = 50;
const UNDELIVERED: usize = 10;

/// One message on its way out.
#[derive(Clone, Debug)]
struct Sent {
    fact: Fact,
    subject: String,
    recipient: String,
    is_undelivered: bool,
}

pub(super) struct Snd01 {
    sent: Recent<(Whose, bool), Sent>,
    /// When an account had its first burst.
    first: BTreeMap<Whose, Timestamp>,
}

impl Default for Snd01 {
    fn default() -> Self {
        Self {
            sent: Recent::over(HOUR),
            first: BTreeMap::new(),
        }
    }
}

impl Detection for Snd01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::Delivery],
            ..Wants::actions(&["Send", "SendAs", "SendOnBehalf"])
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let is_trace = seen.kind() == Kind::Delivery;
        let found = if is_trace {
            delivery(seen, world)
        } else {
            is_somebody(seen, world).then(|| (mailbox(seen), message(seen)))
        };
        let Some((whose, sent)) = found else {
            return;
        };
        let (key, now) = ((whose, is_trace), seen.time());
        self.sent.push(now, key, sent.clone());
        let burst: Vec<&Sent> = self.sent.of(&key, now).map(|(_, one)| one).collect();
        let judge = if is_trace { traced } else { recorded };
        if let Some(verdict) = judge(&burst, &sent) {
            hits.push(self.hit(seen, world, key, &sent, verdict));
        }
    }
}

/// What was too much, and what would not have been.
type Verdict = (String, String);

impl Snd01 {
    fn hit(
        &mut self,
        seen: &Seen<'_>,
        world: &World<'_>,
        key: (Whose, bool),
        sent: &Sent,
        (what, measure): Verdict,
    ) -> Hit {
        let mut severity = self.severity(key.0, seen, world);
        if severity == Severity::Medium && key.1 && self.is_inside(&key, seen.time(), world) {
            severity = Severity::Low;
        }
        let facts = self.sent.hand_out(&key);
        let who = seen.text_of(key.0.1);
        Hit::of(seen, severity, format!("{who} sent {what} within an hour"))
            .of_user(who)
            .with(facts.iter().map(|one| &one.fact))
            .compared("Subject", sent.subject.as_str(), measure)
            .silent_if("fewer had been sent, or the account were named as a machine's")
    }

    /// Returns whether hardly anybody outside got what was sent within the hour.
    fn is_inside(&self, key: &(Whose, bool), now: Timestamp, world: &World<'_>) -> bool {
        let sent = self.sent.of(key, now).map(|(_, one)| one);
        let outside: BTreeSet<&str> = sent
            .map(|one| one.recipient.as_str())
            .filter(|one| domain(one).is_some_and(|host| !is_own(host, world)))
            .collect();
        outside.len() < UNDELIVERED
    }

    fn severity(&mut self, whose: Whose, seen: &Seen<'_>, world: &World<'_>) -> Severity {
        let now = seen.time();
        let first = *self.first.entry(whose).or_insert(now);
        let who = seen.text_of(whose.1);
        if doubt(seen.fact(), who, world).is_some() {
            Severity::High
        } else if seconds_between(first, now) > DAY {
            Severity::Low
        } else {
            Severity::Medium
        }
    }
}

fn message(seen: &Seen<'_>) -> Sent {
    let subject = items(seen).into_iter().next().unwrap_or_default().subject;
    Sent {
        fact: *seen.fact(),
        subject: plain_subject(&subject),
        recipient: String::new(),
        is_undelivered: false,
    }
}

/// Returns a message of a trace, if it is the organisation's own that leaves.
fn delivery(seen: &Seen<'_>, world: &World<'_>) -> Option<(Whose, Sent)> {
    let sender = seen.word("sender").to_lowercase();
    let direction = seen.word("direction").to_ascii_lowercase();
    let is_own = domain(&sender).is_some_and(|domain| is_own(domain, world));
    let is_leaving = ["outbound", "originating", "intra-org"]
        .iter()
        .any(|one| direction.contains(one));
    let is_machine = world.tenant.settings.machines.contains(&sender);
    if !(is_own || is_leaving) || is_machine {
        return None;
    }
    let whose = (seen.fact().tenant, world.words.known(&sender)?);
    let status = seen.word("status").to_ascii_lowercase();
    let sent = Sent {
        fact: *seen.fact(),
        subject: plain_subject(seen.word("subject")),
        recipient: seen.word("recipient").to_lowercase(),
        is_undelivered: status.contains("fail") || status.contains("blocked"),
    };
    Some((whose, sent))
}

/// What the operator says goes before what was learnt: a trace names strangers' domains too.
fn is_own(domain: &str, world: &World<'_>) -> bool {
    let domains = &world.tenant.settings.domains;
    if domains.is_empty() {
        world.tenant.is_own_domain(domain)
    } else {
        domains.contains(&domain.to_lowercase())
    }
}

/// Returns what is too much in the mailbox's own records.
fn recorded(burst: &[&Sent], last: &Sent) -> Option<Verdict> {
    let alike = burst
        .iter()
        .filter(|one| !last.subject.is_empty() && one.subject == last.subject)
        .count();
    if alike >= ALIKE {
        let what = format!(
            "{alike} messages with the subject {}",
            quoted(&last.subject)
        );
        return Some((what, format!("fewer than {ALIKE} alike")));
    }
    (burst.len() >= MANY).then(|| {
        let what = format!("{} messages", burst.len());
        (what, format!("fewer than {MANY}"))
    })
}

/// Returns what is too much in a message trace.
fn traced(burst: &[&Sent], last: &Sent) -> Option<Verdict> {
    let recipients = |filter: &dyn Fn(&Sent) -> bool| {
        let found = burst.iter().filter(|one| filter(one));
        let distinct: BTreeSet<&str> = found.map(|one| one.recipient.as_str()).collect();
        distinct.len()
    };
    let alike = recipients(&|one| one.subject == last.subject);
    if alike >= RECIPIENTS {
        let subject = quoted(&last.subject);
        let what = format!("one message, {subject}, to {alike} recipients");
        return Some((what, format!("fewer than {RECIPIENTS} recipients")));
    }
    let undelivered = recipients(&|one| one.is_undelivered);
    (last.is_undelivered && undelivered >= UNDELIVERED).then(|| {
        let what = format!("mail to {undelivered} recipients that could not be delivered");
        (what, format!("fewer than {UNDELIVERED} undelivered"))
    })
}
