//! Moments as JSON lines that Timesketch imports.
//!
//! The keys are those of its import guide, <https://timesketch.org/guides/user/import-from-json-csv/>.
//! JSON is where the original spelling is kept, so nothing is marked or cut here.

use crate::error::ReportError;
use model::Timestamp;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeSet;
use std::io::Write;

/// A moment on a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub time: Timestamp,
    /// What happened, in a sentence.
    pub message: String,
    /// What the time is the time of, such as `Mail accessed`.
    pub what: String,
    /// Further keys and values.
    pub extra: Vec<(String, String)>,
}

const OWN_KEYS: [&str; 4] = ["message", "datetime", "timestamp_desc", "timestamp"];

/// Writes one line.
pub fn write(moment: &Moment, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut line = Vec::with_capacity(256);
    encode(moment, &mut line).map_err(std::io::Error::from)?;
    line.push(b'\n');
    out.write_all(&line)?;
    Ok(())
}

fn encode(moment: &Moment, line: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let mut serializer = serde_json::Serializer::new(line);
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("message", &moment.message)?;
    map.serialize_entry("datetime", &datetime(moment.time))?;
    map.serialize_entry("timestamp_desc", &moment.what)?;
    map.serialize_entry("timestamp", &moment.time.0)?;
    let mut taken: BTreeSet<String> = OWN_KEYS.map(str::to_owned).into();
    for (key, value) in &moment.extra {
        let key = free_key(key, &taken);
        map.serialize_entry(&key, value)?;
        taken.insert(key);
    }
    map.end()
}

fn datetime(time: Timestamp) -> String {
    let text = time.to_string();
    format!("{}+00:00", text.trim_end_matches('Z'))
}

/// A key twice in one object is read differently by every reader, and a record must not
/// be able to overwrite the moment's own time.
fn free_key(key: &str, taken: &BTreeSet<String>) -> String {
    let mut free = key.to_owned();
    let mut number = 2;
    while taken.contains(&free) {
        free = format!("{key}_{number}");
        number += 1;
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_one_line_with_the_keys_that_timesketch_asks_for() {
        let moment = Moment {
            time: Timestamp::from_civil(2026, 3, 4, 5, 6, 7, 80_000).unwrap(),
            message: "rule \"a\nb\" made".into(),
            what: "Rule created".into(),
            extra: vec![
                ("ip".into(), "192.0.2.7".into()),
                ("timestamp".into(), "forged".into()),
                ("ip".into(), "192.0.2.8".into()),
            ],
        };
        let mut out = Vec::new();
        write(&moment, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"message":"rule \"a\nb\" made","datetime":"2026-03-04T05:06:07.08+00:00","timestamp_desc":"Rule created","timestamp":1772600767080000,"ip":"192.0.2.7","timestamp_2":"forged","ip_2":"192.0.2.8"}"#);
    }
}
