//! The sentence a lawyer signs, the moments worth telling, and the one next decision.

mod acts;
mod moments;
mod next;
mod sentence;
#[cfg(test)]
mod tests;
mod timeline;

pub use acts::{Acts, Log};
pub use timeline::{Story, timeline};

use crate::attribution::{Attribution, ContextId, Stakes};
use crate::brief::Brief;
use crate::coverage::Coverage;
use crate::interval::Interval;
use crate::messages::{Class, Judged};
use model::Timestamp;
use std::collections::BTreeMap;

/// How many messages are in each class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<Class, u64>);

impl Default for Counts {
    /// Returns a count of nothing that names every class.
    fn default() -> Self {
        Self(Class::ALL.into_iter().map(|class| (class, 0)).collect())
    }
}

impl Counts {
    /// Counts one message.
    pub fn add(&mut self, class: Class) {
        *self.0.entry(class).or_default() += 1;
    }

    /// Returns how many messages are in a class.
    #[must_use]
    pub fn of(&self, class: Class) -> u64 {
        self.0.get(&class).copied().unwrap_or_default()
    }

    /// Returns how many messages there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

/// Messages in which the intruder's acts lie outside of the window alone: the analyst set it so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// How many.
    pub messages: u64,
    /// From the first of these acts to the last.
    pub during: Option<Interval>,
}

impl Outside {
    /// Counts a message where it is one.
    pub fn add(&mut self, judged: &Judged, window: Option<Interval>) {
        let is_shown = matches!(
            judged.class,
            Class::E | Class::P1 | Class::P2 | Class::S | Class::R
        );
        let (true, Some(window), Some(first), Some(last)) =
            (is_shown, window, judged.first_seen, judged.last_seen)
        else {
            return;
        };
        if first < window.to && last >= window.from {
            return;
        }
        self.messages += 1;
        let so_far = self.during.unwrap_or(Interval::new(first, last));
        self.during = Some(Interval::new(so_far.from.min(first), so_far.to.max(last)));
    }
}

/// What stands beside the counts.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// What lies outside of the window.
    pub outside: Outside,
    /// What hangs on the contexts that nobody has decided about.
    pub stakes: &'a Stakes,
}

/// A moment worth telling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// When.
    pub time: Timestamp,
    /// What kind: `sign-in`, `consent`, `rule`, `first access`, `last access`, `sent`, `forwarded`, `eviction`, ...
    pub kind: String,
    /// What happened, a sentence without full stop.
    pub text: String,
    /// Whose it was: a verdict's word, or empty.
    pub verdict: String,
    /// The records, at most five.
    pub records: Vec<String>,
}

/// What the case says in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The statement itself.
    pub text: String,
    /// The one next decision; empty where none is open.
    pub next: String,
}

/// A context that nobody has decided on, and how much hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The context.
    pub context: ContextId,
    /// How many messages it touched.
    pub messages: u64,
}

/// Says what the case shows, and what has to be decided next.
#[must_use]
pub fn state(
    brief: &Brief,
    attribution: &Attribution,
    coverage: &Coverage,
    counts: &Counts,
    undecided: &[Undecided],
    beside: Beside<'_>,
    snapshot: &str,
) -> Statement {
    Statement {
        text: sentence::text(&sentence::Said {
            brief,
            attribution,
            coverage,
            counts,
            undecided,
            outside: beside.outside,
            snapshot,
        }),
        next: next::decision(&next::Open {
            brief,
            attribution,
            coverage,
            counts,
            undecided,
            stakes: beside.stakes,
        }),
    }
}
