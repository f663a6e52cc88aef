//! One record, as it was received and as it was understood.

use crate::error::EngineError;
use crate::store::Store;
use lake::StoredRecord;
use lake::raw_store::Origin;
use std::io::{self, Read};

/// One record, both ways.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The table it is in.
    pub table: String,
    /// Every column that has a value.
    pub columns: Vec<(String, String)>,
    /// The text of the record in its file: a JSON object or a row of CSV.
    pub original: String,
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
        records.into_iter().map(|record| self.shown(record)).collect()
    }

    fn shown(&self, record: StoredRecord) -> Result<Shown, EngineError> {
        let column = |name: &str| {
            record.columns.iter().find(|(column, _)| column == name).map(|(_, value)| value.clone())
        };
        let number = |name: &str| column(name).and_then(|text| text.parse().ok()).unwrap_or(0u64);
        let sha256 = column("file").unwrap_or_default();
        let member = column("member");
        let (offset, length) = (number("offset"), number("length"));
        let original = self.original(&sha256, member.as_deref(), offset, length)?;
        let origins = self.raw.describe(&sha256)?.origins;
        Ok(Shown { table: record.table, columns: record.columns, original, sha256, member, offset, origins })
    }

    /// Reads the original text of a record from the raw store, unpacked and decoded as it was on the way in.
    fn original(&self, sha256: &str, member: Option<&str>, offset: u64, length: u64) -> Result<String, EngineError> {
        let unreadable = |source| EngineError::Evidence { path: sha256.to_owned(), source };
        let mut text = evidence::decoded(Box::new(self.raw.read(sha256)?), member).map_err(unreadable)?;
        let read = (|| -> io::Result<Vec<u8>> {
            io::copy(&mut text.by_ref().take(offset), &mut io::sink())?;
            let mut bytes = Vec::new();
            text.take(length).read_to_end(&mut bytes)?;
            Ok(bytes)
        })();
        let bytes = read.map_err(|source| EngineError::Input { path: sha256.to_owned(), source })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
