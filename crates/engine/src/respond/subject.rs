//! Whom a plan is about, and which records are the intruder's.

use crate::collect::changing;
use crate::config::{Config, Onboarded};
use crate::detect::DetectRequest;
use crate::error::EngineError;
use crate::investigate::InvestigateRequest;
use crate::store::Store;
use casework::attribution::Attribution;
use casework::respond::footholds::{self, Foothold};
use casework::{Seed, Verdict};
use lake::Detail;
use ledger::CaseFile;
use model::{Event, Family, Finding, Incident, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be answered by a plan.
pub(super) struct Whose {
    /// The incident or case.
    pub(super) case: String,
    /// The tenant, as its records name it.
    pub(super) tenant: String,
    /// The person.
    pub(super) user: String,
    /// Others of the same incident: each needs a plan of their own.
    pub(super) others: Vec<String>,
    seeds: BTreeSet<String>,
    /// The records of what was found.
    found: BTreeSet<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// The families whose records show what an intruder leaves behind.
const FAMILIES: [Family; 2] = [Family::Unified, Family::DirectoryAudit];

impl Store {
    /// Returns what is meant by the name of an incident, a case or a person.
    pub(super) fn whose(
        &self,
        subject: &str,
        user: Option<&str>,
        tenant: Option<&str>,
    ) -> Result<Whose, EngineError> {
        let detected = self.detected(&DetectRequest::default())?;
        let known = |incident: &&Incident| incident.id.eq_ignore_ascii_case(subject.trim());
        if let Some(incident) = detected.incidents.iter().find(known) {
            return of_incident(incident, user, &detected.findings);
        }
        if let Some(case) = self.ledger.case(subject.trim())? {
            return Ok(of_case(&case, &detected.findings));
        }
        let request = InvestigateRequest {
            tenant: tenant.map(str::to_owned),
            user: subject.to_owned(),
            ..InvestigateRequest::default()
        };
        let (tenant, person) = self.person(&request)?;
        // A person without an incident is secured all the same: then nothing but the account is touched.
        let concerns = |incident: &&Incident| {
            incident.tenant.eq_ignore_ascii_case(&tenant) && incident.users.contains(&person)
        };
        let mut incidents: Vec<&Incident> = detected.incidents.iter().filter(concerns).collect();
        incidents.sort_by_key(|incident| std::cmp::Reverse((incident.severity, incident.to)));
        if let Some(incident) = incidents.first() {
            return of_incident(incident, Some(&person), &detected.findings);
        }
        let of_person = |case: &CaseFile| case.tenant == tenant && case.user == person;
        let cases = self.ledger.cases()?;
        if let Some(case) = cases.iter().find(|case| of_person(case)) {
            return Ok(of_case(case, &detected.findings));
        }
        Ok(Whose {
            case: person.clone(),
            tenant,
            user: person,
            others: Vec::new(),
            seeds: BTreeSet::new(),
            found: BTreeSet::new(),
            since: None,
            until: None,
        })
    }

    /// Returns what the intruder left behind, and who was there.
    pub(super) fn footholds(
        &self,
        whose: &Whose,
    ) -> Result<(Vec<Foothold>, Attribution), EngineError> {
        let case = CaseFile {
            id: whose.case.clone(),
            tenant: whose.tenant.clone(),
            user: whose.user.clone(),
            mailbox: whose.user.clone(),
            seeds: whose.seeds.iter().cloned().collect(),
            since: whose.since,
            until: whose.until,
            opened: crate::clock::now(),
        };
        let attribution = self.attributed(&case)?;
        let mut footholds: BTreeMap<(footholds::FootholdKind, String), Vec<Foothold>> =
            BTreeMap::new();
        let mut hear = |event: &Event<'_>| {
            let record = event.id.as_str();
            let verdict = attribution.context_of(record).map(|one| one.verdict);
            let is_intruders = match verdict {
                Some(Verdict::Intruder) => true,
                // What was found is the intruder's unless it is known to be somebody else's.
                Some(Verdict::Owner | Verdict::Service) => false,
                Some(Verdict::Unknown) | None => whose.found.contains(record),
            };
            if !is_intruders {
                return;
            }
            for foothold in footholds::of(event) {
                let key = (foothold.kind, foothold.owner.clone());
                footholds.entry(key).or_default().push(foothold);
            }
        };
        for family in FAMILIES {
            let reading = self
                .lake
                .events(&whose.tenant, family, Detail::Acts, &mut hear);
            self.runtime.block_on(reading)?;
        }
        let mut all: Vec<Foothold> = footholds.into_values().flatten().collect();
        all.sort();
        all.dedup();
        Ok((all, attribution))
    }

    /// Returns the configuration of the tenant of a plan.
    pub(super) fn onboarded(&self, tenant: &str) -> Result<(Config, Onboarded), EngineError> {
        let config = Config::read(self.folder())?;
        let found = config.tenants.iter().find(|one| one.is(tenant)).cloned();
        let found = found.ok_or_else(|| EngineError::NoSuchTenant {
            name: tenant.to_owned(),
        })?;
        Ok((config, found))
    }
}

/// Returns what opens a tenant for changes.
pub(super) fn opened(tenant: &Onboarded) -> Result<std::sync::Arc<cloud::Access>, EngineError> {
    changing(tenant)
}

fn of_incident(
    incident: &Incident,
    user: Option<&str>,
    findings: &[Finding],
) -> Result<Whose, EngineError> {
    let no_user = || EngineError::NoSuchSubject {
        name: user.unwrap_or(&incident.id).to_owned(),
    };
    let user = match user {
        Some(user) => {
            let user = user.trim().to_lowercase();
            incident.users.iter().find(|one| **one == user)
        }
        None => incident.users.first(),
    };
    let user = user.ok_or_else(no_user)?.clone();
    let own = findings
        .iter()
        .filter(|finding| finding.incident == incident.id);
    let seeds = incident.seeds.iter().map(ToString::to_string);
    Ok(Whose {
        case: incident.id.clone(),
        tenant: incident.tenant.clone(),
        others: incident
            .users
            .iter()
            .filter(|one| **one != user)
            .cloned()
            .collect(),
        user,
        seeds: seeds.filter(|seed| seed.parse::<Seed>().is_ok()).collect(),
        found: own.flat_map(|one| one.records.iter().cloned()).collect(),
        since: None,
        until: None,
    })
}

fn of_case(case: &CaseFile, findings: &[Finding]) -> Whose {
    let own = findings
        .iter()
        .filter(|finding| finding.user == case.user && finding.tenant == case.tenant);
    Whose {
        case: case.id.clone(),
        tenant: case.tenant.clone(),
        user: case.user.clone(),
        others: Vec::new(),
        seeds: case.seeds.iter().cloned().collect(),
        found: own.flat_map(|one| one.records.iter().cloned()).collect(),
        since: case.since,
        until: case.until,
    }
}
