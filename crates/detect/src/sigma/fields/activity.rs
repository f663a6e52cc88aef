//! `azure/activitylogs`: the Azure activity log, from its API, Azure Monitor or Log Analytics.

use super::audit;
use crate::sigma::parts::{both, walk};
use crate::sigma::record::Record;
use crate::sigma::value::Value;
use std::borrow::Cow;

pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    let columns = &record.columns;
    match name {
        "operationName"
        | "OperationName"
        | "OperationNameValue"
        | "operationName.value"
        | "operationNameValue" => Value::said(columns.operation),
        "properties.message" => {
            let own = record.path("properties.message").map(|value| value.shown());
            Value::texts([columns.operation.into(), own.unwrap_or_default().into()])
        }
        "category" | "Category" | "CategoryValue" | "category.value" => category(record),
        "ResourceProviderValue"
        | "ResourceProvider"
        | "resourceProviderName.value"
        | "resourceProviderName" => provider(record),
        "resourceId" | "ResourceId" | "_ResourceId" => Value::said(columns.object),
        "Caller" | "caller" => Value::texts([columns.user_text.into(), columns.user.into()]),
        "callerIpAddress" | "CallerIpAddress" => audit::address(record),
        "resultType"
        | "ResultType"
        | "ActivityStatus"
        | "ActivityStatusValue"
        | "status"
        | "Status"
        | "status.value" => Value::texts([columns.result.into(), columns.ending().into()]),
        "requestBody" => request(record),
        "role" => evidence(record, "role"),
        "roleDefinitionId" => evidence(record, "roleDefinitionId"),
        _ => None,
    }
}

fn category<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let word = |key: &str| -> Cow<'r, str> {
        let mut found = Vec::new();
        match record.outer(key) {
            Some(value) if value.as_word().is_some() => return Cow::Owned(value_word(&value)),
            Some(value) => walk(&value, "value", 3, &mut found),
            None => {}
        }
        found.first().map(Value::shown).unwrap_or_default().into()
    };
    Value::texts([word("CategoryValue"), word("category")])
}

fn value_word(json: &model::Json<'_>) -> String {
    json.as_word().unwrap_or_default().to_owned()
}

/// Where the record does not name the provider, the operation begins with it.
fn provider<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let own = record.word("ResourceProviderValue").unwrap_or_default();
    let (first, _) = record.columns.operation.split_once('/').unwrap_or_default();
    Value::texts([own.into(), first.into()])
}

/// Returns what was asked for: the body of the request, JSON in a string, as it stands and
/// without its blanks.
fn request<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    [
        "requestbody",
        "properties.requestbody",
        "Properties_d.requestbody",
    ]
    .into_iter()
    .find_map(|key| record.path(key))
    .map(|value| both(&value.shown()))
}

/// Returns what Azure names as the role by which the caller was allowed to act, or that it gave.
fn evidence<'r>(record: &'r Record<'_>, key: &str) -> Option<Value<'r>> {
    for front in [
        "identity.authorization.evidence",
        "authorization.evidence",
        "Authorization_d.evidence",
    ] {
        if let Some(value) = record.path(&format!("{front}.{key}")) {
            return Some(value);
        }
    }
    None
}
