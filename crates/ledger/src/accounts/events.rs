//! What was done with accounts; only ever added to.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::params;

/// Something that was done with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEvent {
    /// When.
    pub at: Timestamp,
    /// With whose.
    pub account: String,
    /// By whom.
    pub by: String,
    /// From where.
    pub address: String,
    /// What.
    pub what: String,
}

impl Ledger {
    /// Notes what was done with an account.
    pub fn note_account(&self, event: &AccountEvent) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO account_event (at, account, by, address, what) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![event.at.0, event.account, event.by, event.address, event.what],
            )
            .map(|_| ())
            .map_err(using("note what was done with an account"))
    }

    /// Returns what was last done with accounts, the newest first.
    pub fn account_events(&self, many: usize) -> Result<Vec<AccountEvent>, LedgerError> {
        let reading = using("list what was done with accounts");
        let mut statement = self
            .connection
            .prepare(
                "SELECT at, account, by, address, what FROM account_event ORDER BY id DESC LIMIT ?1",
            )
            .map_err(&reading)?;
        statement
            .query_map([many as i64], |row| {
                Ok(AccountEvent {
                    at: Timestamp(row.get(0)?),
                    account: row.get(1)?,
                    by: row.get(2)?,
                    address: row.get(3)?,
                    what: row.get(4)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }
}
