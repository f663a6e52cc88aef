//! Whoever acts in a tenant, as the pages know it: a plan, its execution, taking a step back.
//!
//! The pages decide who may press the button and that it is pressed once; what is done is the
//! engine's. Whoever shows a page is given [`Shows`] alone, through which nothing is changed.

use model::{Incident, Timestamp};

/// What would be done, worked out from the state of this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanView {
    /// The hash of the plan: whoever confirms it confirms this plan and no other.
    pub hash: String,
    /// The tenant.
    pub tenant: String,
    /// When it was worked out.
    pub made: String,
    /// Whose account is secured, as it signs in; empty for a plan of the whole tenant.
    pub user: String,
    /// Who had it made.
    pub made_by: String,
    /// What would be done, in order.
    pub steps: Vec<StepView>,
    /// What stays as it is, and why.
    pub kept: Vec<String>,
    /// What could not be looked at.
    pub unknown: Vec<String>,
    /// Why a second person has to approve it; empty where one is enough.
    pub needs_another: Vec<String>,
    /// Who approved it so far.
    pub approved_by: Vec<String>,
    /// Its execution, where there is one.
    pub execution: Option<String>,
    /// Whether every step of that execution was read back, and none was taken back.
    pub is_carried_out: bool,
    /// Whether any step of it was taken back.
    pub is_taken_back: bool,
}

impl PlanView {
    /// Returns whether a person may have it carried out: one is enough, or another one approved it.
    #[must_use]
    pub fn is_free_for(&self, who: &str) -> bool {
        is_free(&self.needs_another, &self.approved_by, who)
    }
}

fn is_free(needs_another: &[String], approved_by: &[String], who: &str) -> bool {
    let is_another = |name: &String| !name.eq_ignore_ascii_case(who);
    needs_another.is_empty() || approved_by.iter().any(is_another)
}

/// One step of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepView {
    /// Its number in the plan.
    pub number: u32,
    /// What it does.
    pub title: String,
    /// To what exactly.
    pub object: String,
    /// How that is.
    pub before: String,
    /// How it will be.
    pub after: String,
    /// Why, each reason with the record that shows it.
    pub why: Vec<String>,
    /// How it is taken back; nothing where it cannot be.
    pub reversible: Option<String>,
    /// What the owner will notice.
    pub notices: String,
    /// What is to be known before it is approved; empty where nothing is.
    pub caution: String,
    /// What a person types to do the same by hand; empty where there is no such thing.
    pub by_hand: String,
    /// Whether it is proposed.
    pub is_ticked: bool,
    /// What a person has to do by hand instead.
    pub manual: Option<String>,
}

/// For what a plan is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The account of one person of the incident.
    Person(String),
    /// What concerns the whole tenant.
    Tenant,
}

/// What was confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The tenant.
    pub tenant: String,
    /// The incident that it answers.
    pub incident: String,
    /// The hash of the plan: that which was shown, or the one with other ticks.
    pub hash: String,
    /// The steps that were ticked.
    pub steps: Vec<u32>,
    /// Who confirmed it.
    pub by: String,
    /// From where.
    pub address: String,
    /// When who confirmed it last proved who they are.
    pub proved: Timestamp,
}

/// How far a plan is carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecutionView {
    /// Its name.
    pub id: String,
    /// The tenant.
    pub tenant: String,
    /// The incident that it answers.
    pub incident: String,
    /// The hash of the plan.
    pub plan: String,
    /// Whose account is secured; empty for a plan of the whole tenant.
    pub user: String,
    /// Who confirmed it.
    pub by: String,
    /// When it began.
    pub began: Timestamp,
    /// Whether it is at its end: it does not go on, and was not cut off.
    pub is_ended: bool,
    /// Why a second person has to approve that it is taken back; empty where one is enough.
    pub needs_another: Vec<String>,
    /// Who approved the plan.
    pub approved_by: Vec<String>,
    /// Each step.
    pub steps: Vec<DoneView>,
    /// Passwords that were set now, each with whose: shown this once, and kept nowhere.
    pub passwords: Vec<(String, String)>,
}

impl ExecutionView {
    /// Returns whether a person may take it back: one is enough, or another one approved the plan.
    #[must_use]
    pub fn is_free_for(&self, who: &str) -> bool {
        is_free(&self.needs_another, &self.approved_by, who)
    }
}

/// How far one step is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoneView {
    /// Its number in the plan.
    pub number: u32,
    /// What it does.
    pub title: String,
    /// To what exactly.
    pub object: String,
    /// How it stands.
    pub state: DoneState,
    /// What was read back.
    pub after: String,
    /// What was said of it.
    pub detail: String,
    /// Whether it can be taken back now.
    pub can_undo: bool,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DoneState {
    /// It was not tried yet, or was cut off.
    #[default]
    Waiting,
    /// It was done, and reading back shows it.
    Verified,
    /// It failed.
    Failed,
    /// It was sent, and cannot be read back: it may be done or not.
    Unknown,
    /// It was taken back, and reading back shows it.
    Undone,
    /// A person has to do it.
    Manual,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// The state is another than the one that the plan was made from.
    #[error("the state has changed since the plan was made")]
    Changed,
    /// Somebody else changes the same account now.
    #[error("{0} changes this account now")]
    Busy(String),
    /// A second person has to approve it.
    #[error("{0}")]
    NeedsAnother(String),
    /// It cannot be done, for a reason that the person can read.
    #[error("{0}")]
    Refused(String),
    /// Something that should not happen.
    #[error("carry out the plan")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Whoever knows what was planned and what was done; nothing is changed through it.
pub trait Shows: Send + Sync {
    /// Returns a plan that was made.
    fn plan(&self, hash: &str) -> Result<Option<PlanView>, NotDone>;
    /// Returns how far an execution is.
    fn execution(&self, id: &str) -> Result<Option<ExecutionView>, NotDone>;
}

/// Whoever acts in tenants.
pub trait Responder: Shows {
    /// Works out from the state of this moment what would be done about an incident, and keeps the plan;
    /// nothing of the tenant is changed.
    fn prepare(&self, incident: &Incident, whom: &Whom, who: &str) -> Result<PlanView, NotDone>;
    /// Returns the plan with these steps ticked and no other, which is another plan, and keeps it.
    fn ticked(&self, hash: &str, steps: &[u32], who: &str) -> Result<PlanView, NotDone>;
    /// Notes that somebody approves the plan of that hash and no other.
    fn approve(&self, hash: &str, who: &str) -> Result<(), NotDone>;
    /// Carries out the plan of that hash and no other; asked again, returns the same execution.
    fn apply(&self, order: &Order) -> Result<ExecutionView, NotDone>;
    /// Takes back one step, or all of them.
    fn undo(&self, id: &str, step: Option<u32>, who: &str) -> Result<ExecutionView, NotDone>;
}
