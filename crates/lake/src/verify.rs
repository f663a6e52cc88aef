//! Checking the tables against their files, against each other and against the index.

use crate::error::LakeError;
use crate::index::{Entry, Ids, Key, Whole};
use crate::lake::Lake;
use crate::tables::Table;
use crate::{batch, contents, index, log};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::path::Path;

/// What a check of the lake found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// How many files were opened.
    pub files: u64,
    /// How many rows the tables hold.
    pub rows: u64,
    /// What is wrong, each a sentence; none when all is well.
    pub faults: Vec<String>,
}

impl Lake {
    /// Checks that every file opens and holds the rows its log says, that each record stands
    /// once, that the index knows what the tables hold, and that every mail item has its record.
    pub async fn verify(&self) -> Result<Verified, LakeError> {
        let mut verified = Verified::default();
        for table in Table::all() {
            self.verify_files(table, &mut verified).await?;
        }
        // Rows of a file that does not open cannot be compared with anything.
        if verified.faults.is_empty() {
            self.verify_records(&mut verified).await?;
        }
        if let Some(batch) = batch::pending(&self.root)? {
            verified.faults.push(format!(
                "the batch {batch} was cut off and waits to be completed"
            ));
        }
        Ok(verified)
    }

    async fn verify_files(&self, table: Table, verified: &mut Verified) -> Result<(), LakeError> {
        let Some(opened) = log::open(&self.root, table).await? else {
            return Ok(());
        };
        let folder = log::folder(&self.root, table);
        for file in log::live(&opened, table)? {
            verified.files += 1;
            verified.rows += file.rows;
            match rows_of(&folder.join(&file.name)) {
                Ok(rows) if rows == file.rows => {}
                Ok(rows) => verified.faults.push(format!(
                    "`{}/{}` holds {rows} rows, and the log says {}",
                    table.name(),
                    file.name,
                    file.rows
                )),
                Err(error) => {
                    verified.faults.push(format!(
                        "`{}/{}` does not open: {error}",
                        table.name(),
                        file.name
                    ));
                }
            }
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

/// Returns how many rows a file holds, after looking at all of it that describes them.
fn rows_of(path: &Path) -> Result<u64, crate::error::Cause> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    Ok(reader.metadata().file_metadata().num_rows() as u64)
}
