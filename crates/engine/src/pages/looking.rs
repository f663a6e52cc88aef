//! What the pages show: incidents, tenants and their feeds, accounts. Nothing is written.

use crate::clock;
use crate::collect::{FeedStatus, feed_names};
use crate::config::Config;
use crate::detect::kept_finding;
use crate::error::EngineError;
use ledger::{
    Account, AccountEvent, Ledger, StoredFeed, StoredGap, StoredLink, StoredSession, StoredToken,
};
use model::{Finding, Incident, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A data folder that is looked at.
#[derive(Debug)]
pub struct Looking {
    pub(super) ledger: Ledger,
    pub(super) folder: PathBuf,
}

/// Everything that was found and stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// What was found, by id.
    pub findings: BTreeMap<String, Finding>,
    /// What belongs together, worst first.
    pub incidents: Vec<Incident>,
}

/// How one tenant stands.
#[derive(Clone, Debug, Default)]
pub struct TenantStanding {
    /// Its id; empty for records that name none.
    pub id: String,
    /// What the operator calls it; its id where it is configured no more.
    pub name: String,
    /// Whether it is configured to be collected.
    pub is_configured: bool,
    /// Since when it is paused.
    pub paused: Option<Timestamp>,
    /// Its feeds by name; one that never ran is there too, with nothing in it.
    pub feeds: Vec<FeedStatus>,
    /// Spans for which records may be missing.
    pub gaps: Vec<StoredGap>,
    /// Whether any detection ever looked at its records.
    pub is_looked_at: bool,
    /// The time of the earliest record that no detection has looked at.
    pub unseen_since: Option<Timestamp>,
}

impl Looking {
    /// Opens a data folder that is there.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        Ok(Self {
            ledger: Ledger::open_to_read(&folder.join("ledger.sqlite"))?,
            folder: folder.to_owned(),
        })
    }

    /// Returns a number that is another one as soon as anything was written.
    pub fn version(&self) -> Result<i64, EngineError> {
        Ok(self.ledger.version()?)
    }

    /// Returns a text that is another one as soon as anything else stands.
    pub fn standing_version(&self) -> Result<String, EngineError> {
        Ok(self.ledger.findings_version()?)
    }

    /// Returns everything that was found and stands.
    pub fn standing(&self) -> Result<Standing, EngineError> {
        let mut findings = Vec::new();
        for stored in self.ledger.findings(None)? {
            findings.push(kept_finding(&stored)?);
        }
        let incidents = ::detect::incident::incidents(&mut findings);
        let findings = findings.into_iter().map(|one| (one.id.clone(), one));
        Ok(Standing {
            findings: findings.collect(),
            incidents,
        })
    }

    /// Returns how every tenant stands that is configured, collected or was found something of; and why
    /// the configuration does not make sense, where it does not: what was found is shown all the same.
    pub fn tenants(&self) -> Result<(Vec<TenantStanding>, Option<EngineError>), EngineError> {
        match Config::read(&self.folder) {
            Ok(config) => Ok((self.tenants_of(&config)?, None)),
            Err(wrong) => Ok((self.tenants_of(&Config::default())?, Some(wrong))),
        }
    }

    fn tenants_of(&self, config: &Config) -> Result<Vec<TenantStanding>, EngineError> {
        let mut feeds = self.ledger.feeds(None)?;
        for tenant in &config.tenants {
            for name in feed_names(tenant, &tenant.sources)? {
                let is_it = |feed: &StoredFeed| feed.tenant == tenant.id && feed.feed == name;
                if !feeds.iter().any(is_it) {
                    feeds.push(StoredFeed {
                        tenant: tenant.id.clone(),
                        feed: name,
                        ..StoredFeed::default()
                    });
                }
            }
        }
        feeds.sort_by(|one, other| (&one.tenant, &one.feed).cmp(&(&other.tenant, &other.feed)));
        let gaps = self.ledger.gaps(None)?;
        let paused: BTreeMap<String, Timestamp> = self.ledger.paused()?.into_iter().collect();
        let fresh = self.ledger.fresh()?;
        let found = self.ledger.found_tenants()?;
        let ids: BTreeSet<&str> = (config.tenants.iter().map(|one| one.id.as_str()))
            .chain(feeds.iter().map(|one| one.tenant.as_str()))
            .chain(gaps.iter().map(|one| one.tenant.as_str()))
            .chain(fresh.iter().map(|one| one.tenant.as_str()))
            .chain(found.iter().map(String::as_str))
            .collect();
        let mut tenants = Vec::new();
        for id in ids {
            let configured = config.tenants.iter().find(|tenant| tenant.id == id);
            let name = configured.map_or_else(|| id.to_owned(), |tenant| tenant.name.clone());
            let gaps: Vec<StoredGap> = gaps
                .iter()
                .filter(|one| one.tenant == id)
                .cloned()
                .collect();
            let own = feeds.iter().filter(|feed| feed.tenant == id);
            let of_feed = |name: &str| gaps.iter().filter(|gap| gap.feed == name).count() as u64;
            let feeds = own.map(|feed| FeedStatus {
                name: name.clone(),
                gaps: of_feed(&feed.feed),
                feed: feed.clone(),
            });
            tenants.push(TenantStanding {
                is_configured: configured.is_some(),
                paused: paused.get(id).copied(),
                feeds: feeds.collect(),
                is_looked_at: self
                    .ledger
                    .detection_note(&format!("sources {id}"))?
                    .is_some(),
                unseen_since: fresh
                    .iter()
                    .find(|one| one.tenant == id)
                    .map(|one| one.since),
                id: id.to_owned(),
                name,
                gaps,
            });
        }
        Ok(tenants)
    }

    /// Returns the moment at which it is looked.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// Returns every account, by name.
    pub fn accounts(&self) -> Result<Vec<Account>, EngineError> {
        Ok(self.ledger.accounts()?)
    }

    /// Returns the account of that name.
    pub fn account(&self, name: &str) -> Result<Option<Account>, EngineError> {
        Ok(self.ledger.account(name)?)
    }

    /// Returns the account of a person whom an issuer tells of, where there is one.
    pub fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Account>, EngineError> {
        Ok(self.ledger.identity(issuer, subject)?)
    }

    /// Returns the one-time link with this digest.
    pub fn link(&self, digest: &str) -> Result<Option<StoredLink>, EngineError> {
        Ok(self.ledger.link(digest)?)
    }

    /// Returns the session with this digest.
    pub fn session(&self, digest: &str) -> Result<Option<StoredSession>, EngineError> {
        Ok(self.ledger.session(digest)?)
    }

    /// Returns the sessions of an account, the last used first.
    pub fn sessions(&self, account: &str) -> Result<Vec<StoredSession>, EngineError> {
        Ok(self.ledger.sessions(account)?)
    }

    /// Returns the token with this digest.
    pub fn token(&self, digest: &str) -> Result<Option<StoredToken>, EngineError> {
        Ok(self.ledger.token(digest)?)
    }

    /// Returns the tokens of an account, the newest first.
    pub fn tokens(&self, account: &str) -> Result<Vec<StoredToken>, EngineError> {
        Ok(self.ledger.tokens(account)?)
    }

    /// Returns what came of a link to act, and when, where it was used.
    pub fn spent(&self, nonce: &str) -> Result<Option<(String, Timestamp)>, EngineError> {
        Ok(self.ledger.spent(nonce)?)
    }

    /// Returns what was last done with accounts, the newest first.
    pub fn account_events(&self, many: usize) -> Result<Vec<AccountEvent>, EngineError> {
        Ok(self.ledger.account_events(many)?)
    }
}
