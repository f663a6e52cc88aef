//! Half-chains: the links that wait for the next one, bounded by time and by number.

use super::link::Link;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::{HOUR, seconds_between};
use model::{Severity, Timestamp};
use std::collections::HashMap;

/// How many links wait under one subject; the newest count.
const WAITING: usize = 64;

/// By what links belong together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// One person.
    User(String),
    /// One application.
    App(String),
    /// One address.
    Address(Word),
    /// One session.
    Session(Word),
    /// One /24 or /48.
    Network(String),
}

/// Whose chain was told, how gravely, and when last: the records of its beginning are shown once.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    last: HashMap<(Word, String), (Severity, Timestamp)>,
}

impl Told {
    /// Leaves of a chain that goes on only what is new.
    pub(super) fn once(&mut self, mut chain: Hit, last: &Hit) -> Hit {
        if self.goes_on(&chain) {
            chain.facts.clone_from(&last.facts);
        }
        chain
    }

    /// Notes that a chain of a user is told; returns whether it goes on from one that was told as
    /// gravely within the hour before, and so becomes one finding with it.
    fn goes_on(&mut self, chain: &Hit) -> bool {
        let now = (chain.severity, chain.fact.time);
        let whose = (chain.fact.tenant, chain.user.clone());
        let before = self.last.insert(whose, now);
        before.is_some_and(|(severity, last)| {
            severity >= now.0 && seconds_between(last, now.1) <= HOUR
        })
    }
}

/// The links that wait for the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    waiting: HashMap<(Word, Subject), Vec<Link>>,
}

impl Trail {
    /// Lets a link wait, and lets go those that are older than the seconds before it.
    pub(super) fn keep(&mut self, subject: Subject, link: Link, seconds: i64) {
        let links = self.waiting.entry((link.fact.tenant, subject)).or_default();
        let now = link.time();
        links.retain(|one| seconds_between(one.time(), now) <= seconds);
        if links.len() == WAITING {
            links.remove(0);
        }
        links.push(link);
    }

    /// Returns the links that waited in the seconds before a moment, newest first.
    pub(super) fn before(
        &self,
        tenant: Word,
        subject: Subject,
        now: Timestamp,
        seconds: i64,
    ) -> impl Iterator<Item = &Link> {
        let links = self.waiting.get(&(tenant, subject));
        links
            .into_iter()
            .flatten()
            .rev()
            .filter(move |one| (0..=seconds).contains(&seconds_between(one.time(), now)))
    }
}
