//! Shows the facts to the detections, in order of time, each record once.

use crate::board::Board;
use crate::catalogue::Detection;
use crate::fact::{Fact, Kind};
use crate::group;
use crate::hit::Hit;
use crate::hits::Hits;
use crate::places::Place;
use crate::seen::Seen;
use crate::words::{Word, Words};
use crate::world::{DAY, Tenant, Tenants, World, seconds_between};
use model::Timestamp;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// How often a hit may raise another one: chains of chains end here.
const DEPTH: usize = 4;

/// Shows the facts to the detections.
pub struct Walk<'w> {
    words: &'w Words,
    tenants: &'w Tenants,
    places: &'w BTreeMap<Word, Place>,
    detections: Vec<Box<dyn Detection>>,
    routes: HashMap<(Kind, Word), Rc<[usize]>>,
    listeners: HashMap<String, Rc<[usize]>>,
    board: Board,
    hits: Hits,
    last: Option<Fact>,
    nobody: Tenant,
    facts: u64,
    used: Used,
}

/// When each person first used each address and session: what they always used leads an
/// investigation nowhere.
#[derive(Clone, Debug, Default)]
pub struct Used(HashMap<(Word, Word, Word), Timestamp>);

/// What somebody used this long ago already is theirs.
const OWN_AFTER_SECONDS: i64 = DAY;

impl Used {
    fn note(&mut self, fact: &Fact) {
        if fact.time == Timestamp::default() {
            return;
        }
        for what in [fact.address, fact.session] {
            if !what.is_none() {
                let whose = (fact.tenant, fact.user, what);
                self.0.entry(whose).or_insert(fact.time);
            }
        }
    }

    /// Returns whether somebody used an address or a session long before a moment.
    #[must_use]
    pub fn is_usual(&self, tenant: Word, user: Word, what: Word, now: Timestamp) -> bool {
        let first = self.0.get(&(tenant, user, what));
        first.is_some_and(|first| seconds_between(*first, now) > OWN_AFTER_SECONDS)
    }
}

/// Compares two facts by the order in which they are shown.
#[must_use]
pub fn order(left: &Fact, right: &Fact, words: &Words) -> Ordering {
    left.moment().order(&right.moment(), words)
}

impl<'w> Walk<'w> {
    /// Begins a walk.
    #[must_use]
    pub fn new(
        detections: Vec<Box<dyn Detection>>,
        words: &'w Words,
        tenants: &'w Tenants,
        places: &'w BTreeMap<Word, Place>,
    ) -> Self {
        Self {
            words,
            tenants,
            places,
            detections,
            routes: HashMap::new(),
            listeners: HashMap::new(),
            board: Board::default(),
            hits: Hits::default(),
            last: None,
            nobody: Tenant::default(),
            facts: 0,
            used: Used::default(),
        }
    }

    /// Shows a fact; one record of a log is shown once, however often it comes. Of what is shown, the
    /// hits of rules are asked for.
    pub fn take(&mut self, fact: &Fact, body: &str, of_rules: &dyn Fn(&Seen<'_>) -> Vec<Hit>) {
        let is_known = self.last.is_some_and(|last| {
            (last.time, last.tenant, last.family, last.record)
                == (fact.time, fact.tenant, fact.family, fact.record)
        });
        if is_known {
            return;
        }
        self.last = Some(*fact);
        self.used.note(fact);
        self.facts += 1;
        let place = self.places.get(&fact.address);
        let seen = Seen::new(fact, self.words, body, place);
        let route = self.route(fact);
        let mut new = of_rules(&seen);
        for at in route.iter() {
            let world = World {
                words: self.words,
                tenant: self.tenants.get(&fact.tenant).unwrap_or(&self.nobody),
                tenants: self.tenants,
                board: &self.board,
            };
            let before = new.len();
            self.detections[*at].look(&seen, &world, &mut new);
            sign(&mut new[before..], self.detections[*at].as_ref());
        }
        self.spread(new);
    }

    /// Ends the walk; returns everything that was raised and no exception covers, and what people
    /// used.
    #[must_use]
    pub fn finish(mut self) -> (Hits, Used) {
        for at in 0..self.detections.len() {
            let mut new = Vec::new();
            let world = World {
                words: self.words,
                tenant: &self.nobody,
                tenants: self.tenants,
                board: &self.board,
            };
            self.detections[at].finish(&world, &mut new);
            sign(&mut new, self.detections[at].as_ref());
            self.spread(new);
        }
        (self.hits, self.used)
    }

    /// Returns how many facts were shown.
    #[must_use]
    pub fn facts(&self) -> u64 {
        self.facts
    }

    /// Lets the others hear of what was raised, and of what they raise in turn.
    fn spread(&mut self, mut new: Vec<Hit>) {
        for _ in 0..DEPTH {
            let mut next = Vec::new();
            for hit in new {
                let listeners = self.listeners(&hit.detection);
                self.board.note(&hit);
                for at in listeners.iter() {
                    let world = World {
                        words: self.words,
                        tenant: self.tenants.get(&hit.fact.tenant).unwrap_or(&self.nobody),
                        tenants: self.tenants,
                        board: &self.board,
                    };
                    let before = next.len();
                    self.detections[*at].hear(&hit, &world, &mut next);
                    sign(&mut next[before..], self.detections[*at].as_ref());
                }
                if !group::is_excepted(&hit, self.words, self.tenants) {
                    self.hits.push(hit);
                }
            }
            if next.is_empty() {
                return;
            }
            new = next;
        }
    }

    fn route(&mut self, fact: &Fact) -> Rc<[usize]> {
        if fact.is_for_rules {
            return Rc::default();
        }
        let way = (fact.kind, fact.action);
        if let Some(route) = self.routes.get(&way) {
            return Rc::clone(route);
        }
        let action = self.words.text(fact.action);
        let route: Rc<[usize]> = (0..self.detections.len())
            .filter(|at| {
                let wants = self.detections[*at].wants();
                wants.kinds.contains(&fact.kind)
                    || wants.actions.iter().any(|one| is_named(one, action))
            })
            .collect();
        self.routes.insert(way, Rc::clone(&route));
        route
    }

    fn listeners(&mut self, detection: &str) -> Rc<[usize]> {
        if let Some(known) = self.listeners.get(detection) {
            return Rc::clone(known);
        }
        let found: Rc<[usize]> = (0..self.detections.len())
            .filter(|at| {
                let one = &self.detections[*at];
                one.about().id != detection
                    && one.wants().hears.iter().any(|id| detection.starts_with(id))
            })
            .collect();
        self.listeners
            .insert(detection.to_owned(), Rc::clone(&found));
        found
    }
}

/// Says which detection raised them, where it did not say so itself.
fn sign(hits: &mut [Hit], detection: &dyn Detection) {
    for hit in hits {
        if hit.detection.is_empty() {
            hit.detection = Cow::Borrowed(detection.about().id);
        }
    }
}

fn is_named(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(front) => action
            .get(..front.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(front)),
        None => pattern.eq_ignore_ascii_case(action),
    }
}
