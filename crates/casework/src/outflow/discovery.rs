//! Searches and exports through compliance tools.
//!
//! They read messages without a record of reading, so that each is listed with what it looked for.

use super::Discovery;
use super::concern::is_by;
use crate::attribution::{Attribution, Person, Verdict};
use model::bags::{Bag, body};
use model::{Event, Json, Outcome, Timestamp};

/// One act with a compliance tool, whoever did it.
#[derive(Clone, Debug)]
pub(super) struct Discovered {
    time: Option<Timestamp>,
    operation: String,
    object: String,
    query: String,
    actor: String,
    actor_key: String,
    ip: String,
    record: String,
}

/// The record types Discovery and AeD.
/// <https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema>
const RECORD_TYPES: [i32; 2] = [24, 31];

/// The nouns of the cmdlets that search or export mailboxes.
const NOUNS: [&str; 9] = [
    "ComplianceCase",
    "ComplianceSearch",
    "ComplianceSearchAction",
    "CaseHoldPolicy",
    "CaseHoldRule",
    "ComplianceSecurityFilter",
    "MailboxSearch",
    "MailboxExportRequest",
    "eDiscoveryCaseAdmin",
];

/// Returns whether an event is an act with a compliance tool that changes or starts something.
pub(super) fn is_discovery(event: &Event<'_>) -> bool {
    if event
        .record_type
        .is_some_and(|kind| RECORD_TYPES.contains(&kind))
    {
        return true;
    }
    if event.action.eq_ignore_ascii_case("Search-Mailbox") {
        return true;
    }
    let is_of_tool = |noun: &str| NOUNS.iter().any(|known| known.eq_ignore_ascii_case(noun));
    match event.action.split_once('-') {
        Some((verb, noun)) => !verb.eq_ignore_ascii_case("Get") && is_of_tool(noun),
        None => false,
    }
}

impl Discovered {
    /// Returns the act; what failed found nothing.
    pub(super) fn of(event: &Event<'_>) -> Option<Self> {
        if event.outcome == Outcome::Failure {
            return None;
        }
        let body = body(&event.rest);
        let beside = |key: &str| {
            let word = body.get_any_case(key).and_then(Json::as_word);
            word.unwrap_or_default().to_owned()
        };
        let object = event.object.clone().into_owned();
        Some(Self {
            time: event.time,
            operation: event.operation.clone().into_owned(),
            object: if object.is_empty() {
                beside("Case")
            } else {
                object
            },
            query: query(&body),
            actor: event.user.clone().into_owned(),
            actor_key: event.user_key.to_lowercase(),
            ip: event.address.map_or_else(String::new, |ip| ip.to_string()),
            record: event.id.as_str().to_owned(),
        })
    }

    /// Returns the act if it is the person's or the intruder's.
    pub(super) fn by(self, person: &Person, attribution: &Attribution) -> Option<Discovery> {
        let context = attribution.context_of(&self.record);
        let verdict = context.map_or(Verdict::Unknown, |context| context.verdict);
        let matters = verdict == Verdict::Intruder || is_by(person, &self.actor, &self.actor_key);
        matters.then(|| Discovery {
            time: self.time,
            operation: self.operation,
            object: self.object,
            query: self.query,
            actor: self.actor,
            ip: self.ip,
            verdict,
            context: context.map(|context| context.id.clone()),
            record: self.record,
        })
    }
}

/// The query, or the whole command where only that was kept.
fn query(body: &Json<'_>) -> String {
    for key in ["Query", "QueryText", "ContentMatchQuery"] {
        if let Some(text) = body.get_any_case(key).and_then(Json::as_text)
            && !text.is_empty()
        {
            return text.to_owned();
        }
    }
    let bag = Bag::read(body, "Parameters");
    if bag.is_empty() {
        let command = body.get_any_case("Parameters").and_then(Json::as_text);
        return command.unwrap_or_default().to_owned();
    }
    let named: Vec<String> = bag
        .iter()
        .map(|one| format!("-{} {}", one.name, one.value))
        .collect();
    named.join(" ")
}
