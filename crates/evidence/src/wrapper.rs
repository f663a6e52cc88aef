//! Objects that stand around records: pages of an API, blobs, answers of a query.

use crate::envelope;
use crate::shape;
use crate::walk::Walk;
use model::Shape;
use model::json::{self, Json};
use model::listing::{CONTEXT, Listing};
use std::rc::Rc;

/// Keys whose array holds records, if the object around it is none itself.
const WRAPPERS: &[&str] = &[
    "value",
    "records",
    "events",
    "decoratedAuditLogEntries",
    "tables",
    "results",
    "hits",
];

/// Tells whether a key's array holds records.
pub(crate) fn is_wrapper_key(key: &str) -> bool {
    WRAPPERS
        .iter()
        .any(|wrapper| key.eq_ignore_ascii_case(wrapper))
        || key == "rows"
}

/// Tells whether a whole object stands around records.
pub(crate) fn wraps(value: &Json<'_>) -> bool {
    value.entries().iter().any(|(key, value)| match value {
        Json::Array(items) => {
            is_wrapper_key(key)
                && items
                    .iter()
                    .all(|item| matches!(item, Json::Object(_) | Json::Array(_) | Json::String(_)))
        }
        Json::Object(_) => key == "hits",
        _ => false,
    })
}

/// Tells whether an object that is damaged or not yet whole stands around records.
pub(crate) fn is_wrapper(text: &str) -> bool {
    let mut walk = Walk::of(text);
    let mut seen = Vec::new();
    while let Some((key, at)) = walk.key() {
        let value = &text.as_bytes()[at..];
        let opens = value.first() == Some(&b'[') || (key == "hits" && value.first() == Some(&b'{'));
        if is_wrapper_key(&key) && opens {
            let record = shape::of_object(&Json::Object(seen));
            return matches!(record, None | Some(Shape::Other));
        }
        let Ok(parsed) = json::parse_prefix(&text[at..]) else {
            return false;
        };
        walk.skip_to(at + parsed.end);
        seen.push((key, parsed.value));
    }
    false
}

/// Returns what a whole page says of the messages that it lists.
pub(crate) fn listing(page: &Json<'_>) -> Option<Rc<str>> {
    page.entries()
        .iter()
        .find_map(|(key, value)| listing_of(key, value))
}

fn listing_of(key: &str, value: &Json<'_>) -> Option<Rc<str>> {
    let context = value.as_text().filter(|_| key == CONTEXT)?;
    Listing::of_context(context).map(|_| Rc::from(context))
}

/// What an entry around the records tells.
pub(crate) enum Told {
    /// Nothing that matters.
    Nothing,
    /// The service had more pages.
    MorePages,
    /// The names of a table's columns.
    Columns(Rc<[String]>),
    /// The messages of a mailbox follow: the page's own words for whose and which.
    Listing(Rc<str>),
    /// An error answer.
    Error(String),
}

impl Told {
    /// Reads an entry.
    pub(crate) fn of(key: &str, value: &Json<'_>) -> Self {
        let is_link = key.ends_with("nextLink") || key.eq_ignore_ascii_case("NextPageUri");
        if is_link && value.as_text().is_some_and(|link| !link.is_empty()) {
            return Self::MorePages;
        }
        if let Some(listing) = listing_of(key, value) {
            return Self::Listing(listing);
        }
        if key == "columns" {
            let name = |column: &Json<'_>| {
                column
                    .text("name")
                    .or(column.as_text())
                    .unwrap_or_default()
                    .to_owned()
            };
            return Self::Columns(value.items().iter().map(name).collect());
        }
        let error = (key == "error")
            .then(|| envelope::error_body(value))
            .flatten();
        error.map_or(Self::Nothing, Self::Error)
    }
}
