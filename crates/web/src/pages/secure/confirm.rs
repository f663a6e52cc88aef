//! The confirmation of a plan: once, and of the plan that was shown.

use super::approve::{ticked, with_ticks};
use super::execution::told;
use super::{
    begin_path, kept, may_act, not_theirs, note, opened, plan_path, plan_path_by, recorded,
    refused, responder, tenant_of, unused, word,
};
use crate::form::Posted;
use crate::frame::page;
use crate::house::Writes;
use crate::refusal::Refusal;
use crate::respond::Order;
use crate::sight::Sight;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Carries out the plan that was shown.
pub(crate) async fn post(
    State(writes): State<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let tenant = tenant_of(&writes.reads, &id);
    let done = confirmed(&writes, &id, &posted).await;
    done.map_err(|why| match &tenant {
        Some(tenant) => recorded(&writes, &posted, tenant, "to carry out a plan", why),
        None => why,
    })
}

async fn confirmed(writes: &Arc<Writes>, id: &str, posted: &Posted) -> Result<Response, Refusal> {
    let reads = Arc::clone(&writes.reads);
    let (signed, fields) = (&posted.signed, &posted.fields);
    let sight = Sight::of(&reads, &signed.account)?;
    let incident = sight.incident(id)?.clone();
    may_act(signed, &incident.tenant)?;
    if !signed.is_proved(writes.now()) {
        return Err(Refusal::Prove {
            next: begin_path(&incident.id),
        });
    }
    let claim = opened(&reads, fields.get("link"))?;
    if claim.incident != incident.id {
        return Err(Refusal::Foreign);
    }
    unused(&reads, &claim)?;
    let plan = kept(&reads, &incident, fields.get("hash")).await?;
    let typed = fields.get("local").trim().to_lowercase();
    if typed != word(&plan.user).to_lowercase() {
        return Err(Refusal::Again {
            what: format!(
                "Type `{}` to confirm whom it concerns. Nothing was done.",
                word(&plan.user)
            ),
            see: plan_path_by(&incident.id, &plan.hash, fields.get("link")),
        });
    }
    not_theirs(signed, &incident, &plan)?;
    let plan = with_ticks(writes, posted, plan, &incident.id).await?;
    let see = plan_path(&incident.id, &plan.hash);
    if !plan.is_free_for(&signed.account.name) {
        return Err(Refusal::NeedsAnother {
            what: format!(
                "These steps need the approval of another responder first: {}.",
                plan.needs_another.join("; ")
            ),
            see,
        });
    }
    let order = Order {
        tenant: incident.tenant.clone(),
        incident: incident.id.clone(),
        steps: ticked(&plan, fields),
        hash: plan.hash.clone(),
        by: signed.account.name.clone(),
        address: posted.sender.address.clone(),
        proved: signed.session.proved,
    };
    // From here on the link is used up: a second press of the button finds that it is.
    let is_first = writes
        .acting()
        .spend(&claim.nonce, &order.by, &order.hash, writes.now())?;
    if !is_first {
        unused(&reads, &claim)?;
    }
    note(
        writes,
        posted,
        &format!("confirmed plan {} for {}", order.hash, incident.id),
    )?;
    let responder = responder(writes)?;
    let done = tokio::task::spawn_blocking(move || responder.apply(&order));
    let done = done.await.map_err(|_| Refusal::Failed)?;
    let done = done.map_err(|why| match refused(why, &see) {
        // What a plan says cannot be had any more: it is made again from the beginning.
        Refusal::Changed { .. } => Refusal::Changed {
            see: begin_path(&incident.id),
        },
        other => other,
    })?;
    if !done.passwords.is_empty() {
        return Ok(page(&told(signed, &sight, &done)));
    }
    Ok(Redirect::to(&format!("/x/{}", done.id)).into_response())
}
