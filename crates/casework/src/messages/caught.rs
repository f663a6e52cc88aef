//! What the intruder's rules did with a message when it arrived, and whether a search of theirs finds it.

use super::cluster::Message;
use super::delivery::Passage;
use super::ground::{Ground, Proof};
use super::metadata::Metadata;
use super::presence::Presence;
use super::scope::Scope;
use super::{Class, Tag};
use crate::interval::{Interval, SKEW};
use crate::outflow::Search;
use crate::rules::{Arrival, RuleHit};
use model::Timestamp;

/// Returns a ground for each rule that caught it: E where it left, else R.
pub(super) fn by_rules<'a>(
    message: &Message<'a>,
    metadata: &Metadata,
    scope: &Scope<'a>,
) -> Vec<Ground<'a>> {
    if scope.rules.versions.is_empty() {
        return Vec::new();
    }
    let mut grounds = Vec::new();
    for passage in arrivals(message) {
        let row = passage.row;
        let arrival = Arrival {
            time: row.time,
            internet_message_id: &row.internet_message_id,
            sender: &row.sender,
            recipients: &metadata.to,
            subject: if row.subject.is_empty() {
                &metadata.subject
            } else {
                &row.subject
            },
            size_bytes: row.size_bytes.or(metadata.size_bytes),
        };
        let hits = scope.rules.matches(&arrival);
        grounds.extend(hits.into_iter().map(|hit| ground(hit, row.time)));
    }
    grounds
}

/// Returns the rows that tell when rules met the message: its deliveries, for what was kept out
/// met none; where no trace has it, the time at which it was received as the mailbox lists it.
fn arrivals<'m, 'a>(message: &'m Message<'a>) -> impl Iterator<Item = &'m Passage<'a>> {
    let is_traced = message.passages.iter().any(Passage::entered);
    message.passages.iter().filter(move |passage| {
        passage.entered() || passage.is_listed() && !passage.is_own_work() && !is_traced
    })
}

/// Returns the first search of the intruder that finds its subject while it was there: R. What
/// a search showed is not recorded, and the words may have been in the body.
pub(super) fn by_search<'a>(
    metadata: &Metadata,
    presence: &Presence<'_>,
    scope: &Scope<'a>,
) -> Option<Ground<'a>> {
    let outflow = scope.outflow.filter(|_| !metadata.subject.is_empty())?;
    let words = &outflow.search_hits(&metadata.subject)?.text;
    // The same words may have been searched for again, after the message had come.
    let search = outflow
        .searches
        .iter()
        .filter(|search| search.text == *words)
        .find(|search| could_find(search, presence))?;
    let when = search
        .time
        .map_or_else(String::new, |time| format!(" at {time}"));
    let because = format!(
        "the intruder searched for `{}`{when} (record {}, context {}), and the words are in the subject; what the search showed is not recorded",
        search.text, search.record, search.context
    );
    Some(Ground {
        times: search.time.into_iter().collect(),
        contexts: [&search.context].into(),
        records: vec![Proof::of(search.time, &search.record)],
        ..Ground::new(Class::R, because)
    })
}

fn could_find(search: &Search, presence: &Presence<'_>) -> bool {
    let is_of_files = search.operation.to_lowercase().contains("sharepoint");
    let was_there = search.time.is_none_or(|time| {
        let about = Interval::new(time, time).widened(SKEW, SKEW);
        presence.meets(&about)
    });
    was_there && !is_of_files
}

fn ground<'a>(hit: RuleHit, time: Option<Timestamp>) -> Ground<'a> {
    let forwarded = hit.left.then_some(Tag::Forwarded);
    let class = if hit.left { Class::E } else { Class::R };
    Ground {
        times: time.into_iter().collect(),
        records: hit
            .records
            .iter()
            .map(|record| Proof::of(time, record))
            .collect(),
        tags: hit.tags.into_iter().chain(forwarded).collect(),
        ..Ground::new(class, hit.because)
    }
}
