//! What the tables hold, read back as the index knows it.

use crate::error::LakeError;
use crate::index::{Entry, Key};
use crate::lake::Lake;
use crate::session::{column, converted, text_at, texts};
use crate::tables::Table;
use datafusion::arrow::array::{Array, Int32Array, Int64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::record_batch::RecordBatch;
use futures::TryStreamExt;

/// Reads the identity of every record in every table.
pub(crate) async fn each_entry(
    lake: &Lake,
    visit: &mut dyn FnMut(Table, Entry),
) -> Result<(), LakeError> {
    // Conflicts come after the records they conflict with, as they did when they came in.
    for table in Table::of_records() {
        let columns: &[&str] = match table {
            Table::Rejects => &["file", "member", "offset"],
            _ => &["tenant", "source", "record_id", "fingerprint"],
        };
        each_batch(lake, table, columns, &mut |batch| {
            let entries = if table == Table::Rejects {
                rejects(batch)?
            } else {
                records(batch)?
            };
            for entry in entries {
                visit(table, entry);
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Reads which record each mail item belongs to.
pub(crate) async fn each_item_record(
    lake: &Lake,
    visit: &mut dyn FnMut(Key),
) -> Result<(), LakeError> {
    each_batch(
        lake,
        Table::MailItems,
        &["tenant", "source", "record_id"],
        &mut |batch| {
            for key in keys(batch)? {
                visit(key);
            }
            Ok(())
        },
    )
    .await
}

async fn each_batch(
    lake: &Lake,
    table: Table,
    columns: &[&str],
    visit: &mut dyn FnMut(&RecordBatch) -> Result<(), LakeError>,
) -> Result<(), LakeError> {
    let frame = lake.frame(table).await?;
    let frame = frame
        .select(columns.iter().map(|name| column(name)))
        .map_err(LakeError::query)?;
    let mut batches = frame.execute_stream().await.map_err(LakeError::query)?;
    while let Some(batch) = batches.try_next().await.map_err(LakeError::query)? {
        visit(&batch)?;
    }
    Ok(())
}

fn keys(batch: &RecordBatch) -> Result<Vec<Key>, LakeError> {
    let (tenants, sources, ids) = (
        texts(batch, "tenant")?,
        texts(batch, "source")?,
        texts(batch, "record_id")?,
    );
    let rows = 0..batch.num_rows();
    Ok(rows
        .map(|at| {
            Key::of_record(
                text_at(&tenants, at),
                text_at(&sources, at),
                text_at(&ids, at),
            )
        })
        .collect())
}

fn records(batch: &RecordBatch) -> Result<Vec<Entry>, LakeError> {
    let bodies: Int32Array = converted(batch, "fingerprint", &DataType::Int32)?;
    Ok(keys(batch)?
        .into_iter()
        .enumerate()
        .map(|(at, key)| Entry {
            key,
            body: bodies.value(at),
        })
        .collect())
}

fn rejects(batch: &RecordBatch) -> Result<Vec<Entry>, LakeError> {
    let (files, members) = (texts(batch, "file")?, texts(batch, "member")?);
    let offsets: Int64Array = converted(batch, "offset", &DataType::Int64)?;
    let key = |at: usize| {
        let offset = if offsets.is_null(at) {
            0
        } else {
            offsets.value(at) as u64
        };
        Key::of_reject(text_at(&files, at), text_at(&members, at), offset)
    };
    Ok((0..batch.num_rows())
        .map(|at| Entry {
            key: key(at),
            body: 0,
        })
        .collect())
}
