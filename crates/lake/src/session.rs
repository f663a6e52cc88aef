//! DataFusion as this house uses it: what is switched on, how much it may take, and how a
//! table is put before it.

use crate::error::LakeError;
use crate::lake::Lake;
use crate::tables::Table;
use datafusion::arrow::array::{Array, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::common::Column;
use datafusion::datasource::empty::EmptyTable;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::{Expr, lit};
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use datafusion::scalar::ScalarValue;
use deltalake::DeltaTable;
use model::Timestamp;
use std::sync::Arc;

/// How much memory queries may take together; sorting and grouping spill to disk beyond it.
pub(crate) const FOR_QUERIES: usize = 1 << 30;

/// How much memory a compaction may take: it runs beside an import, and nobody waits for it.
pub(crate) const FOR_COMPACTION: usize = 96 << 20;

pub(crate) fn runtime(memory: usize) -> Result<Arc<RuntimeEnv>, LakeError> {
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(memory)))
        .build_arc()
        .map_err(LakeError::query)
}

impl Lake {
    /// Returns a fresh session: no table, no setting and no view outlives a query.
    pub(crate) fn session(&self) -> SessionContext {
        SessionContext::new_with_config_rt(config(), Arc::clone(&self.runtime))
    }

    /// Returns a session that reads one file after the other: whoever walks through all rows
    /// has them come as fast as it takes them, and holds half as much.
    pub(crate) fn walking_session(&self) -> SessionContext {
        let config = config().with_target_partitions(1);
        SessionContext::new_with_config_rt(config, Arc::clone(&self.runtime))
    }

    /// Returns the current version of a table to be queried; an empty one where there is none.
    pub(crate) async fn provider(&self, table: Table) -> Result<Arc<dyn TableProvider>, LakeError> {
        match self.opened(table).await? {
            Some(opened) => provider_of(&opened).await,
            None => Ok(Arc::new(EmptyTable::new(table.schema()))),
        }
    }

    /// Returns the current version of a table to be read.
    pub(crate) async fn frame(&self, table: Table) -> Result<DataFrame, LakeError> {
        self.session()
            .read_table(self.provider(table).await?)
            .map_err(LakeError::query)
    }
}

/// Returns the settings of every session.
fn config() -> SessionConfig {
    SessionConfig::new()
        .with_information_schema(true)
        .with_parquet_pruning(true)
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_bool("datafusion.execution.parquet.reorder_filters", true)
        // Partition columns arrive as dictionaries, over which DataFusion 55 may panic when
        // it hands the keys of a join down as a list.
        .set_usize("datafusion.optimizer.hash_join_inlist_pushdown_max_size", 0)
        .set_usize(
            "datafusion.optimizer.hash_join_inlist_pushdown_max_distinct_values",
            0,
        )
}

/// Returns a session that takes little memory and one core, whatever it is asked.
pub(crate) fn modest_session() -> Result<SessionContext, LakeError> {
    let config = config().with_target_partitions(1);
    Ok(SessionContext::new_with_config_rt(
        config,
        runtime(FOR_COMPACTION)?,
    ))
}

pub(crate) async fn provider_of(opened: &DeltaTable) -> Result<Arc<dyn TableProvider>, LakeError> {
    opened.table_provider().await.map_err(LakeError::query)
}

/// Returns a column as an expression; `col()` would fold the case of its name.
pub(crate) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// Returns a moment as an expression.
pub(crate) fn moment(time: Timestamp) -> Expr {
    lit(ScalarValue::TimestampMicrosecond(
        Some(time.0),
        Some(Arc::from("UTC")),
    ))
}

/// Returns a column of a batch as plain text, whatever form the reader gave it.
pub(crate) fn texts(batch: &RecordBatch, name: &str) -> Result<StringArray, LakeError> {
    converted(batch, name, &DataType::Utf8)
}

/// Returns a column of a batch as moments.
pub(crate) fn times(
    batch: &RecordBatch,
    name: &str,
) -> Result<TimestampMicrosecondArray, LakeError> {
    converted(
        batch,
        name,
        &DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("UTC"))),
    )
}

/// Returns a column of a batch as Arrow type `A`, which `kind` describes.
pub(crate) fn converted<A: Array + Clone + 'static>(
    batch: &RecordBatch,
    name: &str,
    kind: &DataType,
) -> Result<A, LakeError> {
    let column = batch.column_by_name(name).ok_or_else(|| {
        LakeError::query(ArrowError::SchemaError(format!(
            "there is no column `{name}`"
        )))
    })?;
    let column = cast(column, kind).map_err(LakeError::query)?;
    let array = column.as_any().downcast_ref::<A>();
    array
        .cloned()
        .ok_or_else(|| LakeError::query(ArrowError::CastError(format!("`{name}` is no {kind}"))))
}

/// Returns the text at a place; nothing for null.
pub(crate) fn text_at(texts: &StringArray, at: usize) -> &str {
    if texts.is_null(at) {
        ""
    } else {
        texts.value(at)
    }
}
