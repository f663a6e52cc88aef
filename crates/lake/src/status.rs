//! What the lake holds and how much room it takes.

use crate::cells::Cell;
use crate::error::LakeError;
use crate::index::{self, Ids};
use crate::lake::Lake;
use crate::log::Live;
use crate::tables::Table;
use crate::{batch, files, log};
use model::Timestamp;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

/// What the lake holds and how much room it takes.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Every table that has ever held a row.
    pub tables: Vec<TableStatus>,
    /// How many records there are, conflicts included and rejects not.
    pub records: u64,
    /// How many ids the index knows: one for each record and each reject; none while the
    /// lake is too small for the index to be kept.
    pub ids: u64,
    /// How large the index is.
    pub index_bytes: u64,
    /// The batch that was cut off and waits to be completed.
    pub pending_batch: Option<i64>,
}

/// What one table holds and how much room it takes.
#[derive(Clone, Debug, Default)]
pub struct TableStatus {
    /// Its name.
    pub name: &'static str,
    /// Its current version.
    pub version: u64,
    /// How many rows it has.
    pub rows: u64,
    /// How many files hold them.
    pub files: u64,
    /// How large these are together.
    pub live_bytes: u64,
    /// How large the files are that only older versions need.
    pub stale_bytes: u64,
    /// How large the log is.
    pub log_bytes: u64,
    /// The time of the oldest row.
    pub oldest: Option<Timestamp>,
    /// The time of the newest row.
    pub newest: Option<Timestamp>,
}

impl Status {
    /// Returns how many bytes a record takes in all tables together, their logs included.
    #[must_use]
    pub fn bytes_a_record(&self) -> Option<f64> {
        let bytes: u64 = self
            .tables
            .iter()
            .map(|table| table.live_bytes + table.log_bytes)
            .sum();
        (self.records > 0).then(|| bytes as f64 / self.records as f64)
    }
}

impl Lake {
    /// Returns what the lake holds and how much room it takes.
    pub async fn status(&self) -> Result<Status, LakeError> {
        let mut status = Status {
            ids: Ids::load(&self.root)?.0.len() as u64,
            index_bytes: index::size_bytes(&self.root),
            pending_batch: batch::pending(&self.root)?,
            ..Status::default()
        };
        for table in Table::all() {
            let Some(of_table) = self.table_status(table).await? else {
                continue;
            };
            if matches!(table, Table::Events(_) | Table::Conflicts) {
                status.records += of_table.rows;
            }
            status.tables.push(of_table);
        }
        Ok(status)
    }

    /// Returns how many live files the table with the most of them has: what a query slows
    /// down by, told from the logs alone.
    pub async fn most_files(&self) -> Result<usize, LakeError> {
        let mut most = 0;
        for table in Table::all() {
            if let Some(opened) = log::open(&self.root, table).await? {
                most = most.max(log::live(&opened, table)?.len());
            }
        }
        Ok(most)
    }

    async fn table_status(&self, table: Table) -> Result<Option<TableStatus>, LakeError> {
        let Some(opened) = log::open(&self.root, table).await? else {
            return Ok(None);
        };
        let live = log::live(&opened, table)?;
        let live_bytes = live.iter().map(|file| file.size_bytes).sum();
        let folder = log::folder(&self.root, table);
        let (oldest, newest) = self.span(table).await?;
        Ok(Some(TableStatus {
            name: table.name(),
            version: opened.version().unwrap_or(0),
            rows: live.iter().map(|file| file.rows).sum(),
            files: live.len() as u64,
            live_bytes,
            stale_bytes: stale_bytes(&folder, &live)?,
            log_bytes: files::size_of_folder(&folder.join("_delta_log"))?,
            oldest,
            newest,
        }))
    }

    async fn span(
        &self,
        table: Table,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), LakeError> {
        let mut span = (None, None);
        if table == Table::Rejects {
            return Ok(span);
        }
        let query = format!("SELECT min(time), max(time) FROM {}", table.name());
        self.sql(&query, &mut |rows| {
            if let Some([Cell::Time(oldest), Cell::Time(newest)]) =
                rows.rows.first().map(Vec::as_slice)
            {
                span = (Some(*oldest), Some(*newest));
            }
            ControlFlow::Continue(())
        })
        .await?;
        Ok(span)
    }
}

fn stale_bytes(folder: &Path, live: &[Live]) -> Result<u64, LakeError> {
    let live: BTreeSet<&str> = live.iter().map(|file| file.name.as_str()).collect();
    let mut size_bytes = 0;
    for name in files::names(folder)?
        .iter()
        .filter(|name| !live.contains(name.as_str()))
    {
        let path = folder.join(name);
        size_bytes += std::fs::metadata(&path)
            .map_err(LakeError::file(&path))?
            .len();
    }
    Ok(size_bytes)
}
