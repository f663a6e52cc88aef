//! A second person's approval of a plan, and a plan with other ticks to be approved.

use super::plan::is_maker;
use super::{
    kept, may_act, not_theirs, note, plan_path, plan_path_by, recorded, refused, responder,
    tenant_of,
};
use crate::form::{Fields, Posted};
use crate::house::Writes;
use crate::refusal::Refusal;
use crate::respond::{PlanView, StepView};
use crate::sight::Sight;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Notes that somebody besides whoever made a plan approves it.
pub(crate) async fn approve(
    State(writes): State<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let tenant = tenant_of(&writes.reads, &id);
    let done = approved(&writes, &id, &posted).await;
    done.map_err(|why| match &tenant {
        Some(tenant) => recorded(&writes, &posted, tenant, "to approve a plan", why),
        None => why,
    })
}

async fn approved(writes: &Arc<Writes>, id: &str, posted: &Posted) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let incident = Sight::of(&writes.reads, &signed.account)?
        .incident(id)?
        .clone();
    may_act(signed, &incident.tenant)?;
    let hash = posted.fields.get("hash").to_owned();
    let plan = kept(&writes.reads, &incident, &hash).await?;
    let see = plan_path(&incident.id, &hash);
    if !signed.is_proved(writes.now()) {
        return Err(Refusal::Prove { next: see });
    }
    not_theirs(signed, &incident, &plan)?;
    let who = signed.account.name.clone();
    if plan.needs_another.is_empty() {
        return Err(Refusal::Form(
            "One person is enough for this plan: whoever confirms it. Nothing was done.".to_owned(),
        ));
    }
    if is_maker(&plan, &who) {
        return Err(Refusal::NeedsAnother {
            what: "You had this plan made. Another responder of the tenant approves it, and then you confirm it.".to_owned(),
            see,
        });
    }
    // A second press of the button changes nothing.
    if !plan
        .approved_by
        .iter()
        .any(|one| one.eq_ignore_ascii_case(&who))
    {
        let responder = responder(writes)?;
        let approved = tokio::task::spawn_blocking(move || responder.approve(&hash, &who));
        let approved = approved.await.map_err(|_| Refusal::Failed)?;
        approved.map_err(|why| refused(why, &see))?;
        note(
            writes,
            posted,
            &format!("approved plan {} for {}", plan.hash, incident.id),
        )?;
    }
    Ok(Redirect::to(&see).into_response())
}

/// Keeps a plan with other ticks, to be approved by another, and shows it.
pub(crate) async fn tick(
    State(writes): State<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let incident = Sight::of(&writes.reads, &signed.account)?
        .incident(&id)?
        .clone();
    may_act(signed, &incident.tenant)?;
    let plan = kept(&writes.reads, &incident, posted.fields.get("hash")).await?;
    let plan = with_ticks(&writes, &posted, plan, &incident.id).await?;
    Ok(Redirect::to(&plan_path(&incident.id, &plan.hash)).into_response())
}

/// Returns the plan with what was ticked, which is another one where other steps were.
pub(super) async fn with_ticks(
    writes: &Arc<Writes>,
    posted: &Posted,
    plan: PlanView,
    incident: &str,
) -> Result<PlanView, Refusal> {
    let steps = ticked(&plan, &posted.fields);
    if steps.is_empty() {
        return Err(Refusal::Again {
            what: "No step was ticked. Nothing was done.".to_owned(),
            see: plan_path_by(incident, &plan.hash, posted.fields.get("link")),
        });
    }
    let shown = plan.steps.iter().filter(|one| one.is_ticked && can(one));
    if shown.map(|one| one.number).eq(steps.iter().copied()) {
        return Ok(plan);
    }
    let see = plan_path(incident, &plan.hash);
    let (responder, who) = (responder(writes)?, posted.signed.account.name.clone());
    let other = tokio::task::spawn_blocking(move || responder.ticked(&plan.hash, &steps, &who));
    let other = other.await.map_err(|_| Refusal::Failed)?;
    other.map_err(|why| refused(why, &see))
}

/// Returns the steps that were ticked, in the order of the plan.
pub(super) fn ticked(plan: &PlanView, fields: &Fields) -> Vec<u32> {
    let chosen: Vec<u32> = (fields.all("step"))
        .filter_map(|one| one.parse().ok())
        .collect();
    let all = plan.steps.iter().filter(|one| can(one));
    all.map(|step| step.number)
        .filter(|number| chosen.contains(number))
        .collect()
}

fn can(step: &StepView) -> bool {
    step.manual.is_none()
}
