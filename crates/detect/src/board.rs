//! What was found before, by user, session and address: what a later record is judged by.

use crate::fact::Fact;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::seconds_between;
use model::{Severity, Timestamp};
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// How many hits are remembered a user, session or address; the newest count.
const REMEMBERED: usize = 64;

/// A hit as later records see it.
#[derive(Clone, Debug)]
pub struct Raised {
    /// Which detection.
    pub detection: Cow<'static, str>,
    /// How urgent.
    pub severity: Severity,
    /// The record that decided it.
    pub fact: Fact,
    /// Whom it concerns.
    pub user: String,
    /// Why.
    pub why: String,
}

/// The newest hits, the newest last.
type Newest = VecDeque<Rc<Raised>>;

/// What was found so far, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Board {
    users: BTreeMap<(Word, String), Newest>,
    sessions: BTreeMap<(Word, Word), Newest>,
    addresses: BTreeMap<(Word, Word), Newest>,
}

impl Board {
    /// Notes a hit.
    pub(crate) fn note(&mut self, hit: &Hit) {
        let raised = Rc::new(Raised {
            detection: hit.detection.clone(),
            severity: hit.severity,
            fact: hit.fact,
            user: hit.user.clone(),
            why: hit.why.clone(),
        });
        let fact = &hit.fact;
        if !fact.session.is_none() {
            let session = (fact.tenant, fact.session);
            push(
                self.sessions.entry(session).or_default(),
                Rc::clone(&raised),
            );
        }
        if !fact.address.is_none() {
            let place = (fact.tenant, fact.address);
            push(self.addresses.entry(place).or_default(), Rc::clone(&raised));
        }
        let whose = (fact.tenant, hit.user.clone());
        push(self.users.entry(whose).or_default(), raised);
    }

    /// Returns what was found of a user in the seconds before a moment, newest first.
    pub fn of_user<'b>(
        &'b self,
        tenant: Word,
        user: &str,
        now: Timestamp,
        seconds: i64,
    ) -> impl Iterator<Item = &'b Raised> {
        let found = self.users.get(&(tenant, user.to_owned()));
        recent(found, now, seconds)
    }

    /// Returns what was found in a session before a moment, newest first.
    pub fn of_session(
        &self,
        tenant: Word,
        session: Word,
        now: Timestamp,
    ) -> impl Iterator<Item = &Raised> {
        let found = (!session.is_none()).then(|| self.sessions.get(&(tenant, session)));
        recent(found.flatten(), now, i64::MAX)
    }

    /// Returns what was found from an address in the seconds before a moment, newest first.
    pub fn of_address(
        &self,
        tenant: Word,
        address: Word,
        now: Timestamp,
        seconds: i64,
    ) -> impl Iterator<Item = &Raised> {
        let found = (!address.is_none()).then(|| self.addresses.get(&(tenant, address)));
        recent(found.flatten(), now, seconds)
    }
}

fn push(list: &mut Newest, raised: Rc<Raised>) {
    if list.len() == REMEMBERED {
        list.pop_front();
    }
    list.push_back(raised);
}

fn recent(found: Option<&Newest>, now: Timestamp, seconds: i64) -> impl Iterator<Item = &Raised> {
    let newest = found.into_iter().flatten().rev().map(Rc::as_ref);
    newest.filter(move |one| {
        let ago = seconds_between(one.fact.time, now);
        (0..=seconds).contains(&ago)
    })
}
