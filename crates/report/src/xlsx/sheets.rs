//! The sheets of one table: split by value, split again where one is full.

use super::names::Names;
use crate::document::{Cell, Class, Kind, Sheets, Table};
use crate::error::ReportError;
use crate::text::{line, visible};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What Excel holds in one cell, in UTF-16 units.
const MOST_UNITS: usize = 32_767;
const CUT_MARK: &str = " … [cut: a cell holds no more]";
/// More sheets than this hide what they were meant to show: further values share one.
const MOST_VALUES: usize = 40;
/// What stands in the sheet of a class that has no row.
const NONE: &str = "None: nothing is in this class.";
const SHARED: &str = "Other values";
/// So many rows are looked at to find how wide columns are.
const MEASURED_ROWS: u64 = 300;
/// Where an `f64` no longer holds each whole number.
const LARGEST_EXACT: u64 = 1 << 53;

/// A sheet that was written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) rows: u64,
    /// The first sheet of its value, by its number: further ones stand beside it.
    first: usize,
}

/// The sheet that rows of one value go to.
struct Open {
    base: String,
    first: usize,
    index: usize,
    next_row: u32,
}

struct Looks {
    head: Format,
    text: Format,
    seconds: Format,
    millis: Format,
}

struct Writer<'w, 't> {
    workbook: &'w mut Workbook,
    names: &'w mut Names,
    table: &'t Table<'t>,
    footer: &'t str,
    widths: Vec<f64>,
    looks: Looks,
    most_rows: u32,
    written: Vec<Written>,
}

/// Writes a table and returns its sheets; a table that is split by class has one for every
/// class, so that a class without a row is seen to have none.
pub(super) fn write(
    workbook: &mut Workbook,
    names: &mut Names,
    table: &Table<'_>,
    classes: &[Class],
    footer: &str,
    most_rows: u32,
) -> Result<Vec<Written>, ReportError> {
    let mut writer = Writer {
        workbook,
        names,
        table,
        footer,
        widths: widths(table)?,
        looks: looks(),
        most_rows: most_rows.max(2),
        written: Vec::new(),
    };
    let mut open: BTreeMap<String, Open> = BTreeMap::new();
    if is_by_class(table) {
        for class in classes {
            open.insert(class.letter.clone(), writer.first(&class.letter)?);
        }
    }
    table.walk(|row| {
        let value = value_of(table, row, &open);
        if !open.contains_key(&value) {
            let first = writer.first(&value)?;
            open.insert(value.clone(), first);
        }
        if let Some(sheet) = open.get_mut(&value) {
            writer.row(sheet, row)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for sheet in open.values() {
        writer.close(sheet)?;
    }
    if open.is_empty() {
        writer.say_why_empty()?;
    }
    let mut written = writer.written;
    written.sort_by_key(|sheet| sheet.first);
    Ok(written)
}

fn is_by_class(table: &Table<'_>) -> bool {
    let Sheets::By(column) = table.sheet else {
        return false;
    };
    table
        .columns
        .get(column)
        .is_some_and(|column| column.kind == Kind::Class)
}

fn value_of(table: &Table<'_>, row: &[Cell], open: &BTreeMap<String, Open>) -> String {
    let Sheets::By(column) = table.sheet else {
        return String::new();
    };
    let value = row.get(column).map(line).unwrap_or_default();
    if open.contains_key(value.as_ref()) || open.len() < MOST_VALUES {
        value.into_owned()
    } else {
        SHARED.to_owned()
    }
}

fn looks() -> Looks {
    Looks {
        head: Format::new()
            .set_bold()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Thin)
            .set_background_color(0x00EE_F0F3),
        text: Format::new().set_num_format("@"),
        seconds: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        millis: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
    }
}

/// Returns how wide each column is, from its heading and its first rows.
fn widths(table: &Table<'_>) -> Result<Vec<f64>, ReportError> {
    let columns = table.columns.iter();
    let mut widths: Vec<usize> = columns
        .map(|column| column.heading().chars().count().min(24) + 4)
        .collect();
    table.walk_first(MEASURED_ROWS, |row| {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(line(cell).chars().count() + 2);
        }
        Ok(())
    })?;
    let kinds = table.columns.iter().map(|column| column.kind);
    Ok(widths
        .into_iter()
        .zip(kinds)
        .map(|(width, kind)| match kind {
            Kind::Time => width.clamp(21, 28) as f64,
            _ => width.clamp(8, 60) as f64,
        })
        .collect())
}

impl Writer<'_, '_> {
    /// Opens the first sheet of a value.
    fn first(&mut self, value: &str) -> Result<Open, ReportError> {
        let base = match self.table.sheet {
            Sheets::One => self.table.title.clone(),
            Sheets::By(_) if value.is_empty() => format!("{} (no value)", self.table.title),
            // Two tables may be split by the same classes: the second adds its own title.
            Sheets::By(_) if self.names.is_free(value) => value.to_owned(),
            Sheets::By(_) => format!("{value} {}", self.table.title),
        };
        let first = self.workbook.worksheets().len();
        self.open(base, first)
    }

    fn open(&mut self, base: String, first: usize) -> Result<Open, ReportError> {
        let name = self.names.free(&base);
        let index = self.workbook.worksheets().len();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(&name)?;
        dress(sheet, self.footer, &self.widths)?;
        for (at, column) in self.table.columns.iter().enumerate() {
            let heading = cell_text(&visible(&column.heading()));
            sheet.write_string_with_format(0, at as u16, heading, &self.looks.head)?;
        }
        self.written.push(Written {
            name,
            title: self.table.title.clone(),
            rows: 0,
            first,
        });
        Ok(Open {
            base,
            first,
            index,
            next_row: 1,
        })
    }

    fn row(&mut self, open: &mut Open, row: &[Cell]) -> Result<(), ReportError> {
        if open.next_row >= self.most_rows {
            self.close(open)?;
            *open = self.open(open.base.clone(), open.first)?;
        }
        let sheet = self.workbook.worksheet_from_index(open.index)?;
        for (at, cell) in row.iter().enumerate() {
            put(sheet, (open.next_row, at as u16), cell, &self.looks)?;
        }
        open.next_row += 1;
        Ok(())
    }

    fn close(&mut self, open: &Open) -> Result<(), ReportError> {
        let sheet = self.workbook.worksheet_from_index(open.index)?;
        let name = sheet.name();
        if open.next_row == 1 {
            sheet.write_string(1, 0, NONE)?;
        }
        if let Some(last_column) = self.table.columns.len().checked_sub(1) {
            sheet.autofilter(0, 0, open.next_row - 1, last_column as u16)?;
        }
        if let Some(written) = self.written.iter_mut().find(|one| one.name == name) {
            written.rows = u64::from(open.next_row - 1);
        }
        Ok(())
    }

    fn say_why_empty(&mut self) -> Result<(), ReportError> {
        let open = self.open(self.table.title.clone(), 0)?;
        let sheet = self.workbook.worksheet_from_index(open.index)?;
        sheet.write_string(1, 0, cell_text(&visible(&self.table.empty)))?;
        Ok(())
    }
}

fn dress(sheet: &mut Worksheet, footer: &str, widths: &[f64]) -> Result<(), ReportError> {
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer(page_footer(footer));
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(at as u16, *width)?;
    }
    Ok(())
}

/// Returns a page footer; `&` begins a command in it, and 255 units are all there may be.
fn page_footer(footer: &str) -> String {
    let visible = visible(footer);
    let left: String = visible.chars().take(90).collect();
    format!("&L{}&RPage &P of &N", left.replace('&', "&&"))
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
) -> Result<(), ReportError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) if number.unsigned_abs() <= LARGEST_EXACT => {
            sheet.write_number(row, column, *number as f64)?;
        }
        Cell::Time(time) => match excel_time(time.0) {
            Some(date) => {
                let whole = time.0.rem_euclid(1_000_000) == 0;
                let look = if whole { &looks.seconds } else { &looks.millis };
                sheet.write_datetime_with_format(row, column, &date, look)?;
            }
            None => {
                sheet.write_string_with_format(row, column, line(cell), &looks.text)?;
            }
        },
        Cell::Number(_) | Cell::Text(_) | Cell::List(_) => {
            // The format `@` keeps a text a text when somebody edits the cell.
            let text = cell_text(&line(cell));
            sheet.write_string_with_format(row, column, text, &looks.text)?;
        }
    }
    Ok(())
}

/// Returns the moment as Excel counts it, unless Excel would change it: it knows
/// milliseconds, and its days before March 1900 are off by one.
fn excel_time(micros: i64) -> Option<ExcelDateTime> {
    const FIRST_GOOD_DAY: i64 = -25_508;
    if micros % 1_000 != 0 {
        return None;
    }
    let (year, month, day) = model::Timestamp(micros).date();
    if model::Timestamp(micros).day_number() < FIRST_GOOD_DAY || year > 9999 {
        return None;
    }
    let millis = micros.rem_euclid(86_400_000_000) / 1_000;
    let seconds = millis / 1_000;
    ExcelDateTime::from_ymd(year as u16, month as u8, day as u8)
        .and_then(|date| {
            date.and_hms_milli(
                (seconds / 3600) as u16,
                (seconds / 60 % 60) as u8,
                (seconds % 60) as u8,
                (millis % 1_000) as u16,
            )
        })
        .ok()
}

/// Returns a text that fits in a cell; one that is cut says so.
pub(super) fn cell_text(text: &str) -> String {
    // A unit is a byte at least, so a text of few bytes need not be counted.
    if text.len() <= MOST_UNITS || text.encode_utf16().count() <= MOST_UNITS {
        return text.to_owned();
    }
    let room = MOST_UNITS - CUT_MARK.encode_utf16().count();
    let mut out = String::with_capacity(MOST_UNITS);
    let mut units = 0;
    for character in text.chars() {
        units += character.len_utf16();
        if units > room {
            break;
        }
        out.push(character);
    }
    out + CUT_MARK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_cell_is_full_to_the_unit_and_says_so() {
        let cut = cell_text(&"a".repeat(40_000));
        assert_eq!(cut.encode_utf16().count(), MOST_UNITS);
        assert!(cut.ends_with(CUT_MARK));
        let exact = "ä".repeat(MOST_UNITS);
        assert_eq!(cell_text(&exact), exact);
        assert!(cell_text(&"😀".repeat(20_000)).encode_utf16().count() <= MOST_UNITS);
    }

    #[test]
    fn a_moment_that_excel_would_change_stays_text() {
        assert!(excel_time(1_621_372_416_000_000).is_some());
        assert!(excel_time(1_621_372_416_123_000).is_some());
        assert!(excel_time(1_621_372_416_123_456).is_none());
        assert!(excel_time(-2_208_988_800_000_000).is_none());
        assert!(excel_time(i64::MIN / 1000 * 1000).is_none());
        assert!(excel_time(i64::MAX / 1000 * 1000).is_none());
    }
}
