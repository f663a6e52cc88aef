//! The document as the template reads it: JSON, and a file for each picture.
//!
//! A text that may be long without a space, such as an identifier, is given in pieces,
//! between which the template allows a line to break.

use super::glyphs::Glyphs;
use crate::document::{Block, Cell, Column, Document, Kind, Notice, Pattern, Section, Table, Tone};
use crate::error::ReportError;
use crate::text::{cut, moment, thousands};
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows past this are in the other formats: paper is for reading, and setting is slow.
const MOST_ROWS: u64 = 400;
// Nothing says more than this on paper, in characters: a heading that repeats on each page
// must leave room for what it heads, and what is longer is for the other formats.
const MOST_IN_CELL: usize = 600;
const MOST_IN_HEADING: usize = 80;
const MOST_IN_TITLE: usize = 240;
const MOST_IN_FACT: usize = 1_500;
const MOST_IN_PARAGRAPH: usize = 6_000;
/// The longest run of characters that a line is not broken in, and the shortest that is
/// broken after a joint, such as the `@` of an address.
const LONGEST_RUN: usize = 12;
const SHORTEST_RUN: usize = 5;

const NOTE: &str = "Characters that the fonts of this file cannot draw are written as their code, such as ⟨U+4E2D⟩; the HTML, XLSX and CSV files of this report show them as they are.";

/// A text in the pieces that a line may break between.
type Pieces = Vec<String>;

#[derive(Serialize)]
struct Paper {
    title: String,
    title_pieces: Pieces,
    subtitle: Pieces,
    profile: Pieces,
    facts: Vec<(Pieces, Pieces)>,
    footer: String,
    note: &'static str,
    classes: Vec<PaperClass>,
    sections: Vec<PaperSection>,
}

#[derive(Serialize)]
struct PaperClass {
    letter: String,
    pattern: &'static str,
    colour: &'static str,
    name: Pieces,
}

#[derive(Serialize)]
struct PaperSection {
    title: Pieces,
    blocks: Vec<PaperBlock>,
}

#[derive(Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
enum PaperBlock {
    Text {
        text: Pieces,
    },
    Lead {
        text: Pieces,
    },
    Facts {
        facts: Vec<(Pieces, Pieces)>,
    },
    Counts {
        counts: Vec<PaperCount>,
    },
    Notice {
        urgent: bool,
        text: Pieces,
    },
    Table(PaperTable),
    Figure {
        title: Pieces,
        caption: Pieces,
        file: String,
        alt: String,
    },
}

#[derive(Serialize)]
struct PaperCount {
    letter: String,
    number: String,
    meaning: Pieces,
}

#[derive(Serialize)]
struct PaperTable {
    title: Pieces,
    total: String,
    columns: Vec<PaperColumn>,
    rows: Vec<Vec<Vec<Pieces>>>,
    more: String,
    empty: Pieces,
}

#[derive(Serialize)]
struct PaperColumn {
    name: Pieces,
    kind: &'static str,
    weight: f64,
}

/// Returns the files that the template reads.
pub(super) fn parts(
    document: &Document<'_>,
    glyphs: &Glyphs,
) -> Result<BTreeMap<String, Vec<u8>>, ReportError> {
    let mut printer = Printer {
        glyphs,
        files: BTreeMap::new(),
    };
    let mut paper = printer.paper(document)?;
    if glyphs.missed() {
        paper.note = NOTE;
    }
    let json = serde_json::to_vec(&paper).map_err(std::io::Error::from)?;
    let mut files = printer.files;
    files.insert("data.json".to_owned(), json);
    Ok(files)
}

struct Printer<'g> {
    glyphs: &'g Glyphs,
    files: BTreeMap<String, Vec<u8>>,
}

impl Printer<'_> {
    fn paper(&mut self, document: &Document<'_>) -> Result<Paper, ReportError> {
        let classes = document.classes.iter().map(|class| PaperClass {
            letter: self.spelled(&class.letter, MOST_IN_HEADING),
            pattern: pattern(class.pattern),
            colour: colour(class.tone),
            name: self.pieces(&class.name, MOST_IN_TITLE),
        });
        Ok(Paper {
            classes: classes.collect(),
            title: self.spelled(&document.title, MOST_IN_TITLE),
            title_pieces: self.pieces(&document.title, MOST_IN_TITLE),
            subtitle: self.pieces(&document.subtitle, MOST_IN_TITLE),
            profile: self.pieces(&document.profile, MOST_IN_TITLE),
            facts: self.facts(&document.facts),
            footer: self.spelled(&document.footer, 110),
            note: "",
            sections: document
                .sections
                .iter()
                .map(|section| self.section(section))
                .collect::<Result<_, _>>()?,
        })
    }

    fn section(&mut self, section: &Section<'_>) -> Result<PaperSection, ReportError> {
        let blocks = section.blocks.iter().map(|block| self.block(block));
        Ok(PaperSection {
            blocks: blocks.collect::<Result<_, _>>()?,
            title: self.pieces(&section.title, MOST_IN_TITLE),
        })
    }

    fn block(&mut self, block: &Block<'_>) -> Result<PaperBlock, ReportError> {
        Ok(match block {
            Block::Text(text) => PaperBlock::Text {
                text: self.pieces(text, MOST_IN_PARAGRAPH),
            },
            Block::Lead(text) => PaperBlock::Lead {
                text: self.pieces(text, MOST_IN_PARAGRAPH),
            },
            Block::Facts(facts) => PaperBlock::Facts {
                facts: self.facts(facts),
            },
            Block::Counts(counts) => PaperBlock::Counts {
                counts: counts
                    .iter()
                    .map(|count| PaperCount {
                        letter: self.spelled(&count.class, MOST_IN_HEADING),
                        number: thousands(count.number),
                        meaning: self.pieces(&count.meaning, MOST_IN_CELL),
                    })
                    .collect(),
            },
            Block::Notice(kind, text) => PaperBlock::Notice {
                urgent: *kind == Notice::Warning,
                text: self.pieces(text, MOST_IN_PARAGRAPH),
            },
            Block::Table(table) => PaperBlock::Table(self.table(table)?),
            Block::Figure(figure) => {
                let file = format!("figure-{}.svg", self.files.len() + 1);
                let svg = figure.spelled("figure", &|text| self.glyphs.spell(text));
                self.files.insert(file.clone(), svg.into_bytes());
                PaperBlock::Figure {
                    title: self.pieces(figure.title(), MOST_IN_TITLE),
                    caption: self.pieces(figure.caption(), MOST_IN_CELL),
                    file,
                    alt: self.spelled(figure.caption(), MOST_IN_CELL),
                }
            }
        })
    }

    fn table(&self, table: &Table<'_>) -> Result<PaperTable, ReportError> {
        let count = table.rows.count();
        let mut rows = Vec::new();
        table.walk_first(MOST_ROWS, |row| {
            let cells = row.iter().take(table.columns.len());
            let mut cells: Vec<_> = cells.map(|cell| self.cell(cell)).collect();
            cells.resize(table.columns.len(), Vec::new());
            rows.push(cells);
            Ok(())
        })?;
        let columns = table.columns.iter().enumerate();
        Ok(PaperTable {
            title: self.pieces(&table.title, MOST_IN_TITLE),
            total: match count {
                1 => "1 row".to_owned(),
                many => format!("{} rows", thousands(many)),
            },
            columns: columns
                .map(|(at, column)| self.column(column, at, &rows))
                .collect(),
            more: if count > MOST_ROWS {
                format!(
                    "{} more rows are in the annex (CSV, XLSX).",
                    thousands(count - MOST_ROWS)
                )
            } else {
                String::new()
            },
            rows,
            empty: self.pieces(&table.empty, MOST_IN_CELL),
        })
    }

    /// Weighs a column by what most of its cells need, so that one long cell takes no room from the rest.
    fn column(&self, column: &Column, at: usize, rows: &[Vec<Vec<Pieces>>]) -> PaperColumn {
        let heading = column.heading();
        let mut lengths: Vec<usize> = rows.iter().map(|row| cell_length(&row[at])).collect();
        lengths.sort_unstable();
        let usual = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0);
        let least = heading
            .split_whitespace()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0);
        // A class has its pattern beside its letter; a moment breaks between day and clock.
        let (least, most) = match column.kind {
            Kind::Class => (8, 10),
            Kind::Time => (14, 14),
            _ => (least.clamp(5, 14), 46),
        };
        PaperColumn {
            name: self.pieces(&heading, MOST_IN_HEADING),
            kind: kind(column.kind),
            weight: usual.clamp(least, most) as f64 + 3.0,
        }
    }

    /// Returns the lines of a cell.
    fn cell(&self, cell: &Cell) -> Vec<Pieces> {
        match cell {
            Cell::Empty => Vec::new(),
            Cell::Text(text) => vec![self.pieces(text, MOST_IN_CELL)],
            Cell::Number(number) => vec![vec![number.to_string()]],
            Cell::Time(time) => vec![vec![moment(*time)]],
            Cell::List(items) => self.list(items),
        }
    }

    /// A list is cut like a text is: a record with ten thousand recipients is for the annex.
    fn list(&self, items: &[String]) -> Vec<Pieces> {
        const MOST_ITEMS: usize = 12;
        let shown = items.iter().take(MOST_ITEMS);
        let mut lines: Vec<Pieces> = shown.map(|item| self.pieces(item, MOST_IN_CELL)).collect();
        if items.len() > MOST_ITEMS {
            let more = thousands((items.len() - MOST_ITEMS) as u64);
            lines.push(vec![format!("and {more} more")]);
        }
        lines
    }

    fn facts(&self, facts: &[(String, String)]) -> Vec<(Pieces, Pieces)> {
        let facts = facts.iter();
        facts
            .map(|(name, value)| {
                (
                    self.pieces(name, MOST_IN_HEADING),
                    self.pieces(value, MOST_IN_FACT),
                )
            })
            .collect()
    }

    fn pieces(&self, text: &str, most: usize) -> Pieces {
        pieces(&self.spelled(text, most))
    }

    fn spelled(&self, text: &str, most: usize) -> String {
        self.glyphs.spell(&cut(text, most))
    }
}

fn cell_length(lines: &[Pieces]) -> usize {
    let length = |line: &Pieces| line.iter().map(|piece| piece.chars().count()).sum();
    lines.iter().map(length).max().unwrap_or(0)
}

/// Cuts a text after the joints of identifiers and inside runs that no line could hold.
fn pieces(text: &str) -> Pieces {
    let mut pieces = vec![String::new()];
    let (mut run, mut after_joint) = (0, false);
    for character in text.chars() {
        let ends = run >= LONGEST_RUN || (after_joint && run >= SHORTEST_RUN);
        if ends && character != ' ' && !is_mark(character) {
            pieces.push(String::new());
            run = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
        run = if character == ' ' { 0 } else { run + 1 };
        after_joint = matches!(
            character,
            '@' | '.' | '-' | '_' | '/' | '\\' | ':' | '=' | '&'
        );
    }
    pieces
}

/// A combining mark belongs to the letter before it.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x064B..=0x065F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::List => "text",
        Kind::Number => "number",
        Kind::Time => "time",
        Kind::Id => "id",
        Kind::Class => "class",
    }
}

fn pattern(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Solid => "solid",
        Pattern::Crosshatch => "crosshatch",
        Pattern::Hatch => "hatch",
        Pattern::Falling => "falling",
        Pattern::Dots => "dots",
        Pattern::Rows => "rows",
        Pattern::Columns => "columns",
        Pattern::Core => "core",
        Pattern::Blank => "blank",
    }
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Alarm => "#a4262c",
        Tone::Warning => "#a35200",
        Tone::Unsure => "#6b4c9a",
        Tone::Calm => "#2f5d8a",
        Tone::Muted => "#6b7280",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_text() {
        for text in [
            "",
            "a b c",
            "395a1045-4185-43f1-ba4f-2b889bf7416b",
            "ééééééééééééé\u{301}",
        ] {
            let pieces = pieces(text);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| !piece.starts_with('\u{301}')));
        }
        assert_eq!(pieces("abcdefghijklmno pq"), ["abcdefghijkl", "mno pq"]);
        assert_eq!(
            pieces("nora.lindqvist@a.example"),
            ["nora.", "lindqvist@", "a.example"]
        );
    }
}
