//! A moment in UTC, counted in whole microseconds.
//!
//! Nothing here reads a clock or an operator's zone, and nothing reads the many
//! spellings of time in evidence: that is `normalise`'s work.

use std::fmt;

/// A moment in UTC as microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

impl Timestamp {
    /// Returns the moment of a UTC calendar date and time of day, or nothing when there is no such moment.
    ///
    /// ```
    /// use model::Timestamp;
    /// let moment = Timestamp::from_civil(2021, 7, 12, 12, 6, 50, 0).unwrap();
    /// assert_eq!(moment.to_string(), "2021-07-12T12:06:50Z");
    /// assert!(Timestamp::from_civil(2021, 2, 29, 0, 0, 0, 0).is_none());
    /// ```
    #[must_use]
    pub fn from_civil(
        year: i32,
        month: u32,
        day: u32,
        hour: u32,
        minute: u32,
        second: u32,
        micros: u32,
    ) -> Option<Self> {
        let in_range = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month)
            && hour < 24
            && minute < 60
            && second < 60
            && micros < 1_000_000;
        if !in_range {
            return None;
        }
        let days = days_from_civil(year, month, day);
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Some(Self(
            days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + i64::from(micros),
        ))
    }

    /// Returns the UTC year, month and day.
    #[must_use]
    pub fn date(self) -> (i32, u32, u32) {
        civil_from_days(self.0.div_euclid(MICROS_PER_DAY))
    }

    /// Returns the days since 1970-01-01, the same number for every moment of one UTC day.
    #[must_use]
    pub fn day_number(self) -> i64 {
        self.0.div_euclid(MICROS_PER_DAY)
    }

    /// Returns the moment moved by whole seconds, held inside what an `i64` can say.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(
            self.0
                .saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)),
        )
    }
}

impl fmt::Display for Timestamp {
    /// Writes RFC 3339 in UTC; the fraction appears only where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let in_day = self.0.rem_euclid(MICROS_PER_DAY);
        let (seconds, micros) = (in_day / MICROS_PER_SECOND, in_day % MICROS_PER_SECOND);
        if !(0..10_000).contains(&year) {
            write!(f, "{year:05}-{month:02}-{day:02}T")?;
            return write!(
                f,
                "{:02}:{:02}:{:02}Z",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            );
        }
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        put(&mut text[0..4], year.unsigned_abs());
        put(&mut text[5..7], month);
        put(&mut text[8..10], day);
        put(&mut text[11..13], (seconds / 3600) as u32);
        put(&mut text[14..16], (seconds / 60 % 60) as u32);
        put(&mut text[17..19], (seconds % 60) as u32);
        put(&mut text[20..26], micros as u32);
        let zeros = text[..26]
            .iter()
            .rev()
            .take_while(|digit| **digit == b'0')
            .count();
        let end = if micros == 0 { 19 } else { 26 - zeros };
        text[end] = b'Z';
        f.write_str(std::str::from_utf8(&text[..=end]).unwrap_or_default())
    }
}

/// Writes a number right-aligned over the zeros of a text: times stand in every row, and the
/// formatter of the standard library takes longer for one than everything else about it.
fn put(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Returns how many days a month of the Gregorian calendar has.
#[must_use]
pub fn days_in_month(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Both directions follow Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms"
// (https://howardhinnant.github.io/date_algorithms.html): eras of 400 years from 0000-03-01.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_written_as_everyone_writes_them() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999Z");
        assert_eq!(
            Timestamp(1_621_372_416_000_000).to_string(),
            "2021-05-18T21:13:36Z"
        );
        assert_eq!(
            Timestamp(1_621_372_415_123_400).to_string(),
            "2021-05-18T21:13:35.1234Z"
        );
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_moment() {
        assert!(Timestamp::from_civil(2100, 2, 29, 0, 0, 0, 0).is_none());
        assert!(Timestamp::from_civil(2000, 2, 29, 0, 0, 0, 0).is_some());
        assert!(Timestamp::from_civil(2021, 13, 1, 0, 0, 0, 0).is_none());
        assert!(Timestamp::from_civil(2021, 1, 1, 24, 0, 0, 0).is_none());
    }

    proptest! {
        #[test]
        fn a_date_survives_the_way_there_and_back(year in 1i32..=9999, month in 1u32..=12, day in 1u32..=31) {
            prop_assume!(day <= days_in_month(year, month));
            let moment = Timestamp::from_civil(year, month, day, 23, 59, 59, 999_999).expect("a real date");
            prop_assert_eq!(moment.date(), (year, month, day));
        }
    }
}
