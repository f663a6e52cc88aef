//! Times as an operator types them, always read as UTC.

use crate::error::Trouble;
use model::Timestamp;

/// Reads `2026-03-01`, `2026-03-01T12:00[:00][Z]`, an offset time, or `-7d`, `-12h`, `-30m` back from now.
pub(crate) fn read(text: &str, now: Timestamp) -> Result<Timestamp, Trouble> {
    let text = text.trim();
    back(text, now).or_else(|| absolute(text)).ok_or_else(|| Trouble::Argument {
        what: format!("the time `{text}`"),
        hint: "type a UTC time such as 2026-03-01, 2026-03-01T12:00:00Z, or -7d for seven days ago".to_owned(),
    })
}

/// Reads the two ends of a window; one that ends before it begins is none.
pub(crate) fn window(
    since: Option<&str>,
    until: Option<&str>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Trouble> {
    let end = |text: Option<&str>| text.map(|text| read(text, now)).transpose();
    let (since, until) = (end(since)?, end(until)?);
    if let (Some(from), Some(to)) = (since, until)
        && from >= to
    {
        return Err(Trouble::Argument {
            what: format!("the window from {from} to {to}"),
            hint: "`--until` must be later than `--since`".to_owned(),
        });
    }
    Ok((since, until))
}

fn back(text: &str, now: Timestamp) -> Option<Timestamp> {
    let amount = text.strip_prefix('-')?;
    let unit = amount.chars().last()?;
    let seconds = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let count: i64 = amount[..amount.len() - 1].parse().ok()?;
    Some(now.plus_seconds(-count.checked_mul(seconds)?))
}

fn absolute(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(moment.as_microsecond()));
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let moment = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp(moment.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let now = Timestamp::from_civil(2026, 3, 8, 12, 0, 0, 0).expect("a moment");
        assert_eq!(read(text, now).expect(text).to_string(), expected, "{text}");
    }

    #[test]
    fn what_an_operator_types_is_utc() {
        check("2021-03-26", "2021-03-26T00:00:00Z");
        check("2021-03-26T09:10", "2021-03-26T09:10:00Z");
        check("2021-03-26 09:10:48", "2021-03-26T09:10:48Z");
        check("2021-03-26T09:10:48Z", "2021-03-26T09:10:48Z");
        check("2021-03-26T09:10:48+02:00", "2021-03-26T07:10:48Z");
        check("-7d", "2026-03-01T12:00:00Z");
        check("-90m", "2026-03-08T10:30:00Z");
    }

    #[test]
    fn a_window_that_ends_before_it_begins_is_refused() {
        let now = Timestamp::from_civil(2026, 3, 8, 12, 0, 0, 0).expect("a moment");
        let (since, until) = window(Some("2021-03-26"), Some("2021-03-27"), now).expect("one day");
        assert!(since < until);
        assert!(window(Some("2021-03-27"), None, now).is_ok());
        for (since, until) in [("2021-03-27", "2021-03-26"), ("2021-03-26", "2021-03-26")] {
            let refused = window(Some(since), Some(until), now);
            assert!(
                matches!(refused, Err(Trouble::Argument { .. })),
                "{since} {until}"
            );
        }
    }

    #[test]
    fn what_is_no_time_says_what_would_be() {
        for text in [
            "",
            "yesterday",
            "-",
            "-d",
            "-99999999999999999d",
            "26/03/2021",
        ] {
            assert!(read(text, Timestamp(0)).is_err(), "{text}");
        }
    }
}
