//! Whose an act was that left something behind, and so whether a plan takes it away.
//!
//! That a detection found an act says that it is worth a look, not who did it: an administrator
//! who gives somebody a role is found too. What counts is who acted.

use super::footholds::{Foothold, FootholdKind, Sign};
use super::names::last;
use crate::attribution::{Attribution, Verdict};
use model::{Address, Event, Timestamp};

/// Who acted, and what the record tells of how.
#[derive(Clone, Debug, Default)]
pub struct Acted {
    /// The record.
    pub record: String,
    /// When.
    pub time: Option<Timestamp>,
    /// Who, lower case.
    pub user: String,
    /// The other id of who.
    pub user_key: String,
    /// Where from.
    pub address: Option<Address>,
    /// The device.
    pub device: String,
    /// The session.
    pub session: String,
    /// The token.
    pub token: String,
    /// Whether a detection of the incident found it.
    pub is_found: bool,
}

impl Acted {
    /// Reads it from a record.
    #[must_use]
    pub fn read(event: &Event<'_>, is_found: bool) -> Self {
        Self {
            record: event.id.as_str().to_owned(),
            time: event.time,
            user: event.user.to_lowercase(),
            user_key: event.user_key.to_string(),
            address: event.address,
            device: event.device.to_string(),
            session: event.session.to_string(),
            token: event.token.to_string(),
            is_found,
        }
    }

    /// Returns whether a detection found it or something of the intruder's is on it: nothing else
    /// is worth weighing.
    #[must_use]
    pub fn is_in_question(&self, attribution: &Attribution) -> bool {
        let context = attribution.context_of(&self.record);
        let marks = &attribution.marks;
        self.is_found
            || context.is_some_and(|context| context.verdict == Verdict::Intruder)
            || marks.are_on(&self.session, &self.token, self.address)
            || marks.acts.contains(&self.record)
    }
}

/// Whose an act was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// The intruder's: what it left behind goes.
    Intruder,
    /// The intruder's as far as this record tells, which names no place: another record of the same
    /// act may name one.
    Likely,
    /// A person has to decide, and why.
    Open(String),
    /// Somebody else's, and nothing is the matter with it.
    Another,
}

/// Weighs the acts of one account, by what is known of who was in it.
#[derive(Clone, Copy, Debug)]
pub struct Weighing<'a> {
    /// Who was in the account that acted.
    pub attribution: &'a Attribution,
    /// Whether a person named what is the intruder's: then nobody weighs that again.
    pub is_said: bool,
}

impl Weighing<'_> {
    /// Says whose the act was that left this behind.
    #[must_use]
    pub fn doer(&self, act: &Acted, foothold: &Foothold) -> Doer {
        let marks = &self.attribution.marks;
        let context = self.attribution.context_of(&act.record);
        let verdict = context.map_or(Verdict::Unknown, |context| context.verdict);
        let is_decided = self.is_said || context.is_some_and(|context| context.overridden);
        match verdict {
            Verdict::Service => return Doer::Another,
            Verdict::Intruder if is_decided => return Doer::Intruder,
            Verdict::Owner if is_decided => return Doer::Another,
            _ => {}
        }
        let is_owners = verdict == Verdict::Owner;
        let is_at_home = marks.is_at_home(act.address, &act.device);
        // A session is new to everybody who signs in: with no other place it shows nobody else.
        let shows_another = marks.came_in.is_some() || self.is_not_persons(act);
        let is_marked = verdict == Verdict::Intruder
            || (!is_owners && marks.are_on(&act.session, &act.token, act.address));
        let follows = !is_owners && marks.acts.contains(&act.record);
        if shows_another && !is_at_home && is_marked {
            return Doer::Intruder;
        }
        if shows_another && !is_at_home && follows {
            return Doer::Likely;
        }
        let is_of_both = shows_another && is_at_home && is_marked;
        if !act.is_found && !is_of_both {
            return Doer::Another;
        }
        if act.is_found && (self.is_let_in(act, foothold) || is_for_oneself(act, foothold)) {
            return Doer::Intruder;
        }
        let who = model::shown::shown(&act.user);
        if is_at_home {
            return Doer::Open(format!(
                "{who} did it from a place where {who} always works, and nothing else shows that it \
                 was the intruder"
            ));
        }
        if is_owners {
            return Doer::Open(format!("it was done in a session of {who}'s own"));
        }
        if self.is_while_in(act) || is_in_own_house(act, foothold) {
            return Doer::Likely;
        }
        Doer::Open(format!("nothing shows that it was not {who} who did it"))
    }

    /// Returns whether somebody else acted than the account that was looked into.
    fn is_not_persons(&self, act: &Acted) -> bool {
        let person = &self.attribution.person;
        !person.is_named(&act.user) && !person.is_named(&act.user_key)
    }

    /// Returns whether the intruder was in the account when it acted.
    fn is_while_in(&self, act: &Acted) -> bool {
        let (Some(since), Some(time)) = (self.attribution.marks.came_in, act.time) else {
            return false;
        };
        let until = self.attribution.window.map(|window| window.to);
        time >= since && until.is_none_or(|until| time <= until)
    }

    /// Returns whether it lets an application in: then the application is the intruder's, and
    /// whoever let it in was only deceived. What is given to an application for everybody is an
    /// administrator's act, and needs more than that.
    fn is_let_in(&self, act: &Acted, foothold: &Foothold) -> bool {
        let is_apps = matches!(
            foothold.kind,
            FootholdKind::Grant | FootholdKind::Application | FootholdKind::AppRole
        );
        if !is_apps {
            return false;
        }
        let contexts = self.attribution.contexts.iter();
        let mut theirs = contexts.filter(|one| one.verdict == Verdict::Intruder);
        let is_named = |app: &str| foothold.signs.contains(&Sign::App(app.to_lowercase()));
        let has_acted = theirs.any(|context| is_named(&context.app));
        let is_for_one =
            foothold.kind != FootholdKind::AppRole && !foothold.signs.contains(&Sign::ForAll);
        has_acted || (is_for_one && !self.is_not_persons(act))
    }
}

/// Two logs tell of one act to this many microseconds.
const TWINS: i64 = 5_000_000;

/// Puts what was weighed together: the two records of one act tell one thing, and the one that
/// names a place is right. What is nobody's business is left out.
#[must_use]
pub fn settled(weighed: &[(Foothold, Doer)]) -> Vec<Foothold> {
    let mut settled: Vec<Foothold> = Vec::new();
    for (foothold, doer) in weighed {
        let mut twins = weighed.iter().filter(|(other, _)| is_twin(foothold, other));
        let doer = match doer {
            Doer::Another => continue,
            Doer::Likely => {
                let told = twins.find(|(_, other)| matches!(other, Doer::Open(_)));
                told.map_or(&Doer::Intruder, |(_, told)| told)
            }
            doer => doer,
        };
        let mut foothold = foothold.clone();
        if let Doer::Open(why) = doer {
            foothold.doubt.clone_from(why);
        }
        settled.push(foothold);
    }
    settled.sort();
    settled.dedup();
    settled
}

fn is_twin(one: &Foothold, other: &Foothold) -> bool {
    let is_then = match (one.time, other.time) {
        (Some(one), Some(other)) => (one.0 - other.0).abs() <= TWINS,
        _ => false,
    };
    let has_same_sign = !one.signs.is_disjoint(&other.signs);
    is_then && one.kind == other.kind && one.owner == other.owner && has_same_sign
}

/// Returns whether somebody gave a right to themselves.
fn is_for_oneself(act: &Acted, foothold: &Foothold) -> bool {
    let user = act.user.to_lowercase();
    let local = user.split('@').next().unwrap_or_default();
    let is_self = |name: &str| {
        let name = last(name).to_lowercase();
        !name.is_empty() && (name == user || name == local)
    };
    let mut trustees = foothold.signs.iter().filter_map(|sign| match sign {
        Sign::Trustee(name) => Some(name.as_str()),
        _ => None,
    });
    let is_right = matches!(
        foothold.kind,
        FootholdKind::FullAccess
            | FootholdKind::SendAs
            | FootholdKind::SendOnBehalf
            | FootholdKind::FolderRight
    );
    let is_mine = |kind| foothold.kind == kind && is_self(&foothold.owner);
    let is_unwatched = is_mine(FootholdKind::Role) || is_mine(FootholdKind::AuditBypass);
    is_unwatched || (is_right && !is_self(&foothold.owner) && trustees.any(is_self))
}

/// Returns whether it concerns nobody but the account that acted.
fn is_in_own_house(act: &Acted, foothold: &Foothold) -> bool {
    let is_own = matches!(
        foothold.kind,
        FootholdKind::InboxRule
            | FootholdKind::SweepRule
            | FootholdKind::Forwarding
            | FootholdKind::AutoReply
            | FootholdKind::FolderRight
            | FootholdKind::SendOnBehalf
            | FootholdKind::Method
            | FootholdKind::Device
            | FootholdKind::Link
    );
    let user = act.user.to_lowercase();
    let owner = last(&foothold.owner).to_lowercase();
    let is_same = owner.is_empty() || owner == user || user.split('@').next() == Some(&*owner);
    is_own && is_same
}

#[cfg(test)]
mod tests;
