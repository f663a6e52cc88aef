//! Many rows, and the same bytes each time.

use crate::specimen::{Specimen, at};
use report::csv::Bom;
use report::{
    Block, Cell, Column, Document, Kind, Rows, Section, Sheets, Table, csv, html, pdf, xlsx,
};
use std::io;
use std::ops::ControlFlow;

/// Rows that are made as they are walked.
struct Counted(u64);

impl Rows for Counted {
    fn count(&self) -> u64 {
        self.0
    }

    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> ControlFlow<()>) -> io::Result<()> {
        for number in 0..self.0 {
            let row = [
                Cell::Text(["P1", "S", "N"][number as usize % 3].into()),
                Cell::Number(number as i64),
            ];
            if take(&row).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn document(rows: &Counted) -> Document<'_> {
    let table = Table {
        id: "many".into(),
        title: "Many".into(),
        columns: vec![
            Column::new("Class", Kind::Class),
            Column::new("Number", Kind::Number),
        ],
        rows,
        sheet: Sheets::By(0),
        empty: "Nothing".into(),
    };
    Document {
        title: "Many rows".into(),
        subtitle: String::new(),
        profile: String::new(),
        facts: Vec::new(),
        footer: String::new(),
        classes: Vec::new(),
        sections: vec![Section {
            id: "many".into(),
            title: "Many".into(),
            blocks: vec![Block::Table(table)],
        }],
    }
}

fn embedded(page: &[u8]) -> usize {
    let page = std::str::from_utf8(page).expect("UTF-8");
    let (_, data) = page.split_once("-data\">").expect("a table with data");
    let (data, _) = data.split_once("</script>").expect("an end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    data["rows"].as_array().expect("rows").len()
}

#[test]
fn a_page_holds_a_hundred_thousand_messages() {
    let specimen = Specimen::new(100_000);
    let mut page = Vec::new();
    html::write(&specimen.document(), &mut page).expect("a page");
    println!("100,000 messages: {} bytes of HTML", page.len());
    assert_eq!(embedded(&page), 100_000);
}

#[test]
fn a_page_says_how_many_rows_it_leaves_out() {
    let rows = Counted(200_007);
    let mut page = Vec::new();
    html::write(&document(&rows), &mut page).expect("a page");
    assert_eq!(embedded(&page), 200_000);
    let page = String::from_utf8(page).expect("UTF-8");
    assert!(
        page.contains(
            "This page holds the first 200,000 rows; 7 more are in the CSV and XLSX files"
        )
    );
}

#[test]
fn every_row_reaches_the_csv() {
    let rows = Counted(250_000);
    let document = document(&rows);
    let Block::Table(table) = &document.sections[0].blocks[0] else {
        panic!("a table stands there");
    };
    let mut out = Vec::new();
    csv::write(table, Bom::Without, &mut out).expect("lines");
    assert_eq!(out.split(|byte| *byte == b'\n').count(), 250_002);
    assert!(out.ends_with(b"P1,249999\r\n"));
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let specimen = Specimen::new(60);
    let document = specimen.document();
    let date = Some(at(5, 9, 0));
    let all = || {
        let (mut page, mut paper, mut workbook) = (Vec::new(), Vec::new(), Vec::new());
        html::write(&document, &mut page).expect("a page");
        pdf::write(&document, date, &mut paper).expect("pages");
        xlsx::write(&document, date, &mut workbook).expect("a workbook");
        (page, paper, workbook)
    };
    let first = all();
    let second = all();
    assert!(first.0 == second.0, "the page differs");
    assert!(first.1 == second.1, "the paper differs");
    assert!(first.2 == second.2, "the workbook differs");
    // Two workbooks of one second are equal even with a clock in them: the archive's own
    // date, at a fixed place of its first entry, is the first that an archive can tell.
    assert_eq!(first.2[10..14], [0, 0, 0x21, 0], "the archive's date");
}

#[test]
fn rows_that_cannot_be_read_fail_the_document() {
    struct Broken;
    impl Rows for Broken {
        fn count(&self) -> u64 {
            1
        }
        fn each(&self, _: &mut dyn FnMut(&[Cell]) -> ControlFlow<()>) -> io::Result<()> {
            Err(io::Error::other("the lake is gone"))
        }
    }
    let rows = Counted(0);
    let mut document = document(&rows);
    let Block::Table(table) = &mut document.sections[0].blocks[0] else {
        panic!("a table stands there");
    };
    table.rows = &Broken;
    let mut out = Vec::new();
    let page = html::write(&document, &mut out).expect_err("broken rows");
    assert_eq!(page.to_string(), "read the rows of the table `many`");
    assert!(pdf::write(&document, None, &mut out).is_err());
    assert!(xlsx::write(&document, None, &mut out).is_err());
}
