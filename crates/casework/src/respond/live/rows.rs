//! What stands in a page of an answer, and moments as services write them.

use super::Part;
use crate::respond::heard::unanswered;
use crate::respond::said::Said;
use model::bags::body;
use model::{Json, Reply, Service, Timestamp};

/// What a page says.
pub(super) enum Page {
    /// Rows, or the one object that was asked for.
    Read,
    /// What was asked about is not there.
    Gone,
    /// It cannot be relied on: why.
    Unfit(String),
}

/// Judges a page, and returns the link to the next.
pub(super) fn judge(part: &Part, service: Service, reply: &Reply) -> (Page, Option<String>) {
    let said = Said::of(reply);
    if said.is_gone() {
        return (Page::Gone, None);
    }
    if !reply.is_success() {
        let words = unanswered(part.permissions(), service, &part.to_string(), reply);
        return (Page::Unfit(words), None);
    }
    let page = content(reply);
    if !matches!(page, Json::Object(_)) {
        let words = format!("the answer about {part} is damaged");
        return (Page::Unfit(words), None);
    }
    let is_list = matches!(page.get("value"), Some(Json::Array(_)));
    if service == Service::Exchange && !is_list {
        let words = format!("the answer about {part} is damaged");
        return (Page::Unfit(words), None);
    }
    let has_rows = page
        .get("value")
        .is_some_and(|rows| !rows.items().is_empty());
    let warned = said.warning_line();
    if said.complaint().is_some()
        || (service == Service::Exchange && !has_rows && !warned.is_empty())
    {
        let words = format!("exchange was asked for {part} and warned: {warned}");
        return (Page::Unfit(words), None);
    }
    let next = page.text("@odata.nextLink").filter(|link| !link.is_empty());
    (Page::Read, next.map(str::to_owned))
}

/// Returns the rows of pages that were judged; an object that stands alone is a row.
pub(super) fn rows(pages: &[Reply]) -> Vec<Json<'_>> {
    let mut found = Vec::new();
    for page in pages {
        let page = content(page);
        match page.get("value") {
            Some(Json::Array(items)) => found.extend(items.iter().cloned()),
            _ => found.push(page),
        }
    }
    found
}

fn content(reply: &Reply) -> Json<'_> {
    std::str::from_utf8(&reply.body).map_or(Json::Null, body)
}

/// Reads a moment in RFC 3339; one without a zone is UTC, as the services mean it.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let rest = text.get(19..)?;
    let is_utc = rest.is_empty() || rest.ends_with('Z') || rest.ends_with("+00:00");
    let time = Timestamp::from_civil(
        i32::try_from(year).ok()?,
        month,
        day,
        hour,
        minute,
        second,
        0,
    )?;
    is_utc.then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_with_and_without_its_fraction() {
        let expected = Timestamp::from_civil(2026, 3, 10, 9, 58, 1, 0);
        assert_eq!(moment("2026-03-10T09:58:01Z"), expected);
        assert_eq!(moment("2026-03-10T09:58:01.1234567Z"), expected);
        for text in ["", "yesterday", "2026-03-10", "2026-03-10T09:58:01+02:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
