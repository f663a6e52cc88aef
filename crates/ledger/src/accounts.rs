//! Who may use the pages: accounts, what each may see, one-time links, sessions, tokens of
//! programs, and what was done with them.
//!
//! No secret is here that opens anything by itself: a password is a slow digest, links,
//! sessions and tokens are digests of what their holders keep, and the seed of the codes is
//! sealed by whoever hands it in.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::path::Path;
use std::time::Duration;

/// The tables of this file.
pub(crate) const TABLES: &str = "
    -- Who may use the pages. An account without a password has not used its link yet.
    CREATE TABLE account (
        name     TEXT PRIMARY KEY,
        password TEXT NOT NULL,
        seed     TEXT NOT NULL,
        -- The moment of the last code, by its number: a code counts once.
        code     INTEGER NOT NULL DEFAULT 0,
        made     INTEGER NOT NULL,
        made_by  TEXT NOT NULL,
        ended    INTEGER
    ) STRICT;
    -- `*` is every tenant.
    CREATE TABLE account_role (
        account TEXT NOT NULL REFERENCES account (name),
        tenant  TEXT NOT NULL,
        role    TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'responder', 'admin')),
        PRIMARY KEY (account, tenant)
    ) STRICT, WITHOUT ROWID;
    -- One-time links; without an account it makes the first administrator.
    CREATE TABLE account_link (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        made    INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        used    INTEGER
    ) STRICT;
    CREATE TABLE session (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account (name),
        opened  INTEGER NOT NULL,
        used    INTEGER NOT NULL,
        proved  INTEGER NOT NULL,
        address TEXT NOT NULL,
        agent   TEXT NOT NULL
    ) STRICT;
    CREATE TABLE api_token (
        digest  TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account (name),
        name    TEXT NOT NULL,
        scopes  TEXT NOT NULL,
        made    INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        ended   INTEGER
    ) STRICT;
    -- Links to act that were used, each with what came of it.
    CREATE TABLE spent_link (
        nonce   TEXT PRIMARY KEY,
        at      INTEGER NOT NULL,
        account TEXT NOT NULL,
        outcome TEXT NOT NULL
    ) STRICT;
    -- What was done with accounts; only ever added to.
    CREATE TABLE account_event (
        id      INTEGER PRIMARY KEY,
        at      INTEGER NOT NULL,
        account TEXT NOT NULL,
        by      TEXT NOT NULL,
        address TEXT NOT NULL,
        what    TEXT NOT NULL
    ) STRICT;
";

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
}

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

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// The digest of what the browser keeps.
    pub digest: String,
    /// Whose session it is.
    pub account: String,
    /// When it began.
    pub opened: Timestamp,
    /// When something was last done in it.
    pub used: Timestamp,
    /// When whoever holds it last proved who they are.
    pub proved: Timestamp,
    /// From where it began.
    pub address: String,
    /// With which browser.
    pub agent: String,
}

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
    /// Opens a ledger that is there to be read: nothing can be written through it.
    pub fn open_to_read(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::Open {
            path: path.display().to_string(),
            source,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection
            .busy_timeout(Duration::from_secs(30))
            .map_err(failed)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(failed)?;
        Ok(Self { connection })
    }

    /// Returns a number that is another one as soon as somebody else has written.
    pub fn version(&self) -> Result<i64, LedgerError> {
        self.connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(using("see whether something changed"))
    }

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

    /// Keeps a session that begins.
    pub fn open_session(&self, session: &StoredSession) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO session (digest, account, opened, used, proved, address, agent)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    session.digest,
                    session.account,
                    session.opened.0,
                    session.used.0,
                    session.proved.0,
                    session.address,
                    session.agent
                ],
            )
            .map(|_| ())
            .map_err(using("open a session"))
    }

    /// Returns the session with this digest.
    pub fn session(&self, digest: &str) -> Result<Option<StoredSession>, LedgerError> {
        self.connection
            .query_row(
                "SELECT digest, account, opened, used, proved, address, agent FROM session WHERE digest = ?1",
                [digest],
                session,
            )
            .optional()
            .map_err(using("read a session"))
    }

    /// Returns the sessions of an account, the last used first.
    pub fn sessions(&self, account: &str) -> Result<Vec<StoredSession>, LedgerError> {
        let reading = using("list the sessions of an account");
        let mut statement = self
            .connection
            .prepare(
                "SELECT digest, account, opened, used, proved, address, agent FROM session
                 WHERE account = ?1 ORDER BY used DESC, digest",
            )
            .map_err(&reading)?;
        statement
            .query_map([account], session)
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Notes that something was done in a session, and when its holder last proved who they are.
    pub fn touch_session(
        &self,
        digest: &str,
        used: Timestamp,
        proved: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "UPDATE session SET used = max(used, ?2), proved = coalesce(?3, proved) WHERE digest = ?1",
                params![digest, used.0, proved.map(|at| at.0)],
            )
            .map(|_| ())
            .map_err(using("note the use of a session"))
    }

    /// Ends a session.
    pub fn end_session(&self, digest: &str) -> Result<(), LedgerError> {
        self.connection
            .execute("DELETE FROM session WHERE digest = ?1", [digest])
            .map(|_| ())
            .map_err(using("end a session"))
    }

    /// Ends every session of an account but this one, and those of anybody that began before a moment.
    pub fn end_sessions(
        &self,
        account: &str,
        but: &str,
        begun_before: Timestamp,
    ) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "DELETE FROM session WHERE (account = ?1 AND digest <> ?2) OR opened < ?3",
                params![account, but, begun_before.0],
            )
            .map(|_| ())
            .map_err(using("end the sessions of an account"))
    }

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

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        name: row.get(0)?,
        password: row.get(1)?,
        seed: row.get(2)?,
        made: Timestamp(row.get(3)?),
        made_by: row.get(4)?,
        ended: row.get::<_, Option<i64>>(5)?.map(Timestamp),
        roles: Vec::new(),
    })
}

fn session(row: &Row<'_>) -> rusqlite::Result<StoredSession> {
    Ok(StoredSession {
        digest: row.get(0)?,
        account: row.get(1)?,
        opened: Timestamp(row.get(2)?),
        used: Timestamp(row.get(3)?),
        proved: Timestamp(row.get(4)?),
        address: row.get(5)?,
        agent: row.get(6)?,
    })
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

fn insert(connection: &Connection, account: &Account) -> rusqlite::Result<bool> {
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
fn renew(connection: &Connection, account: &Account) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE account SET password = ?2, seed = ?3, code = 0 WHERE name = ?1 AND ended IS NULL",
        params![account.name, account.password, account.seed],
    )?;
    connection.execute("DELETE FROM session WHERE account = ?1", [&account.name])?;
    Ok(changed == 1)
}

fn keep_roles(
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
    use super::*;

    fn ledger() -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger");
        (folder, ledger)
    }

    fn ann() -> Account {
        Account {
            name: "ann".to_owned(),
            password: "digest".to_owned(),
            seed: "sealed".to_owned(),
            roles: vec![("*".to_owned(), "admin".to_owned())],
            ..Account::default()
        }
    }

    fn link(account: &str, expires: i64) -> StoredLink {
        StoredLink {
            digest: format!("link of {account}"),
            account: account.to_owned(),
            made: Timestamp(0),
            expires: Timestamp(expires),
            used: None,
        }
    }

    fn open(ledger: &Ledger, digest: &str, opened: i64) {
        let session = StoredSession {
            digest: digest.to_owned(),
            account: "ann".to_owned(),
            opened: Timestamp(opened),
            used: Timestamp(opened),
            proved: Timestamp(opened),
            address: "127.0.0.1".to_owned(),
            agent: String::new(),
        };
        ledger.open_session(&session).expect("opened");
    }

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
    fn a_code_counts_once_and_never_goes_back() {
        let (_folder, ledger) = ledger();
        ledger.add_account(&ann()).expect("added");
        let with = |number| ledger.use_code("ann", number).expect("noted");
        assert!(with(7));
        assert!(!with(7));
        assert!(!with(6));
        assert!(with(8));
    }

    #[test]
    fn a_session_is_over_when_it_or_its_account_ends() {
        let (_folder, ledger) = ledger();
        ledger.add_account(&ann()).expect("added");
        for (digest, opened) in [("a", 1), ("b", 50), ("c", 60)] {
            open(&ledger, digest, opened);
        }
        let left = || {
            let sessions = ledger.sessions("ann").expect("listed");
            sessions
                .into_iter()
                .map(|one| one.digest)
                .collect::<Vec<_>>()
        };
        ledger.end_sessions("", "", Timestamp(10)).expect("ended");
        assert_eq!(left(), ["c", "b"]);
        ledger.end_session("b").expect("ended");
        assert_eq!(left(), ["c"]);
        ledger
            .touch_session("c", Timestamp(70), Some(Timestamp(70)))
            .expect("noted");
        assert_eq!(
            ledger.session("c").expect("read").map(|one| one.proved),
            Some(Timestamp(70))
        );
        ledger
            .end_account("ann", Some(Timestamp(80)))
            .expect("ended");
        assert!(left().is_empty());
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

    #[test]
    fn nothing_can_be_written_through_a_ledger_that_is_open_to_read() {
        let (folder, ledger) = ledger();
        let reading = Ledger::open_to_read(&folder.path().join("ledger.sqlite")).expect("opened");
        assert!(reading.add_account(&ann()).is_err());
        let before = reading.version().expect("asked");
        ledger.add_account(&ann()).expect("added");
        assert_ne!(reading.version().expect("asked"), before);
        assert_eq!(reading.accounts().expect("listed").len(), 1);
    }
}
