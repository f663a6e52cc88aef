//! What stands in a page: text that is text whatever it holds, moments, states.
//!
//! A template escapes everything but the few types here that write markup of their own, and
//! these write no text of a record.

use askama::filters::HtmlSafe;
use model::shown::shown;
use model::{Severity, Timestamp};
use std::fmt;

/// Text from anywhere: hidden characters are marks, and the template escapes the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(String);

impl Text {
    /// Returns whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns text as it may stand in a page.
pub(crate) fn text(of: &str) -> Text {
    Text(shown(of).into_owned())
}

/// Returns texts as they may stand in a page.
pub(crate) fn texts(of: &[String]) -> Vec<Text> {
    of.iter().map(|one| text(one)).collect()
}

/// A moment: UTC to the second, machine-readable; the local time is added by the script on hover.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When(pub(crate) Timestamp);

impl HtmlSafe for When {}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.0.to_string();
        let short: String = moment.chars().take(19).collect();
        let short = short.replace('T', " ");
        let short = short.trim_end_matches('Z');
        write!(f, "<time datetime=\"{moment}\">{short}</time>")
    }
}

/// Returns a moment that is written out, as a page shows it; anything else as text.
pub(crate) fn moment(of: &str) -> Text {
    let is_moment = of.len() >= 20 && of.ends_with('Z') && of.get(10..11) == Some("T");
    match of.get(..19) {
        Some(short) if is_moment => text(&short.replace('T', " ")),
        _ => text(of),
    }
}

/// Returns a moment that somebody typed: a day, or a day with a time, in UTC.
pub(crate) fn instant(typed: &str) -> Option<Timestamp> {
    let typed = typed.trim().trim_end_matches(['Z', 'z']);
    let (day, time) = typed.split_once(['T', 't', ' ']).unwrap_or((typed, "0:0"));
    let mut day = day.splitn(3, '-').map(str::parse::<u32>);
    let mut next = || day.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let mut time = time.splitn(3, ':').map(str::parse::<u32>);
    let hour = time.next()?.ok()?;
    let minute = time.next()?.ok()?;
    let second = time.next().unwrap_or(Ok(0)).ok()?;
    let year = i32::try_from(year).ok()?;
    Timestamp::from_civil(year, month, day, hour, minute, second, 0)
}

/// How urgent something is, as a word with a mark of as many bars.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Urgency(pub(crate) Severity);

impl HtmlSafe for Urgency {}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.name();
        write!(
            f,
            "<span class=\"urgency {name}\"><i aria-hidden=\"true\"></i>{name}</span>"
        )
    }
}

/// The four states of everything that is watched. What is not known is never well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It was looked at, and nothing is wrong.
    Clear,
    /// It cannot be told.
    Unknown,
    /// Something was found.
    Found,
    /// It does not work.
    Failed,
}

impl HtmlSafe for State {}

impl State {
    /// Returns the word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Unknown => "unknown",
            Self::Found => "found",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self {
            Self::Clear => "\u{2713}",
            Self::Unknown => "?",
            Self::Found => "\u{25b2}",
            Self::Failed => "\u{2715}",
        };
        let name = self.name();
        write!(
            f,
            "<span class=\"state {name}\"><i aria-hidden=\"true\">{mark}</i>{name}</span>"
        )
    }
}

/// Returns a number with a thin space between thousands, so that columns line up.
pub(crate) fn number(many: u64) -> String {
    let digits = many.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Returns a count with the word for one or for many.
pub(crate) fn counted(many: u64, one: &str, more: &str) -> String {
    format!("{} {}", number(many), if many == 1 { one } else { more })
}

/// Returns the address of a tenant's page; records that name no tenant have one too.
pub(crate) fn tenant_path(id: &str) -> String {
    if id.is_empty() {
        return "/t/-".to_owned();
    }
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("/t/{}", id.replace('+', "%20"))
}

/// Returns how long a time is, in its two largest units.
pub(crate) fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_page_is_plain() {
        assert_eq!(text("a\u{202e}b").to_string(), "a<U+202E>b");
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(span(59), "59 s");
        assert_eq!(span(3_700), "1 h 1 min");
        assert_eq!(span(200_000), "2 d 7 h");
        let typed = |text| instant(text).map(|moment| moment.to_string());
        assert_eq!(
            typed(" 2026-03-14 ").as_deref(),
            Some("2026-03-14T00:00:00Z")
        );
        assert_eq!(
            typed("2026-03-14T07:12").as_deref(),
            Some("2026-03-14T07:12:00Z")
        );
        assert_eq!(typed("2026-02-30"), None);
        assert_eq!(typed("yesterday"), None);
        assert_eq!(typed("2026-03-14T"), None);
        let moment = When(Timestamp(1_621_372_415_123_400)).to_string();
        assert_eq!(
            moment,
            "<time datetime=\"2021-05-18T21:13:35.1234Z\">2021-05-18 21:13:35</time>"
        );
    }
}
