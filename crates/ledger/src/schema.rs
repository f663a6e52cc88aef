//! The ledger's tables, and the steps that bring an older ledger to them.

use crate::LedgerError;
use rusqlite::Connection;

/// One step a version; a step, once released, is never changed.
const STEPS: &[&str] = &["
    CREATE TABLE import (
        id    INTEGER PRIMARY KEY,
        began TEXT NOT NULL,
        ended TEXT
    ) STRICT;
    CREATE TABLE file_read (
        import     INTEGER NOT NULL REFERENCES import (id),
        path       TEXT NOT NULL,
        sha256     TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        format     TEXT NOT NULL,
        records    INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        rejected   INTEGER NOT NULL,
        errors     INTEGER NOT NULL,
        finished   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX file_read_by_sha256 ON file_read (sha256);
"];

/// Runs the steps that this ledger has not seen, all or none of them.
pub(crate) fn bring_up_to_date(connection: &mut Connection) -> Result<(), LedgerError> {
    let failed = |source| LedgerError::Use {
        doing: "bring the tables up to date",
        source,
    };
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(failed)?;
    let found: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    let known = STEPS.len() as i64;
    if found > known {
        return Err(LedgerError::TooNew { found, known });
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "user_version", known)
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}
