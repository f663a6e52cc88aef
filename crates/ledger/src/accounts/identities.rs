//! Who is known from an issuer: by the issuer's own word for the person, which no other has or
//! ever gets, and never by a name or an address.

use super::account::{insert, keep_roles};
use super::{Account, AccountIdentity};
use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

/// Somebody whom an issuer tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The issuer.
    pub issuer: String,
    /// Its word for the person.
    pub subject: String,
    /// What the person is called there.
    pub shown: String,
    /// Names for an account, where there is none as yet; the first that is free is taken.
    pub names: Vec<String>,
    /// What the person may do from now on, by tenant.
    pub roles: Vec<(String, String)>,
    /// When it is told.
    pub now: Timestamp,
}

impl Ledger {
    /// Returns the account of a person whom an issuer tells of, with what it may do as told now. An account is
    /// made where there is none; nothing where every name for it is taken. One that was ended stays ended.
    pub fn recognise(&self, person: &Recognised) -> Result<Option<Account>, LedgerError> {
        let failed = using("recognise a person");
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
                .map_err(&failed)?;
        let known: Option<String> = transaction
            .query_row(
                "SELECT account FROM account_identity WHERE issuer = ?1 AND subject = ?2",
                params![person.issuer, person.subject],
                |row| row.get(0),
            )
            .optional()
            .map_err(&failed)?;
        let name = match known {
            Some(name) => Some(name),
            None => made(&transaction, person).map_err(&failed)?,
        };
        let Some(name) = name else {
            return Ok(None);
        };
        transaction
            .execute(
                "INSERT INTO account_identity (issuer, subject, account, shown, seen) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (issuer, subject) DO UPDATE SET shown = excluded.shown, seen = excluded.seen",
                params![person.issuer, person.subject, name, person.shown, person.now.0],
            )
            .map_err(&failed)?;
        keep_roles(&transaction, &name, &person.roles).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        self.account(&name)
    }

    /// Returns the account of a person whom an issuer tells of, where there is one.
    pub fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Account>, LedgerError> {
        let name: Option<String> = self
            .connection
            .query_row(
                "SELECT account FROM account_identity WHERE issuer = ?1 AND subject = ?2",
                [issuer, subject],
                |row| row.get(0),
            )
            .optional()
            .map_err(using("look for a person"))?;
        name.map_or(Ok(None), |name| self.account(&name))
    }

    /// Uses up what a browser brings back; returns whether nobody had brought it before. What was used before `oldest`
    /// is forgotten: it counts no more in any case.
    pub fn use_state(
        &self,
        state: &str,
        now: Timestamp,
        oldest: Timestamp,
    ) -> Result<bool, LedgerError> {
        let failed = using("use up a sign-in");
        let connection = &self.connection;
        connection
            .execute("DELETE FROM sign_in_used WHERE at < ?1", [oldest.0])
            .and_then(|_| {
                connection.execute(
                    "INSERT OR IGNORE INTO sign_in_used (state, at) VALUES (?1, ?2)",
                    params![state, now.0],
                )
            })
            .map(|many| many == 1)
            .map_err(&failed)
    }
}

/// Makes an account of the first name that is free, and returns the name.
fn made(connection: &Connection, person: &Recognised) -> rusqlite::Result<Option<String>> {
    for name in &person.names {
        let account = Account {
            name: name.clone(),
            made: person.now,
            made_by: person.issuer.clone(),
            ..Account::default()
        };
        if insert(connection, &account)? {
            return Ok(Some(account.name));
        }
    }
    Ok(None)
}

/// Reads what an issuer tells of an account.
pub(super) fn of_account(
    ledger: &Ledger,
    account: &str,
) -> Result<Option<AccountIdentity>, LedgerError> {
    ledger
        .connection
        .query_row(
            "SELECT issuer, shown, seen FROM account_identity WHERE account = ?1",
            [account],
            |row| {
                Ok(AccountIdentity {
                    issuer: row.get(0)?,
                    shown: row.get(1)?,
                    seen: Timestamp(row.get(2)?),
                })
            },
        )
        .optional()
        .map_err(using("read what an issuer tells of an account"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::trial::{ann, ledger};

    fn person(issuer: &str, subject: &str, role: &str, now: i64) -> Recognised {
        Recognised {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            shown: "ann@contoso.example".to_owned(),
            names: vec!["ann".to_owned(), format!("ann-{subject}")],
            roles: vec![("*".to_owned(), role.to_owned())],
            now: Timestamp(now),
        }
    }

    #[test]
    fn a_person_is_the_issuers_word_for_it_and_nobody_elses_name() {
        let (_folder, ledger) = ledger();
        assert!(ledger.add_account(&ann()).expect("added"));
        let told = |person: &Recognised| ledger.recognise(person).expect("told").expect("free");
        let one = told(&person("https://a", "1", "viewer", 5));
        assert_eq!(one.name, "ann-1", "the local account is not touched");
        assert_eq!(ledger.account("ann").expect("read"), Some(ann()));
        let same = told(&person("https://a", "1", "responder", 9));
        assert_eq!(same.name, one.name);
        assert_eq!(same.roles, [("*".to_owned(), "responder".to_owned())]);
        assert_eq!(same.made, Timestamp(5));
        let identity = same.identity.expect("an identity");
        assert_eq!(
            (identity.issuer.as_str(), identity.seen),
            ("https://a", Timestamp(9))
        );
        let other = person("https://b", "1", "viewer", 9);
        assert_eq!(
            ledger.recognise(&other).expect("told"),
            None,
            "no name is free"
        );
        let known = ledger.identity("https://a", "1").expect("read");
        assert_eq!(known.map(|one| one.name), Some("ann-1".to_owned()));
        assert_eq!(ledger.identity("https://b", "1").expect("read"), None);
    }

    #[test]
    fn whoever_was_ended_here_stays_so_whatever_the_issuer_tells() {
        let (_folder, ledger) = ledger();
        let one = person("https://a", "1", "viewer", 5);
        ledger.recognise(&one).expect("told");
        let ended = Some(Timestamp(6));
        ledger.end_account("ann", ended).expect("ended");
        let again = ledger.recognise(&one).expect("told").expect("known");
        assert_eq!(again.ended, ended);
    }

    #[test]
    fn a_sign_in_is_completed_once() {
        let (_folder, ledger) = ledger();
        let used = |state, now| {
            let oldest = Timestamp(now - 10);
            ledger
                .use_state(state, Timestamp(now), oldest)
                .expect("asked")
        };
        assert!(used("a", 100));
        assert!(!used("a", 105));
        assert!(used("b", 106));
        assert!(!used("a", 110));
        assert!(used("c", 111));
        assert!(used("a", 111), "it was forgotten when it had long expired");
    }
}
