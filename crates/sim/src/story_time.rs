//! Moments as the services write them.

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

use crate::record::Micros;

/// A second.
pub(crate) const SECOND: Micros = 1_000_000;
/// A minute.
pub(crate) const MINUTE: Micros = 60 * SECOND;
/// An hour.
pub(crate) const HOUR: Micros = 60 * MINUTE;
/// A day.
pub(crate) const DAY: Micros = 24 * HOUR;

/// Writes a moment as the unified audit log does: to the second, without a zone.
pub(crate) fn bare(moment: Micros) -> String {
    civil(moment).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Writes a moment to the second, with its `Z`.
pub(crate) fn zulu(moment: Micros) -> String {
    civil(moment).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writes a moment with the seven digits of .NET, and its `Z`.
pub(crate) fn precise(moment: Micros) -> String {
    civil(moment)
        .strftime("%Y-%m-%dT%H:%M:%S%.6f0Z")
        .to_string()
}

/// Returns the midnight in UTC at or before a moment.
pub(crate) fn midnight(moment: Micros) -> Micros {
    moment - moment.rem_euclid(DAY)
}

/// Says whether a moment lies on Monday to Friday.
pub(crate) fn is_workday(moment: Micros) -> bool {
    !matches!(civil(moment).weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Returns the midnight before the nth workday, counted from one, from a first midnight on.
pub(crate) fn workday(began: Micros, number: u32) -> Micros {
    let mut workdays = (0..)
        .map(|day| began + day * DAY)
        .filter(|day| is_workday(*day));
    workdays
        .nth(number.saturating_sub(1) as usize)
        .expect("there is always another workday")
}

fn civil(moment: Micros) -> DateTime {
    let instant = Timestamp::from_microsecond(moment).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::fixed(Offset::UTC).to_datetime(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_each_service_does() {
        let moment = 1_773_135_061_234_567;
        assert_eq!(bare(moment), "2026-03-10T09:31:01");
        assert_eq!(zulu(moment), "2026-03-10T09:31:01Z");
        assert_eq!(precise(moment), "2026-03-10T09:31:01.2345670Z");
        assert_eq!(bare(midnight(moment)), "2026-03-10T00:00:00");
    }

    #[test]
    fn workdays_leave_the_weekend_out() {
        let friday = 1_772_755_200_000_000;
        assert_eq!(bare(friday), "2026-03-06T00:00:00");
        assert_eq!(bare(workday(friday, 1)), "2026-03-06T00:00:00");
        assert_eq!(bare(workday(friday, 2)), "2026-03-09T00:00:00");
    }
}
