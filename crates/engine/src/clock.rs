//! The one place that reads the clock.

use model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the present moment.
#[must_use]
#[allow(
    clippy::disallowed_methods,
    reason = "this is the one door to the clock"
)]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
