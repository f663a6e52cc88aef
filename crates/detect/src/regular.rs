//! Who does something as their daily work: a help desk, an administrator, a developer.

use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How often somebody does it, over how long, until it is their daily work.
const OFTEN: u32 = 3;
const DAYS: i64 = 7;
/// For so many different people at once, who hands it out is a help desk.
const PEOPLE: usize = 5;

/// Who does something, since when, how often and for whom.
#[derive(Debug, Default)]
pub(crate) struct Regulars {
    known: BTreeMap<(Word, Word), Work>,
}

#[derive(Debug)]
struct Work {
    since: Timestamp,
    many: u32,
    /// For whom, as far as it decides.
    people: BTreeSet<String>,
}

impl Regulars {
    /// Returns whether who acts did so often and long before, or for five others, or is named by the
    /// operator; notes this time.
    pub(crate) fn is_one(&mut self, seen: &Seen<'_>, whom: &str, world: &World<'_>) -> bool {
        let fact = seen.fact();
        let fresh = || Work {
            since: fact.time,
            many: 0,
            people: BTreeSet::new(),
        };
        let work = self
            .known
            .entry((fact.tenant, fact.user))
            .or_insert_with(fresh);
        let is_old = seconds_between(work.since, fact.time) >= DAYS * DAY;
        let is_regular = (work.many >= OFTEN && is_old) || work.people.len() >= PEOPLE;
        work.many = work.many.saturating_add(1);
        if work.people.len() < PEOPLE {
            work.people.insert(whom.to_owned());
        }
        is_regular || world.tenant.settings.admins.contains(seen.user())
    }
}
