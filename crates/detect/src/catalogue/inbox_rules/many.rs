//! One thing that several people have in common within some time.

use crate::fact::Fact;
use crate::words::Word;
use crate::world::seconds_between;
use std::collections::BTreeMap;

/// How many things are remembered before old ones are let go.
const THINGS: usize = 20_000;
/// How many people a thing.
const PEOPLE: usize = 1000;

/// Somebody who has it.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// The record that shows it.
    pub fact: Fact,
    /// Who.
    pub who: String,
    is_told: bool,
}

/// Counts who has which thing in common.
#[derive(Clone, Debug)]
pub(super) struct Many {
    least: usize,
    seconds: i64,
    holders: BTreeMap<(Word, String), Vec<Holder>>,
}

impl Many {
    /// Counts to a number of people within so many seconds.
    pub(super) fn new(least: usize, seconds: i64) -> Self {
        Self {
            least,
            seconds,
            holders: BTreeMap::new(),
        }
    }

    /// Adds somebody; returns whom to tell of now, and how many they are, once they are enough.
    pub(super) fn add(&mut self, thing: &str, fact: &Fact, who: &str) -> (Vec<Holder>, usize) {
        if self.holders.len() >= THINGS {
            self.forget(fact);
        }
        let holders = self
            .holders
            .entry((fact.tenant, thing.to_owned()))
            .or_default();
        holders.retain(|one| seconds_between(one.fact.time, fact.time) <= self.seconds);
        if holders.iter().any(|one| one.who == who) || holders.len() >= PEOPLE {
            return (Vec::new(), holders.len());
        }
        holders.push(Holder {
            fact: *fact,
            who: who.to_owned(),
            is_told: false,
        });
        let many = holders.len();
        if many < self.least {
            return (Vec::new(), many);
        }
        let new = holders.iter_mut().filter(|one| !one.is_told);
        let new = new.map(|one| {
            one.is_told = true;
            one.clone()
        });
        (new.collect(), many)
    }

    fn forget(&mut self, now: &Fact) {
        let seconds = self.seconds;
        self.holders.retain(|_, holders| {
            holders
                .last()
                .is_some_and(|one| seconds_between(one.fact.time, now.time) <= seconds)
        });
    }
}

/// Makes a hit on a holder's own record out of one on the record that completed the number; a
/// holder without a user name is a mailbox that only the actor's name stands for.
pub(super) fn told(mut hit: crate::Hit, holder: &Holder) -> crate::Hit {
    hit.fact = holder.fact;
    hit.facts = vec![holder.fact];
    if holder.who.contains('@') {
        hit.of_user(&holder.who)
    } else {
        hit
    }
}
