//! Counts, durations and moments as a sentence says them.

use crate::interval::{DAY, HOUR, Interval, MINUTE, SECOND};
use model::Timestamp;

/// Returns a number with its noun: `1 record`, `2 records`, `2 searches`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ if noun.ends_with(['s', 'h', 'x']) => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// Returns a duration by its two largest units: `11 s`, `3 h 5 min`, `2 d`.
pub(crate) fn lasting(micros: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")];
    let mut left = micros.max(0);
    let mut said = Vec::new();
    for (unit, name) in UNITS {
        if left >= unit {
            said.push(format!("{} {name}", left / unit));
            left %= unit;
        }
        let is_told = said.len() == 2 || (said.len() == 1 && left < unit / 60);
        if is_told {
            break;
        }
    }
    if said.is_empty() {
        return "less than a second".to_owned();
    }
    said.join(" ")
}

/// Returns a moment as prose writes it, in UTC and whole seconds: `2024-03-01 09:30:00`.
pub(crate) fn moment(time: Timestamp) -> String {
    let text = time.to_string();
    let seconds = text.split(['.', 'Z']).next().unwrap_or_default();
    seconds.replacen('T', " ", 1)
}

/// Returns an interval as prose writes it; an open end is called that.
pub(crate) fn stretch(interval: &Interval) -> String {
    let from = match interval.from {
        Timestamp(i64::MIN) => "an unknown beginning".to_owned(),
        time => moment(time),
    };
    let to = match interval.to {
        Timestamp(i64::MAX) => "an unknown end".to_owned(),
        time => moment(time),
    };
    format!("{from} to {to} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_counts_are_said_by_their_largest_units() {
        assert_eq!(lasting(11 * SECOND), "11 s");
        assert_eq!(lasting(3 * HOUR + 5 * MINUTE + 7 * SECOND), "3 h 5 min");
        assert_eq!(lasting(2 * DAY), "2 d");
        assert_eq!(lasting(2 * DAY + 30 * SECOND), "2 d");
        assert_eq!(lasting(3), "less than a second");
        assert_eq!(moment(Timestamp(1_500_000)), "1970-01-01 00:00:01");
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(count(0, "record"), "0 records");
        assert_eq!(count(2, "search"), "2 searches");
    }

    #[test]
    fn an_open_end_is_called_so() {
        let since = Interval::new(Timestamp(0), Timestamp(i64::MAX));
        assert_eq!(stretch(&since), "1970-01-01 00:00:00 to an unknown end UTC");
        assert_eq!(
            stretch(&Interval::ALL),
            "an unknown beginning to an unknown end UTC"
        );
    }
}
