//! One record, as it was received and as it was understood.

use crate::error::EngineError;
use crate::store::Store;
use lake::StoredRecord;
use lake::raw_store::Origin;
use model::Found;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

/// One record, both ways.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The table it is in.
    pub table: String,
    /// Every column that has a value.
    pub columns: Vec<(String, String)>,
    /// The text of the record in its file: a JSON object or a row of CSV.
    pub original: String,
    /// The record itself as JSON, taken out of whatever stood around it; none where the reader finds none.
    pub body: Option<String>,
    /// The SHA-256 of the file it came in.
    pub sha256: String,
    /// The path inside archives, if it came in one.
    pub member: Option<String>,
    /// Where in the file's text it begins.
    pub offset: u64,
    /// From where and when that file came.
    pub origins: Vec<Origin>,
}

impl Store {
    /// Returns every record with this id: more than one when tenants, sources or bodies differ.
    pub fn show(&self, id: &str) -> Result<Vec<Shown>, EngineError> {
        let records = self.runtime.block_on(self.lake.record(id))?;
        if records.is_empty() {
            return Err(EngineError::NoSuchRecord { id: id.to_owned() });
        }
        records
            .into_iter()
            .map(|record| self.shown(record))
            .collect()
    }

    fn shown(&self, record: StoredRecord) -> Result<Shown, EngineError> {
        let column = |name: &str| {
            record
                .columns
                .iter()
                .find(|(column, _)| column == name)
                .map(|(_, value)| value.clone())
        };
        let number = |name: &str| {
            column(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(0u64)
        };
        let sha256 = column("file").unwrap_or_default();
        let member = column("member");
        let (offset, length) = (number("offset"), number("length"));
        let original = self.piece(&sha256, member.as_deref(), offset, length)?;
        let head = self.piece(&sha256, member.as_deref(), 0, offset.min(HEAD_BYTES))?;
        let body = body(&head, &original, &column("record_id").unwrap_or_default());
        let origins = self.raw.describe(&sha256)?.origins;
        Ok(Shown {
            table: record.table,
            columns: record.columns,
            original,
            body,
            sha256,
            member,
            offset,
            origins,
        })
    }

    /// Reads a piece of a file from the raw store, unpacked and decoded as it was on the way in.
    fn piece(
        &self,
        sha256: &str,
        member: Option<&str>,
        offset: u64,
        length: u64,
    ) -> Result<String, EngineError> {
        let unreadable = |source| EngineError::Evidence {
            path: sha256.to_owned(),
            source,
        };
        let mut text =
            evidence::decoded(Box::new(self.raw.read(sha256)?), member).map_err(unreadable)?;
        let read = (|| -> io::Result<Vec<u8>> {
            io::copy(&mut text.by_ref().take(offset), &mut io::sink())?;
            let mut bytes = Vec::new();
            text.take(length).read_to_end(&mut bytes)?;
            Ok(bytes)
        })();
        let bytes = read.map_err(|source| EngineError::Input {
            path: sha256.to_owned(),
            source,
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// How far into a file the names of its columns are looked for.
const HEAD_BYTES: u64 = 64 << 10;

/// Returns the record as JSON: the reader is given the text again, a row of CSV under the
/// line that names its columns.
fn body(head: &str, original: &str, id: &str) -> Option<String> {
    let columns = head
        .lines()
        .find(|line| !line.is_empty() && !line.starts_with("#TYPE"));
    let alone = original.to_owned();
    let under_columns = columns.map(|columns| format!("{columns}\r\n{original}"));
    [Some(alone), under_columns]
        .into_iter()
        .flatten()
        .find_map(|text| first_body(text, id))
}

fn first_body(text: String, id: &str) -> Option<String> {
    let mut bodies = Vec::new();
    let mut take = |found: Found<'_>| {
        if let Found::Record(raw) = found {
            let mut body = String::new();
            raw.body.write(&mut body);
            bodies.push(body);
        }
        ControlFlow::Continue(())
    };
    evidence::read(
        &mut Cursor::new(text.into_bytes()),
        &evidence::Options::default(),
        &mut take,
    )
    .ok()?;
    // A cell can hold several documents: the one that names the id is meant.
    let named = bodies
        .iter()
        .position(|body| body.contains(id))
        .unwrap_or(0);
    (named < bodies.len()).then(|| bodies.swap_remove(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"CreationTime":"2026-03-01T10:00:00","Id":"a-1","Operation":"Send","OrganizationId":"t","RecordType":2,"UserId":"ann@example.com","Workload":"Exchange"}"#;

    #[test]
    fn a_record_is_taken_out_of_its_row() {
        let row = format!(
            "2026-03-01,ann@example.com,Send,\"{}\"\r\n",
            RECORD.replace('"', "\"\"")
        );
        let head = format!("#TYPE Selected\r\nCreationDate,UserIds,Operations,AuditData\r\n{row}");
        assert_eq!(body(&head, &row, "a-1").as_deref(), Some(RECORD));
        assert_eq!(body("", RECORD, "a-1").as_deref(), Some(RECORD));
        assert_eq!(body("", "no record", "a-1"), None);
    }
}
