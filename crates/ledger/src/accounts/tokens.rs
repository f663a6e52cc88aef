//! What programs prove themselves with.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

/// What a program proves itself with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// The digest of what the program keeps.
    pub digest: String,
    /// For whom it acts.
    pub account: String,
    /// What it is for, in its maker's words.
    pub name: String,
    /// What it may be used for, with spaces.
    pub scopes: String,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it counts.
    pub expires: Timestamp,
    /// When it was taken back.
    pub ended: Option<Timestamp>,
}

impl Ledger {
    /// Keeps a token that is new.
    pub fn keep_token(&self, token: &StoredToken) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO api_token (digest, account, name, scopes, made, expires, ended)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    token.digest,
                    token.account,
                    token.name,
                    token.scopes,
                    token.made.0,
                    token.expires.0,
                    token.ended.map(|at| at.0)
                ],
            )
            .map(|_| ())
            .map_err(using("keep a token"))
    }

    /// Returns the tokens of an account, the newest first.
    pub fn tokens(&self, account: &str) -> Result<Vec<StoredToken>, LedgerError> {
        let reading = using("list the tokens of an account");
        let mut statement = self
            .connection
            .prepare(
                "SELECT digest, account, name, scopes, made, expires, ended FROM api_token
                 WHERE account = ?1 ORDER BY made DESC, digest",
            )
            .map_err(&reading)?;
        statement
            .query_map([account], token)
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns the token with this digest.
    pub fn token(&self, digest: &str) -> Result<Option<StoredToken>, LedgerError> {
        self.connection
            .query_row(
                "SELECT digest, account, name, scopes, made, expires, ended FROM api_token WHERE digest = ?1",
                [digest],
                token,
            )
            .optional()
            .map_err(using("read a token"))
    }

    /// Takes back a token of an account; returns whether it counted until now.
    pub fn end_token(
        &self,
        account: &str,
        digest: &str,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let changed = self.connection.execute(
            "UPDATE api_token SET ended = ?3 WHERE account = ?1 AND digest = ?2 AND ended IS NULL",
            params![account, digest, now.0],
        );
        changed
            .map(|many| many == 1)
            .map_err(using("take back a token"))
    }
}

fn token(row: &Row<'_>) -> rusqlite::Result<StoredToken> {
    Ok(StoredToken {
        digest: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        scopes: row.get(3)?,
        made: Timestamp(row.get(4)?),
        expires: Timestamp(row.get(5)?),
        ended: row.get::<_, Option<i64>>(6)?.map(Timestamp),
    })
}
