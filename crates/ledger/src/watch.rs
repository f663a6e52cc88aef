//! What is looked out for after an account was secured, and what was seen of it.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::params;

/// The tables of this.
pub(crate) const TABLES: &str = "
    -- What only the intruder uses, by the plan that puts them out.
    CREATE TABLE watch_term (
        plan  TEXT NOT NULL,
        kind  TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (plan, kind, value)
    ) STRICT, WITHOUT ROWID;
    -- Records that show it after the plan was carried out.
    CREATE TABLE watch_sign (
        execution TEXT NOT NULL,
        record    TEXT NOT NULL,
        at        INTEGER NOT NULL,
        what      TEXT NOT NULL,
        PRIMARY KEY (execution, record)
    ) STRICT, WITHOUT ROWID;
";

/// A record that shows the intruder after they were put out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredSign {
    /// The execution that put them out.
    pub execution: String,
    /// The record.
    pub record: String,
    /// When it happened.
    pub at: Timestamp,
    /// What it was, in words.
    pub what: String,
}

impl Ledger {
    /// Keeps what is looked out for: kinds and values, by the hash of a plan.
    pub fn keep_watch(&self, plan: &str, terms: &[(String, String)]) -> Result<(), LedgerError> {
        let keeping = using("keep what is looked out for");
        let mut statement = self
            .connection
            .prepare("INSERT OR IGNORE INTO watch_term (plan, kind, value) VALUES (?1, ?2, ?3)")
            .map_err(&keeping)?;
        for (kind, value) in terms {
            statement
                .execute(params![plan, kind, value])
                .map_err(&keeping)?;
        }
        Ok(())
    }

    /// Looks out for the same for another plan: the same one with other ticks.
    pub fn copy_watch(&self, from: &str, to: &str) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT OR IGNORE INTO watch_term (plan, kind, value)
                 SELECT ?2, kind, value FROM watch_term WHERE plan = ?1",
                params![from, to],
            )
            .map_err(using("keep what is looked out for"))?;
        Ok(())
    }

    /// Returns what is looked out for, by the hash of a plan.
    pub fn watch(&self, plan: &str) -> Result<Vec<(String, String)>, LedgerError> {
        let reading = using("read what is looked out for");
        let mut statement = self
            .connection
            .prepare("SELECT kind, value FROM watch_term WHERE plan = ?1 ORDER BY kind, value")
            .map_err(&reading)?;
        let rows = statement.query_map([plan], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Keeps a record that shows the intruder; whether it is new.
    pub fn keep_sign(&self, sign: &StoredSign) -> Result<bool, LedgerError> {
        let kept = self
            .connection
            .execute(
                "INSERT OR IGNORE INTO watch_sign (execution, record, at, what) VALUES (?1, ?2, ?3, ?4)",
                params![sign.execution, sign.record, sign.at.0, sign.what],
            )
            .map_err(using("keep what was seen of the intruder"))?;
        Ok(kept > 0)
    }

    /// Returns every record that shows an intruder after they were put out, the earliest first.
    pub fn signs(&self) -> Result<Vec<StoredSign>, LedgerError> {
        let reading = using("read what was seen of the intruder");
        let mut statement = self
            .connection
            .prepare(
                "SELECT execution, record, at, what FROM watch_sign ORDER BY execution, at, record",
            )
            .map_err(&reading)?;
        let rows = statement.query_map([], |row| {
            Ok(StoredSign {
                execution: row.get(0)?,
                record: row.get(1)?,
                at: Timestamp(row.get(2)?),
                what: row.get(3)?,
            })
        });
        rows.and_then(Iterator::collect).map_err(&reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_out_for_and_what_was_seen_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let terms = [
            ("ip".to_owned(), "203.0.113.9".to_owned()),
            ("session".to_owned(), "S-1".to_owned()),
        ];
        ledger.keep_watch("P", &terms).unwrap();
        ledger.keep_watch("P", &terms[..1]).unwrap();
        assert_eq!(ledger.watch("P").unwrap(), terms);
        assert!(ledger.watch("Q").unwrap().is_empty());
        ledger.copy_watch("P", "Q").unwrap();
        assert_eq!(ledger.watch("Q").unwrap(), terms);
        let sign = StoredSign {
            execution: "X-1".to_owned(),
            record: "r".to_owned(),
            at: Timestamp(7),
            what: "MailItemsAccessed".to_owned(),
        };
        assert!(ledger.keep_sign(&sign).unwrap());
        assert!(!ledger.keep_sign(&sign).unwrap());
        assert_eq!(ledger.signs().unwrap(), [sign]);
    }
}
