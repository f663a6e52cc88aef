//! The document as the template reads it: JSON, and a file for each picture.
//!
//! A text that may be long without a space, such as an identifier, is given in pieces,
//! between which the template allows a line to break.

use super::glyphs::{Face, Glyphs};
use super::pieces::{Pieces, pieces, pieces_within};
use super::table::{Draft, Lie, PaperTable};
use crate::document::{Block, Document, Notice, Pattern, Section, Tone};
use crate::error::ReportError;
use crate::text::{cut, thousands};
use serde::Serialize;
use std::collections::BTreeMap;

// Nothing says more than this on paper, in characters: what is longer is for the other
// formats.
const MOST_IN_CELL: usize = 600;
const MOST_IN_HEADING: usize = 80;
const MOST_IN_TITLE: usize = 240;
const MOST_IN_FOOTER: usize = 110;
const MOST_IN_FACT: usize = 1_500;
const MOST_IN_PARAGRAPH: usize = 6_000;

const NOTE: &str = "Characters that the fonts of this file cannot draw are written as their code, such as ⟨U+4E2D⟩; the HTML, XLSX and CSV files of this report show them as they are.";

#[derive(Serialize)]
struct Paper {
    title: String,
    title_pieces: Pieces,
    subtitle: Pieces,
    profile: Pieces,
    facts: Vec<(Pieces, Pieces)>,
    footer: Pieces,
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
    /// Whether its pages are wider than high.
    turned: bool,
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
    letter_pieces: Pieces,
    number: String,
    meaning: Pieces,
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
            footer: self.pieces(&document.footer, MOST_IN_FOOTER),
            note: "",
            sections: document
                .sections
                .iter()
                .map(|section| self.section(section))
                .collect::<Result<_, _>>()?,
        })
    }

    fn section(&mut self, section: &Section<'_>) -> Result<PaperSection, ReportError> {
        let mut tables = Vec::new();
        for block in &section.blocks {
            if let Block::Table(table) = block {
                tables.push(Draft::of(table, self.glyphs)?);
            }
        }
        // A section turns as a whole, so that its heading stands over its tables.
        let turned = tables.iter().any(|table| table.lie() == Lie::Turned);
        let lie = if turned { Lie::Turned } else { Lie::Upright };
        let mut tables = tables.into_iter();
        let blocks = section.blocks.iter().filter_map(|block| match block {
            Block::Table(_) => tables
                .next()
                .map(|table| PaperBlock::Table(table.fitted(lie, self.glyphs))),
            other => self.block(other),
        });
        Ok(PaperSection {
            blocks: blocks.collect(),
            title: self.pieces(&section.title, MOST_IN_TITLE),
            turned,
        })
    }

    /// Returns a block that has no need of the page's width.
    fn block(&mut self, block: &Block<'_>) -> Option<PaperBlock> {
        Some(match block {
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
                        letter_pieces: self.letter(&count.class),
                        number: thousands(count.number),
                        meaning: self.pieces(&count.meaning, MOST_IN_CELL),
                    })
                    .collect(),
            },
            Block::Notice(kind, text) => PaperBlock::Notice {
                urgent: *kind == Notice::Warning,
                text: self.pieces(text, MOST_IN_PARAGRAPH),
            },
            Block::Table(_) => return None,
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

    /// A letter shares its tile with a number.
    fn letter(&self, letter: &str) -> Pieces {
        const ROOM: f64 = 4.0;
        let letter = self.spelled(letter, MOST_IN_HEADING);
        pieces_within(&letter, ROOM, self.glyphs, Face::Words)
    }

    fn pieces(&self, text: &str, most: usize) -> Pieces {
        pieces(&self.spelled(text, most), self.glyphs)
    }

    fn spelled(&self, text: &str, most: usize) -> String {
        self.glyphs.spell(&cut(text, most))
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
