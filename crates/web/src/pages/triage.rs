//! `/`: what is to be looked at first. The address is the whole state of the page.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::sight::{Sight, of_tenant};
use crate::text::{State, Text, Urgency, When, counted, number, span, tenant_path, text};
use askama::Template;
use axum::extract::{Query, State as Given};
use axum::response::Response;
use model::{Incident, Severity};
use serde::Deserialize;
use std::sync::Arc;

/// How many incidents stand on one page.
const A_PAGE: usize = 100;

/// What of the incidents is shown.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    least: String,
    #[serde(default)]
    tenant: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "triage.html")]
struct TriagePage {
    frame: Frame,
    counts: Vec<Count>,
    total: String,
    broken: Vec<Broken>,
    next: Text,
    next_link: Option<String>,
    lines: Vec<Line>,
    shown: String,
    is_filtered: bool,
    q: Text,
    levels: Vec<Choice>,
    tenants: Vec<Choice>,
    earlier: Option<String>,
    later: Option<String>,
    nothing: &'static str,
}

struct Count {
    urgency: Urgency,
    many: String,
    link: String,
}

struct Broken {
    path: String,
    name: Text,
    state: State,
    why: String,
}

/// A choice of a list in a form.
pub(crate) struct Choice {
    pub(crate) value: Text,
    pub(crate) words: Text,
    pub(crate) is_chosen: bool,
}

struct Line {
    id: String,
    urgency: Urgency,
    title: Text,
    reason: Text,
    tenant: Text,
    last: When,
    age: String,
    findings: String,
}

/// Shows what is to be looked at first.
pub(crate) async fn get(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    Ok(page(&made(&signed, &sight, &asked)))
}

fn made(signed: &Signed, sight: &Sight, asked: &Asked) -> TriagePage {
    let names = sight.names();
    let least = Severity::of_name(&asked.least);
    let words = asked.q.trim().to_lowercase();
    let matching: Vec<&Incident> = sight
        .incidents()
        .filter(|one| least.is_none_or(|least| one.severity >= least))
        .filter(|one| asked.tenant.is_empty() || one.tenant == asked.tenant)
        .filter(|one| words.is_empty() || holds(one, &words))
        .collect();
    let pages = matching.len().div_ceil(A_PAGE).max(1);
    let at = asked.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown: Vec<&Incident> = matching
        .iter()
        .skip((at - 1) * A_PAGE)
        .take(A_PAGE)
        .copied()
        .collect();
    let line = |one: &&Incident| Line {
        id: one.id.clone(),
        urgency: Urgency(one.severity),
        title: text(&one.title),
        reason: text(&beginning(&one.story)),
        tenant: text(
            names
                .get(one.tenant.as_str())
                .unwrap_or(&one.tenant.as_str()),
        ),
        last: When(one.to),
        age: format!("{} ago", span((sight.now.0 - one.to.0) / 1_000_000)),
        findings: number(one.findings.len() as u64),
    };
    let broken = broken(sight);
    let (next, next_link) = next(sight, &broken);
    TriagePage {
        frame: Frame::of(signed, "triage", "Triage"),
        counts: counts(sight),
        total: counted(sight.incidents().count() as u64, "incident", "incidents"),
        next: text(&next),
        next_link,
        nothing: nothing(sight, asked),
        broken,
        shown: match matching.len() {
            0 => "none".to_owned(),
            many => format!(
                "{} to {} of {}",
                number(((at - 1) * A_PAGE + 1) as u64),
                number(((at - 1) * A_PAGE + shown.len()) as u64),
                number(many as u64)
            ),
        },
        lines: shown.iter().map(line).collect(),
        is_filtered: least.is_some() || !asked.tenant.is_empty() || !words.is_empty(),
        q: text(&asked.q),
        levels: levels(least),
        tenants: (names.iter())
            .map(|(id, name)| Choice {
                value: text(id),
                words: text(name),
                is_chosen: *id == asked.tenant,
            })
            .collect(),
        earlier: (at > 1).then(|| link(asked, at - 1)),
        later: (at < pages).then(|| link(asked, at + 1)),
    }
}

fn holds(incident: &Incident, words: &str) -> bool {
    incident.title.to_lowercase().contains(words)
        || incident.story.to_lowercase().contains(words)
        || incident.id.starts_with(words)
        || incident.users.iter().any(|user| user.contains(words))
        || incident
            .seeds
            .iter()
            .any(|seed| seed.value.to_lowercase().contains(words))
}

/// Returns whom an incident concerns, in a few words.
pub(crate) fn who(incident: &Incident) -> String {
    match incident.users.as_slice() {
        [] => "the tenant".to_owned(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}

/// How many characters of a story a line shows.
const BEGINNING: usize = 200;

fn beginning(story: &str) -> String {
    let mut short: String = story.chars().take(BEGINNING).collect();
    if short.len() < story.len() {
        short.truncate(short.rfind(' ').unwrap_or(short.len()));
        short.push('\u{2026}');
    }
    short
}

fn counts(sight: &Sight) -> Vec<Count> {
    let levels = Severity::ALL
        .into_iter()
        .rev()
        .filter(|one| *one != Severity::Info);
    let count = |severity: Severity| {
        let many = sight.incidents().filter(|one| one.severity == severity);
        Count {
            urgency: Urgency(severity),
            many: number(many.count() as u64),
            link: format!("/?least={}", severity.name()),
        }
    };
    levels.map(count).collect()
}

fn broken(sight: &Sight) -> Vec<Broken> {
    let mut broken = Vec::new();
    for tenant in sight.tenants() {
        let (state, why) = of_tenant(tenant, 0, sight.now);
        if matches!(state, State::Failed | State::Unknown) {
            broken.push(Broken {
                path: tenant_path(&tenant.id),
                name: text(&tenant.name),
                state,
                why,
            });
        }
    }
    broken.sort_by_key(|one| std::cmp::Reverse(one.state));
    broken
}

/// The one thing to do next.
fn next(sight: &Sight, broken: &[Broken]) -> (String, Option<String>) {
    let grave = |one: &&Incident| one.severity >= Severity::High;
    if let Some(worst) = sight.incidents().next().filter(grave) {
        let link = format!("/a/{}", worst.id);
        return (format!("Open the gravest one: {}", worst.title), Some(link));
    }
    if let Some(first) = broken.iter().find(|one| one.state == State::Failed) {
        let words = format!(
            "Nobody would notice an intruder in {}: {}",
            first.name, first.why
        );
        return (words, Some(first.path.clone()));
    }
    let words = if sight.incidents().next().is_some() {
        "Nothing is urgent. Go through the incidents from above."
    } else if sight.tenants().next().is_none() {
        "Nothing is here yet: import evidence with `breachscope import`, or add a tenant with `breachscope tenant add`."
    } else {
        "Nothing stands open."
    };
    (words.to_owned(), None)
}

fn nothing(sight: &Sight, asked: &Asked) -> &'static str {
    let is_filtered = !(asked.q.is_empty() && asked.least.is_empty() && asked.tenant.is_empty());
    if is_filtered {
        "No incident is like that."
    } else if sight.tenants().any(|one| one.is_looked_at) {
        "No incident stands. That says something only of tenants that are collected and looked at: see Tenants."
    } else {
        "No detection has looked at any record yet: run `breachscope detect`."
    }
}

fn levels(chosen: Option<Severity>) -> Vec<Choice> {
    let all = Severity::ALL
        .into_iter()
        .rev()
        .filter(|one| *one != Severity::Info);
    let choice = |one: Severity| Choice {
        value: text(one.name()),
        words: text(&format!("{} and above", one.name())),
        is_chosen: chosen == Some(one),
    };
    all.map(choice).collect()
}

fn link(asked: &Asked, at: usize) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &asked.q)
        .append_pair("least", &asked.least)
        .append_pair("tenant", &asked.tenant)
        .append_pair("page", &at.to_string())
        .finish();
    format!("/?{query}")
}
