//! A feed that reads logs window by window and page by page.
//!
//! It knows no service: what to ask and what a page means is told by a [`Source`].

use super::desk::{Desk, Fullness, Window};
use super::source::{Place, Scopes, Source};
use super::wire::DeskWire;
use crate::digest::digest;
use crate::feed::{Change, Feed, Heard, Keep, Memory, Next, Standing, Ticket, Trouble};
use crate::health::{Busy, Health, Meaning};
use crate::moment::{HOUR, MINUTE};
use crate::notebook::Notebook;
use crate::said::Said;
use crate::settings::FeedSettings;
use model::{Ask, Failure, Reply, Target, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Between two looks at which logs there are.
const LOOK_EVERY: i64 = 6 * HOUR;
/// More questions than these are never under way.
const AT_ONCE: usize = 8;

/// The feed.
pub(crate) struct Reader<S: Source> {
    pub(super) source: S,
    pub(super) desks: BTreeMap<String, Desk>,
    pub(super) health: Health,
    pub(super) book: Notebook,
    pub(super) walks: BTreeMap<u64, Walking<S::Walk>>,
    next_walk: u64,
    pub(super) asked: BTreeMap<Ticket, Asked>,
    pub(super) keeping: BTreeMap<Ticket, u64>,
    pub(super) look: Look,
    /// Logs that are not to be had for now.
    pub(super) parked: BTreeMap<String, (Timestamp, Trouble)>,
    since: Option<Timestamp>,
    caught_up: Option<Timestamp>,
}

/// The reading of one window.
pub(super) struct Walking<W> {
    pub(super) scope: String,
    pub(super) window: Window,
    pub(super) walk: W,
    pub(super) next: Option<(Ask, Timestamp)>,
    pub(super) last: Ask,
    pub(super) done: Option<Fullness>,
    pub(super) unkept: u32,
    pub(super) stumbles: u32,
    pub(super) pages: BTreeSet<u128>,
}

#[derive(Clone, Copy)]
pub(super) enum Asked {
    Look,
    Walk(u64),
}

/// Which logs there are: to be looked at, being looked at, known.
pub(super) enum Look {
    Fixed,
    Due(Timestamp),
    Next(Ask, Vec<String>),
    UnderWay(Ask, Vec<String>),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    version: u32,
    desks: BTreeMap<String, DeskWire>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    memory: String,
}

const VERSION: u32 = 1;

impl<S: Source> Reader<S> {
    /// Returns the feed as it stands by what it remembers.
    pub(crate) fn new(mut source: S, since: Option<Timestamp>, memory: &Memory) -> Self {
        let recalled = memory
            .cursor
            .as_deref()
            .and_then(|text| serde_json::from_str::<Wire>(text).ok())
            .filter(|wire| wire.version == VERSION);
        let mut desks = BTreeMap::new();
        if let Some(wire) = &recalled {
            source.recall(&wire.memory);
            for (scope, desk) in &wire.desks {
                desks.insert(scope.clone(), Desk::recall(source.rules(), desk));
            }
        }
        let look = match source.scopes() {
            Scopes::Asked(_) => Look::Due(Timestamp(i64::MIN)),
            Scopes::Known(scopes) => {
                desks.retain(|scope, _| scopes.contains(scope));
                for scope in scopes {
                    let new = || Desk::new(source.rules(), since);
                    desks.entry(scope).or_insert_with(new);
                }
                Look::Fixed
            }
        };
        Self {
            source,
            desks,
            health: Health::new(FeedSettings::of_tenant("").first_pause),
            book: Notebook::from(memory.cursor.clone()),
            walks: BTreeMap::new(),
            next_walk: 0,
            asked: BTreeMap::new(),
            keeping: BTreeMap::new(),
            look,
            parked: BTreeMap::new(),
            since,
            caught_up: None,
        }
    }

    /// Returns the same reader, waiting so many seconds after a first failure.
    pub(crate) fn pausing(mut self, first_pause: i64) -> Self {
        self.health = Health::new(first_pause);
        self
    }

    fn busy(&self) -> Busy {
        Busy::of(self.asked.len(), self.keeping.len())
    }

    fn expire(&mut self, now: Timestamp) {
        for (scope, desk) in &mut self.desks {
            let clock = desk.clock();
            for lost in desk.expire(now) {
                let detail = format!("{}{scope}", self.source.name());
                self.book
                    .gap(lost.gap(clock, "older than the service keeps", detail));
            }
        }
        self.parked.retain(|_, (until, _)| *until > now);
    }

    fn want(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        self.want_look(now)
            .or_else(|| self.want_page(now))
            .or_else(|| self.want_window(now))
    }

    fn want_look(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        let (ask, found) = match std::mem::replace(&mut self.look, Look::Fixed) {
            Look::Due(at) if at <= now => match self.source.scopes() {
                Scopes::Asked(ask) => (ask, Vec::new()),
                Scopes::Known(_) => return None,
            },
            Look::Next(ask, found) => (ask, found),
            other => {
                self.look = other;
                return None;
            }
        };
        self.look = Look::UnderWay(ask.clone(), found);
        Some((Asked::Look, ask))
    }

    fn want_page(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        let due =
            |walking: &Walking<S::Walk>| walking.next.as_ref().is_some_and(|(_, at)| *at <= now);
        let (number, walking) = self.walks.iter_mut().find(|(_, walking)| due(walking))?;
        let (ask, _) = walking.next.take()?;
        walking.last = ask.clone();
        Some((Asked::Walk(*number), ask))
    }

    fn want_window(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        let only_begun = self.source.not_before(now).is_some_and(|at| at > now);
        let probing = self.health.is_probing();
        for (scope, desk) in &mut self.desks {
            if !self.parked.contains_key(scope) {
                desk.plan(now);
            }
        }
        // What a plan lays out may reach further back than the service answers.
        self.expire(now);
        let here = |scope: &String| !self.parked.contains_key(scope);
        let mut desks = self.desks.iter_mut().filter(|(scope, _)| here(scope));
        let (scope, window) = desks.find_map(|(scope, desk)| {
            let window = desk.take_only(now, probing, only_begun)?;
            Some((scope.clone(), window))
        })?;
        let mut walk = S::Walk::default();
        let place = Place {
            scope: &scope,
            window: &window,
        };
        let ask = self.source.first(place, &mut walk, now);
        self.next_walk += 1;
        let number = self.next_walk;
        let walking = Walking {
            scope,
            window,
            walk,
            next: None,
            last: ask.clone(),
            done: None,
            unkept: 0,
            stumbles: 0,
            pages: BTreeSet::from([page_key(&ask)]),
        };
        self.walks.insert(number, walking);
        Some((Asked::Walk(number), ask))
    }

    fn rest(&mut self, now: Timestamp) -> Next {
        if self.busy() != Busy::No {
            return Next::Hear;
        }
        let budget = self.source.not_before(now).unwrap_or(now);
        let pages = self
            .walks
            .values()
            .filter_map(|walking| walking.next.as_ref().map(|(_, at)| *at));
        let here = |scope: &&String| !self.parked.contains_key(*scope);
        let desks = self.desks.iter().filter(|(scope, _)| here(scope));
        let windows = desks
            .clone()
            .filter_map(|(_, desk)| desk.next_take())
            .map(|at| at.max(budget));
        let polls = desks.filter_map(|(_, desk)| desk.next_plan());
        let parked = self.parked.values().map(|(until, _)| *until);
        let look = match &self.look {
            Look::Due(at) => Some(*at),
            _ => None,
        };
        let soonest = pages
            .chain(windows)
            .chain(polls)
            .chain(parked)
            .chain(look)
            .min();
        let known = !matches!(self.look, Look::Next(..)) && look.is_none_or(|at| at > now);
        if known && self.parked.is_empty() && self.desks.values().all(Desk::is_clear) {
            let planned = self.desks.values().filter_map(Desk::planned_at).min();
            self.caught_up = planned.or(Some(now));
        }
        Next::Wait(
            soonest
                .unwrap_or(now.plus_seconds(MINUTE))
                .max(now.plus_seconds(1)),
        )
    }

    fn looked(&mut self, reply: Result<&Reply, &Failure>, now: Timestamp) {
        let Look::UnderWay(_, mut found) = std::mem::replace(&mut self.look, Look::Due(now)) else {
            return;
        };
        let next = match reply {
            Ok(reply) if reply.is_success() => self
                .source
                .discovered(reply, &mut found)
                .map_err(Meaning::Own),
            Ok(reply) => Err(Meaning::of_refusal(&Said::of(reply), reply)),
            Err(failure) => Err(Meaning::of_failure(failure)),
        };
        match next {
            Ok(Some(ask)) => self.look = Look::Next(ask, found),
            Ok(None) => {
                self.health.answered();
                self.look = Look::Due(now.plus_seconds(LOOK_EVERY));
                self.found(found, now);
            }
            Err(meaning) => {
                let wait = self.health.pause(1, self.source.name());
                self.look = Look::Due(now.plus_seconds(wait));
                let name = self.source.name().to_owned();
                self.health.suffered(&meaning, &name, now);
            }
        }
    }

    /// A log that is listed no more keeps its desk: what it still lays out is refused, retried
    /// and in the end told as a gap, and when it is listed again, it goes on where it stood.
    fn found(&mut self, scopes: Vec<String>, now: Timestamp) {
        let oldest = now.plus_seconds(-self.source.rules().keeps);
        self.desks.retain(|scope, desk| {
            scopes.contains(scope) || desk.until().is_some_and(|until| until > oldest)
        });
        for scope in scopes {
            let new = || Desk::new(self.source.rules(), self.since);
            self.desks.entry(scope).or_insert_with(new);
        }
    }
}

impl<S: Source> Feed for Reader<S> {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn ask(&mut self, now: Timestamp) -> Next {
        self.health.tick(now);
        self.expire(now);
        if let Some(next) = self.health.hold(self.busy(), now) {
            return next;
        }
        if self.asked.len() < AT_ONCE
            && let Some((asked, ask)) = self.want(now)
        {
            let ticket = self.book.ticket();
            self.asked.insert(ticket, asked);
            return Next::Ask(ticket, ask);
        }
        self.rest(now)
    }

    fn hear(&mut self, ticket: Ticket, reply: Result<&Reply, &Failure>, now: Timestamp) -> Heard {
        let keep = match self.asked.remove(&ticket) {
            Some(Asked::Look) => {
                self.looked(reply, now);
                Keep::Nothing
            }
            Some(Asked::Walk(number)) => match self.heard(number, reply, now) {
                Some(turn) => self.turn(ticket, number, turn, now),
                None => Keep::Nothing,
            },
            None => Keep::Nothing,
        };
        Heard { keep }
    }

    fn kept(&mut self, ticket: Ticket) {
        let Some(number) = self.keeping.remove(&ticket) else {
            return;
        };
        if let Some(walking) = self.walks.get_mut(&number) {
            walking.unkept = walking.unkept.saturating_sub(1);
        }
        self.finish(number);
    }

    fn changes(&mut self) -> Vec<Change> {
        let desks = self.desks.iter();
        let wire = Wire {
            version: VERSION,
            desks: desks
                .map(|(scope, desk)| (scope.clone(), desk.wire()))
                .collect(),
            memory: self.source.memory(),
        };
        self.book
            .take(serde_json::to_string(&wire).unwrap_or_default())
    }

    fn standing(&self) -> Standing {
        let to_come =
            |walking: &&Walking<S::Walk>| walking.next.is_some() && walking.window.attempts == 0;
        let to_come = self.walks.values().filter(to_come).count() as u64;
        let parked = self
            .parked
            .values()
            .map(|(_, trouble)| trouble.clone())
            .next();
        Standing {
            until: self.desks.values().filter_map(Desk::until).min(),
            caught_up: self.caught_up,
            waiting: self.desks.values().map(Desk::waiting).sum::<u64>()
                + to_come
                + self.health.waits(),
            trouble: self.health.trouble().or(parked),
        }
    }
}

/// Returns what tells one page from another.
pub(super) fn page_key(ask: &Ask) -> u128 {
    let (Target::Path(address) | Target::Link(address)) = &ask.target;
    digest(&format!(
        "{address}\u{1f}{}",
        ask.body.as_deref().unwrap_or("")
    ))
}
