//! Which messages and folders a mailbox record names.
//!
//! The answer to "exactly which emails" stands or falls here, so every folder and every
//! item is walked, and a record that should name messages and does not says so.

mod folders;

pub(crate) use folders::write as write_folders;

use crate::outcome::of_word;
use crate::owned::mail_item;
use crate::unified::Fields;
use model::{Json, MailItem, Outcome, Touch};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The mail items of a record.
#[derive(Debug, Default)]
pub(crate) struct Touched<'a> {
    /// The items, each message once per folder, in the record's order.
    pub(crate) items: Vec<MailItem<'a>>,
    /// Whether the items say everything that `Folders` says.
    pub(crate) say_all_of_folders: bool,
}

/// Returns the messages and folders that a record names; what is missing is told in `errors`.
pub(crate) fn touched<'r>(
    action: &str,
    fields: &Fields<'r>,
    errors: &mut Vec<String>,
) -> Touched<'r> {
    let touch = match action {
        "MailItemsAccessed" => return accessed(fields, errors),
        "MessageBind" => Touch::Bind,
        "Send" | "SendAs" | "SendOnBehalf" => Touch::Send,
        "Create" => Touch::Create,
        "Update" => Touch::Update,
        "Move" | "Copy" | "MoveToDeletedItems" => Touch::Move,
        "SoftDelete" | "HardDelete" => Touch::Delete,
        _ => return Touched::default(),
    };
    if is_elsewhere(fields) {
        return Touched::default();
    }
    let mut rows = Rows::new(touch);
    for (name, field) in [
        ("AffectedItems", fields.affected_items),
        ("Item", fields.item),
    ] {
        read(name, field, errors, &mut rows, affected);
    }
    // A whole folder that was moved or deleted stands where MailItemsAccessed has its own.
    read(
        "Folders",
        fields.folders,
        errors,
        &mut rows,
        |value, rows| walk_folders(value, "FolderItems", rows),
    );
    let mut rows = rows.found;
    place(&mut rows, fields, errors);
    if rows.is_empty() && !has_failed(fields) {
        errors.push(format!("{action} names no message"));
    }
    Touched {
        items: rows,
        say_all_of_folders: false,
    }
}

/// Operations called `Create`, `Update` and `Copy` exist in other services too.
fn is_elsewhere(fields: &Fields<'_>) -> bool {
    let workload = fields
        .workload
        .and_then(Json::as_text)
        .filter(|workload| !workload.is_empty());
    workload.is_some_and(|workload| !workload.eq_ignore_ascii_case("Exchange"))
}

/// What failed touched nothing, so that it has nothing to name.
fn has_failed(fields: &Fields<'_>) -> bool {
    fields
        .result
        .and_then(Json::as_text)
        .is_some_and(|result| of_word(result) == Outcome::Failure)
}

fn accessed<'r>(fields: &Fields<'r>, errors: &mut Vec<String>) -> Touched<'r> {
    let access = fields
        .operation_properties
        .and_then(|bag| crate::bags::find(bag, "MailAccessType"));
    let is_sync = match access.as_deref() {
        Some(access) => access.eq_ignore_ascii_case("Sync"),
        None => fields.folders.is_none() && fields.item.is_some(),
    };
    let mut touched = if is_sync {
        synced(fields, errors)
    } else {
        bound(fields, errors)
    };
    if touched.items.is_empty() {
        touched.say_all_of_folders = false;
    }
    if touched.items.is_empty() && !has_failed(fields) {
        errors.push("MailItemsAccessed names no message and no folder".to_owned());
    }
    touched
}

fn bound<'r>(fields: &Fields<'r>, errors: &mut Vec<String>) -> Touched<'r> {
    let mut rows = Rows::new(Touch::Bind);
    read(
        "Folders",
        fields.folders,
        errors,
        &mut rows,
        |value, rows| walk_folders(value, "FolderItems", rows),
    );
    read(
        "Messages",
        fields.messages,
        errors,
        &mut rows,
        |value, rows| walk_folders(value, "MessageItems", rows),
    );
    if rows.found.is_empty() {
        read("Item", fields.item, errors, &mut rows, affected);
    }
    let say_all_of_folders = fields.messages.is_none()
        && !rows.has_more
        && fields
            .folders
            .is_some_and(|folders| folders::are_plain(&folders.opened()));
    Touched {
        items: rows.found,
        say_all_of_folders,
    }
}

/// A sync names its folder as the item, or as the item's parent.
fn synced<'r>(fields: &Fields<'r>, errors: &mut Vec<String>) -> Touched<'r> {
    let mut rows = Rows::new(Touch::Sync);
    read("Item", fields.item, errors, &mut rows, |value, rows| {
        let folder = folder_of(value.get_any_case("ParentFolder"));
        let folder_id = if folder.id.is_empty() {
            text(value, "Id")
        } else {
            folder.id
        };
        if !folder_id.is_empty() || !folder.path.is_empty() {
            rows.push(MailItem {
                folder_id,
                folder: folder.path,
                ..blank(Touch::Sync)
            });
        }
    });
    if rows.found.is_empty() {
        read(
            "Folders",
            fields.folders,
            errors,
            &mut rows,
            |value, rows| walk_folders(value, "FolderItems", rows),
        );
    }
    Touched {
        items: rows.found,
        say_all_of_folders: false,
    }
}

/// Reads a field that is JSON, or JSON in a string as the tables of Sentinel have it.
fn read<'r>(
    name: &str,
    field: Option<&'r Json<'r>>,
    errors: &mut Vec<String>,
    rows: &mut Rows<'r>,
    walk: impl for<'j> Fn(&'j Json<'j>, &mut Rows<'j>),
) {
    match field {
        None | Some(Json::Null) => {}
        Some(Json::String(text)) if text.trim().is_empty() => {}
        Some(Json::String(text)) => match model::json::parse(text) {
            Ok(parsed) => walk_inside(&parsed.value, rows, walk),
            Err(error) => errors.push(format!("the messages in `{name}` cannot be told: {error}")),
        },
        Some(Json::Folded(folded)) => walk_inside(&folded.open(), rows, walk),
        Some(value) => walk(value, rows),
    }
}

/// Walks a value that does not outlive the walk.
fn walk_inside<'r>(
    value: &Json<'_>,
    rows: &mut Rows<'r>,
    walk: impl for<'j> Fn(&'j Json<'j>, &mut Rows<'j>),
) {
    let mut inner = Rows::new(rows.touch);
    walk(value, &mut inner);
    rows.has_more |= inner.has_more;
    for row in inner.found {
        rows.push(mail_item(row));
    }
}

/// Walks `[{Id, Path, FolderItems: [{InternetMessageId, ...}]}]`; one folder may stand without its list.
fn walk_folders<'j>(value: &'j Json<'j>, items_key: &str, rows: &mut Rows<'j>) {
    for folder in list(value) {
        let Folder { id, path } = folder_of(Some(folder));
        let items = folder.get_any_case(items_key).map(list).unwrap_or_default();
        for item in items {
            rows.push(MailItem {
                folder_id: id.clone(),
                folder: path.clone(),
                ..message(item, rows.touch)
            });
        }
        if items.is_empty() && !(id.is_empty() && path.is_empty()) {
            rows.push(MailItem {
                folder_id: id,
                folder: path,
                ..blank(rows.touch)
            });
        }
    }
}

/// Walks an item or a list of items, each of which names its folder itself.
fn affected<'j>(value: &'j Json<'j>, rows: &mut Rows<'j>) {
    for item in list(value) {
        let folder = folder_of(item.get_any_case("ParentFolder"));
        let row = MailItem {
            folder_id: folder.id,
            folder: folder.path,
            ..message(item, rows.touch)
        };
        let says_something = !(row.internet_message_id.is_empty()
            && row.item_id.is_empty()
            && row.subject.is_empty()
            && row.folder_id.is_empty());
        if says_something {
            rows.push(row);
        }
    }
}

/// Fills in where items came from and went to, which the record says once for all of them.
fn place<'r>(rows: &mut [MailItem<'r>], fields: &Fields<'r>, errors: &mut Vec<String>) {
    let from = whole_folder("Folder", fields.folder, errors);
    let to = whole_folder("DestFolder", fields.dest_folder, errors);
    for row in rows {
        if row.folder_id.is_empty() && row.folder.is_empty() {
            row.folder_id.clone_from(&from.id);
            row.folder.clone_from(&from.path);
        }
        row.to_folder
            .clone_from(if to.path.is_empty() { &to.id } else { &to.path });
    }
}

fn whole_folder<'r>(
    name: &str,
    field: Option<&'r Json<'r>>,
    errors: &mut Vec<String>,
) -> Folder<'r> {
    let mut rows = Rows::new(Touch::Move);
    read(name, field, errors, &mut rows, |value, rows| {
        let folder = folder_of(Some(value));
        rows.push(MailItem {
            folder_id: folder.id,
            folder: folder.path,
            ..blank(rows.touch)
        });
    });
    let row = rows.found.pop();
    row.map_or_else(Folder::default, |row| Folder {
        id: row.folder_id,
        path: row.folder,
    })
}

#[derive(Default)]
struct Folder<'a> {
    id: Cow<'a, str>,
    path: Cow<'a, str>,
}

/// Outlook's own folders often say `Not Available` for the path; then the name is all there is.
fn folder_of<'j>(value: Option<&'j Json<'j>>) -> Folder<'j> {
    let Some(value) = value else {
        return Folder::default();
    };
    let path = text(value, "Path");
    let no_path = path.is_empty() || path.eq_ignore_ascii_case("Not Available");
    let name = if no_path {
        text(value, "Name")
    } else {
        Cow::Borrowed("")
    };
    Folder {
        id: text(value, "Id"),
        path: if name.is_empty() { path } else { name },
    }
}

fn message<'j>(item: &'j Json<'j>, touch: Touch) -> MailItem<'j> {
    let own = text(item, "Id");
    // What has no id yet, such as a message sent without being saved, is called `Unknown`.
    let id = if own.is_empty() || own == "Unknown" {
        text(item, "ImmutableId")
    } else {
        own
    };
    MailItem {
        internet_message_id: canonical_message_id(text(item, "InternetMessageId")),
        item_id: id,
        subject: text(item, "Subject"),
        size_bytes: item.get_any_case("SizeInBytes").and_then(Json::as_integer),
        ..blank(touch)
    }
}

fn blank(touch: Touch) -> MailItem<'static> {
    MailItem {
        touch,
        internet_message_id: Cow::Borrowed(""),
        item_id: Cow::Borrowed(""),
        subject: Cow::Borrowed(""),
        folder_id: Cow::Borrowed(""),
        folder: Cow::Borrowed(""),
        to_folder: Cow::Borrowed(""),
        size_bytes: None,
    }
}

fn text<'j>(value: &'j Json<'j>, key: &str) -> Cow<'j, str> {
    value
        .get_any_case(key)
        .and_then(Json::as_word)
        .map_or(Cow::Borrowed(""), Cow::Borrowed)
}

/// A list of one is sometimes written without its brackets.
fn list<'j>(value: &'j Json<'j>) -> &'j [Json<'j>] {
    match value {
        Json::Array(items) => items,
        Json::Object(_) => std::slice::from_ref(value),
        _ => &[],
    }
}

/// Returns a Message-ID unfolded, trimmed and within exactly one pair of angle brackets, its case kept.
pub(crate) fn canonical_message_id(text: Cow<'_, str>) -> Cow<'_, str> {
    let inside = |text: &str| {
        let core = text.trim_matches(|character: char| {
            character.is_whitespace() || matches!(character, '<' | '>')
        });
        core.len() + 2 == text.len() && text.starts_with('<') && text.ends_with('>')
    };
    let is_folded = text.contains(['\r', '\n']);
    if text.is_empty() || (!is_folded && inside(&text)) {
        return text;
    }
    // RFC 5322 folding: a line break and the white space after it are no part of the id.
    let unfolded: String = text.split(['\r', '\n']).map(str::trim).collect();
    let core = unfolded.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '<' | '>')
    });
    if core.is_empty() {
        Cow::Borrowed("")
    } else {
        Cow::Owned(format!("<{core}>"))
    }
}

/// The rows of one record, each message once per folder.
struct Rows<'a> {
    touch: Touch,
    found: Vec<MailItem<'a>>,
    /// Message, folder and, for what has no Message-ID, item: the row that says it.
    seen: BTreeMap<[Cow<'a, str>; 3], usize>,
    /// Whether a repeated item said something that the row kept does not.
    has_more: bool,
}

impl<'a> Rows<'a> {
    fn new(touch: Touch) -> Self {
        Self {
            touch,
            found: Vec::new(),
            seen: BTreeMap::new(),
            has_more: false,
        }
    }

    /// Adds a row, unless that message of that folder is there already.
    fn push(&mut self, row: MailItem<'a>) {
        let item_id = if row.internet_message_id.is_empty() {
            row.item_id.clone()
        } else {
            Cow::Borrowed("")
        };
        let folder = if row.folder_id.is_empty() {
            row.folder.clone()
        } else {
            row.folder_id.clone()
        };
        match self
            .seen
            .entry([row.internet_message_id.clone(), folder, item_id])
        {
            Entry::Vacant(place) => {
                place.insert(self.found.len());
                self.found.push(row);
            }
            Entry::Occupied(earlier) => {
                self.has_more |= !self
                    .found
                    .get(*earlier.get())
                    .is_some_and(|earlier| says_the_same(earlier, &row));
            }
        }
    }
}

fn says_the_same(left: &MailItem<'_>, right: &MailItem<'_>) -> bool {
    left.item_id == right.item_id
        && left.subject == right.subject
        && left.size_bytes == right.size_bytes
        && left.folder == right.folder
}
