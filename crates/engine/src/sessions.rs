//! Which session is meant: tables print the first characters of an id, and those may be typed.

use crate::error::EngineError;
use crate::store::Store;
use lake::Cell;
use std::collections::BTreeSet;

/// How many characters of a session's id must be given: as many as tables print.
const BEGINNING: usize = 8;

/// How many sessions of one beginning are named.
const NAMED: usize = 20;

impl Store {
    /// Returns the whole id, in lower case, of the session that is meant by an id or by a beginning
    /// of one that no other shares; what no record carries is returned as it was given.
    pub(crate) fn session(&self, tenant: Option<&str>, given: &str) -> Result<String, EngineError> {
        let wanted = given.trim().to_ascii_lowercase();
        if wanted.chars().count() < BEGINNING {
            return Ok(wanted);
        }
        let text = wanted.replace('\'', "''");
        let whose = tenant.map_or_else(String::new, |tenant| {
            let tenant = tenant.trim().to_lowercase().replace('\'', "''");
            format!(" AND (tenant = '{tenant}' OR tenant IS NULL)")
        });
        let of = |table: &str| {
            format!(
                "SELECT DISTINCT session FROM {table} WHERE starts_with(lower(session), '{text}'){whose}"
            )
        };
        let query = format!("{} UNION {}", of("unified"), of("signins"));
        let mut fits: BTreeSet<String> = BTreeSet::new();
        self.rows(&query, &mut |row| {
            if let [Cell::Text(session)] = row {
                fits.insert(session.to_ascii_lowercase());
            }
        })?;
        if fits.is_empty() || fits.contains(&wanted) {
            return Ok(wanted);
        }
        let mut named = fits.iter().take(NAMED).cloned();
        match (fits.len(), named.next()) {
            (1, Some(whole)) => Ok(whole),
            (_, first) => Err(EngineError::Ambiguous {
                what: "session",
                name: given.to_owned(),
                candidates: first
                    .into_iter()
                    .chain(named)
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }
}
