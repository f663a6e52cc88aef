//! Checking the tables against their files, against each other and against the index.

use crate::digests::{self, Digests};
use crate::error::{Cause, LakeError};
use crate::index::{Entry, Ids, Key, Whole};
use crate::lake::Lake;
use crate::log::Live;
use crate::session::{column, text_at, texts};
use crate::tables::Table;
use crate::{batch, contents, index, log};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use deltalake::DeltaTable;
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::error::Error;
use std::fs::File;
use std::path::Path;

/// What a check of the lake found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// How many files were opened.
    pub files: u64,
    /// How many rows the tables hold.
    pub rows: u64,
    /// How many of the files were written by an older version, which kept no digests: every
    /// page of them was unpacked, and nothing proves that their bytes are those written.
    pub undigested: u64,
    /// What is wrong, each a sentence; none when all is well.
    pub faults: Vec<String>,
}

impl Lake {
    /// Checks that every file has the bytes that were written and holds the rows its log says,
    /// that each record stands once, that the index knows what the tables hold, and that every
    /// mail item has its record.
    pub async fn verify(&self) -> Result<Verified, LakeError> {
        let mut verified = Verified::default();
        let first_batch = self.first_digested_batch()?;
        for table in Table::all() {
            if let Err(error) = self.verify_table(table, first_batch, &mut verified).await {
                verified.faults.push(sentence(&error));
            }
        }
        // Rows of a file that does not open cannot be compared with anything.
        if verified.faults.is_empty()
            && let Err(error) = self.verify_records(&mut verified).await
        {
            verified.faults.push(sentence(&error));
        }
        if let Some(batch) = batch::pending(&self.root)? {
            verified.faults.push(format!(
                "the batch {batch} was cut off and waits to be completed"
            ));
        }
        Ok(verified)
    }

    /// Returns the digests of all source files that rows say they come from.
    pub async fn source_files(&self) -> Result<BTreeSet<String>, LakeError> {
        let mut sources = BTreeSet::new();
        for table in Table::of_records() {
            let frame = self.frame(table).await?;
            let mut batches = frame
                .select([column("file")])
                .and_then(datafusion::prelude::DataFrame::distinct)
                .map_err(LakeError::query)?
                .execute_stream()
                .await
                .map_err(LakeError::query)?;
            while let Some(batch) = batches.try_next().await.map_err(LakeError::query)? {
                let files = texts(&batch, "file")?;
                sources.extend((0..batch.num_rows()).map(|at| text_at(&files, at).to_owned()));
            }
        }
        Ok(sources)
    }

    /// Returns the first batch from which on files have digests; nothing where none has.
    fn first_digested_batch(&self) -> Result<Option<i64>, LakeError> {
        let mut first = None;
        for table in Table::all() {
            let of_table = Digests::load(&self.root, table)?.first_batch();
            first = [first, of_table].into_iter().flatten().min();
        }
        Ok(first)
    }

    async fn verify_table(
        &self,
        table: Table,
        first_batch: Option<i64>,
        verified: &mut Verified,
    ) -> Result<(), LakeError> {
        let opened = log::open(&self.root, table).await;
        // Read after the log: an import beside this one keeps the digest before the log names a file.
        let digests = Digests::load(&self.root, table)?;
        self.verify_digests(table, &digests, verified)?;
        match opened? {
            Some(opened) => self.verify_files(table, &opened, &digests, first_batch, verified),
            None => Ok(()),
        }
    }

    /// Checks every file that has a digest against it, and that no file of the log is gone.
    fn verify_digests(
        &self,
        table: Table,
        digests: &Digests,
        verified: &mut Verified,
    ) -> Result<(), LakeError> {
        for line in &digests.damaged {
            verified.faults.push(format!(
                "line {line} of `digests/{}.sha256` is not as it was written",
                table.name()
            ));
        }
        for (path, written) in &digests.files {
            let place = self.root.join(path);
            // A data file that is gone may have been compacted away: whether it is missing the log says.
            if !place.exists() {
                if path.contains("/_delta_log/") {
                    verified.faults.push(format!("`{path}` is gone"));
                }
                continue;
            }
            let found = digests::of_file(&place)?;
            if found != *written {
                verified.faults.push(format!(
                    "`{path}` is not as it was written: its bytes have the digest {found}, not {written}"
                ));
            }
        }
        self.verify_log_is_whole(table, digests, verified)
    }

    /// Checks that no file of the log between two that have digests has none.
    fn verify_log_is_whole(
        &self,
        table: Table,
        digests: &Digests,
        verified: &mut Verified,
    ) -> Result<(), LakeError> {
        let known: BTreeSet<&str> = digests.log_files().collect();
        // The newest may be just written; it gets its digest right after.
        let Some(newest) = known
            .iter()
            .filter_map(|name| digests::version_of(name))
            .max()
        else {
            return Ok(());
        };
        let folder = log::folder(&self.root, table).join("_delta_log");
        for name in crate::files::names(&folder)? {
            let is_older = digests::version_of(&name).is_some_and(|version| version < newest);
            if is_older && !known.contains(name.as_str()) {
                verified.faults.push(format!(
                    "`{}/_delta_log/{name}` has lost its digest",
                    table.name()
                ));
            }
        }
        Ok(())
    }

    fn verify_files(
        &self,
        table: Table,
        opened: &DeltaTable,
        digests: &Digests,
        first_batch: Option<i64>,
        verified: &mut Verified,
    ) -> Result<(), LakeError> {
        let folder = log::folder(&self.root, table);
        for file in log::live(opened, table)? {
            verified.files += 1;
            verified.rows += file.rows;
            let is_digested = digests.of_data(table, &file.name).is_some();
            if !is_digested {
                verified.undigested += 1;
                let must_have_one = first_batch
                    .zip(batch::batch_of(&file.name))
                    .is_some_and(|(first, batch)| batch >= first);
                if must_have_one {
                    verified.faults.push(format!(
                        "`{}/{}` has lost its digest",
                        table.name(),
                        file.name
                    ));
                }
            }
            let rows = if is_digested {
                told_rows(&folder.join(&file.name))
            } else {
                unpacked_rows(&folder.join(&file.name))
            };
            verified.faults.extend(fault_of(table, &file, rows));
        }
        Ok(())
    }

    async fn verify_records(&self, verified: &mut Verified) -> Result<(), LakeError> {
        let (ids, whole) = Ids::load(&self.root)?;
        let mut records: HashSet<Key> = HashSet::new();
        let mut conflicts: HashSet<Entry> = HashSet::new();
        let mut repeated: BTreeMap<Table, u64> = BTreeMap::new();
        let (mut rows, mut strangers) = (0, 0);
        contents::each_entry(self, &mut |table, entry| {
            rows += 1;
            strangers += usize::from(!ids.holds(entry));
            let is_first = if table == Table::Conflicts {
                conflicts.insert(entry)
            } else {
                records.insert(entry.key)
            };
            *repeated.entry(table).or_default() += u64::from(!is_first);
        })
        .await?;
        let mut orphans = 0;
        contents::each_item_record(self, &mut |key| {
            orphans += u64::from(!records.contains(&key));
        })
        .await?;
        for (table, count) in repeated.into_iter().filter(|(_, count)| *count > 0) {
            verified.faults.push(format!(
                "{count} rows of `{}` stand there more than once",
                table.name()
            ));
        }
        if orphans > 0 {
            verified.faults.push(format!(
                "{orphans} rows of `mail_items` name a record that is in no table"
            ));
        }
        let is_index_wrong = strangers > 0 || ids.len() != rows || whole != Whole::Yes;
        if is_index_wrong && index::is_kept(&self.root) {
            verified.faults.push(format!(
                "the index knows {} ids, the tables hold {rows}, and {strangers} of these it does not know: the next import makes it again",
                ids.len()
            ));
        }
        Ok(())
    }
}

fn fault_of(table: Table, file: &Live, rows: Result<u64, Cause>) -> Option<String> {
    let path = format!("{}/{}", table.name(), file.name);
    match rows {
        Ok(rows) if rows == file.rows => None,
        Ok(rows) => Some(format!(
            "`{path}` holds {rows} rows, and the log says {}",
            file.rows
        )),
        Err(error) => Some(format!("`{path}` does not open: {error}")),
    }
}

/// Returns how many rows a file says it holds.
fn told_rows(path: &Path) -> Result<u64, Cause> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    Ok(reader.metadata().file_metadata().num_rows() as u64)
}

/// Returns how many rows a file holds, after unpacking every page of it.
fn unpacked_rows(path: &Path) -> Result<u64, Cause> {
    let mut rows = 0;
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()? {
        rows += batch?.num_rows() as u64;
    }
    Ok(rows)
}

/// Tells an error with its causes.
fn sentence(error: &LakeError) -> String {
    let mut told = format!("failed to {error}");
    let mut next = error.source();
    while let Some(cause) = next {
        told = format!("{told}: {cause}");
        next = cause.source();
    }
    told
}
