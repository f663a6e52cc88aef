//! Collects the logs of tenants from the cloud, and loses nothing.
//!
//! A driver a tenant asks its feeds what they want and sends their questions ([`tenant`]); what
//! comes back is kept, read and stored at one desk ([`desk`]), the same way as an imported file.
//! Only when evidence is durable does a feed hear of it, and only then is written down where it
//! stands: whatever is cut off, wherever, is asked again, and the lake takes no record twice.

mod access;
mod desk;
mod onboard;
mod partner;
mod run;
mod script;
mod status;
mod tenant;

pub(crate) use access::{access, changing};
pub(crate) use onboard::feed_names;
pub use onboard::{Added, NewTenant, Permission, TenantLine, Told};
pub use partner::Customer;
pub use status::{FeedStatus, StatusReport};

use crate::config::{Config, Onboarded};
use crate::error::EngineError;
use crate::store::Store;
use cloud::{Limits, Tally};
use ledger::StoredFeed;
use model::Gap;
use run::Run;
use sources::{FeedSettings, Memory, Standing};
use std::collections::BTreeMap;
use std::time::Duration;

/// What to collect.
#[derive(Clone, Debug, Default)]
pub struct CollectRequest {
    /// Ids or names of tenants; every one where none is named. One that is paused waits.
    pub tenants: Vec<String>,
    /// Feeds, or groups of them by what stands before `/`; what the configuration says where none is named.
    pub sources: Vec<String>,
    /// How far back a feed reaches that never ran, such as `7d`.
    pub since: Option<String>,
    /// Whether to go on for ever instead of ending once everything that can be had was had.
    pub for_ever: bool,
    /// Certificates to trust beside the system's, PEM.
    pub roots: Option<Vec<u8>>,
    /// How far each request goes; what the configuration says where nothing is said.
    pub limits: Option<Limits>,
}

/// What a feed brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Records that were not known.
    pub new: u64,
    /// Records that were known already.
    pub duplicates: u64,
    /// Records that could not be read whole.
    pub rejected: u64,
    /// Bytes as received.
    pub bytes: u64,
}

impl Brought {
    fn add(&mut self, more: Self) {
        self.new += more.new;
        self.duplicates += more.duplicates;
        self.rejected += more.rejected;
        self.bytes += more.bytes;
    }
}

/// What one feed of a tenant brought in a run, and where it stands.
#[derive(Clone, Debug, Default)]
pub struct FeedReport {
    /// Its name within the tenant.
    pub feed: String,
    /// Answers that held evidence.
    pub contents: u64,
    /// What was in them, as far as it is stored.
    pub brought: Brought,
    /// What could not be taken as it stands, the first of each batch.
    pub errors: Vec<String>,
    /// Spans for which records may be missing, found in this run.
    pub gaps: Vec<Gap>,
    /// Where it stands.
    pub standing: Standing,
    unwritten: Brought,
}

/// What a run made of one tenant.
#[derive(Clone, Debug, Default)]
pub struct TenantReport {
    /// Its id.
    pub tenant: String,
    /// What the operator calls it.
    pub name: String,
    /// Its feeds.
    pub feeds: Vec<FeedReport>,
    /// Why it could not even be begun with.
    pub failed: Option<String>,
    /// Whether another worker has it.
    pub elsewhere: bool,
    /// Whether it is paused.
    pub paused: bool,
}

/// What a run made of all tenants.
#[derive(Clone, Debug, Default)]
pub struct CollectReport {
    /// Each tenant, in the order of ids.
    pub tenants: Vec<TenantReport>,
    /// Whether the operator stopped it.
    pub interrupted: bool,
}

/// Someone who watches collecting.
pub trait CollectWatch {
    /// Hears, several times a second, what every feed of every tenant has brought.
    fn going(&mut self, tenants: &[(&str, &[FeedReport])]);
    /// Hears, as often, what was asked of the cloud since the start, by tenant and quota.
    fn asked(&mut self, tallies: &[Tally]) {
        let _ = tallies;
    }
    /// Hears that what was collected is durable.
    fn stored(&mut self, tenants: &[(&str, &[FeedReport])]);
    /// Hears that storing failed and is tried again.
    fn troubled(&mut self, what: &str);
    /// Says whether to stop at the next good place.
    fn stopped(&self) -> bool;
}

impl Store {
    /// Collects until everything that can be had was had, or until it is stopped.
    pub fn collect(
        &self,
        request: &CollectRequest,
        watch: &mut dyn CollectWatch,
    ) -> Result<CollectReport, EngineError> {
        let config = Config::read(self.folder())?;
        let chosen = chosen(&config, request)?;
        let mut limits = config.limits;
        limits.door = request.limits.clone().unwrap_or(limits.door);
        let mut run = Run::new(self, request, &limits, chosen)?;
        let done = run.go(watch);
        let released = run.release();
        done?;
        released?;
        Ok(run.report(watch.stopped()))
    }

    /// Returns the feeds of a tenant, and what each remembers.
    fn plan(&self, tenant: &Onboarded, request: &CollectRequest) -> Result<Plan, EngineError> {
        let since = match &request.since {
            Some(text) => {
                Some(crate::config::period("--since", text).map_err(EngineError::Period)?)
            }
            None => tenant.since,
        };
        let settings = onboard::feed_settings(tenant);
        let wanted = if request.sources.is_empty() {
            &tenant.sources
        } else {
            &request.sources
        };
        let mut known: BTreeMap<String, StoredFeed> = self
            .ledger
            .feeds(Some(&tenant.id))?
            .into_iter()
            .map(|feed| (feed.feed.clone(), feed))
            .collect();
        let mut feeds = Vec::new();
        for name in onboard::feed_names(tenant, wanted)? {
            let memory = Memory {
                cursor: known.remove(&name).and_then(|feed| feed.cursor),
                seen: self.ledger.seen(&tenant.id, &name)?,
            };
            feeds.push((name, memory));
        }
        Ok(Plan {
            settings,
            since,
            feeds,
        })
    }
}

fn chosen(config: &Config, request: &CollectRequest) -> Result<Vec<Onboarded>, EngineError> {
    if config.tenants.is_empty() {
        return Err(EngineError::NoTenants);
    }
    if request.tenants.is_empty() {
        return Ok(config.tenants.clone());
    }
    let named = request.tenants.iter().map(|name| {
        let tenant = config.tenants.iter().find(|tenant| tenant.is(name));
        tenant
            .cloned()
            .ok_or_else(|| EngineError::NoSuchTenant { name: name.clone() })
    });
    named.collect()
}

/// The feeds of a tenant before they are made: that takes the server's time.
struct Plan {
    settings: FeedSettings,
    /// How far back a feed reaches that never ran; nothing is as far as its service keeps records.
    since: Option<Duration>,
    feeds: Vec<(String, Memory)>,
}

fn report_of(feed: &str) -> FeedReport {
    FeedReport {
        feed: feed.to_owned(),
        ..FeedReport::default()
    }
}
