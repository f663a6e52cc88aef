//! A row of Defender's CloudAppEvents: `RawEventData` is the unified audit record itself.
//!
//! Records of other clouds and rows without `RawEventData` stand in the same table; they
//! are read from the row's own columns, under a source of their own because their id is
//! the table's and not the record's.
//! <https://learn.microsoft.com/defender-xdr/advanced-hunting-cloudappevents-table>

use crate::owned::owned;
use crate::{Context, unified};
use model::{DateOrder, Json, Normalised, Raw};
use std::borrow::Cow;

/// Understands a row of CloudAppEvents.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &Context<'r>) -> Normalised<'r> {
    row(&raw.body, raw.dates, context)
}

/// Understands the body of a row, wherever it stood.
pub(crate) fn row<'r>(
    body: &'r Json<'r>,
    dates: DateOrder,
    context: &Context<'r>,
) -> Normalised<'r> {
    match body.get_any_case("RawEventData") {
        Some(record @ Json::Object(_)) if is_record(record) => {
            unified::record(record, dates, context)
        }
        Some(Json::String(text)) => match model::json::parse(text) {
            Ok(parsed) if is_record(&parsed.value) => {
                owned(unified::record(&parsed.value, dates, context))
            }
            _ => own_columns(body, dates, context),
        },
        _ => own_columns(body, dates, context),
    }
}

fn is_record(value: &Json<'_>) -> bool {
    ["Id", "Operation"].iter().all(|key| {
        value
            .get_any_case(key)
            .and_then(Json::as_word)
            .is_some_and(|text| !text.is_empty())
    })
}

/// The table's columns and the record's keys that say the same. Defender's own numbers for
/// applications and objects move out of the way of the record's keys of that name.
const RENAMED: &[(&str, &str)] = &[
    ("AccountId", "UserId"),
    ("AccountObjectId", "UserKey"),
    ("ActionType", "Operation"),
    ("Application", "Workload"),
    ("ApplicationId", "CloudAppApplicationId"),
    ("IPAddress", "ClientIP"),
    ("ObjectId", "CloudAppObjectId"),
    ("ObjectName", "ObjectId"),
    ("ReportId", "Id"),
    ("TenantId", "OrganizationId"),
    ("Timestamp", "CreationTime"),
];

fn own_columns<'r>(row: &'r Json<'r>, dates: DateOrder, context: &Context<'r>) -> Normalised<'r> {
    let rename = |column: &'r Cow<'r, str>| {
        let renamed = RENAMED
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(column));
        renamed.map_or(Cow::Borrowed(&**column), |(_, key)| Cow::Borrowed(*key))
    };
    let entries = row
        .entries()
        .iter()
        .map(|(column, value)| (rename(column), value.clone()));
    let record = Json::Object(entries.collect());
    let mut found = owned(unified::record(&record, dates, context));
    found.event.source = "cloudapp";
    found
}
