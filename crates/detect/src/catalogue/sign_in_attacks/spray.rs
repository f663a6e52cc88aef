//! One source of attempts: how many accounts it failed on, how many it serves.

use super::recent::{Recent, users};
use crate::fact::Fact;
use crate::words::Word;
use crate::world::{DAY, HOUR, MINUTE, seconds_between};
use model::{Severity, Timestamp};

/// How many accounts that came in are remembered of a source: enough to see that it is an office's.
const SERVED: usize = 64;

/// Where attempts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breadth {
    /// One address.
    Address,
    /// A /24 or /48 whose addresses take turns.
    Network,
    /// One of the organisation's own addresses, behind which many work.
    Own,
}

/// What a source did in the last day.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    failures: Recent,
    grants: Recent,
    served: Vec<(Word, Timestamp)>,
    alarmed: Option<Severity>,
}

/// What makes attempts a spray.
#[derive(Clone, Debug)]
pub(super) struct Spray {
    /// How urgent.
    pub(super) severity: Severity,
    /// The attempts.
    pub(super) failures: Vec<Fact>,
    /// How many accounts had failed before it counted, and in which time, in words.
    pub(super) measure: &'static str,
}

impl Source {
    /// Notes that an account came in from here.
    pub(super) fn served(&mut self, user: Word, now: Timestamp) {
        if let Some(known) = self.served.iter_mut().find(|(one, _)| *one == user) {
            known.1 = now;
            return;
        }
        if self.served.len() == SERVED {
            self.served
                .retain(|(_, last)| seconds_between(*last, now) <= DAY);
        }
        if self.served.len() < SERVED {
            self.served.push((user, now));
        }
    }

    /// Notes a failure; returns the attempts that are a spray, if they are one by now.
    pub(super) fn failed(
        &mut self,
        fact: &Fact,
        is_grant: bool,
        breadth: Breadth,
    ) -> Option<Spray> {
        let is_going_on = self
            .failures
            .last()
            .is_some_and(|last| seconds_between(last, fact.time) <= HOUR);
        self.failures.keep(fact, DAY);
        if is_grant {
            self.grants.keep(fact, DAY);
        }
        let known = self.alarmed.filter(|_| is_going_on);
        self.alarmed = known;
        // Nothing is graver: a flood is not judged again and again.
        let is_worst = known == Some(Severity::Medium);
        let judged = if is_worst {
            None
        } else {
            self.judged(fact.time, breadth)
        };
        let is_graver = |spray: &Spray| known.is_none_or(|severity| severity < spray.severity);
        if let Some(spray) = judged.filter(is_graver) {
            if known.is_none() && users(&spray.failures).len() <= self.served_at(fact.time) {
                return None;
            }
            self.alarmed = Some(spray.severity);
            return Some(spray);
        }
        known.map(|severity| Spray {
            severity,
            failures: vec![*fact],
            measure: "the spray goes on",
        })
    }

    /// Returns how many accounts came in from here within the last day.
    fn served_at(&self, now: Timestamp) -> usize {
        let is_recent = |last: &Timestamp| seconds_between(*last, now) <= DAY;
        let served = self.served.iter();
        served.filter(|(_, last)| is_recent(last)).count()
    }

    fn judged(&self, now: Timestamp, breadth: Breadth) -> Option<Spray> {
        let measures: &[(usize, i64, Severity, &str)] = match breadth {
            Breadth::Address => &[
                (4, 5 * MINUTE, Severity::Medium, "4 accounts in 5 minutes"),
                (5, 30 * MINUTE, Severity::Medium, "5 accounts in 30 minutes"),
                (8, DAY, Severity::Low, "8 accounts in a day"),
            ],
            Breadth::Network => &[
                (6, 30 * MINUTE, Severity::Medium, "6 accounts in 30 minutes"),
                (12, DAY, Severity::Low, "12 accounts in a day"),
            ],
            Breadth::Own => &[(
                15,
                30 * MINUTE,
                Severity::Medium,
                "15 accounts in 30 minutes",
            )],
        };
        let found = measures
            .iter()
            .find_map(|(least, seconds, severity, measure)| {
                let failures = self.failures.within(now, *seconds);
                is_wide(failures, *least).then(|| Spray {
                    severity: *severity,
                    failures: failures.to_vec(),
                    measure,
                })
            });
        found.or_else(|| self.judged_by_pace(now, breadth))
    }

    /// A program that hands over the passwords of three people within two minutes is no person.
    fn judged_by_pace(&self, now: Timestamp, breadth: Breadth) -> Option<Spray> {
        let failures = self.grants.within(now, 2 * MINUTE);
        let is_paced = breadth == Breadth::Address && is_wide(failures, 3);
        is_paced.then(|| Spray {
            severity: Severity::Low,
            failures: failures.to_vec(),
            measure: "3 accounts in 2 minutes, by a program",
        })
    }
}

/// Many accounts and few tries at each: else it is one account that somebody wants.
fn is_wide(failures: &[Fact], least: usize) -> bool {
    const TRIES: usize = 10;
    let many = users(failures).len();
    many >= least && failures.len() <= many * TRIES
}
