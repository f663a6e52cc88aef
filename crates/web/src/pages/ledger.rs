//! `/ledger`: what was done to tenants, by whom, act by act, and whether the record holds. The address
//! is the whole state of the page.

use crate::checking::{Checked, checked};
use crate::csv;
use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::pages::secure::plan_path;
use crate::pages::triage::Choice;
use crate::refusal::Refusal;
use crate::role::{EVERY_TENANT, Role};
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{State, Text, When, counted, instant, number, span, text};
use askama::Template;
use axum::extract::{Query, State as Given};
use axum::response::Response;
use engine::pages::{ActLine, ActsOf};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many acts stand on one page.
const A_PAGE: u64 = 100;
/// How many acts one file holds at most.
const A_FILE: u64 = 100_000;
/// How many breaks of the chain are told.
const TOLD: usize = 20;

/// What of the record is shown.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    tenant: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    frame: Frame,
    chain: ChainLine,
    q: Text,
    since: Text,
    until: Text,
    wrong: &'static str,
    tenants: Vec<Choice>,
    is_filtered: bool,
    shown: String,
    csv: String,
    acts: Vec<Line>,
    earlier: Option<String>,
    later: Option<String>,
}

/// Whether the record holds, in one of the four states.
struct ChainLine {
    state: State,
    words: String,
    breaks: Vec<Text>,
    key: Text,
    at: Option<When>,
}

struct Line {
    number: String,
    at: When,
    by: Text,
    known_by: Text,
    what: Text,
    object: Text,
    result: Option<(State, Text)>,
    said: Text,
    tenant: Text,
    whom: Text,
    plan: Option<(String, Text)>,
    execution: Option<Text>,
    changes: Vec<Change>,
    requests: Vec<Text>,
    digest: Text,
}

struct Change {
    field: Text,
    before: Text,
    after: Text,
}

/// Shows the record.
pub(crate) async fn get(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let at = asked.page.parse::<u64>().unwrap_or(1).max(1);
    let (mut of, wrong) = acts_of(&signed, &asked);
    of.most = A_PAGE;
    of.skip = (at - 1)
        .saturating_mul(A_PAGE)
        .min(i64::MAX.unsigned_abs() / 2);
    let (acts, all) = looked(&reads, of).await?;
    let chain = chain_line(checked(&reads).await?, reads.now().0);
    let names = sight.names();
    let last = all.div_ceil(A_PAGE).max(1);
    let first = (at - 1).saturating_mul(A_PAGE);
    Ok(page(&LedgerPage {
        frame: Frame::of(&signed, "ledger", "Ledger"),
        chain,
        q: text(&asked.q),
        since: text(&asked.since),
        until: text(&asked.until),
        wrong,
        tenants: choices(&sight, &asked.tenant),
        is_filtered: is_filtered(&asked),
        shown: match acts.len() as u64 {
            0 => "none".to_owned(),
            many => format!(
                "{} to {} of {}",
                number(first + 1),
                number(first + many),
                number(all)
            ),
        },
        csv: address("/ledger.csv", &asked, None),
        acts: (acts.iter())
            .map(|one| line(one, &signed, &sight, &names))
            .collect(),
        later: (at > 1).then(|| address("/ledger", &asked, Some((at - 1).min(last)))),
        earlier: (at < last).then(|| address("/ledger", &asked, Some(at + 1))),
    }))
}

/// Hands the record over as a table for spreadsheets.
pub(crate) async fn export(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let (mut of, _) = acts_of(&signed, &asked);
    of.most = A_FILE;
    let (acts, _) = looked(&reads, of).await?;
    let mut lines = csv::line(&[
        "number",
        "at",
        "tenant",
        "by",
        "known by",
        "act",
        "action",
        "object",
        "whom",
        "result",
        "said",
        "incident",
        "plan",
        "execution",
        "step",
        "before",
        "after",
        "requests",
        "digest",
    ]);
    for act in &acts {
        lines += &csv::line(&[
            &act.number.to_string(),
            &act.at.to_string(),
            &act.tenant,
            &act.by,
            &act.known_by,
            &act.act,
            &act.title,
            &object(act),
            &act.user,
            &act.result,
            &act.what,
            &act.subject,
            &act.plan,
            &act.execution,
            &act.step.map(|step| step.to_string()).unwrap_or_default(),
            &fields(&act.before),
            &fields(&act.after),
            &requests(act).join("; "),
            &act.digest,
        ]);
    }
    Ok(csv::file("breachscope-ledger.csv", lines))
}

async fn looked(reads: &Arc<Reads>, of: ActsOf) -> Result<(Vec<ActLine>, u64), Refusal> {
    let reads = Arc::clone(reads);
    let found = tokio::task::spawn_blocking(move || reads.looking().acts(&of));
    Ok(found.await.map_err(|_| Refusal::Failed)??)
}

/// Returns which acts are asked for, of those that the person may see; and what of it was not understood.
fn acts_of(signed: &Signed, asked: &Asked) -> (ActsOf, &'static str) {
    let (since, until) = (instant(&asked.since), instant(&asked.until));
    let is_read = |typed: &str, read: bool| typed.trim().is_empty() || read;
    let is_wrong =
        !is_read(&asked.since, since.is_some()) || !is_read(&asked.until, until.is_some());
    let roles = &signed.account.roles;
    let sees_all = roles.iter().any(|(of, _)| of == EVERY_TENANT);
    let of = ActsOf {
        tenants: match asked.tenant.as_str() {
            "" if sees_all => None,
            "" => Some(roles.iter().map(|(of, _)| of.clone()).collect()),
            one if signed.role_in(one).is_some() => Some(vec![one.to_owned()]),
            _ => Some(Vec::new()),
        },
        naming: asked.q.trim().to_owned(),
        since,
        // A day that is named is meant to its end.
        until: until.map(|until| match asked.until.trim().len() {
            10 => until.plus_seconds(24 * 3600),
            _ => until,
        }),
        ..ActsOf::default()
    };
    let wrong = if is_wrong {
        "A time is written like 2026-03-14 or 2026-03-14T07:12; what could not be read was left out."
    } else {
        ""
    };
    (of, wrong)
}

fn is_filtered(asked: &Asked) -> bool {
    let all = [&asked.q, &asked.tenant, &asked.since, &asked.until];
    all.iter().any(|one| !one.is_empty())
}

fn choices(sight: &Sight, chosen: &str) -> Vec<Choice> {
    let names = sight.names();
    let choice = |(id, name): (&&str, &&str)| Choice {
        value: text(id),
        words: text(name),
        is_chosen: *id == chosen,
    };
    names.iter().map(choice).collect()
}

fn chain_line(checked: Option<Checked>, now: i64) -> ChainLine {
    let none = ChainLine {
        state: State::Unknown,
        words: String::new(),
        breaks: Vec::new(),
        key: text(""),
        at: None,
    };
    let Some(checked) = checked else {
        return ChainLine {
            words: "The record is being checked now. Load the page again to see whether it holds."
                .to_owned(),
            ..none
        };
    };
    let at = Some(When(checked.at));
    let Some(chain) = checked.chain else {
        return ChainLine {
            state: State::Failed,
            words: "The record could not be checked; why is in the log of the server.".to_owned(),
            at,
            ..none
        };
    };
    let key = text(&chain.key);
    let age = span((now - checked.at.0) / 1_000_000);
    match (chain.acts, chain.breaks.len()) {
        (_, many) if many > 0 => ChainLine {
            state: State::Found,
            words: format!(
                "The record does not hold in {}: somebody changed it, or part of it was lost.",
                counted(many as u64, "place", "places")
            ),
            breaks: chain
                .breaks
                .iter()
                .take(TOLD)
                .map(|one| text(one))
                .collect(),
            key,
            at,
        },
        (0, _) => ChainLine {
            words: "Nothing was done so far, so there is nothing to check.".to_owned(),
            at,
            ..none
        },
        (acts, _) => ChainLine {
            state: State::Clear,
            words: format!(
                "{}, chained and signed: none was changed, taken out, put in or moved. Checked {age} ago.",
                counted(acts, "act", "acts")
            ),
            key,
            at,
            ..none
        },
    }
}

fn line(act: &ActLine, signed: &Signed, sight: &Sight, names: &BTreeMap<&str, &str>) -> Line {
    let tenant = names.get(act.tenant.as_str()).copied();
    let what = match (act.act.as_str(), act.title.as_str()) {
        ("step", title) if !title.is_empty() => title.to_owned(),
        (act, _) => words(act).to_owned(),
    };
    Line {
        number: number(act.number),
        at: When(act.at),
        by: text(&act.by),
        known_by: text(&act.known_by),
        what: text(&what),
        object: text(&object(act)),
        result: result(&act.result),
        said: text(&said(act)),
        tenant: text(tenant.unwrap_or(&act.tenant)),
        whom: text(&act.user),
        plan: (!act.plan.is_empty()).then(|| (plan_link(act, signed, sight), short(&act.plan))),
        execution: (!act.execution.is_empty()).then(|| text(&act.execution)),
        changes: changes(act),
        requests: requests(act).iter().map(|one| text(one)).collect(),
        digest: text(&act.digest),
    }
}

/// Returns what was said of an act; of a plan, where the state is kept that it was made from.
fn said(act: &ActLine) -> String {
    match act.act.as_str() {
        "planned" if !act.what.is_empty() => format!("state before, kept as {}", act.what),
        _ => act.what.clone(),
    }
}

/// Returns the address of a plan, for whoever may open it; for others, of all that was done by it.
fn plan_link(act: &ActLine, signed: &Signed, sight: &Sight) -> String {
    let may = signed.role_in(&act.tenant) >= Some(Role::Responder);
    if may && sight.incident(&act.subject).is_ok() {
        return plan_path(&act.subject, &act.plan);
    }
    let plan: String = form_urlencoded::byte_serialize(act.plan.as_bytes()).collect();
    format!("/ledger?q={plan}")
}

fn short(hash: &str) -> Text {
    text(&hash.chars().take(12).collect::<String>())
}

/// Returns the words for an act; one that is not known is shown as it is.
fn words(act: &str) -> &str {
    match act {
        "planned" => "Plan made",
        "approved" => "Plan approved",
        "began" => "Began to carry the plan out",
        "resumed" => "Went on with the plan",
        "ended" => "Plan carried out to its end",
        "stopped" => "Stopped by the operator",
        "refused" => "Refused",
        other => other,
    }
}

fn result(result: &str) -> Option<(State, Text)> {
    let state = match result {
        "" => return None,
        "done" | "already" => State::Clear,
        "undone" => State::Found,
        "failed" => State::Failed,
        _ => State::Unknown,
    };
    let words = match result {
        "done" => "done and read back",
        "already" => "was so already",
        "undone" => "taken back",
        "failed" => "failed",
        "unknown" => "could not be read back",
        other => other,
    };
    Some((state, text(words)))
}

fn object(act: &ActLine) -> String {
    let Some(object) = &act.object else {
        return String::new();
    };
    let name = if object.name.is_empty() {
        &object.id
    } else {
        &object.name
    };
    format!("{} {name}", object.kind)
}

fn changes(act: &ActLine) -> Vec<Change> {
    let mut fields: Vec<&String> = act.before.keys().chain(act.after.keys()).collect();
    fields.sort();
    fields.dedup();
    let side = |values: &BTreeMap<String, serde_json::Value>, field: &String| {
        text(&values.get(field).map(plain).unwrap_or_default())
    };
    let change = |field: &String| Change {
        field: text(field),
        before: side(&act.before, field),
        after: side(&act.after, field),
    };
    fields.into_iter().map(change).collect()
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn fields(values: &BTreeMap<String, serde_json::Value>) -> String {
    let told: Vec<String> = (values.iter())
        .map(|(field, value)| format!("{field}: {}", plain(value)))
        .collect();
    told.join(", ")
}

fn requests(act: &ActLine) -> Vec<String> {
    let told = |one: &engine::WireRequest| {
        let id = match one.request_id.as_str() {
            "" => String::new(),
            id => format!(", request {id}"),
        };
        let status = match one.status {
            0 => "no answer".to_owned(),
            status => status.to_string(),
        };
        format!("{} {}: {status}{id}", one.service, one.request)
    };
    act.requests.iter().map(told).collect()
}

fn address(path: &str, asked: &Asked, at: Option<u64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let pairs = [
        ("q", &asked.q),
        ("tenant", &asked.tenant),
        ("since", &asked.since),
        ("until", &asked.until),
    ];
    for (name, value) in pairs {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(at) = at {
        query.append_pair("page", &at.to_string());
    }
    match query.finish().as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
