//! What no column holds: the remaining keys of a record, as one JSON object.
//!
//! A value is kept once. A key whose value a typed column holds in the record's own
//! spelling is left out, and a number under the key `$` says which were: bit n stands for
//! row n of [`COLUMNS_OF`]. So the record can be put together again from columns and rest,
//! an absent key and an empty one are not confused, and it does not matter from which of
//! several keys a column (the address, the session, the application) was filled.
//!
//! The rules:
//! - A key is left out only if its value is a non-empty string equal to the column's text,
//!   or, for RecordType and LogonType, the very number. Everything else stays here, in its
//!   own type and spelling: `null`, `""`, `"50"` for 50, a name in other case.
//! - `Folders` of MailItemsAccessed is left out when the mail items say all it says: per
//!   folder Id and Path, per item InternetMessageId, Id, Subject and SizeInBytes. Then it is
//!   put together from the mail items; an item written twice in one folder comes back once.
//! - A key that consists of `$` only gets one `$` more, so that no record can forge the number.

use crate::mail;
use crate::places::Places;
use model::json::write_string;
use model::{Event, Json, MailItem};
use std::borrow::Cow;

/// A column of the event table that can stand for a key of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `Event::id`
    Id,
    /// `Event::time_text`
    Time,
    /// `Event::record_type`, a number
    RecordType,
    /// `Event::workload`
    Workload,
    /// `Event::operation`
    Operation,
    /// `Event::user_text`
    User,
    /// `Event::user_key`
    UserKey,
    /// `Event::tenant`
    Tenant,
    /// `Event::object`
    Object,
    /// `Event::result`
    Result,
    /// `Event::error`
    Error,
    /// `Event::address_text`
    Address,
    /// `Event::session`
    Session,
    /// `Event::mailbox`
    Mailbox,
    /// `Event::mailbox_id`
    MailboxId,
    /// `Event::app`
    App,
    /// `Event::resource_app`
    ResourceApp,
    /// `Event::agent`
    Agent,
    /// `Event::device`
    Device,
    /// `Event::correlation`
    Correlation,
    /// `Event::logon_type`, a number
    LogonType,
    /// The record's rows of the `mail_items` table
    MailItems,
}

/// Which key of a unified audit record each column can stand for.
///
/// The position is the bit in the stored number: rows are only ever added at the end.
pub const COLUMNS_OF: &[(Column, &str)] = &[
    (Column::Id, "Id"),
    (Column::Time, "CreationTime"),
    (Column::RecordType, "RecordType"),
    (Column::Workload, "Workload"),
    (Column::Operation, "Operation"),
    (Column::User, "UserId"),
    (Column::UserKey, "UserKey"),
    (Column::Tenant, "OrganizationId"),
    (Column::Object, "ObjectId"),
    (Column::Result, "ResultStatus"),
    (Column::Error, "ErrorNumber"),
    (Column::Address, "ClientIP"),
    (Column::Address, "ClientIPAddress"),
    (Column::Address, "ActorIpAddress"),
    (Column::Address, "ActorIP"),
    (Column::Session, "SessionId"),
    (Column::User, "MailboxOwnerUPN"),
    (Column::MailboxId, "MailboxGuid"),
    (Column::App, "ClientAppId"),
    (Column::App, "ApplicationId"),
    (Column::App, "AppId"),
    (Column::ResourceApp, "AppId"),
    (Column::Agent, "UserAgent"),
    (Column::Agent, "ClientInfoString"),
    (Column::Agent, "ActorInfoString"),
    (Column::LogonType, "LogonType"),
    (Column::Correlation, "CorrelationId"),
    (Column::Correlation, "InterSystemsId"),
    (Column::Device, "DeviceId"),
    (Column::MailItems, "Folders"),
    (Column::Mailbox, "MailboxOwnerUPN"),
    (Column::Id, "IntraSystemId"),
    (Column::Tenant, "ActorContextId"),
    (Column::Tenant, "TargetContextId"),
    (Column::User, "UserKey"),
];

const _: () = assert!(COLUMNS_OF.len() <= 64, "the number under `$` has 64 bits");

const HELD: &str = "$";

impl Column {
    /// Returns the text that the event has in this column; mail items are no text.
    #[must_use]
    pub fn of<'e>(self, event: &'e Event<'_>) -> Cow<'e, str> {
        let text: &str = match self {
            Self::RecordType => return number(event.record_type),
            Self::LogonType => return number(event.logon_type),
            Self::MailItems => "",
            Self::Id => event.id.as_str(),
            Self::Time => &event.time_text,
            Self::Workload => &event.workload,
            Self::Operation => &event.operation,
            Self::User => &event.user_text,
            Self::UserKey => &event.user_key,
            Self::Tenant => event.tenant.as_str(),
            Self::Object => &event.object,
            Self::Result => &event.result,
            Self::Error => &event.error,
            Self::Address => &event.address_text,
            Self::Session => &event.session,
            Self::Mailbox => &event.mailbox,
            Self::MailboxId => &event.mailbox_id,
            Self::App => &event.app,
            Self::ResourceApp => &event.resource_app,
            Self::Agent => &event.agent,
            Self::Device => &event.device,
            Self::Correlation => &event.correlation,
        };
        Cow::Borrowed(text)
    }

    /// Returns whether the record has a number where the column's text stands.
    fn is_number(self) -> bool {
        matches!(self, Self::RecordType | Self::LogonType)
    }

    fn number_of(self, event: &Event<'_>) -> Option<i32> {
        match self {
            Self::RecordType => event.record_type,
            Self::LogonType => event.logon_type,
            _ => None,
        }
    }
}

fn number(number: Option<i32>) -> Cow<'static, str> {
    number.map_or(Cow::Borrowed(""), |number| Cow::Owned(number.to_string()))
}

/// Builds the rest of a record, key by key.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    json: String,
    held: u64,
}

impl Rest {
    /// Returns the empty rest.
    pub(crate) fn new() -> Self {
        let mut json = String::with_capacity(1024);
        json.push('{');
        Self { json, held: 0 }
    }

    /// Keeps a key with its value.
    pub(crate) fn keep(&mut self, key: &str, value: &Json<'_>) {
        if self.json.len() > 1 {
            self.json.push(',');
        }
        if is_reserved(key) {
            write_string(&format!("{key}$"), &mut self.json);
        } else {
            write_string(key, &mut self.json);
        }
        self.json.push(':');
        value.write(&mut self.json);
    }

    /// Leaves a key out because the column of that row of [`COLUMNS_OF`] holds its value.
    fn hold(&mut self, row: usize) {
        self.held |= 1 << row;
    }

    /// Returns the JSON object.
    pub(crate) fn finish(mut self) -> String {
        if self.held != 0 {
            let held = self.held.to_string();
            let comma = if self.json.len() > 1 { "," } else { "" };
            self.json.push_str(comma);
            self.json.push_str("\"$\":");
            self.json.push_str(&held);
        }
        self.json.push('}');
        self.json
    }
}

fn is_reserved(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte == b'$')
}

/// Returns the rest of a unified audit record whose event is complete but for it.
pub(crate) fn of_unified(body: &Json<'_>, event: &Event<'_>, items_say_all: bool) -> String {
    let mut rest = Rest::new();
    for (key, value) in body.entries() {
        match held_row(key, value, event, items_say_all) {
            Some(row) => rest.hold(row),
            None => rest.keep(key, value),
        }
    }
    rest.finish()
}

/// Returns the row of [`COLUMNS_OF`] whose column holds this very value.
fn held_row(key: &str, value: &Json<'_>, event: &Event<'_>, items_say_all: bool) -> Option<usize> {
    let can_be_held = match value {
        Json::String(text) => !text.is_empty(),
        Json::Number(_) => true,
        Json::Array(_) | Json::Folded(_) => items_say_all,
        Json::Null | Json::Bool(_) | Json::Object(_) => false,
    };
    if !can_be_held {
        return None;
    }
    let holds = |column: Column| match value {
        Json::String(text) => !column.is_number() && column.of(event) == *text,
        Json::Number(text) => column
            .number_of(event)
            .is_some_and(|number| writes(number, text)),
        _ => column == Column::MailItems,
    };
    PLACES.likely(key).find(|row| {
        let (column, known) = COLUMNS_OF[*row];
        known == key && holds(column)
    })
}

static PLACES: Places = Places::of(&keys());

const fn keys() -> [&'static str; COLUMNS_OF.len()] {
    let mut keys = [""; COLUMNS_OF.len()];
    let mut row = 0;
    while row < COLUMNS_OF.len() {
        keys[row] = COLUMNS_OF[row].1;
        row += 1;
    }
    keys
}

/// Returns whether a number is written as this very text.
fn writes(number: i32, text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits == "0" && text == digits || !digits.starts_with('0');
    is_plain && text.parse() == Ok(number)
}

/// Returns the record as one JSON object, put together from its columns, its rest and its
/// mail items; the order of the keys is the house's.
///
/// A rest that is no JSON object is returned as it is.
#[must_use]
pub fn reassemble<'c>(
    rest: &str,
    column: impl Fn(Column) -> Cow<'c, str>,
    items: &[MailItem<'_>],
) -> String {
    let Ok(parsed) = model::json::parse(rest) else {
        return rest.to_owned();
    };
    let Json::Object(kept) = &parsed.value else {
        return rest.to_owned();
    };
    let held = match parsed.value.get(HELD) {
        Some(Json::Number(text)) => text.parse().unwrap_or(0u64),
        _ => 0,
    };
    let mut out = Object {
        json: String::with_capacity(rest.len() + 512),
    };
    for (row, (of, key)) in COLUMNS_OF.iter().enumerate() {
        if held >> row & 1 == 0 {
            continue;
        }
        let json = out.key(key);
        match of {
            Column::MailItems => mail::write_folders(items, json),
            of if of.is_number() => json.push_str(&column(*of)),
            of => write_string(&column(*of), json),
        }
    }
    for (key, value) in kept.iter().filter(|(key, _)| key != HELD) {
        let key = if is_reserved(key) { &key[1..] } else { key };
        value.write(out.key(key));
    }
    out.finish()
}

struct Object {
    json: String,
}

impl Object {
    /// Begins an entry; its value goes into the returned text.
    fn key(&mut self, key: &str) -> &mut String {
        self.json.push(if self.json.is_empty() { '{' } else { ',' });
        write_string(key, &mut self.json);
        self.json.push(':');
        &mut self.json
    }

    fn finish(mut self) -> String {
        if self.json.is_empty() {
            self.json.push('{');
        }
        self.json.push('}');
        self.json
    }
}
