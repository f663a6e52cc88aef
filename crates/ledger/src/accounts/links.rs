//! Links that can be used once: those that open an account, and those to act.

use super::Account;
use super::account::{insert, renew};
use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{OptionalExtension, params};

/// A link that can be used once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// The digest of what stands in it.
    pub digest: String,
    /// Whose account it opens; empty where it makes the first administrator.
    pub account: String,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it counts.
    pub expires: Timestamp,
    /// When it was used.
    pub used: Option<Timestamp>,
}

impl Ledger {
    /// Keeps a link; those of the same account that were not used count no more.
    pub fn keep_link(&self, link: &StoredLink) -> Result<(), LedgerError> {
        let failed = using("keep a link");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        transaction
            .execute(
                "DELETE FROM account_link WHERE account = ?1 AND used IS NULL",
                [&link.account],
            )
            .and_then(|_| {
                transaction.execute(
                    "INSERT INTO account_link (digest, account, made, expires, used) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        link.digest,
                        link.account,
                        link.made.0,
                        link.expires.0,
                        link.used.map(|at| at.0)
                    ],
                )
            })
            .map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    /// Returns the link with this digest.
    pub fn link(&self, digest: &str) -> Result<Option<StoredLink>, LedgerError> {
        self.connection
            .query_row(
                "SELECT digest, account, made, expires, used FROM account_link WHERE digest = ?1",
                [digest],
                |row| {
                    Ok(StoredLink {
                        digest: row.get(0)?,
                        account: row.get(1)?,
                        made: Timestamp(row.get(2)?),
                        expires: Timestamp(row.get(3)?),
                        used: row.get::<_, Option<i64>>(4)?.map(Timestamp),
                    })
                },
            )
            .optional()
            .map_err(using("read a link"))
    }

    /// Uses a link up and keeps what its holder chose, both or neither; returns whether the link
    /// still counted and, where it makes an account, the name was free. Sessions that the account
    /// had are over.
    pub fn redeem(
        &self,
        digest: &str,
        account: &Account,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let failed = using("use a link");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        let used = transaction
            .execute(
                "UPDATE account_link SET used = ?2
                 WHERE digest = ?1 AND used IS NULL AND expires > ?2 AND account IN ('', ?3)",
                params![digest, now.0, account.name],
            )
            .map_err(&failed)?;
        let of_link: Option<String> = transaction
            .query_row(
                "SELECT account FROM account_link WHERE digest = ?1",
                [digest],
                |row| row.get(0),
            )
            .optional()
            .map_err(&failed)?;
        let kept = match of_link {
            Some(name) if name.is_empty() => insert(&transaction, account),
            Some(_) => renew(&transaction, account),
            None => Ok(false),
        }
        .map_err(&failed)?;
        if used != 1 || !kept {
            return Ok(false);
        }
        transaction.commit().map_err(&failed)?;
        Ok(true)
    }

    /// Uses up a link to act; returns whether nobody had used it before.
    pub fn spend(
        &self,
        nonce: &str,
        account: &str,
        outcome: &str,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let changed = self.connection.execute(
            "INSERT OR IGNORE INTO spent_link (nonce, at, account, outcome) VALUES (?1, ?2, ?3, ?4)",
            params![nonce, now.0, account, outcome],
        );
        changed
            .map(|many| many == 1)
            .map_err(using("use up a link to act"))
    }

    /// Returns what came of a link to act, and when, where it was used.
    pub fn spent(&self, nonce: &str) -> Result<Option<(String, Timestamp)>, LedgerError> {
        self.connection
            .query_row(
                "SELECT outcome, at FROM spent_link WHERE nonce = ?1",
                [nonce],
                |row| Ok((row.get(0)?, Timestamp(row.get(1)?))),
            )
            .optional()
            .map_err(using("read a link to act"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::trial::{ann, ledger, link, open};

    #[test]
    fn a_link_makes_one_account_and_only_in_time() {
        let (_folder, ledger) = ledger();
        ledger.keep_link(&link("", 100)).expect("kept");
        let redeem = |now| {
            ledger
                .redeem("link of ", &ann(), Timestamp(now))
                .expect("asked")
        };
        assert!(!redeem(100), "it expired");
        assert!(redeem(99));
        assert!(!redeem(99), "it was used");
        let kept = ledger.account("ann").expect("read").expect("an account");
        assert_eq!(kept, ann());
        assert_eq!(ledger.accounts().expect("listed"), [ann()]);
    }

    #[test]
    fn a_link_of_an_account_renews_it_and_ends_its_sessions() {
        let (_folder, ledger) = ledger();
        assert!(ledger.add_account(&ann()).expect("added"));
        assert!(!ledger.add_account(&ann()).expect("asked"));
        open(&ledger, "s", 5);
        ledger.keep_link(&link("ann", 100)).expect("kept");
        let other = Account {
            name: "eve".to_owned(),
            ..ann()
        };
        let redeem = |account| {
            ledger
                .redeem("link of ann", account, Timestamp(9))
                .expect("asked")
        };
        assert!(!redeem(&other), "it is another's");
        let renewed = Account {
            password: "new".to_owned(),
            ..ann()
        };
        assert!(redeem(&renewed));
        assert_eq!(ledger.account("ann").expect("read"), Some(renewed));
        assert_eq!(ledger.session("s").expect("read"), None);
    }

    #[test]
    fn a_link_to_act_is_spent_once() {
        let (_folder, ledger) = ledger();
        let spend = |outcome| {
            ledger
                .spend("n", "ann", outcome, Timestamp(3))
                .expect("asked")
        };
        assert!(spend("first"));
        assert!(!spend("second"));
        let outcome = ledger.spent("n").expect("read");
        assert_eq!(outcome, Some(("first".to_owned(), Timestamp(3))));
    }
}
