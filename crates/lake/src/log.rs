//! The Delta log of a table: what is in the table, and how a batch gets into it whole.
//!
//! Each commit carries the number of its batch as an application transaction, so that a
//! batch whose acknowledgement was lost is never committed twice. Files lie in the table's
//! folder itself: a tenant's name is hostile text and no part of a path.

use crate::datafile::{Sealed, Times};
use crate::digests;
use crate::error::LakeError;
use crate::files;
use crate::tables::Table;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties, TableReference};
use deltalake::kernel::{Action, Add, Protocol, Remove, StructType, Transaction, new_metadata};
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError, ensure_table_uri};
use futures::TryStreamExt;
use model::Timestamp;
use serde_json::json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Under which name batches are numbered.
const APPLICATION: &str = "breachscope";

/// The moments that four digits of a year can say, in microseconds: what statistics may name.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_000_000;

/// Settings that every reader of Delta understands; the rest is left at its default.
const SETTINGS: [(&str, &str); 3] = [
    // A checkpoint each so many commits keeps opening a table cheap.
    ("delta.checkpointInterval", "20"),
    // A case may cite any version: its part of the log stays.
    ("delta.enableExpiredLogCleanup", "false"),
    // Log statistics are written for time alone.
    ("delta.dataSkippingStatsColumns", "time"),
];

/// A file that belongs to the current version of a table.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) rows: u64,
    pub(crate) tenant: Option<String>,
    remove: Remove,
}

/// What a commit changes.
pub(crate) struct Change<'a> {
    pub(crate) batch: i64,
    pub(crate) add: &'a [Sealed],
    pub(crate) remove: &'a [Live],
    /// When the files were removed, in milliseconds since 1970.
    pub(crate) removed_ms: i64,
}

/// Returns the folder of a table.
pub(crate) fn folder(root: &Path, table: Table) -> PathBuf {
    root.join(table.name())
}

/// Opens the current version of a table; nothing when no row was ever put into it.
pub(crate) async fn open(root: &Path, table: Table) -> Result<Option<DeltaTable>, LakeError> {
    let folder = folder(root, table);
    if !folder.join("_delta_log").join(commit_name(0)).exists() && !has_checkpoint(&folder)? {
        return Ok(None);
    }
    let opened = builder(&folder, table)?
        .load()
        .await
        .map_err(LakeError::log(table.name()))?;
    Ok(Some(opened))
}

/// Opens a table as it was at a version.
pub(crate) async fn open_at(
    root: &Path,
    table: Table,
    version: u64,
) -> Result<DeltaTable, LakeError> {
    builder(&folder(root, table), table)?
        .with_version(version)
        .load()
        .await
        .map_err(LakeError::log(table.name()))
}

/// Returns the number of the last batch that is in a table, 0 when there is none.
pub(crate) async fn last_batch(opened: &DeltaTable, table: Table) -> Result<i64, LakeError> {
    let snapshot = opened.snapshot().map_err(LakeError::log(table.name()))?;
    let version = snapshot
        .transaction_version(opened.log_store().as_ref(), APPLICATION)
        .await
        .map_err(LakeError::log(table.name()))?;
    Ok(version.unwrap_or(0))
}

/// Returns the files of the current version, sorted by name.
pub(crate) fn live(opened: &DeltaTable, table: Table) -> Result<Vec<Live>, LakeError> {
    let snapshot = opened.snapshot().map_err(LakeError::log(table.name()))?;
    let mut files: Vec<Live> = snapshot
        .log_data()
        .iter()
        .map(|file| {
            let mut values = file.partition_values_map();
            Live {
                name: file.path().into_owned(),
                size_bytes: file.size().max(0) as u64,
                rows: file.num_records().unwrap_or(0) as u64,
                tenant: values.remove("tenant").flatten(),
                remove: file.remove_action(false),
            }
        })
        .collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// Returns the names of the files that left the table, and when.
pub(crate) async fn removed(
    opened: &DeltaTable,
    table: Table,
) -> Result<Vec<(String, i64)>, LakeError> {
    let snapshot = opened.snapshot().map_err(LakeError::log(table.name()))?;
    let stones: Vec<_> = snapshot
        .all_tombstones(opened.log_store().as_ref())
        .try_collect()
        .await
        .map_err(LakeError::log(table.name()))?;
    Ok(stones
        .iter()
        .map(|stone| {
            (
                stone.path().into_owned(),
                stone.deletion_timestamp().unwrap_or(0),
            )
        })
        .collect())
}

/// Commits a change unless its batch is in the table already; makes the table if need be.
pub(crate) async fn commit(
    root: &Path,
    table: Table,
    change: &Change<'_>,
) -> Result<(), LakeError> {
    let opened = open(root, table).await?;
    if let Some(opened) = &opened
        && last_batch(opened, table).await? >= change.batch
    {
        return digests::keep_log(root, table);
    }
    digests::keep_data(root, table, change.add)?;
    let mut actions = if opened.is_none() {
        founding(table)?
    } else {
        Vec::new()
    };
    actions.extend(
        change
            .remove
            .iter()
            .map(|file| removal(file, change.removed_ms)),
    );
    actions.extend(
        change
            .add
            .iter()
            .map(|file| addition(table, file, change.remove.is_empty())),
    );
    let fresh = match &opened {
        Some(_) => None,
        None => Some(
            builder(&folder(root, table), table)?
                .build()
                .map_err(LakeError::log(table.name()))?,
        ),
    };
    let state = opened
        .as_ref()
        .map(DeltaTable::snapshot)
        .transpose()
        .map_err(LakeError::log(table.name()))?;
    let store = opened
        .as_ref()
        .or(fresh.as_ref())
        .map(DeltaTable::log_store);
    let Some(store) = store else { return Ok(()) };
    let properties = CommitProperties::default()
        .with_application_transaction(Transaction::new(APPLICATION, change.batch));
    let committed = CommitBuilder::from(properties)
        .with_actions(actions)
        .build(
            state.map(|state| state as &dyn TableReference),
            store,
            operation(change),
        )
        .await
        .map_err(LakeError::log(table.name()))?;
    make_durable(root, table, committed.version())?;
    digests::keep_log(root, table)
}

fn operation(change: &Change<'_>) -> DeltaOperation {
    if change.remove.is_empty() {
        DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: None,
            predicate: None,
        }
    } else {
        DeltaOperation::Optimize {
            predicate: None,
            target_size: 0,
        }
    }
}

/// Returns the actions that make a table.
fn founding(table: Table) -> Result<Vec<Action>, LakeError> {
    let schema: StructType = table
        .schema()
        .as_ref()
        .try_into_kernel()
        .map_err(LakeError::log(table.name()))?;
    let partitions: &[&str] = if table.is_partitioned() {
        &["tenant"]
    } else {
        &[]
    };
    let metadata =
        new_metadata(&schema, partitions, SETTINGS).map_err(LakeError::log(table.name()))?;
    // The oldest protocol there is: no feature that a reader might not know.
    let protocol: Protocol =
        serde_json::from_value(json!({"minReaderVersion": 1, "minWriterVersion": 2}))
            .map_err(LakeError::log(table.name()))?;
    Ok(vec![Action::Protocol(protocol), Action::Metadata(metadata)])
}

fn addition(table: Table, file: &Sealed, is_new: bool) -> Action {
    let tenant = table
        .is_partitioned()
        .then(|| ("tenant".to_owned(), file.tenant.clone()));
    Action::Add(Add {
        path: file.name.clone(),
        partition_values: HashMap::from_iter(tenant),
        size: file.size_bytes as i64,
        modification_time: file.modified_ms,
        data_change: is_new,
        stats: Some(statistics(table, file)),
        ..Add::default()
    })
}

fn removal(file: &Live, removed_ms: i64) -> Action {
    Action::Remove(Remove {
        deletion_timestamp: Some(removed_ms),
        ..file.remove.clone()
    })
}

/// Returns the statistics of a file; Delta counts time in whole milliseconds here, so that
/// the last moment is rounded up.
fn statistics(table: Table, file: &Sealed) -> String {
    if table == Table::Rejects {
        return json!({"numRecords": file.rows}).to_string();
    }
    let Times { span, undated } = file.times;
    let mut statistics = json!({"numRecords": file.rows, "nullCount": {"time": undated}});
    if let Some((from, to)) = span.filter(|(from, to)| *from >= FIRST && *to <= LAST) {
        let millis = |micros: i64| Timestamp(micros.saturating_mul(1000)).to_string();
        statistics["minValues"] = json!({"time": millis(from.div_euclid(1000))});
        statistics["maxValues"] =
            json!({"time": millis(to.div_euclid(1000) + i64::from(to.rem_euclid(1000) != 0))});
    }
    statistics.to_string()
}

fn builder(folder: &Path, table: Table) -> Result<DeltaTableBuilder, LakeError> {
    let text = folder.to_str().ok_or_else(|| {
        LakeError::file(folder)(std::io::Error::new(
            std::io::ErrorKind::InvalidFilename,
            "the path is not Unicode",
        ))
    })?;
    let build = || -> Result<DeltaTableBuilder, DeltaTableError> {
        DeltaTableBuilder::from_url(ensure_table_uri(text)?)
    };
    build().map_err(LakeError::log(table.name()))
}

fn has_checkpoint(folder: &Path) -> Result<bool, LakeError> {
    Ok(files::names(&folder.join("_delta_log"))?
        .iter()
        .any(|name| name == "_last_checkpoint"))
}

fn commit_name(version: u64) -> String {
    format!("{version:020}.json")
}

/// Delta's own writer leaves a commit to the system's cache; the journal may go only when it is on disk.
fn make_durable(root: &Path, table: Table, version: u64) -> Result<(), LakeError> {
    let log = folder(root, table).join("_delta_log");
    let path = log.join(commit_name(version));
    std::fs::File::open(&path)
        .and_then(|file| file.sync_all())
        .map_err(LakeError::file(&path))?;
    files::sync_folder(&log)
}
