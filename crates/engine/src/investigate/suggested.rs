//! Seeds that detection suggests: where the analyst named none, what was found of the person is
//! where to begin.

use super::Investigation;
use crate::error::EngineError;
use crate::store::Store;
use casework::Seed;
use casework::attribution::{Confidence, Proposal};
use model::{Address, Finding, Severity};

/// How many seeds detection suggests.
const SUGGESTED: usize = 12;
/// How many records a suggestion names.
const SHOWN: usize = 20;

impl Store {
    /// Adds what detection found of the person to the seeds that the records themselves suggest.
    pub(super) fn propose_from_findings(
        &self,
        found: &mut Investigation,
    ) -> Result<(), EngineError> {
        let mut findings = self.findings_of(&found.brief.tenant, &found.brief.user)?;
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let proposals = &mut found.attribution.proposals;
        let mut added = 0;
        for finding in findings
            .iter()
            .filter(|one| one.severity >= Severity::Medium)
        {
            let Some(seed) = seed_of(finding) else {
                continue;
            };
            let is_known = proposals.iter().any(|known| known.seed == seed);
            if !is_known && added < SUGGESTED {
                proposals.push(proposal(finding, seed));
                added += 1;
            }
        }
        // Stable: of two that are as sure the records' own suggestion comes first.
        found.attribution.order_proposals(&found.stakes);
        Ok(())
    }
}

fn proposal(finding: &Finding, seed: Seed) -> Proposal {
    let confidence = match (finding.severity, &seed) {
        // Many may come from one address.
        (_, Seed::Ip(_)) => Confidence::Low,
        (Severity::Critical | Severity::High, _) => Confidence::High,
        _ => Confidence::Medium,
    };
    Proposal {
        confidence,
        seed,
        why: format!(
            "{} finding {} ({}): {}",
            finding.severity, finding.id, finding.detection, finding.why
        ),
        records: finding.records.iter().take(SHOWN).cloned().collect(),
    }
}

/// Returns what of a finding nobody else has: its session, its application, the record of what was
/// done, or else the address.
fn seed_of(finding: &Finding) -> Option<Seed> {
    let of_kind = |kind: &str| finding.seeds.iter().find(|seed| seed.kind == kind);
    if let Some(session) = of_kind("session") {
        return Some(Seed::Session(session.value.to_lowercase()));
    }
    let is_of_app = ["APP-", "MIA-03", "MIA-05"]
        .iter()
        .any(|front| finding.detection.starts_with(front));
    if let (true, Some(app)) = (is_of_app, finding.apps.first()) {
        return Some(Seed::App(app.to_lowercase()));
    }
    let is_an_act = ["INB-", "FWD-", "TRN-", "DEL-"]
        .iter()
        .any(|front| finding.detection.starts_with(front));
    if let (true, Some(record)) = (is_an_act, finding.records.first()) {
        return Some(Seed::Record(record.clone()));
    }
    Address::read(&of_kind("ip")?.value).map(Seed::Ip)
}
