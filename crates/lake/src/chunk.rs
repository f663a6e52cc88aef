//! Rows in memory, a column at a time, until there are enough of them to be packed.

use crate::columns::{Column, Kind};
use crate::row::{Row, Value};
use crate::tables::Table;
use datafusion::arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::compute::{SortColumn, SortOptions, lexsort_to_indices, take_record_batch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use std::sync::Arc;

/// Rows of one table that are not packed yet.
pub(crate) struct Chunk {
    schema: SchemaRef,
    columns: Vec<(&'static Column, Builder)>,
    rows: usize,
    bytes: usize,
}

enum Builder {
    Text(StringBuilder),
    Time(TimestampMicrosecondBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Truth(BooleanBuilder),
}

/// What a value costs beside its text: an offset or a number, and a bit.
const BYTES_A_VALUE: usize = 5;

impl Chunk {
    pub(crate) fn new(table: Table) -> Self {
        let columns = table
            .columns()
            .into_iter()
            .filter(|column| !column.is_partition());
        Self {
            schema: table.file_schema(),
            columns: columns
                .map(|column| (column, Builder::new(column.kind)))
                .collect(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Takes a row in.
    pub(crate) fn push(&mut self, row: &Row<'_>) {
        for (column, builder) in &mut self.columns {
            let value = column.value(row);
            if let Value::Text(text) = value {
                self.bytes += text.len();
            }
            builder.push(value);
        }
        self.rows += 1;
        self.bytes += self.columns.len() * BYTES_A_VALUE;
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns about how much memory the rows take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gives the rows away and begins anew.
    pub(crate) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows = 0;
        self.bytes = 0;
        let arrays = self
            .columns
            .iter_mut()
            .map(|(_, builder)| builder.finish())
            .collect();
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Time => Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Kind::Int => Self::Int(Int32Builder::new()),
            Kind::Long => Self::Long(Int64Builder::new()),
            Kind::Truth => Self::Truth(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Time(builder), Value::Number(micros)) => builder.append_value(micros),
            (Self::Time(builder), _) => builder.append_null(),
            (Self::Int(builder), value) => {
                builder.append_option(whole(value).and_then(|number| i32::try_from(number).ok()));
            }
            (Self::Long(builder), value) => builder.append_option(whole(value)),
            (Self::Truth(builder), Value::Truth(truth)) => builder.append_value(truth),
            (Self::Truth(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => {
                // The next rows are likely to be as many and as long: no growing by doubling.
                let next =
                    StringBuilder::with_capacity(builder.len(), builder.values_slice().len());
                Arc::new(std::mem::replace(builder, next).finish())
            }
            Self::Time(builder) => Arc::new(builder.finish()),
            Self::Int(builder) => Arc::new(builder.finish()),
            Self::Long(builder) => Arc::new(builder.finish()),
            Self::Truth(builder) => Arc::new(builder.finish()),
        }
    }
}

fn whole(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// Returns the rows in the order of their table.
pub(crate) fn sorted(batch: &RecordBatch, table: Table) -> Result<RecordBatch, ArrowError> {
    let by: Vec<SortColumn> = table
        .sorted_by()
        .iter()
        .filter_map(|name| batch.column_by_name(name))
        .map(|values| SortColumn {
            values: Arc::clone(values),
            options: Some(SortOptions {
                descending: false,
                nulls_first: true,
            }),
        })
        .collect();
    take_record_batch(batch, &lexsort_to_indices(&by, None)?)
}

/// Returns the rows without the columns that are null in every row: each costs a small
/// file its description, and a reader fills a column that is not there with null.
pub(crate) fn without_empty_columns(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let filled: Vec<usize> = (0..batch.num_columns())
        .filter(|at| batch.column(*at).null_count() < batch.num_rows())
        .collect();
    let fields: Vec<_> = filled
        .iter()
        .map(|at| Arc::clone(&batch.schema_ref().fields()[*at]))
        .collect();
    let arrays = filled
        .iter()
        .map(|at| Arc::clone(batch.column(*at)))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
