//! What came of a plan, and taking it back.

use super::{may_act, note, plan_path, recorded, refused, responder, subject};
use crate::form::Posted;
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::refusal::Refusal;
use crate::respond::{DoneState, DoneView, ExecutionView};
use crate::role::Role;
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{State, Text, When, counted, number, text};
use askama::Template;
use axum::extract::{Path, State as Given};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "execution.html")]
struct ExecutionPage {
    frame: Frame,
    form: String,
    id: String,
    incident: String,
    /// The address of the plan; empty where its incident is not among those that stand.
    plan: String,
    ledger: String,
    user: Text,
    by: Text,
    began: When,
    approved_by: Vec<Text>,
    summary: String,
    is_whole: bool,
    is_ended: bool,
    steps: Vec<DoneLine>,
    passwords: Vec<(Text, Text)>,
    can_act: bool,
    can_undo: bool,
    /// Whether another one has to approve before this person takes it back.
    awaits_another: bool,
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

/// Shows how far an execution is.
pub(crate) async fn execution(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let done = executed(&reads, &signed, &id).await?;
    let sight = Sight::of(&reads, &signed.account)?;
    Ok(page(&told(&signed, &sight, &done)))
}

async fn executed(reads: &Arc<Reads>, signed: &Signed, id: &str) -> Result<ExecutionView, Refusal> {
    let shows = reads.shows.clone().ok_or(Refusal::NotFound)?;
    let name = id.to_owned();
    let found = tokio::task::spawn_blocking(move || shows.execution(&name));
    let found = found.await.map_err(|_| Refusal::Failed)?;
    let found = found.map_err(|why| refused(why, "/"))?;
    // A tenant that is not this person's is not there.
    let seen = found.filter(|one| signed.role_in(&one.tenant).is_some());
    seen.ok_or(Refusal::NotFound)
}

/// Returns the page of an execution, with the passwords that were set now where there are any.
pub(super) fn told(signed: &Signed, sight: &Sight, done: &ExecutionView) -> impl Template {
    let can_act = signed.role_in(&done.tenant) >= Some(Role::Responder);
    let is_free = done.is_free_for(&signed.account.name);
    let many = |state| done.steps.iter().filter(|one| one.state == state).count() as u64;
    let open = many(DoneState::Waiting) + many(DoneState::Failed) + many(DoneState::Unknown);
    let can_be_undone = done.steps.iter().any(|one| one.can_undo);
    // An incident that detection has joined with others since has another name.
    let stands = sight.incident(&done.incident).is_ok();
    ExecutionPage {
        frame: Frame::of(
            signed,
            "triage",
            &format!("What was done for {}", subject(&done.user)),
        ),
        form: signed.form_secret.clone(),
        id: done.id.clone(),
        plan: if stands && can_act {
            plan_path(&done.incident, &done.plan)
        } else {
            String::new()
        },
        incident: if stands {
            done.incident.clone()
        } else {
            String::new()
        },
        ledger: format!("/ledger?q={}", done.id),
        user: text(subject(&done.user)),
        by: text(&done.by),
        began: When(done.began),
        approved_by: done.approved_by.iter().map(|one| text(one)).collect(),
        summary: format!(
            "{} done and read back, {} taken back, {} open.",
            counted(many(DoneState::Verified), "step", "steps"),
            number(many(DoneState::Undone)),
            number(open)
        ),
        is_whole: open == 0,
        is_ended: done.is_ended,
        steps: (done.steps.iter())
            .map(|one| line(one, can_act && is_free))
            .collect(),
        passwords: (done.passwords.iter())
            .map(|(whose, password)| (text(whose), text(password)))
            .collect(),
        can_act,
        can_undo: can_act && is_free && can_be_undone,
        awaits_another: can_act && !is_free && can_be_undone,
    }
}

fn line(one: &DoneView, may_undo: bool) -> DoneLine {
    let (state, words) = match one.state {
        DoneState::Waiting => (State::Unknown, "not done yet"),
        DoneState::Verified => (State::Clear, "done and read back"),
        DoneState::Failed => (State::Failed, "failed"),
        DoneState::Unknown => (
            State::Unknown,
            "sent, and could not be read back: it may be done or not",
        ),
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
        can_undo: one.can_undo && may_undo,
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
    let undone = undone(&writes, &posted, &done).await;
    undone.map_err(|why| recorded(&writes, &posted, &done.tenant, "to take back a plan", why))
}

async fn undone(
    writes: &Arc<Writes>,
    posted: &Posted,
    done: &ExecutionView,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    may_act(signed, &done.tenant)?;
    let see = format!("/x/{}", done.id);
    if !signed.is_proved(writes.now()) {
        return Err(Refusal::Prove { next: see });
    }
    if signed.is_called(&done.user) {
        return Err(Refusal::Forbidden(
            "Nobody takes back what was done to their own account. Nothing was done.",
        ));
    }
    if !done.is_free_for(&signed.account.name) {
        return Err(Refusal::NeedsAnother {
            what: "What two people approved is taken back by two: another responder of the tenant approves the plan first.".to_owned(),
            see,
        });
    }
    let step =
        match posted.fields.get("step") {
            "" => None,
            step => Some(step.parse::<u32>().map_err(|_| {
                Refusal::Form("There is no such step. Nothing was done.".to_owned())
            })?),
        };
    let what = step.map_or_else(|| "all steps".to_owned(), |step| format!("step {step}"));
    note(writes, posted, &format!("takes back {what} of {}", done.id))?;
    let (responder, who) = (responder(writes)?, signed.account.name.clone());
    let id = done.id.clone();
    let undone = tokio::task::spawn_blocking(move || responder.undo(&id, step, &who));
    let undone = undone.await.map_err(|_| Refusal::Failed)?;
    undone.map_err(|why| refused(why, &see))?;
    Ok(Redirect::to(&see).into_response())
}
