//! `Folders` of MailItemsAccessed, said by the mail items alone.
//!
//! The list is the largest part of the records that matter most, and its messages have a
//! table of their own: what the rows say in the record's own spelling is not kept twice.

use super::canonical_message_id;
use model::json::write_string;
use model::{Json, MailItem};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Returns whether rows can say everything that `Folders` says, in its own spelling.
pub(super) fn are_plain(folders: &Json<'_>) -> bool {
    let Json::Array(folders) = folders else {
        return false;
    };
    let mut seen = BTreeSet::new();
    folders.iter().all(|folder| {
        let is_plain = folder.get("FolderItems").is_some()
            && folder.entries().iter().all(folder_entry_is_plain);
        is_plain && seen.insert((folder.text("Id"), folder.text("Path")))
    })
}

fn folder_entry_is_plain((key, value): &(Cow<'_, str>, Json<'_>)) -> bool {
    match &**key {
        "Id" => is_said(value),
        "Path" => {
            is_said(value)
                && !value
                    .as_text()
                    .is_some_and(|path| path.eq_ignore_ascii_case("Not Available"))
        }
        "FolderItems" => matches!(value, Json::Array(items) if items.iter().all(item_is_plain)),
        _ => false,
    }
}

fn item_is_plain(item: &Json<'_>) -> bool {
    (item.get("InternetMessageId").is_some() || item.get("Id").is_some())
        && item.entries().iter().all(|(key, value)| match &**key {
            "InternetMessageId" => {
                is_said(value) && value.as_text().is_some_and(|id| canonical_message_id(Cow::Borrowed(id)) == id)
            }
            "Id" => is_said(value) && value.as_text() != Some("Unknown"),
            "Subject" => is_said(value),
            "SizeInBytes" => matches!(value, Json::Number(text) if text.parse::<i64>().is_ok_and(|size| size.to_string() == *text)),
            _ => false,
        })
}

fn is_said(value: &Json<'_>) -> bool {
    value.as_text().is_some_and(|text| !text.is_empty())
}

/// Writes `Folders` from the rows of a Bind record, for which [`super::Touched::say_all_of_folders`] held.
pub(crate) fn write(items: &[MailItem<'_>], out: &mut String) {
    let same_folder = |left: &MailItem<'_>, right: &MailItem<'_>| {
        left.folder_id == right.folder_id && left.folder == right.folder
    };
    out.push('[');
    for (index, group) in items.chunk_by(same_folder).enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_folder(group, out);
    }
    out.push(']');
}

fn write_folder(group: &[MailItem<'_>], out: &mut String) {
    let Some(first) = group.first() else { return };
    let mut entry = Writer { out, begun: false };
    entry.text("Id", &first.folder_id);
    entry.text("Path", &first.folder);
    entry.key("FolderItems").push('[');
    let messages = group
        .iter()
        .filter(|item| !(item.internet_message_id.is_empty() && item.item_id.is_empty()));
    for (index, item) in messages.enumerate() {
        if index > 0 {
            entry.out.push(',');
        }
        write_item(item, entry.out);
    }
    entry.out.push_str("]}");
}

fn write_item(item: &MailItem<'_>, out: &mut String) {
    let mut entry = Writer { out, begun: false };
    entry.text("InternetMessageId", &item.internet_message_id);
    entry.text("Id", &item.item_id);
    entry.text("Subject", &item.subject);
    if let Some(size) = item.size_bytes {
        let size = size.to_string();
        entry.key("SizeInBytes").push_str(&size);
    }
    entry.out.push('}');
}

struct Writer<'o> {
    out: &'o mut String,
    begun: bool,
}

impl Writer<'_> {
    fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            write_string(value, self.key(key));
        }
    }

    fn key(&mut self, key: &str) -> &mut String {
        self.out.push(if self.begun { ',' } else { '{' });
        self.begun = true;
        write_string(key, self.out);
        self.out.push(':');
        self.out
    }
}
