//! One Parquet file as it is written, and what the table's log is to say of it.
//!
//! Small files carry as little besides their rows as they can: no page index, no
//! statistics, no column without a value. Large ones carry what a reader skips by.

use crate::chunk::without_empty_columns;
use crate::columns::{Coding, Column, Kind};
use crate::digests::Digested;
use crate::error::LakeError;
use crate::tables::Table;
use datafusion::arrow::array::{Array, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::compute::{max, min};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder,
};
use datafusion::parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::path::Path;

/// How many rows a row group holds at most.
const ROWS_A_GROUP: usize = 1 << 20;

/// How many rows a page holds at most: what a reader must unpack to look at one.
const ROWS_A_PAGE: usize = 20_000;

/// From how many rows on the filters that find single values pay for their room.
pub(crate) const ROWS_TO_LOOK_UP: u64 = 50_000;

/// What a file is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A few rows, written at once.
    Small,
    /// Rows as they come, their number unknown.
    Stream,
    /// Many sorted rows, to be looked up in.
    LookUp,
}

impl Purpose {
    /// Returns how hard zstd tries: what is written once and stays is packed harder than
    /// what a compaction is going to write again.
    fn level(self) -> i32 {
        match self {
            Self::Small => 15,
            Self::Stream => 1,
            Self::LookUp => 9,
        }
    }
}

/// A file that is written and durable, as the log is to know it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    /// The file's name in the table's folder.
    pub(crate) name: String,
    /// Whose rows they are; nothing where no tenant is known or told apart.
    pub(crate) tenant: Option<String>,
    pub(crate) rows: u64,
    pub(crate) size_bytes: u64,
    pub(crate) modified_ms: i64,
    /// The SHA-256 of its bytes in hexadecimal; empty in a journal of an older version.
    #[serde(default)]
    pub(crate) sha256: String,
    pub(crate) times: Times,
}

/// The span of time that rows cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Times {
    /// The first and the last moment in microseconds; nothing when no row has a time.
    pub(crate) span: Option<(i64, i64)>,
    /// How many rows have no time.
    pub(crate) undated: u64,
}

impl Times {
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        let Some(times) = batch
            .column_by_name("time")
            .and_then(|column| column.as_any().downcast_ref())
        else {
            return;
        };
        let times: &TimestampMicrosecondArray = times;
        self.undated += times.null_count() as u64;
        if let (Some(least), Some(most)) = (min(times), max(times)) {
            let (from, to) = self.span.unwrap_or((least, most));
            self.span = Some((from.min(least), to.max(most)));
        }
    }
}

/// A Parquet file under way.
pub(crate) struct DataFile {
    table: Table,
    name: String,
    tenant: Option<String>,
    writer: ArrowWriter<Digested>,
    rows: u64,
    times: Times,
}

impl DataFile {
    /// Begins a file in the table's folder; a file of that name must not be there.
    pub(crate) fn create(
        folder: &Path,
        name: String,
        table: Table,
        tenant: Option<String>,
        schema: SchemaRef,
        purpose: Purpose,
    ) -> Result<Self, LakeError> {
        let path = folder.join(&name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(LakeError::file(&path))?;
        // The table's log holds the schema; a copy of it in each file would outweigh a small file's rows.
        let options = ArrowWriterOptions::new()
            .with_properties(properties(table, purpose))
            .with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Digested::new(file), schema, options)
            .map_err(LakeError::rows(table.name()))?;
        Ok(Self {
            table,
            name,
            tenant,
            writer,
            rows: 0,
            times: Times::default(),
        })
    }

    /// Writes all rows of a small file at once.
    pub(crate) fn write_small(
        folder: &Path,
        name: String,
        table: Table,
        tenant: Option<String>,
        batch: &RecordBatch,
    ) -> Result<Sealed, LakeError> {
        let filled = without_empty_columns(batch).map_err(LakeError::rows(table.name()))?;
        let mut file = Self::create(folder, name, table, tenant, filled.schema(), Purpose::Small)?;
        file.write(&filled)?;
        // A column left out is a column of nulls: the log counts them all the same.
        file.times.undated = file.rows.saturating_sub(dated(&filled));
        file.seal(folder)
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        self.writer
            .write(batch)
            .map_err(LakeError::rows(self.table.name()))?;
        self.rows += batch.num_rows() as u64;
        self.times.add(batch);
        Ok(())
    }

    /// Returns how much memory the packing takes.
    pub(crate) fn memory(&self) -> usize {
        self.writer.memory_size()
    }

    /// Ends the file and makes it durable.
    pub(crate) fn seal(self, folder: &Path) -> Result<Sealed, LakeError> {
        let path = folder.join(&self.name);
        let written = self
            .writer
            .into_inner()
            .map_err(LakeError::rows(self.table.name()))?;
        let (file, sha256) = written.into_parts();
        file.sync_all().map_err(LakeError::file(&path))?;
        let metadata = file.metadata().map_err(LakeError::file(&path))?;
        Ok(Sealed {
            name: self.name,
            tenant: self.tenant,
            rows: self.rows,
            size_bytes: metadata.len(),
            modified_ms: modified_ms(&metadata),
            sha256,
            times: self.times,
        })
    }
}

/// Returns when a file was last changed, in milliseconds since 1970.
pub(crate) fn modified_ms(metadata: &std::fs::Metadata) -> i64 {
    metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_millis() as i64)
}

fn dated(batch: &RecordBatch) -> u64 {
    batch
        .column_by_name("time")
        .map_or(0, |column| (column.len() - column.null_count()) as u64)
}

fn properties(table: Table, purpose: Purpose) -> WriterProperties {
    let small = purpose == Purpose::Small;
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(
            ZstdLevel::try_new(purpose.level()).unwrap_or_default(),
        ))
        .set_created_by("breachscope".to_owned())
        .set_max_row_group_row_count(Some(ROWS_A_GROUP))
        .set_data_page_row_count_limit(ROWS_A_PAGE)
        .set_offset_index_disabled(small)
        .set_statistics_enabled(if small {
            EnabledStatistics::None
        } else {
            EnabledStatistics::Page
        });
    for column in table
        .columns()
        .into_iter()
        .filter(|column| !column.is_partition())
    {
        builder = packed(builder, column, purpose);
    }
    builder.build()
}

fn packed(
    builder: WriterPropertiesBuilder,
    column: &Column,
    purpose: Purpose,
) -> WriterPropertiesBuilder {
    let path = || ColumnPath::from(column.name);
    let builder = match column.coding {
        Coding::Partition | Coding::Words => builder,
        Coding::Unique if column.kind == Kind::Text => builder
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), Encoding::DELTA_LENGTH_BYTE_ARRAY),
        Coding::Unique => builder.set_column_dictionary_enabled(path(), false),
        Coding::Prose => builder
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), Encoding::DELTA_LENGTH_BYTE_ARRAY)
            .set_column_statistics_enabled(path(), EnabledStatistics::None),
        Coding::Counter => builder
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED),
    };
    if purpose == Purpose::LookUp && column.looked_up {
        builder.set_column_bloom_filter_enabled(path(), true)
    } else {
        builder
    }
}
