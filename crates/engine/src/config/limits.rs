//! How far collecting goes and how patient it is: `[limits]` of the configuration.
//!
//! What is built in is what Microsoft's services bear; other numbers are for a proxy that allows
//! less, for a quota that Microsoft raised, and for servers of tests.

use super::collecting::period;
use serde::Deserialize;
use std::time::Duration;

/// The bounds of collecting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Those of every request.
    pub(crate) door: cloud::Limits,
    /// How long a run that ends waits for what failed and is asked for again.
    pub(crate) patience: Duration,
    /// How long a feed waits after a first failure.
    pub(crate) first_pause: Duration,
    /// How long a worker has a tenant without saying that it still does.
    pub(crate) lease: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            door: cloud::Limits::default(),
            patience: Duration::from_secs(150),
            first_pause: Duration::from_secs(15),
            lease: Duration::from_secs(45),
        }
    }
}

/// `[limits]` as it is written.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftLimits {
    in_flight: Option<usize>,
    in_flight_in_all: Option<usize>,
    quota_factor: Option<u32>,
    tries: Option<u32>,
    timeout: Option<String>,
    backoff: Option<String>,
    retry_pause: Option<String>,
    throttled: Option<String>,
    patience: Option<String>,
    first_pause: Option<String>,
    lease: Option<String>,
}

impl DraftLimits {
    /// Checks what is said; what is not said stays as it is built in.
    pub(super) fn understand(self) -> Result<Limits, String> {
        let mut limits = Limits::default();
        let door = &mut limits.door;
        for (key, said, into) in [
            ("in_flight", self.in_flight, &mut door.in_flight),
            (
                "in_flight_in_all",
                self.in_flight_in_all,
                &mut door.in_flight_in_all,
            ),
        ] {
            set(key, said, into)?;
        }
        set("quota_factor", self.quota_factor, &mut door.quota_factor)?;
        set("tries", self.tries, &mut door.tries)?;
        for (key, said, into) in [
            ("timeout", self.timeout, &mut door.timeout),
            ("backoff", self.backoff, &mut door.backoff),
            ("retry_pause", self.retry_pause, &mut door.retry_pause),
            ("throttled", self.throttled, &mut door.patience),
            ("patience", self.patience, &mut limits.patience),
            ("first_pause", self.first_pause, &mut limits.first_pause),
            ("lease", self.lease, &mut limits.lease),
        ] {
            if let Some(text) = said {
                *into = period(key, &text)?;
            }
        }
        Ok(limits)
    }
}

fn set<N: Copy + From<u8> + PartialEq>(
    key: &str,
    said: Option<N>,
    into: &mut N,
) -> Result<(), String> {
    let Some(number) = said else { return Ok(()) };
    if number == N::from(0) {
        return Err(format!("`{key} = 0` in `[limits]` would ask for nothing"));
    }
    *into = number;
    Ok(())
}
