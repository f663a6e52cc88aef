//! What was searched for: Exchange's and SharePoint's own search records.

use super::Search;
use crate::attribution::{Attribution, Verdict};
use model::bags::{Bag, body};
use model::{Event, Json, Timestamp};

/// One search, whoever made it.
#[derive(Clone, Debug)]
pub(super) struct Searched {
    time: Option<Timestamp>,
    operation: String,
    text: String,
    record: String,
}

const OPERATIONS: [&str; 5] = [
    "SearchQueryInitiated",
    "SearchQueryInitiatedExchange",
    "SearchQueryInitiatedSharePoint",
    "SharepointSearchQueryInitiated",
    "SearchQueryPerformed",
];

/// Returns whether an operation is a search.
pub(super) fn is_search(action: &str) -> bool {
    OPERATIONS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(action))
}

impl Searched {
    pub(super) fn of(event: &Event<'_>) -> Self {
        Self {
            time: event.time,
            operation: event.operation.clone().into_owned(),
            text: query_text(&body(&event.rest)),
            record: event.id.as_str().to_owned(),
        }
    }

    /// Returns the search if it is the intruder's.
    pub(super) fn by_intruder(self, attribution: &Attribution) -> Option<Search> {
        let context = attribution.context_of(&self.record)?;
        (context.verdict == Verdict::Intruder).then(|| Search {
            time: self.time,
            operation: self.operation,
            text: self.text,
            context: context.id.clone(),
            record: self.record,
        })
    }
}

/// The query stands beside the other keys or in a bag, by service and year.
fn query_text(body: &Json<'_>) -> String {
    const KEYS: [&str; 4] = ["QueryText", "SearchQueryText", "SearchText", "Query"];
    let beside = KEYS
        .iter()
        .find_map(|key| body.get_any_case(key).and_then(Json::as_word));
    if let Some(text) = beside.filter(|text| !text.is_empty()) {
        return text.to_owned();
    }
    ["OperationProperties", "ExtendedProperties", "EventData"]
        .iter()
        .map(|key| Bag::read(body, key))
        .find_map(|bag| KEYS.iter().find_map(|key| bag.get(key).map(str::to_owned)))
        .unwrap_or_default()
}
