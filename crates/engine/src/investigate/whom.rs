//! Whom a case is about: a name becomes one person in one tenant, and the case gets its name.

use super::{InvestigateRequest, hex};
use crate::error::EngineError;
use crate::store::Store;
use casework::Seed;
use lake::Cell;
use ledger::CaseFile;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Where people stand in the tables.
const PEOPLE: &str = "\
    SELECT tenant, mailbox AS name FROM mail_items WHERE mailbox <> '' \
    UNION SELECT tenant, user_name FROM unified WHERE user_name LIKE '%@%' \
    UNION SELECT tenant, user_name FROM signins WHERE user_name LIKE '%@%' \
    UNION SELECT tenant, recipient FROM messages WHERE recipient <> ''";

impl Store {
    /// Opens the case of a request: the one that asks the same, or a new one.
    pub(super) fn open_case(
        &mut self,
        request: &InvestigateRequest,
    ) -> Result<CaseFile, EngineError> {
        let (tenant, user) = self.person(request)?;
        let whole = |seed: &Seed| match seed {
            Seed::Session(given) => {
                Ok(Seed::Session(self.session(Some(&tenant), given)?).to_string())
            }
            other => Ok(other.to_string()),
        };
        let seeds = request.seeds.iter().map(whole);
        let seeds: BTreeSet<String> = seeds.collect::<Result<_, EngineError>>()?;
        let mut case = CaseFile {
            id: String::new(),
            mailbox: user.clone(),
            tenant,
            user,
            seeds: seeds.into_iter().collect(),
            since: request.since,
            until: request.until,
            opened: crate::clock::now(),
        };
        case.id = name_of(&case);
        if let Some(known) = self.ledger.case(&case.id)? {
            return Ok(known);
        }
        self.ledger.keep_case(&case)?;
        Ok(case)
    }

    /// Returns the case of that name.
    pub(crate) fn case_file(&self, id: &str) -> Result<CaseFile, EngineError> {
        self.ledger
            .case(id)?
            .ok_or_else(|| EngineError::NoSuchCase { id: id.to_owned() })
    }

    /// Returns the tenant and the whole address of the person that is meant.
    pub(crate) fn person(
        &self,
        request: &InvestigateRequest,
    ) -> Result<(String, String), EngineError> {
        let wanted = request.user.trim().to_lowercase();
        let of_tenant = request
            .tenant
            .as_ref()
            .map(|tenant| tenant.trim().to_lowercase());
        let mut fits: BTreeSet<(String, String)> = BTreeSet::new();
        let mut consider = |row: &[Cell]| {
            let [tenant, Cell::Text(name)] = row else {
                return;
            };
            let tenant = match tenant {
                Cell::Text(tenant) => tenant.as_str(),
                _ => "",
            };
            let is_meant = *name == wanted
                || name
                    .split_once('@')
                    .is_some_and(|(local, _)| local == wanted);
            if is_meant && of_tenant.as_ref().is_none_or(|of| of == tenant) {
                fits.insert((tenant.to_owned(), name.clone()));
            }
        };
        self.rows(PEOPLE, &mut consider)?;
        if fits.is_empty() {
            fits = self.known_by_id(&wanted, of_tenant.as_deref())?;
        }
        let fits = without_nameless(fits);
        match &fits[..] {
            [one] => Ok(one.clone()),
            [] => Err(EngineError::NoSuchName {
                what: "person",
                name: request.user.clone(),
            }),
            several => Err(EngineError::Ambiguous {
                what: "person",
                name: request.user.clone(),
                candidates: several
                    .iter()
                    .map(|(tenant, name)| format!("{name} of tenant {tenant}"))
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }
}

impl Store {
    /// Returns who is known by an object id, a PUID, a SID or a mailbox's GUID.
    fn known_by_id(
        &self,
        id: &str,
        tenant: Option<&str>,
    ) -> Result<BTreeSet<(String, String)>, EngineError> {
        let id = id.replace('\'', "''");
        let query = format!(
            "SELECT tenant, user_name AS name FROM unified WHERE lower(user_key) = '{id}' AND user_name LIKE '%@%' \
             UNION SELECT tenant, mailbox FROM unified WHERE lower(mailbox_id) = '{id}' AND mailbox <> ''"
        );
        let mut fits = BTreeSet::new();
        self.rows(&query, &mut |row| {
            if let [Cell::Text(found), Cell::Text(name)] = row
                && tenant.is_none_or(|of| of == found)
            {
                fits.insert((found.clone(), name.clone()));
            }
        })?;
        Ok(fits)
    }
}

/// Leaves out those of no tenant who are known in one: a message trace names no tenant.
fn without_nameless(fits: BTreeSet<(String, String)>) -> Vec<(String, String)> {
    let named: BTreeSet<String> = fits
        .iter()
        .filter(|(tenant, _)| !tenant.is_empty())
        .map(|(_, name)| name.clone())
        .collect();
    fits.into_iter()
        .filter(|(tenant, name)| !tenant.is_empty() || !named.contains(name))
        .collect()
}

/// Returns the name of a case: whom it is about, and six digits of what it asks.
fn name_of(case: &CaseFile) -> String {
    let mut asked = format!("{}\n{}\n{}\n", case.tenant, case.user, case.mailbox);
    for end in [case.since, case.until] {
        asked += &end.map(|time| time.to_string()).unwrap_or_default();
        asked.push('\n');
    }
    asked += &case.seeds.join("\n");
    let digest = hex(&Sha256::digest(asked.as_bytes()));
    let local = case.user.split('@').next().unwrap_or_default();
    let local: String = local
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '-'
            }
        })
        .take(24)
        .collect();
    format!("{local}-{}", &digest[..6])
}
