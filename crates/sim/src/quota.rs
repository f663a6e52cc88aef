//! Quotas: how many requests of one kind are taken in a span of real time, in which clients live.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::time::{Duration, Instant};

use crate::clock;

/// Counters of requests, by whatever a quota is bound to.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    taken: Mutex<BTreeMap<String, (Instant, u32)>>,
}

impl Quotas {
    /// Takes a request, unless the quota of the current span is used up. A quota of nought is none.
    pub(crate) fn take(&self, name: String, quota: u32, span: Duration) -> bool {
        if quota == 0 {
            return true;
        }
        let now = clock::real();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, count) = taken.entry(name).or_insert((now, 0));
        if now.duration_since(*begun) >= span {
            (*begun, *count) = (now, 0);
        }
        *count += 1;
        *count <= quota
    }
}
