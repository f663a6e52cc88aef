//! The first sheet: what the workbook is, what it states, and which sheets it has.

use super::sheets::{Written, cell_text};
use crate::document::{Block, Document, Notice};
use crate::error::ReportError;
use crate::text::visible;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

struct Page<'w> {
    sheet: &'w mut Worksheet,
    row: u32,
    name: Format,
    text: Format,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    document: &Document<'_>,
    written: &[Written],
) -> Result<(), ReportError> {
    sheet.set_column_width(0, 28)?;
    sheet.set_column_width(1, 96)?;
    sheet.set_column_width(2, 12)?;
    sheet.set_print_fit_to_pages(1, 0);
    let title = Format::new().set_bold().set_font_size(16);
    sheet.write_string_with_format(0, 0, cell_text(&visible(&document.title)), &title)?;
    let mut page = Page {
        sheet,
        row: 1,
        name: Format::new().set_bold().set_align(FormatAlign::Top),
        text: Format::new()
            .set_text_wrap()
            .set_num_format("@")
            .set_align(FormatAlign::Top),
    };
    page.fact("", &document.subtitle)?;
    page.fact("Written for", &document.profile)?;
    for (name, value) in &document.facts {
        page.fact(name, value)?;
    }
    page.fact("", &document.footer)?;
    page.statements(document)?;
    page.classes(document)?;
    page.sheets(written)
}

impl Page<'_> {
    fn fact(&mut self, name: &str, value: &str) -> Result<(), ReportError> {
        if value.is_empty() {
            return Ok(());
        }
        let (name, value) = (cell_text(&visible(name)), cell_text(&visible(value)));
        let row = self.row;
        self.sheet
            .write_string_with_format(row, 0, name, &self.name)?;
        self.sheet
            .write_string_with_format(row, 1, value, &self.text)?;
        self.row += 1;
        Ok(())
    }

    /// The statement and its limits stand here too: numbers do not travel without them.
    fn statements(&mut self, document: &Document<'_>) -> Result<(), ReportError> {
        self.row += 1;
        let sections = document.sections.iter();
        for block in sections.flat_map(|section| &section.blocks) {
            match block {
                Block::Lead(text) => self.fact("Statement", text)?,
                Block::Notice(Notice::Warning, text) => self.fact("Warning", text)?,
                Block::Notice(Notice::Info, text) => self.fact("Note", text)?,
                Block::Text(_)
                | Block::Facts(_)
                | Block::Counts(_)
                | Block::Table(_)
                | Block::Figure(_) => {}
            }
        }
        Ok(())
    }

    fn classes(&mut self, document: &Document<'_>) -> Result<(), ReportError> {
        self.row += 1;
        for class in &document.classes {
            self.fact(&format!("Class {}", class.letter), &class.name)?;
        }
        Ok(())
    }

    fn sheets(&mut self, written: &[Written]) -> Result<(), ReportError> {
        self.row += 1;
        for (column, heading) in ["Sheet", "Table", "Rows"].into_iter().enumerate() {
            let (row, column) = (self.row, column as u16);
            self.sheet
                .write_string_with_format(row, column, heading, &self.name)?;
        }
        self.row += 1;
        for sheet in written {
            let row = self.row;
            self.fact(&sheet.name, &sheet.title)?;
            self.sheet.write_number(row, 2, sheet.rows as f64)?;
            self.row = row + 1;
        }
        Ok(())
    }
}
