//! A table as CSV (RFC 4180).
//!
//! A CSV is opened by eyes and by spreadsheets: hidden characters are marks, and no cell
//! is a formula. It is not where the original spelling is kept; JSON is.

use crate::document::{Cell, Table};
use crate::error::ReportError;
use crate::text::visible;
use model::shown::spreadsheet_safe;
use std::io::Write;
use std::ops::ControlFlow;

/// Whether a byte order mark opens the file, by which Excel knows UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bom {
    /// It does.
    With,
    /// It does not.
    Without,
}

/// Writes a table with a line of headings.
pub fn write(table: &Table<'_>, bom: Bom, out: &mut dyn Write) -> Result<(), ReportError> {
    if bom == Bom::With {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut line = String::new();
    for (at, column) in table.columns.iter().enumerate() {
        push_cell(&mut line, at, &guarded(&visible(&column.heading())));
    }
    end(&mut line, out)?;
    table.walk(|row| {
        for (at, cell) in row.iter().enumerate() {
            push_cell(&mut line, at, &plain(cell));
        }
        end(&mut line, out)?;
        Ok(ControlFlow::Continue(()))
    })
}

fn end(line: &mut String, out: &mut dyn Write) -> Result<(), ReportError> {
    line.push_str("\r\n");
    out.write_all(line.as_bytes())?;
    line.clear();
    Ok(())
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(&visible(text)),
        // A negative number is typed as a number: no guard, or nothing could be summed.
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.to_string(),
        Cell::List(items) => guarded(&visible(&items.join("; "))),
    }
}

fn guarded(text: &str) -> String {
    spreadsheet_safe(text).into_owned()
}

fn push_cell(line: &mut String, at: usize, text: &str) {
    if at > 0 {
        line.push(',');
    }
    // The semicolon separates in half of Europe; quoted, it stays inside its cell.
    if text.contains(['"', ',', ';', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}
