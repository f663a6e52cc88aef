//! A record of a mailbox's own audit log: what Search-MailboxAuditLog gives, one object a
//! record, as the MailboxAuditLog files of DFIR-O365RC keep it.
//!
//! It is what the unified log has of Exchange, under older names: the time is
//! `LastAccessed`, the id `Identity`, and the message stands beside the rest instead of in
//! an `Item`. It is dressed as the unified record and read as one.
//! <https://learn.microsoft.com/powershell/module/exchange/search-mailboxauditlog>

use crate::owned::owned;
use crate::{Context, unified};
use model::{Json, Normalised, Raw};
use std::borrow::Cow;

/// Understands a record of a mailbox's audit log.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &Context<'r>) -> Normalised<'r> {
    let record = dressed(&raw.body);
    owned(unified::record(&record, raw.dates, context))
}

/// The keys that the unified log calls something else.
const RENAMED: &[(&str, &str)] = &[
    ("AggregatedRecordFoldersData", "Folders"),
    ("Identity", "Id"),
    ("LastAccessed", "CreationTime"),
    ("LogonUserSid", "UserKey"),
    ("OperationResult", "ResultStatus"),
];

/// Returns the record as the unified log would have it.
fn dressed<'r>(row: &'r Json<'r>) -> Json<'r> {
    let mut entries: Vec<(Cow<'r, str>, Json<'r>)> = Vec::with_capacity(row.entries().len() + 5);
    for (key, value) in row.entries() {
        let is_absent = matches!(value, Json::Null) || value.as_text() == Some("");
        if is_absent {
            continue;
        }
        let renamed = RENAMED
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key));
        let key = renamed.map_or(Cow::Borrowed(&**key), |(_, key)| Cow::Borrowed(*key));
        // The unified log's word for it has another ending.
        let is_delegate =
            key.eq_ignore_ascii_case("LogonType") && value.as_text() == Some("Delegate");
        let value = if is_delegate {
            Json::String(Cow::Borrowed("Delegated"))
        } else {
            unquoted(value)
        };
        entries.push((key, value));
    }
    let told = |entries: &[(Cow<'_, str>, Json<'_>)], key: &str| {
        entries
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(key))
    };
    let item = item(row);
    let of_accesses = text(row, "Operation").eq_ignore_ascii_case("MailItemsAccessed");
    let added = [
        (
            "RecordType",
            Some(Json::Number(if of_accesses { "50" } else { "2" })),
        ),
        ("Workload", Some(Json::String(Cow::Borrowed("Exchange")))),
        ("UserId", user(row)),
        ("Item", item),
        ("AffectedItems", affected(row)),
    ];
    for (key, value) in added {
        if let Some(value) = value
            && !told(&entries, key)
        {
            entries.push((Cow::Borrowed(key), value));
        }
    }
    Json::Object(entries)
}

/// Returns who it was: the owner is known by address, everybody else by the name that is shown.
fn user<'r>(row: &'r Json<'r>) -> Option<Json<'r>> {
    let is_owner = ["Owner", "0"].contains(&text(row, "LogonType"));
    let owner = text(row, "MailboxOwnerUPN");
    let name = if is_owner && !owner.is_empty() {
        owner
    } else {
        text(row, "LogonUserDisplayName")
    };
    (!name.is_empty()).then_some(Json::String(Cow::Borrowed(name)))
}

/// Returns the one message that the record names.
fn item<'r>(row: &'r Json<'r>) -> Option<Json<'r>> {
    let folder = object(row, &[("Id", "FolderId"), ("Path", "FolderPathName")]);
    let item = object(
        row,
        &[
            ("Id", "ItemId"),
            ("InternetMessageId", "ItemInternetMessageId"),
            ("Subject", "ItemSubject"),
        ],
    );
    let mut item = item?;
    if let (Json::Object(entries), Some(folder)) = (&mut item, folder) {
        entries.push((Cow::Borrowed("ParentFolder"), folder));
    }
    Some(item)
}

fn object<'r>(row: &'r Json<'r>, keys: &[(&'static str, &str)]) -> Option<Json<'r>> {
    let entries: Vec<(Cow<'r, str>, Json<'r>)> = keys
        .iter()
        .map(|(key, column)| (*key, text(row, column)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (Cow::Borrowed(key), Json::String(Cow::Borrowed(value))))
        .collect();
    (!entries.is_empty()).then_some(Json::Object(entries))
}

/// Returns the messages that were moved or deleted together: their Message-IDs stand in one text.
fn affected<'r>(row: &'r Json<'r>) -> Option<Json<'r>> {
    let listed = text(row, "SourceItemInternetMessageIdsList");
    let ids: Vec<Json<'r>> = listed
        .split_inclusive('>')
        .filter_map(|part| Some(&part[part.find('<')?..]))
        .filter(|id| id.ends_with('>'))
        .map(|id| {
            let id = Json::String(Cow::Borrowed(id));
            Json::Object(vec![(Cow::Borrowed("InternetMessageId"), id)])
        })
        .collect();
    (!ids.is_empty()).then_some(Json::Array(ids))
}

fn text<'r>(row: &'r Json<'r>, key: &str) -> &'r str {
    row.get_any_case(key)
        .and_then(Json::as_word)
        .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::{DateOrder, Place, Shape, Touch};

    fn with(text: &str, check: impl FnOnce(&Normalised<'_>)) {
        let raw = Raw {
            shape: Shape::MailboxAudit,
            body: model::json::parse(text).expect("JSON").value,
            columns: Vec::new(),
            place: Place {
                member: None,
                offset: 0,
                length: 0,
                line: 1,
            },
            dates: DateOrder::Unknown,
        };
        check(&crate::normalise(&raw, &Context::default()));
    }

    #[test]
    fn a_record_of_a_mailboxs_own_log_is_one_of_exchange() {
        let text = r#"{"Operation":"SendAs","LastAccessed":"2026-03-02T12:00:00","LogonType":"Delegate",
            "ClientIPAddress":"203.0.113.9","MailboxOwnerUPN":"Ann@contoso.example","LogonUserDisplayName":"Bob",
            "OperationResult":"Succeeded","ItemSubject":"x","ItemInternetMessageId":"<y@x.example>",
            "FolderPathName":"\\Sent Items","Identity":"zz","MailboxGuid":"g","Odd":"kept"}"#;
        with(text, |found| {
            assert!(found.errors.is_empty(), "{:?}", found.errors);
            let event = &found.event;
            assert_eq!(
                event.time.map(|time| time.to_string()).as_deref(),
                Some("2026-03-02T12:00:00Z")
            );
            assert_eq!((event.id.as_str(), event.record_type), ("zz", Some(2)));
            assert_eq!(
                (&*event.mailbox, &*event.user_text),
                ("ann@contoso.example", "Bob")
            );
            assert_eq!(
                event.address.map(|address| address.to_string()).as_deref(),
                Some("203.0.113.9")
            );
            assert!(event.rest.contains("kept"), "{}", event.rest);
            assert_eq!(found.items.len(), 1);
            assert_eq!(found.items[0].touch, Touch::Send);
            assert_eq!(found.items[0].internet_message_id, "<y@x.example>");
            assert_eq!(found.items[0].folder, "\\Sent Items");
        });
    }

    #[test]
    fn messages_that_went_together_are_each_named() {
        let text = r#"{"Operation":"HardDelete","LastAccessed":"2026-03-02T12:00:00","LogonType":"Owner",
            "MailboxOwnerUPN":"ann@contoso.example","Identity":"zz",
            "SourceItemInternetMessageIdsList":"<a@x.example>, <b@x.example>"}"#;
        with(text, |found| {
            assert_eq!(found.event.user, "ann@contoso.example");
            assert_eq!(found.event.logon_type, Some(0));
            let ids: Vec<&str> = found
                .items
                .iter()
                .map(|item| &*item.internet_message_id)
                .collect();
            assert_eq!(ids, ["<a@x.example>", "<b@x.example>"]);
        });
    }
}
