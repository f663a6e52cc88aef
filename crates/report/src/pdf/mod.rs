//! A document as PDF, set by typst with the letters that it brings along.
//!
//! The template is ours and fixed; the document reaches it as JSON, so that no text is
//! ever markup. No font of the machine is looked at: the same document gives the same
//! bytes everywhere.

mod data;
mod glyphs;
mod pieces;
mod table;
mod widths;
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
    use crate::document::{Block, Cell, Column, Count, Kind, Section, Sheets, Table};
    use typst::layout::{Frame, FrameItem, Point};

    /// A text as it stands on a page: where it begins and ends, and on which line.
    #[derive(Debug)]
    struct Word {
        text: String,
        from: f64,
        to: f64,
        base: f64,
        size: f64,
    }

    /// Returns the width of each page, and the texts on it.
    fn set(document: &Document<'_>) -> Vec<(f64, Vec<Word>)> {
        let fonts = world::fonts();
        let parts = data::parts(document, &Glyphs::of(&fonts)).unwrap();
        let world = ReportWorld::new(fonts, parts).unwrap();
        let pages = typst::compile::<PagedDocument>(&world).output.unwrap();
        let words = |frame: &Frame| {
            let mut words = Vec::new();
            collect(frame, Point::zero(), &mut words);
            words
        };
        let pages = pages.pages().iter();
        pages
            .map(|page| (page.frame.width().to_pt(), words(&page.frame)))
            .collect()
    }

    /// Returns the words of a document as they stand on its pages.
    fn words(document: &Document<'_>) -> String {
        let pages = set(document);
        let words = pages.iter().flat_map(|(_, words)| words);
        words.map(|word| word.text.as_str()).collect()
    }

    fn collect(frame: &Frame, origin: Point, out: &mut Vec<Word>) {
        for (at, item) in frame.items() {
            let at = origin + *at;
            match item {
                FrameItem::Text(text) => out.push(Word {
                    text: text.text.to_string(),
                    from: at.x.to_pt(),
                    to: (at.x + text.width()).to_pt(),
                    base: at.y.to_pt(),
                    size: text.size.to_pt(),
                }),
                // A picture's own texts are measured where it is drawn.
                FrameItem::Group(group) if group.transform.is_identity() => {
                    collect(&group.frame, at, out);
                }
                FrameItem::Group(group) => {
                    let moved = Point::new(group.transform.tx, group.transform.ty);
                    collect(&group.frame, at + moved, out);
                }
                _ => {}
            }
        }
    }

    /// Asserts that no text of a page lies on another or beyond the margin.
    fn assert_apart(document: &Document<'_>) {
        for (width, words) in set(document) {
            for (nth, one) in words.iter().enumerate() {
                assert!(one.to < width - 60.0, "beyond the margin: {one:?}");
                for other in &words[nth + 1..] {
                    let lines = (one.base - other.base).abs() > one.size.min(other.size) * 0.5;
                    let sides = one.to <= other.from + 0.1 || other.to <= one.from + 0.1;
                    assert!(lines || sides, "{one:?} and {other:?}");
                }
            }
        }
    }

    const KINDS: [Kind; 6] = [
        Kind::Class,
        Kind::Text,
        Kind::Time,
        Kind::Id,
        Kind::List,
        Kind::Number,
    ];

    /// Returns a row of long texts that leave no place to break, one cell a column.
    fn long_row(columns: usize) -> Vec<Cell> {
        let long = [
            "W".repeat(70),
            "2603:10a6:0208:0000:0000:0000:0000:0e4f".to_owned(),
            "name.surname@department.company.example".to_owned(),
            // No line is broken before a full stop or behind a bracket, even after a space.
            "a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a.(a".to_owned(),
            "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!))))))))))))))))))))))(((((((((((((((((((".to_owned(),
            "QUIWTUZGNDUyMWEtODk0Yi00ZDdmLWE4ZmQtMzFhM2YwOTdkMmEz".to_owned(),
            "m\u{a0}m\u{a0}m\u{a0}m\u{a0}m\u{a0}m\u{a0}m\u{a0}m\u{a0}m\u{a0}m中文中文中文"
                .to_owned(),
        ];
        (0..columns)
            .map(|at| match KINDS[at % KINDS.len()] {
                Kind::Time => Cell::Time(Timestamp(1_600_000_000_123_456)),
                Kind::Number => Cell::Number(i64::MIN),
                Kind::List => Cell::List(long.to_vec()),
                _ => Cell::Text(long[at % long.len()].clone()),
            })
            .collect()
    }

    fn wide_table<'a>(rows: &'a Vec<Vec<Cell>>, heading: &str) -> Table<'a> {
        let kinds = KINDS.iter().cycle().take(rows[0].len());
        Table {
            id: "wide".into(),
            title: "Wide".into(),
            columns: kinds
                .enumerate()
                .map(|(at, kind)| Column::new(format!("{heading}{at}"), *kind))
                .collect(),
            rows,
            sheet: Sheets::One,
            empty: String::new(),
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
    fn no_text_of_a_table_lies_on_another_however_many_columns_there_are() {
        for columns in [1, 4, 7, 8, 13, 40] {
            let rows = vec![long_row(columns), vec![Cell::Empty], long_row(columns)];
            for heading in ["Heading ", "Unbreakableheading", "MMMMMMMMMMMMMMMMMMMMMMMM"] {
                let table = wide_table(&rows, heading);
                assert_apart(&with_blocks(vec![Block::Table(table)]));
            }
        }
    }

    #[test]
    fn tiles_and_the_foot_keep_long_words_apart() {
        let tile = |class: &str, number| Count {
            class: class.into(),
            number,
            meaning: "W".repeat(90),
        };
        let mut document = with_blocks(vec![Block::Counts(vec![
            tile("Exfiltratedorotherwiseused", 1_234_567_890_123),
            tile("P1", 7),
            tile(&"M".repeat(60), u64::from(u32::MAX)),
        ])]);
        document.footer = "W".repeat(200);
        assert_apart(&document);
    }

    #[test]
    fn what_is_not_for_paper_is_named_and_not_shown() {
        let rows = vec![vec![Cell::Text("kept".into()), Cell::Text("secret".into())]];
        let mut table = wide_table(&rows, "Column ");
        table.columns[1] = Column::new("Elsewhere", Kind::Text).screen_only();
        let words = words(&with_blocks(vec![Block::Table(table)])).replace(' ', "");
        assert!(
            words.contains("kept") && !words.contains("secret"),
            "{words}"
        );
        assert!(
            words.contains("Intheannex(HTML,XLSX):Elsewhere."),
            "{words}"
        );
    }

    #[test]
    fn columns_that_a_turned_page_cannot_hold_are_named_as_left_out() {
        let rows = vec![long_row(40)];
        let words = words(&with_blocks(vec![Block::Table(wide_table(&rows, "N"))]));
        let (_, left_out) = words.split_once("In the annex").unwrap();
        assert!(
            left_out.contains("N39") && !left_out.contains("N18,"),
            "{words}"
        );
    }

    #[test]
    fn a_wide_table_turns_the_pages_of_its_section_and_an_empty_one_turns_none() {
        let rows = vec![long_row(8)];
        let widths = |table| -> Vec<bool> {
            let pages = set(&with_blocks(vec![Block::Table(table)]));
            pages.iter().map(|(width, _)| *width > 800.0).collect()
        };
        assert!(widths(wide_table(&rows, "N")).contains(&true));
        let nothing = Vec::new();
        let mut empty = wide_table(&rows, "N");
        empty.rows = &nothing;
        assert!(!widths(empty).contains(&true));
    }

    #[test]
    fn a_list_says_four_and_how_many_more() {
        let items = (0..12).map(|at| format!("item{at}")).collect();
        let rows = vec![vec![Cell::List(items)]];
        let words = words(&with_blocks(vec![Block::Table(wide_table(&rows, "N"))]));
        assert!(
            words.contains("item3") && !words.contains("item4"),
            "{words}"
        );
        assert!(words.contains("and 8 more"), "{words}");
    }

    #[test]
    fn a_missing_letter_is_named_and_the_reader_is_told_once() {
        let words = words(&with_blocks(vec![Block::Text("中 and 文".into())]));
        assert!(words.contains("⟨U+4E2D⟩ and ⟨U+6587⟩"), "{words}");
        assert_eq!(words.matches("cannot draw").count(), 1);
    }
}
