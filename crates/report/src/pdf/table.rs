//! A table on paper: which columns it shows, how wide they are, and where their texts break.
//!
//! Paper is for reading. What does not fit is left to the other formats, and the page says
//! what that is.

use super::glyphs::{Face, Glyphs};
use super::pieces::{Pieces, pieces, pieces_within};
use super::widths::{NARROWEST, Need, fitting, least, widths};
use crate::document::{Cell, Column, Kind, Table};
use crate::error::ReportError;
use crate::text::{cut, moment, thousands};
use serde::Serialize;

/// Rows past this are in the other formats: setting them is slow, reading them slower.
const MOST_ROWS: u64 = 400;
/// A list says no more than so many of its texts.
const MOST_ITEMS: usize = 4;
// What is longer is for the other formats; a heading that repeats on each page must leave
// room for what it heads.
const MOST_IN_CELL: usize = 600;
const MOST_IN_HEADING: usize = 80;
const MOST_IN_TITLE: usize = 240;

// The template's measures, in points: what stands between its margins, its letters, and
// the two sides of a cell.
const UPRIGHT: f64 = 470.5;
const TURNED: f64 = 717.1;
const WORDS_SIZE: f64 = 8.0;
const FIXED_SIZE: f64 = 6.72;
const INSET: f64 = 8.0;
/// A class's pattern and the gap behind it.
const SWATCH: f64 = 8.6;
/// What rounding may add to the width of a line.
const SLACK: f64 = 0.4;
/// More columns than this are read better across a turned page.
const MOST_UPRIGHT: usize = 7;
/// A row of more lines than this may break over two pages.
const MOST_WHOLE: f64 = 14.0;

/// How a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lie {
    /// Higher than wide.
    Upright,
    /// Wider than high.
    Turned,
}

/// A table whose columns have their widths and whose texts break within them.
#[derive(Serialize)]
pub(super) struct PaperTable {
    title: Pieces,
    total: String,
    columns: Vec<PaperColumn>,
    rows: Vec<PaperRow>,
    notes: Vec<Pieces>,
    empty: Pieces,
}

#[derive(Serialize)]
struct PaperColumn {
    name: Pieces,
    kind: &'static str,
    width: f64,
}

#[derive(Serialize)]
struct PaperRow {
    cells: Vec<Vec<Pieces>>,
    /// Whether it is short enough to be kept on one page.
    whole: bool,
}

/// A table that is read but not yet fitted to a page.
pub(super) struct Draft<'t> {
    title: &'t str,
    empty: &'t str,
    count: u64,
    columns: Vec<DraftColumn<'t>>,
    /// The headings of the columns that are left out.
    left_out: Vec<String>,
    rows: usize,
}

struct DraftColumn<'t> {
    column: &'t Column,
    heading: String,
    /// The lines of each row's cell.
    cells: Vec<Vec<String>>,
    need: Need,
}

impl<'t> Draft<'t> {
    /// Reads the rows that paper shows, in the columns that it may show.
    pub(super) fn of(table: &'t Table<'_>, glyphs: &Glyphs) -> Result<Self, ReportError> {
        let for_paper = |at: &usize| !table.columns[*at].screen_only;
        let shown: Vec<usize> = (0..table.columns.len()).filter(for_paper).collect();
        let mut cells: Vec<Vec<Vec<String>>> = vec![Vec::new(); shown.len()];
        let mut rows = 0;
        table.walk_first(MOST_ROWS, |row| {
            rows += 1;
            for (column, at) in cells.iter_mut().zip(&shown) {
                column.push(
                    row.get(*at)
                        .map_or_else(Vec::new, |cell| lines(cell, glyphs)),
                );
            }
            Ok(())
        })?;
        let columns = shown.iter().zip(cells);
        let mut draft = Self {
            title: &table.title,
            empty: &table.empty,
            count: table.rows.count(),
            columns: columns
                .map(|(at, cells)| DraftColumn::of(&table.columns[*at], cells, glyphs))
                .collect(),
            left_out: Vec::new(),
            rows,
        };
        draft.leave_out(table, glyphs);
        Ok(draft)
    }

    /// Leaves out what is not for paper, and the last columns where even a turned page is
    /// too narrow for all.
    fn leave_out(&mut self, table: &Table<'_>, glyphs: &Glyphs) {
        let fit = fitting(&self.needs(), TURNED);
        let mut too_many = self.columns.split_off(fit).into_iter();
        let screen_only = table.columns.iter().filter(|column| column.screen_only);
        let headings = screen_only.map(Column::heading);
        self.left_out = headings
            .map(|heading| spelled(&heading, MOST_IN_HEADING, glyphs))
            .chain(too_many.by_ref().map(|column| column.heading))
            .collect();
    }

    fn needs(&self) -> Vec<Need> {
        self.columns.iter().map(|column| column.need).collect()
    }

    /// Returns how the page should lie that the table stands on.
    pub(super) fn lie(&self) -> Lie {
        let is_wide = self.columns.len() > MOST_UPRIGHT || least(&self.needs()) > UPRIGHT;
        if is_wide && self.count > 0 {
            Lie::Turned
        } else {
            Lie::Upright
        }
    }

    /// Fits the table to a page.
    pub(super) fn fitted(self, lie: Lie, glyphs: &Glyphs) -> PaperTable {
        let room = match lie {
            Lie::Upright => UPRIGHT,
            Lie::Turned => TURNED,
        };
        let widths = widths(&self.needs(), room);
        let rows = if self.columns.is_empty() {
            0
        } else {
            self.rows
        };
        PaperTable {
            title: pieces(&spelled(self.title, MOST_IN_TITLE, glyphs), glyphs),
            total: rows_in_words(self.count),
            rows: (0..rows)
                .map(|row| self.row(row, &widths, glyphs))
                .collect(),
            columns: self
                .columns
                .iter()
                .zip(&widths)
                .map(|(column, width)| column.fitted(*width, glyphs))
                .collect(),
            notes: self.notes(glyphs),
            empty: pieces(&self.why_empty(glyphs), glyphs),
        }
    }

    fn row(&self, row: usize, widths: &[f64], glyphs: &Glyphs) -> PaperRow {
        let columns = || self.columns.iter().zip(widths);
        let no_lines = Vec::new();
        let lines = |column: &DraftColumn<'_>| column.cells.get(row).unwrap_or(&no_lines).clone();
        let tallest = columns()
            .map(|(column, width)| column.height(&lines(column), *width, glyphs))
            .fold(0.0, f64::max);
        PaperRow {
            cells: columns()
                .map(|(column, width)| {
                    let broken = |line: &String| column.broken(line, *width, glyphs);
                    lines(column).iter().map(broken).collect()
                })
                .collect(),
            whole: tallest <= MOST_WHOLE,
        }
    }

    /// Says what of the table is not on paper.
    fn notes(&self, glyphs: &Glyphs) -> Vec<Pieces> {
        let mut notes = Vec::new();
        if self.count > MOST_ROWS {
            let more = thousands(self.count - MOST_ROWS);
            let note = format!("{more} more rows are in the annex (CSV, XLSX).");
            notes.push(pieces(&note, glyphs));
        }
        if !self.left_out.is_empty() && self.count > 0 {
            let names = self.left_out.join(", ");
            let note = format!("In the annex (HTML, XLSX): {names}.");
            notes.push(pieces(&note, glyphs));
        }
        notes
    }

    fn why_empty(&self, glyphs: &Glyphs) -> String {
        if self.count > 0 && self.columns.is_empty() {
            return "No column of this table is for paper.".to_owned();
        }
        spelled(self.empty, MOST_IN_CELL, glyphs)
    }
}

impl<'t> DraftColumn<'t> {
    fn of(column: &'t Column, cells: Vec<Vec<String>>, glyphs: &Glyphs) -> Self {
        let mut draft = Self {
            heading: spelled(&column.heading(), MOST_IN_HEADING, glyphs),
            column,
            cells,
            need: Need {
                least: NARROWEST,
                wanted: NARROWEST,
            },
        };
        draft.need = draft.weighed(glyphs);
        draft
    }

    /// Weighs the column by its widest word and by what most of its cells need, so that one
    /// long cell takes no room from the other columns.
    fn weighed(&self, glyphs: &Glyphs) -> Need {
        let words = self.cells.iter().flatten().flat_map(|line| line.split(' '));
        let word = words
            .map(|word| self.width(word, glyphs))
            .fold(0.0, f64::max);
        let head = self.heading.split(' ');
        let head = head
            .map(|word| glyphs.width(word, Face::Words) * WORDS_SIZE)
            .fold(0.0, f64::max);
        let usual = self.usual(glyphs);
        let (longest_word, most) = most(self.column.kind);
        let around = INSET + SLACK + self.beside();
        let least = (word + around).max(head + INSET + SLACK).min(longest_word);
        Need {
            least: least.max(NARROWEST),
            wanted: (usual + around).min(most).max(least).max(NARROWEST),
        }
    }

    /// Returns how wide most cells are. A column of few words leaves its room to others, but
    /// for the rows that have some.
    fn usual(&self, glyphs: &Glyphs) -> f64 {
        const FEW_WORDS: f64 = 72.0;
        let cells = self.cells.iter().map(|cell| {
            let lines = cell.iter().map(|line| self.width(line, glyphs));
            lines.fold(0.0, f64::max)
        });
        let mut widths: Vec<f64> = cells.collect();
        widths.sort_by(f64::total_cmp);
        let filled = &widths[widths.partition_point(|width| *width <= 0.0)..];
        let three_quarters = |of: &[f64]| of.get(of.len() * 3 / 4).copied().unwrap_or(0.0);
        three_quarters(&widths).max(three_quarters(filled).min(FEW_WORDS))
    }

    fn face(&self) -> Face {
        match self.column.kind {
            Kind::Id => Face::Fixed,
            _ => Face::Words,
        }
    }

    fn size(&self) -> f64 {
        match self.face() {
            Face::Words => WORDS_SIZE,
            Face::Fixed => FIXED_SIZE,
        }
    }

    /// Returns what stands in a cell beside its text.
    fn beside(&self) -> f64 {
        match self.column.kind {
            Kind::Class => SWATCH,
            _ => 0.0,
        }
    }

    fn width(&self, text: &str, glyphs: &Glyphs) -> f64 {
        glyphs.width(text, self.face()) * self.size()
    }

    fn room(&self, width: f64) -> f64 {
        width - INSET - SLACK - self.beside()
    }

    /// Returns about how many lines a cell has.
    fn height(&self, lines: &[String], width: f64, glyphs: &Glyphs) -> f64 {
        // Lines are not filled to their ends where words stay whole.
        const RAGGED: f64 = 1.2;
        let full = lines
            .iter()
            .map(|line| (self.width(line, glyphs) * RAGGED / self.room(width)).ceil());
        full.sum()
    }

    fn broken(&self, line: &str, width: f64, glyphs: &Glyphs) -> Pieces {
        pieces_within(line, self.room(width) / self.size(), glyphs, self.face())
    }

    fn fitted(&self, width: f64, glyphs: &Glyphs) -> PaperColumn {
        let room = (width - INSET - SLACK) / WORDS_SIZE;
        PaperColumn {
            name: pieces_within(&self.heading, room, glyphs, Face::Words),
            kind: kind(self.column.kind),
            width,
        }
    }
}

/// Returns the widest that a column is made for its longest word, and for its usual cell.
fn most(kind: Kind) -> (f64, f64) {
    match kind {
        Kind::Class => (56.0, 56.0),
        Kind::Time => (72.0, 96.0),
        Kind::Number => (60.0, 72.0),
        Kind::Text => (72.0, 300.0),
        Kind::Id => (72.0, 260.0),
        Kind::List => (72.0, 220.0),
    }
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

fn rows_in_words(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        many => format!("{} rows", thousands(many)),
    }
}

/// Returns the lines of a cell.
fn lines(cell: &Cell, glyphs: &Glyphs) -> Vec<String> {
    match cell {
        Cell::Empty => Vec::new(),
        Cell::Text(text) => vec![spelled(text, MOST_IN_CELL, glyphs)],
        Cell::Number(number) => vec![number.to_string()],
        Cell::Time(time) => vec![moment(*time)],
        Cell::List(items) => list(items, glyphs),
    }
}

/// A list is cut like a text is: a record with ten thousand recipients is for the annex.
fn list(items: &[String], glyphs: &Glyphs) -> Vec<String> {
    let shown = items.iter().take(MOST_ITEMS);
    let mut lines: Vec<String> = shown
        .map(|item| spelled(item, MOST_IN_CELL, glyphs))
        .collect();
    if items.len() > MOST_ITEMS {
        let more = thousands((items.len() - MOST_ITEMS) as u64);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn spelled(text: &str, most: usize, glyphs: &Glyphs) -> String {
    glyphs.spell(&cut(text, most))
}
