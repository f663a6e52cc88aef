//! One run over any records: gather, sort, walk, group, join.

use crate::about::{About, Source};
use crate::catalogue::Detection;
use crate::fact::Fact;
use crate::gather::{Gatherer, Known, Learnt, Surface, tenant};
use crate::group;
use crate::hit::Hit;
use crate::places::{Place, Places};
use crate::walk::{self, Walk};
use crate::words::{Word, Words};
use crate::world::{Settings, Tenants};
use model::{Address, Delivery, Event, Family, Finding, Json};
use std::collections::{BTreeMap, BTreeSet};

/// How records that name no tenant are told: by nothing, or by the word for it.
pub const NAMELESS: [&str; 2] = ["", "unknown"];

/// Where facts wait until all are there: in memory, or on a disk.
pub trait Pile {
    /// Why it can fail.
    type Error;

    /// Puts a fact on the pile, with its body and the numbers of the rules that matched it.
    fn push(&mut self, fact: &Fact, body: &str, rules: &[u32]) -> Result<(), Self::Error>;

    /// Hands all of them over in the order of [`walk::order`]; equal ones may come many times.
    fn hand_over(
        &mut self,
        words: &Words,
        visit: &mut dyn FnMut(&Fact, &str, &[u32]),
    ) -> Result<(), Self::Error>;
}

/// A pile in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryPile {
    facts: Vec<(Fact, Box<str>, Box<[u32]>)>,
}

impl Pile for MemoryPile {
    type Error = std::convert::Infallible;

    fn push(&mut self, fact: &Fact, body: &str, rules: &[u32]) -> Result<(), Self::Error> {
        self.facts.push((*fact, body.into(), rules.into()));
        Ok(())
    }

    fn hand_over(
        &mut self,
        words: &Words,
        visit: &mut dyn FnMut(&Fact, &str, &[u32]),
    ) -> Result<(), Self::Error> {
        self.facts
            .sort_by(|left, right| walk::order(&left.0, &right.0, words));
        for (fact, body, rules) in &self.facts {
            visit(fact, body, rules);
        }
        Ok(())
    }
}

/// What matched a record besides the catalogue, made into hits when its turn comes.
pub trait Rules {
    /// Returns whether any rule could match a unified audit record with this surface.
    fn want(&mut self, _surface: &Surface<'_>) -> bool {
        true
    }

    /// Returns the numbers of the rules that match a record.
    fn matching(&mut self, event: &Event<'_>, body: &Json<'_>, found: &mut Vec<u32>);

    /// Returns the hit of a rule.
    fn hit(&self, rule: u32, seen: &crate::Seen<'_>) -> Hit;
}

/// No rules besides the catalogue.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRules;

impl Rules for NoRules {
    fn want(&mut self, _surface: &Surface<'_>) -> bool {
        false
    }

    fn matching(&mut self, _event: &Event<'_>, _body: &Json<'_>, _found: &mut Vec<u32>) {}

    fn hit(&self, _rule: u32, seen: &crate::Seen<'_>) -> Hit {
        Hit::of(seen, model::Severity::Info, "")
    }
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What was found, in order of time.
    pub findings: Vec<Finding>,
    /// How many records there were, by table and operation, copies counted.
    pub seen: BTreeMap<(Family, String), u64>,
    /// From which sources they came.
    pub sources: BTreeSet<Source>,
    /// How many distinct records any detection looked at.
    pub looked_at: u64,
}

/// A run under way.
pub struct Run<P: Pile> {
    detections: Vec<Box<dyn Detection>>,
    gatherer: Gatherer,
    pile: P,
    matched: Vec<u32>,
}

impl<P: Pile> Run<P> {
    /// Begins a run with these detections.
    #[must_use]
    pub fn new(detections: Vec<Box<dyn Detection>>, pile: P) -> Self {
        Self {
            gatherer: Gatherer::new(&detections),
            detections,
            pile,
            matched: Vec::new(),
        }
    }

    /// Goes on from what an earlier run learnt; the pile holds its facts.
    pub fn remember(&mut self, known: Known) {
        self.gatherer.remember(known);
    }

    /// Returns what a later run can go on from, and the pile.
    pub fn known(&mut self) -> (&Known, &mut P) {
        (self.gatherer.known(), &mut self.pile)
    }

    /// Returns whether nothing need be understood of a unified audit record with this surface: no
    /// detection and no rule wants it. Then it is counted.
    pub fn lets_go(&mut self, surface: &Surface<'_>, rules: &mut dyn Rules) -> bool {
        !rules.want(surface) && self.gatherer.lets_go(surface)
    }

    /// Takes a record.
    pub fn take(
        &mut self,
        event: &Event<'_>,
        body: &Json<'_>,
        delivery: Option<&Delivery<'_>>,
        rules: &mut dyn Rules,
    ) -> Result<(), P::Error> {
        // What a mailbox held on some day did not happen on that day.
        if delivery.is_some_and(Delivery::is_listed) {
            return Ok(());
        }
        self.matched.clear();
        rules.matching(event, body, &mut self.matched);
        let always = !self.matched.is_empty();
        match self.gatherer.take(event, body, delivery, always) {
            Some((fact, body)) => self.pile.push(&fact, body, &self.matched),
            None => Ok(()),
        }
    }

    /// Ends the run.
    pub fn finish(
        mut self,
        settings: &dyn Fn(&str) -> Settings,
        places: &dyn Places,
        rules: &dyn Rules,
    ) -> Result<Answer, P::Error> {
        let words = &self.gatherer.known().words;
        let whose = self.whose();
        let tenants = self.tenants(&whose, settings);
        let where_from = self.places(places);
        let abouts: BTreeMap<String, &'static About> = self
            .detections
            .iter()
            .map(|one| (one.about().id.to_owned(), one.about()))
            .collect();
        let mut walk = Walk::new(
            std::mem::take(&mut self.detections),
            words,
            &tenants,
            &where_from,
        );
        self.pile.hand_over(words, &mut |fact, body, matched| {
            let fact = &Fact {
                tenant: whose.get(&fact.tenant).copied().unwrap_or(fact.tenant),
                ..*fact
            };
            walk.take(fact, body, &|seen| {
                matched.iter().map(|rule| rules.hit(*rule, seen)).collect()
            });
        })?;
        let looked_at = walk.facts();
        let (hits, used) = walk.finish();
        let background = group::Background {
            words,
            abouts: &abouts,
            used: &used,
        };
        let seen = self.gatherer.seen().iter();
        Ok(Answer {
            findings: group::findings(hits, &background),
            seen: seen
                .map(|((family, action), many)| ((*family, words.text(*action).to_owned()), *many))
                .collect(),
            sources: self.gatherer.known().sources.clone(),
            looked_at,
        })
    }

    /// Returns to whom records belong that name no tenant: where there is one tenant only, to that.
    fn whose(&self) -> BTreeMap<Word, Word> {
        let Known { words, learnt, .. } = self.gatherer.known();
        let is_named = |word: &&Word| !NAMELESS.contains(&words.text(**word));
        let mut named = learnt.keys().filter(is_named);
        let (Some(only), None) = (named.next(), named.next()) else {
            return BTreeMap::new();
        };
        let nameless = NAMELESS.iter().filter_map(|name| words.known(name));
        nameless.map(|word| (word, *only)).collect()
    }

    fn tenants(
        &self,
        whose: &BTreeMap<Word, Word>,
        settings: &dyn Fn(&str) -> Settings,
    ) -> Tenants {
        let Known { words, learnt, .. } = self.gatherer.known();
        let mut all: BTreeMap<Word, Learnt> = BTreeMap::new();
        for (word, learnt) in learnt {
            let whose = whose.get(word).unwrap_or(word);
            all.entry(*whose).or_default().add(learnt);
        }
        all.iter()
            .map(|(word, learnt)| (*word, tenant(learnt, &settings(words.text(*word)))))
            .collect()
    }

    /// The database knows better than the record; without it the record's word counts.
    fn places(&self, places: &dyn Places) -> BTreeMap<Word, Place> {
        let known = self.gatherer.known();
        let mut found = known.places.clone();
        for word in &known.addresses {
            if let Some(address) = Address::read(known.words.text(*word))
                && let Some(place) = places.place(address.ip)
            {
                found.insert(*word, place);
            }
        }
        found
    }
}
