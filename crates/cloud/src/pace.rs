//! What the services promise to answer, quota by quota.

use model::Pace;
use std::time::Duration;

/// The quota of one kind of call, for one tenant.
pub(crate) struct Quota {
    /// So many requests ...
    pub(crate) requests: usize,
    /// ... in any span of this length.
    pub(crate) window: Duration,
    /// How many may be under way, where that is bounded apart from the tenant's own bound.
    pub(crate) at_once: usize,
    /// How many times the promised rate may be tried, where it is said to be more for some.
    pub(crate) most: u32,
}

/// Returns the quota of a pace. Windows are a little longer than documented: the service counts
/// when a request arrives, and the road is not always equally long.
pub(crate) fn quota(pace: Pace) -> Quota {
    let (requests, millis, at_once, most) = match pace {
        // 2,000 a minute at least, E5 about twice; one page speaks of 60,000.
        Pace::Activity => (333, 10_000, usize::MAX, 30),
        Pace::Reporting => (5, 10_500, usize::MAX, 1),
        Pace::Risk => (1, 1_050, usize::MAX, 1),
        Pace::Trace => (100, 305_000, usize::MAX, 1),
        Pace::AzureActivity => (50, 31_000, usize::MAX, 1),
        Pace::Cmdlet => (30, 10_000, 3, 4),
        // No number is documented for these; they are sent gently and learn.
        Pace::AuditQuery => (10, 10_000, usize::MAX, 4),
        Pace::DevOps => (30, 10_000, usize::MAX, 4),
        Pace::Directory => (200, 10_000, usize::MAX, 8),
        Pace::Storage => (1_000, 10_000, usize::MAX, 8),
    };
    Quota {
        requests,
        window: Duration::from_millis(millis),
        at_once,
        most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::Went;
    use crate::gate::Gates;
    use crate::limits::Limits;
    use std::cell::RefCell;
    use tokio::time::{Instant, sleep};

    const BUSY: Duration = Duration::from_mins(20);

    /// A service that counts in fixed spans, as the simplest ones do.
    struct Service {
        quota: u32,
        span: Duration,
        state: RefCell<(Instant, u32)>,
        answered: RefCell<(u32, u32)>,
    }

    impl Service {
        fn take(&self) -> Went {
            let mut state = self.state.borrow_mut();
            if state.0.elapsed() >= self.span {
                *state = (Instant::now(), 0);
            }
            state.1 += 1;
            let (taken, throttled) = &mut *self.answered.borrow_mut();
            if state.1 <= self.quota {
                *taken += 1;
                return Went::Taken;
            }
            *throttled += 1;
            Went::Throttled(Some(self.span.saturating_sub(state.0.elapsed())))
        }
    }

    /// Keeps a tenant busy for a while and returns what was taken and what was one too many.
    async fn busy(pace: Pace, quota: u32, span: Duration) -> (u32, u32) {
        let service = Service {
            quota,
            span,
            state: RefCell::new((Instant::now(), 0)),
            answered: RefCell::default(),
        };
        let gates = Gates::new(&Limits::default());
        let worker = || async {
            loop {
                let mut patience = Duration::MAX;
                let place = gates.admit("t", pace, &mut patience).await.ok().unwrap();
                sleep(Duration::from_millis(20)).await;
                let went = service.take();
                sleep(Duration::from_millis(100)).await;
                place.went(went);
            }
        };
        let workers = sixteen(worker);
        let _ = tokio::time::timeout(BUSY, workers).await;
        *service.answered.borrow()
    }

    async fn sixteen<F: Future<Output = ()>>(worker: impl Fn() -> F) {
        let four = || async {
            tokio::join!(worker(), worker(), worker(), worker());
        };
        tokio::join!(four(), four(), four(), four());
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_stays_near_its_quota_and_hardly_ever_asks_too_much() {
        for (pace, quota, span) in [
            (Pace::Activity, 2_000, 60),
            (Pace::Activity, 4_000, 60),
            (Pace::Activity, 1_000, 60),
            (Pace::Reporting, 5, 10),
            (Pace::Trace, 100, 300),
            (Pace::AzureActivity, 50, 30),
        ] {
            let span = Duration::from_secs(span);
            let (taken, throttled) = busy(pace, quota, span).await;
            let most = f64::from(quota) * BUSY.as_secs_f64() / span.as_secs_f64();
            let (share, wrong) = (
                f64::from(taken) / most,
                f64::from(throttled) / f64::from(taken),
            );
            assert!(share > 0.8, "{pace:?} {quota}: {share}");
            assert!(wrong < 0.01, "{pace:?} {quota}: {wrong}");
        }
    }
}
