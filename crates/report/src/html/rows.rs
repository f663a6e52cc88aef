//! A table of the page: plain HTML where it is small, and its rows as data for the script.

use super::page::{swatch, swatch_names};
use crate::document::{Cell, Document, Kind, Table};
use crate::error::ReportError;
use crate::text::{cut, line, markup, moment, push_json, slug, thousands, visible};
use std::io::Write;

/// Up to here a table is plain HTML too.
const MOST_PLAIN: u64 = 200;
/// Up to here rows are in the page; a browser holds no more without making its reader wait.
const MOST_EMBEDDED: u64 = 200_000;
/// A cell says no more than this; the whole text is in the other formats.
const MOST_CHARACTERS: usize = 4_000;
const PAGE_ROWS: u64 = 100;
/// Where a script's number no longer holds each whole number.
const LARGEST_EXACT: u64 = 1 << 53;

/// Writes a table.
pub(super) fn table(
    document: &Document<'_>,
    table: &Table<'_>,
    id: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let name = slug(&table.id);
    let count = table.rows.count();
    writeln!(
        out,
        "<div class=\"table\" id=\"{id}\" data-name=\"{name}\">\n<h3 id=\"{id}-title\">{} <span class=\"total\">{}</span></h3>",
        markup(&table.title),
        rows_in_words(count)
    )?;
    if count == 0 {
        let why = markup(&table.empty);
        writeln!(out, "<p class=\"empty\">{why}</p>\n</div>")?;
        return Ok(());
    }
    limits(count, out)?;
    grid(document, table, id, out)?;
    data(document, table, id, out)?;
    out.write_all(b"</div>\n")?;
    Ok(())
}

fn rows_in_words(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        many => format!("{} rows", thousands(many)),
    }
}

/// Says what of the table is not in the page, on paper, or without a script.
fn limits(count: u64, out: &mut dyn Write) -> Result<(), ReportError> {
    if count > MOST_EMBEDDED {
        writeln!(
            out,
            "<p class=\"left-out\">This page holds the first {} rows; {} more are in the CSV and XLSX files of this report.</p>",
            thousands(MOST_EMBEDDED),
            thousands(count - MOST_EMBEDDED)
        )?;
    }
    if count > MOST_PLAIN {
        writeln!(
            out,
            "<noscript><p class=\"left-out\">Without scripts this table is not shown: its {} rows are in the CSV and XLSX files of this report.</p></noscript>\n\
             <p class=\"left-out paper\">Printed in part: all {} rows are in the CSV and XLSX files of this report.</p>",
            thousands(count),
            thousands(count)
        )?;
    }
    Ok(())
}

fn grid(
    document: &Document<'_>,
    table: &Table<'_>,
    id: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let many = table.rows.count() > MOST_PLAIN;
    writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-title\"{}>\n<table aria-labelledby=\"{id}-title\">\n<thead><tr>",
        if many { " hidden" } else { "" }
    )?;
    for column in &table.columns {
        write!(
            out,
            "<th scope=\"col\" class=\"{}\">{}</th>",
            kind(column.kind),
            markup(&column.heading())
        )?;
    }
    out.write_all(b"</tr></thead>\n<tbody>\n")?;
    if !many {
        table.walk_first(MOST_PLAIN, |row| plain_row(document, table, row, out))?;
    }
    out.write_all(b"</tbody>\n</table>\n</div>\n")?;
    Ok(())
}

/// Returns a kind's name in style and script.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Time => "time",
        Kind::Id => "id",
        Kind::List => "list",
        Kind::Class => "class",
    }
}

fn plain_row(
    document: &Document<'_>,
    table: &Table<'_>,
    row: &[Cell],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    out.write_all(b"<tr>")?;
    for (column, cell) in table.columns.iter().zip(row) {
        write!(out, "<td class=\"{}\">", kind(column.kind))?;
        match cell {
            Cell::List(items) => plain_list(items, out)?,
            other => {
                let text = line(other);
                if column.kind == Kind::Class {
                    out.write_all(swatch(document.class(&text)).as_bytes())?;
                }
                out.write_all(markup(&cut(&text, MOST_CHARACTERS)).as_bytes())?;
            }
        }
        out.write_all(b"</td>")?;
    }
    out.write_all(b"</tr>\n")?;
    Ok(())
}

fn plain_list(items: &[String], out: &mut dyn Write) -> Result<(), ReportError> {
    for item in items {
        let item = visible(item);
        write!(
            out,
            "<span class=\"item\">{}</span>",
            markup(&cut(&item, MOST_CHARACTERS))
        )?;
    }
    Ok(())
}

/// Writes the rows as data, one row a line.
fn data(
    document: &Document<'_>,
    table: &Table<'_>,
    id: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let mut text = String::new();
    head(document, table, &mut text);
    write!(
        out,
        "<script type=\"application/json\" id=\"{id}-data\">{text}"
    )?;
    let mut separator = "";
    table.walk_first(MOST_EMBEDDED, |row| {
        text.clear();
        text.push_str(separator);
        separator = ",";
        push_row(&mut text, row, table.columns.len());
        out.write_all(text.as_bytes())?;
        Ok(())
    })?;
    out.write_all(b"]}</script>\n")?;
    Ok(())
}

fn head(document: &Document<'_>, table: &Table<'_>, out: &mut String) {
    let page = if table.rows.count() > MOST_PLAIN {
        PAGE_ROWS
    } else {
        MOST_PLAIN
    };
    out.push_str("{\"page\":");
    out.push_str(&page.to_string());
    out.push_str(",\"kinds\":[");
    for (at, column) in table.columns.iter().enumerate() {
        push_separator(out, at);
        push_json(out, kind(column.kind));
    }
    out.push_str("],\"classes\":{");
    for (at, class) in document.classes.iter().enumerate() {
        push_separator(out, at);
        push_json(out, &visible(&class.letter));
        out.push(':');
        push_json(out, &swatch_names(class));
    }
    out.push_str("},\"rows\":[");
}

fn push_separator(out: &mut String, at: usize) {
    if at > 0 {
        out.push(',');
    }
}

fn push_row(out: &mut String, row: &[Cell], columns: usize) {
    out.push_str("\n[");
    for (at, cell) in row.iter().take(columns).enumerate() {
        push_separator(out, at);
        push_cell(out, cell);
    }
    out.push(']');
}

fn push_cell(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Empty => out.push_str("null"),
        Cell::Text(text) => push_text(out, text),
        Cell::Number(number) if number.unsigned_abs() <= LARGEST_EXACT => {
            out.push_str(&number.to_string());
        }
        Cell::Number(number) => push_json(out, &number.to_string()),
        Cell::Time(time) => push_json(out, &moment(*time)),
        Cell::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                push_separator(out, at);
                push_text(out, item);
            }
            out.push(']');
        }
    }
}

fn push_text(out: &mut String, text: &str) {
    push_json(out, &cut(&visible(text), MOST_CHARACTERS));
}
