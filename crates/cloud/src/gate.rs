//! Who may send: each tenant within its own bound, all together within another, and nobody
//! whose quota is on hold. A tenant that waits holds no place that another could use.

use crate::bucket::{Bucket, Entry, Went};
use crate::limits::Limits;
use crate::pace::quota;
use model::Pace;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

pub(crate) struct Gates {
    limits: Limits,
    tenants: Mutex<BTreeMap<String, Arc<Gate>>>,
    buckets: Mutex<BTreeMap<(String, Pace), Arc<Bucket>>>,
    all: Arc<Semaphore>,
}

/// A place among those that send; given back when dropped.
pub(crate) struct Admission {
    bucket: Arc<Bucket>,
    gate: Place,
    _all: Option<OwnedSemaphorePermit>,
    sent: Instant,
    probe: bool,
    went: Went,
    backoff: Duration,
}

impl Gates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            tenants: Mutex::default(),
            buckets: Mutex::default(),
            all: Arc::new(Semaphore::new(limits.in_flight_in_all.max(1))),
        }
    }

    /// Waits for a place. What the service asked to wait is taken from `patience`; where that
    /// does not suffice, the seconds that are left to wait come back.
    pub(crate) async fn admit(
        &self,
        tenant: &str,
        pace: Pace,
        patience: &mut Duration,
    ) -> Result<Admission, u32> {
        let (bucket, gate) = (self.bucket(tenant, pace), self.gate(tenant));
        loop {
            sit_out(&bucket, patience).await?;
            tokio::time::sleep_until(bucket.reserve(Instant::now())).await;
            while bucket.held(Instant::now()).is_none() {
                let mut place = Gate::place(&gate).await;
                let all = Arc::clone(&self.all).acquire_owned().await.ok();
                let mut bell = std::pin::pin!(bucket.changed.notified());
                bell.as_mut().enable();
                let sent = Instant::now();
                match bucket.enter(sent) {
                    Entry::Go { probe } => {
                        return Ok(Admission {
                            bucket: Arc::clone(&bucket),
                            gate: place,
                            _all: all,
                            sent,
                            probe,
                            went: Went::Unknown,
                            backoff: self.limits.backoff,
                        });
                    }
                    Entry::Held(_) => place.told = true,
                    Entry::Full => {
                        place.told = true;
                        drop((place, all));
                        bell.await;
                    }
                }
            }
        }
    }

    fn bucket(&self, tenant: &str, pace: Pace) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry((tenant.to_owned(), pace))
            .or_insert_with(|| Arc::new(Bucket::new(quota(pace), self.limits.quota_factor)));
        Arc::clone(bucket)
    }

    fn gate(&self, tenant: &str) -> Arc<Gate> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = tenants
            .entry(tenant.to_owned())
            .or_insert_with(|| Arc::new(Gate::new(self.limits.in_flight)));
        Arc::clone(gate)
    }
}

async fn sit_out(bucket: &Bucket, patience: &mut Duration) -> Result<(), u32> {
    loop {
        let now = Instant::now();
        let Some(until) = bucket.held(now) else {
            return Ok(());
        };
        let wait = until - now;
        if wait > *patience {
            return Err(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX));
        }
        *patience -= wait;
        tokio::time::sleep_until(until).await;
    }
}

impl Admission {
    /// Notes that the service has begun to answer; the body may take its time.
    pub(crate) fn accepted(&mut self) {
        if std::mem::take(&mut self.probe) {
            self.bucket.accepted();
        }
    }

    /// Notes how the request went.
    pub(crate) fn went(mut self, went: Went) {
        self.gate.went(went);
        self.went = went;
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.bucket
            .leave(self.sent, self.probe, self.went, self.backoff);
    }
}

/// How many requests one tenant has under way, and how many it may have.
struct Gate {
    state: Mutex<Crowd>,
    left: Notify,
}

struct Crowd {
    under_way: usize,
    bound: f64,
    usual: f64,
}

struct Place {
    gate: Arc<Gate>,
    /// Whether it was told how the request went.
    told: bool,
}

impl Gate {
    fn new(usual: usize) -> Self {
        let usual = usual.max(1) as f64;
        Self {
            state: Mutex::new(Crowd {
                under_way: 0,
                bound: usual,
                usual,
            }),
            left: Notify::new(),
        }
    }

    async fn place(gate: &Arc<Self>) -> Place {
        loop {
            let mut bell = std::pin::pin!(gate.left.notified());
            bell.as_mut().enable();
            if gate.lock().enter() {
                return Place {
                    gate: Arc::clone(gate),
                    told: false,
                };
            }
            bell.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Crowd> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Crowd {
    fn enter(&mut self) -> bool {
        let free = (self.under_way as f64) < self.bound.floor();
        self.under_way += usize::from(free);
        free
    }
}

impl Place {
    fn went(&mut self, went: Went) {
        self.told = true;
        let mut crowd = self.gate.lock();
        crowd.bound = match went {
            // What it lost by failures it has again as soon as it is answered.
            Went::Taken => (crowd.bound + 0.1 / crowd.bound)
                .max((crowd.usual / 2.0).max(1.0))
                .min((crowd.usual * 1.5).floor()),
            Went::Throttled(_) => (crowd.bound / 2.0).max((crowd.usual / 2.0).max(1.0)),
            // Who does not answer must not hold the places of all for as long as it is silent.
            Went::Unknown => (crowd.bound / 2.0).max(1.0),
        };
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.told {
            self.went(Went::Unknown);
        }
        let mut crowd = self.gate.lock();
        crowd.under_way = crowd.under_way.saturating_sub(1);
        drop(crowd);
        // Everyone is woken, for a place may have come with the bound as well.
        self.gate.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gates() -> Gates {
        Gates::new(&Limits::default())
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_on_hold_does_not_delay_another_nor_its_own_other_quotas() {
        let gates = Arc::new(gates());
        let start = Instant::now();
        pass(
            &gates,
            "a",
            Pace::Activity,
            Went::Throttled(Some(Duration::from_secs(100))),
        )
        .await;
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let gates = Arc::clone(&gates);
                tokio::spawn(async move {
                    pass(&gates, "a", Pace::Activity, Went::Taken).await;
                    start.elapsed()
                })
            })
            .collect();
        for _ in 0..20 {
            pass(&gates, "b", Pace::Activity, Went::Taken).await;
            pass(&gates, "a", Pace::Directory, Went::Taken).await;
        }
        assert!(start.elapsed() < Duration::from_secs(1));
        for wait in waiting {
            assert!(wait.await.unwrap() >= Duration::from_secs(100));
        }
    }

    async fn pass(gates: &Gates, tenant: &str, pace: Pace, went: Went) {
        let mut patience = Duration::from_mins(5);
        let place = gates.admit(tenant, pace, &mut patience).await.ok().unwrap();
        place.went(went);
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_no_patience_left_is_told_how_long_it_is() {
        let gates = gates();
        let mut patience = Duration::from_mins(1);
        let place = gates
            .admit("a", Pace::Trace, &mut patience)
            .await
            .ok()
            .unwrap();
        place.went(Went::Throttled(Some(Duration::from_mins(10))));
        let seconds = gates
            .admit("a", Pace::Trace, &mut patience)
            .await
            .err()
            .unwrap();
        assert!((600..=602).contains(&seconds), "{seconds}");
        assert_eq!(patience, Duration::from_mins(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_adapts_how_many_it_has_under_way() {
        let gate = Arc::new(Gate::new(8));
        let mut place = Gate::place(&gate).await;
        for _ in 0..10_000 {
            place.went(Went::Taken);
        }
        assert!((gate.lock().bound - 12.0).abs() < 0.01);
        for _ in 0..5 {
            place.went(Went::Throttled(None));
        }
        assert!((gate.lock().bound - 4.0).abs() < 0.01);
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_that_is_silent_leaves_the_places_to_others() {
        let gate = Arc::new(Gate::new(8));
        for _ in 0..8 {
            drop(Gate::place(&gate).await);
        }
        assert!((gate.lock().bound - 1.0).abs() < 0.01);
        Gate::place(&gate).await.went(Went::Taken);
        assert!((gate.lock().bound - 4.0).abs() < 0.01);
    }
}
