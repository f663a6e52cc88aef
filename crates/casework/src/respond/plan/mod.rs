//! The plan: which action on which object, why, how it stands and how it is to stand.
//!
//! It is made from what stands in the tenant, what the records show, and the policy, and leaves no
//! choice to whoever carries it out but the ticks. The same three give the same plan.

mod caps;
mod hash;
pub(crate) mod matching;
mod order;
mod planner;
mod policy;

#[cfg(test)]
mod tests;

pub use order::order;
pub use planner::plan;
pub use policy::{Automatic, Caps, Policy};

use super::action::Reversible;
use super::object::Object;
use super::state::State;
use model::Timestamp;

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// One account and what was done with it.
    User,
    /// What concerns everybody: transport rules, connectors, settings.
    Tenant,
}

impl Scope {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Tenant => "tenant",
        }
    }

    /// Returns the scope of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::User, Self::Tenant]
            .into_iter()
            .find(|scope| scope.name() == name)
    }
}

/// Whom a plan is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The incident or case it answers.
    pub case: String,
    /// The tenant's id.
    pub tenant: String,
    /// The account, as a UPN; empty for a plan of the tenant.
    pub user: String,
    /// What it is for.
    pub scope: Scope,
}

/// Why a step is there: what a record shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Because {
    /// The record; empty where the step follows from the incident itself.
    pub record: String,
    /// What it shows, a sentence without full stop.
    pub sentence: String,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the plan, from 1, in the order in which the steps are applied.
    pub number: u32,
    /// The action's id.
    pub action: &'static str,
    /// What it is done to.
    pub object: Object,
    /// How that stands.
    pub before: State,
    /// How it is to stand.
    pub wanted: State,
    /// Why.
    pub because: Vec<Because>,
    /// Whether the object is surely the one that the records mean.
    pub sure: bool,
    /// Whether it is to be done.
    pub ticked: bool,
    /// Whether it can be taken back.
    pub reversible: Reversible,
    /// What the person will notice.
    pub notices: &'static str,
    /// What a person types to do it by hand: instead of the step, or beside it; may be empty.
    pub manual: String,
    /// What is to be known before it is approved; may be empty.
    pub caution: String,
}

/// Something that is not to be done, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What it is.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whom it is about.
    pub subject: Subject,
    /// When it was made; no part of its hash.
    pub made_at: Timestamp,
    /// The steps, in the order in which they are applied.
    pub steps: Vec<Step>,
    /// What stays, because no record shows it to be the intruder's.
    pub kept: Vec<Missing>,
    /// What the records show and is not there any more.
    pub gone: Vec<Missing>,
    /// What could not be read: it may be the intruder's.
    pub unknown: Vec<Missing>,
    /// What is not done by this program: protected accounts, what is beyond the caps, what only a
    /// person can do, with the words or the command for that.
    pub refused: Vec<Missing>,
    /// Why a second person has to approve; empty where one is enough.
    pub second_approver: Vec<String>,
}

impl Plan {
    /// Returns the steps that are to be done.
    pub fn ticked(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.ticked)
    }

    /// Returns the step of that number.
    #[must_use]
    pub fn step(&self, number: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    /// Returns the same plan with these steps ticked or not; a number that no step has is an error
    /// in words.
    pub fn with_ticks(mut self, ticks: &[(u32, bool)]) -> Result<Self, String> {
        for (number, ticked) in ticks {
            let step = self.steps.iter_mut().find(|step| step.number == *number);
            let step = step.ok_or_else(|| format!("the plan has no step {number}"))?;
            step.ticked = *ticked;
        }
        Ok(self)
    }

    /// Returns the plan for an account that nobody else was in, so that only what it let in has to
    /// go: its owner can work on with the password that they have. Sessions end all the same.
    #[must_use]
    pub fn sparing_the_account(mut self, why: &str) -> Self {
        let of_account = ["block-sign-in", "block-by-policy", "reset-password"];
        for step in &mut self.steps {
            let follows_from_no_record = step.because.iter().all(|one| one.record.is_empty());
            if follows_from_no_record && of_account.contains(&step.action) {
                step.ticked = false;
                if !step.caution.is_empty() {
                    step.caution.push_str("; ");
                }
                step.caution.push_str(why);
            }
        }
        self
    }

    /// Returns the plan for an account that nobody but its owner was in: nothing is done to the
    /// account unless somebody ticks it.
    #[must_use]
    pub fn leaving_the_account(self, why: &str) -> Self {
        let mut plan = self.sparing_the_account(why);
        for step in &mut plan.steps {
            let follows_from_no_record = step.because.iter().all(|one| one.record.is_empty());
            if !follows_from_no_record {
                continue;
            }
            for because in &mut step.because {
                why.clone_into(&mut because.sentence);
            }
            if step.action == "revoke-sessions" {
                step.ticked = false;
                why.clone_into(&mut step.caution);
            }
        }
        plan
    }

    /// Returns the plan as it may be applied without a person: only what is sure, and whose action
    /// may be done so; or, in words, why none of it may.
    pub fn for_automatic(mut self, policy: &Policy) -> Result<Self, String> {
        if policy.automatic.is_none() {
            return Err("nothing is done without a person in this tenant".to_owned());
        }
        if let Some(why) = self.second_approver.first() {
            return Err(format!("two people have to approve it: {why}"));
        }
        for step in &mut self.steps {
            let action = super::catalogue::action(step.action);
            let may_be = action.is_some_and(|action| action.about().automatic);
            step.ticked = step.ticked && step.sure && may_be;
        }
        Ok(self)
    }

    /// Returns the digest that names exactly this: the tenant, the subject, and of each ticked
    /// step the action, the object, how it stands and how it is to stand; and why two have to approve.
    #[must_use]
    pub fn hash(&self) -> String {
        hash::of(self)
    }
}
