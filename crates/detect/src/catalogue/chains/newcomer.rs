//! A sign-in from a place and with a program that its account never used: a new hand, perhaps.

use super::link::Link;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, seconds_between};
use model::{Outcome, Severity, Timestamp};
use std::collections::{BTreeSet, HashMap};

/// How many networks, agents, devices and sessions of one account are remembered.
const REMEMBERED: usize = 300;

/// What an account used so far.
#[derive(Default)]
struct Habits {
    since: Timestamp,
    networks: BTreeSet<String>,
    words: BTreeSet<Word>,
}

/// What every account used so far.
#[derive(Default)]
pub(super) struct Newcomers {
    habits: HashMap<(Word, Word), Habits>,
}

impl Newcomers {
    /// Returns a sign-in as a link, if it came from a network that is new to the account, with an
    /// agent that is new or in a new session of no known device. An account needs a day of
    /// sign-ins before anything of it is new.
    pub(super) fn notice(&mut self, seen: &Seen<'_>) -> Option<Link> {
        let fact = seen.fact();
        let is_entry = seen.outcome() == Outcome::Success && seen.user().contains('@');
        let network = seen.network();
        if !is_entry || network.is_empty() {
            return None;
        }
        let habits = self.habits.entry((fact.tenant, fact.user)).or_default();
        if habits.networks.is_empty() {
            habits.since = fact.time;
        }
        let is_warm = seconds_between(habits.since, fact.time) >= DAY;
        let is_new_network = !habits.networks.contains(&network);
        let is_new = |word: Word| !word.is_none() && !habits.words.contains(&word);
        let is_known_device = !fact.device.is_none() && !is_new(fact.device);
        let is_new_hand = is_new(fact.agent) || (is_new(fact.session) && !is_known_device);
        habits.remember(&network, [fact.agent, fact.session, fact.device]);
        (is_warm && is_new_network && is_new_hand).then(|| link(seen, &network))
    }
}

impl Habits {
    fn remember(&mut self, network: &str, words: [Word; 3]) {
        if self.networks.len() < REMEMBERED {
            self.networks.insert(network.to_owned());
        }
        if self.words.len() < REMEMBERED {
            self.words
                .extend(words.iter().filter(|word| !word.is_none()));
        }
    }
}

fn link(seen: &Seen<'_>, network: &str) -> Link {
    Link {
        detection: "new network".to_owned(),
        severity: Severity::Low,
        fact: *seen.fact(),
        facts: vec![*seen.fact()],
        user: seen.user().to_owned(),
        why: format!(
            "{} signed in from {}, in a network ({network}) that the account never used",
            seen.user(),
            seen.ip()
        ),
    }
}
