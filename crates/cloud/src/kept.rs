//! The body of a success while it comes in: in memory as long as it is short, then in a file.

use crate::body;
use crate::limits::Limits;
use model::Failure;
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;

#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) bytes: u64,
    short: Vec<u8>,
    long: Option<SpooledTempFile>,
}

impl Kept {
    /// Adds a piece; more than the limit of records is refused.
    pub(crate) fn add(&mut self, piece: &[u8], limits: &Limits) -> Result<(), Failure> {
        self.bytes += piece.len() as u64;
        if self.bytes > limits.records_limit {
            return Err(Failure::TooLong(limits.records_limit));
        }
        if let Some(long) = &mut self.long {
            return long.write_all(piece).map_err(|error| on_disk(&error));
        }
        self.short.extend_from_slice(piece);
        if self.short.len() > limits.memory_limit {
            let short = std::mem::take(&mut self.short);
            self.long = Some(spooled(&short, limits.memory_limit)?);
        }
        Ok(())
    }

    /// Returns the body from its beginning.
    fn file(self, memory_limit: usize) -> Result<SpooledTempFile, Failure> {
        let mut file = match self.long {
            Some(long) => long,
            None => spooled(&self.short, memory_limit)?,
        };
        rewind(&mut file)?;
        Ok(file)
    }

    /// Returns the body from its beginning once it is known to be whole JSON.
    pub(crate) async fn checked(self, memory_limit: usize) -> Result<SpooledTempFile, Failure> {
        if self.long.is_none() {
            return match body::wrong_records(&self.short) {
                Some(wrong) => Err(Failure::Garbled(wrong)),
                None => self.file(memory_limit),
            };
        }
        // A long one takes seconds: others share this thread.
        let check = move || {
            let mut file = self.file(memory_limit)?;
            let reader = BufReader::with_capacity(1 << 16, &mut file);
            let wrong = body::wrong_json(reader).map_err(|error| on_disk(&error))?;
            rewind(&mut file)?;
            wrong.map_or(Ok(file), |wrong| Err(Failure::Garbled(wrong)))
        };
        let checked = tokio::task::spawn_blocking(check).await;
        checked.unwrap_or_else(|_| {
            Err(Failure::Broken(
                "the check of the records stopped".to_owned(),
            ))
        })
    }
}

fn spooled(bytes: &[u8], memory_limit: usize) -> Result<SpooledTempFile, Failure> {
    let mut file = SpooledTempFile::new(memory_limit);
    file.write_all(bytes).map_err(|error| on_disk(&error))?;
    Ok(file)
}

fn rewind(file: &mut SpooledTempFile) -> Result<(), Failure> {
    let start = file.seek(SeekFrom::Start(0));
    start.map(drop).map_err(|error| on_disk(&error))
}

fn on_disk(error: &io::Error) -> Failure {
    Failure::Broken(format!("keeping the body failed: {error}"))
}
