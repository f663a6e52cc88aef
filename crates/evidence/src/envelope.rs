//! Records taken out of what tools wrap around them.
//!
//! `Search-UnifiedAuditLog` puts the record as text into `AuditData`, Graph as an object
//! into `auditData`, shippers into `o365audit`, `event.original` or `_raw`. The record is
//! what counts; the wrapping is kept only where the record lacks something it says.

use crate::format::Dress;
use crate::row::Row;
use crate::salvage;
use crate::session::{Halt, Session};
use crate::shape;
use crate::walk;
use model::json::{self, Json};
use model::{DateOrder, Place, Raw, Shape};
use std::borrow::Cow;

/// How many envelopes may stand around one another.
const MAX_ENVELOPES: usize = 6;

/// The key that holds the record of the unified audit log, whatever its case.
pub(crate) const AUDIT_DATA: &str = "AuditData";

/// Keys that hold a record when their value looks like one.
const ENVELOPES: &[&str] = &[
    "o365audit",
    "o365",
    "audit",
    "original",
    "event",
    "_raw",
    "result",
    "_source",
    "message",
    "raw",
    "rawEvent",
    "Body",
    "data",
    "log",
];

/// Named texts that stood around a record.
pub(crate) type Columns<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// What an object is.
pub(crate) enum Class {
    /// A record.
    Record(Shape),
    /// Something around a record: the index of the entry that holds it.
    Envelope(usize),
    /// An answer that says why there are no records.
    Error(String),
    /// Nothing that is known.
    Unknown,
}

/// Tells what an object is.
pub(crate) fn classify(value: &Json<'_>) -> Class {
    if value.get("CreationTime").is_none()
        && let Some(index) = position(value, AUDIT_DATA)
    {
        return Class::Envelope(index);
    }
    if let Some(shape) = shape::of_object(value) {
        // A general kind may still be a shipper's document around a particular one.
        let around = (shape == Shape::Other).then(|| inner(value)).flatten();
        return around.map_or(Class::Record(shape), Class::Envelope);
    }
    match (inner(value), error_body(value)) {
        (Some(index), _) => Class::Envelope(index),
        (None, Some(error)) => Class::Error(error),
        (None, None) => Class::Unknown,
    }
}

fn position(value: &Json<'_>, key: &str) -> Option<usize> {
    value
        .entries()
        .iter()
        .position(|(name, _)| name.eq_ignore_ascii_case(key))
}

fn inner(value: &Json<'_>) -> Option<usize> {
    ENVELOPES.iter().find_map(|key| {
        position(value, key).filter(|index| holds_record(&value.entries()[*index].1))
    })
}

/// Looks into a value without opening it wholly: is there a record that is known?
fn holds_record(value: &Json<'_>) -> bool {
    match value {
        Json::Object(_) => match shape::of_object(value) {
            Some(Shape::Other) | None => {
                position(value, AUDIT_DATA).is_some() || inner(value).is_some()
            }
            Some(_) => true,
        },
        Json::String(text) => {
            let entries = walk::leading_entries(text);
            text.trim_start().starts_with('{') && holds_record(&Json::Object(entries))
        }
        _ => false,
    }
}

/// Returns the words of an API's error answer.
pub(crate) fn error_body(value: &Json<'_>) -> Option<String> {
    let error = value
        .get_any_case("error")
        .or_else(|| value.get_any_case("odata.error"))
        .unwrap_or(value);
    let code = error.get_any_case("code").and_then(Json::as_word);
    let message = error.get_any_case("message")?;
    let message = message.as_text().or_else(|| message.text("value"))?;
    let is_answer = !std::ptr::eq(error, value) || value.entries().len() <= 3;
    let code = code.unwrap_or("without a code");
    let words: String = message.chars().take(300).collect();
    let whose = if code.starts_with("AF") {
        "Management API error body"
    } else {
        "API error body"
    };
    is_answer.then(|| {
        format!(
            "{whose} {}: {}",
            model::shown::shown(code),
            model::shown::shown(&words)
        )
    })
}

/// Opens an object and hands on what is in it.
pub(crate) struct Opening<'s, 'v> {
    /// Where the records go.
    pub(crate) session: &'s mut Session<'v>,
    /// Where the whole stood.
    pub(crate) place: &'s Place,
    /// Its text, for a reject.
    pub(crate) text: &'s str,
    /// In which dress it came.
    pub(crate) dress: Dress,
    /// In which order its file writes day and month.
    pub(crate) dates: DateOrder,
    /// The row of a CSV around it.
    pub(crate) row: Option<&'s Row<'s>>,
}

impl Opening<'_, '_> {
    /// Opens an object; false when it is nothing that is known.
    pub(crate) fn open(
        &mut self,
        value: Json<'_>,
        columns: Columns<'_>,
        depth: usize,
    ) -> Result<bool, Halt> {
        match classify(&value) {
            _ if depth > MAX_ENVELOPES => {
                self.reject("too many envelopes around a record", &value)?;
            }
            Class::Record(shape) => self.record(shape, value, columns)?,
            Class::Envelope(index) => self.unwrap(value, index, columns, depth)?,
            Class::Error(words) => self.session.refuse(words),
            Class::Unknown if depth == 0 => return Ok(false),
            Class::Unknown => self.record(Shape::UnifiedAudit, value, columns)?,
        }
        Ok(true)
    }

    /// Hands on a record, with what stood around it only where it lacks something.
    pub(crate) fn record(
        &mut self,
        shape: Shape,
        body: Json<'_>,
        columns: Columns<'_>,
    ) -> Result<(), Halt> {
        let shape = self.session.forced().map_or(shape, |format| format.shape);
        let columns = self.needed_columns(&body, columns);
        let raw = Raw {
            shape,
            body,
            columns,
            place: self.place.clone(),
            dates: self.dates,
        };
        self.session.record(self.dress, raw)
    }

    fn needed_columns<'a>(&self, body: &Json<'_>, mut columns: Columns<'a>) -> Columns<'a>
    where
        Self: 'a,
    {
        if (columns.is_empty() && self.row.is_none()) || is_complete(body) {
            return Vec::new();
        }
        if let Some(row) = self.row {
            columns.extend(row.columns());
        }
        columns
    }

    fn unwrap<'a>(
        &mut self,
        value: Json<'a>,
        index: usize,
        mut columns: Columns<'a>,
        depth: usize,
    ) -> Result<(), Halt> {
        let Json::Object(mut entries) = value else {
            return Ok(());
        };
        let (_, body) = entries.swap_remove(index);
        for (key, value) in entries {
            if let Some(text) = column_text(value) {
                columns.push((key, text));
            }
        }
        match body {
            Json::String(text) => self.documents(&text, &columns, depth),
            Json::Object(_) => self.open(body, columns, depth + 1).map(|_| ()),
            Json::Array(items) => {
                for item in items {
                    self.open(item, columns.clone(), depth + 1)?;
                }
                Ok(())
            }
            _ => self.reject_text("`AuditData` is empty".to_owned(), "", &columns),
        }
    }

    /// Opens a text that holds one JSON document after the other, each perhaps a text again.
    pub(crate) fn documents(
        &mut self,
        text: &str,
        columns: &Columns<'_>,
        depth: usize,
    ) -> Result<(), Halt> {
        let mut at = 0;
        let mut seen = false;
        while at < text.len() {
            let rest = text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            at = text.len() - rest.len();
            if rest.is_empty() {
                break;
            }
            seen = true;
            let parsed = match self.session.parse(rest) {
                Ok(parsed) => parsed,
                Err(error) => {
                    let reason = format!(
                        "{} at character {} of `AuditData`",
                        cut_words(&error, text),
                        at + error.offset
                    );
                    return self.reject_text(reason, rest, columns);
                }
            };
            at += parsed.end;
            self.session
                .repeated_key(parsed.repeated_key.as_deref(), self.place)?;
            self.document(parsed.value, columns, depth)?;
        }
        if seen {
            return Ok(());
        }
        self.reject_text("`AuditData` is empty".to_owned(), "", columns)
    }

    /// Gives up a text inside an envelope; what stands around it still tells something.
    pub(crate) fn reject_text(
        &mut self,
        reason: String,
        text: &str,
        columns: &Columns<'_>,
    ) -> Result<(), Halt> {
        let around = salvage::from_lookup(|name| {
            let row = self
                .row
                .and_then(|row| row.value(name).map(Cow::into_owned));
            let found = columns
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name));
            row.or_else(|| found.map(|(_, value)| value.clone().into_owned()))
        });
        let salvage = salvage::or(salvage::from_json(text), around);
        self.session
            .reject(self.place.clone(), reason, self.text, salvage)
    }

    fn document(
        &mut self,
        value: Json<'_>,
        columns: &Columns<'_>,
        depth: usize,
    ) -> Result<(), Halt> {
        match value {
            Json::String(inner) if depth < MAX_ENVELOPES => {
                self.documents(&inner, columns, depth + 1)
            }
            Json::Array(items) => {
                for item in items {
                    self.document(item, columns, depth + 1)?;
                }
                Ok(())
            }
            Json::Object(_) => self.open(value, columns.clone(), depth + 1).map(|_| ()),
            other => self.reject("`AuditData` is no object", &other),
        }
    }

    fn reject(&mut self, reason: &str, value: &Json<'_>) -> Result<(), Halt> {
        self.session.reject(
            self.place.clone(),
            reason.to_owned(),
            self.text,
            salvage::from_object(value),
        )
    }
}

/// Tells a cell that a spreadsheet cut from one that is broken otherwise.
fn cut_words(error: &json::JsonError, text: &str) -> String {
    // Microsoft Excel holds at most 32,767 characters in a cell and drops the others.
    const EXCEL_CELL: usize = 32_767;
    if error.kind == json::JsonErrorKind::CutOff && text.chars().count() == EXCEL_CELL {
        return "`AuditData` was cut at 32,767 characters by a spreadsheet: the JSON is cut off"
            .to_owned();
    }
    error.to_string()
}

/// What a unified record must say for itself to make its wrapping superfluous.
fn is_complete(body: &Json<'_>) -> bool {
    ["CreationTime", "Id", "Operation", "UserId", "RecordType"]
        .iter()
        .all(|key| {
            body.get_any_case(key)
                .is_some_and(|value| !matches!(value, Json::Null))
        })
}

fn column_text(value: Json<'_>) -> Option<Cow<'_, str>> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text),
        Json::Number(text) => Some(Cow::Borrowed(text)),
        Json::Bool(truth) => Some(Cow::Borrowed(if truth { "true" } else { "false" })),
        nested => {
            let mut text = String::new();
            nested.write(&mut text);
            Some(Cow::Owned(text))
        }
    }
}
