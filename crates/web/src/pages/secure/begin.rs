//! Where a plan is made: by the link of a card, or from the incident.

use super::{begin_path, may_act, note, opened, plan_path_by, refused, responder, unused};
use crate::form::Posted;
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::refusal::Refusal;
use crate::respond::Whom;
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{Text, Urgency, text};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::Incident;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "secure_begin.html")]
struct BeginPage {
    frame: Frame,
    form: String,
    id: String,
    title: Text,
    urgency: Urgency,
    who: Text,
    /// Whose account it may be, where the incident concerns several.
    users: Vec<Text>,
    link: String,
    is_proved: bool,
}

/// Shows, by the link of a card, where a plan is made; asks everybody who is not signed in to do so.
pub(crate) async fn card(
    State(reads): State<Arc<Reads>>,
    Path(token): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let claim = opened(&reads, &token)?;
    unused(&reads, &claim)?;
    begun(&reads, &signed, &claim.incident, &token)
}

/// Shows where a plan for an incident is made.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    begun(&reads, &signed, &id, "")
}

fn begun(reads: &Reads, signed: &Signed, id: &str, link: &str) -> Result<Response, Refusal> {
    let sight = Sight::of(reads, &signed.account)?;
    let incident = sight.incident(id)?;
    may_act(signed, &incident.tenant)?;
    reads.shows.as_ref().ok_or(Refusal::NotFound)?;
    Ok(page(&BeginPage {
        frame: Frame::of(signed, "triage", "Secure the account"),
        form: signed.form_secret.clone(),
        id: incident.id.clone(),
        title: text(&incident.title),
        urgency: Urgency(incident.severity),
        who: text(&crate::pages::triage::who(incident)),
        users: incident.users.iter().map(|one| text(one)).collect(),
        link: link.to_owned(),
        is_proved: signed.is_proved(reads.now()),
    }))
}

/// Works out a plan and shows it. The tenant's services are asked, so this is no page that is fetched.
pub(crate) async fn prepare(
    State(writes): State<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let incident = Sight::of(&writes.reads, &signed.account)?
        .incident(&id)?
        .clone();
    may_act(signed, &incident.tenant)?;
    let whom = chosen(&incident, posted.fields.get("whom"))?;
    let responder = responder(&writes)?;
    let (of, who) = (incident.clone(), signed.account.name.clone());
    let plan = tokio::task::spawn_blocking(move || responder.prepare(&of, &whom, &who));
    let plan = plan.await.map_err(|_| Refusal::Failed)?;
    let plan = plan.map_err(|why| refused(why, &begin_path(&incident.id)))?;
    note(
        &writes,
        &posted,
        &format!("made plan {} for {}", plan.hash, incident.id),
    )?;
    let path = plan_path_by(&incident.id, &plan.hash, posted.fields.get("link"));
    Ok(Redirect::to(&path).into_response())
}

/// Returns for whom a plan is to be made: for the first person, where nobody is named.
fn chosen(incident: &Incident, number: &str) -> Result<Whom, Refusal> {
    if number == "tenant" || incident.users.is_empty() {
        return Ok(Whom::Tenant);
    }
    let at = match number {
        "" => 0,
        number => number.parse().unwrap_or(usize::MAX),
    };
    let user = incident.users.get(at).cloned();
    user.map(Whom::Person).ok_or_else(|| {
        Refusal::Form("The incident concerns no such person. Nothing was done.".to_owned())
    })
}
