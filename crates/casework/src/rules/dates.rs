//! Dates in a rule's conditions, which say neither their zone nor their order of day and month.

use super::conditions::Truth;
use crate::interval::{DAY, HOUR};
use model::Timestamp;

/// How far local time may be from UTC, both ways.
const ZONES: i64 = 14 * HOUR;

/// Returns whether a message came after a date.
///
/// `5/6/2024` is read both ways, and the day may begin in any zone: only where all readings agree
/// is there an answer.
pub(super) fn is_after(value: &str, time: Option<Timestamp>) -> Truth {
    let Some(time) = time else {
        return Truth::Unknown;
    };
    let readings = readings(value);
    let is_later = |moment: &Timestamp| time.0 > moment.0.saturating_add(DAY + ZONES);
    let is_earlier = |moment: &Timestamp| time.0 < moment.0.saturating_sub(ZONES);
    if readings.is_empty() {
        Truth::Unknown
    } else if readings.iter().all(is_later) {
        Truth::True
    } else if readings.iter().all(is_earlier) {
        Truth::False
    } else {
        Truth::Unknown
    }
}

/// The midnights that the date at the beginning of a text can mean.
fn readings(value: &str) -> Vec<Timestamp> {
    let date = value
        .trim()
        .split(['T', 't', ' '])
        .next()
        .unwrap_or_default();
    let numbers: Option<Vec<u32>> = date
        .split(['-', '/', '.'])
        .map(|part| part.parse().ok())
        .collect();
    let midnight = |year: u32, month, day| {
        let year = i32::try_from(year).ok()?;
        Timestamp::from_civil(year, month, day, 0, 0, 0, 0)
    };
    let found = match numbers.as_deref() {
        Some(&[year, month, day]) if year > 999 => vec![midnight(year, month, day)],
        Some(&[first, second, year]) if year > 999 => {
            vec![midnight(year, first, second), midnight(year, second, first)]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: Truth) {
        let time = Timestamp::from_civil(2024, 6, 20, 12, 0, 0, 0);
        assert_eq!(is_after(value, time), expected, "{value}");
    }

    #[test]
    fn a_date_decides_only_where_every_reading_agrees() {
        check("2024-06-01T00:00:00", Truth::True);
        check("6/1/2024 12:00:00 AM", Truth::True);
        check("12/31/2024", Truth::False);
        check("5/7/2024", Truth::Unknown);
        check("2024-06-20", Truth::Unknown);
        check("yesterday", Truth::Unknown);
        check("", Truth::Unknown);
        check("99999999999-1-1", Truth::Unknown);
        assert_eq!(is_after("2024-06-01", None), Truth::Unknown);
    }
}
