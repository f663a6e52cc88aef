//! Where collecting stands, from what is written down: nothing is asked of the cloud.

use crate::clock;
use crate::config::Config;
use crate::error::EngineError;
use crate::store::Store;
use ledger::{StoredFeed, StoredGap};
use model::Timestamp;

/// Where the collecting of all tenants stands.
#[derive(Clone, Debug, Default)]
pub struct StatusReport {
    /// The moment of this report.
    pub now: Timestamp,
    /// Each feed, by tenant and name. A feed that never ran is there too, with nothing in it.
    pub feeds: Vec<FeedStatus>,
    /// Spans for which records may be missing.
    pub gaps: Vec<StoredGap>,
    /// Tenants that are paused.
    pub paused: Vec<(String, Timestamp)>,
}

/// Where one feed stands.
#[derive(Clone, Debug)]
pub struct FeedStatus {
    /// What the operator calls the tenant; its id where it is configured no more.
    pub name: String,
    /// What is written down of it.
    pub feed: StoredFeed,
    /// How many of its gaps are known.
    pub gaps: u64,
}

impl FeedStatus {
    /// Returns for how many seconds its records are not had yet, by the moment up to which they were.
    #[must_use]
    pub fn lag(&self, now: Timestamp) -> Option<i64> {
        let until = self.feed.until?;
        Some((now.0 - until.0).max(0) / 1_000_000)
    }
}

impl Store {
    /// Returns where collecting stands; of one tenant, by its id or name, where one is named.
    pub fn collect_status(&self, tenant: Option<&str>) -> Result<StatusReport, EngineError> {
        let config = Config::read(self.folder())?;
        let mut chosen = config.tenants.iter().collect::<Vec<_>>();
        let mut id = None;
        if let Some(name) = tenant {
            chosen.retain(|one| one.is(name));
            id = Some(match chosen.first() {
                Some(one) => one.id.clone(),
                None => name.to_lowercase(),
            });
        }
        let gaps = self.ledger.gaps(id.as_deref())?;
        let mut known = self.ledger.feeds(id.as_deref())?;
        for tenant in &chosen {
            for name in super::onboard::feed_names(tenant, &tenant.sources)? {
                if !known
                    .iter()
                    .any(|feed| feed.tenant == tenant.id && feed.feed == name)
                {
                    known.push(StoredFeed {
                        tenant: tenant.id.clone(),
                        feed: name,
                        ..StoredFeed::default()
                    });
                }
            }
        }
        known.sort_by(|one, other| (&one.tenant, &one.feed).cmp(&(&other.tenant, &other.feed)));
        let feeds = known.into_iter().map(|feed| FeedStatus {
            name: config
                .tenants
                .iter()
                .find(|tenant| tenant.id == feed.tenant)
                .map_or_else(|| feed.tenant.clone(), |tenant| tenant.name.clone()),
            gaps: gaps
                .iter()
                .filter(|gap| gap.tenant == feed.tenant && gap.feed == feed.feed)
                .count() as u64,
            feed,
        });
        Ok(StatusReport {
            now: clock::now(),
            feeds: feeds.collect(),
            gaps,
            paused: self.ledger.paused()?,
        })
    }
}
