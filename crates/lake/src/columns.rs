//! The columns of every table, in one list each: adding a column is adding a line.
//!
//! What evidence is asked for most is typed; the rest of a record is one JSON text. A
//! column whose name ends in `_text` holds the record's own spelling and is null where it
//! equals the column it belongs to. An empty text is null: the record does not say.

use crate::row::{EventRow, RejectRow, Row, Value};
use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use model::{Delivery, MailItem};
use std::sync::Arc;

/// A column of a table.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) coding: Coding,
    /// Whether people look single values of it up in large tables.
    pub(crate) looked_up: bool,
    reads: Reads,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A moment in UTC.
    Time,
    Int,
    Long,
    Truth,
}

/// How the values of a column are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// The directory of the table says it: it is in no file.
    Partition,
    /// Values repeat: a dictionary.
    Words,
    /// Nearly every value is new: no dictionary to be built in vain.
    Unique,
    /// Long text that nobody compares: no dictionary, no statistics.
    Prose,
    /// Numbers near their neighbours.
    Counter,
}

/// From which part of a row a column is filled.
enum Reads {
    Partition,
    Event(for<'r> fn(&EventRow<'r>) -> Value<'r>),
    Item(for<'r> fn(&'r MailItem<'r>) -> Value<'r>),
    Delivery(for<'r> fn(&'r Delivery<'r>) -> Value<'r>),
    Reject(for<'r> fn(&'r RejectRow<'r>) -> Value<'r>),
}

impl std::fmt::Debug for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reads")
    }
}

impl Column {
    /// Returns what this column stores of a row.
    pub(crate) fn value<'r>(&self, row: &Row<'r>) -> Value<'r> {
        match self.reads {
            Reads::Partition => Value::None,
            Reads::Event(read) => row.event.map_or(Value::None, read),
            Reads::Item(read) => row.item.map_or(Value::None, read),
            Reads::Delivery(read) => row.delivery.map_or(Value::None, read),
            Reads::Reject(read) => row.reject.map_or(Value::None, read),
        }
    }

    /// Returns whether the column is told by the directory and not by the files.
    pub(crate) fn is_partition(&self) -> bool {
        self.coding == Coding::Partition
    }

    /// Returns the column as Arrow describes it.
    pub(crate) fn field(&self) -> Field {
        let kind = match self.kind {
            Kind::Text => DataType::Utf8,
            Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("UTC"))),
            Kind::Int => DataType::Int32,
            Kind::Long => DataType::Int64,
            Kind::Truth => DataType::Boolean,
        };
        Field::new(self.name, kind, true)
    }

    const fn looked_up(mut self) -> Self {
        self.looked_up = true;
        self
    }
}

const fn column(name: &'static str, kind: Kind, coding: Coding, reads: Reads) -> Column {
    Column {
        name,
        kind,
        coding,
        looked_up: false,
        reads,
    }
}

const fn partition(name: &'static str) -> Column {
    column(name, Kind::Text, Coding::Partition, Reads::Partition)
}

const fn words(name: &'static str, reads: Reads) -> Column {
    column(name, Kind::Text, Coding::Words, reads)
}

const fn unique(name: &'static str, reads: Reads) -> Column {
    column(name, Kind::Text, Coding::Unique, reads)
}

const fn prose(name: &'static str, reads: Reads) -> Column {
    column(name, Kind::Text, Coding::Prose, reads)
}

const fn int(name: &'static str, reads: Reads) -> Column {
    column(name, Kind::Int, Coding::Words, reads)
}

/// The columns of every table of events.
pub(crate) static EVENT: &[Column] = &[
    partition("tenant"),
    column(
        "time",
        Kind::Time,
        Coding::Counter,
        Reads::Event(|row| Value::number(row.event.time.map(|time| time.0))),
    ),
    words("time_text", Reads::Event(|row| Value::text(row.time_text))),
    words("source", Reads::Event(|row| Value::text(row.event.source))),
    unique(
        "record_id",
        Reads::Event(|row| Value::text(row.event.id.as_str())),
    ),
    column(
        "id_made",
        Kind::Truth,
        Coding::Unique,
        Reads::Event(|row| Value::Truth(row.event.id_made)),
    ),
    column(
        "fingerprint",
        Kind::Int,
        Coding::Unique,
        Reads::Event(|row| Value::Number(i64::from(crate::index::short(row.event.fingerprint)))),
    ),
    int(
        "record_type",
        Reads::Event(|row| Value::number(row.event.record_type)),
    ),
    words(
        "workload",
        Reads::Event(|row| Value::text(&row.event.workload)),
    ),
    words(
        "operation",
        Reads::Event(|row| Value::text(&row.event.operation)),
    ),
    words("action", Reads::Event(|row| Value::text(&row.event.action))),
    words(
        "user_name",
        Reads::Event(|row| Value::text(&row.event.user)),
    )
    .looked_up(),
    words(
        "user_text",
        Reads::Event(|row| Value::spelling(&row.event.user_text, &row.event.user)),
    ),
    words(
        "user_key",
        Reads::Event(|row| Value::text(&row.event.user_key)),
    ),
    words(
        "user_kind",
        Reads::Event(|row| Value::text(row.event.user_kind.name())),
    ),
    words(
        "mailbox",
        Reads::Event(|row| Value::text(&row.event.mailbox)),
    ),
    words(
        "mailbox_id",
        Reads::Event(|row| Value::text(&row.event.mailbox_id)),
    ),
    words("object", Reads::Event(|row| Value::text(&row.event.object))),
    words(
        "outcome",
        Reads::Event(|row| Value::text(row.event.outcome.name())),
    ),
    words("result", Reads::Event(|row| Value::text(&row.event.result))),
    words("error", Reads::Event(|row| Value::text(&row.event.error))),
    words("address", Reads::Event(|row| Value::text(row.address))).looked_up(),
    words(
        "address_text",
        Reads::Event(|row| Value::spelling(&row.event.address_text, row.address)),
    ),
    words(
        "session",
        Reads::Event(|row| Value::text(&row.event.session)),
    )
    .looked_up(),
    words("token", Reads::Event(|row| Value::text(&row.event.token))).looked_up(),
    words("app", Reads::Event(|row| Value::text(&row.event.app))).looked_up(),
    words(
        "resource_app",
        Reads::Event(|row| Value::text(&row.event.resource_app)),
    ),
    words("agent", Reads::Event(|row| Value::text(&row.event.agent))),
    words("device", Reads::Event(|row| Value::text(&row.event.device))),
    words(
        "correlation",
        Reads::Event(|row| Value::text(&row.event.correlation)),
    ),
    int(
        "logon_type",
        Reads::Event(|row| Value::number(row.event.logon_type)),
    ),
    words("file", Reads::Event(|row| Value::text(row.place.file))),
    words("member", Reads::Event(|row| Value::text(row.place.member))),
    column(
        "offset",
        Kind::Long,
        Coding::Counter,
        Reads::Event(|row| Value::Number(row.place.offset as i64)),
    ),
    column(
        "length",
        Kind::Int,
        Coding::Words,
        Reads::Event(|row| Value::Number(i64::from(row.place.length))),
    ),
    prose("rest", Reads::Event(|row| Value::text(&row.event.rest))),
];

/// What the table of messages has besides: one delivery to one recipient.
pub(crate) static DELIVERY: &[Column] = &[
    words(
        "internet_message_id",
        Reads::Delivery(|row| Value::text(&row.internet_message_id)),
    )
    .looked_up(),
    words(
        "network_message_id",
        Reads::Delivery(|row| Value::text(&row.network_message_id)),
    )
    .looked_up(),
    words("sender", Reads::Delivery(|row| Value::text(&row.sender))).looked_up(),
    words(
        "recipient",
        Reads::Delivery(|row| Value::text(&row.recipient)),
    )
    .looked_up(),
    words("subject", Reads::Delivery(|row| Value::text(&row.subject))),
    words("status", Reads::Delivery(|row| Value::text(&row.status))),
    words(
        "direction",
        Reads::Delivery(|row| Value::text(&row.direction)),
    ),
    words(
        "location",
        Reads::Delivery(|row| Value::text(&row.location)),
    ),
    column(
        "size_bytes",
        Kind::Long,
        Coding::Words,
        Reads::Delivery(|row| Value::number(row.size_bytes)),
    ),
];

/// The columns of the event that each of its mail items repeats: who, when and whence.
pub(crate) static REPEATED: &[&str] = &[
    "tenant",
    "time",
    "source",
    "record_id",
    "action",
    "user_name",
    "user_kind",
    "mailbox",
    "outcome",
    "address",
    "session",
    "token",
    "app",
    "agent",
    "logon_type",
];

/// What a mail item has of its own.
pub(crate) static ITEM: &[Column] = &[
    words("touch", Reads::Item(|row| Value::text(row.touch.name()))),
    words(
        "internet_message_id",
        Reads::Item(|row| Value::text(&row.internet_message_id)),
    )
    .looked_up(),
    words("item_id", Reads::Item(|row| Value::text(&row.item_id))),
    words("subject", Reads::Item(|row| Value::text(&row.subject))),
    words("folder_id", Reads::Item(|row| Value::text(&row.folder_id))),
    words("folder", Reads::Item(|row| Value::text(&row.folder))),
    words("to_folder", Reads::Item(|row| Value::text(&row.to_folder))),
    column(
        "size_bytes",
        Kind::Long,
        Coding::Words,
        Reads::Item(|row| Value::number(row.size_bytes)),
    ),
];

/// The columns of what could not be read whole.
pub(crate) static REJECT: &[Column] = &[
    words("file", Reads::Reject(|row| Value::text(row.place.file))),
    words("member", Reads::Reject(|row| Value::text(row.place.member))),
    column(
        "offset",
        Kind::Long,
        Coding::Counter,
        Reads::Reject(|row| Value::Number(row.place.offset as i64)),
    ),
    column(
        "length",
        Kind::Int,
        Coding::Words,
        Reads::Reject(|row| Value::Number(i64::from(row.place.length))),
    ),
    column(
        "line",
        Kind::Long,
        Coding::Counter,
        Reads::Reject(|row| Value::Number(row.place.line as i64)),
    ),
    words(
        "reason",
        Reads::Reject(|row| Value::text(&row.reject.reason)),
    ),
    words(
        "record_id",
        Reads::Reject(|row| (&row.reject.salvage.record_id).into()),
    ),
    words(
        "operation",
        Reads::Reject(|row| (&row.reject.salvage.operation).into()),
    ),
    words(
        "user_text",
        Reads::Reject(|row| (&row.reject.salvage.user).into()),
    ),
    words(
        "time_text",
        Reads::Reject(|row| (&row.reject.salvage.time_text).into()),
    ),
    prose("text", Reads::Reject(|row| Value::text(&row.text))),
];
