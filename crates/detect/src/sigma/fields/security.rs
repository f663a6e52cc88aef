//! `m365/exchange`, `m365/threat_detection`, `m365/threat_management`: the names of the old
//! Cloud App Security connector, which no record of the Management API carries.

use super::audit;
use crate::sigma::parts::flat;
use crate::sigma::record::{Pouch, Record};
use crate::sigma::value::Value;
use model::{Family, Outcome};
use std::borrow::Cow;

/// The service in whose name these rules expect every alert.
const ALERTING: &str = "SecurityComplianceCenter";

/// Keys whose texts the connector joined to a payload.
const PAYLOAD: [&str; 9] = [
    "NonPIIParameters",
    "Query",
    "ExchangeLocations",
    "SharepointLocations",
    "PublicFolderLocations",
    "Case",
    "CmdletOptions",
    "ClientRequestId",
    "ExtendedProperties",
];

pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    match name {
        "eventSource" => source(record),
        "eventName" => event_name(record),
        "status" => status(record),
        "Payload" => Some(Value::text(payload(record))),
        _ => None,
    }
}

/// An alert's name stands in its body; what else is asked follows from the columns.
pub(super) fn is_settled(record: &Record<'_>, name: &str) -> bool {
    match name {
        "Operation" | "Workload" | "RecordType" => true,
        "eventName" => !is_alert(record),
        "eventSource" => record.columns.family == Family::Unified,
        _ => false,
    }
}

fn is_alert(record: &Record<'_>) -> bool {
    record.columns.family == Family::Alert || matches!(record.columns.record_type, 40 | 98)
}

fn source<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let workload = Cow::Borrowed(record.columns.workload);
    if record.columns.family == Family::Unified {
        return Value::texts([workload]);
    }
    let service = record.word("serviceSource").unwrap_or_default();
    Value::texts([workload, service.into(), ALERTING.into()])
}

fn event_name<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    if !is_alert(record) {
        return audit::operations(record);
    }
    let named = |key: &str| Cow::Owned(record.word(key).unwrap_or_default());
    let own = Cow::Borrowed(match record.columns.family {
        Family::Alert => record.columns.operation,
        _ => "",
    });
    Value::texts([
        own,
        named("Name"),
        named("title"),
        named("AlertName"),
        named("DisplayName"),
    ])
}

fn status<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let done = !matches!(
        record.columns.outcome,
        Outcome::Failure | Outcome::Interrupted
    );
    let word = if done { "success" } else { "failure" };
    Value::texts([Cow::Borrowed(word), record.columns.result.into()])
}

fn payload(record: &Record<'_>) -> String {
    let mut text = record.columns.operation.to_owned();
    let mut add = |part: &str| {
        text.push(' ');
        text.push_str(part);
    };
    let parameters = record.bag(Pouch::Parameters);
    match record.outer("Parameters") {
        Some(value) if parameters.is_empty() => add(&Value::of_json(&value).shown()),
        _ => add(&flat(parameters)),
    }
    for key in PAYLOAD {
        if let Some(value) = record.outer(key) {
            add(&Value::of_json(&value).shown());
        }
    }
    text
}
