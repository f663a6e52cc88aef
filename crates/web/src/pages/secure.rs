//! `/s/{token}`, `/a/{id}/secure`, `/x/{execution}`: the plan, its confirmation, what came of it, and
//! taking it back.
//!
//! Looking at any of them does nothing. A plan is carried out once, by a person who is signed in, is a
//! responder of the tenant, proved it lately, typed whom it concerns, and saw the very plan: its hash
//! comes back with the form, and so does a nonce that is used up by the first form that is accepted.

use crate::form::Posted;
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::refusal::Refusal;
use crate::respond::{DoneState, ExecutionView, NotDone, Order, PlanView, Responder, StepView};
use crate::role::Role;
use crate::seal::{self, Claim, PAGE_MICROS, Unsealed};
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{State, Text, Urgency, counted, text, texts};
use askama::Template;
use axum::extract::{Path, Query, State as Given};
use axum::response::{IntoResponse, Redirect, Response};
use engine::pages::AccountEvent;
use model::{Incident, Timestamp};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "secure.html")]
struct SecurePage {
    frame: Frame,
    form: String,
    id: String,
    title: Text,
    urgency: Urgency,
    user: Text,
    local: Text,
    hash: String,
    link: String,
    steps: Vec<StepLine>,
    kept: Vec<Text>,
    unknown: Vec<Text>,
    made: Text,
    needs_another: Vec<Text>,
    approved_by: Vec<Text>,
    is_proved: bool,
}

struct StepLine {
    number: u32,
    title: Text,
    object: Text,
    before: Text,
    after: Text,
    why: Vec<Text>,
    reversible: Option<Text>,
    notices: Text,
    is_ticked: bool,
    manual: Option<Text>,
}

#[derive(Template)]
#[template(path = "secure_begin.html")]
struct BeginPage {
    frame: Frame,
    form: String,
    id: String,
    title: Text,
    urgency: Urgency,
    who: Text,
    link: String,
    is_proved: bool,
}

#[derive(Template)]
#[template(path = "execution.html")]
struct ExecutionPage {
    frame: Frame,
    form: String,
    id: String,
    incident: String,
    user: Text,
    by: Text,
    summary: String,
    is_whole: bool,
    steps: Vec<DoneLine>,
    passwords: Vec<(Text, Text)>,
    can_undo: bool,
}

struct DoneLine {
    number: u32,
    title: Text,
    object: Text,
    state: State,
    words: &'static str,
    after: Text,
    detail: Text,
    can_undo: bool,
}

/// Shows, by the link of a card, where a plan is made; asks everybody who is not signed in to do so.
pub(crate) async fn card(
    Given(reads): Given<Arc<Reads>>,
    Path(token): Path<String>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let claim = opened(&reads, &token)?;
    unused(&reads, &claim)?;
    begun(&reads, &signed, &claim.incident, &token)
}

/// Shows where a plan for an incident is made.
pub(crate) async fn get(
    Given(reads): Given<Arc<Reads>>,
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
        who: text(&super::triage::who(incident)),
        link: link.to_owned(),
        is_proved: signed.is_proved(reads.now()),
    }))
}

/// Works out a plan and shows it. The tenant's services are asked, so this is no page that is fetched.
pub(crate) async fn prepare(
    Given(writes): Given<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let incident = Sight::of(&writes.reads, &signed.account)?
        .incident(&id)?
        .clone();
    may_act(signed, &incident.tenant)?;
    let responder = responder(&writes)?;
    let (of, who) = (incident.clone(), signed.account.name.clone());
    let plan = tokio::task::spawn_blocking(move || responder.prepare(&of, &who));
    let plan = plan.await.map_err(|_| Refusal::Failed)?;
    let plan = plan.map_err(|why| refused(why, &incident.id))?;
    note(
        &writes,
        &posted,
        &format!("made plan {} for {}", plan.hash, incident.id),
    )?;
    let see = shown_at(&incident.id, &plan.hash, posted.fields.get("link"));
    Ok(Redirect::to(&see).into_response())
}

/// Returns where a plan stands, for whoever came by a link as well.
fn shown_at(incident: &str, hash: &str, link: &str) -> String {
    let by = match link {
        "" => String::new(),
        link => {
            let link: String = form_urlencoded::byte_serialize(link.as_bytes()).collect();
            format!("?link={link}")
        }
    };
    format!("/a/{incident}/secure/{hash}{by}")
}

/// The link by which somebody came to a plan.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct By {
    #[serde(default)]
    link: String,
}

/// Shows a plan that was made.
pub(crate) async fn planned(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path((id, hash)): Path<(String, String)>,
    Query(by): Query<By>,
) -> Result<Response, Refusal> {
    let incident = Sight::of(&reads, &signed.account)?.incident(&id)?.clone();
    may_act(&signed, &incident.tenant)?;
    let plan = kept(&reads, &incident, &hash).await?;
    let now = reads.now();
    let link = if by.link.is_empty() {
        seal::seal(&reads.keys, &incident.id, Timestamp(now.0 + PAGE_MICROS))?
    } else {
        by.link
    };
    Ok(page(&made(&signed, &incident, &plan, link, now)))
}

/// Returns a plan that was made for the tenant of an incident.
async fn kept(reads: &Reads, incident: &Incident, hash: &str) -> Result<PlanView, Refusal> {
    let shows = reads.shows.clone().ok_or(Refusal::NotFound)?;
    let name = hash.to_owned();
    let plan = tokio::task::spawn_blocking(move || shows.plan(&name));
    let plan = plan.await.map_err(|_| Refusal::Failed)?;
    let plan = plan.map_err(|why| refused(why, &incident.id))?;
    let own = plan.filter(|one| one.hash == hash && one.tenant == incident.tenant);
    own.ok_or_else(|| Refusal::Changed {
        see: format!("/a/{}/secure", incident.id),
    })
}

fn made(
    signed: &Signed,
    incident: &Incident,
    plan: &PlanView,
    link: String,
    now: Timestamp,
) -> SecurePage {
    let line = |one: &StepView| StepLine {
        number: one.number,
        title: text(&one.title),
        object: text(&one.object),
        before: text(&one.before),
        after: text(&one.after),
        why: texts(&one.why),
        reversible: one.reversible.as_deref().map(text),
        notices: text(&one.notices),
        is_ticked: one.is_ticked,
        manual: one.manual.as_deref().map(text),
    };
    SecurePage {
        frame: Frame::of(signed, "triage", &format!("Secure {}", plan.user)),
        form: signed.form_secret.clone(),
        id: incident.id.clone(),
        title: text(&incident.title),
        urgency: Urgency(incident.severity),
        user: text(&plan.user),
        local: text(local_part(&plan.user)),
        hash: plan.hash.clone(),
        link,
        steps: plan.steps.iter().map(line).collect(),
        kept: texts(&plan.kept),
        unknown: texts(&plan.unknown),
        made: text(&plan.made),
        needs_another: texts(&plan.needs_another),
        approved_by: texts(&plan.approved_by),
        is_proved: signed.is_proved(now),
    }
}

/// Carries out the plan that was shown.
pub(crate) async fn post(
    Given(writes): Given<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let reads = Arc::clone(&writes.reads);
    let (signed, fields) = (&posted.signed, &posted.fields);
    let incident = Sight::of(&reads, &signed.account)?.incident(&id)?.clone();
    may_act(signed, &incident.tenant)?;
    let see = format!("/a/{}/secure", incident.id);
    if !signed.is_proved(writes.now()) {
        return Err(Refusal::Prove { next: see });
    }
    let claim = opened(&reads, fields.get("link"))?;
    if claim.incident != incident.id {
        return Err(Refusal::Foreign);
    }
    unused(&reads, &claim)?;
    let hash = fields.get("hash").to_owned();
    let responder = responder(&writes)?;
    let plan = kept(&reads, &incident, &hash).await?;
    let typed = fields.get("local").trim().to_lowercase();
    if typed != local_part(&plan.user).to_lowercase() {
        return Err(Refusal::Again {
            what: format!(
                "Type `{}` to confirm whom it concerns. Nothing was done.",
                local_part(&plan.user)
            ),
            see: shown_at(&incident.id, &hash, fields.get("link")),
        });
    }
    if signed.account.name.eq_ignore_ascii_case(&plan.user) {
        return Err(Refusal::Forbidden(
            "Nobody approves what is done to their own account.",
        ));
    }
    let order = Order {
        tenant: incident.tenant.clone(),
        incident: incident.id.clone(),
        steps: ticked(&plan, fields),
        hash: hash.clone(),
        by: signed.account.name.clone(),
        address: posted.sender.address.clone(),
        proved: signed.session.proved,
    };
    if order.steps.is_empty() {
        return Err(Refusal::Again {
            what: "No step was ticked. Nothing was done.".to_owned(),
            see: shown_at(&incident.id, &hash, fields.get("link")),
        });
    }
    // From here on the link is used up: a second press of the button finds that it is.
    let is_first = writes
        .acting()
        .spend(&claim.nonce, &order.by, &hash, writes.now())?;
    if !is_first {
        unused(&reads, &claim)?;
    }
    note(
        &writes,
        &posted,
        &format!("confirmed plan {hash} for {}", incident.id),
    )?;
    let done = tokio::task::spawn_blocking(move || responder.apply(&order));
    let done = done.await.map_err(|_| Refusal::Failed)?;
    let done = done.map_err(|why| refused(why, &incident.id))?;
    if !done.passwords.is_empty() {
        return Ok(page(&told(signed, &done)));
    }
    Ok(Redirect::to(&format!("/x/{}", done.id)).into_response())
}

fn ticked(plan: &PlanView, fields: &crate::form::Fields) -> Vec<u32> {
    let chosen: Vec<u32> = (fields.all("step"))
        .filter_map(|one| one.parse().ok())
        .collect();
    let can = |step: &&StepView| step.manual.is_none() && chosen.contains(&step.number);
    plan.steps
        .iter()
        .filter(can)
        .map(|step| step.number)
        .collect()
}

/// Shows how far an execution is.
pub(crate) async fn execution(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let done = executed(&reads, &signed, &id).await?;
    Ok(page(&told(&signed, &done)))
}

async fn executed(reads: &Arc<Reads>, signed: &Signed, id: &str) -> Result<ExecutionView, Refusal> {
    let shows = reads.shows.clone().ok_or(Refusal::NotFound)?;
    let name = id.to_owned();
    let found = tokio::task::spawn_blocking(move || shows.execution(&name));
    let found = found.await.map_err(|_| Refusal::Failed)?;
    let found = found.map_err(|why| refused(why, ""))?;
    // A tenant that is not this person's is not there.
    let seen = found.filter(|one| signed.role_in(&one.tenant).is_some());
    seen.ok_or(Refusal::NotFound)
}

fn told(signed: &Signed, done: &ExecutionView) -> ExecutionPage {
    let can_act = signed.role_in(&done.tenant) >= Some(Role::Responder);
    let many = |state| done.steps.iter().filter(|one| one.state == state).count() as u64;
    let open = many(DoneState::Waiting) + many(DoneState::Failed);
    let line = |one: &crate::respond::DoneView| {
        let (state, words) = match one.state {
            DoneState::Waiting => (State::Unknown, "not done yet"),
            DoneState::Verified => (State::Clear, "done and read back"),
            DoneState::Failed => (State::Failed, "failed"),
            DoneState::Undone => (State::Found, "taken back"),
            DoneState::Manual => (State::Found, "to be done by hand"),
        };
        DoneLine {
            number: one.number,
            title: text(&one.title),
            object: text(&one.object),
            state,
            words,
            after: text(&one.after),
            detail: text(&one.detail),
            can_undo: one.can_undo && can_act,
        }
    };
    ExecutionPage {
        frame: Frame::of(
            signed,
            "triage",
            &format!("What was done for {}", done.user),
        ),
        form: signed.form_secret.clone(),
        id: done.id.clone(),
        incident: done.incident.clone(),
        user: text(&done.user),
        by: text(&done.by),
        summary: format!(
            "{} done and read back, {} open.",
            counted(many(DoneState::Verified), "step", "steps"),
            open
        ),
        is_whole: open == 0,
        steps: done.steps.iter().map(line).collect(),
        passwords: (done.passwords.iter())
            .map(|(whose, password)| (text(whose), text(password)))
            .collect(),
        can_undo: can_act && done.steps.iter().any(|one| one.can_undo),
    }
}

/// Takes back one step, or all that can be.
pub(crate) async fn undo(
    Given(writes): Given<Arc<Writes>>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let reads = Arc::clone(&writes.reads);
    let done = executed(&reads, &posted.signed, &id).await?;
    may_act(&posted.signed, &done.tenant)?;
    let see = format!("/x/{}", done.id);
    if !posted.signed.is_proved(writes.now()) {
        return Err(Refusal::Prove { next: see });
    }
    let step =
        match posted.fields.get("step") {
            "" => None,
            step => Some(step.parse::<u32>().map_err(|_| {
                Refusal::Form("There is no such step. Nothing was done.".to_owned())
            })?),
        };
    let what = step.map_or_else(|| "all steps".to_owned(), |step| format!("step {step}"));
    note(
        &writes,
        &posted,
        &format!("takes back {what} of {}", done.id),
    )?;
    let (responder, who) = (responder(&writes)?, posted.signed.account.name.clone());
    let undone = tokio::task::spawn_blocking(move || responder.undo(&id, step, &who));
    let undone = undone.await.map_err(|_| Refusal::Failed)?;
    undone.map_err(|why| refused(why, &done.incident))?;
    Ok(Redirect::to(&see).into_response())
}

fn note(writes: &Writes, posted: &Posted, what: &str) -> Result<(), Refusal> {
    let name = &posted.signed.account.name;
    Ok(writes.acting().note_account(&AccountEvent {
        at: writes.now(),
        account: name.clone(),
        by: name.clone(),
        address: posted.sender.address.clone(),
        what: what.to_owned(),
    })?)
}

fn may_act(signed: &Signed, tenant: &str) -> Result<(), Refusal> {
    match signed.role_in(tenant) {
        None => Err(Refusal::NotFound),
        Some(role) if role < Role::Responder => Err(Refusal::Forbidden(
            "Acting in this tenant is for its responders. Nothing was done.",
        )),
        Some(_) => Ok(()),
    }
}

fn responder(writes: &Writes) -> Result<Arc<dyn Responder>, Refusal> {
    writes.responder.clone().ok_or(Refusal::NotFound)
}

fn opened(reads: &Reads, token: &str) -> Result<Claim, Refusal> {
    seal::open(&reads.keys, token, reads.now()).map_err(|why| match why {
        Unsealed::Forged => Refusal::NotFound,
        Unsealed::Expired => Refusal::Gone {
            what: "It counts for a limited time, and that is over. Nothing was done. Open the incident to see the plan as it is now.".to_owned(),
            see: Some(("/".to_owned(), "Go to triage")),
        },
    })
}

fn unused(reads: &Reads, claim: &Claim) -> Result<(), Refusal> {
    match reads.looking().spent(&claim.nonce)? {
        None => Ok(()),
        Some((_, at)) => Err(Refusal::Gone {
            what: format!(
                "Somebody confirmed this plan at {at}. It is carried out once, however often the button is pressed."
            ),
            see: Some((format!("/a/{}", claim.incident), "Go to the incident")),
        }),
    }
}

fn refused(why: NotDone, incident: &str) -> Refusal {
    match why {
        NotDone::Changed => Refusal::Changed {
            see: format!("/a/{incident}/secure"),
        },
        NotDone::Busy(_) | NotDone::NeedsAnother(_) | NotDone::Refused(_) => {
            Refusal::NotReady(format!("It was not done: {why}."))
        }
        NotDone::Failed(error) => {
            tracing::error!(error = &*error as &dyn std::error::Error, "a plan failed");
            Refusal::Failed
        }
    }
}

/// Returns what stands before the `@`.
fn local_part(user: &str) -> &str {
    user.split('@').next().unwrap_or(user)
}
