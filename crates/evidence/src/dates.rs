//! In which order a file writes day and month, told by the file as a whole.

use model::DateOrder;

/// Returns what one date tells: `18/5/2021` is day first, `5/18/2021` month first.
pub(crate) fn order_of(date: &str) -> DateOrder {
    let Some((first, second)) = leading_numbers(date) else {
        return DateOrder::Unknown;
    };
    match (first, second) {
        (13..=31, 1..=12) => DateOrder::DayFirst,
        (1..=12, 13..=31) => DateOrder::MonthFirst,
        _ => DateOrder::Unknown,
    }
}

/// Tells whether a date alone leaves the order open or settles it; an ISO date does neither.
pub(crate) fn is_cultural(date: &str) -> bool {
    leading_numbers(date).is_some()
}

/// Tells whether a text begins like any date.
pub(crate) fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits) && matches!(text.as_bytes().get(digits), Some(b'-' | b'/' | b'.'))
}

/// Reads the first two of three numbers parted by slashes, points or hyphens, the year last.
fn leading_numbers(date: &str) -> Option<(u32, u32)> {
    let mut parts = date.trim().splitn(3, ['/', '.', '-']);
    let (first, second, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |text: &str| {
        (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let year_digits = rest
        .trim_start()
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if !short(first) || !short(second) || !matches!(year_digits, 2 | 4) {
        return None;
    }
    Some((first.parse().ok()?, second.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_past_twelve_settles_the_order() {
        assert_eq!(order_of("5/18/2021 9:13:33 PM"), DateOrder::MonthFirst);
        assert_eq!(order_of("18.05.2021 21:13:33"), DateOrder::DayFirst);
        assert_eq!(order_of("12/05/2021 23:44:13"), DateOrder::Unknown);
        assert_eq!(order_of("2021-05-18T21:13:33Z"), DateOrder::Unknown);
        assert!(!is_cultural("2021-05-18T21:13:33Z"));
    }
}
