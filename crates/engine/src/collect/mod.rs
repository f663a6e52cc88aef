//! Collects the logs of tenants from the cloud, and loses nothing.
//!
//! A driver a tenant asks its feeds what they want and sends their questions ([`tenant`]); what
//! comes back is kept, read and stored at one desk ([`desk`]), the same way as an imported file.
//! Only when evidence is durable does a feed hear of it, and only then is written down where it
//! stands: whatever is cut off, wherever, is asked again, and the lake takes no record twice.

mod access;
mod desk;
mod onboard;
mod status;
mod tenant;

pub use onboard::{NewTenant, Permission, TenantLine, Told};
pub use status::{FeedStatus, StatusReport};

use crate::clock;
use crate::config::{Config, Onboarded};
use crate::error::EngineError;
use crate::store::Store;
use cloud::{Door, Limits};
use desk::{Desk, Seat, Work};
use ledger::StoredFeed;
use model::Gap;
use sources::{FeedSettings, Memory, Standing};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tenant::{Driver, Parts};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tracing::warn;

/// What to collect.
#[derive(Clone, Debug, Default)]
pub struct CollectRequest {
    /// Ids or names of tenants; every one that is not paused where none is named.
    pub tenants: Vec<String>,
    /// Feeds, or groups of them by what stands before `/`; what the configuration says where none is named.
    pub sources: Vec<String>,
    /// How far back a feed reaches that never ran, such as `7d`.
    pub since: Option<String>,
    /// Whether to go on for ever instead of ending once everything that can be had was had.
    pub for_ever: bool,
    /// Certificates to trust beside the system's, PEM.
    pub roots: Option<Vec<u8>>,
    /// How patient to be; Microsoft's own bounds where nothing is said.
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
    /// Hears that what was collected is durable.
    fn stored(&mut self, tenants: &[(&str, &[FeedReport])]);
    /// Hears that storing failed and is tried again.
    fn troubled(&mut self, what: &str);
    /// Says whether to stop at the next good place.
    fn stopped(&self) -> bool;
}

/// How long a worker has a tenant without saying that it still does, and how often it says so.
const LEASE: Duration = Duration::from_secs(45);
const RENEWAL: Duration = Duration::from_secs(15);

/// How often the desk looks up while nothing comes.
const TICK: Duration = Duration::from_millis(200);

/// How many pieces of work wait at the desk before tenants wait too.
const INBOX: usize = 64;

impl Store {
    /// Collects until everything that can be had was had, or until it is stopped.
    pub fn collect(
        &self,
        request: &CollectRequest,
        watch: &mut dyn CollectWatch,
    ) -> Result<CollectReport, EngineError> {
        let config = Config::read(self.folder())?;
        let chosen = self.chosen(&config, request)?;
        let limits = request.limits.clone().unwrap_or_default();
        let door =
            Door::new(limits, clock::now, request.roots.as_deref()).map_err(EngineError::Door)?;
        let (work, inbox) = mpsc::channel(INBOX);
        let (stop, stopped) = watch::channel(false);
        let mut run = Run {
            store: self,
            request,
            door: Arc::new(door),
            worker: worker(),
            desk: Desk::new(self, !request.for_ever),
            waiting: chosen,
            reports: Vec::new(),
            work: Some(work),
            stop,
            stopped,
        };
        let done = run.go(inbox, watch);
        self.ledger.release(&run.worker)?;
        done?;
        Ok(run.report(watch.stopped()))
    }

    fn chosen(
        &self,
        config: &Config,
        request: &CollectRequest,
    ) -> Result<Vec<Onboarded>, EngineError> {
        if config.tenants.is_empty() {
            return Err(EngineError::NoTenants);
        }
        let paused: Vec<String> = self
            .ledger
            .paused()?
            .into_iter()
            .map(|(tenant, _)| tenant)
            .collect();
        if request.tenants.is_empty() {
            let going = config.tenants.iter();
            return Ok(going
                .filter(|tenant| !paused.contains(&tenant.id))
                .cloned()
                .collect());
        }
        let named = request.tenants.iter().map(|name| {
            let tenant = config.tenants.iter().find(|tenant| tenant.is(name));
            tenant
                .cloned()
                .ok_or_else(|| EngineError::NoSuchTenant { name: name.clone() })
        });
        named.collect()
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

/// The feeds of a tenant before they are made: that takes the server's time.
struct Plan {
    settings: FeedSettings,
    /// How far back a feed reaches that never ran; nothing is as far as its service keeps records.
    since: Option<Duration>,
    feeds: Vec<(String, Memory)>,
}

/// Names this worker among those that share a ledger.
fn worker() -> String {
    format!("{}-{}", std::process::id(), clock::now().0)
}

/// One run under way.
struct Run<'a> {
    store: &'a Store,
    request: &'a CollectRequest,
    door: Arc<Door>,
    worker: String,
    desk: Desk<'a>,
    /// Tenants that are not begun with: another worker has them, or had.
    waiting: Vec<Onboarded>,
    /// The tenants that are begun with, in the order of the desk's seats; and those that failed.
    reports: Vec<TenantReport>,
    work: Option<mpsc::Sender<Work>>,
    stop: watch::Sender<bool>,
    stopped: watch::Receiver<bool>,
}

impl Run<'_> {
    fn go(
        &mut self,
        mut inbox: mpsc::Receiver<Work>,
        watch: &mut dyn CollectWatch,
    ) -> Result<(), EngineError> {
        self.begin()?;
        if !self.request.for_ever {
            self.work = None;
        }
        let mut renewed = Instant::now();
        loop {
            if watch.stopped() {
                self.stop.send_replace(true);
            }
            self.desk.turn(&mut inbox, TICK, watch)?;
            watch.going(&self.desk.seats_report());
            if self.desk.is_done() && (!self.request.for_ever || watch.stopped()) {
                return Ok(());
            }
            if renewed.elapsed() >= RENEWAL {
                renewed = Instant::now();
                self.renew()?;
                if !watch.stopped() {
                    self.begin()?;
                }
            }
        }
    }

    /// Begins with every tenant that nobody has.
    fn begin(&mut self) -> Result<(), EngineError> {
        for tenant in std::mem::take(&mut self.waiting) {
            if !self.lease(&tenant.id)? {
                self.waiting.push(tenant);
                continue;
            }
            let number = self.desk.seats.len();
            let begun = access::access(&tenant)
                .and_then(|access| Ok((access, self.store.plan(&tenant, self.request)?)));
            let (access, plan) = match begun {
                Ok(begun) => begun,
                Err(error @ EngineError::Ledger(_)) => return Err(error),
                Err(error) => {
                    let what = crate::import::unreadable(&error);
                    warn!(tenant = tenant.id, "{what}");
                    self.reports.push(TenantReport {
                        tenant: tenant.id,
                        name: tenant.name,
                        failed: Some(what),
                        ..TenantReport::default()
                    });
                    continue;
                }
            };
            let (durable, hears) = mpsc::unbounded_channel();
            self.desk.seats.push(Seat {
                tenant: tenant.id.clone(),
                name: tenant.name.clone(),
                feeds: plan.feeds.iter().map(|(name, _)| report_of(name)).collect(),
                durable,
                ended: false,
            });
            let Some(work) = self.work.clone() else {
                continue;
            };
            let driver = Driver::new(Parts {
                number,
                access,
                door: Arc::clone(&self.door),
                plan,
                work,
                durable: hears,
                stop: self.stopped.clone(),
                once: !self.request.for_ever,
            });
            self.store.runtime.spawn(driver.run());
        }
        Ok(())
    }

    fn lease(&self, tenant: &str) -> Result<bool, EngineError> {
        let now = clock::now();
        let until = now.plus_seconds(LEASE.as_secs() as i64);
        Ok(self.store.ledger.lease(tenant, &self.worker, now, until)?)
    }

    /// Says of every tenant under way that this worker still has it.
    fn renew(&self) -> Result<(), EngineError> {
        for seat in self.desk.seats.iter().filter(|seat| !seat.ended) {
            if !self.lease(&seat.tenant)? {
                // Two workers on one tenant lose nothing and double nothing: they only ask twice.
                warn!(tenant = seat.tenant, "another worker took the tenant over");
            }
        }
        Ok(())
    }

    fn report(&mut self, interrupted: bool) -> CollectReport {
        let seats = self.desk.seats.drain(..).map(|seat| TenantReport {
            tenant: seat.tenant,
            name: seat.name,
            feeds: seat.feeds,
            failed: None,
            elsewhere: false,
        });
        let mut tenants: Vec<TenantReport> = seats.chain(self.reports.drain(..)).collect();
        tenants.extend(self.waiting.drain(..).map(|tenant| TenantReport {
            tenant: tenant.id,
            name: tenant.name,
            elsewhere: true,
            ..TenantReport::default()
        }));
        tenants.sort_by(|one, other| one.tenant.cmp(&other.tenant));
        CollectReport {
            tenants,
            interrupted,
        }
    }
}

fn report_of(feed: &str) -> FeedReport {
    FeedReport {
        feed: feed.to_owned(),
        ..FeedReport::default()
    }
}
