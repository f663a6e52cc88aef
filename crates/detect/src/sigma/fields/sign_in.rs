//! `azure/signinlogs`: Entra's sign-ins, from the unified log, Graph or Azure Monitor.

use super::audit;
use crate::sigma::parts::walk;
use crate::sigma::record::{Pouch, Record};
use crate::sigma::value::Value;
use model::{Family, Json, Outcome};
use std::borrow::Cow;

pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    let columns = &record.columns;
    let name = name.strip_prefix("properties.").unwrap_or(name);
    let (front, rest) = name.split_once('.').unwrap_or((name, ""));
    if columns.family == Family::Unified && rest.is_empty() && is_not_unified(front) {
        return None;
    }
    match (front.to_ascii_lowercase().as_str(), rest) {
        ("resulttype" | "errornumber", "") => number(record),
        ("status", "errorCode" | "ErrorCode") => number(record),
        ("resultdescription", "") | ("status", "failureReason") => description(record),
        ("status", "") => status(record),
        ("useragent", "") => Value::said(columns.agent),
        ("resourcedisplayname", "") => named(record, "resourceDisplayName", columns.object),
        ("username" | "userprincipalname", "") => {
            Value::texts([columns.user_text.into(), columns.user.into()])
        }
        ("clientapp" | "clientappused", "") => named(record, "clientAppUsed", ""),
        ("activitydetails", "") => Value::said(columns.action),
        ("location", "") => location(record),
        ("calleripaddress" | "ipaddress", "") => audit::address(record),
        ("appid", "") => Value::said(columns.app),
        ("resourceid", "") => Value::said(columns.resource),
        ("message", "") => message(record),
        ("devicedetail", rest) if !rest.is_empty() => device(record, rest),
        ("networklocationdetails", "") => networks(record),
        ("hometenantid", "") => {
            named(record, "homeTenantId", "").or_else(|| named(record, "ActorContextId", ""))
        }
        ("resourcetenantid", "") => {
            named(record, "resourceTenantId", "").or_else(|| named(record, "TargetContextId", ""))
        }
        _ => None,
    }
}

/// Records of sign-ins are told apart by their error number, outcome and agent before any rule is
/// asked; of some fields the unified log never says anything.
pub(super) fn is_settled(record: &Record<'_>, name: &str) -> bool {
    let name = name.strip_prefix("properties.").unwrap_or(name);
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "resulttype" | "errornumber" | "status.errorcode" | "useragent" => true,
        name if record.columns.family == Family::Unified => {
            name == "status" || is_not_unified(name)
        }
        _ => false,
    }
}

/// What only Entra's own log of sign-ins says, in lower case.
const NOT_UNIFIED: [&str; 9] = [
    "authenticationrequirement",
    "authenticationprotocol",
    "conditionalaccessstatus",
    "riskstate",
    "risklevelduringsignin",
    "networklocationdetails",
    "clientapp",
    "clientappused",
    "crosstenantaccesstype",
];

fn is_not_unified(name: &str) -> bool {
    NOT_UNIFIED.iter().any(|one| one.eq_ignore_ascii_case(name))
}

fn named<'r>(record: &'r Record<'_>, key: &str, otherwise: &'r str) -> Option<Value<'r>> {
    match record.value(key) {
        Some(found) => Some(Value::of_json(&found)),
        None => Value::said(otherwise),
    }
}

fn number<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let columns = &record.columns;
    match (columns.error, columns.outcome) {
        ("", Outcome::Success) => Some(Value::Whole(0)),
        (error, _) => Value::number(error),
    }
}

fn description<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let mut texts = vec![Cow::Borrowed(record.columns.result)];
    for key in ["resultDescription", "LogonError"] {
        texts.push(record.word(key).unwrap_or_default().into());
    }
    texts.push(in_status(record, "failureReason").into());
    Value::texts(texts)
}

/// A word for how it ended, and what Entra adds to it: `MFA denied; user declined`.
fn status<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let word = match record.columns.outcome {
        Outcome::Success | Outcome::Partial => "Success",
        Outcome::Failure => "Failure",
        Outcome::Interrupted => "Interrupted",
        Outcome::Unknown => "",
    };
    Value::texts([
        Cow::Borrowed(word),
        in_status(record, "additionalDetails").into(),
    ])
}

fn in_status(record: &Record<'_>, key: &str) -> String {
    let mut found = Vec::new();
    if let Some(status) = record.value("status") {
        walk(&status, key, 3, &mut found);
    }
    found.first().map(Value::shown).unwrap_or_default()
}

fn location<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let found = record.value("location")?;
    let mut countries = Vec::new();
    walk(&found, "countryOrRegion", 3, &mut countries);
    Value::any_of(countries).or_else(|| Some(Value::of_json(&found)))
}

/// Rules ask for the portal's word for the protocol, not for the record's.
fn message<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let told = |key| match record.columns.family {
        Family::Unified => String::new(),
        _ => record.word(key).unwrap_or_default(),
    };
    let protocol = told("authenticationProtocol");
    let request = record
        .in_bag(Pouch::Extended, "RequestType")
        .unwrap_or_default();
    let is_device_code =
        protocol.eq_ignore_ascii_case("deviceCode") || request.eq_ignore_ascii_case("Cmsi:Cmsi");
    let is_password =
        protocol.eq_ignore_ascii_case("ropc") || record.columns.agent.contains("BAV2ROPC");
    let mut texts = vec![told("message").into()];
    if is_device_code {
        texts.push(Cow::Borrowed("Device Code"));
    }
    if is_password {
        texts.push(Cow::Borrowed("ROPC"));
    }
    Value::texts(texts)
}

/// The unified log keeps the device in a bag; one that is not registered has no id there.
fn device<'r>(record: &'r Record<'_>, part: &str) -> Option<Value<'r>> {
    if let Some(detail) = record.value("deviceDetail") {
        let mut found = Vec::new();
        walk(&detail, part, 3, &mut found);
        return Value::any_of(found).or_else(|| {
            let is_id = part.eq_ignore_ascii_case("deviceId");
            is_id.then(|| Value::text(record.columns.device))
        });
    }
    let bag = record.bag(Pouch::Device);
    if bag.is_empty() {
        return None;
    }
    let found = match part.to_ascii_lowercase().as_str() {
        "deviceid" => return Some(Value::text(bag.get("Id").unwrap_or(record.columns.device))),
        "iscompliant" => bag
            .get("IsCompliant")
            .or_else(|| bag.get("IsCompliantAndManaged")),
        "ismanaged" => bag
            .get("IsManaged")
            .or_else(|| bag.get("IsCompliantAndManaged")),
        "operatingsystem" => bag.get("OS"),
        "browser" => bag.get("BrowserType"),
        _ => bag.get(part),
    };
    found.map(|value| Value::text(value.to_lowercase()))
}

/// An empty list is spelled `[]` by the rules that ask for one.
fn networks<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let found = record.value("networkLocationDetails")?;
    let text = match found.opened().as_ref() {
        Json::String(text) => text.to_string(),
        other => crate::sigma::value::written(other),
    };
    Some(Value::text(text))
}
