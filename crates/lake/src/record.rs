//! Looking one record up by its id.

use crate::cells::{self, Cell};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::session::column;
use crate::tables::Table;
use datafusion::logical_expr::lit;

/// A record as a table holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// The table.
    pub table: String,
    /// Every column that has a value, as text, in the table's order.
    pub columns: Vec<(String, String)>,
}

impl Lake {
    /// Returns every record with this id: one in each tenant and source that has it, every
    /// conflicting body, and what could be saved of one that was damaged.
    pub async fn record(&self, id: &str) -> Result<Vec<StoredRecord>, LakeError> {
        let mut found = Vec::new();
        for table in Table::of_records() {
            let frame = self.frame(table).await?;
            let frame = frame
                .filter(column("record_id").eq(lit(id)))
                .map_err(LakeError::query)?;
            let mut of_table = Vec::new();
            for batch in frame.collect().await.map_err(LakeError::query)? {
                let rows = cells::rows(&batch)?;
                of_table.extend(
                    rows.rows
                        .iter()
                        .map(|row| stored(table, &rows.columns, row)),
                );
            }
            // Files are read side by side: the order in which they answer means nothing.
            of_table.sort_by(|one: &StoredRecord, other| one.columns.cmp(&other.columns));
            found.append(&mut of_table);
        }
        Ok(found)
    }
}

fn stored(table: Table, columns: &[String], row: &[Cell]) -> StoredRecord {
    let said = columns
        .iter()
        .zip(row)
        .filter(|(_, cell)| **cell != Cell::Null);
    StoredRecord {
        table: table.name().to_owned(),
        columns: said
            .map(|(column, cell)| (column.clone(), cell.to_string()))
            .collect(),
    }
}
