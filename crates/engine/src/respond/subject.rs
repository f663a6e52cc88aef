//! Whom a plan is about, and which records are the intruder's.

use crate::collect::changing;
use crate::config::{Config, Onboarded};
use crate::detect::DetectRequest;
use crate::error::EngineError;
use crate::investigate::InvestigateRequest;
use crate::store::Store;
use casework::respond::footholds::{self, Foothold, Sign};
use casework::respond::{Acted, Plan, WatchTerm, Weighing, settled, watch_terms};
use casework::{Attribution, Seed, Verdict};
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
    /// Whether a person said what is the intruder's, and no detection.
    is_said: bool,
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
    account: Account,
}

/// Whose the account of the person was.
enum Account {
    /// The intruder came in from elsewhere, or nothing is known.
    Open,
    /// All that was found was done from where the person always works.
    AtHome,
    /// What was found is another's, or for a person to decide.
    Untouched,
}

/// How many accounts that acted are looked into for one plan; what others did is for a person to
/// decide.
const MOST_ACTORS: usize = 12;

/// How the intruder came into the account of the person, as far as records tell.
#[derive(Default)]
struct Entries {
    /// Whether any record of theirs is about the account.
    are_told: bool,
    /// Whether one of them is known to be theirs by more than that a detection found it.
    is_attributed: bool,
    /// The applications through which an act or a sign-in succeeded.
    apps: BTreeSet<String>,
}

impl Entries {
    fn hear(&mut self, event: &Event<'_>, is_attributed: bool) {
        self.are_told = true;
        self.is_attributed |= is_attributed;
        let is_sign_in = event.family == Family::SignIn || event.action == "UserLoggedIn";
        if event.outcome != Outcome::Failure && (is_attributed || is_sign_in) {
            self.apps.insert(event.app.to_lowercase());
        }
    }
}

impl Left {
    /// Returns whether the intruder came in as the person, or may have. Whose password was guessed
    /// at in vain, and who only let an application in, has the account to themselves.
    fn is_account_theirs(&self) -> bool {
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

    /// Takes the ticks from what would be done to an account that nobody but its owner was in.
    pub(super) fn weighed(&self, plan: Plan) -> Plan {
        match self.account {
            Account::AtHome => plan.leaving_the_account(
                "all of it was done from where this person always works: by themselves or with what \
                 is theirs, which is for people to judge",
            ),
            Account::Untouched => {
                plan.leaving_the_account("nothing shows that anybody but its owner used the account")
            }
            Account::Open if self.is_account_theirs() => plan,
            Account::Open => {
                plan.sparing_the_account("nothing shows that the intruder came in as this person")
            }
        }
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
            is_said: false,
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
        let mut entries = Entries::default();
        // By who acted: what they left behind, and whether a detection found it.
        let mut acts: BTreeMap<String, Vec<(Acted, Vec<Foothold>)>> = BTreeMap::new();
        let mut hear = |event: &Event<'_>| {
            let record = event.id.as_str();
            let verdict = attribution.context_of(record).map(|one| one.verdict);
            let is_found = whose.found.contains(record);
            let is_told = match verdict {
                Some(Verdict::Intruder) => true,
                Some(Verdict::Owner | Verdict::Service) => false,
                Some(Verdict::Unknown) | None => is_found,
            };
            if is_told && event.user == whose.user.as_str() {
                entries.hear(event, verdict == Some(Verdict::Intruder));
            }
            let left = footholds::of(event);
            let act = Acted::read(event, is_found);
            if !left.is_empty() && act.is_in_question(&attribution) {
                acts.entry(act.user.clone()).or_default().push((act, left));
            }
        };
        for family in FAMILIES {
            let reading = self
                .lake
                .events(&whose.tenant, family, Detail::Acts, &mut hear);
            self.runtime.block_on(reading)?;
        }
        let mut weighed = Vec::new();
        let mut looked_into = 0;
        for (actor, acts) in &acts {
            let is_subject = *actor == whose.user;
            let is_known = whose.others.contains(actor) && looked_into < MOST_ACTORS;
            let others = if is_known && !is_subject {
                looked_into += 1;
                Some(self.attributed(&CaseFile {
                    user: actor.clone(),
                    mailbox: actor.clone(),
                    ..case.clone()
                })?)
            } else {
                None
            };
            let weighing = Weighing {
                attribution: others.as_ref().unwrap_or(&attribution),
                is_said: whose.is_said,
            };
            for (act, left) in acts {
                let weigh = |one: &Foothold| (one.clone(), weighing.doer(act, one));
                weighed.extend(left.iter().map(weigh));
            }
        }
        let footholds = settled(&weighed);
        let own = acts.get(&whose.user).map_or(&[][..], Vec::as_slice);
        let account = whose_account(&attribution, whose, entries.is_attributed, own, &footholds);
        Ok(Left {
            terms: watch_terms(&attribution.contexts, &footholds),
            footholds,
            entries,
            account,
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

/// Says whose the account of the person was, as far as a plan goes. `own` are the acts that they
/// are held for.
fn whose_account(
    attribution: &Attribution,
    whose: &Whose,
    is_attributed: bool,
    own: &[(Acted, Vec<Foothold>)],
    footholds: &[Foothold],
) -> Account {
    let marks = &attribution.marks;
    let is_named = |foothold: &&Foothold| {
        let mut records = foothold.records.iter();
        records.any(|record| whose.found.contains(record))
    };
    let mut found = footholds.iter().filter(is_named).peekable();
    if whose.is_said || found.peek().is_none() {
        return Account::Open;
    }
    let is_open_only = found.all(|foothold| !foothold.doubt.is_empty());
    if is_open_only && !is_attributed && marks.came_in.is_none() {
        return Account::Untouched;
    }
    // What they did at home before anybody was seen elsewhere, with a device of their own there
    // too, they did themselves.
    let is_before = |act: &Acted| marks.came_in.is_none_or(|since| act.time < Some(since));
    let mut own = own.iter().map(|(act, _)| act).filter(|act| act.is_found);
    let is_own_doing = |act: &Acted| marks.is_at_home(act.address, &act.device) && is_before(act);
    if !marks.is_strange && own.any(is_own_doing) && is_within_home(attribution) {
        return Account::AtHome;
    }
    Account::Open
}

/// Returns whether every place of the intruder's that is not the person's own was reached with the
/// person's own device.
fn is_within_home(attribution: &Attribution) -> bool {
    let marks = &attribution.marks;
    let person = &attribution.person;
    let mut theirs = attribution
        .contexts
        .iter()
        .filter(|context| context.verdict == Verdict::Intruder && person.is_named(&context.actor));
    let is_home = |ip: &String| {
        let known = |ip| marks.own_addresses.contains(&ip) || marks.came_in.is_some();
        ip.parse().is_ok_and(known)
    };
    theirs.all(|context| context.ips.iter().all(is_home))
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
        is_said: false,
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
        is_said: true,
        found: own.flat_map(|one| one.records.iter().cloned()).collect(),
        since: case.since,
        until: case.until,
    }
}
