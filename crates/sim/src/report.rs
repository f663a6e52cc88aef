//! What the cloud saw: what it served to whom, what it was asked, and what a client has to
//! show for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::time::{Duration, Instant};

use crate::clock;
use crate::faults::{Fault, Site};
use crate::record::Stream;
use crate::service::Service;

/// Returns the name of the store in which a stream's ids are unique: the five content types of
/// the unified audit log are one, the four kinds of sign-ins another.
#[must_use]
pub fn family(stream: Stream) -> &'static str {
    match stream {
        Stream::Unified(_) => "unified",
        Stream::SignIn(_) => "signins",
        Stream::DirectoryAudit => "directory_audits",
        Stream::Risk => "risk",
        Stream::Trace => "messages",
        Stream::AzureActivity => "azure_activity",
        Stream::DevOps => "devops_audit",
    }
}

/// Returns a stream's own name.
#[must_use]
pub fn stream_name(stream: Stream) -> &'static str {
    match stream {
        Stream::Unified(content) => content.name(),
        Stream::SignIn(kind) => kind.name(),
        other => family(other),
    }
}

/// What the cloud saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The virtual moment.
    pub now: String,
    /// What there was to fetch and what was fetched, by tenant and stream.
    pub served: BTreeMap<String, BTreeMap<String, Served>>,
    /// Requests by service and call (`manage.blob`), then by status; a request that got no
    /// answer counts as `0`.
    pub requests: BTreeMap<String, BTreeMap<u16, u64>>,
    /// Requests by tenant.
    pub by_tenant: BTreeMap<String, u64>,
    /// Faults that struck.
    pub faults: BTreeMap<Fault, u64>,
    /// Answers that said there were too many requests.
    pub throttled: u64,
    /// Requests of a tenant to a service within the `Retry-After` of such an answer.
    pub while_throttled: u64,
    /// Requests to the Management Activity API without `PublisherIdentifier`.
    pub without_publisher: u64,
    /// Tokens that arrived where they were not for.
    pub leaked: Vec<Leak>,
    /// The most requests that were being answered at once.
    pub concurrency_max: u32,
    /// What the cloud itself lost, as far as the Management Activity API is concerned.
    pub lost: Vec<Loss>,
}

/// How much of a stream was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Records in the world.
    pub records: u64,
    /// Records that can be fetched by now.
    pub available: u64,
    /// Records that were served at least once.
    pub served: u64,
    /// Records that were served, each as often as it was.
    pub times: u64,
}

/// A token where it was not for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leak {
    /// Where it arrived.
    pub arrived: Service,
    /// What it was for.
    pub audience: String,
    /// Whose it was.
    pub tenant: String,
    /// What was asked for.
    pub path: String,
}

/// Records that cannot be fetched, whatever a client does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Whose.
    pub tenant: String,
    /// The stream's name.
    pub stream: String,
    /// `expired`, `missing`, `unsubscribed` or `too_old`.
    pub why: String,
    /// The content's id.
    pub content: String,
    /// When the content was created.
    pub created: String,
    /// Ids of its records.
    pub ids: Vec<String>,
}

/// What a client is judged on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Only records of this tenant.
    pub tenant: Option<String>,
    /// Only these stores: `unified`, `signins`, ... or streams: `Audit.Exchange`, ...; all when empty.
    pub streams: BTreeSet<String>,
    /// Whether the unified audit log was fetched by other ways than the Management Activity API,
    /// so that what that one lost counts as missing.
    pub other_ways: bool,
}

impl Scope {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// One store or stream of every tenant.
    #[must_use]
    pub fn stream(name: &str) -> Self {
        Self {
            streams: BTreeSet::from([name.to_owned()]),
            ..Self::default()
        }
    }

    /// Only in a tenant.
    #[must_use]
    pub fn in_tenant(mut self, tenant: &str) -> Self {
        self.tenant = Some(tenant.to_owned());
        self
    }

    pub(crate) fn covers(&self, tenant: &str, stream: Stream) -> bool {
        let named = |name: &str| self.streams.is_empty() || self.streams.contains(name);
        self.tenant.as_deref().is_none_or(|only| only == tenant)
            && (named(family(stream)) || named(stream_name(stream)))
    }
}

/// How a client did. An id is named once in each list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Ids that could be fetched by now.
    pub expected: u64,
    /// Ids of the scope that were collected.
    pub collected: u64,
    /// Could be fetched and were not.
    pub missing: Vec<String>,
    /// Collected more than once.
    pub duplicate: Vec<String>,
    /// Collected and not of this world, or not of this scope.
    pub unknown: Vec<String>,
    /// Not collected, because the cloud lost them.
    pub lost: Vec<String>,
}

/// The book in which everything is written down as it happens.
#[derive(Debug)]
pub(crate) struct Book {
    served: Vec<AtomicU32>,
    /// How often records that came into being later were served, by row.
    served_since: Mutex<BTreeMap<usize, u32>>,
    running: AtomicU32,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    report: Report,
    quiet_until: BTreeMap<(Service, Option<String>), Instant>,
}

impl Book {
    pub(crate) fn new(records: usize) -> Self {
        Self {
            served: (0..records).map(|_| AtomicU32::new(0)).collect(),
            served_since: Mutex::default(),
            running: AtomicU32::new(0),
            pages: Mutex::default(),
        }
    }

    /// Notes that a request came in.
    pub(crate) fn begins(&self, site: &Site) {
        let running = self.running.fetch_add(1, Ordering::Relaxed) + 1;
        let mut pages = self.pages();
        let quiet = pages
            .quiet_until
            .get(&(site.service, site.tenant.clone()))
            .is_some_and(|until| clock::real() < *until);
        let report = &mut pages.report;
        report.while_throttled += u64::from(quiet);
        report.concurrency_max = report.concurrency_max.max(running);
        if let Some(tenant) = &site.tenant {
            *report.by_tenant.entry(tenant.clone()).or_default() += 1;
        }
    }

    /// Notes how it ended; 0 for no answer.
    pub(crate) fn ends(&self, site: &Site, status: u16) {
        let call = format!("{}.{}", site.service.name(), site.call);
        let mut pages = self.pages();
        let statuses = pages.report.requests.entry(call).or_default();
        *statuses.entry(status).or_default() += 1;
    }

    /// Notes that a request is no longer being answered.
    pub(crate) fn leaves(&self) {
        self.running.fetch_sub(1, Ordering::Relaxed);
    }

    /// Notes that a tenant was told to wait.
    pub(crate) fn throttles(&self, site: &Site, seconds: u64) {
        let until = clock::real() + Duration::from_secs(seconds);
        let mut pages = self.pages();
        pages.report.throttled += 1;
        pages
            .quiet_until
            .insert((site.service, site.tenant.clone()), until);
    }

    /// Notes that a fault struck.
    pub(crate) fn struck(&self, fault: Fault) {
        *self.pages().report.faults.entry(fault).or_default() += 1;
    }

    pub(crate) fn without_publisher(&self) {
        self.pages().report.without_publisher += 1;
    }

    pub(crate) fn leaks(&self, leak: Leak) {
        self.pages().report.leaked.push(leak);
    }

    /// Notes that records went out whole.
    pub(crate) fn serves(&self, rows: &[usize]) {
        for row in rows {
            if let Some(times) = self.served.get(*row) {
                times.fetch_add(1, Ordering::Relaxed);
            } else {
                *self.since().entry(*row).or_default() += 1;
            }
        }
    }

    /// Returns how often a record was served.
    pub(crate) fn times(&self, row: usize) -> u32 {
        match self.served.get(row) {
            Some(times) => times.load(Ordering::Relaxed),
            None => self.since().get(&row).copied().unwrap_or(0),
        }
    }

    fn since(&self) -> MutexGuard<'_, BTreeMap<usize, u32>> {
        self.served_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the report so far, without what only the whole cloud knows.
    pub(crate) fn report(&self) -> Report {
        self.pages().report.clone()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
