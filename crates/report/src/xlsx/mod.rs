//! A document's tables as a workbook: a sheet to read first, then one or more per table.
//!
//! Every text is written as a string, never as a formula or a link. Rows go to the disk as
//! they come, so that two million messages need no more memory than two hundred.

mod names;
mod readme;
mod sheets;

use crate::document::{Block, Document, Table};
use crate::error::ReportError;
use model::Timestamp;
use names::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use sheets::Written;
use std::io::Write;

/// What Excel holds in one sheet, the heading included.
const MOST_ROWS: u32 = 1_048_576;

/// Writes the workbook; `created` is the moment that it says it was made at, with none 1980.
pub fn write(
    document: &Document<'_>,
    created: Option<Timestamp>,
    out: &mut (dyn Write + Send),
) -> Result<(), ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document, created)?);
    let mut names = Names::default();
    workbook.add_worksheet().set_name(names.free("Read me"))?;
    let mut written = Vec::new();
    for table in tables(document) {
        written.extend(sheets::write(
            &mut workbook,
            &mut names,
            table,
            &document.classes,
            &document.footer,
            MOST_ROWS,
        )?);
    }
    readme::write(workbook.worksheet_from_index(0)?, document, &written)?;
    put_in_order(&mut workbook, &written);
    workbook.save_to_writer(out)?;
    Ok(())
}

/// Puts the further sheets of a class beside its first: they were opened as rows filled them.
fn put_in_order(workbook: &mut Workbook, written: &[Written]) {
    let place = |name: &str| written.iter().position(|one| one.name == name);
    // The sheet to read first is not among those written, and nothing sorts before something.
    workbook
        .worksheets_mut()
        .sort_by_key(|sheet| place(&sheet.name()));
}

fn properties(
    document: &Document<'_>,
    created: Option<Timestamp>,
) -> Result<DocProperties, ReportError> {
    // Without a date of its own the library asks the clock, and no two files would be the same.
    let seconds = created.map(|time| time.0.div_euclid(1_000_000));
    let date = match seconds.map(ExcelDateTime::from_timestamp) {
        Some(Ok(date)) => date,
        _ => ExcelDateTime::from_ymd(1980, 1, 1)?,
    };
    let title = crate::text::visible(&document.title);
    Ok(DocProperties::new()
        .set_title(crate::text::cut(&title, 200))
        .set_creation_datetime(&date))
}

fn tables<'d>(document: &'d Document<'_>) -> impl Iterator<Item = &'d Table<'d>> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks.filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Cell, Class, Column, Kind, Pattern, Sheets, Tone};
    use rust_xlsxwriter::Worksheet;

    fn sheets(sheet: Sheets, rows: &Vec<Vec<Cell>>) -> Vec<(String, u64)> {
        let table = Table {
            id: "t".into(),
            title: "Messages".into(),
            columns: vec![
                Column::new("Class", Kind::Class),
                Column::new("Number", Kind::Number),
            ],
            rows,
            sheet,
            empty: "No message lies in the window.".into(),
        };
        sheets_of(&table, &[])
    }

    fn sheets_of(table: &Table<'_>, classes: &[Class]) -> Vec<(String, u64)> {
        let mut workbook = Workbook::new();
        let mut names = Names::default();
        let written = sheets::write(&mut workbook, &mut names, table, classes, "foot", 11).unwrap();
        assert_eq!(workbook.worksheets().len(), written.len());
        put_in_order(&mut workbook, &written);
        workbook.save_to_buffer().unwrap();
        let opened = workbook.worksheets().iter().map(Worksheet::name);
        assert!(opened.eq(written.iter().map(|one| one.name.clone())));
        written
            .into_iter()
            .map(|one| (one.name, one.rows))
            .collect()
    }

    fn rows(count: i64) -> Vec<Vec<Cell>> {
        let class = |number| if number % 4 == 0 { "P1" } else { "N" };
        (0..count)
            .map(|number| vec![Cell::Text(class(number).into()), Cell::Number(number)])
            .collect()
    }

    #[test]
    fn a_class_has_its_own_sheets_and_a_full_one_goes_on_in_the_next() {
        assert_eq!(
            sheets(Sheets::By(0), &rows(60)),
            [
                ("P1".to_owned(), 10),
                ("P1 (2)".to_owned(), 5),
                ("N".to_owned(), 10),
                ("N (2)".to_owned(), 10),
                ("N (3)".to_owned(), 10),
                ("N (4)".to_owned(), 10),
                ("N (5)".to_owned(), 5),
            ]
        );
    }

    #[test]
    fn a_class_without_a_row_has_a_sheet_too() {
        let rows = rows(3);
        let table = Table {
            id: "t".into(),
            title: "Messages".into(),
            columns: vec![
                Column::new("Class", Kind::Class),
                Column::new("Number", Kind::Number),
            ],
            rows: &rows,
            sheet: Sheets::By(0),
            empty: String::new(),
        };
        let class = |letter: &str| Class {
            letter: letter.to_owned(),
            name: String::new(),
            pattern: Pattern::Solid,
            tone: Tone::Calm,
        };
        let classes = ["E", "P1", "N", "O"].map(class);
        let counts = [("E", 0), ("P1", 1), ("N", 2), ("O", 0)];
        assert_eq!(
            sheets_of(&table, &classes),
            counts.map(|(name, rows)| (name.to_owned(), rows))
        );
    }

    #[test]
    fn a_table_without_rows_has_a_sheet_that_says_why() {
        assert_eq!(
            sheets(Sheets::By(0), &Vec::new()),
            [("Messages".to_owned(), 0)]
        );
    }

    #[test]
    fn a_thousand_values_do_not_make_a_thousand_sheets() {
        let rows: Vec<Vec<Cell>> = (0..1_000).map(|at| vec![Cell::Number(at)]).collect();
        let sheets = sheets(Sheets::By(0), &rows);
        assert_eq!(sheets[40].0, "Other values");
        assert_eq!(sheets.iter().map(|(_, rows)| rows).sum::<u64>(), 1_000);
    }
}
