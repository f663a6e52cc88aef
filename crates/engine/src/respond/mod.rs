//! Secures an account: a plan that is read before anything is changed, approved by its hash, applied
//! step by step and read back, written into the record of acts, and taken back where that can be.
//!
//! What to do and how it is judged is `casework::respond`; here it is asked, sent and kept. Nothing
//! here changes a tenant but [`Store::respond_apply`] and [`Store::respond_undo`].

mod after;
mod apply;
mod automatic;
pub(crate) mod chain;
mod hands;
pub(crate) mod kept;
mod looked;
mod subject;
mod undo;
mod wire;

pub use after::ComeBack;
pub use chain::ActRecord;
pub(crate) use wire::title as action_title;
pub use wire::{WireBecause, WireMissing, WireObject, WirePlan, WireRequest, WireStep};

use crate::clock;
use crate::config::{Automatic, Config, Mode, Onboarded};
use crate::error::EngineError;
use crate::store::Store;
use casework::respond::{self as planning, Caps, Plan, Policy, Scope, Subject, WatchTerm};
use cloud::Limits;
use hands::Hands;
use ledger::{Execution, ExecutionStep, StoredPlan};
use model::{Secret, Timestamp};
use std::path::Path;
use wire::WireAct;

/// Who acts, and how that is known.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// Their name.
    pub name: String,
    /// `command line`, or how they signed in.
    pub known_by: String,
}

/// How a tenant is reached.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Certificates to trust beside the system's, PEM.
    pub roots: Option<Vec<u8>>,
    /// How patient to be.
    pub limits: Option<Limits>,
}

/// For what a plan is made.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// An incident, a case or a person.
    pub subject: String,
    /// Whose account, where an incident concerns several.
    pub user: Option<String>,
    /// The tenant, where the person is in several.
    pub tenant: Option<String>,
    /// Whether it is a plan for what concerns the whole tenant.
    pub of_tenant: bool,
    /// Actions that are planned only where somebody asks for them.
    pub with: Vec<String>,
    /// Steps whose tick is set or taken away.
    pub ticks: Vec<(u32, bool)>,
}

/// A plan that was made.
#[derive(Clone, Debug)]
pub struct PlanReport {
    /// All of it.
    pub plan: WirePlan,
    /// Others of the incident: each needs a plan of their own.
    pub others: Vec<String>,
    /// How many things of the tenant the intruder changed, for which there is a plan of its own.
    pub of_tenant: usize,
    /// Who approved it so far.
    pub approved_by: Vec<String>,
    /// Who had it made.
    pub made_by: String,
    /// The execution that carries it out, where there is one.
    pub execution: Option<String>,
}

/// A plan before anybody ticked anything.
struct Draft {
    plan: Plan,
    /// Where the answers are kept that it was made from.
    snapshot: String,
    others: Vec<String>,
    of_tenant: usize,
    /// What is looked out for once it is carried out.
    terms: Vec<WatchTerm>,
    policy: Policy,
}

/// What is to be applied.
#[derive(Clone, Debug, Default)]
pub struct ApplyRequest {
    /// The plan: the beginning of its hash, or a file that holds it.
    pub plan: String,
    /// The whole hash, as whoever approves read it.
    pub hash: String,
}

/// How far an execution is.
#[derive(Debug, Default)]
pub struct ExecutionReport {
    /// Its name.
    pub id: String,
    /// The plan.
    pub plan: String,
    /// The tenant.
    pub tenant: String,
    /// Whose account.
    pub user: String,
    /// Who began it.
    pub by: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was at its end; nothing while it goes on or where it was cut off.
    pub ended: Option<Timestamp>,
    /// Each step that was to be done.
    pub steps: Vec<StepReport>,
    /// Passwords that were set: for whom, and what. Shown once; kept nowhere.
    pub passwords: Vec<(String, Secret)>,
    /// Whether it had been carried out before: then nothing was done.
    pub was_done: bool,
    /// Whether the operator stopped it.
    pub interrupted: bool,
    /// Why it could not be written down to its end, where passwords were set that nobody could ask for
    /// again; then `steps` may be behind what was done.
    pub cut_off: Option<String>,
}

impl ExecutionReport {
    /// Returns whether every step is as it should be.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cut_off.is_none() && self.steps.iter().all(|step| !kept::is_open(&step.state))
    }

    /// Returns whether any step was taken back.
    #[must_use]
    pub fn is_taken_back(&self) -> bool {
        self.steps.iter().any(|step| step.state == UNDONE)
    }
}

/// How far one step is.
#[derive(Clone, Debug, Default)]
pub struct StepReport {
    /// Its number.
    pub step: u32,
    /// The action.
    pub action: String,
    /// What it is called.
    pub title: String,
    /// What it is done to.
    pub object: String,
    /// `waiting`, `done`, `already`, `failed`, `unknown`, `undone`.
    pub state: String,
    /// How it stood.
    pub before: String,
    /// How it stands, as it was read back.
    pub after: String,
    /// What was said.
    pub detail: String,
    /// Whether it can be taken back.
    pub reversible: String,
}

/// The states of a step.
pub(crate) const WAITING: &str = "waiting";
pub(crate) const DONE: &str = "done";
pub(crate) const ALREADY: &str = "already";
pub(crate) const FAILED: &str = "failed";
pub(crate) const UNKNOWN: &str = "unknown";
pub(crate) const UNDONE: &str = "undone";

/// Someone who watches a plan being carried out.
pub trait RespondWatch {
    /// Hears that a step is begun with.
    fn begins(&mut self, step: u32, title: &str, object: &str);
    /// Hears how it ended.
    fn ends(&mut self, step: &StepReport);
    /// Says whether to stop behind the step that is being done.
    fn stopped(&self) -> bool {
        false
    }
}

impl Store {
    /// Makes a plan; nothing is changed.
    pub fn respond_plan(
        &mut self,
        request: &PlanRequest,
        actor: &Actor,
        reach: &Reach,
    ) -> Result<PlanReport, EngineError> {
        let draft = self.draft(request, reach)?;
        let case = &draft.plan.subject.case;
        let plan = draft.plan.clone().with_ticks(&request.ticks);
        let plan = plan.map_err(|what| EngineError::WrongPlan {
            name: case.clone(),
            what,
        })?;
        let wire = wire::written(&plan, &draft.snapshot);
        self.keep_plan(&wire, actor)?;
        self.keep_watch(&wire.hash, &draft.terms)?;
        Ok(PlanReport {
            others: draft.others,
            of_tenant: draft.of_tenant,
            ..kept::plan_report(&self.ledger, wire)?
        })
    }

    /// Looks how the account stands and works out what would be done.
    fn draft(&self, request: &PlanRequest, reach: &Reach) -> Result<Draft, EngineError> {
        let whose = self.whose(
            &request.subject,
            request.user.as_deref(),
            request.tenant.as_deref(),
        )?;
        let (config, tenant) = self.onboarded(&whose.tenant)?;
        may_change(&config)?;
        let access = subject::opened(&tenant)?;
        let hands = Hands::new(access, reach.roots.as_deref(), reach.limits.clone())?;
        let left = self.footholds(&whose)?;
        let footholds = &left.footholds;
        let of_tenant = footholds.iter().filter(|one| one.kind.is_of_tenant());
        let of_tenant = of_tenant.count();
        let user = if request.of_tenant {
            ""
        } else {
            whose.user.as_str()
        };
        let policy = policy(&config, &tenant, &request.with)?;
        let whom = (whose.tenant.as_str(), user);
        let looking = looked::look(&hands, whom, footholds, &policy);
        let looked = self.runtime.block_on(looking)?;
        let snapshot = self.keep_snapshot(&whose.case, &looked.answers)?;
        let scope = if request.of_tenant {
            Scope::Tenant
        } else {
            Scope::User
        };
        let subject = Subject {
            case: whose.case.clone(),
            tenant: whose.tenant.clone(),
            user: user.to_owned(),
            scope,
        };
        let plan = planning::plan(&looked.live, footholds, &policy, subject, clock::now());
        Ok(Draft {
            plan: left.weighed(plan),
            snapshot,
            others: whose.others,
            of_tenant,
            terms: left.terms,
            policy,
        })
    }

    /// Returns a plan that was made, with other ticks where that is asked: then it is another plan.
    pub fn respond_show(
        &mut self,
        plan: &str,
        ticks: &[(u32, bool)],
        actor: &Actor,
    ) -> Result<PlanReport, EngineError> {
        let (plan, mut wire) = self.find_plan(plan)?;
        if !ticks.is_empty() {
            let named = wire.hash.clone();
            let plan = plan
                .with_ticks(ticks)
                .map_err(|what| EngineError::WrongPlan {
                    name: named.clone(),
                    what,
                })?;
            wire = wire::written(&plan, &wire.snapshot);
            self.keep_plan(&wire, actor)?;
            self.ledger.copy_watch(&named, &wire.hash)?;
        }
        kept::plan_report(&self.ledger, wire)
    }

    /// Approves a plan by its hash, for one that needs two.
    pub fn respond_approve(
        &mut self,
        request: &ApplyRequest,
        actor: &Actor,
    ) -> Result<Vec<String>, EngineError> {
        let (plan, wire) = self.approved_plan(request)?;
        not_the_victim(&plan, actor)?;
        self.note_act(
            &wire.tenant,
            &WireAct {
                act: APPROVED,
                by: &actor.name,
                known_by: &actor.known_by,
                plan: &wire.hash,
                ..WireAct::default()
            },
        )?;
        self.approvals(&wire.hash)
    }

    /// Returns the executions there were, the newest first.
    pub fn respond_status(&self) -> Result<Vec<ExecutionReport>, EngineError> {
        let executions = self.ledger.executions()?;
        executions.iter().map(|one| self.reported(one)).collect()
    }

    fn reported(&self, execution: &Execution) -> Result<ExecutionReport, EngineError> {
        kept::reported(&self.ledger, execution)
    }

    /// Returns the plan of that name: a file, or the beginning of a hash.
    fn find_plan(&self, name: &str) -> Result<(Plan, WirePlan), EngineError> {
        let wrong = |error| kept::unreadable(name, &error);
        if Path::new(name).is_file() {
            let text = std::fs::read_to_string(name).map_err(|source| EngineError::Input {
                path: name.to_owned(),
                source,
            })?;
            return wire::read(&text).map_err(wrong);
        }
        let is_hash = name.len() >= 6 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let plans = if is_hash {
            self.ledger.plans(name)?
        } else {
            Vec::new()
        };
        match &plans[..] {
            [one] => wire::read(&one.body).map_err(wrong),
            _ => Err(EngineError::NoSuchPlan {
                name: name.to_owned(),
            }),
        }
    }

    /// Returns the plan that is meant, if the hash that was read is its own.
    fn approved_plan(&self, request: &ApplyRequest) -> Result<(Plan, WirePlan), EngineError> {
        let (plan, wire) = self.find_plan(&request.plan)?;
        if !wire.hash.eq_ignore_ascii_case(request.hash.trim()) {
            return Err(EngineError::NotApproved {
                what: format!(
                    "the hash that was given is not the plan's, which is {}",
                    wire.hash
                ),
            });
        }
        Ok((plan, wire))
    }

    fn keep_plan(&mut self, wire: &WirePlan, actor: &Actor) -> Result<(), EngineError> {
        let is_new = self.ledger.plans(&wire.hash)?.is_empty();
        let body = serde_json::to_string(wire).map_err(EngineError::Kept)?;
        self.ledger.keep_plan(&StoredPlan {
            hash: wire.hash.clone(),
            tenant: wire.tenant.clone(),
            subject: wire.case.clone(),
            user: wire.user.clone(),
            made: normalise::read_time(&wire.made_at).unwrap_or_else(clock::now),
            by: actor.name.clone(),
            body,
        })?;
        if is_new {
            self.note_act(
                &wire.tenant,
                &WireAct {
                    act: "planned",
                    by: &actor.name,
                    known_by: &actor.known_by,
                    plan: &wire.hash,
                    what: &wire.snapshot,
                    ..WireAct::default()
                },
            )?;
        }
        Ok(())
    }

    /// Keeps what the tenant answered before anything is changed, and returns its SHA-256.
    fn keep_snapshot(&self, case: &str, answers: &[u8]) -> Result<String, EngineError> {
        let origin = lake::raw_store::Origin {
            name: format!("state before a plan for {case}"),
            time: clock::now().to_string(),
            parts: Vec::new(),
        };
        let mut source = answers;
        let kept = self
            .raw
            .keep_from(&mut source, origin, &mut |_| true)?
            .ok_or(EngineError::Interrupted)?;
        Ok(kept.sha256)
    }

    fn approvals(&self, hash: &str) -> Result<Vec<String>, EngineError> {
        kept::approvals(&self.ledger, hash)
    }
}

const APPROVED: &str = "approved";

/// Refuses where the operator said that nothing is ever changed.
fn may_change(config: &Config) -> Result<(), EngineError> {
    match config.response.mode {
        Mode::Off => Err(EngineError::ReadOnly),
        Mode::Review => Ok(()),
    }
}

/// Nobody approves what is done to themselves: that account may be the intruder's.
fn not_the_victim(plan: &Plan, actor: &Actor) -> Result<(), EngineError> {
    if !plan.subject.user.is_empty() && actor.name.eq_ignore_ascii_case(&plan.subject.user) {
        return Err(EngineError::NotApproved {
            what: format!("{} is the account that is secured", actor.name),
        });
    }
    Ok(())
}

fn policy(config: &Config, tenant: &Onboarded, asked: &[String]) -> Result<Policy, EngineError> {
    for name in asked {
        if planning::action(name).is_none() {
            return Err(EngineError::NoAction { name: name.clone() });
        }
    }
    let response = &config.response;
    let responder = tenant.responder.iter().map(|(id, _)| id.to_lowercase());
    let mut caps = Caps::default();
    if let Some(most) = response.most_steps {
        caps.steps = most;
    }
    Ok(Policy {
        protected: response.protected.iter().cloned().collect(),
        second_approver_for: response.two_person.iter().cloned().collect(),
        own_apps: responder.chain([tenant.client_id.to_lowercase()]).collect(),
        asked: asked.iter().cloned().collect(),
        caps,
        automatic: response.automatic.as_ref().map(Automatic::limits),
    })
}

/// Returns what is shown of an object: its kind and its name, or its id where it has none.
fn named(object: &planning::Object) -> String {
    let name = if object.name.is_empty() {
        &object.id
    } else {
        &object.name
    };
    format!("{} `{}`", object.kind.name(), model::shown::shown(name))
}

fn step_report(step: &planning::Step, kept: Option<&ExecutionStep>) -> StepReport {
    StepReport {
        step: step.number,
        action: step.action.to_owned(),
        title: wire::title(step.action).to_owned(),
        object: named(&step.object),
        state: kept.map_or(WAITING, |kept| kept.state.as_str()).to_owned(),
        before: step.before.to_string(),
        after: kept.map(|kept| kept.after.clone()).unwrap_or_default(),
        detail: kept.map(|kept| kept.detail.clone()).unwrap_or_default(),
        reversible: step.reversible.name().to_owned(),
    }
}
