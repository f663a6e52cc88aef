//! Rules over what other rules matched: so many, so many different, one with the other, one
//! after the other.
//!
//! Our own and not the library's: it hears de-duplicated hits in order of time, so it needs no
//! state for late ones, and it must keep which records it counted. Groups are told apart
//! whatever the case of their values.

use super::library::{Bound, Link, LinkKind};
use super::rule::Rule;
use crate::about::{About, Method};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::{World, seconds_between};
use model::Timestamp;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Marks the proofs of a hit that tell its group.
pub(super) const GROUPED: &str = "what correlations group by";
/// How many matches a group keeps; the newest count.
const KEPT: usize = 1000;
/// How many groups are kept before those that are over are let go.
const GROUPS: usize = 20_000;
/// For how many people one match of a correlation is told.
const PEOPLE: usize = 100;

const ABOUT: About = About {
    id: "sigma",
    title: "Correlations of Sigma rules",
    decides: "What the operator's correlation rules say: how many matches of the rules they name, \
              in which order, in what time.",
    severity: "the rule's own level",
    benign: "What the rule itself names.",
    attack: &[],
    sources: &[],
    needs: &[],
    method: Method::Sequence,
    untested: "",
};

/// A correlation with the rules that it counts.
#[derive(Clone, Debug)]
pub(super) struct Chained {
    pub(super) rule: Rule,
    pub(super) members: Vec<String>,
}

impl Chained {
    /// Returns the names that a link groups by or counts, and the fields that answer to them in
    /// one of its rules.
    pub(super) fn fields(link: &Link, rule: &str) -> Vec<(String, String)> {
        let names = link.group_by.iter().chain(&link.counted);
        let field = |name: &String| {
            let alias = link.aliases.iter().find(|(alias, _)| alias == name);
            let own = alias.and_then(|(_, fields)| fields.iter().find(|(one, _)| one == rule));
            let field = own.map_or(name, |(_, field)| field);
            (name.clone(), field.clone())
        };
        names.map(field).collect()
    }
}

/// One match that a group keeps.
#[derive(Clone, Debug)]
struct Kept {
    member: usize,
    value: String,
    fact: Fact,
    user: String,
}

/// The matches of one group, in order of time.
type Window = VecDeque<Kept>;

/// Evaluates correlations; it hears the hits of the rules that they name.
#[derive(Debug, Default)]
pub struct Correlations {
    links: Vec<(Link, Chained)>,
    windows: BTreeMap<(usize, Word, Vec<String>), Window>,
}

impl Correlations {
    pub(super) fn new(links: Vec<(Link, Chained)>) -> Self {
        Self {
            links,
            windows: BTreeMap::new(),
        }
    }

    /// Returns whether there is nothing to evaluate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    fn take(&mut self, at: usize, member: usize, hit: &Hit, hits: &mut Vec<Hit>) {
        let (link, chain) = &self.links[at];
        let Some(group) = group_of(link, hit) else {
            return;
        };
        let values: Option<Vec<&str>> = link.counted.iter().map(|one| grouped(hit, one)).collect();
        let Some(values) = values else {
            return;
        };
        let place = (at, hit.fact.tenant, group.clone());
        let window = self.windows.entry(place).or_default();
        while window.front().is_some_and(|one| {
            seconds_between(one.fact.time, hit.fact.time) > link.seconds || window.len() >= KEPT
        }) {
            window.pop_front();
        }
        window.push_back(Kept {
            member,
            value: values.join("\u{1f}"),
            fact: hit.fact,
            user: hit.user.clone(),
        });
        if is_met(link, chain, window) {
            hits.extend(raise(link, chain, &group, window, hit));
            window.clear();
        }
    }

    /// Groups that are over are let go when there are many.
    fn let_go(&mut self, now: Timestamp) {
        if self.windows.len() <= GROUPS {
            return;
        }
        let links = &self.links;
        self.windows.retain(|(at, _, _), window| {
            let last = window.back().map(|one| one.fact.time);
            last.is_some_and(|last| seconds_between(last, now) <= links[*at].0.seconds)
        });
    }
}

impl Detection for Correlations {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&["sigma:"])
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, hits: &mut Vec<Hit>) {
        self.let_go(hit.fact.time);
        for at in 0..self.links.len() {
            let members = &self.links[at].1.members;
            if let Some(member) = members.iter().position(|one| *one == hit.detection) {
                self.take(at, member, hit, hits);
            }
        }
    }
}

/// Returns the values of a hit's group; nothing where the record does not say them all.
fn group_of(link: &Link, hit: &Hit) -> Option<Vec<String>> {
    let names = link.group_by.iter();
    names
        .map(|name| grouped(hit, name).map(str::to_owned))
        .collect()
}

fn grouped<'h>(hit: &'h Hit, name: &str) -> Option<&'h str> {
    let mut proofs = hit.proofs.iter();
    let found = proofs.find(|proof| proof.baseline == GROUPED && proof.field == name)?;
    (!found.value.is_empty()).then_some(found.value.as_str())
}

fn is_met(link: &Link, chain: &Chained, window: &Window) -> bool {
    match link.kind {
        LinkKind::EventCount => is_within(link, window.len() as u64),
        LinkKind::ValueCount => {
            let values: BTreeSet<&str> = window.iter().map(|one| one.value.as_str()).collect();
            is_within(link, values.len() as u64)
        }
        LinkKind::Temporal => {
            let members: BTreeSet<usize> = window.iter().map(|one| one.member).collect();
            members.len() == chain.members.len()
        }
        LinkKind::TemporalOrdered => {
            let mut next = 0;
            for one in window {
                if one.member == next {
                    next += 1;
                }
            }
            next == chain.members.len()
        }
    }
}

fn is_within(link: &Link, many: u64) -> bool {
    !link.bounds.is_empty()
        && link.bounds.iter().all(|(bound, limit)| match bound {
            Bound::Below => many < *limit,
            Bound::AtMost => many <= *limit,
            Bound::Above => many > *limit,
            Bound::AtLeast => many >= *limit,
            Bound::Equal => many == *limit,
            Bound::Unequal => many != *limit,
        })
}

/// One hit for each person concerned, with the records that are theirs.
fn raise(link: &Link, chain: &Chained, group: &[String], window: &Window, hit: &Hit) -> Vec<Hit> {
    let people: BTreeSet<&str> = window.iter().map(|one| one.user.as_str()).collect();
    let why = sentence(link, chain, window.len(), people.len());
    let mut found = Vec::new();
    for person in people.into_iter().take(PEOPLE) {
        let facts: Vec<Fact> = window
            .iter()
            .filter(|one| one.user == person)
            .map(|one| one.fact)
            .collect();
        let mut raised = Hit::after(hit, chain.rule.severity, why.clone())
            .keyed(group.join(", "))
            .titled(chain.rule.title.clone())
            .silent_if("there were fewer, or further apart");
        person.clone_into(&mut raised.user);
        raised.detection = Cow::Owned(chain.rule.detection.clone());
        raised.attack.clone_from(&chain.rule.attack);
        if let Some(last) = facts.last() {
            raised.fact = *last;
        }
        raised.facts = facts;
        raised.more = 0;
        for (name, value) in link.group_by.iter().zip(group) {
            raised = raised.compared(name, value.clone(), GROUPED);
        }
        found.push(raised);
    }
    found
}

fn sentence(link: &Link, chain: &Chained, many: usize, people: usize) -> String {
    let of_whom = match people {
        0 | 1 => String::new(),
        people => format!(", of {people} accounts"),
    };
    let title = &chain.rule.title;
    let within = link.seconds;
    match link.kind {
        LinkKind::EventCount => format!("{title}: {many} matches within {within} seconds{of_whom}"),
        LinkKind::ValueCount => {
            let counted = link.counted.join(", ");
            format!(
                "{title}: {many} matches with different {counted} within {within} seconds{of_whom}"
            )
        }
        LinkKind::Temporal => {
            let rules = chain.members.len();
            format!("{title}: all {rules} rules matched within {within} seconds{of_whom}")
        }
        LinkKind::TemporalOrdered => {
            let rules = chain.members.len();
            format!("{title}: {rules} rules matched in order within {within} seconds{of_whom}")
        }
    }
}
