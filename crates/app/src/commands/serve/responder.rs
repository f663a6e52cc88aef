//! The engine's responder as the pages know it: plans and executions in the words of a page.
//!
//! Each call opens the data folder for itself, so that what is done from the command line meanwhile
//! is seen, and a lease keeps two from changing one account.

use engine::{
    Actor, ApplyRequest, EngineError, ErrorKind, ExecutionReport, PlanReport, PlanRequest, Reach,
    RespondWatch, StepReport, Store, WireMissing, WireStep,
};
use model::Incident;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use web::respond::{
    DoneState, DoneView, ExecutionView, NotDone, Order, PlanView, Responder, Shows, StepView,
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

    fn reach(&self) -> Reach {
        Reach {
            roots: self.roots.clone(),
            limits: None,
        }
    }
}

fn actor(name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        known_by: "the pages, by password and code".to_owned(),
    }
}

impl Shows for Hands {
    fn plan(&self, hash: &str) -> Result<Option<PlanView>, NotDone> {
        // Without other ticks a plan is only looked up.
        match self.store()?.respond_show(hash, &[], &Actor::default()) {
            Ok(report) => Ok(Some(plan(&report))),
            Err(EngineError::NoSuchPlan { .. }) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn execution(&self, id: &str) -> Result<Option<ExecutionView>, NotDone> {
        let mut store = self.store()?;
        let executions = store.respond_status().map_err(refused)?;
        let Some(report) = executions.into_iter().find(|one| one.id == id) else {
            return Ok(None);
        };
        let plan = store.respond_show(&report.plan, &[], &Actor::default());
        let plan = plan.map_err(refused)?;
        Ok(Some(execution(&report, &plan.plan.case)))
    }
}

impl Responder for Hands {
    fn prepare(&self, incident: &Incident, who: &str) -> Result<PlanView, NotDone> {
        let request = PlanRequest {
            subject: incident.id.clone(),
            user: incident.users.first().cloned(),
            tenant: Some(incident.tenant.clone()),
            ..PlanRequest::default()
        };
        let report = self
            .store()?
            .respond_plan(&request, &actor(who), &self.reach());
        Ok(plan(&report.map_err(refused)?))
    }

    fn apply(&self, order: &Order) -> Result<ExecutionView, NotDone> {
        let (mut store, by) = (self.store()?, actor(&order.by));
        let shown = store.respond_show(&order.hash, &[], &by).map_err(refused)?;
        // A plan with other ticks is another plan: what was ticked is approved, and nothing else.
        let ticks: Vec<(u32, bool)> = (shown.plan.steps.iter())
            .map(|step| (step.step, order.steps.contains(&step.step)))
            .filter(|(number, ticked)| {
                let is = shown.plan.steps.iter().find(|step| step.step == *number);
                is.is_some_and(|step| step.ticked != *ticked)
            })
            .collect();
        let ticked = store
            .respond_show(&order.hash, &ticks, &by)
            .map_err(refused)?;
        let request = ApplyRequest {
            plan: ticked.plan.hash.clone(),
            hash: ticked.plan.hash,
        };
        let report = store.respond_apply(&request, &by, &self.reach(), &mut Unseen);
        Ok(execution(&report.map_err(refused)?, &order.incident))
    }

    fn undo(&self, id: &str, step: Option<u32>, who: &str) -> Result<ExecutionView, NotDone> {
        let report = self
            .store()?
            .respond_undo(id, step, &actor(who), &self.reach(), &mut Unseen);
        Ok(execution(&report.map_err(refused)?, ""))
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

fn plan(report: &PlanReport) -> PlanView {
    let plan = &report.plan;
    let said = |all: &[WireMissing]| -> Vec<String> {
        all.iter()
            .map(|one| format!("{}: {}", one.what, one.why))
            .collect()
    };
    let others = (report.others.iter())
        .map(|other| format!("{other}: needs a plan of their own (`breachscope respond plan`)"));
    let of_tenant = (report.of_tenant > 0).then(|| {
        "What concerns the whole tenant: see `breachscope respond plan --of-tenant`".to_owned()
    });
    PlanView {
        hash: plan.hash.clone(),
        tenant: plan.tenant.clone(),
        made: plan.made_at.clone(),
        user: plan.user.clone(),
        steps: plan.steps.iter().map(step).collect(),
        kept: [said(&plan.kept), said(&plan.gone), said(&plan.refused)]
            .concat()
            .into_iter()
            .chain(others)
            .chain(of_tenant)
            .collect(),
        unknown: said(&plan.unknown),
        needs_another: plan.second_approver.clone(),
        approved_by: report.approved_by.clone(),
    }
}

fn step(step: &WireStep) -> StepView {
    let name = if step.object.name.is_empty() {
        &step.object.id
    } else {
        &step.object.name
    };
    let notices = [&step.notices, &step.caution];
    let notices: Vec<&str> = (notices.into_iter())
        .map(String::as_str)
        .filter(|one| !one.is_empty())
        .collect();
    StepView {
        number: step.step,
        title: step.title.clone(),
        object: format!("{} {name} of {}", step.object.kind, step.object.user),
        before: fields(&step.before),
        after: fields(&step.after),
        why: (step.why.iter())
            .map(|one| format!("{} (record {})", one.shows, one.record))
            .collect(),
        reversible: match step.reversible.as_str() {
            "yes" => Some("wholly.".to_owned()),
            "partly" => Some(format!("in part; {}.", step.lost)),
            _ => None,
        },
        notices: notices.join("; "),
        is_ticked: step.ticked,
        manual: None,
    }
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

fn execution(report: &ExecutionReport, incident: &str) -> ExecutionView {
    ExecutionView {
        id: report.id.clone(),
        tenant: report.tenant.clone(),
        incident: incident.to_owned(),
        user: report.user.clone(),
        by: report.by.clone(),
        steps: report.steps.iter().map(done).collect(),
        passwords: (report.passwords.iter())
            .map(|(whose, password)| (whose.clone(), password.reveal().to_owned()))
            .collect(),
    }
}

fn done(step: &StepReport) -> DoneView {
    let state = match step.state.as_str() {
        "done" | "already" => DoneState::Verified,
        "failed" => DoneState::Failed,
        "undone" => DoneState::Undone,
        _ => DoneState::Waiting,
    };
    DoneView {
        number: step.step,
        title: step.title.clone(),
        object: step.object.clone(),
        state,
        after: step.after.clone(),
        detail: step.detail.clone(),
        can_undo: step.state == "done" && step.reversible != "no",
    }
}
