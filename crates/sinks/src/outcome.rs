//! What came of a delivery, and what is to be done about it.

use model::Timestamp;
use std::time::Duration;

/// How sure it is that a card arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It left; nobody answers there (a datagram, a stream without acknowledgement).
    Sent,
    /// The other side took it and will see to it (a workflow, a mail server): what it does with it later is not known.
    Accepted,
    /// The other side says that it is there.
    Delivered,
}

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is out of our hands.
    Delivered {
        /// How sure that is.
        certainty: Certainty,
        /// What the other side said: a status, a request id.
        receipt: String,
    },
    /// It did not arrive, or nobody knows; it is worth another try.
    Retry {
        /// How long the other side asks to wait.
        after: Option<Duration>,
        /// Why.
        why: String,
    },
    /// It did not arrive, and the same again would not either.
    Refused {
        /// Why.
        why: String,
    },
}

impl Outcome {
    pub(crate) fn retry(why: impl Into<String>) -> Self {
        Self::Retry {
            after: None,
            why: why.into(),
        }
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }

    /// Returns the same with its words changed, so that nothing secret stands in them.
    pub(crate) fn cleaned(self, clean: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Delivered { certainty, receipt } => Self::Delivered {
                certainty,
                receipt: clean(&receipt),
            },
            Self::Retry { after, why } => Self::Retry {
                after,
                why: clean(&why),
            },
            Self::Refused { why } => Self::Refused { why: clean(&why) },
        }
    }
}

/// Reads `Retry-After`: seconds, or a date; never longer than `patience`, never no wait at all.
pub(crate) fn retry_after(text: &str, now: Timestamp, patience: Duration) -> Option<Duration> {
    let seconds = if let Ok(seconds) = text.trim().parse::<f64>() {
        seconds
    } else {
        let date = httpdate::parse_http_date(text.trim()).ok()?;
        let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
        since.as_secs_f64() - now.0 as f64 / 1e6
    };
    let longest = patience.as_secs_f64().max(1.0);
    // What is no number at all becomes the shortest wait.
    Some(Duration::from_secs_f64(
        seconds.clamp(1.0, longest).max(1.0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date_and_has_bounds() {
        let now = Timestamp::from_civil(1994, 11, 6, 8, 49, 37, 0).expect("a date");
        let patience = Duration::from_hours(6);
        for (text, seconds) in [
            ("30", Some(30)),
            (" 7 ", Some(7)),
            ("0", Some(1)),
            ("-5", Some(1)),
            ("1e99", Some(21_600)),
            ("NaN", Some(1)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(1)),
            ("soon", None),
        ] {
            let found = retry_after(text, now, patience);
            assert_eq!(found, seconds.map(Duration::from_secs), "{text}");
        }
    }
}
