//! `/`: what is to be looked at first. The address is the whole state of the page.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::pages::secure::plan_path;
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::sight::{Sight, of_tenant};
use crate::text::{State, Text, Urgency, When, counted, number, span, tenant_path, text};
use askama::Template;
use axum::extract::{Query, State as Given};
use axum::response::Response;
use engine::pages::{OpenExecution, WaitingPlan};
use model::shown::shown;
use model::{Incident, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many incidents stand on one page.
const A_PAGE: usize = 100;
/// How many of what needs somebody are listed above them.
const LISTED: usize = 10;

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
    more_broken: u64,
    is_misconfigured: bool,
    unverified: Vec<Unverified>,
    more_unverified: u64,
    waiting: Vec<Waiting>,
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

/// An account that was to be secured, and of which not every step was read back.
struct Unverified {
    path: String,
    whom: Text,
    tenant: Text,
    state: State,
    why: String,
    began: When,
    by: Text,
}

/// A plan that waits for somebody.
struct Waiting {
    path: String,
    whom: Text,
    tenant: Text,
    made: When,
    made_by: Text,
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
    let mut broken = broken(sight);
    let mut unverified: Vec<Unverified> = unverified(sight, &names);
    let (next, next_link) = next(sight, &broken, &unverified);
    let more_broken = broken.len().saturating_sub(LISTED) as u64;
    broken.truncate(LISTED);
    let more_unverified = unverified.len().saturating_sub(LISTED) as u64;
    unverified.truncate(LISTED);
    TriagePage {
        frame: Frame::of(signed, "triage", "Triage"),
        counts: counts(sight),
        total: counted(sight.incidents().count() as u64, "incident", "incidents"),
        next: text(&next),
        next_link,
        nothing: nothing(sight, asked),
        broken,
        more_broken,
        is_misconfigured: sight.is_misconfigured(),
        unverified,
        more_unverified,
        waiting: waiting(sight, &names),
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

fn unverified(sight: &Sight, names: &BTreeMap<&str, &str>) -> Vec<Unverified> {
    let line = |one: &OpenExecution| {
        let steps = counted(one.open, "step is", "steps are");
        let (state, why) = match (one.open, one.is_cut_off) {
            (0, _) => (State::Unknown, "it goes on now, or was cut off".to_owned()),
            (_, true) => (
                State::Failed,
                format!("{steps} not read back, and it goes on or was cut off"),
            ),
            (_, false) => (State::Failed, format!("{steps} not read back as done")),
        };
        Unverified {
            path: format!("/x/{}", one.id),
            whom: whom(&one.user),
            tenant: text(
                names
                    .get(one.tenant.as_str())
                    .unwrap_or(&one.tenant.as_str()),
            ),
            state,
            why,
            began: When(one.began),
            by: text(&one.by),
        }
    };
    sight.open().map(line).collect()
}

fn waiting(sight: &Sight, names: &BTreeMap<&str, &str>) -> Vec<Waiting> {
    let line = |one: &WaitingPlan| Waiting {
        path: plan_path(&one.subject, &one.hash),
        whom: whom(&one.user),
        tenant: text(
            names
                .get(one.tenant.as_str())
                .unwrap_or(&one.tenant.as_str()),
        ),
        made: When(one.made),
        made_by: text(&one.made_by),
        why: match one.approved_by.as_slice() {
            [] => "a second person has to approve it".to_owned(),
            names => format!("approved by {}, to be confirmed", shown(&names.join(", "))),
        },
    };
    let stands = |one: &&WaitingPlan| sight.incident(&one.subject).is_ok();
    sight
        .waiting()
        .filter(stands)
        .take(LISTED)
        .map(line)
        .collect()
}

fn whom(user: &str) -> Text {
    text(if user.is_empty() { "the tenant" } else { user })
}

/// The one thing to do next.
fn next(sight: &Sight, broken: &[Broken], unverified: &[Unverified]) -> (String, Option<String>) {
    if let Some(first) = unverified.iter().find(|one| one.state == State::Failed) {
        let words = format!("{} is not secured yet: {}", first.whom, first.why);
        return (words, Some(first.path.clone()));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::Known;
    use engine::pages::{Account, Standing, StoredSession};

    fn open(tenant: &str, open: u64) -> OpenExecution {
        OpenExecution {
            id: format!("X-{tenant}"),
            tenant: tenant.to_owned(),
            user: format!("<b>{tenant}</b>"),
            open,
            ..OpenExecution::default()
        }
    }

    fn waiting(approved_by: &[&str]) -> WaitingPlan {
        WaitingPlan {
            hash: "abc".to_owned(),
            tenant: "a".to_owned(),
            subject: "incident-1".to_owned(),
            approved_by: approved_by.iter().map(|one| (*one).to_owned()).collect(),
            ..WaitingPlan::default()
        }
    }

    fn shown(role: &str, approved_by: &[&str]) -> String {
        let account = Account {
            name: "rita".to_owned(),
            roles: vec![("a".to_owned(), role.to_owned())],
            ..Account::default()
        };
        let incident = Incident {
            id: "incident-1".to_owned(),
            tenant: "a".to_owned(),
            ..Incident::default()
        };
        let known = Known {
            standing: Arc::new(Standing {
                incidents: vec![incident],
                ..Standing::default()
            }),
            open: vec![open("a", 2), open("b", 1)],
            waiting: vec![waiting(approved_by)],
            ..Known::default()
        };
        let signed = Signed {
            account: account.clone(),
            session: StoredSession {
                digest: String::new(),
                account: "rita".to_owned(),
                opened: model::Timestamp(0),
                used: model::Timestamp(0),
                proved: model::Timestamp(0),
                address: String::new(),
                agent: String::new(),
            },
            form_secret: String::new(),
        };
        let sight = Sight::made(known, account, model::Timestamp(0));
        made(&signed, &sight, &Asked::default())
            .render()
            .expect("a page")
    }

    #[test]
    fn what_is_not_read_back_comes_before_everything_else() {
        let page = shown("viewer", &[]);
        assert!(page.contains("Contained, and not verified"));
        assert!(page.contains("href=\"/x/X-a\""));
        assert!(!page.contains("X-b"), "another's tenant is not there");
        assert!(page.contains("is not secured yet: 2 steps are not read back as done"));
        assert!(!page.contains("<b>"));
        assert!(
            !page.contains("Waiting for a second person"),
            "who may not act is not asked to approve"
        );
    }

    #[test]
    fn a_plan_waits_for_the_second_person_and_then_for_the_first() {
        let page = shown("responder", &[]);
        assert!(page.contains("href=\"/a/incident-1/secure/abc\""));
        assert!(page.contains("a second person has to approve it"));
        let page = shown("responder", &["sven"]);
        assert!(page.contains("approved by sven, to be confirmed"));
    }
}
