//! Findings and incidents as they are written: to the operator, and into the ledger.
//!
//! The names are a contract with whoever reads them; a new one may be added at the end.

use model::{Finding, Incident, Proof, Seed, Severity, Timestamp};
use serde::{Deserialize, Serialize};

/// A finding as the operator gets it, a line each.
#[derive(Debug, Serialize)]
pub struct WireFinding<'a> {
    finding: &'a str,
    detection: &'a str,
    title: &'a str,
    severity: &'static str,
    tenant: &'a str,
    user: &'a str,
    time: String,
    last_time: String,
    ips: &'a [String],
    mitre: &'a [String],
    why: &'a str,
    records: &'a [String],
    incident: &'a str,
}

impl<'a> From<&'a Finding> for WireFinding<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            finding: &finding.id,
            detection: &finding.detection,
            title: &finding.title,
            severity: finding.severity.name(),
            tenant: &finding.tenant,
            user: &finding.user,
            time: finding.time.to_string(),
            last_time: finding.last_time.to_string(),
            ips: &finding.ips,
            mitre: &finding.mitre,
            why: &finding.why,
            records: &finding.records,
            incident: &finding.incident,
        }
    }
}

/// An incident as the operator gets it, a line each.
#[derive(Debug, Serialize)]
pub struct WireIncident<'a> {
    incident: &'a str,
    severity: &'static str,
    title: &'a str,
    story: &'a str,
    tenant: &'a str,
    users: &'a [String],
    from: String,
    to: String,
    findings: &'a [String],
    seeds: Vec<String>,
    reasons: &'a [String],
}

impl<'a> From<&'a Incident> for WireIncident<'a> {
    fn from(incident: &'a Incident) -> Self {
        Self {
            incident: &incident.id,
            severity: incident.severity.name(),
            title: &incident.title,
            story: &incident.story,
            tenant: &incident.tenant,
            users: &incident.users,
            from: incident.from.to_string(),
            to: incident.to.to_string(),
            findings: &incident.findings,
            seeds: incident.seeds.iter().map(ToString::to_string).collect(),
            reasons: &incident.reasons,
        }
    }
}

/// A finding as the ledger keeps it, whole.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    id: String,
    detection: String,
    title: String,
    severity: String,
    tenant: String,
    user: String,
    time: i64,
    last_time: i64,
    ips: Vec<String>,
    mitre: Vec<String>,
    why: String,
    records: Vec<String>,
    record_count: u64,
    proofs: Vec<[String; 4]>,
    silent_if: String,
    sessions: Vec<String>,
    apps: Vec<String>,
    #[serde(default)]
    seeds: Vec<[String; 2]>,
}

/// Which form [`Kept`] has.
const VERSION: u32 = 2;

/// Returns a finding as the ledger keeps it.
pub(super) fn kept(finding: &Finding) -> Result<String, serde_json::Error> {
    let finding = finding.clone();
    let proof = |one: Proof| [one.record, one.field, one.value, one.baseline];
    serde_json::to_string(&Kept {
        version: VERSION,
        id: finding.id,
        detection: finding.detection,
        title: finding.title,
        severity: finding.severity.name().to_owned(),
        tenant: finding.tenant,
        user: finding.user,
        time: finding.time.0,
        last_time: finding.last_time.0,
        ips: finding.ips,
        mitre: finding.mitre,
        why: finding.why,
        records: finding.records,
        record_count: finding.record_count,
        proofs: finding.proofs.into_iter().map(proof).collect(),
        silent_if: finding.silent_if,
        sessions: finding.sessions,
        apps: finding.apps,
        seeds: finding
            .seeds
            .into_iter()
            .map(|seed| [seed.kind.to_owned(), seed.value])
            .collect(),
    })
}

/// Returns the finding that the ledger kept.
pub(super) fn found(body: &str) -> Result<Finding, serde_json::Error> {
    let kept: Kept = serde_json::from_str(body)?;
    let proof = |[record, field, value, baseline]: [String; 4]| Proof {
        record,
        field,
        value,
        baseline,
    };
    Ok(Finding {
        id: kept.id,
        detection: kept.detection,
        title: kept.title,
        severity: Severity::of_name(&kept.severity).unwrap_or_default(),
        tenant: kept.tenant,
        user: kept.user,
        time: Timestamp(kept.time),
        last_time: Timestamp(kept.last_time),
        ips: kept.ips,
        mitre: kept.mitre,
        why: kept.why,
        records: kept.records,
        record_count: kept.record_count,
        proofs: kept.proofs.into_iter().map(proof).collect(),
        silent_if: kept.silent_if,
        sessions: kept.sessions,
        apps: kept.apps,
        seeds: kept.seeds.into_iter().filter_map(seed).collect(),
        incident: String::new(),
    })
}

/// The words before the `=` of a seed.
const KINDS: [&str; 3] = ["app", "ip", "session"];

fn seed([kind, value]: [String; 2]) -> Option<Seed> {
    let kind = KINDS.into_iter().find(|known| *known == kind)?;
    Some(Seed { kind, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_comes_back_from_the_ledger_whole() {
        let finding = Finding {
            id: "a".to_owned(),
            severity: Severity::High,
            time: Timestamp(5),
            proofs: vec![Proof {
                record: "r".to_owned(),
                field: "f".to_owned(),
                value: "v\u{202e}".to_owned(),
                baseline: "b".to_owned(),
            }],
            records: vec!["r".to_owned()],
            record_count: 2000,
            seeds: vec![Seed {
                kind: "ip",
                value: "203.0.113.7".to_owned(),
            }],
            ..Finding::default()
        };
        let body = kept(&finding).expect("written");
        assert_eq!(found(&body).expect("read"), finding);
    }
}
