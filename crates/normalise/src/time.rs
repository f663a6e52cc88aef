//! Every spelling of time that evidence is known for, read as UTC microseconds.
//!
//! A time without a zone is UTC, as Microsoft's are; the operator's zone plays no part.
//! What is finer than a microsecond is cut off.

use model::{DateOrder, Json, Timestamp};

/// Reads a time from a JSON value: a text in any spelling or a number since an epoch.
pub(crate) fn read_json(value: &Json<'_>, order: DateOrder) -> Option<Timestamp> {
    match value {
        Json::String(text) => read(text, order),
        Json::Number(text) => epoch(text),
        _ => None,
    }
}

/// Returns the moment of a date and a time of day. ISO 8601 calls the midnight that ends a day
/// 24:00:00. A leap second, of which Unix time has none, is told as the last microsecond
/// before it, so that it stays in its minute and in order.
fn moment(date: (i32, u32, u32), clock: (u32, u32, u32, u32)) -> Option<Timestamp> {
    let (year, month, day) = date;
    match clock {
        (24, 0, 0, 0) => {
            Some(Timestamp::from_civil(year, month, day, 0, 0, 0, 0)?.plus_seconds(24 * 3600))
        }
        (hour, minute, 60, _) => Timestamp::from_civil(year, month, day, hour, minute, 59, 999_999),
        (hour, minute, second, micros) => {
            Timestamp::from_civil(year, month, day, hour, minute, second, micros)
        }
    }
}

/// Reads a time from a text; the order decides a date that can be read both ways.
pub(crate) fn read(text: &str, order: DateOrder) -> Option<Timestamp> {
    let text = text.trim();
    plain_iso(text).or_else(|| {
        if text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            return compact(text)
                .or_else(|| epoch(text))
                .or_else(|| written(text, order));
        }
        match text.strip_prefix("/Date(") {
            Some(inner) => epoch(inner.split(['+', '-', ')']).next()?),
            None => basic_iso(text).or_else(|| written(text, order)),
        }
    })
}

/// The spelling of nearly every record, `2021-05-18T21:13:33` with or without `Z`, read without a cursor.
fn plain_iso(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let is_plain = match bytes.len() {
        19 => true,
        20 => bytes[19] == b'Z',
        _ => false,
    };
    if !is_plain
        || bytes[4] != b'-'
        || bytes[7] != b'-'
        || bytes[10] != b'T'
        || bytes[13] != b':'
        || bytes[16] != b':'
    {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0u32, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let date = (number(0, 4)? as i32, number(5, 7)?, number(8, 10)?);
    moment(date, (number(11, 13)?, number(14, 16)?, number(17, 19)?, 0))
}

/// `20210712T120650Z`, ISO 8601's basic form.
fn basic_iso(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_once(['T', 't'])?;
    let rest = clock.get(6..)?;
    let digits = [date, clock.get(..6)?].concat();
    let is_basic = date.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_basic {
        return None;
    }
    let mut cursor = Cursor { text: rest, at: 0 };
    let micros = match cursor.any(&['.', ',']) {
        Some(_) => micros_of(cursor.digits())?,
        None => 0,
    };
    let offset = zone(&mut cursor)?;
    let moment = compact(&digits)?.plus_seconds(-offset);
    cursor
        .is_done()
        .then_some(Timestamp(moment.0 + i64::from(micros)))
}

/// `20210518211336`: no other epoch has fourteen digits that begin so.
fn compact(text: &str) -> Option<Timestamp> {
    if text.len() != 14 || !(text.starts_with("19") || text.starts_with("20")) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let date = (number(0, 4)? as i32, number(4, 6)?, number(6, 8)?);
    moment(date, (number(8, 10)?, number(10, 12)?, number(12, 14)?, 0))
}

/// Reads a number since an epoch; its size tells the unit and the epoch.
fn epoch(text: &str) -> Option<Timestamp> {
    const SECONDS_1601_TO_1970: i128 = 11_644_473_600;
    const SECONDS_0001_TO_1970: i128 = 62_135_596_800;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let number: i128 = whole.parse().ok()?;
    let micros = match number {
        // Smaller ones are counters and years: 1973 is before any log of this house.
        ..100_000_000 => return None,
        100_000_000..100_000_000_000 => number * 1_000_000 + i128::from(micros_of(fraction)?),
        100_000_000_000..100_000_000_000_000 => number * 1000,
        100_000_000_000_000..100_000_000_000_000_000 => number,
        // Windows file time, then .NET ticks, both of 100 nanoseconds; then nanoseconds.
        100_000_000_000_000_000..500_000_000_000_000_000 => {
            number / 10 - SECONDS_1601_TO_1970 * 1_000_000
        }
        500_000_000_000_000_000..1_000_000_000_000_000_000 => {
            number / 10 - SECONDS_0001_TO_1970 * 1_000_000
        }
        _ => number / 1000,
    };
    let last = Timestamp::from_civil(9999, 12, 31, 23, 59, 59, 0)?;
    let micros = i64::try_from(micros).ok()?;
    (micros <= last.0).then_some(Timestamp(micros))
}

/// Reads a date, a time of day and a zone as people and spreadsheets write them.
fn written(text: &str, order: DateOrder) -> Option<Timestamp> {
    let mut cursor = Cursor { text, at: 0 };
    let (year, month, day) = date(&mut cursor, order)?;
    cursor.skip(&[',', 'T', 't']);
    if cursor.is_done() {
        return Timestamp::from_civil(year, month, day, 0, 0, 0, 0);
    }
    let clock = clock(&mut cursor)?;
    let offset = zone(&mut cursor)?;
    cursor.skip_zone_name();
    if !cursor.is_done() {
        return None;
    }
    Some(moment((year, month, day), clock)?.plus_seconds(-offset))
}

/// Reads `2021-05-18`, `5/18/2021`, `18.05.2021`, `18 May 2021`, `May 18, 2021` and `Tue, 18 May 2021`.
fn date(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<(i32, u32, u32)> {
    if let Some(word) = cursor.word() {
        let Some(month) = month_of(word) else {
            cursor.skip(&[',']);
            return day_name_date(cursor);
        };
        cursor.skip(&['.', '-']);
        let (day, _) = cursor.number(2)?;
        cursor.skip(&[',', '-']);
        return Some((year(cursor)?, month, day));
    }
    let (first, digits) = cursor.number(4)?;
    let separator = cursor.any(&['-', '/', '.', ' '])?;
    if digits == 4 {
        let (month, _) = cursor.number(2)?;
        cursor.any(&[separator])?;
        let (day, _) = cursor.number(2)?;
        return Some((first as i32, month, day));
    }
    if let Some(word) = cursor.word() {
        let month = month_of(word)?;
        cursor.skip(&['.', '-', ',']);
        return Some((year(cursor)?, month, first));
    }
    let (second, _) = cursor.number(2)?;
    cursor.any(&[separator])?;
    let year = year(cursor)?;
    let (month, day) = month_and_day(first, second, separator, order);
    Some((year, month, day))
}

fn day_name_date(cursor: &mut Cursor<'_>) -> Option<(i32, u32, u32)> {
    // `Mon Jul 12 2021`, as JavaScript has it.
    if let Some(word) = cursor.word() {
        let month = month_of(word)?;
        let (day, _) = cursor.number(2)?;
        return Some((year(cursor)?, month, day));
    }
    let (day, _) = cursor.number(2)?;
    cursor.skip(&['-']);
    let month = month_of(cursor.word()?)?;
    cursor.skip(&['-']);
    Some((year(cursor)?, month, day))
}

fn year(cursor: &mut Cursor<'_>) -> Option<i32> {
    match cursor.number(4)? {
        (year, 4) => Some(year as i32),
        (year, 2) => Some(2000 + year as i32),
        _ => None,
    }
}

/// A part above twelve is the day, whatever the file says; dots are only used day first.
fn month_and_day(first: u32, second: u32, separator: char, order: DateOrder) -> (u32, u32) {
    let day_first = match (first > 12, second > 12) {
        (true, _) => true,
        (false, true) => false,
        _ => separator == '.' || order == DateOrder::DayFirst,
    };
    if day_first {
        (second, first)
    } else {
        (first, second)
    }
}

fn month_of(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let head = word.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == head)?;
    u32::try_from(at + 1).ok()
}

/// Reads `21:13`, `21:13:36`, `21:13:36.1234567`, `9:13:36 PM`, `9:13:36.000 p.m.`.
fn clock(cursor: &mut Cursor<'_>) -> Option<(u32, u32, u32, u32)> {
    let (hour, _) = cursor.number(2)?;
    cursor.any(&[':', '.'])?;
    let (minute, _) = cursor.number(2)?;
    let mut second = 0;
    let mut micros = 0;
    if cursor.any(&[':', '.']).is_some() {
        second = cursor.number(2)?.0;
        if cursor.any(&['.', ',']).is_some() {
            micros = micros_of(cursor.digits())?;
        }
    }
    Some((half_day(cursor, hour)?, minute, second, micros))
}

/// Turns an hour of the twelve-hour clock; browsers put a narrow no-break space before `PM`.
fn half_day(cursor: &mut Cursor<'_>, hour: u32) -> Option<u32> {
    let before = cursor.at;
    cursor.skip(&[]);
    let rest = &cursor.text[cursor.at..];
    let found = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)]
        .into_iter()
        .find(|(word, _)| {
            rest.get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
        });
    let Some((word, add)) = found else {
        cursor.at = before;
        return Some(hour);
    };
    cursor.at += word.len();
    (1..=12).contains(&hour).then_some(hour % 12 + add)
}

/// Reads `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02` as seconds east; nothing is UTC.
fn zone(cursor: &mut Cursor<'_>) -> Option<i64> {
    cursor.skip(&[]);
    if let Some(word) = cursor.word() {
        let is_utc = ["z", "utc", "gmt"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
        if !is_utc {
            return None;
        }
        // `GMT+0200` is two hours east of it.
    }
    let Some(sign) = cursor.any(&['+', '-']) else {
        return Some(0);
    };
    let (mut hours, digits) = cursor.number(4)?;
    let mut minutes = 0;
    if digits == 4 {
        (hours, minutes) = (hours / 100, hours % 100);
    } else if cursor.any(&[':']).is_some() {
        minutes = cursor.number(2)?.0;
    }
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours * 3600 + minutes * 60);
    Some(if sign == '-' { -seconds } else { seconds })
}

/// Returns the microseconds of a decimal fraction's digits.
fn micros_of(digits: &str) -> Option<u32> {
    if digits.len() > 30 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let six = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
    Some(six.fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn is_done(&self) -> bool {
        self.text[self.at..].trim().is_empty()
    }

    /// Reads at most so many digits; gives the number and how many digits it has.
    fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        self.skip(&[]);
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number = self.text[self.at..self.at + count].parse().ok()?;
        self.at += count;
        Some((number, count))
    }

    fn digits(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Reads letters, if the next character is one.
    fn word(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|character: char| !character.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    fn any(&mut self, characters: &[char]) -> Option<char> {
        let next = self.text[self.at..].chars().next()?;
        if !characters.contains(&next) {
            return None;
        }
        self.at += next.len_utf8();
        Some(next)
    }

    /// Skips the name of a zone in brackets, which the offset before it has said already.
    fn skip_zone_name(&mut self) {
        self.skip(&[]);
        let rest = &self.text[self.at..];
        if rest.starts_with('(') && rest.trim_end().ends_with(')') {
            self.at = self.text.len();
        }
    }

    /// Skips white space of every kind, and the characters given.
    fn skip(&mut self, characters: &[char]) {
        let rest = &self.text[self.at..];
        let skipped = rest.trim_start_matches(|character: char| {
            character.is_whitespace() || character == '\u{200e}' || characters.contains(&character)
        });
        self.at += rest.len() - skipped.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        check_in(text, DateOrder::Unknown, expected);
    }

    fn check_in(text: &str, order: DateOrder, expected: &str) {
        let moment = read(text, order).unwrap_or_else(|| panic!("`{text}` is a time"));
        assert_eq!(moment.to_string(), expected, "{text}");
    }

    #[test]
    fn iso_spellings() {
        check("2022-03-04T05:06:07", "2022-03-04T05:06:07Z");
        check("2022-03-04T05:06:07Z", "2022-03-04T05:06:07Z");
        check("2022-03-04T05:06:07.0000000Z", "2022-03-04T05:06:07Z");
        check("2022-03-04T05:06:07.1234567", "2022-03-04T05:06:07.123456Z");
        check(
            "2022-03-04 05:06:07.058183200",
            "2022-03-04T05:06:07.058183Z",
        );
        check("2022-03-04T05:06:07.123Z", "2022-03-04T05:06:07.123Z");
        check("2022-03-04T05:06:07+00:00", "2022-03-04T05:06:07Z");
        check("2022-03-04T05:06:07+02:00", "2022-03-04T03:06:07Z");
        check("2022-03-04T05:06:07-0330", "2022-03-04T08:36:07Z");
        check("2022-03-04 05:06:07", "2022-03-04T05:06:07Z");
        check("2022-03-04 05:06:07 UTC", "2022-03-04T05:06:07Z");
        check("2022-03-04 05:06:07 +01:00", "2022-03-04T04:06:07Z");
        check("2022-03-04T05:06Z", "2022-03-04T05:06:00Z");
        check("2022/03/04 05:06:07", "2022-03-04T05:06:07Z");
        check("2022-03-04", "2022-03-04T00:00:00Z");
    }

    #[test]
    fn spellings_of_scripts() {
        check(
            "Mon Jul 12 2021 14:06:50 GMT+0200 (Central European Summer Time)",
            "2021-07-12T12:06:50Z",
        );
        check("Mon Jul 12 2021 14:06:50 GMT", "2021-07-12T14:06:50Z");
        check("20210712T120650Z", "2021-07-12T12:06:50Z");
        check("20210712T120650.5Z", "2021-07-12T12:06:50.5Z");
        check("20210712T140650+0200", "2021-07-12T12:06:50Z");
        for text in [
            "20210712T1206Z",
            "2021071T120650Z",
            "Mon Jul 12 2021 14:06:50 GMT+0200 (and more",
            "Mon Jul 12 2021 14:06:50 (A) B",
        ] {
            assert_eq!(read(text, DateOrder::Unknown), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_day_and_a_leap_second() {
        check("2021-07-12T24:00:00", "2021-07-13T00:00:00Z");
        check("2021-12-31T24:00:00Z", "2022-01-01T00:00:00Z");
        check("12/31/2021 24:00:00", "2022-01-01T00:00:00Z");
        check("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z");
        check("2016-12-31T23:59:60.5+00:00", "2016-12-31T23:59:59.999999Z");
        for text in [
            "2021-07-12T24:00:01",
            "2021-07-12T25:00:00",
            "2021-07-12T12:00:61",
        ] {
            assert_eq!(read(text, DateOrder::Unknown), None, "{text}");
        }
    }

    #[test]
    fn spellings_of_portals_and_spreadsheets() {
        check("3/24/2022 9:06:07 PM", "2022-03-24T21:06:07Z");
        check("3/24/2022 12:06:07 AM", "2022-03-24T00:06:07Z");
        check("3/24/2022 12:06:07 PM", "2022-03-24T12:06:07Z");
        check("3/24/2022, 9:06:07.000 PM", "2022-03-24T21:06:07Z");
        check("3/24/2022, 9:06:07\u{202f}PM", "2022-03-24T21:06:07Z");
        check("3/24/2022 21:06", "2022-03-24T21:06:00Z");
        check("24/03/2022 21:06:07", "2022-03-24T21:06:07Z");
        check("24.03.2022 21:06:07", "2022-03-24T21:06:07Z");
        check("24-03-2022 21:06:07", "2022-03-24T21:06:07Z");
        check("24 Mar 2022 21:06:07", "2022-03-24T21:06:07Z");
        check("Mar 24, 2022 9:06:07 p.m.", "2022-03-24T21:06:07Z");
        check("Thu, 24 Mar 2022 21:06:07 GMT", "2022-03-24T21:06:07Z");
    }

    #[test]
    fn the_files_order_decides_only_what_can_be_read_both_ways() {
        check_in(
            "05/04/2022 01:00:00",
            DateOrder::Unknown,
            "2022-05-04T01:00:00Z",
        );
        check_in(
            "05/04/2022 01:00:00",
            DateOrder::MonthFirst,
            "2022-05-04T01:00:00Z",
        );
        check_in(
            "05/04/2022 01:00:00",
            DateOrder::DayFirst,
            "2022-04-05T01:00:00Z",
        );
        check_in(
            "05.04.2022 01:00:00",
            DateOrder::MonthFirst,
            "2022-04-05T01:00:00Z",
        );
        check_in(
            "24/04/2022 01:00:00",
            DateOrder::MonthFirst,
            "2022-04-24T01:00:00Z",
        );
        check_in(
            "04/24/2022 01:00:00",
            DateOrder::DayFirst,
            "2022-04-24T01:00:00Z",
        );
    }

    #[test]
    fn numbers_tell_their_unit_by_their_size() {
        for text in [
            "1646370367",
            "1646370367.000",
            "1646370367000",
            "1646370367000000",
            "1646370367000000000",
            "637819671670000000",
            "132908439670000000",
            "20220304050607",
            "/Date(1646370367000)/",
            "/Date(1646370367000+0200)/",
        ] {
            check(text, "2022-03-04T05:06:07Z");
        }
        let number = Json::Number("1646370367");
        assert_eq!(
            read_json(&number, DateOrder::Unknown)
                .map(|time| time.to_string())
                .as_deref(),
            Some("2022-03-04T05:06:07Z")
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            " ",
            "yesterday",
            "null",
            "0",
            "17",
            "2022-13-04T05:06:07",
            "2022-02-30",
            "31/31/2022",
            "25:06:07",
            "2022-03-04T25:06:07",
            "3/24/2022 13:06:07 PM",
            "2022-03-04T05:06:07 CET",
            "2022-03-04T05:06:07+99:00",
            "/Date()/",
            "T",
            "1e400",
            "2022-03-04T05:06:07Z and more",
        ] {
            assert_eq!(read(text, DateOrder::Unknown), None, "{text}");
        }
        assert_eq!(read_json(&Json::Number("-1"), DateOrder::Unknown), None);
        assert_eq!(read_json(&Json::Bool(true), DateOrder::Unknown), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            let _ = read(&text, DateOrder::Unknown);
        }

        #[test]
        fn texts_like_times_are_read_without_panic(text in "[0-9TZ:./ ,apmUTC+()é-]{0,30}") {
            let _ = read(&text, DateOrder::DayFirst);
        }

        #[test]
        fn the_house_spelling_survives(micros in 0i64..4_102_444_800_000_000) {
            let moment = Timestamp(micros);
            prop_assert_eq!(read(&moment.to_string(), DateOrder::Unknown), Some(moment));
        }
    }
}
