//! Times as the services write them, and as they want to be asked.

use model::Timestamp;

/// One minute, in seconds.
pub(crate) const MINUTE: i64 = 60;
/// One hour, in seconds.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day, in seconds.
pub(crate) const DAY: i64 = 24 * HOUR;

const MICROS: i64 = 1_000_000;

/// Returns the whole second at or before a moment: the services know no smaller bounds.
pub(crate) fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp(moment.0.div_euclid(MICROS) * MICROS)
}

/// Returns how many seconds lie between two moments, rounded down.
pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    to.0.saturating_sub(from.0).div_euclid(MICROS)
}

/// Returns a moment as the Management Activity API wants it: whole seconds, without zone.
pub(crate) fn without_zone(moment: Timestamp) -> String {
    whole_second(moment)
        .to_string()
        .trim_end_matches('Z')
        .to_owned()
}

/// Reads `2026-03-01T02:03:04.1234567Z`, with or without fraction and zone; no zone is UTC.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-');
    let year: i32 = date.next()?.parse().ok()?;
    let month: u32 = date.next()?.parse().ok()?;
    let day: u32 = date.next()?.parse().ok()?;
    let (time, offset) = split_zone(time)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut clock = clock.splitn(3, ':');
    let hour: u32 = clock.next()?.parse().ok()?;
    let minute: u32 = clock.next()?.parse().ok()?;
    let second: u32 = clock.next().unwrap_or("0").parse().ok()?;
    let local = Timestamp::from_civil(year, month, day, hour, minute, second, micros(fraction)?)?;
    Some(local.plus_seconds(-offset))
}

/// Reads the time of an HTTP header or of a list of blobs: `Tue, 10 Mar 2026 12:00:00 GMT`.
pub(crate) fn read_http(text: &str) -> Option<Timestamp> {
    let (_, date) = text.split_once(", ")?;
    let mut words = date.split_whitespace();
    let day: u32 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u32 + 1;
    let year: i32 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.splitn(3, ':').map(str::parse::<u32>);
    let (hour, minute, second) = (
        clock.next()?.ok()?,
        clock.next()?.ok()?,
        clock.next()?.ok()?,
    );
    Timestamp::from_civil(year, month, day, hour, minute, second, 0)
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, 0));
    };
    let (time, zone) = time.split_at(at);
    let (sign, zone) = zone.split_at(1);
    let (hours, minutes) = zone.split_once(':').unwrap_or((zone, "0"));
    let seconds = hours.parse::<i64>().ok()? * HOUR + minutes.parse::<i64>().ok()? * MINUTE;
    Some((time, if sign == "-" { -seconds } else { seconds }))
}

fn micros(fraction: &str) -> Option<u32> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let read = read(text).map(|moment| moment.to_string());
        assert_eq!(read.as_deref(), expected, "{text}");
    }

    #[test]
    fn the_spellings_of_the_services_are_read() {
        check("2026-03-01T02:03:04Z", Some("2026-03-01T02:03:04Z"));
        check("2026-03-01T02:03:04", Some("2026-03-01T02:03:04Z"));
        check("2026-03-01T02:03:04.5Z", Some("2026-03-01T02:03:04.5Z"));
        check(
            "2026-03-01T02:03:04.1234567Z",
            Some("2026-03-01T02:03:04.123456Z"),
        );
        check("2026-03-01T02:03:04+01:00", Some("2026-03-01T01:03:04Z"));
        check("2026-03-01 02:03", Some("2026-03-01T02:03:00Z"));
        check("2026-02-30T02:03:04Z", None);
        check("soon", None);
        check("2026-03-01T02:03:04.xZ", None);
    }

    #[test]
    fn the_time_of_a_blob_is_read() {
        let read = read_http("Tue, 10 Mar 2026 12:00:05 GMT").map(|moment| moment.to_string());
        assert_eq!(read.as_deref(), Some("2026-03-10T12:00:05Z"));
        assert_eq!(read_http("yesterday"), None);
    }

    #[test]
    fn a_bound_is_asked_in_whole_seconds() {
        assert_eq!(without_zone(Timestamp(1_999_999)), "1970-01-01T00:00:01");
        assert_eq!(whole_second(Timestamp(-1)), Timestamp(-1_000_000));
    }
}
