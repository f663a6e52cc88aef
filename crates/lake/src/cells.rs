//! Rows of a query in words of the house, so that no caller has to know Arrow.

use crate::error::LakeError;
use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, StringArray, TimestampMicrosecondArray, downcast_array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use model::Timestamp;
use std::fmt;
use std::sync::Arc;

/// Some rows of an answer, with the names of their columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// There is none.
    Null,
    /// True or false.
    Truth(bool),
    /// A number, as it is written in JSON; what JSON cannot write is a text.
    Number(String),
    /// A moment in UTC.
    Time(Timestamp),
    /// A text, or anything else as text.
    Text(String),
}

impl fmt::Display for Cell {
    /// Writes the value as it stands in a table; nothing for null.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(text) | Self::Text(text) => text.fmt(f),
            Self::Time(time) => time.fmt(f),
        }
    }
}

/// Returns a batch as rows.
pub(crate) fn rows(batch: &RecordBatch) -> Result<Rows, LakeError> {
    let columns = batch
        .schema_ref()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let cells = batch
        .columns()
        .iter()
        .map(cells)
        .collect::<Result<Vec<_>, _>>()?;
    let mut cells: Vec<_> = cells.into_iter().map(Vec::into_iter).collect();
    let rows = (0..batch.num_rows())
        .map(|_| cells.iter_mut().filter_map(Iterator::next).collect())
        .collect();
    Ok(Rows { columns, rows })
}

fn cells(column: &ArrayRef) -> Result<Vec<Cell>, LakeError> {
    let plain = match column.data_type() {
        DataType::Dictionary(_, inner) => cast(column, inner).map_err(LakeError::query)?,
        _ => Arc::clone(column),
    };
    match plain.data_type() {
        DataType::Boolean => {
            let truths: BooleanArray = downcast_array(&plain);
            Ok(truths
                .iter()
                .map(|truth| truth.map_or(Cell::Null, Cell::Truth))
                .collect())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let texts: StringArray =
                downcast_array(&cast(&plain, &DataType::Utf8).map_err(LakeError::query)?);
            Ok(texts
                .iter()
                .map(|text| text.map_or(Cell::Null, |text| Cell::Text(text.to_owned())))
                .collect())
        }
        DataType::Timestamp(_, zone) => {
            let micros = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            let times: TimestampMicrosecondArray =
                downcast_array(&cast(&plain, &micros).map_err(LakeError::query)?);
            Ok(times
                .iter()
                .map(|time| time.map_or(Cell::Null, |time| Cell::Time(Timestamp(time))))
                .collect())
        }
        kind => written(&plain, kind.is_numeric()),
    }
}

/// Returns the cells of a column as Arrow writes them.
fn written(column: &ArrayRef, is_numeric: bool) -> Result<Vec<Cell>, LakeError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column, &options).map_err(LakeError::query)?;
    let cell = |at: usize| {
        if column.is_null(at) {
            return Cell::Null;
        }
        let text = formatter.value(at).to_string();
        let is_number = is_numeric && text.parse::<f64>().is_ok_and(f64::is_finite);
        if is_number {
            Cell::Number(text)
        } else {
            Cell::Text(text)
        }
    };
    Ok((0..column.len()).map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{Float64Array, Int64Array};

    #[test]
    fn a_number_that_json_cannot_write_is_a_text() {
        let column: ArrayRef = Arc::new(Float64Array::from(vec![
            Some(1.5),
            Some(f64::NAN),
            Some(f64::INFINITY),
            None,
        ]));
        let expected = [
            Cell::Number("1.5".into()),
            Cell::Text("NaN".into()),
            Cell::Text("inf".into()),
            Cell::Null,
        ];
        assert_eq!(cells(&column).unwrap(), expected);
        let column: ArrayRef = Arc::new(Int64Array::from(vec![i64::MAX]));
        assert_eq!(
            cells(&column).unwrap(),
            [Cell::Number("9223372036854775807".into())]
        );
    }
}
