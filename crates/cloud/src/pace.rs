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
