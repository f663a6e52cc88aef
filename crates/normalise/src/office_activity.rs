//! A row of Sentinel's OfficeActivity: a unified audit record whose keys were renamed and
//! whose lists became JSON text.
//!
//! The row is dressed back and read as the record it was, under the record's own id, so
//! that the same record from two sources is one. The numbers that the table turned into
//! names (RecordType, UserType, LogonType) are understood as names.
//! <https://learn.microsoft.com/azure/azure-monitor/reference/tables/officeactivity>

use crate::owned::owned;
use crate::{Context, unified};
use model::{Json, Normalised, Raw};
use std::borrow::Cow;

/// Understands a row of OfficeActivity.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &Context<'r>) -> Normalised<'r> {
    let record = undress(&raw.body);
    let mut found = owned(unified::record(&record, raw.dates, context));
    // The table has lost columns and turned numbers into names: beside the whole record this
    // is a poorer copy, not another body.
    found.event.fingerprint = 0;
    found
}

/// The table's columns whose records' keys have another name.
const RENAMED: &[(&str, &str)] = &[
    ("AADTarget", "Target"),
    (
        "AzureActiveDirectory_EventType",
        "AzureActiveDirectoryEventType",
    ),
    ("Client_IPAddress", "ClientIPAddress"),
    ("CrossMailboxOperations", "CrossMailboxOperation"),
    ("Event_Data", "EventData"),
    ("Logon_Type", "LogonType"),
    ("OfficeId", "Id"),
    ("OfficeObjectId", "ObjectId"),
    ("OfficeWorkload", "Workload"),
    (
        "SendonBehalfOfUserMailboxGuid",
        "SendOnBehalfOfUserMailboxGuid",
    ),
    ("Site_", "Site"),
    ("Site_Url", "SiteUrl"),
    ("Source_Name", "SourceName"),
    ("TimeGenerated", "CreationTime"),
];

/// Returns the record that the row was.
fn undress<'r>(row: &'r Json<'r>) -> Json<'r> {
    let mut entries: Vec<(Cow<'r, str>, Json<'r>)> = Vec::with_capacity(row.entries().len());
    for (column, value) in row.entries() {
        // The table has no null: what the record did not say is an empty column.
        let is_absent = matches!(value, Json::Null) || value.as_text() == Some("");
        if is_absent || is_copy(row, column, value) {
            continue;
        }
        let renamed = RENAMED
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(column));
        let key = renamed.map_or(Cow::Borrowed(&**column), |(_, key)| Cow::Borrowed(*key));
        entries.push((key, unquoted(value)));
    }
    let has_id = entries.iter().any(|(key, _)| key == "Id");
    if !has_id && let Some(Json::String(id)) = row.get_any_case("SourceRecordId") {
        entries.push((Cow::Borrowed("Id"), Json::String(Cow::Borrowed(id))));
    }
    Json::Object(entries)
}

/// The table writes some columns twice, the second time with a line below: `UserId_`.
fn is_copy(row: &Json<'_>, column: &str, value: &Json<'_>) -> bool {
    column
        .strip_suffix('_')
        .is_some_and(|base| row.get(base) == Some(value))
}

/// Returns a value out of the text it was put into, if it was one.
fn unquoted<'r>(value: &'r Json<'r>) -> Json<'r> {
    let Json::String(text) = value else {
        return value.clone();
    };
    if text.starts_with(['[', '{'])
        && let Ok(parsed) = model::json::parse(text)
    {
        return parsed.value;
    }
    Json::String(Cow::Borrowed(text))
}
