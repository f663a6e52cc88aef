//! How many different objects one person touched within a while.

use crate::fact::Fact;
use crate::words::Word;
use crate::world::{DAY, seconds_between};
use std::collections::{BTreeMap, VecDeque};

/// How many records of a person are kept.
const KEPT: usize = 1000;
/// How long a person's own usual measure is remembered.
const USUAL: i64 = 14 * DAY;

type Who = (Word, Word);

/// A burst that has just reached its measure.
#[derive(Clone, Debug)]
pub(super) struct Burst {
    /// The records of it.
    pub(super) facts: Vec<Fact>,
    /// How many different objects.
    pub(super) many: usize,
    /// The most that the person touched in such a while before, not counting this burst.
    pub(super) usual: usize,
}

/// Counts the objects of each person within a sliding while.
#[derive(Clone, Debug)]
pub(super) struct Bursts {
    window: i64,
    least: usize,
    people: BTreeMap<Who, Own>,
}

#[derive(Clone, Debug, Default)]
struct Own {
    recent: VecDeque<Fact>,
    /// How often each object occurs among them.
    objects: BTreeMap<u64, u32>,
    /// By day: the most within a while.
    peaks: BTreeMap<i64, usize>,
    /// The number at which it is told next; 0 while nothing was told.
    next: usize,
}

impl Bursts {
    /// Tells of at least so many objects within so many seconds.
    pub(super) fn new(window: i64, least: usize) -> Self {
        Self {
            window,
            least,
            people: BTreeMap::new(),
        }
    }

    /// Counts a record; returns the burst when it reaches its measure, and each time it has doubled.
    pub(super) fn count(&mut self, fact: &Fact) -> Option<Burst> {
        let own = self.people.entry((fact.tenant, fact.user)).or_default();
        let (window, now) = (self.window, fact.time);
        while let Some(first) = own.recent.front()
            && (seconds_between(first.time, now) > window || own.recent.len() >= KEPT)
        {
            own.drop_first();
        }
        own.recent.push_back(*fact);
        *own.objects.entry(fact.object).or_default() += 1;
        let many = own.objects.len();
        let today = day(fact);
        own.peaks.retain(|day, _| (today - day) * DAY <= USUAL);
        let usual = own.peaks.range(..today).map(|(_, peak)| *peak).max();
        let peak = own.peaks.entry(today).or_default();
        *peak = (*peak).max(many);
        if many < self.least {
            own.next = 0;
            return None;
        }
        if many < own.next {
            return None;
        }
        own.next = many * 2;
        Some(Burst {
            facts: own.recent.iter().copied().collect(),
            many,
            usual: usual.unwrap_or_default(),
        })
    }
}

impl Own {
    fn drop_first(&mut self) {
        let Some(first) = self.recent.pop_front() else {
            return;
        };
        if let Some(times) = self.objects.get_mut(&first.object) {
            *times -= 1;
            if *times == 0 {
                self.objects.remove(&first.object);
            }
        }
    }
}

fn day(fact: &Fact) -> i64 {
    fact.time.0.div_euclid(1_000_000 * DAY)
}
