//! Unified audit records, whatever they are dressed as, through the room's public face.

mod invented;
mod properties;
mod third_party;

use model::json::parse;
use model::{DateOrder, Json, MailItem, Normalised, Place, Raw, Shape};
use normalise::{Column, Context, normalise, reassemble};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn raw(shape: Shape, text: &str) -> Raw<'_> {
    let body = parse(text).expect("JSON").value;
    Raw {
        shape,
        body,
        columns: Vec::new(),
        place: Place::default(),
        dates: DateOrder::Unknown,
    }
}

pub(crate) fn with<T>(shape: Shape, text: &str, look: impl FnOnce(&Normalised<'_>) -> T) -> T {
    let raw = raw(shape, text);
    let context = Context::default();
    look(&normalise(&raw, &context))
}

pub(crate) fn unified<T>(text: &str, look: impl FnOnce(&Normalised<'_>) -> T) -> T {
    with(Shape::UnifiedAudit, text, look)
}

/// A record of the invented tenant, with what the case adds.
pub(crate) fn record(operation: &str, more: &str) -> String {
    format!(
        r#"{{"Id":"11111111-2222-3333-4444-555555555555","CreationTime":"2024-02-05T08:09:10","Operation":"{operation}",
        "OrganizationId":"AAAAAAAA-0000-4000-8000-000000000001","RecordType":50,"Workload":"Exchange","UserType":0,
        "UserId":"MiraB@fabrikam.example","MailboxOwnerUPN":"MiraB@fabrikam.example","ResultStatus":"Succeeded"{more}}}"#
    )
}

pub(crate) fn messages(found: &Normalised<'_>) -> Vec<(String, String)> {
    let pair = |item: &MailItem<'_>| {
        (
            item.internet_message_id.to_string(),
            item.folder.to_string(),
        )
    };
    found.items.iter().map(pair).collect()
}

pub(crate) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(message, folder)| ((*message).to_owned(), (*folder).to_owned()))
        .collect()
}

pub(crate) fn sorted(value: &Json<'_>) -> String {
    match value {
        Json::Object(entries) => {
            let sorted: BTreeMap<_, _> = entries
                .iter()
                .map(|(key, value)| (key.to_string(), self::sorted(value)))
                .collect();
            format!("{sorted:?}")
        }
        Json::Array(items) => format!("{:?}", items.iter().map(sorted).collect::<Vec<_>>()),
        other => format!("{other:?}"),
    }
}

pub(crate) fn together(found: &Normalised<'_>) -> String {
    reassemble(
        &found.event.rest,
        |column: Column| column.of(&found.event),
        &found.items,
    )
}

pub(crate) fn check_reassembly(body: &Json<'_>, found: &Normalised<'_>) {
    let text = together(found);
    let again = parse(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}"))
        .value;
    assert_eq!(sorted(&again), sorted(body), "rest: {}", found.event.rest);
}

/// An item written twice in one folder comes back once: the one liberty that putting together takes.
pub(crate) fn repeats_an_item(body: &Json<'_>) -> bool {
    body.get("Folders").is_some_and(|folders| {
        folders.items().iter().any(|folder| {
            let items = folder
                .get("FolderItems")
                .map(Json::items)
                .unwrap_or_default();
            let distinct: BTreeSet<String> = items.iter().map(sorted).collect();
            distinct.len() < items.len()
        })
    })
}
