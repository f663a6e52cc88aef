//! How far the door goes: how many at once, how long it waits, how much it holds.

use std::time::Duration;

/// The bounds of a [`Door`](crate::Door).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many requests one tenant has under way at first; it adapts between half and one and a half times.
    pub in_flight: usize,
    /// How many requests all tenants together have under way.
    pub in_flight_in_all: usize,
    /// How long one send waits in all because the service asked to.
    pub patience: Duration,
    /// The first pause after a throttle that does not say how long.
    pub backoff: Duration,
    /// The first pause after an error of the server or a broken connection.
    pub retry_pause: Duration,
    /// How often a question is sent in all when the server or the connection fails.
    pub tries: u32,
    /// How long the wire may be silent.
    pub timeout: Duration,
    /// The pause before a certificate that is not known yet is tried again: a new one takes its time to replicate.
    pub replication_pause: Duration,
    /// How long before its end a token is replaced.
    pub token_margin: Duration,
    /// The longest page, and the longest part of a file of lines.
    pub page_limit: u64,
    /// The longest body of records.
    pub records_limit: u64,
    /// Above this a body of records is kept in a temporary file.
    pub memory_limit: usize,
    /// How many times the documented quota is asked for at first: above one only where the
    /// other side is a simulator.
    pub quota_factor: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 8,
            in_flight_in_all: 256,
            patience: Duration::from_mins(5),
            backoff: Duration::from_secs(30),
            retry_pause: Duration::from_secs(1),
            tries: 4,
            timeout: Duration::from_mins(1),
            replication_pause: Duration::from_secs(10),
            token_margin: Duration::from_mins(2),
            page_limit: 64 << 20,
            records_limit: 2 << 30,
            memory_limit: 1 << 20,
            quota_factor: 1,
        }
    }
}
