//! Accounts, what proves each, and what each may do in which tenant.

use super::identities::of_account;
use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Somebody who may use the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The name, in lower case.
    pub name: String,
    /// The digest of the password; empty until the account's link was used.
    pub password: String,
    /// The sealed seed of the codes; empty until the account's link was used.
    pub seed: String,
    /// When it was made.
    pub made: Timestamp,
    /// By whom.
    pub made_by: String,
    /// Since when it may do nothing any more.
    pub ended: Option<Timestamp>,
    /// What it may do, by tenant; `*` is every tenant.
    pub roles: Vec<(String, String)>,
    /// Who it is at an issuer; nothing where it proves itself here.
    pub identity: Option<AccountIdentity>,
}

/// Who somebody is at an issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountIdentity {
    /// The issuer.
    pub issuer: String,
    /// What the person is called there.
    pub shown: String,
    /// When the issuer last told of the person.
    pub seen: Timestamp,
}

impl Ledger {
    /// Returns every account, by name.
    pub fn accounts(&self) -> Result<Vec<Account>, LedgerError> {
        let reading = using("list the accounts");
        let mut statement = self
            .connection
            .prepare("SELECT name, password, seed, made, made_by, ended FROM account ORDER BY name")
            .map_err(&reading)?;
        let accounts: Vec<Account> = statement
            .query_map([], account)
            .and_then(Iterator::collect)
            .map_err(&reading)?;
        accounts
            .into_iter()
            .map(|one| self.with_roles(one))
            .collect()
    }

    /// Returns the account of that name.
    pub fn account(&self, name: &str) -> Result<Option<Account>, LedgerError> {
        let found = self
            .connection
            .query_row(
                "SELECT name, password, seed, made, made_by, ended FROM account WHERE name = ?1",
                [name],
                account,
            )
            .optional()
            .map_err(using("read an account"))?;
        found.map(|one| self.with_roles(one)).transpose()
    }

    fn with_roles(&self, mut account: Account) -> Result<Account, LedgerError> {
        let reading = using("read the roles of an account");
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT tenant, role FROM account_role WHERE account = ?1 ORDER BY tenant",
            )
            .map_err(&reading)?;
        account.roles = statement
            .query_map([&account.name], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(&reading)?;
        account.identity = of_account(self, &account.name)?;
        Ok(account)
    }

    /// Keeps an account that is new; returns whether there was none of that name.
    pub fn add_account(&self, account: &Account) -> Result<bool, LedgerError> {
        let failed = using("keep an account");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        let is_new = insert(&transaction, account).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(is_new)
    }

    /// Gives an account these roles instead of those that it had.
    pub fn keep_roles(&self, name: &str, roles: &[(String, String)]) -> Result<(), LedgerError> {
        let failed = using("keep the roles of an account");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        keep_roles(&transaction, name, roles).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    /// Ends an account, or lets it go on; its sessions end with it.
    pub fn end_account(&self, name: &str, ended: Option<Timestamp>) -> Result<(), LedgerError> {
        let failed = using("end an account");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        transaction
            .execute(
                "UPDATE account SET ended = ?2 WHERE name = ?1",
                params![name, ended.map(|at| at.0)],
            )
            .and_then(|_| transaction.execute("DELETE FROM session WHERE account = ?1", [name]))
            .map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }

    /// Notes that the code of this number was used; returns whether none as late was used before.
    pub fn use_code(&self, name: &str, number: i64) -> Result<bool, LedgerError> {
        let changed = self.connection.execute(
            "UPDATE account SET code = ?2 WHERE name = ?1 AND code < ?2",
            params![name, number],
        );
        changed
            .map(|many| many == 1)
            .map_err(using("note that a code was used"))
    }
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        name: row.get(0)?,
        password: row.get(1)?,
        seed: row.get(2)?,
        made: Timestamp(row.get(3)?),
        made_by: row.get(4)?,
        ended: row.get::<_, Option<i64>>(5)?.map(Timestamp),
        roles: Vec::new(),
        identity: None,
    })
}

pub(super) fn insert(connection: &Connection, account: &Account) -> rusqlite::Result<bool> {
    let added = connection.execute(
        "INSERT OR IGNORE INTO account (name, password, seed, made, made_by, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            account.name,
            account.password,
            account.seed,
            account.made.0,
            account.made_by,
            account.ended.map(|at| at.0)
        ],
    )?;
    if added == 1 {
        keep_roles(connection, &account.name, &account.roles)?;
    }
    Ok(added == 1)
}

/// What proves the account is another from here on: whoever had a session has none.
pub(super) fn renew(connection: &Connection, account: &Account) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE account SET password = ?2, seed = ?3, code = 0 WHERE name = ?1 AND ended IS NULL",
        params![account.name, account.password, account.seed],
    )?;
    connection.execute("DELETE FROM session WHERE account = ?1", [&account.name])?;
    Ok(changed == 1)
}

pub(super) fn keep_roles(
    connection: &Connection,
    name: &str,
    roles: &[(String, String)],
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM account_role WHERE account = ?1", [name])?;
    for (tenant, role) in roles {
        connection.execute(
            "INSERT OR REPLACE INTO account_role (account, tenant, role) VALUES (?1, ?2, ?3)",
            params![name, tenant, role],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::accounts::trial::{ann, ledger};

    #[test]
    fn a_code_counts_once_and_never_goes_back() {
        let (_folder, ledger) = ledger();
        ledger.add_account(&ann()).expect("added");
        let with = |number| ledger.use_code("ann", number).expect("noted");
        assert!(with(7));
        assert!(!with(7));
        assert!(!with(6));
        assert!(with(8));
    }
}
