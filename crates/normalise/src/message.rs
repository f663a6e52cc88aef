//! Messages on their way: message trace in its four dresses, and Defender's EmailEvents.
//!
//! A row is one message and one recipient. The historical report alone lists several
//! recipients in one row, `a@x.example##Receive, Deliver;b@y.example##Receive, Fail`; the
//! addresses and the statuses stay joined, each by `;` in the report's own order, because
//! one record gives one event.

use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{either, lower, trimmed};
use crate::{Context, mail};
use model::{Delivery, Event, Family, Normalised, Outcome, Raw};
use std::borrow::Cow;

const TRACE_ID: &[&str] = &["messagetraceid", "networkmessageid", "id"];
const RECIPIENT: &[&str] = &["recipientaddress", "recipientemailaddress", "recipients"];
const STATUS: &[&str] = &[
    "status",
    "deliverystatus",
    // What happened on arrival comes first: a message that was taken out later had been there.
    "deliveryaction",
    "latestdeliveryaction",
];
const SENDER: &[&str] = &[
    "senderaddress",
    "senderfromaddress",
    "sendermailfromaddress",
];
const MESSAGE_ID: &[&str] = &["internetmessageid", "messageid"];

/// Understands a row of a message trace or of EmailEvents.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    if raw.shape == model::Shape::EmailEvents {
        email_event(Record::plain(raw), context)
    } else {
        trace(Record::plain(raw), context)
    }
}

fn trace<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = a_message(&record, "message.trace", "MessageTrace", context);
    record.date(
        &mut event,
        &[
            "received",
            "receiveddatetime",
            "origintimestamputc",
            "datetimeutc",
            "datetime",
            "date",
        ],
        &[],
    );
    let id = lower(trimmed(record.look(TRACE_ID)));
    let delivery = delivery(&mut record);
    let id = one_of(&[&id, &delivery.recipient]);
    let address = record.take(&["fromip", "originalclientip", "clientip"]);
    finish(record, event, delivery, id, address)
}

/// Understands a row of EmailEvents in whatever dress.
pub(crate) fn email_event<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = a_message(&record, "message.emailevents", "EmailEvents", context);
    record.date(&mut event, &["timestamp", "timegenerated"], &["time"]);
    let when = match event.time {
        Some(time) => time.to_string(),
        None => event.time_text.trim().to_owned(),
    };
    let delivery = delivery(&mut record);
    let id = one_of(&[&delivery.network_message_id, &delivery.recipient, &when]);
    let address = record.take(&["senderipv4", "senderipv6"]);
    finish(record, event, delivery, id, address)
}

fn a_message<'r>(
    record: &Record<'r>,
    source: &'static str,
    operation: &'static str,
    context: &'r Context<'r>,
) -> Event<'r> {
    let mut event = begin(Family::Message, source);
    event.workload = Cow::Borrowed("Exchange");
    event.operation = Cow::Borrowed(operation);
    // `Organization` is a domain and Log Analytics' `TenantId` a workspace: neither is the tenant.
    enter_tenant(&mut event, record.outer_tenant(), context);
    event
}

fn finish<'r>(
    mut record: Record<'r>,
    mut event: Event<'r>,
    delivery: Delivery<'r>,
    id: Cow<'r, str>,
    address: Cow<'r, str>,
) -> Normalised<'r> {
    record.identify(&mut event, id, Ids::Always);
    enter_address(&mut event, address);
    let is_nothing = [
        &delivery.sender,
        &delivery.recipient,
        &delivery.internet_message_id,
    ]
    .into_iter()
    .all(|fact| fact.is_empty());
    if is_nothing {
        record.is_empty_of(
            "an empty wrapper: the row has neither sender nor recipient nor message id",
        );
    }
    enter_actor(&mut event, delivery.sender.clone());
    event.object.clone_from(&delivery.internet_message_id);
    event.result.clone_from(&delivery.status);
    event.outcome = outcome(&delivery.status);
    event.fingerprint = essence(
        &event,
        &[&delivery.recipient, &delivery.internet_message_id],
    );
    let mut found = record.finish(event);
    found.delivery = (!is_nothing).then_some(delivery);
    found
}

fn delivery<'r>(record: &mut Record<'r>) -> Delivery<'r> {
    let network = either(record.take(&["networkmessageid", "messagetraceid"]), || {
        record.look(&["id"])
    });
    let (recipient, status) = recipients(record);
    Delivery {
        internet_message_id: mail::canonical_message_id(unescaped(record.look(MESSAGE_ID))),
        network_message_id: lower(trimmed(network)),
        sender: record.take_folded(SENDER),
        recipient,
        subject: record.take(&["subject", "messagesubject"]),
        status,
        direction: record.take(&["emaildirection", "directionality", "direction"]),
        location: record.take(&["deliverylocation", "latestdeliverylocation"]),
        size_bytes: record
            .look(&["size", "totalbytes", "emailsize"])
            .trim()
            .parse()
            .ok(),
    }
}

/// Returns the recipients and their statuses: facts of their own, or the report's joined list.
fn recipients<'r>(record: &mut Record<'r>) -> (Cow<'r, str>, Cow<'r, str>) {
    let own = (record.take_folded(RECIPIENT), record.take(STATUS));
    let joined = record.look(&["recipientstatus"]);
    if joined.is_empty() {
        return own;
    }
    let parts = joined
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let parts = parts.map(|part| part.split_once("##").unwrap_or((part, "")));
    let (names, statuses): (Vec<&str>, Vec<&str>) = parts.unzip();
    let status = if statuses.iter().all(|status| status.is_empty()) {
        String::new()
    } else {
        statuses.join(";")
    };
    let named = either(own.0, || Cow::Owned(names.join(";").to_lowercase()));
    (named, either(own.1, || Cow::Owned(status)))
}

/// Undoes the `\u003c` that pipelines leave behind when they escape JSON twice.
fn unescaped(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains("\\u003") {
        return text;
    }
    let text = text.replace("\\u003c", "<").replace("\\u003C", "<");
    Cow::Owned(text.replace("\\u003e", ">").replace("\\u003E", ">"))
}

/// Joins the parts of an id; without its first part there is none.
fn one_of<'r>(parts: &[&str]) -> Cow<'r, str> {
    let is_known = parts.first().is_some_and(|part| !part.is_empty());
    if is_known {
        Cow::Owned(parts.join("/"))
    } else {
        Cow::Borrowed("")
    }
}

/// Judges by every status of the row; recipients who fared differently make it partial.
fn outcome(statuses: &str) -> Outcome {
    let mut outcomes = statuses.split(';').map(of_status);
    let first = outcomes.next().unwrap_or_default();
    if outcomes.all(|outcome| outcome == first) {
        first
    } else {
        Outcome::Partial
    }
}

fn of_status(status: &str) -> Outcome {
    // `Receive, Deliver` lists the stations of one message; the last one counts.
    let last = status
        .rsplit(',')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match last.as_str() {
        "delivered" | "deliver" | "send" | "expanded" | "expand" | "resolved" => Outcome::Success,
        "failed" | "fail" | "blocked" | "dropped" => Outcome::Failure,
        // Kept back on the way; a release may follow.
        "quarantined" | "filteredasspam" | "junked" | "replaced" => Outcome::Interrupted,
        _ => Outcome::Unknown,
    }
}
