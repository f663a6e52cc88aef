//! Moments as the services write and read them on the wire.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::record::Micros;

pub(crate) const SECOND: Micros = 1_000_000;
pub(crate) const MINUTE: Micros = 60 * SECOND;
pub(crate) const HOUR: Micros = 60 * MINUTE;
pub(crate) const DAY: Micros = 24 * HOUR;

/// Reads a moment: a date, with or without a time, with or without a zone (then UTC).
pub(crate) fn parse(text: &str) -> Option<Micros> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_microsecond());
    }
    let civil: DateTime = text.trim_end_matches('Z').parse().ok()?;
    let moment = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(moment.as_microsecond())
}

/// `2026-03-01T12:00:00Z`.
pub(crate) fn seconds(moment: Micros) -> String {
    write("%Y-%m-%dT%H:%M:%SZ", moment)
}

/// `2026-03-01T12:00:00.000Z`.
pub(crate) fn millis(moment: Micros) -> String {
    write("%Y-%m-%dT%H:%M:%S.%3fZ", moment)
}

/// `20260301120000000`, as the ids of content begin.
pub(crate) fn digits(moment: Micros) -> String {
    write("%Y%m%d%H%M%S%3f", moment)
}

/// `Sun, 01 Mar 2026 12:00:00 GMT`.
pub(crate) fn http_date(moment: Micros) -> String {
    write("%a, %d %b %Y %H:%M:%S GMT", moment)
}

/// Writes a moment by a pattern of `strftime`.
#[must_use]
pub fn write(pattern: &str, moment: Micros) -> String {
    let moment = Timestamp::from_microsecond(moment).unwrap_or_default();
    moment.strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_moment_is_the_same_moment() {
        let noon = parse("2026-03-01T12:00:00Z").unwrap();
        for text in [
            "2026-03-01T12:00",
            "2026-03-01T12:00:00",
            "2026-03-01T12:00:00.0000000Z",
            "2026-03-01T13:00:00+01:00",
        ] {
            assert_eq!(parse(text), Some(noon), "{text}");
        }
        assert_eq!(parse("2026-03-01"), Some(noon - 12 * HOUR));
        assert_eq!(parse("01.03.2026"), None);
        assert_eq!(millis(noon + 7_000), "2026-03-01T12:00:00.007Z");
        assert_eq!(http_date(noon), "Sun, 01 Mar 2026 12:00:00 GMT");
    }
}
