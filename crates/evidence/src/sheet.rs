//! A CSV as one stream of records: its header decides what its rows are.

use crate::cells::{self, Cell, Cut};
use crate::dates;
use crate::envelope::{AUDIT_DATA, Columns, Opening};
use crate::format::Dress;
use crate::header::{self, Header};
use crate::row::Row;
use crate::salvage;
use crate::session::{Halt, Session, listed};
use crate::shape;
use crate::text::Text;
use model::json;
use model::{DateOrder, NoticeKind, Place, Raw, Shape};
use std::borrow::Cow;

/// How long a row may be before it is refused.
const MAX_ROW: usize = 64 * 1024 * 1024;
/// How far behind a broken row a whole one is looked for.
const MAX_BROKEN: usize = 4 * 1024 * 1024;
/// How many lines behind a broken row are tried.
const MAX_TRIES: usize = 4096;

/// What came of reading a text as a sheet.
pub(crate) enum Sort {
    /// It was one, and was read.
    Known,
    /// It is none that is known, for this reason; nothing of its content was read.
    Unknown(String),
}

/// What the rows of a sheet are.
#[derive(Clone, Copy)]
enum Kind {
    /// The record is JSON in this column.
    Documents(usize),
    /// The row is the record.
    Rows(Shape),
}

/// Reads a CSV to its end, or says why it is no evidence and leaves it as it is.
pub(crate) fn read(text: &mut Text<'_>, session: &mut Session<'_>) -> Result<Sort, Halt> {
    let Some((header, length)) = header::find(text, session)? else {
        let what = crate::values::beginning(text.rest());
        return Ok(Sort::Unknown(format!("text of unknown kind, {what}")));
    };
    let mut sheet = Sheet::new(header, text, session);
    let Some(kind) = sheet.kind(length) else {
        let names = listed(&sheet.header.shown_names());
        let what = format!("a CSV of unknown kind with the columns {names}");
        return Ok(Sort::Unknown(what));
    };
    sheet.text.consume(length);
    sheet.session.shell();
    sheet.tell_header()?;
    sheet.sample_dates();
    sheet.rows(kind)?;
    Ok(Sort::Known)
}

struct Sheet<'s, 'r, 'v> {
    text: &'s mut Text<'r>,
    session: &'s mut Session<'v>,
    header: Header,
    cells: Vec<Cell>,
    dates: DateOrder,
    dates_matter: bool,
    type_column: Option<usize>,
    raw_column: Option<usize>,
    dress: Dress,
}

impl<'s, 'r, 'v> Sheet<'s, 'r, 'v> {
    fn new(header: Header, text: &'s mut Text<'r>, session: &'s mut Session<'v>) -> Self {
        let raw_column = header.position("_raw");
        let splunk = raw_column.is_some()
            && (header.position("_time").is_some() || header.position("_bkt").is_some());
        Self {
            type_column: header.position("Type").or(header.position("$table")),
            raw_column,
            dress: if splunk { Dress::SplunkCsv } else { Dress::Csv },
            header,
            text,
            session,
            cells: Vec::new(),
            dates: DateOrder::Unknown,
            dates_matter: false,
        }
    }

    /// Tells what the rows are by the header and, where it leaves that open, by the first row,
    /// which stands behind so many bytes.
    fn kind(&mut self, header: usize) -> Option<Kind> {
        if let Some(body) = self.header.position(AUDIT_DATA) {
            return Some(Kind::Documents(body));
        }
        if let Some(format) = self.session.forced() {
            return Some(Kind::Rows(format.shape));
        }
        if let Some(shape) = shape::of_columns(&self.header.names) {
            return Some(Kind::Rows(shape));
        }
        let rest = &self.text.rest()[header..];
        cells::cut(rest, self.header.delimiter, true, &mut self.cells);
        let row = Row {
            names: &self.header.names,
            cells: &self.cells,
            text: rest,
        };
        if let Some(shape) = self
            .type_column
            .and_then(|at| row.at(at))
            .and_then(|name| shape::of_table(&name))
        {
            return Some(Kind::Rows(shape));
        }
        let raw = self.raw_column.filter(|at| {
            row.at(*at)
                .is_some_and(|cell| cell.trim_start().starts_with('{'))
        });
        raw.map(Kind::Documents)
    }

    fn tell_header(&mut self) -> Result<(), Halt> {
        if self.header.by_position {
            let what =
                "the headers are in another language: the columns were taken by their position";
            self.session
                .notice(NoticeKind::Warning, None, what.to_owned())?;
        }
        let Some(zone) = self.header.zone.take() else {
            return Ok(());
        };
        let what = format!(
            "times are written in the zone `{zone}` and were read as UTC: export them in UTC"
        );
        self.session.notice(NoticeKind::Error, None, what)
    }

    /// Looks for a date that settles the order of day and month in what is at hand.
    fn sample_dates(&mut self) {
        let Some(column) = self.header.date else {
            return;
        };
        let mut at = 0;
        while self.dates == DateOrder::Unknown {
            let rest = &self.text.rest()[at..];
            let Cut::Whole(length) =
                cells::cut(rest, self.header.delimiter, false, &mut self.cells)
            else {
                break;
            };
            if let Some(cell) = self.cells.get(column) {
                let date = cell.raw(rest);
                self.dates_matter |= dates::is_cultural(date);
                if !self.dates_matter && !date.is_empty() {
                    break;
                }
                self.dates = dates::order_of(date);
            }
            at += length;
        }
    }

    fn rows(&mut self, kind: Kind) -> Result<(), Halt> {
        while self.next_row()? {
            let ended = self.text.ended();
            match cells::cut(
                self.text.rest(),
                self.header.delimiter,
                ended,
                &mut self.cells,
            ) {
                Cut::Whole(length) => {
                    self.row(kind, length)?;
                    self.text.consume(length);
                }
                Cut::Unfinished if self.text.rest().len() < MAX_ROW => {
                    self.text.fill()?;
                    self.session.oddities(self.text)?;
                }
                Cut::Unfinished => self.broken_row("a row longer than 64 MiB".to_owned())?,
                Cut::Broken(at)
                    if at == self.text.rest().len()
                        && self.cells.len() < self.header.names.len() =>
                {
                    let reason = self.session.cut_off(self.text, "the row");
                    self.broken_row(reason)?;
                }
                Cut::Broken(at) => {
                    let place = self.text.place(at..at);
                    let line = place.line;
                    self.broken_row(format!(
                        "a quote that is not doubled on line {line} at byte {}",
                        place.offset
                    ))?;
                }
            }
        }
        Ok(())
    }

    /// Goes to the next row that holds something.
    fn next_row(&mut self) -> Result<bool, Halt> {
        loop {
            let bytes = self.text.rest().as_bytes();
            let blanks = bytes
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n' | 0))
                .count();
            if memchr::memchr(0, &bytes[..blanks]).is_some() {
                let place = self.text.place(0..blanks);
                self.session.nuls(place)?;
            }
            self.text.consume(blanks);
            if !self.text.rest().is_empty() {
                return Ok(true);
            }
            let more = self.text.fill()?;
            self.session.oddities(self.text)?;
            if !more {
                return Ok(false);
            }
        }
    }

    fn row(&mut self, kind: Kind, length: usize) -> Result<(), Halt> {
        self.note_date(length);
        let place = self.text.place(0..length);
        let text = &self.text.rest()[..length];
        let row = Row {
            names: &self.header.names,
            cells: &self.cells,
            text,
        };
        if self.is_cut_short(kind, text) {
            let reason = self.session.cut_off(self.text, "the row");
            let salvage = salvage::or(row.salvage(), salvage::from_json(&json_inside(text)));
            return self.session.reject(place, reason, text, salvage);
        }
        match kind {
            Kind::Rows(shape) => {
                if let Err(reason) = fits(&self.header, &row) {
                    return self.session.reject(place, reason, text, row.salvage());
                }
                let named = self
                    .type_column
                    .and_then(|at| row.at(at))
                    .and_then(|name| shape::of_table(&name));
                let shape = self
                    .session
                    .forced()
                    .map_or(named.unwrap_or(shape), |format| format.shape);
                let raw = Raw {
                    shape,
                    body: row.object(),
                    columns: Vec::new(),
                    place,
                    dates: self.dates,
                };
                self.session.record(self.dress, raw)
            }
            Kind::Documents(body) => {
                let (dress, dates, row) = (self.dress, self.dates, Some(&row));
                let opening = Opening {
                    session: &mut *self.session,
                    place: &place,
                    text,
                    dress,
                    dates,
                    row,
                };
                documents(opening, body, self.raw_column)
            }
        }
    }

    /// Lets a later date settle what the sample left open.
    fn note_date(&mut self, length: usize) {
        if !self.dates_matter || self.dates != DateOrder::Unknown {
            return;
        }
        let text = &self.text.rest()[..length];
        if let Some(cell) = self.header.date.and_then(|at| self.cells.get(at)) {
            self.dates = dates::order_of(cell.raw(text));
        }
    }

    /// Tells whether the end of the file took something of a row that looks whole.
    fn is_cut_short(&self, kind: Kind, row: &str) -> bool {
        let is_last =
            self.text.ended() && row.len() == self.text.rest().len() && !row.ends_with('\n');
        let cells = self.cells.len();
        is_last
            && match kind {
                Kind::Documents(body) => cells <= body,
                Kind::Rows(_) => cells < self.header.names.len() || self.text.broken().is_some(),
            }
    }

    /// Gives up a row and goes on with the next that is whole.
    fn broken_row(&mut self, reason: String) -> Result<(), Halt> {
        let place = self.text.place(0..0);
        let salvage = {
            let text = self.text.rest();
            let row = Row {
                names: &self.header.names,
                cells: &self.cells,
                text,
            };
            let line = &text[..text
                .len()
                .min(MAX_BROKEN)
                .min(memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len()))];
            salvage::or(salvage::from_json(&json_inside(line)), row.salvage())
        };
        let next = self.next_whole_row()?;
        let place = Place {
            length: u32::try_from(next).unwrap_or(u32::MAX),
            ..place
        };
        self.session
            .reject(place, reason, &self.text.rest()[..next], salvage)?;
        self.text.consume(next);
        Ok(())
    }

    /// Returns how many bytes of the rest belong to the broken row it begins with.
    fn next_whole_row(&mut self) -> Result<usize, Halt> {
        while !self.text.ended() && self.text.rest().len() < MAX_BROKEN {
            self.text.fill()?;
            self.session.oddities(self.text)?;
        }
        let (rest, ended) = (self.text.rest(), self.text.ended());
        let bytes = &rest.as_bytes()[..rest.len().min(MAX_BROKEN)];
        let lines = memchr::memchr_iter(b'\n', bytes)
            .take(MAX_TRIES)
            .map(|at| at + 1);
        for line in lines.filter(|line| *line < rest.len()) {
            let cut = cells::cut(&rest[line..], self.header.delimiter, ended, &mut self.cells);
            let whole = matches!(cut, Cut::Whole(_)) && self.cells.len() == self.header.names.len();
            let date = self.header.date.and_then(|at| self.cells.get(at));
            if whole || date.is_some_and(|cell| dates::looks_like_date(cell.raw(&rest[line..]))) {
                return Ok(line);
            }
        }
        Ok(memchr::memchr(b'\n', bytes).map_or(rest.len(), |at| at + 1))
    }
}

/// Tells whether a row's cells stand under their names.
fn fits(header: &Header, row: &Row<'_>) -> Result<(), String> {
    let (cells, names) = (row.cells.len(), header.names.len());
    let surplus = row
        .cells
        .iter()
        .skip(names)
        .any(|cell| !cell.raw(row.text).trim().is_empty());
    if surplus {
        return Err(format!("the row has {cells} cells under {names} columns"));
    }
    // Spreadsheets leave out empty cells at the end of a row; a row torn in two lacks its date.
    let dated = header
        .date
        .and_then(|at| row.at(at))
        .is_some_and(|date| dates::looks_like_date(&date));
    if cells < names && !dated {
        return Err(format!(
            "the row has only {cells} cells under {names} columns"
        ));
    }
    Ok(())
}

/// Hands on the records of a row's JSON cell.
fn documents(mut opening: Opening<'_, '_>, body: usize, raw: Option<usize>) -> Result<(), Halt> {
    let Some(row) = opening.row else {
        return Ok(());
    };
    let mut cell = row.at(body).unwrap_or_default();
    if row.cells.len() != row.names.len() && !cell.trim_start().starts_with(['{', '[', '"']) {
        // A comma too many moves every cell behind it; the record is still the cell that is JSON.
        let moved = row
            .cells
            .iter()
            .find(|cell| cell.raw(row.text).starts_with('{'));
        cell = moved.map_or(cell, |moved| moved.text(row.text));
    }
    if !cell.trim().is_empty() {
        return opening.documents(&cell, &Columns::new(), 0);
    }
    let original = raw.and_then(|at| row.at(at)).unwrap_or_default();
    let inside = json_inside(&original);
    match json::parse_prefix(&inside) {
        Ok(parsed) => opening.open(parsed.value, Columns::new(), 1).map(|_| ()),
        Err(_) if inside.is_empty() => {
            opening.reject_text("`AuditData` is empty".to_owned(), "", &Columns::new())
        }
        Err(error) => {
            let reason = format!("`AuditData` is empty, and in `_raw`: {error}");
            opening.reject_text(reason, &inside, &Columns::new())
        }
    }
}

/// Returns the JSON object inside a text of CSV, its quotes no longer doubled.
fn json_inside(text: &str) -> Cow<'_, str> {
    let Some(at) = text.find("{\"") else {
        return Cow::Borrowed("");
    };
    let inside = &text[at..];
    if inside.starts_with("{\"\"") {
        Cow::Owned(inside.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(inside)
    }
}
