//! `/doctor` and `/doctor/{tenant}`: what the last look of the doctor found, with its age. The pages ask
//! no tenant: looking is a command.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::sight::{Sight, of_tenant};
use crate::text::{State, Text, When, number, span, tenant_path, text, texts};
use askama::Template;
use axum::extract::{Path, Query, State as Given};
use axum::response::Response;
use engine::pages::TenantStanding;
use engine::{KeptCheck, KeptHealth};
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many tenants stand on one page.
const A_PAGE: usize = 100;
/// What was found longer ago than this may stand otherwise.
const OLD_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// Which page is shown.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "doctor.html")]
struct DoctorPage {
    frame: Frame,
    tenants: Vec<Line>,
    shown: String,
    machine: Option<Looked>,
    earlier: Option<String>,
    later: Option<String>,
}

struct Line {
    path: String,
    name: Text,
    state: State,
    sentence: Text,
    not_well: String,
    provable: String,
    looked: Option<When>,
    age: String,
}

#[derive(Template)]
#[template(path = "doctor_tenant.html")]
struct TenantPage {
    frame: Frame,
    id: Text,
    name: Text,
    tenant: String,
    state: State,
    collecting: (State, String),
    gaps: String,
    looked: Option<Looked>,
}

/// One look.
struct Looked {
    at: When,
    age: String,
    is_old: bool,
    is_open: bool,
    sentence: Text,
    caveats: Vec<Text>,
    shares: Option<[(&'static str, String); 4]>,
    not_well: Vec<Check>,
    well: Vec<Check>,
}

struct Check {
    state: State,
    word: &'static str,
    name: Text,
    subject: Text,
    what: Text,
    why: &'static str,
    fix: Text,
    commands: Vec<Text>,
    more: usize,
    link: &'static str,
}

/// Shows how every tenant stood when it was last looked at, the worst first.
pub(crate) async fn all(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let health = sight.health();
    let mut tenants: Vec<Line> = (sight.tenants().filter(|one| one.is_configured))
        .map(|one| line(one, &health, sight.now.0))
        .collect();
    tenants.sort_by_key(|one| Reverse(one.state));
    let pages = tenants.len().div_ceil(A_PAGE).max(1);
    let at = asked.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let all = tenants.len();
    let first = (at - 1) * A_PAGE;
    let tenants: Vec<Line> = tenants.into_iter().skip(first).take(A_PAGE).collect();
    let machine = health.get("").filter(|_| signed.is_admin());
    Ok(page(&DoctorPage {
        frame: Frame::of(&signed, "doctor", "Doctor"),
        shown: match tenants.len() {
            0 => "none".to_owned(),
            many => format!(
                "{} to {} of {}",
                number(first as u64 + 1),
                number((first + many) as u64),
                number(all as u64)
            ),
        },
        tenants,
        machine: machine.map(|one| looked(one, sight.now.0)),
        earlier: (at > 1).then(|| format!("/doctor?page={}", at - 1)),
        later: (at < pages).then(|| format!("/doctor?page={}", at + 1)),
    }))
}

fn path(tenant: &str) -> String {
    tenant_path(tenant).replacen("/t/", "/doctor/", 1)
}

fn line(tenant: &TenantStanding, health: &BTreeMap<&str, &KeptHealth>, now: i64) -> Line {
    let line = Line {
        path: path(&tenant.id),
        name: text(&tenant.name),
        state: State::Unknown,
        sentence: text("It was never looked at."),
        not_well: String::new(),
        provable: String::new(),
        looked: None,
        age: String::new(),
    };
    let Some(health) = health.get(tenant.id.as_str()) else {
        return line;
    };
    let not_well = health.checks.iter().filter(|one| !one.state.is_well());
    Line {
        state: state_of(health, now),
        sentence: text(&health.sentence),
        not_well: number(not_well.count() as u64),
        provable: health.shares.map_or_else(
            || "?".to_owned(),
            |shares| engine::percent(shares.provable, shares.mailboxes),
        ),
        looked: Some(When(health.at)),
        age: age(health, now),
        ..line
    }
}

fn age(health: &KeptHealth, now: i64) -> String {
    format!("{} ago", span((now - health.at.0) / 1_000_000))
}

/// Returns how a tenant stands. What was well long ago is not known to be.
fn state_of(health: &KeptHealth, now: i64) -> State {
    match state(health.state()) {
        State::Clear if now - health.at.0 > OLD_MICROS => State::Unknown,
        state => state,
    }
}

fn state(of: engine::State) -> State {
    match of {
        engine::State::Well | engine::State::Advice => State::Clear,
        engine::State::Wrong => State::Found,
        engine::State::Unknown => State::Unknown,
        engine::State::Blind => State::Failed,
    }
}

/// Shows what the last look at one tenant found.
pub(crate) async fn one(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let tenant = sight.tenant(if id == "-" { "" } else { &id })?;
    let health = sight.health();
    let health = health.get(tenant.id.as_str()).copied();
    let now = sight.now.0;
    Ok(page(&TenantPage {
        frame: Frame::of(&signed, "doctor", &format!("Doctor: {}", tenant.name)),
        id: text(&tenant.id),
        name: text(&tenant.name),
        tenant: tenant_path(&tenant.id),
        state: health.map_or(State::Unknown, |one| state_of(one, now)),
        collecting: of_tenant(tenant, 0, sight.now),
        gaps: number(tenant.gaps.len() as u64),
        looked: health.map(|one| looked(one, now)),
    }))
}

fn looked(health: &KeptHealth, now: i64) -> Looked {
    let (well, mut not_well): (Vec<&KeptCheck>, Vec<&KeptCheck>) =
        (health.checks.iter()).partition(|one| one.state == engine::State::Well);
    not_well.sort_by_key(|one| Reverse(one.state));
    Looked {
        at: When(health.at),
        age: age(health, now),
        is_old: now - health.at.0 > OLD_MICROS,
        is_open: health.is_open,
        sentence: text(&health.sentence),
        caveats: texts(&health.caveats),
        shares: health.shares.map(|shares| {
            [
                ("Mailboxes", number(shares.mailboxes as u64)),
                ("Provable", number(shares.provable as u64)),
                ("Folder-level only", number(shares.folder_level as u64)),
                ("Not provable", number(shares.not_provable as u64)),
            ]
        }),
        not_well: told_once(&not_well),
        well: well.into_iter().map(check).collect(),
    }
}

/// Returns what is not well. Of twenty sources that stand alike, one tells why it matters and what is
/// to be done.
fn told_once(all: &[&KeptCheck]) -> Vec<Check> {
    let mut told = Vec::new();
    let mut before: Option<&KeptCheck> = None;
    for one in all {
        let mut line = check(one);
        if before.is_some_and(|last| last.name == one.name) {
            line.why = "";
        }
        if before.is_some_and(|last| (&last.name, &last.fix) == (&one.name, &one.fix)) {
            line.fix = text("");
            if before.is_some_and(|last| last.commands == one.commands) {
                line.commands.clear();
            }
        }
        told.push(line);
        before = Some(one);
    }
    told
}

fn check(one: &KeptCheck) -> Check {
    Check {
        state: state(one.state),
        word: one.state.name(),
        name: text(&one.name),
        subject: text(&one.subject),
        what: text(&one.what),
        why: one.why,
        fix: text(&one.fix),
        commands: texts(&one.commands),
        more: one.more_commands,
        link: one.link,
    }
}
