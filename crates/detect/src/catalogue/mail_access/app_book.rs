//! Which applications of others touched which mailboxes, since when, and which of them were
//! suspicious before they touched any.

use super::access::mailbox;
use super::programs::mail_program;
use crate::hit::Hit;
use crate::lists::apps;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

/// An application that has been in use for so long is part of the house.
const SETTLED_SECONDS: i64 = 14 * DAY;
/// The first day in a mailbox is one story.
const FIRST_SECONDS: i64 = DAY;
/// How many records of that first day are shown.
const SHOWN: u32 = 200;
/// An application that is in so many mailboxes already adds little by another one.
const MANY_MAILBOXES: usize = 5;
/// How many mailboxes are remembered an application.
const REMEMBERED: usize = 5000;
/// For how long a finding about an application taints what it does.
const SUSPECT_SECONDS: i64 = 7 * DAY;

/// Which applications touched which mailboxes.
#[derive(Debug, Default)]
pub(in crate::catalogue) struct AppBook {
    apps: BTreeMap<(Word, Word), Life>,
    suspects: BTreeMap<(Word, String), (Timestamp, String)>,
}

#[derive(Debug)]
struct Life {
    since: Timestamp,
    mailboxes: BTreeMap<Word, Visits>,
}

#[derive(Debug)]
struct Visits {
    since: Timestamp,
    rank: usize,
    shown: u32,
}

/// What is to be said of an application's touching a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::catalogue) struct Verdict {
    /// How urgent.
    pub(in crate::catalogue) severity: Severity,
    /// What is known of the application, in words.
    pub(in crate::catalogue) about: String,
}

impl AppBook {
    /// Hears that something was found about an application.
    pub(in crate::catalogue) fn hear(&mut self, hit: &Hit) {
        if !hit.app.is_empty() && hit.severity >= Severity::Medium {
            let found = (hit.fact.time, hit.detection.to_string());
            self.suspects
                .insert((hit.fact.tenant, hit.app.clone()), found);
        }
    }

    /// Notes that the application of a record touched its mailbox; returns what is to be said of it:
    /// nothing once it has been in this mailbox for a day.
    pub(in crate::catalogue) fn judge(&mut self, seen: &Seen<'_>) -> Option<Verdict> {
        let (tenant, owner) = mailbox(seen);
        let now = seen.time();
        let suspicion = self.suspicion(tenant, seen.app(), now);
        let life = self.apps.entry((tenant, seen.fact().app)).or_insert(Life {
            since: now,
            mailboxes: BTreeMap::new(),
        });
        let is_settled = seconds_between(life.since, now) > SETTLED_SECONDS;
        let rank = life.mailboxes.len();
        if rank >= REMEMBERED && !life.mailboxes.contains_key(&owner) {
            return None;
        }
        let visits = life.mailboxes.entry(owner).or_insert(Visits {
            since: now,
            rank,
            shown: 0,
        });
        visits.shown += 1;
        if seconds_between(visits.since, now) > FIRST_SECONDS || visits.shown > SHOWN {
            return None;
        }
        Some(match suspicion {
            Some(about) => Verdict::new(Severity::High, about),
            None if let Some(name) = mail_program(seen.app()) => Verdict::new(
                Severity::Low,
                format!("{name}, a mail program that people choose"),
            ),
            None if is_settled => Verdict::new(Severity::Low, "in use here for two weeks"),
            None if visits.rank >= MANY_MAILBOXES => {
                Verdict::new(Severity::Low, "in many mailboxes already")
            }
            None => Verdict::new(Severity::Medium, "never seen in this mailbox before"),
        })
    }

    fn suspicion(&self, tenant: Word, app: &str, now: Timestamp) -> Option<String> {
        if let Some(name) = apps::abused(app) {
            return Some(format!("known as {name}, which intruders like to use"));
        }
        let (time, detection) = self.suspects.get(&(tenant, app.to_owned()))?;
        let is_near = seconds_between(*time, now) <= SUSPECT_SECONDS;
        is_near.then(|| format!("{detection} was raised about it"))
    }
}

impl Verdict {
    fn new(severity: Severity, about: impl Into<String>) -> Self {
        Self {
            severity,
            about: about.into(),
        }
    }
}
