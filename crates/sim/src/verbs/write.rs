//! Writing a record down: its text, and when the service will hand it out.

use serde_json::Value;

use super::stage::Stage;
use crate::record::{ContentType, Micros, Record, Stream};
use crate::seed::Seed;
use crate::story_time::{MINUTE, SECOND};

impl Stage {
    /// Writes a record that happened at a moment.
    pub(crate) fn write(&mut self, stream: Stream, id: String, time: Micros, body: &Value) {
        let available = time + delay(&mut self.chance, stream);
        if self.intruding() {
            self.truth.records.insert(id.clone());
        }
        self.records.push(Record {
            tenant: self.tenant,
            stream,
            id,
            time,
            available,
            body: text(body),
        });
    }

    /// Writes a record of the unified audit log, unless the organisation switched it off.
    pub(crate) fn unified(&mut self, content: ContentType, time: Micros, body: &Value) {
        if !self.here().settings.unified_audit {
            return;
        }
        let id = body["Id"].as_str().unwrap_or_default().to_owned();
        self.write(Stream::Unified(content), id, time, body);
    }
}

/// How long a service keeps a record to itself. Microsoft promises nothing; these are the
/// delays that people see.
pub(crate) fn delay(chance: &mut Seed, stream: Stream) -> Micros {
    let minutes = match stream {
        Stream::Unified(_) if chance.chance(4) => chance.between(60, 540),
        Stream::Unified(_) => chance.between(2, 60),
        Stream::SignIn(_) if chance.chance(5) => chance.between(15, 90),
        Stream::SignIn(_) => chance.between(2, 15),
        Stream::DirectoryAudit => chance.between(1, 20),
        Stream::Risk if chance.chance(30) => chance.between(60, 480),
        Stream::Risk => chance.between(3, 30),
        Stream::Trace => chance.between(1, 12),
        Stream::AzureActivity => chance.between(2, 20),
        Stream::DevOps => chance.between(1, 10),
    };
    minutes * MINUTE + chance.between(0, 60) * SECOND
}

/// Puts two objects together.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

/// Makes a list of names and values as audit records write it.
pub(crate) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Value {
    pairs
        .into_iter()
        .map(|(name, value)| serde_json::json!({ "Name": name, "Value": value }))
        .collect()
}

/// Writes JSON with sorted keys: the library keeps them sorted or as they came by a switch that
/// another crate of the same build may turn.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::with_capacity(1024);
    put(&mut out, value);
    out
}

fn put(out: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            out.push('{');
            for (place, key) in keys.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                put(out, &Value::String(key.clone()));
                out.push(':');
                put(out, &fields[key]);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                put(out, item);
            }
            out.push(']');
        }
        simple => out.push_str(&simple.to_string()),
    }
}
