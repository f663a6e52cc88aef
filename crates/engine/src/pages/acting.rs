//! What the pages change: accounts, sessions, links and tokens.

use crate::error::EngineError;
use crate::respond::chain::{self, Refused};
use ledger::{Account, AccountEvent, Ledger, Recognised, StoredLink, StoredSession, StoredToken};
use model::Timestamp;
use std::path::{Path, PathBuf};

/// A data folder in which something is done.
#[derive(Debug)]
pub struct Acting {
    ledger: Ledger,
    folder: PathBuf,
}

impl Acting {
    /// Opens a data folder, making it and its ledger when there is none.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        std::fs::create_dir_all(folder).map_err(|source| EngineError::Folder {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            ledger: Ledger::open(&folder.join("ledger.sqlite"))?,
            folder: folder.to_owned(),
        })
    }

    /// Keeps an account that is new; returns whether there was none of that name.
    pub fn add_account(&self, account: &Account) -> Result<bool, EngineError> {
        Ok(self.ledger.add_account(account)?)
    }

    /// Gives an account these roles instead of those that it had.
    pub fn keep_roles(&self, name: &str, roles: &[(String, String)]) -> Result<(), EngineError> {
        Ok(self.ledger.keep_roles(name, roles)?)
    }

    /// Ends an account, or lets it go on; its sessions end with it.
    pub fn end_account(&self, name: &str, ended: Option<Timestamp>) -> Result<(), EngineError> {
        Ok(self.ledger.end_account(name, ended)?)
    }

    /// Returns the account of a person whom an issuer tells of, with what it may do as told now; it is made where
    /// there is none. Nothing where every name for it is taken.
    pub fn recognise(&self, person: &Recognised) -> Result<Option<Account>, EngineError> {
        Ok(self.ledger.recognise(person)?)
    }

    /// Uses up what a browser brought back; returns whether nobody had brought it before.
    pub fn use_state(
        &self,
        state: &str,
        now: Timestamp,
        oldest: Timestamp,
    ) -> Result<bool, EngineError> {
        Ok(self.ledger.use_state(state, now, oldest)?)
    }

    /// Notes that the code of this number was used; returns whether none as late was used before.
    pub fn use_code(&self, name: &str, number: i64) -> Result<bool, EngineError> {
        Ok(self.ledger.use_code(name, number)?)
    }

    /// Keeps a one-time link; those of the same account that were not used count no more.
    pub fn keep_link(&self, link: &StoredLink) -> Result<(), EngineError> {
        Ok(self.ledger.keep_link(link)?)
    }

    /// Uses a link up and keeps what its holder chose, both or neither; returns whether it did.
    pub fn redeem(
        &self,
        digest: &str,
        account: &Account,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        Ok(self.ledger.redeem(digest, account, now)?)
    }

    /// Keeps a session that begins.
    pub fn open_session(&self, session: &StoredSession) -> Result<(), EngineError> {
        Ok(self.ledger.open_session(session)?)
    }

    /// Notes that something was done in a session, and when its holder last proved who they are.
    pub fn touch_session(
        &self,
        digest: &str,
        used: Timestamp,
        proved: Option<Timestamp>,
    ) -> Result<(), EngineError> {
        Ok(self.ledger.touch_session(digest, used, proved)?)
    }

    /// Ends a session.
    pub fn end_session(&self, digest: &str) -> Result<(), EngineError> {
        Ok(self.ledger.end_session(digest)?)
    }

    /// Ends every session of an account but this one, and those of anybody that began before a moment.
    pub fn end_sessions(
        &self,
        account: &str,
        but: &str,
        begun_before: Timestamp,
    ) -> Result<(), EngineError> {
        Ok(self.ledger.end_sessions(account, but, begun_before)?)
    }

    /// Keeps a token that is new.
    pub fn keep_token(&self, token: &StoredToken) -> Result<(), EngineError> {
        Ok(self.ledger.keep_token(token)?)
    }

    /// Takes back a token of an account; returns whether it counted until now.
    pub fn end_token(
        &self,
        account: &str,
        digest: &str,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        Ok(self.ledger.end_token(account, digest, now)?)
    }

    /// Uses up a link to act; returns whether nobody had used it before.
    pub fn spend(
        &self,
        nonce: &str,
        account: &str,
        outcome: &str,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        Ok(self.ledger.spend(nonce, account, outcome, now)?)
    }

    /// Adds to the chained record of acts that somebody was refused what they asked for in a tenant.
    pub fn note_refused(&mut self, tenant: &str, refused: &Refused<'_>) -> Result<(), EngineError> {
        chain::note_refused(&mut self.ledger, &self.folder, tenant, refused)?;
        Ok(())
    }

    /// Notes what was done with an account.
    pub fn note_account(&self, event: &AccountEvent) -> Result<(), EngineError> {
        Ok(self.ledger.note_account(event)?)
    }
}
