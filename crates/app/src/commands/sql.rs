//! `breachscope sql 'SELECT ...'`.

use super::store;
use crate::cli::{Format, Global, SqlArgs};
use crate::error::{Code, Trouble};
use crate::table::{Align, Table, csv_line, thousands};
use crate::ui::Ui;
use engine::{Cell, Rows};
use std::ops::ControlFlow;

/// How many rows are shown to eyes; the other formats print all.
const SHOWN: usize = 1000;

/// Runs a query and prints its rows.
pub(crate) fn run(args: &SqlArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let store = store(global)?;
    match ui.format {
        Format::Table => table(&store, &args.query, ui)?,
        _ => stream(&store, &args.query, ui)?,
    }
    ui.flush()?;
    Ok(Code::Ok)
}

fn table(store: &engine::Store, query: &str, ui: &mut Ui) -> Result<(), Trouble> {
    let (mut columns, mut kept, mut total) = (Vec::new(), Vec::new(), 0usize);
    store.sql(query, &mut |rows| {
        columns.clone_from(&rows.columns);
        total += rows.rows.len();
        let room = SHOWN - kept.len();
        kept.extend(rows.rows.iter().take(room).cloned());
        ControlFlow::Continue(())
    })?;
    let heads: Vec<(&str, Align)> = columns
        .iter()
        .map(|name| (name.as_str(), Align::Left))
        .collect();
    let mut table = Table::new(&heads);
    for row in &kept {
        table.row(row.iter().map(Cell::to_string).collect());
    }
    ui.table(&table)?;
    if total > kept.len() {
        ui.warn(&format!(
            "{} more rows are not shown: use --format jsonl or csv, or LIMIT",
            thousands((total - kept.len()) as u64)
        ));
    }
    ui.say(&format!("{} row(s)", thousands(total as u64)));
    Ok(())
}

fn stream(store: &engine::Store, query: &str, ui: &mut Ui) -> Result<(), Trouble> {
    let mut printed = Printed::default();
    let mut failed = None;
    store.sql(query, &mut |rows| match batch(rows, &mut printed, ui) {
        Ok(()) => ControlFlow::Continue(()),
        Err(trouble) => {
            failed = Some(trouble);
            ControlFlow::Break(())
        }
    })?;
    if let Some(trouble) = failed {
        return Err(trouble);
    }
    if ui.format == Format::Json {
        ui.line(if printed.rows { "]" } else { "[]" })?;
    }
    Ok(())
}

/// What of an answer was printed before.
#[derive(Default)]
struct Printed {
    columns: bool,
    rows: bool,
}

fn batch(rows: &Rows, printed: &mut Printed, ui: &mut Ui) -> Result<(), Trouble> {
    if ui.format == Format::Csv && !printed.columns {
        ui.line(&csv_line(&rows.columns))?;
        printed.columns = true;
    }
    for row in &rows.rows {
        match ui.format {
            Format::Csv => ui.line(&csv_line(
                &row.iter().map(Cell::to_string).collect::<Vec<_>>(),
            ))?,
            Format::Json => {
                let before = if printed.rows { "," } else { "[" };
                ui.bytes(before.as_bytes())?;
                ui.json(&object(&rows.columns, row))?;
            }
            _ => ui.json(&object(&rows.columns, row))?,
        }
        printed.rows = true;
    }
    Ok(())
}

fn object(columns: &[String], row: &[Cell]) -> serde_json::Map<String, serde_json::Value> {
    columns.iter().cloned().zip(row.iter().map(value)).collect()
}

fn value(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Text(text) => text.clone().into(),
        Cell::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()),
        Cell::Truth(truth) => (*truth).into(),
        Cell::Time(time) => time.to_string().into(),
    }
}
