//! Messages that were sent: `Send`, `SendAs`, `SendOnBehalf`.

use super::Sent;
use crate::attribution::{Attribution, Verdict};
use model::bags::{Bag, body};
use model::recipients::recipients;
use model::{Event, Json, Outcome, Timestamp};
use std::collections::BTreeSet;

/// One message sent, by whomever.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    time: Option<Timestamp>,
    operation: String,
    internet_message_id: String,
    subject: String,
    recipients: BTreeSet<String>,
    left_no_copy: bool,
    record: String,
}

/// Returns whether an operation sends a message.
pub(super) fn is_sending(action: &str) -> bool {
    matches!(action, "Send" | "SendAs" | "SendOnBehalf")
}

impl Sending {
    /// Returns the message; what failed was not sent.
    pub(super) fn of(event: &Event<'_>) -> Option<Self> {
        if event.outcome == Outcome::Failure {
            return None;
        }
        let body = body(&event.rest);
        let nothing = Json::Null;
        let item = body.get_any_case("Item").unwrap_or(&nothing);
        let of_item = |key: &str| {
            let text = item.get_any_case(key).and_then(Json::as_text);
            text.unwrap_or_default()
        };
        Some(Self {
            time: event.time,
            operation: event.operation.clone().into_owned(),
            internet_message_id: canonical(of_item("InternetMessageId")),
            subject: of_item("Subject").to_owned(),
            recipients: addressees(&body, item),
            left_no_copy: saves_no_copy(&body),
            record: event.id.as_str().to_owned(),
        })
    }

    /// Returns the message if the intruder sent it.
    pub(super) fn by_intruder(self, attribution: &Attribution) -> Option<Sent> {
        let context = attribution.context_of(&self.record)?;
        (context.verdict == Verdict::Intruder).then(|| Sent {
            time: self.time,
            internet_message_id: self.internet_message_id,
            subject: self.subject,
            recipients: self.recipients,
            operation: self.operation,
            context: context.id.clone(),
            record: self.record,
            left_no_copy: self.left_no_copy,
        })
    }
}

fn saves_no_copy(body: &Json<'_>) -> bool {
    const KEY: &str = "SaveToSentItems";
    let beside = body.get_any_case(KEY).and_then(Json::as_truth);
    let in_bag = || {
        let bag = Bag::read(body, "OperationProperties");
        bag.get(KEY).map(|text| !text.eq_ignore_ascii_case("false"))
    };
    beside.or_else(in_bag) == Some(false)
}

/// Microsoft documents `recipientList`; other years and tools have other names and depths for it.
fn addressees(body: &Json<'_>, item: &Json<'_>) -> BTreeSet<String> {
    const KEYS: [&str; 6] = [
        "recipientList",
        "Recipients",
        "ToRecipients",
        "CcRecipients",
        "BccRecipients",
        "To",
    ];
    let mut found = BTreeSet::new();
    for place in [body, item] {
        for key in KEYS {
            if let Some(value) = place.get_any_case(key) {
                gather(value, &mut found);
            }
        }
    }
    found
}

fn gather(value: &Json<'_>, found: &mut BTreeSet<String>) {
    match value {
        Json::String(text) => match model::json::parse(text) {
            Ok(parsed) if matches!(parsed.value, Json::Array(_) | Json::Object(_)) => {
                gather(&parsed.value, found);
            }
            _ => found.extend(recipients(text).addresses),
        },
        Json::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Json::Object(entries) => entries.iter().for_each(|(_, value)| gather(value, found)),
        _ => {}
    }
}

/// Returns a Message-ID unfolded, between exactly one pair of `<` and `>`, its case kept.
fn canonical(id: &str) -> String {
    let unfolded: String = id
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    let bare = unfolded.trim_start_matches('<').trim_end_matches('>');
    if bare.is_empty() {
        String::new()
    } else {
        format!("<{bare}>")
    }
}
