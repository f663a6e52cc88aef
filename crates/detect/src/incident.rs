//! From findings to incidents: what one intruder did is one thing to open.
//!
//! Findings belong together by person, by session and by the address they came from, while they
//! are close in time.

use crate::group::hex;
use crate::world::{DAY, HOUR, seconds_between};
use model::{Address, AddressClass, Finding, Incident, Seed, Severity};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Findings of one person are one incident while no more than this lies between them.
const PERSON_SECONDS: i64 = 3 * DAY;
/// Findings from one address are one incident while no more than this lies between them.
const ADDRESS_SECONDS: i64 = DAY;
/// After this long a finding counts half.
const HALF_LIFE_SECONDS: i64 = 24 * HOUR;
/// From how many users on an address it is taken for one that many share.
const SHARED_BY: usize = 25;

/// Groups findings into incidents and writes into each finding to which it belongs. Findings that
/// are worth no look of their own make no incident.
///
/// The findings get one order, wherever they come from: by time, of one moment the gravest first, so
/// that files and a lake of the same records give the same lines and the same stories.
#[must_use]
pub fn incidents(findings: &mut [Finding]) -> Vec<Incident> {
    findings.sort_by(|left, right| {
        (left.time.cmp(&right.time))
            .then_with(|| right.severity.cmp(&left.severity))
            .then_with(|| left.detection.cmp(&right.detection))
            .then_with(|| left.id.cmp(&right.id))
    });
    let mut sets = Sets::new(findings.len());
    join_by_person(findings, &mut sets);
    join_by_session(findings, &mut sets);
    join_by_address(findings, &mut sets);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..findings.len() {
        groups.entry(sets.root(at)).or_default().push(at);
    }
    let mut incidents = Vec::new();
    for members in groups.into_values() {
        let of: Vec<&Finding> = members.iter().map(|at| &findings[*at]).collect();
        if of.iter().all(|one| one.severity == Severity::Info) {
            continue;
        }
        let incident = incident(&of);
        for at in members {
            findings[at].incident.clone_from(&incident.id);
        }
        incidents.push(incident);
    }
    incidents.sort_by(|left, right| {
        let weight = |one: &Incident| {
            (
                std::cmp::Reverse(one.severity),
                std::cmp::Reverse(one.score),
            )
        };
        weight(left)
            .cmp(&weight(right))
            .then_with(|| left.from.cmp(&right.from))
            .then_with(|| left.id.cmp(&right.id))
    });
    incidents
}

/// Which findings belong together.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(many: usize) -> Self {
        Self {
            parents: (0..many).collect(),
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// The smaller number is the root, so that the order of joining does not matter.
    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        let (low, high) = (left.min(right), left.max(right));
        self.parents[high] = low;
    }
}

fn join_by_person(findings: &[Finding], sets: &mut Sets) {
    join_by(findings, sets, PERSON_SECONDS, |finding| {
        let whose = (!finding.user.is_empty()).then(|| finding.user.clone());
        whose.into_iter().collect()
    });
}

fn join_by_session(findings: &[Finding], sets: &mut Sets) {
    join_by(findings, sets, i64::MAX, |finding| finding.sessions.clone());
}

/// An address joins people only where what was found is worth a look and few share it.
fn join_by_address(findings: &[Finding], sets: &mut Sets) {
    let mut users: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for finding in findings {
        for ip in &finding.ips {
            let on = users.entry((&finding.tenant, ip)).or_default();
            on.insert(&finding.user);
        }
    }
    join_by(findings, sets, ADDRESS_SECONDS, |finding| {
        let is_telling = |ip: &&String| {
            let class = Address::read(ip).map(|address| address.class());
            let many = users
                .get(&(finding.tenant.as_str(), ip.as_str()))
                .map_or(0, BTreeSet::len);
            class == Some(AddressClass::Public) && many < SHARED_BY
        };
        if finding.severity < Severity::Medium {
            return Vec::new();
        }
        finding.ips.iter().filter(is_telling).cloned().collect()
    });
}

/// Joins the findings that share a word and are close enough; findings come in order of time.
fn join_by(
    findings: &[Finding],
    sets: &mut Sets,
    seconds: i64,
    words: impl Fn(&Finding) -> Vec<String>,
) {
    let mut last: BTreeMap<(&str, String), (usize, model::Timestamp)> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        for word in words(finding) {
            let subject = (finding.tenant.as_str(), word);
            let mut until = finding.last_time;
            if let Some((other, ended)) = last.get(&subject) {
                if seconds_between(*ended, finding.time) <= seconds {
                    sets.join(*other, at);
                }
                until = until.max(*ended);
            }
            last.insert(subject, (at, until));
        }
    }
}

fn incident(findings: &[&Finding]) -> Incident {
    let from = findings
        .iter()
        .map(|one| one.time)
        .min()
        .unwrap_or_default();
    let to = findings
        .iter()
        .map(|one| one.last_time)
        .max()
        .unwrap_or_default();
    let users = users(findings);
    let (severity, score, reasons) = weigh(findings);
    Incident {
        id: id(findings),
        severity,
        reasons,
        title: title(findings, &users),
        story: story(findings),
        tenant: findings[0].tenant.clone(),
        from,
        to,
        findings: findings.iter().map(|one| one.id.clone()).collect(),
        seeds: seeds(findings),
        score,
        users,
    }
}

fn users(findings: &[&Finding]) -> Vec<String> {
    let users: BTreeSet<&str> = findings
        .iter()
        .map(|one| one.user.as_str())
        .filter(|user| !user.is_empty())
        .collect();
    users.into_iter().map(str::to_owned).collect()
}

/// How likely a finding alone is a compromise, in thousandths.
fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 50,
        Severity::Medium => 200,
        Severity::High => 500,
        Severity::Critical => 900,
    }
}

/// The noisy-or of the findings, each detection once, older ones fading; around the moment at
/// which that is highest.
fn weigh(findings: &[&Finding]) -> (Severity, u32, Vec<String>) {
    let score = findings
        .iter()
        .map(|now| score_at(findings, now.last_time))
        .max()
        .unwrap_or_default();
    let gravest = findings
        .iter()
        .map(|one| one.severity)
        .max()
        .unwrap_or_default();
    let by_score = match score {
        900.. => Severity::Critical,
        600.. => Severity::High,
        200.. => Severity::Medium,
        1.. => Severity::Low,
        0 => Severity::Info,
    };
    // Many small things make a large one, by one step at most.
    let severity = by_score.min(gravest.raised()).max(gravest);
    let mut reasons: Vec<String> = Vec::new();
    for finding in findings.iter().filter(|one| one.severity == gravest) {
        let reason = format!(
            "{} {}: {}",
            finding.severity, finding.detection, finding.title
        );
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if severity > gravest {
        let detections: BTreeSet<&str> =
            findings.iter().map(|one| one.detection.as_str()).collect();
        reasons.push(format!(
            "{} detections together: score {}.{:03}",
            detections.len(),
            score / 1000,
            score % 1000
        ));
    }
    (severity, score, reasons)
}

fn score_at(findings: &[&Finding], now: model::Timestamp) -> u32 {
    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    for finding in findings {
        let age = seconds_between(finding.last_time, now);
        if age < 0 {
            continue;
        }
        let faded = 0.5_f64.powf(age as f64 / HALF_LIFE_SECONDS as f64);
        let chance = f64::from(weight(finding.severity)) / 1000.0 * faded;
        let known = best.entry(&finding.detection).or_default();
        *known = known.max(chance);
    }
    let none = best
        .values()
        .fold(1.0, |none, chance| none * (1.0 - chance));
    ((1.0 - none) * 1000.0).round() as u32
}

fn title(findings: &[&Finding], users: &[String]) -> String {
    let mut gravest = findings[0];
    for finding in findings {
        if finding.severity > gravest.severity {
            gravest = finding;
        }
    }
    let whose = match users {
        [] => "the tenant".to_owned(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    };
    format!("{}: {whose}", gravest.title)
}

/// How many steps a story tells one by one.
const TOLD: usize = 12;

fn story(findings: &[&Finding]) -> String {
    let worth: Vec<&&Finding> = findings
        .iter()
        .filter(|one| one.severity >= Severity::Medium)
        .collect();
    let told = if worth.is_empty() {
        findings.iter().collect()
    } else {
        worth
    };
    let mut sentences = Vec::new();
    for finding in told.iter().take(TOLD) {
        let minute = finding.time.to_string();
        let minute = minute.get(..16).unwrap_or(&minute).replace('T', " ");
        let why = finding.why.trim_end_matches('.');
        sentences.push(format!("{minute} UTC: {why}."));
    }
    if told.len() > TOLD {
        sentences.push(format!("And {} more.", told.len() - TOLD));
    }
    sentences.join(" ")
}

/// How many seeds of one kind an incident hands on.
const SEEDS: usize = 20;

fn seeds(findings: &[&Finding]) -> Vec<Seed> {
    let worth = findings
        .iter()
        .filter(|one| one.severity >= Severity::Medium);
    let all: BTreeSet<&Seed> = worth.flat_map(|one| &one.seeds).collect();
    let mut many: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for seed in all {
        let of_kind = many.entry(seed.kind).or_default();
        *of_kind += 1;
        if *of_kind <= SEEDS {
            kept.push(seed.clone());
        }
    }
    kept
}

fn id(findings: &[&Finding]) -> String {
    let first = findings
        .iter()
        .map(|one| (one.time, one.id.as_str()))
        .min()
        .map_or("", |(_, id)| id);
    let mut sum = Sha256::new();
    sum.update("incident");
    sum.update(first);
    hex(&sum.finalize())
}
