//! One run of collecting under way: which tenants this worker has, which wait, and why.
//!
//! Tenants come and go while it goes on: one may be paused, another worker may have one or leave
//! one behind, the secret of one may not be to be had for a while. None of them holds up another.

use super::desk::{Desk, Seat, Work};
use super::tenant::{Driver, Parts};
use super::{CollectReport, CollectRequest, CollectWatch, TenantReport, access, onboard};
use crate::clock;
use crate::config::{Limits, Onboarded};
use crate::error::EngineError;
use crate::import::unreadable;
use crate::store::Store;
use cloud::Door;
use futures::FutureExt;
use ledger::{FeedChanges, StoredFeed};
use model::Timestamp;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;
use tracing::{error, info, warn};

/// How often the desk looks up while nothing comes.
const TICK: Duration = Duration::from_millis(200);

/// How many pieces of work wait at the desk before tenants wait too.
const INBOX: usize = 64;

/// How much evidence is held in memory between the cloud and the disk, in KiB.
const ROOM: usize = 16 << 10;

/// How often it is tried again to begin with a tenant that could not be begun with.
const FAILED_AGAIN: Duration = Duration::from_mins(1);

/// How long a run that was stopped waits for what cannot be stored at once.
const STOPPED_FOR: Duration = Duration::from_secs(10);

/// One run under way.
pub(super) struct Run<'a> {
    store: &'a Store,
    request: &'a CollectRequest,
    door: Arc<Door>,
    room: Arc<Semaphore>,
    worker: String,
    lease: Duration,
    patience: Duration,
    first_pause: Duration,
    desk: Desk<'a>,
    /// Every tenant of this run that has a seat, in the order of the seats.
    seated: Vec<Onboarded>,
    /// Tenants that are not under way.
    waiting: Vec<Waiting>,
    work: mpsc::Sender<Work>,
    inbox: mpsc::Receiver<Work>,
}

/// A tenant that is not under way.
struct Waiting {
    tenant: Onboarded,
    why: Why,
}

/// Why a tenant is not under way.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// It was not looked at as yet.
    New,
    /// The operator paused it.
    Paused,
    /// A worker has it until a moment; whether that one still lives is not known.
    Leased(String, Timestamp),
    /// A worker has it that lives.
    Elsewhere,
    /// It could not be begun with; when to try again.
    Failed(String, Instant),
}

impl<'a> Run<'a> {
    pub(super) fn new(
        store: &'a Store,
        request: &'a CollectRequest,
        limits: &Limits,
        tenants: Vec<Onboarded>,
    ) -> Result<Self, EngineError> {
        let door = Door::new(limits.door.clone(), clock::now, request.roots.as_deref())
            .map_err(EngineError::Door)?;
        let (work, inbox) = mpsc::channel(INBOX);
        let new = |tenant| Waiting {
            tenant,
            why: Why::New,
        };
        Ok(Self {
            store,
            request,
            door: Arc::new(door),
            room: Arc::new(Semaphore::new(ROOM)),
            worker: format!("{}-{}", std::process::id(), clock::now().0),
            lease: limits.lease,
            patience: limits.patience,
            first_pause: limits.first_pause,
            desk: Desk::new(store, !request.for_ever),
            seated: Vec::new(),
            waiting: tenants.into_iter().map(new).collect(),
            work,
            inbox,
        })
    }

    /// Collects until nothing is left to do, or until it is stopped.
    pub(super) fn go(&mut self, watch: &mut dyn CollectWatch) -> Result<(), EngineError> {
        self.begin()?;
        let (mut renewed, mut looked) = (Instant::now(), Instant::now());
        let mut stopped: Option<Instant> = None;
        loop {
            if watch.stopped() && stopped.is_none() {
                stopped = Some(Instant::now());
                self.desk.stop();
            }
            self.desk.turn(&mut self.inbox, TICK, watch)?;
            watch.going(&self.desk.seats_report());
            watch.asked(&self.door.tallies());
            let left = stopped.is_some_and(|since| since.elapsed() >= STOPPED_FOR);
            if left || self.is_done(stopped.is_some()) {
                return Ok(());
            }
            if renewed.elapsed() >= self.lease / 3 {
                renewed = Instant::now();
                let kept = self.renew();
                self.bear(kept, watch)?;
            }
            if looked.elapsed() >= self.lease / 9 && stopped.is_none() {
                looked = Instant::now();
                let begun = self.pause().and_then(|()| self.begin());
                self.bear(begun, watch)?;
            }
        }
    }

    /// Lets go of every tenant.
    pub(super) fn release(&self) -> Result<(), EngineError> {
        Ok(self.store.ledger.release(&self.worker)?)
    }

    /// A run that goes on for ever outlives a ledger that cannot be used for a while.
    fn bear(
        &self,
        done: Result<(), EngineError>,
        watch: &mut dyn CollectWatch,
    ) -> Result<(), EngineError> {
        match done {
            Err(error) if self.request.for_ever => {
                warn!("trying again: {}", unreadable(&error));
                watch.troubled(&unreadable(&error));
                Ok(())
            }
            done => done,
        }
    }

    fn is_done(&self, stopped: bool) -> bool {
        let may_begin = |one: &Waiting| matches!(one.why, Why::New | Why::Leased(..));
        let more = self.request.for_ever || self.waiting.iter().any(may_begin);
        self.desk.is_done() && (stopped || !more)
    }

    /// Begins with every tenant that nobody has.
    fn begin(&mut self) -> Result<(), EngineError> {
        let paused: BTreeSet<String> = self.paused()?;
        let (ready, waiting): (Vec<Waiting>, _) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|one| match &one.why {
                _ if paused.contains(&one.tenant.id) => false,
                Why::Failed(_, again) => self.request.for_ever && *again <= Instant::now(),
                Why::Elsewhere => self.request.for_ever,
                Why::New | Why::Paused | Why::Leased(..) => true,
            });
        self.waiting = waiting;
        for one in &mut self.waiting {
            if paused.contains(&one.tenant.id) {
                one.why = Why::Paused;
            }
        }
        let ids: Vec<&str> = ready.iter().map(|one| one.tenant.id.as_str()).collect();
        let taken = match self.take(&ids) {
            Ok(taken) => taken,
            Err(error) => {
                self.waiting.extend(ready);
                return Err(error);
            }
        };
        for (one, taken) in ready.into_iter().zip(taken) {
            let why = if taken {
                self.begin_with(&one.tenant)?
            } else {
                Some(self.leased(&one)?)
            };
            let tenant = one.tenant;
            self.waiting.extend(why.map(|why| Waiting { tenant, why }));
        }
        Ok(())
    }

    fn take(&self, tenants: &[&str]) -> Result<Vec<bool>, EngineError> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let now = clock::now();
        let until = Timestamp(now.0 + self.lease.as_micros() as i64);
        Ok(self.store.ledger.lease(tenants, &self.worker, now, until)?)
    }

    /// Returns whether the worker that has a tenant lives: it is known by the lease that it
    /// prolongs. One that was killed leaves a lease behind that runs out.
    fn leased(&self, one: &Waiting) -> Result<Why, EngineError> {
        let Some((worker, until)) = self.store.ledger.leased(&one.tenant.id)? else {
            return Ok(one.why.clone());
        };
        Ok(match &one.why {
            Why::Elsewhere => Why::Elsewhere,
            Why::Leased(who, before) if *who != worker || *before != until => Why::Elsewhere,
            _ => Why::Leased(worker, until),
        })
    }

    /// Begins with a tenant; returns why not, where it cannot.
    fn begin_with(&mut self, tenant: &Onboarded) -> Result<Option<Why>, EngineError> {
        let begun = access::access(tenant)
            .and_then(|access| Ok((access, self.store.plan(tenant, self.request)?)));
        let (access, mut plan) = match begun {
            Ok(begun) => begun,
            Err(error @ EngineError::Ledger(_)) => return Err(error),
            Err(error) => return self.failed(tenant, &error).map(Some),
        };
        plan.settings.first_pause = self.first_pause.as_secs() as i64;
        info!(tenant = tenant.id, "collecting {} feeds", plan.feeds.len());
        let (durable, hears) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(false);
        let names = plan.feeds.iter().map(|(name, _)| name.as_str());
        let number = self.desk.seat(Seat {
            tenant: tenant.id.clone(),
            name: tenant.name.clone(),
            feeds: names.map(super::report_of).collect(),
            durable,
            stop,
            ended: false,
            left: false,
        });
        if number == self.seated.len() {
            self.seated.push(tenant.clone());
        }
        let driver = Driver::new(Parts {
            number,
            access,
            door: Arc::clone(&self.door),
            plan,
            work: self.work.clone(),
            room: Arc::clone(&self.room),
            durable: hears,
            stop: stopped,
            once: !self.request.for_ever,
            patience: self.patience,
        });
        let (work, id) = (self.work.clone(), tenant.id.clone());
        self.store.runtime.spawn(async move {
            // A fault of this program in one tenant is not to be a wait without an end.
            if AssertUnwindSafe(driver.run()).catch_unwind().await.is_err() {
                error!(
                    tenant = id,
                    "collecting broke off by a fault of this program"
                );
                let _ = work.send(Work::Broken(number)).await;
            }
        });
        Ok(None)
    }

    /// Writes down that a tenant cannot be begun with, so that its status does not look well.
    fn failed(&self, tenant: &Onboarded, error: &EngineError) -> Result<Why, EngineError> {
        let what = unreadable(error);
        warn!(tenant = tenant.id, "{what}");
        let now = clock::now();
        let feeds = onboard::feed_names(tenant, &tenant.sources).unwrap_or_default();
        let feeds = feeds.into_iter().map(|feed| {
            let standing = StoredFeed {
                tenant: tenant.id.clone(),
                feed,
                trouble: what.clone(),
                hint: error.hint().unwrap_or_default(),
                stopped: true,
                noted: now,
                ..StoredFeed::default()
            };
            (standing, FeedChanges::default())
        });
        self.store.ledger.keep_feeds(&feeds.collect::<Vec<_>>())?;
        self.store.ledger.release_one(&tenant.id, &self.worker)?;
        Ok(Why::Failed(what, Instant::now() + FAILED_AGAIN))
    }

    fn paused(&self) -> Result<BTreeSet<String>, EngineError> {
        let paused = self.store.ledger.paused()?;
        Ok(paused.into_iter().map(|(tenant, _)| tenant).collect())
    }

    /// Ends what the operator paused, and lets those wait that have ended but are not done.
    fn pause(&mut self) -> Result<(), EngineError> {
        let paused = self.paused()?;
        for number in 0..self.seated.len() {
            let tenant = &self.seated[number];
            let seat = &mut self.desk.seats[number];
            if paused.contains(&tenant.id) && !seat.ended {
                seat.leave();
            }
            if seat.ended && seat.left {
                seat.left = false;
                self.store.ledger.release_one(&tenant.id, &self.worker)?;
                let why = if self.desk.broken.remove(&number) {
                    Why::Failed(BROKEN.to_owned(), Instant::now() + FAILED_AGAIN)
                } else {
                    Why::New
                };
                let tenant = tenant.clone();
                self.waiting.push(Waiting { tenant, why });
            }
        }
        Ok(())
    }

    /// Says of every tenant under way that this worker still has it, and leaves those to another
    /// worker that took them because this one was silent for too long. That the two went together
    /// for a while loses nothing and doubles nothing: they only asked twice.
    fn renew(&mut self) -> Result<(), EngineError> {
        let under_way: Vec<usize> = (0..self.seated.len())
            .filter(|number| !self.desk.seats[*number].ended)
            .collect();
        let ids: Vec<&str> = under_way
            .iter()
            .map(|number| self.seated[*number].id.as_str())
            .collect();
        let kept = self.take(&ids)?;
        for (number, kept) in under_way.into_iter().zip(kept) {
            if !kept {
                let seat = &mut self.desk.seats[number];
                warn!(tenant = seat.tenant, "another worker took the tenant over");
                seat.leave();
            }
        }
        Ok(())
    }

    /// Returns what the run made of all tenants.
    pub(super) fn report(&mut self, interrupted: bool) -> CollectReport {
        let broken = &self.desk.broken;
        let seats = self.desk.seats.drain(..).enumerate();
        let mut tenants: Vec<TenantReport> = seats
            .map(|(number, seat)| TenantReport {
                tenant: seat.tenant,
                name: seat.name,
                feeds: seat.feeds,
                failed: broken.contains(&number).then(|| BROKEN.to_owned()),
                ..TenantReport::default()
            })
            .collect();
        for one in self.waiting.drain(..) {
            let known = tenants
                .iter()
                .position(|report| report.tenant == one.tenant.id);
            let place = known.unwrap_or(tenants.len());
            if known.is_none() {
                tenants.push(TenantReport {
                    tenant: one.tenant.id,
                    name: one.tenant.name,
                    ..TenantReport::default()
                });
            }
            let report = &mut tenants[place];
            match one.why {
                Why::Failed(what, _) => report.failed = Some(what),
                Why::Paused => report.paused = true,
                Why::Elsewhere | Why::Leased(..) => report.elsewhere = true,
                Why::New => {}
            }
        }
        tenants.sort_by(|one, other| one.tenant.cmp(&other.tenant));
        CollectReport {
            tenants,
            interrupted,
        }
    }
}

const BROKEN: &str = "collecting it broke off by a fault of this program; the log says where";
