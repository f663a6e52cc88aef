//! How each tenant stood when it was last looked at by the doctor: one answer a tenant, the last.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::params;

/// The table of this file.
pub(crate) const TABLES: &str = "
    -- What the doctor found when it last looked; the body is its own. Without a tenant: of this machine.
    CREATE TABLE health (
        tenant TEXT PRIMARY KEY,
        at     INTEGER NOT NULL,
        body   TEXT NOT NULL
    ) STRICT;
";

/// How a tenant stood when it was last looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHealth {
    /// The tenant; empty for this machine.
    pub tenant: String,
    /// When it was looked at.
    pub at: Timestamp,
    /// What was found, as whoever looked writes it.
    pub body: String,
}

impl Ledger {
    /// Keeps how tenants stand, all or nothing; each takes the place of what was kept of it before.
    pub fn keep_health(&self, all: &[StoredHealth]) -> Result<(), LedgerError> {
        let keeping = using("keep how tenants stand");
        let transaction = self.connection.unchecked_transaction().map_err(&keeping)?;
        for one in all {
            transaction
                .execute(
                    "INSERT INTO health (tenant, at, body) VALUES (?1, ?2, ?3)
                     ON CONFLICT (tenant) DO UPDATE SET at = ?2, body = ?3 WHERE at <= ?2",
                    params![one.tenant, one.at.0, one.body],
                )
                .map_err(&keeping)?;
        }
        transaction.commit().map_err(&keeping)
    }

    /// Returns how each tenant stood when it was last looked at, by id.
    pub fn health(&self) -> Result<Vec<StoredHealth>, LedgerError> {
        let reading = using("read how tenants stand");
        let mut statement = self
            .connection
            .prepare("SELECT tenant, at, body FROM health ORDER BY tenant")
            .map_err(&reading)?;
        let rows = statement.query_map([], |row| {
            Ok(StoredHealth {
                tenant: row.get(0)?,
                at: Timestamp(row.get(1)?),
                body: row.get(2)?,
            })
        });
        rows.and_then(Iterator::collect).map_err(&reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_look_at_a_tenant_takes_the_place_of_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let look = |tenant: &str, at, body: &str| StoredHealth {
            tenant: tenant.to_owned(),
            at: Timestamp(at),
            body: body.to_owned(),
        };
        ledger
            .keep_health(&[look("contoso", 5, "five"), look("", 5, "machine")])
            .unwrap();
        ledger.keep_health(&[look("contoso", 9, "nine")]).unwrap();
        ledger.keep_health(&[look("contoso", 7, "late")]).unwrap();
        assert_eq!(
            ledger.health().unwrap(),
            [look("", 5, "machine"), look("contoso", 9, "nine")]
        );
    }
}
