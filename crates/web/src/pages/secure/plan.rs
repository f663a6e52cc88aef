//! A plan that was made: what would be done, what stays, who has to approve it.

use super::{kept, may_act, plan_path, subject, word};
use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::respond::{PlanView, StepView};
use crate::seal::{self, PAGE_MICROS};
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{Text, Urgency, moment, text, texts};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use model::{Incident, Timestamp};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "secure.html")]
struct SecurePage {
    frame: Frame,
    form: String,
    id: String,
    path: String,
    title: Text,
    urgency: Urgency,
    user: Text,
    local: Text,
    hash: String,
    short: String,
    link: String,
    steps: Vec<StepLine>,
    kept: Vec<Text>,
    unknown: Vec<Text>,
    /// Others whom the incident concerns.
    others: Vec<Text>,
    made: Text,
    made_by: Text,
    another: Option<Another>,
    execution: Option<String>,
    is_carried_out: bool,
    is_taken_back: bool,
    is_free: bool,
    is_proved: bool,
}

/// The second person that a plan needs.
struct Another {
    why: Vec<Text>,
    approved_by: Vec<Text>,
    part: Part,
}

/// What whoever looks can do about the approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// They may approve it.
    May,
    /// They did.
    Did,
    /// They had it made, so another one does.
    Maker,
}

impl Another {
    fn may(&self) -> bool {
        self.part == Part::May
    }

    fn did(&self) -> bool {
        self.part == Part::Did
    }
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
    caution: Text,
    by_hand: Text,
    is_ticked: bool,
    manual: Option<Text>,
}

/// The link by which somebody came to a plan.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct By {
    #[serde(default)]
    link: String,
}

/// Shows a plan that was made.
pub(crate) async fn planned(
    State(reads): State<Arc<Reads>>,
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

fn made(
    signed: &Signed,
    incident: &Incident,
    plan: &PlanView,
    link: String,
    now: Timestamp,
) -> SecurePage {
    let others = incident.users.iter().filter(|one| **one != plan.user);
    SecurePage {
        frame: Frame::of(signed, "triage", &format!("Secure {}", subject(&plan.user))),
        form: signed.form_secret.clone(),
        id: incident.id.clone(),
        path: plan_path(&incident.id, &plan.hash),
        title: text(&incident.title),
        urgency: Urgency(incident.severity),
        user: text(subject(&plan.user)),
        local: text(word(&plan.user)),
        hash: plan.hash.clone(),
        short: plan.hash.chars().take(12).collect(),
        link,
        steps: plan.steps.iter().map(line).collect(),
        kept: texts(&plan.kept),
        unknown: texts(&plan.unknown),
        others: others.map(|one| text(one)).collect(),
        made: moment(&plan.made),
        made_by: text(&plan.made_by),
        another: another(plan, &signed.account.name),
        execution: plan.execution.clone(),
        is_carried_out: plan.is_carried_out,
        is_taken_back: plan.is_taken_back,
        is_free: plan.is_free_for(&signed.account.name),
        is_proved: signed.is_proved(now),
    }
}

fn another(plan: &PlanView, who: &str) -> Option<Another> {
    if plan.needs_another.is_empty() {
        return None;
    }
    let did = plan.approved_by.iter();
    let part = if did.into_iter().any(|name| name.eq_ignore_ascii_case(who)) {
        Part::Did
    } else if is_maker(plan, who) {
        Part::Maker
    } else {
        Part::May
    };
    Some(Another {
        why: texts(&plan.needs_another),
        approved_by: texts(&plan.approved_by),
        part,
    })
}

/// Returns whether somebody had a plan made that nobody has carried out: then they are the one who is
/// to confirm it. Taking back asks for an approval besides whoever takes back, who may be another.
pub(super) fn is_maker(plan: &PlanView, who: &str) -> bool {
    plan.execution.is_none() && plan.made_by.eq_ignore_ascii_case(who)
}

fn line(one: &StepView) -> StepLine {
    StepLine {
        number: one.number,
        title: text(&one.title),
        object: text(&one.object),
        before: text(&one.before),
        after: text(&one.after),
        why: texts(&one.why),
        reversible: one.reversible.as_deref().map(text),
        notices: text(&one.notices),
        caution: text(&one.caution),
        by_hand: text(&one.by_hand),
        is_ticked: one.is_ticked,
        manual: one.manual.as_deref().map(text),
    }
}
