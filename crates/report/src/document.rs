//! What a document is made of: sections, statements, facts, counts, tables, figures.
//!
//! Plain words without any markup. A line break inside a text is a hidden character like
//! any other: whoever wants two paragraphs gives two blocks.

use crate::error::ReportError;
use crate::figure::Figure;
use model::Timestamp;
use std::io;
use std::ops::ControlFlow;

/// A document, ready to be written in any format.
pub struct Document<'a> {
    /// The title on the first page.
    pub title: String,
    /// The line under the title.
    pub subtitle: String,
    /// For whom it is written, such as `legal`, shown in its head.
    pub profile: String,
    /// The facts of its head, by name.
    pub facts: Vec<(String, String)>,
    /// What stands at the foot of each page, such as the snapshot's hash.
    pub footer: String,
    /// The letters that counts and tables use, with their names and patterns.
    pub classes: Vec<Class>,
    /// The numbered sections.
    pub sections: Vec<Section<'a>>,
}

/// A numbered section.
pub struct Section<'a> {
    /// The anchor, unique in the document.
    pub id: String,
    /// The heading, without its number.
    pub title: String,
    /// What it holds, in order.
    pub blocks: Vec<Block<'a>>,
}

/// A piece of a section.
pub enum Block<'a> {
    /// A paragraph.
    Text(String),
    /// The statement that the reader must not miss, set large.
    Lead(String),
    /// Facts by name.
    Facts(Vec<(String, String)>),
    /// A tile for each class.
    Counts(Vec<Count>),
    /// A boxed remark.
    Notice(Notice, String),
    /// A table.
    Table(Table<'a>),
    /// A picture.
    Figure(Figure),
}

/// How urgent a boxed remark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something limits what may be concluded.
    Warning,
    /// Something helps to read on.
    Info,
}

/// A class that things are sorted into, told by its letter and its pattern, never by colour alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The letter, such as `P1`.
    pub letter: String,
    /// What the letter stands for.
    pub name: String,
    /// The pattern beside the letter.
    pub pattern: Pattern,
    /// The colour of the pattern.
    pub tone: Tone,
}

/// A pattern that tells classes apart in black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A filled square.
    Solid,
    /// Lines both ways.
    Crosshatch,
    /// Rising lines.
    Hatch,
    /// Falling lines.
    Falling,
    /// Points.
    Dots,
    /// Lying lines.
    Rows,
    /// Standing lines.
    Columns,
    /// A square within a square.
    Core,
    /// A frame alone.
    Blank,
}

/// What a colour says; there is no green, for nothing found is not nothing there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Proved harm.
    Alarm,
    /// Likely harm.
    Warning,
    /// Undecided or unseen.
    Unsure,
    /// Ordinary.
    Calm,
    /// Beside the point.
    Muted,
}

/// How many things are of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The class's letter.
    pub class: String,
    /// How many.
    pub number: u64,
    /// What may be said of them.
    pub meaning: String,
}

/// A table, whose rows may be too many to hold.
pub struct Table<'a> {
    /// The name, unique in the document.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The columns, as many as each row has cells.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: &'a dyn Rows,
    /// How a workbook splits it.
    pub sheet: Sheets,
    /// What to say when there are no rows; it names the cause.
    pub empty: String,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading; a column of times is given `(UTC)` where it does not say so.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// Whether paper, which is narrow, leaves the column to the other formats.
    pub screen_only: bool,
}

impl Column {
    /// Makes a column.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            screen_only: false,
        }
    }

    /// Returns the column left out of what is printed, which names it as left out.
    #[must_use]
    pub fn screen_only(mut self) -> Self {
        self.screen_only = true;
        self
    }

    /// Returns the heading as it is shown, which names the zone of times.
    pub(crate) fn heading(&self) -> String {
        if self.kind == Kind::Time && !self.name.contains("UTC") {
            format!("{} (UTC)", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// What the cells of a column are, which decides how they stand and sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Numbers, right-aligned.
    Number,
    /// Moments.
    Time,
    /// Identifiers and addresses, in a fixed-width letter.
    Id,
    /// Several texts.
    List,
    /// A class's letter, shown with its pattern.
    Class,
}

/// How a workbook splits a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheets {
    /// One sheet, and further ones where it is full.
    One,
    /// A sheet for each value of the column of this number, in the order that they are met;
    /// for every class in the document's order, where the column is one of classes.
    By(usize),
}

/// Rows that can be walked again and again, however many they are.
pub trait Rows {
    /// Returns how many rows a whole walk gives.
    fn count(&self) -> u64;

    /// Walks the rows in their order until the end or until `take` breaks off.
    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> ControlFlow<()>) -> io::Result<()>;
}

impl Rows for Vec<Vec<Cell>> {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> ControlFlow<()>) -> io::Result<()> {
        for row in self {
            if take(row).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// A moment.
    Time(Timestamp),
    /// Several texts.
    List(Vec<String>),
}

impl Table<'_> {
    /// Walks the rows until the end, a break, or the first error of the taker.
    pub(crate) fn walk(
        &self,
        mut take: impl FnMut(&[Cell]) -> Result<ControlFlow<()>, ReportError>,
    ) -> Result<(), ReportError> {
        let mut failed = None;
        let walked = self.rows.each(&mut |row| match take(row) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        walked.map_err(|source| ReportError::Rows {
            table: self.id.clone(),
            source,
        })
    }

    /// Walks at most the first `most` rows.
    pub(crate) fn walk_first(
        &self,
        most: u64,
        mut take: impl FnMut(&[Cell]) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        let mut left = most;
        self.walk(|row| {
            if left == 0 {
                return Ok(ControlFlow::Break(()));
            }
            left -= 1;
            take(row)?;
            Ok(ControlFlow::Continue(()))
        })
    }
}

impl Document<'_> {
    /// Returns the class of a letter.
    pub(crate) fn class(&self, letter: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.letter == letter)
    }
}
