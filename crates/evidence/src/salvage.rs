//! What can still be told of a record that cannot be read whole.

use crate::walk::leading_entries;
use model::Salvage;
use model::json::Json;

const ID: &[&str] = &[
    "Id",
    "RecordId",
    "Identity",
    "Request ID",
    "SystemAlertId",
    "MessageId",
    "OfficeId",
];
const OPERATION: &[&str] = &[
    "Operation",
    "Operations",
    "operationName",
    "OperationName",
    "activityDisplayName",
    "Activity",
    "ActionType",
];
const USER: &[&str] = &[
    "UserId",
    "UserIds",
    "userPrincipalName",
    "Username",
    "Caller",
    "SenderAddress",
    "identity",
];
const TIME: &[&str] = &[
    "CreationTime",
    "CreationDate",
    "createdDateTime",
    "activityDateTime",
    "eventTimestamp",
    "time",
    "TimeGenerated",
    "Timestamp",
    "Received",
    "Date (UTC)",
];

/// Returns what the whole entries of a damaged JSON text tell.
pub(crate) fn from_json(text: &str) -> Salvage {
    let entries = leading_entries(text);
    from_lookup(|name| {
        let found = entries
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .and_then(|(_, value)| value.as_word())
            .map(str::to_owned)
    })
}

/// Returns what the keys of a whole object tell.
pub(crate) fn from_object(value: &Json<'_>) -> Salvage {
    from_lookup(|name| {
        value
            .get_any_case(name)
            .and_then(Json::as_word)
            .map(str::to_owned)
    })
}

/// Returns what named values tell.
pub(crate) fn from_lookup(value: impl Fn(&str) -> Option<String>) -> Salvage {
    let first = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| value(name).filter(|found| !found.trim().is_empty()))
    };
    Salvage {
        record_id: first(ID),
        operation: first(OPERATION),
        user: first(USER),
        time_text: first(TIME),
    }
}

/// Fills what one salvage leaves open from another.
pub(crate) fn or(first: Salvage, second: Salvage) -> Salvage {
    Salvage {
        record_id: first.record_id.or(second.record_id),
        operation: first.operation.or(second.operation),
        user: first.user.or(second.user),
        time_text: first.time_text.or(second.time_text),
    }
}
