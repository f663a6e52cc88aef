//! What was usual before: values by whoever they belong to, with when and how often.
//!
//! Bounded: a value is forgotten after a month without it, and each owner has so many values only.

use crate::words::Word;
use crate::world::{DAY, seconds_between};
use model::Timestamp;
use std::collections::BTreeMap;

/// How long a value is remembered after it was last seen.
const MEMORY_SECONDS: i64 = 30 * DAY;
/// How many values an owner has; the one that was not seen for longest goes first.
const VALUES: usize = 200;
/// How many days of records make a habit out of what they show.
const WARM_DAYS: i64 = 7;

/// Whose value it is: a tenant and a user, application or nothing.
pub(super) type Owner = (Word, Word);

/// What was known of a value before it came again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// When it was first seen.
    pub(super) first: Timestamp,
    /// When it was last seen.
    pub(super) last: Timestamp,
    /// On how many days it was seen.
    pub(super) days: u32,
}

/// How a value met its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meeting {
    /// What was known of the value; nothing if it is new.
    pub(super) known: Option<Known>,
    /// How many other values the owner has.
    pub(super) others: usize,
    /// For how many seconds the owner has been known.
    pub(super) age: i64,
}

impl Meeting {
    /// Returns whether the value is new to an owner who has had others.
    pub(super) fn is_new(&self) -> bool {
        self.known.is_none() && self.others > 0
    }

    /// Returns whether the value is new to an owner whose others have been known for long enough
    /// to be habits: an export that begins today knows none.
    pub(super) fn is_first(&self) -> bool {
        self.is_new() && self.is_settled()
    }

    /// Returns whether the owner has been known for long enough to have habits.
    pub(super) fn is_settled(&self) -> bool {
        self.age >= WARM_DAYS * DAY
    }

    /// Returns whether the value has been there on so many days.
    pub(super) fn is_usual(&self, days: u32) -> bool {
        self.known.is_some_and(|known| known.days >= days)
    }
}

#[derive(Clone, Debug)]
struct Habit {
    since: Timestamp,
    /// The day on which it was last looked through for what is forgotten.
    swept: i64,
    values: BTreeMap<String, Known>,
}

/// The habits of many.
#[derive(Clone, Debug, Default)]
pub(super) struct Habits {
    of: BTreeMap<Owner, Habit>,
}

impl Habits {
    /// Tells how a value meets its owner, and remembers it.
    pub(super) fn meet(&mut self, owner: Owner, value: &str, now: Timestamp) -> Meeting {
        let habit = self.of.entry(owner).or_insert_with(|| Habit {
            since: now,
            swept: now.day_number(),
            values: BTreeMap::new(),
        });
        habit.forget(now);
        let known = if let Some(known) = habit.values.get_mut(value) {
            let again = known.again(now);
            Some(std::mem::replace(known, again))
        } else {
            habit.make_room();
            habit.values.insert(value.to_owned(), Known::new(now));
            None
        };
        Meeting {
            known,
            others: habit.values.len() - 1,
            age: seconds_between(habit.since, now),
        }
    }

    /// Returns whether a value is known already, and remembers nothing.
    pub(super) fn knows(&self, owner: Owner, value: &str) -> bool {
        self.known(owner, value).is_some()
    }

    /// Returns what is known of a value, and remembers nothing.
    pub(super) fn known(&self, owner: Owner, value: &str) -> Option<Known> {
        self.of.get(&owner)?.values.get(value).copied()
    }

    /// Returns how many values an owner has.
    pub(super) fn many(&self, owner: Owner) -> usize {
        self.of.get(&owner).map_or(0, |habit| habit.values.len())
    }
}

impl Habit {
    /// Once a day is often enough: a memory of a month need not end by the second.
    fn forget(&mut self, now: Timestamp) {
        if self.swept == now.day_number() {
            return;
        }
        self.swept = now.day_number();
        self.values
            .retain(|_, known| seconds_between(known.last, now) <= MEMORY_SECONDS);
        // Who was away for a month begins anew: nothing is new to somebody of whom nothing is known.
        if self.values.is_empty() {
            self.since = now;
        }
    }

    fn make_room(&mut self) {
        while self.values.len() >= VALUES {
            let oldest = self.values.iter().min_by_key(|(_, known)| known.last);
            let Some(oldest) = oldest.map(|(value, _)| value.clone()) else {
                return;
            };
            self.values.remove(&oldest);
        }
    }
}

impl Known {
    fn new(now: Timestamp) -> Self {
        Self {
            first: now,
            last: now,
            days: 1,
        }
    }

    fn again(self, now: Timestamp) -> Self {
        let is_new_day = self.last.day_number() != now.day_number();
        Self {
            last: now,
            days: self.days + u32::from(is_new_day),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_new_once_and_again_after_a_month() {
        let mut habits = Habits::default();
        let owner = (Word::NONE, Word::NONE);
        let at = |day: i64| Timestamp::default().plus_seconds(day * DAY);
        assert!(!habits.meet(owner, "NL", at(0)).is_new());
        assert!(habits.meet(owner, "NG", at(1)).is_new());
        assert!(!habits.meet(owner, "NG", at(2)).is_new());
        assert!(habits.meet(owner, "NG", at(3)).is_usual(2));
        assert!(!habits.meet(owner, "NL", at(29)).is_new());
        assert!(habits.meet(owner, "NG", at(40)).is_new());
        assert!(!habits.meet(owner, "US", at(80)).is_new());
        assert!(!habits.meet(owner, "DE", at(82)).is_first());
        assert!(habits.meet(owner, "FR", at(88)).is_first());
    }
}
