//! `/a/{id}`: what happened, why that is believed, and what to do next.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::role::Role;
use crate::session::Signed;
use crate::sight::Sight;
use crate::text::{Text, Urgency, When, counted, number, span, tenant_path, text, texts};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use model::{Finding, Incident};
use std::sync::Arc;

/// How many findings a page tells one by one.
const TOLD: usize = 200;
/// How many proofs and records of a finding a page lists.
const LISTED: usize = 50;

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    frame: Frame,
    id: String,
    urgency: Urgency,
    title: Text,
    summary: Text,
    reasons: Vec<Text>,
    users: Vec<Text>,
    tenant_path: String,
    tenant_name: Text,
    from: When,
    to: When,
    age: String,
    score: String,
    complete: Option<When>,
    lag: String,
    gaps: u64,
    steps: Vec<Step>,
    more: usize,
    seeds: Vec<(Text, Text)>,
    commands: Vec<Command>,
    can_secure: bool,
}

struct Command {
    what: &'static str,
    line: Text,
}

struct Step {
    id: Text,
    when: When,
    last: Option<When>,
    urgency: Urgency,
    title: Text,
    detection: Text,
    why: Text,
    silent_if: Text,
    user: Text,
    ips: Vec<Text>,
    attack: Vec<Text>,
    proofs: Vec<Proof>,
    records: Vec<Text>,
    record_count: String,
    more_proofs: usize,
}

struct Proof {
    record: Text,
    field: Text,
    value: Text,
    baseline: Text,
}

/// Shows an incident.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let incident = sight.incident(&id)?;
    let can_act = sight.role_in(&incident.tenant) >= Some(Role::Responder);
    let can_secure = can_act && reads.shows.is_some();
    Ok(page(&made(&signed, &sight, incident, can_secure)))
}

fn made(signed: &Signed, sight: &Sight, incident: &Incident, can_secure: bool) -> IncidentPage {
    let tenant = sight.tenant(&incident.tenant).ok();
    let complete = tenant.and_then(|one| one.feeds.iter().filter_map(|feed| feed.feed.until).min());
    let ago = |seconds: i64| span((sight.now.0 - seconds) / 1_000_000);
    let findings: Vec<&Finding> = sight.findings_of(incident).collect();
    IncidentPage {
        frame: Frame::of(signed, "triage", &incident.title),
        id: incident.id.clone(),
        urgency: Urgency(incident.severity),
        title: text(&incident.title),
        summary: text(&summary(incident, &findings)),
        reasons: texts(&incident.reasons),
        users: texts(&incident.users),
        tenant_path: tenant_path(&incident.tenant),
        tenant_name: text(tenant.map_or(incident.tenant.as_str(), |one| one.name.as_str())),
        from: When(incident.from),
        to: When(incident.to),
        age: ago(incident.to.0),
        score: format!("{}.{:03}", incident.score / 1000, incident.score % 1000),
        lag: complete.map_or_else(String::new, |at| ago(at.0)),
        complete: complete.map(When),
        gaps: tenant.map_or(0, |one| one.gaps.len() as u64),
        steps: findings.iter().take(TOLD).map(|one| step(one)).collect(),
        more: findings.len().saturating_sub(TOLD),
        seeds: (incident.seeds.iter())
            .map(|seed| (text(seed.kind), text(&seed.value)))
            .collect(),
        commands: commands(incident),
        can_secure,
    }
}

/// One sentence: who, how much, over how long.
fn summary(incident: &Incident, findings: &[&Finding]) -> String {
    let whom = super::triage::who(incident);
    let what = counted(findings.len() as u64, "finding", "findings");
    let over = span((incident.to.0 - incident.from.0) / 1_000_000);
    format!("{what} about {whom} within {over}.")
}

fn step(finding: &Finding) -> Step {
    let proof = |one: &model::Proof| Proof {
        record: text(&one.record),
        field: text(&one.field),
        value: text(&one.value),
        baseline: text(&one.baseline),
    };
    Step {
        id: text(&finding.id),
        when: When(finding.time),
        last: (finding.last_time.0 - finding.time.0 >= 1_000_000)
            .then_some(When(finding.last_time)),
        urgency: Urgency(finding.severity),
        title: text(&finding.title),
        detection: text(&finding.detection),
        why: text(&finding.why),
        silent_if: text(&finding.silent_if),
        user: text(&finding.user),
        ips: texts(&finding.ips),
        attack: texts(&finding.mitre),
        proofs: finding.proofs.iter().take(LISTED).map(proof).collect(),
        records: finding
            .records
            .iter()
            .take(LISTED)
            .map(|one| text(one))
            .collect(),
        record_count: match finding.record_count {
            1 => "1 record shows".to_owned(),
            many => format!("{} records show", number(many)),
        },
        more_proofs: finding.proofs.len().saturating_sub(LISTED),
    }
}

/// What to type to go on: each text quoted so that no shell makes anything else of it.
fn commands(incident: &Incident) -> Vec<Command> {
    let mut seeds = String::new();
    for seed in &incident.seeds {
        seeds.push_str(" --seed ");
        seeds.push_str(&quoted(&seed.to_string()));
    }
    let mut commands: Vec<Command> = (incident.users.iter().take(3))
        .map(|user| Command {
            what: "Which messages were reached",
            line: text(&format!("breachscope investigate {}{seeds}", quoted(user))),
        })
        .collect();
    if let Some(first) = incident.findings.first() {
        commands.push(Command {
            what: "Why there is the first finding",
            line: text(&format!("breachscope detect explain {first}")),
        });
    }
    commands
}

fn quoted(word: &str) -> String {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "@._-=:/+".contains(one);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_quoted_where_a_shell_would_read_it_otherwise() {
        assert_eq!(quoted("ip=203.0.113.7"), "ip=203.0.113.7");
        assert_eq!(quoted("rule=a b"), "'rule=a b'");
        assert_eq!(quoted("rule='; rm -rf ~"), "'rule='\\''; rm -rf ~'");
    }
}
