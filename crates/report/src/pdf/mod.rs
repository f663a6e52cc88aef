//! A document as PDF, set by typst with the letters that it brings along.
//!
//! The template is ours and fixed; the document reaches it as JSON, so that no text is
//! ever markup. No font of the machine is looked at: the same document gives the same
//! bytes everywhere.

mod data;
mod glyphs;
mod world;

use crate::document::Document;
use crate::error::ReportError;
use glyphs::Glyphs;
use model::Timestamp;
use std::io::Write;
use typst::diag::SourceDiagnostic;
use typst::foundations::Datetime;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::ReportWorld;

/// Writes the pages; `date` is the moment that the file says it was made at.
pub fn write(
    document: &Document<'_>,
    date: Option<Timestamp>,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let fonts = world::fonts();
    let glyphs = Glyphs::of(&fonts);
    let parts = data::parts(document, &glyphs)?;
    let world = ReportWorld::new(fonts, parts)?;
    let pages = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| typeset_error(&errors))?;
    let options = PdfOptions {
        timestamp: date.and_then(timestamp),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| typeset_error(&errors))?;
    // A long-lived process would keep the layout of every document it ever set.
    typst::comemo::evict(0);
    out.write_all(&bytes)?;
    Ok(())
}

fn timestamp(time: Timestamp) -> Option<typst_pdf::Timestamp> {
    let (year, month, day) = time.date();
    let seconds = time.0.rem_euclid(86_400_000_000) / 1_000_000;
    let datetime = Datetime::from_ymd_hms(
        year,
        month as u8,
        day as u8,
        (seconds / 3600) as u8,
        (seconds / 60 % 60) as u8,
        (seconds % 60) as u8,
    )?;
    Some(typst_pdf::Timestamp::new_utc(datetime))
}

fn typeset_error(errors: &[SourceDiagnostic]) -> ReportError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    ReportError::Typeset(messages.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Cell, Column, Kind, Section, Sheets, Table};
    use typst::layout::{Frame, FrameItem};

    /// Returns the words of a document as they stand on its pages.
    fn words(document: &Document<'_>) -> String {
        let fonts = world::fonts();
        let parts = data::parts(document, &Glyphs::of(&fonts)).unwrap();
        let world = ReportWorld::new(fonts, parts).unwrap();
        let pages = typst::compile::<PagedDocument>(&world).output.unwrap();
        let mut out = String::new();
        for page in pages.pages() {
            collect(&page.frame, &mut out);
        }
        out
    }

    fn collect(frame: &Frame, out: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Text(text) => out.push_str(&text.text),
                FrameItem::Group(group) => collect(&group.frame, out),
                _ => {}
            }
        }
    }

    fn with_blocks(blocks: Vec<Block<'_>>) -> Document<'_> {
        Document {
            title: "Title".into(),
            subtitle: String::new(),
            profile: String::new(),
            facts: Vec::new(),
            footer: "snapshot 41".into(),
            classes: Vec::new(),
            sections: vec![Section {
                id: "one".into(),
                title: "One".into(),
                blocks,
            }],
        }
    }

    #[test]
    fn markup_of_the_typesetter_stands_on_the_page_as_it_was_written() {
        let hostile = "#panic() $x^2$ *b* _i_ `r` <l> @r = h \\ // no #read(\"/etc/passwd\")";
        let document = with_blocks(vec![
            Block::Text(hostile.into()),
            Block::Lead(hostile.into()),
        ]);
        let words = words(&document).replace(' ', "");
        let expected = hostile.replace(' ', "");
        assert_eq!(words.matches(&expected).count(), 2, "{words}");
    }

    #[test]
    fn a_long_table_says_what_it_leaves_out_and_each_page_has_the_foot() {
        let rows: Vec<Vec<Cell>> = (0..1_234)
            .map(|at| vec![Cell::Number(70_000 + at)])
            .collect();
        let table = Table {
            id: "t".into(),
            title: "Many".into(),
            columns: vec![Column::new("Number", Kind::Number)],
            rows: &rows,
            sheet: Sheets::One,
            empty: String::new(),
        };
        let words = words(&with_blocks(vec![Block::Table(table)]));
        assert!(words.contains("834 more rows are in the annex (CSV, XLSX)."));
        assert!(words.contains("70399") && !words.contains("70400"));
        assert!(words.matches("snapshot 41").count() > 3);
        assert!(words.contains("Page 2 of "));
    }

    #[test]
    fn a_missing_letter_is_named_and_the_reader_is_told_once() {
        let words = words(&with_blocks(vec![Block::Text("中 and 文".into())]));
        assert!(words.contains("⟨U+4E2D⟩ and ⟨U+6587⟩"), "{words}");
        assert_eq!(words.matches("cannot draw").count(), 1);
    }
}
