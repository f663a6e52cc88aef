//! Making many small files a few sorted ones, and removing what no reader needs any more.
//!
//! The rows stay what they are: a version of the table before and one after say the same.
//! The old files stay for whoever began to read them, until the grace is over.

use crate::batch::{self, Order};
use crate::datafile::{DataFile, Partition, Purpose, ROWS_TO_LOOK_UP, Sealed};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::lock::WriteLock;
use crate::log::{self, Change, Live};
use crate::session::column;
use crate::tables::Table;
use crate::files;
use datafusion::arrow::compute::cast;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use deltalake::delta_datafusion::FileSelection;
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tracing::debug;

/// What a compaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// How many files were merged.
    pub merged: u64,
    /// How many took their place.
    pub written: u64,
    /// How large the merged files were.
    pub bytes_before: u64,
    /// How large those in their place are.
    pub bytes_after: u64,
    /// How many files that no version in the grace needs were removed.
    pub removed: u64,
}

/// How many rows a file holds at most after compaction.
const ROWS_A_FILE: u64 = 4 << 20;

impl Lake {
    /// Merges the files of each tenant and month into sorted ones, then removes the files
    /// that left their table longer ago than the grace.
    pub async fn compact(&self, lock: &WriteLock, grace: Duration) -> Result<Compacted, LakeError> {
        let mut last = self.settled(lock).await?;
        let mut done = Compacted::default();
        for table in Table::all() {
            if let Some(opened) = log::open(&self.root, table).await? {
                let merged = self.merge(table, &opened, last + 1, lock.taken_ms(), &mut done).await?;
                last += i64::from(merged);
            }
            done.removed += self.remove_stale(table, lock.taken_ms() - grace.as_millis() as i64).await?;
        }
        Ok(done)
    }

    /// Merges what is worth it in one table; returns whether anything was.
    async fn merge(
        &self,
        table: Table,
        opened: &DeltaTable,
        batch: i64,
        now_ms: i64,
        done: &mut Compacted,
    ) -> Result<bool, LakeError> {
        let mut partitions: BTreeMap<Partition, Vec<Live>> = BTreeMap::new();
        for file in log::live(opened, table)? {
            partitions.entry(Partition::of(&file)).or_default().push(file);
        }
        partitions.retain(|_, files| is_worth_merging(files));
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        for (partition, files) in partitions {
            debug!(files = files.len(), "merging files of `{}`", table.name());
            self.rewrite(table, opened, &partition, &files, batch, &mut add).await?;
            remove.extend(files);
        }
        if remove.is_empty() {
            return Ok(false);
        }
        files::sync_folder(&log::folder(&self.root, table))?;
        let change = Change { batch, add: &add, remove: &remove, removed_ms: now_ms };
        log::commit(&self.root, table, &change).await?;
        done.merged += remove.len() as u64;
        done.written += add.len() as u64;
        done.bytes_before += remove.iter().map(|file| file.size_bytes).sum::<u64>();
        done.bytes_after += add.iter().map(|file| file.size_bytes).sum::<u64>();
        Ok(true)
    }

    /// Writes the rows of some files again, in the order of their table.
    async fn rewrite(
        &self,
        table: Table,
        opened: &DeltaTable,
        partition: &Partition,
        files: &[Live],
        batch: i64,
        add: &mut Vec<Sealed>,
    ) -> Result<(), LakeError> {
        let folder = log::folder(&self.root, table);
        let rows: u64 = files.iter().map(|file| file.rows).sum();
        let mut batches =
            self.in_order(table, opened, files).await?.execute_stream().await.map_err(LakeError::query)?;
        if rows < ROWS_TO_LOOK_UP {
            let batches: Vec<RecordBatch> = batches.try_collect().await.map_err(LakeError::query)?;
            let whole = datafusion::arrow::compute::concat_batches(&table.file_schema(), &stored_form(table, &batches)?)
                .map_err(LakeError::rows(table.name()))?;
            let name = batch::file_name(batch, add.len(), Order::Sorted);
            add.push(DataFile::write_small(&folder, name, table, partition.clone(), &whole)?);
            return Ok(());
        }
        let begin = |number: usize| {
            let name = batch::file_name(batch, number, Order::Sorted);
            DataFile::create(&folder, name, table, partition.clone(), table.file_schema(), Purpose::LookUp)
        };
        let mut file = begin(add.len())?;
        while let Some(rows) = batches.try_next().await.map_err(LakeError::query)? {
            if file.rows() >= ROWS_A_FILE {
                add.push(file.seal(&folder)?);
                file = begin(add.len())?;
            }
            for rows in stored_form(table, &[rows])? {
                file.write(&rows)?;
            }
        }
        add.push(file.seal(&folder)?);
        Ok(())
    }

    async fn in_order(&self, table: Table, opened: &DeltaTable, files: &[Live]) -> Result<DataFrame, LakeError> {
        let names = files.iter().map(|file| file.name.clone());
        let selection = FileSelection::from_file_paths(names);
        let provider = opened.table_provider().with_file_selection(selection).build().await.map_err(LakeError::query)?;
        let provider: Arc<dyn TableProvider> = Arc::new(provider);
        let columns = table.columns().into_iter().filter(|stored| !stored.is_partition());
        let order = table.sorted_by().iter().map(|name| column(name).sort(true, true)).collect();
        self.session()
            .read_table(provider)
            .and_then(|frame| frame.select(columns.map(|stored| column(stored.name))))
            .and_then(|frame| frame.sort(order))
            .map_err(LakeError::query)
    }

    /// Removes the files that left the table before a moment, and returns how many.
    async fn remove_stale(&self, table: Table, before_ms: i64) -> Result<u64, LakeError> {
        let Some(opened) = log::open(&self.root, table).await? else { return Ok(0) };
        let live: BTreeSet<String> = log::live(&opened, table)?.into_iter().map(|file| file.name).collect();
        let folder = log::folder(&self.root, table);
        let present: BTreeSet<String> = files::names(&folder)?.into_iter().collect();
        let mut count = 0;
        for (name, removed_ms) in log::removed(&opened, table).await? {
            if removed_ms <= before_ms && !live.contains(&name) && present.contains(&name) {
                files::remove(&folder.join(name))?;
                count += 1;
            }
        }
        Ok(count)
    }
}

/// Returns whether merging would change anything.
fn is_worth_merging(files: &[Live]) -> bool {
    let unsorted = files.iter().any(|file| batch::order_of(&file.name) == Order::AsTheyCame);
    let small = files.iter().filter(|file| file.rows < ROWS_A_FILE / 2).count();
    unsorted || small > 1
}

/// Returns batches in the types that files hold, from the types that queries read.
fn stored_form(table: Table, batches: &[RecordBatch]) -> Result<Vec<RecordBatch>, LakeError> {
    let schema = table.file_schema();
    let in_form = |batch: &RecordBatch| {
        let columns = batch.columns().iter().zip(schema.fields());
        let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>()?;
        RecordBatch::try_new(Arc::clone(&schema), columns)
    };
    batches.iter().map(|batch| in_form(batch).map_err(LakeError::rows(table.name()))).collect()
}
