//! What the ledger holds of plans and executions. Nothing is written: whoever shows a page reads
//! through this too.

use super::wire::{self, BadPlan, WirePlan};
use super::{APPROVED, ExecutionReport, PlanReport, WAITING, step_report};
use crate::error::EngineError;
use casework::respond::{self as planning, Plan};
use ledger::{Execution, Ledger};
use std::collections::BTreeSet;

/// Returns the plan with this hash, the whole of it.
pub(crate) fn shown(ledger: &Ledger, hash: &str) -> Result<Option<PlanReport>, EngineError> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Ok(None);
    }
    let Some(kept) = ledger.plans(hash)?.pop() else {
        return Ok(None);
    };
    let (_, wire) = wire::read(&kept.body).map_err(|error| unreadable(hash, &error))?;
    Ok(Some(plan_report(ledger, wire)?))
}

/// Returns a plan with what became of it.
pub(super) fn plan_report(ledger: &Ledger, plan: WirePlan) -> Result<PlanReport, EngineError> {
    let kept = ledger.plans(&plan.hash)?.pop();
    Ok(PlanReport {
        approved_by: approvals(ledger, &plan.hash)?,
        made_by: kept.map(|one| one.by).unwrap_or_default(),
        execution: ledger.execution_of(&plan.hash)?.map(|one| one.id),
        plan,
        others: Vec::new(),
        of_tenant: 0,
    })
}

/// Returns the execution of that name.
pub(crate) fn executed(
    ledger: &Ledger,
    name: &str,
) -> Result<Option<ExecutionReport>, EngineError> {
    let found = ledger.execution(name)?;
    found.map(|one| reported(ledger, &one)).transpose()
}

/// Returns how far an execution is.
pub(super) fn reported(
    ledger: &Ledger,
    execution: &Execution,
) -> Result<ExecutionReport, EngineError> {
    let plan = plan_of(ledger, &execution.plan)?;
    let steps = ledger.steps(&execution.id)?;
    let kept = |number: u32| steps.iter().find(|step| step.step == number);
    let steps = planning::order(&plan)
        .into_iter()
        .filter_map(|number| plan.step(number))
        .map(|step| step_report(step, kept(step.number)))
        .collect();
    Ok(ExecutionReport {
        id: execution.id.clone(),
        plan: execution.plan.clone(),
        tenant: execution.tenant.clone(),
        user: execution.user.clone(),
        by: execution.by.clone(),
        began: execution.began,
        ended: execution.ended,
        steps,
        ..ExecutionReport::default()
    })
}

fn plan_of(ledger: &Ledger, hash: &str) -> Result<Plan, EngineError> {
    let kept = ledger.plans(hash)?.pop();
    let kept = kept.ok_or_else(|| EngineError::NoSuchPlan {
        name: hash.to_owned(),
    })?;
    let read = wire::read(&kept.body).map_err(|error| unreadable(hash, &error));
    Ok(read?.0)
}

/// Returns who approved a plan: each name once, as the record of acts has it.
pub(super) fn approvals(ledger: &Ledger, hash: &str) -> Result<Vec<String>, EngineError> {
    #[derive(serde::Deserialize)]
    struct Approval {
        act: String,
        by: String,
        plan: String,
    }
    let mut names = BTreeSet::new();
    for act in ledger.acts_naming(hash)? {
        let read = serde_json::from_str::<Approval>(&act.body);
        if let Ok(one) = read
            && one.act == APPROVED
            && one.plan == hash
        {
            names.insert(one.by);
        }
    }
    Ok(names.into_iter().collect())
}

/// Returns why a plan of that name cannot be read.
pub(super) fn unreadable(name: &str, error: &BadPlan) -> EngineError {
    match error {
        BadPlan::Changed(_) => EngineError::PlanChanged {
            what: error.to_string(),
        },
        _ => EngineError::WrongPlan {
            name: name.to_owned(),
            what: error.to_string(),
        },
    }
}

/// Returns whether a step of an execution is still to be read back as done.
pub(crate) fn is_open(state: &str) -> bool {
    matches!(state, super::FAILED | super::UNKNOWN | WAITING)
}
