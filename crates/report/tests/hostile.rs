//! What an intruder wrote stays text in every field of every format.

use crate::specimen::at;
use report::csv::Bom;
use report::{
    Attack, Blind, Block, Cell, Class, Column, Count, Document, Figure, Kind, Lane, Layer, Link,
    Mark, Moment, Node, Notice, Pattern, Section, Sheets, Table, Timeline, Tone, csv, html, pdf,
    timesketch, xlsx,
};

const HOSTILE: [&str; 16] = [
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</style></title></textarea><!--",
    "&lt;b&gt;&amp;&#60;",
    "=cmd|' /C calc'!A0",
    "+1\t-1\r\n@SUM(A1)",
    "#panic[\"typst\"] #eval(\"1\")",
    "$x^2$ *bold* _it_ `raw` @ref <label>",
    "javascript:alert(1) http://198.51.100.9/x mailto:a@b.example",
    "invoice\u{202e}fdp.exe\u{2066}\u{200b}",
    "NUL\0 ESC\x1b[2J \u{fffe}\u{ffff}\u{2028}",
    "😀👩‍👩‍👧 中文字 العربية עברית \u{301}\u{301}",
    "]]> <![CDATA[ <?xml ?> &entity; %s {0} ${x}",
    "_x003D_ _x0000_ '; DROP TABLE cases;--",
    "",
];

/// Returns a document with the text in every field that there is.
fn document<'a>(text: &str, rows: &'a Vec<Vec<Cell>>) -> Document<'a> {
    let text = || text.to_owned();
    let table = |id: &str, sheet| Table {
        id: id.into(),
        title: text(),
        columns: [
            Kind::Text,
            Kind::Class,
            Kind::Id,
            Kind::List,
            Kind::Time,
            Kind::Number,
        ]
        .map(|kind| Column::new(text(), kind))
        .into(),
        rows,
        sheet,
        empty: text(),
    };
    Document {
        title: text(),
        subtitle: text(),
        profile: text(),
        facts: vec![(text(), text())],
        footer: text(),
        classes: vec![Class {
            letter: text(),
            name: text(),
            pattern: Pattern::Hatch,
            tone: Tone::Alarm,
        }],
        sections: vec![Section {
            id: text(),
            title: text(),
            blocks: vec![
                Block::Text(text()),
                Block::Lead(text()),
                Block::Facts(vec![(text(), text())]),
                Block::Counts(vec![Count {
                    class: text(),
                    number: 3,
                    meaning: text(),
                }]),
                Block::Notice(Notice::Warning, text()),
                Block::Table(table("one", Sheets::One)),
                Block::Table(table("split", Sheets::By(0))),
                Block::Figure(Figure::Timeline(timeline(&text()))),
                Block::Figure(Figure::Attack(attack(&text()))),
            ],
        }],
    }
}

fn rows(text: &str) -> Vec<Vec<Cell>> {
    let cell = || Cell::Text(text.to_owned());
    vec![
        vec![
            cell(),
            cell(),
            cell(),
            Cell::List(vec![text.into(), text.into()]),
            Cell::Time(at(2, 3, 4)),
            Cell::Number(i64::MIN),
        ],
        vec![Cell::Empty],
        vec![
            cell(),
            cell(),
            cell(),
            cell(),
            cell(),
            cell(),
            cell(),
            cell(),
        ],
    ]
}

fn timeline(text: &str) -> Timeline {
    let mark = |until| Mark {
        at: at(2, 0, 0),
        until,
        label: text.into(),
        tone: Tone::Alarm,
    };
    Timeline {
        title: text.into(),
        caption: text.into(),
        from: at(1, 0, 0),
        to: at(3, 0, 0),
        lanes: vec![Lane {
            label: text.into(),
            marks: vec![mark(None), mark(Some(at(2, 5, 0)))],
        }],
        blind: vec![Blind {
            from: at(1, 0, 0),
            to: at(2, 0, 0),
            label: text.into(),
        }],
    }
}

fn attack(text: &str) -> Attack {
    let layer = |id: &str| Layer {
        title: text.into(),
        nodes: vec![Node {
            id: id.into(),
            label: text.into(),
            detail: text.into(),
            tone: Tone::Unsure,
        }],
    };
    let link = |from: &str, to: &str| Link {
        from: from.into(),
        to: to.into(),
        label: text.into(),
    };
    Attack {
        title: text.into(),
        caption: text.into(),
        layers: vec![layer("a"), layer("b")],
        links: vec![link("a", "b"), link("b", "a"), link("a", text)],
    }
}

#[test]
fn a_page_holds_no_element_that_the_text_brought() {
    let harmless = html_of("x");
    for text in HOSTILE.into_iter().filter(|text| !text.is_empty()) {
        let page = html_of(text);
        for mark in [
            "<script",
            "</script",
            "<img",
            "<svg",
            "<style",
            "<!--",
            "onerror=alert(1)>",
            "<b>",
            "<?xml",
        ] {
            assert_eq!(
                page.matches(mark).count(),
                harmless.matches(mark).count(),
                "{mark} after {text:?}"
            );
        }
        let hidden = page
            .chars()
            .find(|one| *one != '\n' && model::shown::is_hidden(*one));
        assert_eq!(hidden, None, "{text:?}");
        // Quotes of the page and of its data pair up, so no attribute was left open.
        assert_eq!(page.matches('"').count() % 2, 0, "{text:?}");
    }
}

#[test]
fn the_rows_in_a_page_read_back_as_the_marked_text() {
    for text in HOSTILE {
        let page = html_of(text);
        let (_, data) = page.split_once("-data\">").expect("a table with data");
        let (data, _) = data.split_once("</script>").expect("an end");
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        let cell = data["rows"][0][0].as_str().expect("a text");
        let marked = model::shown::shown(text)
            .replace('\u{fffe}', "<U+FFFE>")
            .replace('\u{ffff}', "<U+FFFF>");
        assert_eq!(cell, marked);
        assert_eq!(data["rows"][2].as_array().map(Vec::len), Some(6));
    }
}

#[test]
fn paper_and_workbook_are_made_of_anything() {
    let long = "A".repeat(40_000);
    let texts: Vec<&str> = HOSTILE.into_iter().chain([long.as_str()]).collect();
    let rows: Vec<_> = texts.iter().map(|text| rows(text)).collect();
    let mut whole = document(&long, &rows[0]);
    for (text, rows) in texts.iter().zip(&rows) {
        whole.sections.extend(document(text, rows).sections);
    }
    let mut paper = Vec::new();
    pdf::write(&whole, None, &mut paper).expect("pages");
    assert!(paper.starts_with(b"%PDF-"));
    let mut workbook = Vec::new();
    xlsx::write(&whole, None, &mut workbook).expect("a workbook");
    assert!(workbook.starts_with(b"PK"));
}

#[test]
fn a_spreadsheet_runs_no_cell_of_a_csv() {
    for text in HOSTILE {
        let rows = rows(text);
        let document = document(text, &rows);
        let Block::Table(table) = &document.sections[0].blocks[5] else {
            panic!("a table stands there");
        };
        let mut out = Vec::new();
        csv::write(table, Bom::With, &mut out).expect("lines");
        let out = String::from_utf8(out).expect("UTF-8");
        let out = out.strip_prefix('\u{feff}').expect("a byte order mark");
        assert_eq!(out.matches("\r\n").count(), 4, "{out:?}");
        for line in out.lines() {
            assert!(!line.contains(['\t', '\0', '\u{202e}']));
            assert!(
                !line.starts_with(['=', '+', '-', '@']) && !line.starts_with("\"="),
                "{line}"
            );
        }
    }
}

#[test]
fn a_moment_reads_back_as_it_was() {
    for text in HOSTILE {
        let moment = Moment {
            time: at(2, 3, 4),
            message: text.into(),
            what: text.into(),
            extra: vec![(text.into(), text.into()), ("datetime".into(), text.into())],
        };
        let mut out = Vec::new();
        timesketch::write(&moment, &mut out).expect("a line");
        let lines = out.split(|byte| *byte == b'\n').count();
        assert_eq!(lines, 2, "one line and its end");
        let read: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        assert_eq!(read["message"], text);
        assert_eq!(read["datetime"], "2026-03-02T03:04:00+00:00");
        assert_eq!(read["datetime_2"], text);
    }
}

fn html_of(text: &str) -> String {
    let rows = rows(text);
    let mut out = Vec::new();
    html::write(&document(text, &rows), &mut out).expect("a page");
    String::from_utf8(out).expect("UTF-8")
}
