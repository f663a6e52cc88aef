//! The engine's responder as the pages know it: plans and executions in the words of a page.
//!
//! Each call opens the data folder for itself, so that what is done from the command line meanwhile
//! is seen, and a lease keeps two from changing one account. Whatever only shows opens it to be read.

use engine::pages::Looking;
use engine::{
    Actor, ApplyRequest, EngineError, ErrorKind, ExecutionReport, PlanReport, PlanRequest, Reach,
    RespondWatch, StepReport, Store, WireBecause, WireMissing, WireStep,
};
use model::Incident;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use web::respond::{
    DoneState, DoneView, ExecutionView, NotDone, Order, PlanView, Responder, Shows, StepView, Whom,
};

/// Whoever acts for the pages.
pub(super) struct Hands {
    /// The data folder.
    pub(super) folder: PathBuf,
    /// Certificates to trust beside the system's, PEM.
    pub(super) roots: Option<Vec<u8>>,
}

impl Hands {
    fn store(&self) -> Result<Store, NotDone> {
        Store::open(&self.folder).map_err(refused)
    }

    /// Opens what was kept, to be read alone.
    fn looking(&self) -> Result<Looking, NotDone> {
        Looking::open(&self.folder).map_err(refused)
    }

    /// Returns who acts, and by what that is known.
    fn actor(&self, name: &str) -> Result<Actor, NotDone> {
        let account = self.looking()?.account(name).map_err(refused)?;
        Ok(Actor {
            name: name.to_owned(),
            known_by: match account.and_then(|one| one.identity) {
                Some(told) => format!("the pages, as `{}` of {}", told.shown, told.issuer),
                None => "the pages, by password and code".to_owned(),
            },
        })
    }

    fn reach(&self) -> Reach {
        Reach {
            roots: self.roots.clone(),
            limits: None,
        }
    }
}

impl Shows for Hands {
    fn plan(&self, hash: &str) -> Result<Option<PlanView>, NotDone> {
        let looking = self.looking()?;
        let found = looking.plan(hash).map_err(refused)?;
        found.map(|report| plan(&looking, &report)).transpose()
    }

    fn execution(&self, id: &str) -> Result<Option<ExecutionView>, NotDone> {
        let looking = self.looking()?;
        let found = looking.execution(id).map_err(refused)?;
        found.map(|report| execution(&looking, &report)).transpose()
    }
}

impl Responder for Hands {
    fn prepare(&self, incident: &Incident, whom: &Whom, who: &str) -> Result<PlanView, NotDone> {
        let user = match whom {
            Whom::Person(user) => Some(user.clone()),
            Whom::Tenant => incident.users.first().cloned(),
        };
        let request = PlanRequest {
            subject: incident.id.clone(),
            user,
            tenant: Some(incident.tenant.clone()),
            of_tenant: *whom == Whom::Tenant,
            ..PlanRequest::default()
        };
        let report = self
            .store()?
            .respond_plan(&request, &self.actor(who)?, &self.reach());
        plan(&self.looking()?, &report.map_err(refused)?)
    }

    fn ticked(&self, hash: &str, steps: &[u32], who: &str) -> Result<PlanView, NotDone> {
        let looking = self.looking()?;
        let shown = looking.plan(hash).map_err(refused)?;
        let shown = shown.ok_or(NotDone::Changed)?;
        let ticks: Vec<(u32, bool)> = (shown.plan.steps.iter())
            .map(|step| (step.step, step.ticked, steps.contains(&step.step)))
            .filter(|(_, is, wanted)| is != wanted)
            .map(|(number, _, wanted)| (number, wanted))
            .collect();
        let report = self.store()?.respond_show(hash, &ticks, &self.actor(who)?);
        plan(&looking, &report.map_err(refused)?)
    }

    fn approve(&self, hash: &str, who: &str) -> Result<(), NotDone> {
        let approved = self
            .store()?
            .respond_approve(&asked(hash), &self.actor(who)?);
        approved.map(|_| ()).map_err(refused)
    }

    fn apply(&self, order: &Order) -> Result<ExecutionView, NotDone> {
        let by = self.actor(&order.by)?;
        let mut store = self.store()?;
        let report = store.respond_apply(&asked(&order.hash), &by, &self.reach(), &mut Unseen);
        execution(&self.looking()?, &report.map_err(refused)?)
    }

    fn undo(&self, id: &str, step: Option<u32>, who: &str) -> Result<ExecutionView, NotDone> {
        let report =
            self.store()?
                .respond_undo(id, step, &self.actor(who)?, &self.reach(), &mut Unseen);
        execution(&self.looking()?, &report.map_err(refused)?)
    }
}

fn asked(hash: &str) -> ApplyRequest {
    ApplyRequest {
        plan: hash.to_owned(),
        hash: hash.to_owned(),
    }
}

/// Nobody watches: the page shows what was kept.
struct Unseen;

impl RespondWatch for Unseen {
    fn begins(&mut self, _step: u32, _title: &str, _object: &str) {}

    fn ends(&mut self, _step: &StepReport) {}
}

fn refused(error: EngineError) -> NotDone {
    match error {
        EngineError::PlanChanged { .. } => NotDone::Changed,
        EngineError::Held { holder, .. } => NotDone::Busy(holder),
        EngineError::NotApproved { what } => NotDone::NeedsAnother(what),
        error if error.kind() == ErrorKind::Unexpected => NotDone::Failed(Box::new(error)),
        error => NotDone::Refused(told(&error)),
    }
}

/// What it is, why, and what the operator can do.
fn told(error: &EngineError) -> String {
    let mut words = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    words.extend(error.hint());
    words.join("; ")
}

fn plan(looking: &Looking, report: &PlanReport) -> Result<PlanView, NotDone> {
    let plan = &report.plan;
    let said = |all: &[WireMissing]| -> Vec<String> {
        all.iter()
            .map(|one| format!("{}: {}", one.what, one.why))
            .collect()
    };
    let done = match &report.execution {
        None => None,
        Some(id) => looking.execution(id).map_err(refused)?,
    };
    let is_taken_back = done.as_ref().is_some_and(ExecutionReport::is_taken_back);
    let is_whole = done.is_some_and(|one| one.ended.is_some() && one.is_whole());
    Ok(PlanView {
        hash: plan.hash.clone(),
        tenant: plan.tenant.clone(),
        made: plan.made_at.clone(),
        user: plan.user.clone(),
        made_by: report.made_by.clone(),
        steps: plan.steps.iter().map(step).collect(),
        kept: [said(&plan.kept), said(&plan.gone), said(&plan.refused)].concat(),
        unknown: said(&plan.unknown),
        needs_another: plan.second_approver.clone(),
        approved_by: report.approved_by.clone(),
        execution: report.execution.clone(),
        is_carried_out: is_whole && !is_taken_back,
        is_taken_back,
    })
}

fn step(step: &WireStep) -> StepView {
    let name = if step.object.name.is_empty() {
        &step.object.id
    } else {
        &step.object.name
    };
    let object = if step.object.user.is_empty() {
        format!("{} {name}", step.object.kind)
    } else {
        format!("{} {name} ({})", step.object.kind, step.object.user)
    };
    StepView {
        number: step.step,
        title: step.title.clone(),
        object,
        before: fields(&step.before),
        after: fields(&step.after),
        why: step.why.iter().map(why).collect(),
        reversible: match step.reversible.as_str() {
            "yes" => Some("wholly.".to_owned()),
            "partly" => Some(format!("in part; {}.", step.lost)),
            _ => None,
        },
        notices: step.notices.clone(),
        caution: step.caution.clone(),
        by_hand: step.manual.clone(),
        is_ticked: step.ticked,
        manual: None,
    }
}

fn why(why: &WireBecause) -> String {
    if why.record.is_empty() {
        return why.shows.clone();
    }
    format!("{} (record {})", why.shows, why.record)
}

fn fields(fields: &BTreeMap<String, serde_json::Value>) -> String {
    let told: Vec<String> = fields
        .iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        })
        .collect();
    told.join(", ")
}

fn execution(looking: &Looking, report: &ExecutionReport) -> Result<ExecutionView, NotDone> {
    let plan = looking.plan(&report.plan).map_err(refused)?;
    let (incident, needs_another, approved_by) = match plan {
        Some(plan) => (plan.plan.case, plan.plan.second_approver, plan.approved_by),
        None => Default::default(),
    };
    Ok(ExecutionView {
        id: report.id.clone(),
        tenant: report.tenant.clone(),
        incident,
        plan: report.plan.clone(),
        user: report.user.clone(),
        by: report.by.clone(),
        began: report.began,
        is_ended: report.ended.is_some(),
        needs_another,
        approved_by,
        steps: report.steps.iter().map(done).collect(),
        passwords: (report.passwords.iter())
            .map(|(whose, password)| (whose.clone(), password.reveal().to_owned()))
            .collect(),
    })
}

fn done(step: &StepReport) -> DoneView {
    let state = match step.state.as_str() {
        "done" | "already" => DoneState::Verified,
        "failed" => DoneState::Failed,
        "undone" => DoneState::Undone,
        "waiting" => DoneState::Waiting,
        // Whatever it says, it is not known to be done.
        _ => DoneState::Unknown,
    };
    let can_undo = matches!(step.state.as_str(), "done" | "unknown") && step.reversible != "no";
    DoneView {
        number: step.step,
        title: step.title.clone(),
        object: step.object.clone(),
        state,
        after: step.after.clone(),
        detail: step.detail.clone(),
        can_undo,
    }
}
