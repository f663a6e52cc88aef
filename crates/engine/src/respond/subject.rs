//! Whom a plan is about, and which records are the intruder's.

use crate::collect::changing;
use crate::config::{Config, Onboarded};
use crate::detect::DetectRequest;
use crate::error::EngineError;
use crate::investigate::InvestigateRequest;
use crate::store::Store;
use casework::respond::footholds::{self, Foothold, Sign};
use casework::respond::{WatchTerm, watch_terms};
use casework::{Seed, Verdict};
use lake::Detail;
use ledger::CaseFile;
use model::{Event, Family, Finding, Incident, Outcome, Timestamp};
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

/// What the intruder left behind.
pub(super) struct Left {
    pub(super) footholds: Vec<Foothold>,
    /// What only the intruder uses.
    pub(super) terms: Vec<WatchTerm>,
    entries: Entries,
}

/// How the intruder came into the account of the person, as far as records tell.
#[derive(Default)]
struct Entries {
    /// Whether any record of theirs is about the account.
    are_told: bool,
    /// The applications through which an act or a sign-in succeeded.
    apps: BTreeSet<String>,
}

impl Entries {
    fn hear(&mut self, event: &Event<'_>, is_attributed: bool) {
        self.are_told = true;
        let is_sign_in = event.family == Family::SignIn || event.action == "UserLoggedIn";
        if event.outcome != Outcome::Failure && (is_attributed || is_sign_in) {
            self.apps.insert(event.app.to_lowercase());
        }
    }
}

impl Left {
    /// Returns whether the intruder came in as the person, or may have. Whose password was guessed
    /// at in vain, and who only let an application in, has the account to themselves.
    pub(super) fn is_account_theirs(&self) -> bool {
        let signs = self.footholds.iter().flat_map(|one| &one.signs);
        let let_in: BTreeSet<&str> = signs
            .filter_map(|sign| match sign {
                Sign::App(app) => Some(app.as_str()),
                _ => None,
            })
            .collect();
        let mut apps = self.entries.apps.iter();
        !self.entries.are_told || apps.any(|app| !let_in.contains(app.as_str()))
    }
}

/// The families whose records show what an intruder leaves behind.
const FAMILIES: [Family; 3] = [Family::Unified, Family::DirectoryAudit, Family::SignIn];

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
    pub(super) fn footholds(&self, whose: &Whose) -> Result<Left, EngineError> {
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
        let mut entries = Entries::default();
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
            if event.user == whose.user.as_str() {
                entries.hear(event, verdict == Some(Verdict::Intruder));
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
        Ok(Left {
            terms: watch_terms(&attribution.contexts, &all),
            footholds: all,
            entries,
        })
    }

    /// Returns the configuration of the tenant of a plan.
    pub(super) fn onboarded(&self, tenant: &str) -> Result<(Config, Onboarded), EngineError> {
        let config = Config::read(self.folder())?;
        let found = config.tenants.iter().find(|one| one.is(tenant)).cloned();
        let found = found.ok_or_else(|| EngineError::NotOnboarded {
            tenant: tenant.to_owned(),
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
