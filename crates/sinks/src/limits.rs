//! How far a delivery goes: how long it waits, how much it sends and hears.

use std::time::Duration;

/// The bounds of rendering and delivering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long one delivery may take from the first byte to the last.
    pub timeout: Duration,
    /// How much of an answer is read.
    pub answer: usize,
    /// The longest message for Teams, in bytes: what is documented is about 28 KB.
    pub teams: usize,
    /// The longest syslog message in one datagram, in bytes.
    pub datagram: usize,
    /// The longest wait that a destination may ask for.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            answer: 64 << 10,
            teams: 27_000,
            datagram: 2048,
            patience: Duration::from_hours(6),
        }
    }
}
