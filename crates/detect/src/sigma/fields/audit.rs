//! The columns that every record has, by the names that the unified audit log gives them.

use crate::sigma::record::{Pouch, Record};
use crate::sigma::value::Value;
use std::borrow::Cow;

/// Answers a field that stands in a typed column.
pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    let columns = &record.columns;
    match name {
        "Operation" | "operation" | "operationName" | "OperationName" => operations(record),
        "Workload" => Value::said(columns.workload),
        "RecordType" => {
            (columns.record_type >= 0).then(|| Value::Whole(columns.record_type.into()))
        }
        "ObjectId" => Value::said(columns.object),
        "ApplicationId" | "AppId" | "appId" | "ClientAppId" => Value::said(columns.app),
        "ResultStatus" => Value::said(columns.result),
        "UserId" => Value::texts([columns.user_text.into(), columns.user.into()]),
        "UserKey" => Value::said(columns.user_key),
        "ClientIP" | "ClientIPAddress" | "ActorIpAddress" | "IpAddress" | "IPAddress"
        | "callerIpAddress" | "CallerIpAddress" => address(record),
        "MailboxOwnerUPN" => Value::said(columns.mailbox),
        "UserAgent" | "ClientInfoString" => Value::said(columns.agent),
        "SessionId" => Value::said(columns.session),
        "DeviceId" => Value::said(columns.device),
        "ErrorNumber" => Value::number(columns.error),
        "OrganizationId" => Value::said(columns.tenant),
        "Id" => Value::said(columns.id),
        "CreationTime" => Value::said(columns.time),
        "CorrelationId" | "correlationId" => Value::said(columns.correlation),
        "RequestType" => extended(record, "RequestType"),
        "Parameters" => bag_or_text(record, Pouch::Parameters, name),
        "OperationProperties" => bag_or_text(record, Pouch::Operation, name),
        "ExtendedProperties" => bag_or_text(record, Pouch::Extended, name),
        "DeviceProperties" => bag_or_text(record, Pouch::Device, name),
        "ModifiedProperties" => bag_or_text(record, Pouch::Changes, name),
        _ => None,
    }
}

/// Returns the operation as the record spells it and as every source spells it: Entra's records
/// of the unified log end with a dot, those of its own log do not.
pub(super) fn operations<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let columns = &record.columns;
    let has_dash = columns
        .action
        .as_bytes()
        .windows(3)
        .any(|part| part == b" - ");
    if columns.operation == columns.action && columns.record_type != 8 && !has_dash {
        return Value::said(columns.action);
    }
    let trimmed = columns.operation.trim().trim_end_matches('.').trim_end();
    let mut texts: Vec<Cow<'r, str>> = vec![
        columns.action.into(),
        trimmed.into(),
        columns.operation.into(),
    ];
    if columns.record_type == 8 && !columns.action.is_empty() {
        texts.push(format!("{}.", columns.action).into());
    }
    // What is kept of a record has a hyphen where Entra writes a dash.
    if has_dash {
        texts.push(columns.action.replace(" - ", " \u{2013} ").into());
    }
    Value::texts(texts)
}

/// Returns the address as the record spells it and without its port: a network of a rule
/// compares the latter.
pub(super) fn address<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let text = record.columns.address;
    let plain = model::Address::read(text).map(|address| address.ip.to_string());
    Value::texts([Cow::Borrowed(text), plain.unwrap_or_default().into()])
}

/// Returns an extended property.
pub(super) fn extended<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    record.in_bag(Pouch::Extended, name).map(Value::text)
}

/// Returns a bag as text; where it is none, the text that stands in its place.
fn bag_or_text<'r>(record: &'r Record<'_>, pouch: Pouch, name: &str) -> Option<Value<'r>> {
    if let Some(text) = record.bag_text(pouch) {
        return Some(Value::text(text));
    }
    record.outer(name).map(|value| Value::of_json(&value))
}
