//! One row on its way into a table, and what a column can take from it.

use model::{Delivery, Event, MailItem, Reject, Timestamp};
use std::borrow::Cow;
use std::fmt::Write;

/// The parts a row is made of; a column takes what it wants from one of them.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    pub(crate) event: Option<&'r EventRow<'r>>,
    pub(crate) item: Option<&'r MailItem<'r>>,
    pub(crate) delivery: Option<&'r Delivery<'r>>,
    pub(crate) reject: Option<&'r RejectRow<'r>>,
}

/// An event with the texts that are made for storing it.
pub(crate) struct EventRow<'r> {
    pub(crate) event: &'r Event<'r>,
    pub(crate) place: PlaceRow<'r>,
    /// The address in canonical form, empty when there is none.
    pub(crate) address: &'r str,
    /// The time as spelled, where it cannot be told from the time.
    pub(crate) time_text: &'r str,
}

/// Where in the raw store the original stands.
#[derive(Clone, Copy)]
pub(crate) struct PlaceRow<'r> {
    pub(crate) file: &'r str,
    pub(crate) member: &'r str,
    pub(crate) offset: u64,
    pub(crate) length: u32,
    pub(crate) line: u64,
}

/// A reject with its bytes made text.
pub(crate) struct RejectRow<'r> {
    pub(crate) reject: &'r Reject<'r>,
    pub(crate) place: PlaceRow<'r>,
    pub(crate) text: Cow<'r, str>,
}

/// What a column stores of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'r> {
    /// Nothing: the record does not say.
    None,
    Text(&'r str),
    /// A whole number, or a time in microseconds.
    Number(i64),
    Truth(bool),
}

impl<'r> Value<'r> {
    /// Returns the text; an empty one says nothing and is stored as null.
    pub(crate) fn text(text: &'r str) -> Self {
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// Returns an original spelling, stored only where it says more than what was made of it.
    pub(crate) fn spelling(text: &'r str, made: &str) -> Self {
        if text == made {
            Self::None
        } else {
            Self::text(text)
        }
    }

    pub(crate) fn number(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::None, |number| Self::Number(number.into()))
    }
}

impl<'r> From<&'r Option<String>> for Value<'r> {
    fn from(text: &'r Option<String>) -> Self {
        text.as_deref().map_or(Self::None, Self::text)
    }
}

/// Returns the spelling of a time, or nothing where the time itself says as much: RFC 3339
/// in UTC, with or without the `Z`, with or without a fraction of zeros.
pub(crate) fn odd_spelling<'t>(
    text: &'t str,
    time: Option<Timestamp>,
    scratch: &mut String,
) -> &'t str {
    let Some(time) = time else { return text };
    scratch.clear();
    // Writing to a String cannot fail.
    let _ = write!(scratch, "{time}");
    let plain = scratch.strip_suffix('Z').unwrap_or(scratch);
    let bare = text.strip_suffix('Z').unwrap_or(text);
    let is_plain = bare.strip_prefix(plain).is_some_and(|behind| {
        let zeros = if plain.len() == "2021-05-18T21:13:36".len() {
            behind.strip_prefix('.')
        } else {
            Some(behind)
        };
        behind.is_empty() || zeros.is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'))
    });
    if is_plain { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, time: Option<i64>, expected: &str) {
        assert_eq!(
            odd_spelling(text, time.map(Timestamp), &mut String::new()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_spelling_is_kept_only_where_the_time_does_not_tell_it() {
        let whole = Some(1_621_372_416_000_000);
        check("2021-05-18T21:13:36", whole, "");
        check("2021-05-18T21:13:36Z", whole, "");
        check("2021-05-18T21:13:36.0000000Z", whole, "");
        check(
            "2021-05-18T21:13:35.1234000Z",
            Some(1_621_372_415_123_400),
            "",
        );
        check("5/18/2021 9:13:36 PM", whole, "5/18/2021 9:13:36 PM");
        check(
            "2021-05-18T23:13:36+02:00",
            whole,
            "2021-05-18T23:13:36+02:00",
        );
        check("yesterday", None, "yesterday");
    }
}
