//! Who is signed in.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

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

impl Ledger {
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

#[cfg(test)]
mod tests {
    use crate::accounts::trial::{ann, ledger, open};
    use model::Timestamp;

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
}
