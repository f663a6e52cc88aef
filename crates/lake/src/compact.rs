//! Making many small files a few sorted ones, and removing what no reader needs any more.
//!
//! The rows stay what they are: the version of a table before and the one after say the
//! same. Where there are many, each file gets a run of whole hours, as many as fit in memory,
//! so that a question about a day opens few files; inside a file rows lie by who and when.
//! A run that is full is settled: it is not merged again. The old files stay for whoever
//! began to read them, until the grace is over.

use crate::batch::{self, Order};
use crate::datafile::{DataFile, Purpose, ROWS_TO_LOOK_UP, Sealed};
use crate::digests::{self, Digests};
use crate::error::{Cause, LakeError};
use crate::files;
use crate::lake::Lake;
use crate::lock::WriteLock;
use crate::log::{self, Change, Live};
use crate::session::{column, converted, modest_session, moment, times};
use crate::tables::Table;
use crate::versions::Versions;
use datafusion::arrow::array::{Array, Int64Array, RecordBatch};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::functions::expr_fn::date_trunc;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::lit;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::DataFrame;
use deltalake::DeltaTable;
use deltalake::delta_datafusion::FileSelection;
use futures::TryStreamExt;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
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

/// How much memory the rows of one file may take while they are sorted.
const BYTES_A_RUN: u64 = 48 << 20;

impl Lake {
    /// Merges the small and unsorted files of each tenant into sorted ones, then removes the
    /// files that left their table longer ago than the grace and that no cited version needs.
    pub async fn compact(
        &self,
        lock: &WriteLock,
        grace: Duration,
        cited: &[Versions],
    ) -> Result<Compacted, LakeError> {
        self.compact_in(lock, grace, BYTES_A_RUN, cited).await
    }

    async fn compact_in(
        &self,
        lock: &WriteLock,
        grace: Duration,
        bytes_a_run: u64,
        cited: &[Versions],
    ) -> Result<Compacted, LakeError> {
        let mut last = self.settled(lock).await?;
        let mut done = Compacted::default();
        for table in Table::all() {
            if let Some(opened) = log::open(&self.root, table).await? {
                let merge = Merge {
                    lake: self,
                    table,
                    opened: &opened,
                    batch: last + 1,
                    bytes_a_run,
                    add: Vec::new(),
                };
                last += i64::from(merge.run(lock.taken_ms(), &mut done).await?);
            }
            done.removed += self
                .remove_stale(table, lock.taken_ms() - grace.as_millis() as i64, cited)
                .await?;
        }
        Ok(done)
    }

    /// Removes the files that left the table before a moment and are not cited, and returns how many.
    async fn remove_stale(
        &self,
        table: Table,
        before_ms: i64,
        cited: &[Versions],
    ) -> Result<u64, LakeError> {
        let Some(opened) = log::open(&self.root, table).await? else {
            return Ok(0);
        };
        let mut needed = self.cited_files(table, cited).await?;
        needed.extend(log::live(&opened, table)?.into_iter().map(|file| file.name));
        let folder = log::folder(&self.root, table);
        let present: BTreeSet<String> = files::names(&folder)?.into_iter().collect();
        let mut count = 0;
        for (name, removed_ms) in log::removed(&opened, table).await? {
            if removed_ms <= before_ms && !needed.contains(&name) && present.contains(&name) {
                files::remove(&folder.join(name))?;
                count += 1;
            }
        }
        if count > 0 {
            digests::forget_gone(&self.root, table)?;
        }
        Ok(count)
    }
}

/// The merging of one table's files as one commit.
struct Merge<'a> {
    lake: &'a Lake,
    table: Table,
    opened: &'a DeltaTable,
    batch: i64,
    bytes_a_run: u64,
    add: Vec<Sealed>,
}

impl Merge<'_> {
    /// Merges what is worth it; returns whether anything was.
    async fn run(mut self, now_ms: i64, done: &mut Compacted) -> Result<bool, LakeError> {
        let mut tenants: BTreeMap<Option<String>, Vec<Live>> = BTreeMap::new();
        for file in log::live(self.opened, self.table)? {
            if batch::order_of(&file.name) != Order::Settled {
                tenants.entry(file.tenant.clone()).or_default().push(file);
            }
        }
        let mut remove = Vec::new();
        let digests = Digests::load(&self.lake.root, self.table)?;
        for (tenant, files) in tenants {
            let is_one_sorted_file =
                files.len() == 1 && batch::order_of(&files[0].name) == Order::Sorted;
            if !is_one_sorted_file {
                debug!(
                    files = files.len(),
                    "merging files of `{}`",
                    self.table.name()
                );
                self.must_be_as_written(&digests, &files)?;
                self.rewrite(tenant.as_ref(), &files).await?;
                remove.extend(files);
            }
        }
        if remove.is_empty() {
            return Ok(false);
        }
        files::sync_folder(&self.folder())?;
        let change = Change {
            batch: self.batch,
            add: &self.add,
            remove: &remove,
            removed_ms: now_ms,
        };
        log::commit(&self.lake.root, self.table, &change).await?;
        done.merged += remove.len() as u64;
        done.written += self.add.len() as u64;
        done.bytes_before += remove.iter().map(|file| file.size_bytes).sum::<u64>();
        done.bytes_after += self.add.iter().map(|file| file.size_bytes).sum::<u64>();
        Ok(true)
    }

    /// Refuses files that changed since they were written: their rows would look sound ever after.
    fn must_be_as_written(&self, digests: &Digests, files: &[Live]) -> Result<(), LakeError> {
        for file in files {
            let Some(written) = digests.of_data(self.table, &file.name) else {
                continue;
            };
            let found = digests::of_file(&self.folder().join(&file.name))?;
            if found != written {
                return Err(LakeError::Changed {
                    path: format!("{}/{}", self.table.name(), file.name),
                    written: written.to_owned(),
                    found,
                });
            }
        }
        Ok(())
    }

    /// Writes the rows of one tenant's files again, in order.
    async fn rewrite(&mut self, tenant: Option<&String>, files: &[Live]) -> Result<(), LakeError> {
        let rows: u64 = files.iter().map(|file| file.rows).sum();
        let frame = self.frame(files).await?;
        let rows_a_run = self.rows_a_run(files, rows)?;
        let is_one_run = rows <= rows_a_run || self.table == Table::Rejects;
        let cuts = if is_one_run {
            Vec::new()
        } else {
            cuts(&frame, rows_a_run).await?
        };
        if rows < ROWS_TO_LOOK_UP && cuts.is_empty() {
            return self.write_small(tenant, frame).await;
        }
        let mut from = None;
        for cut in cuts {
            let run = between(&frame, from, Some(cut))?;
            self.write_run(tenant, run, Order::Settled).await?;
            from = Some(cut);
        }
        let run = between(&frame, from, None)?;
        self.write_run(tenant, run, Order::Sorted).await
    }

    async fn write_small(
        &mut self,
        tenant: Option<&String>,
        frame: DataFrame,
    ) -> Result<(), LakeError> {
        let batches = in_order(self.table, frame)?
            .collect()
            .await
            .map_err(LakeError::query)?;
        let batches = batches
            .iter()
            .map(|batch| stored_form(self.table, batch))
            .collect::<Result<Vec<_>, _>>()?;
        let whole = concat_batches(&self.table.file_schema(), &batches)
            .map_err(LakeError::rows(self.table.name()))?;
        let name = self.next_name(Order::Sorted);
        self.add.push(DataFile::write_small(
            &self.folder(),
            name,
            self.table,
            tenant.cloned(),
            &whole,
        )?);
        Ok(())
    }

    async fn write_run(
        &mut self,
        tenant: Option<&String>,
        run: DataFrame,
        order: Order,
    ) -> Result<(), LakeError> {
        let mut sorted = in_order(self.table, run)?
            .execute_stream()
            .await
            .map_err(LakeError::query)?;
        let (folder, schema) = (self.folder(), self.table.file_schema());
        let name = self.next_name(order);
        let mut file = DataFile::create(
            &folder,
            name,
            self.table,
            tenant.cloned(),
            schema,
            Purpose::LookUp,
        )?;
        while let Some(batch) = sorted.try_next().await.map_err(LakeError::query)? {
            file.write(&stored_form(self.table, &batch)?)?;
        }
        self.add.push(file.seal(&folder)?);
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        log::folder(&self.lake.root, self.table)
    }

    fn next_name(&self, order: Order) -> String {
        batch::file_name(self.batch, self.add.len(), order)
    }

    /// Returns how many rows of these files fit in memory together.
    fn rows_a_run(&self, files: &[Live], rows: u64) -> Result<u64, LakeError> {
        let mut bytes = 0;
        for file in files {
            bytes += unpacked_bytes(&self.folder().join(&file.name))
                .map_err(LakeError::rows(self.table.name()))?;
        }
        Ok((self.bytes_a_run / (bytes / rows.max(1)).max(1)).max(1))
    }

    /// Returns the rows of some files of the table.
    async fn frame(&self, files: &[Live]) -> Result<DataFrame, LakeError> {
        let selection = FileSelection::from_file_paths(files.iter().map(|file| file.name.clone()));
        let provider = self
            .opened
            .table_provider()
            .with_file_selection(selection)
            .build()
            .await;
        let provider: Arc<dyn TableProvider> = Arc::new(provider.map_err(LakeError::query)?);
        modest_session()?
            .read_table(provider)
            .map_err(LakeError::query)
    }
}

/// Returns how large the rows of a file are unpacked.
fn unpacked_bytes(path: &Path) -> Result<u64, Cause> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    Ok(reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.total_byte_size().max(0) as u64)
        .sum())
}

/// Returns the full hours at which rows are cut into runs of at least so many.
async fn cuts(frame: &DataFrame, rows_a_run: u64) -> Result<Vec<Timestamp>, LakeError> {
    let hour = date_trunc(lit("hour"), column("time")).alias("hour");
    let hours = frame
        .clone()
        .aggregate(vec![hour], vec![count(lit(1)).alias("rows")])
        .and_then(|frame| frame.sort(vec![column("hour").sort(true, true)]))
        .map_err(LakeError::query)?;
    let (mut cuts, mut gathered) = (Vec::new(), 0);
    for batch in hours.collect().await.map_err(LakeError::query)? {
        let hours = times(&batch, "hour")?;
        let rows: Int64Array = converted(&batch, "rows", &DataType::Int64)?;
        for at in 0..batch.num_rows() {
            let of_hour = rows.value(at) as u64;
            if gathered > 0 && gathered + of_hour > rows_a_run && !hours.is_null(at) {
                cuts.push(Timestamp(hours.value(at)));
                gathered = 0;
            }
            gathered += of_hour;
        }
    }
    Ok(cuts)
}

/// Returns the rows of a span of time; a row without a time belongs to the first.
fn between(
    frame: &DataFrame,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<DataFrame, LakeError> {
    let time = || column("time");
    let condition = match (from, to) {
        (None, None) => return Ok(frame.clone()),
        (None, Some(to)) => time().lt(moment(to)).or(time().is_null()),
        (Some(from), None) => time().gt_eq(moment(from)),
        (Some(from), Some(to)) => time().gt_eq(moment(from)).and(time().lt(moment(to))),
    };
    frame.clone().filter(condition).map_err(LakeError::query)
}

/// Returns the stored columns of rows in their table's order.
fn in_order(table: Table, frame: DataFrame) -> Result<DataFrame, LakeError> {
    let columns = table
        .columns()
        .into_iter()
        .filter(|stored| !stored.is_partition());
    let order = table
        .sorted_by()
        .iter()
        .map(|name| column(name).sort(true, true))
        .collect();
    frame
        .select(columns.map(|stored| column(stored.name)))
        .and_then(|frame| frame.sort(order))
        .map_err(LakeError::query)
}

/// Returns a batch in the types that files hold, from the types that queries read.
fn stored_form(table: Table, batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
    let schema = table.file_schema();
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns
        .map(|(column, field)| cast(column, field.data_type()))
        .collect::<Result<_, _>>();
    columns
        .and_then(|columns| RecordBatch::try_new(Arc::clone(&schema), columns))
        .map_err(LakeError::rows(table.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specimen::{FILE, place, reading};
    use crate::{Accepted, Origin};

    async fn fill(lake: &Lake, numbers: std::ops::Range<u64>) {
        let lock = lake.try_lock().unwrap().unwrap();
        let mut writer = lake.writer(&lock).await.unwrap();
        for number in numbers {
            let mut found = reading(number, 1);
            if number % 50 == 0 {
                found.event.time = None;
            }
            let origin = Origin {
                file: FILE,
                place: &place(number),
            };
            assert_eq!(writer.accept(&found, &origin).unwrap(), Accepted::New);
        }
        writer.commit().await.unwrap();
    }

    #[tokio::test]
    async fn many_rows_are_cut_into_settled_runs_of_time_that_stay() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).await.unwrap();
        fill(&lake, 0..100).await;
        fill(&lake, 100..200).await;
        let lock = lake.try_lock().unwrap().unwrap();
        let done = lake
            .compact_in(&lock, Duration::ZERO, 4096, &[])
            .await
            .unwrap();
        assert!(done.written > 4, "{done:?}");
        let again = lake
            .compact_in(&lock, Duration::ZERO, 4096, &[])
            .await
            .unwrap();
        assert_eq!((again.merged, again.written), (0, 0));
        drop(lock);
        let status = lake.status().await.unwrap();
        assert_eq!(
            status
                .tables
                .iter()
                .map(|table| table.rows)
                .collect::<Vec<_>>(),
            [200, 200]
        );
        fill(&lake, 200..210).await;
        let faults = lake.verify().await.unwrap().faults;
        assert!(faults.is_empty(), "{faults:?}");
    }
}
