//! The clocks of the hosts: HTTP dates, and how far each host is from the local clock.

use model::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

/// Reads a date of HTTP.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    let moment = httpdate::parse_http_date(text.trim()).ok()?;
    let since = moment.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok().map(Timestamp)
}

/// By how many seconds each host is ahead of the local clock.
#[derive(Default)]
pub(crate) struct Skews(Mutex<BTreeMap<String, i64>>);

impl Skews {
    /// Notes the date that a host has just sent.
    pub(crate) fn note(&self, origin: &str, date: &str, local: Timestamp) {
        let Some(theirs) = http_date(date) else {
            return;
        };
        // A date is cut to the second, so half of one is added; a second either way is the road.
        let ahead = (theirs.0 + 500_000 - local.0)
            .div_euclid(500_000)
            .div_euclid(2);
        let ahead = if ahead.abs() <= 1 { 0 } else { ahead };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(origin.to_owned(), ahead);
    }

    pub(crate) fn of(&self, origin: &str) -> Option<i64> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(origin).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[test]
    fn a_host_ahead_or_behind_is_known_and_a_second_is_nothing() {
        let theirs = http_date(DATE).unwrap();
        assert_eq!(theirs.to_string(), "1994-11-06T08:49:37Z");
        for (ahead, found) in [(600, 600), (-600, -600), (1, 0), (-1, 0), (0, 0)] {
            let skews = Skews::default();
            skews.note("x", DATE, theirs.plus_seconds(-ahead));
            assert_eq!(skews.of("x"), Some(found), "{ahead}");
        }
        let skews = Skews::default();
        skews.note("x", "yesterday", theirs);
        assert_eq!(skews.of("x"), None);
    }
}
