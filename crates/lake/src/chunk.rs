//! Rows in memory, a column at a time, until there are enough of them to be packed.

use crate::columns::{Column, Kind};
use crate::row::{Row, Value};
use crate::tables::Table;
use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Int32Builder, Int64Builder, RecordBatch, StringArray,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::buffer::{Buffer, NullBuffer, OffsetBuffer};
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
    Text(Texts),
    Time(TimestampMicrosecondBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Truth(BooleanBuilder),
}

/// Texts one after the other. None is stored empty, so that an empty one stands for null.
struct Texts {
    ends: Vec<i32>,
    values: Vec<u8>,
}

impl Texts {
    /// Returns a column with room for so many texts of so many bytes together.
    fn with_capacity(texts: usize, bytes: usize) -> Self {
        let mut ends = Vec::with_capacity(texts + 1);
        ends.push(0);
        Self {
            ends,
            values: Vec::with_capacity(bytes),
        }
    }

    fn push(&mut self, text: &str) {
        self.values.extend_from_slice(text.as_bytes());
        // A chunk is packed long before its bytes could outgrow the number.
        self.ends.push(self.values.len() as i32);
    }

    fn take(&mut self) -> Result<ArrayRef, ArrowError> {
        // The next rows are likely to be as many and as long: no growing by doubling.
        let next = Self::with_capacity(self.ends.len() - 1, self.values.len());
        let Self { ends, values } = std::mem::replace(self, next);
        let nulls: NullBuffer = ends.windows(2).map(|ends| ends[0] < ends[1]).collect();
        let nulls = (nulls.null_count() > 0).then_some(nulls);
        let ends = OffsetBuffer::new(ends.into());
        let texts = StringArray::try_new(ends, Buffer::from_vec(values), nulls)?;
        Ok(Arc::new(texts))
    }
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
            .collect::<Result<_, _>>()?;
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Texts::with_capacity(0, 0)),
            Kind::Time => Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Kind::Int => Self::Int(Int32Builder::new()),
            Kind::Long => Self::Long(Int64Builder::new()),
            Kind::Truth => Self::Truth(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(texts), Value::Text(text)) => texts.push(text),
            (Self::Text(texts), _) => texts.push(""),
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

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(texts) => texts.take()?,
            Self::Time(builder) => Arc::new(builder.finish()),
            Self::Int(builder) => Arc::new(builder.finish()),
            Self::Long(builder) => Arc::new(builder.finish()),
            Self::Truth(builder) => Arc::new(builder.finish()),
        })
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
