//! JSON in every container shape, as one stream of records.
//!
//! Whatever stands around the records (an array, `value[]`, `records[]`, pages of arrays
//! one after the other, the columns and rows of a query's answer, nothing at all) is
//! walked through and never held. A damaged record costs itself and nothing behind it.

use crate::envelope::{Class, Columns, Opening, classify};
use crate::format::Dress;
use crate::resync;
use crate::salvage;
use crate::session::{Halt, Session};
use crate::text::Text;
use crate::walk::Walk;
use crate::wrapper::{Told, is_wrapper, is_wrapper_key, listing, wraps};
use model::json::{self, Json, JsonError, JsonErrorKind, Parsed};
use model::{DateOrder, NoticeKind, Place, Salvage, Shape};
use std::borrow::Cow;
use std::rc::Rc;

/// How long a record may be before it is refused, so that no file can exhaust memory.
const MAX_RECORD: usize = 64 * 1024 * 1024;

/// What the walk stands in.
enum Frame {
    /// An array of records.
    Array,
    /// An object around records, with the column names it has told.
    Object(Option<Rc<[String]>>),
    /// The rows of a table.
    Rows(Rc<[String]>),
}

/// Reads a text of JSON to its end.
pub(crate) fn read(text: &mut Text<'_>, session: &mut Session<'_>) -> Result<(), Halt> {
    Stream {
        text,
        session,
        frames: Vec::new(),
        lost: false,
    }
    .run()
}

/// Reads a text of JSON whose beginning is damaged, from its first whole record to its end.
pub(crate) fn read_behind(
    text: &mut Text<'_>,
    session: &mut Session<'_>,
    at: usize,
) -> Result<(), Halt> {
    let mut stream = Stream {
        text,
        session,
        frames: Vec::new(),
        lost: true,
    };
    stream.pass(at)?;
    stream.run()
}

struct Stream<'s, 'r, 'v> {
    text: &'s mut Text<'r>,
    session: &'s mut Session<'v>,
    frames: Vec<Frame>,
    /// Whether a damaged record has left the frames uncertain.
    lost: bool,
}

/// What came of an object.
enum Taken {
    /// It is done with; so many bytes of the rest were its own.
    Whole(usize),
    /// It stands around records and is to be walked through; perhaps a page that says whose
    /// messages it lists, wherever in it that stands.
    Wrapper(Option<Rc<str>>),
}

impl Stream<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Halt> {
        while let Some(byte) = self.next_byte()? {
            match byte {
                b'{' => self.object()?,
                b'[' if matches!(self.frames.last(), Some(Frame::Rows(_))) => self.row()?,
                b'[' => self.enter_array(),
                b']' | b'}' => self.leave(byte)?,
                b'"' if matches!(self.frames.last(), Some(Frame::Object(_))) => self.entry()?,
                b'"' => self.string()?,
                _ => self.garbage()?,
            }
        }
        let unclosed = !self.frames.is_empty() && !self.lost;
        if unclosed && self.text.broken().is_none() {
            let place = self.text.place(0..0);
            let what = format!(
                "the JSON is cut off at byte {}: a list is not closed, records may be missing",
                place.offset
            );
            self.session.notice(NoticeKind::Error, Some(place), what)?;
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<bool, Halt> {
        let more = self.text.fill()?;
        self.session.oddities(self.text)?;
        Ok(more)
    }

    /// Goes to the next byte that means something.
    fn next_byte(&mut self) -> Result<Option<u8>, Halt> {
        loop {
            let rest = self.text.rest();
            let skipped = blank_length(rest);
            if memchr::memchr(0, &rest.as_bytes()[..skipped]).is_some() {
                let place = self.text.place(0..skipped);
                self.session.nuls(place)?;
            }
            self.text.consume(skipped);
            if let Some(byte) = self.text.rest().bytes().next() {
                return Ok(Some(byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    fn enter_array(&mut self) {
        self.session.shell();
        self.frames.push(Frame::Array);
        self.text.consume(1);
    }

    fn leave(&mut self, byte: u8) -> Result<(), Halt> {
        let fits = match self.frames.last() {
            Some(Frame::Object(_)) => byte == b'}',
            Some(Frame::Array | Frame::Rows(_)) => byte == b']',
            None => false,
        };
        if !fits && !self.lost {
            return self.garbage();
        }
        if fits && matches!(self.frames.pop(), Some(Frame::Object(_))) {
            self.session.lists(None);
        }
        self.text.consume(1);
        Ok(())
    }

    fn object(&mut self) -> Result<(), Halt> {
        if let Some(length) = self.session.pass_over(self.text.rest(), Dress::Json) {
            self.text.consume(length);
            return Ok(());
        }
        loop {
            match self.session.parse(self.text.rest()) {
                Ok(parsed) => {
                    let taken = take(self.text, self.session, parsed)?;
                    match taken {
                        Taken::Whole(length) => self.text.consume(length),
                        Taken::Wrapper(listing) => self.enter_object(listing),
                    }
                    return Ok(());
                }
                Err(_) if is_wrapper(self.text.rest()) => {
                    self.enter_object(None);
                    return Ok(());
                }
                Err(error) => {
                    let unfinished = error.kind == JsonErrorKind::CutOff && !self.text.ended();
                    if unfinished && self.text.rest().len() < MAX_RECORD {
                        self.fill()?;
                    } else {
                        return self.damaged(error);
                    }
                }
            }
        }
    }

    fn enter_object(&mut self, listing: Option<Rc<str>>) {
        self.session.shell();
        self.session.lists(listing);
        self.frames.push(Frame::Object(None));
        self.text.consume(1);
    }

    /// Reads an entry of an object that stands around records.
    fn entry(&mut self) -> Result<(), Halt> {
        loop {
            let rest = self.text.rest();
            let found = Walk::within(rest).key().filter(|(_, at)| *at < rest.len());
            if let Some((key, at)) = found {
                if is_wrapper_key(&key) && matches!(rest.as_bytes()[at], b'[' | b'{') {
                    let is_rows = key == "rows";
                    self.enter_value(is_rows, at);
                    return Ok(());
                }
                if let Ok(parsed) = json::parse_prefix(&rest[at..])
                    && (at + parsed.end < rest.len() || self.text.ended())
                {
                    let length = at + parsed.end;
                    let told = Told::of(&key, &parsed.value);
                    return self.told(told, length);
                }
            }
            if self.text.rest().len() >= MAX_RECORD || !self.fill()? {
                return self.garbage();
            }
        }
    }

    fn enter_value(&mut self, is_rows: bool, at: usize) {
        let frame = match (self.text.rest().as_bytes()[at], self.frames.last()) {
            (b'{', _) => Frame::Object(None),
            (_, Some(Frame::Object(Some(columns)))) if is_rows => Frame::Rows(Rc::clone(columns)),
            _ => Frame::Array,
        };
        self.frames.push(frame);
        self.text.consume(at + 1);
    }

    fn told(&mut self, told: Told, length: usize) -> Result<(), Halt> {
        let place = self.text.place(0..length);
        self.text.consume(length);
        match told {
            Told::Nothing => Ok(()),
            Told::MorePages => self.session.more_pages(place),
            Told::Error(words) => {
                self.session.refuse(words);
                Ok(())
            }
            Told::Listing(listing) => {
                self.session.lists(Some(listing));
                Ok(())
            }
            Told::Columns(columns) => {
                if let Some(Frame::Object(known)) = self.frames.last_mut() {
                    *known = Some(columns);
                }
                Ok(())
            }
        }
    }

    /// Reads a row of a table: its values in the order of the columns.
    fn row(&mut self) -> Result<(), Halt> {
        let Some(Frame::Rows(columns)) = self.frames.last() else {
            return Ok(());
        };
        let columns = Rc::clone(columns);
        loop {
            let error = match json::parse_prefix(self.text.rest()) {
                Ok(parsed) => {
                    let length = parsed.end;
                    let Json::Array(values) = parsed.value else {
                        return self.garbage();
                    };
                    let entries = columns
                        .iter()
                        .zip(values)
                        .filter(|(_, value)| !matches!(value, Json::Null));
                    let body = Json::Object(
                        entries
                            .map(|(name, value)| (Cow::Borrowed(name.as_str()), value))
                            .collect(),
                    );
                    let whole = Parsed {
                        value: body,
                        end: length,
                        repeated_key: parsed.repeated_key,
                    };
                    take(self.text, self.session, whole)?;
                    self.text.consume(length);
                    return Ok(());
                }
                Err(error) => error,
            };
            let unfinished =
                error.kind == JsonErrorKind::CutOff && self.text.rest().len() < MAX_RECORD;
            if !(unfinished && self.fill()?) {
                return self.damaged(error);
            }
        }
    }

    /// Reads a text that holds JSON, as a line that was encoded twice does.
    fn string(&mut self) -> Result<(), Halt> {
        loop {
            match json::parse_prefix(self.text.rest()) {
                Ok(Parsed {
                    value: Json::String(inner),
                    end,
                    ..
                }) if inner.trim_start().starts_with(['{', '[']) => {
                    let place = self.text.place(0..end);
                    let text = &self.text.rest()[..end];
                    let mut opening = opening(self.session, &place, text);
                    opening.documents(&inner, &Columns::new(), 0)?;
                    self.text.consume(end);
                    return Ok(());
                }
                Err(error)
                    if error.kind == JsonErrorKind::CutOff
                        && self.text.rest().len() < MAX_RECORD =>
                {
                    if !self.fill()? {
                        return self.garbage();
                    }
                }
                _ => return self.garbage(),
            }
        }
    }

    /// Gives up a record and goes on with the next that can be found.
    fn damaged(&mut self, error: JsonError) -> Result<(), Halt> {
        let too_long = self.text.rest().len() >= MAX_RECORD && error.kind == JsonErrorKind::CutOff;
        let at_end = error.kind == JsonErrorKind::CutOff && self.text.ended();
        let place = self.text.place(0..0);
        let reason = if too_long {
            "the record is longer than 64 MiB".to_owned()
        } else if at_end {
            self.session.cut_off(self.text, "the record")
        } else {
            format!("{error} at byte {}", place.offset + error.offset as u64)
        };
        let salvage = salvage::from_json(self.text.rest());
        self.give_up(place, reason, salvage, error.offset)
    }

    /// Gives up a piece of text that is no value.
    fn garbage(&mut self) -> Result<(), Halt> {
        if self.session.found() == 0 && !self.lost {
            if let Some(at) = resync::behind_damaged_beginning(self.text.rest()) {
                return self.pass(at);
            }
            // A text that only begins like JSON: said once, should nothing else come of it.
            self.session.refuse(format!(
                "text that is no JSON, {}",
                beginning(self.text.rest())
            ));
            self.lost = true;
        }
        let silent = self.lost;
        let next = resync::next_record(self.text, self.session, 0)?.max(1);
        if silent {
            self.text.consume(next);
            return Ok(());
        }
        self.pass(next)
    }

    /// Gives up so many bytes that are no value.
    fn pass(&mut self, length: usize) -> Result<(), Halt> {
        self.lost = true;
        let place = Place {
            length: u32::try_from(length).unwrap_or(u32::MAX),
            ..self.text.place(0..0)
        };
        let reason = format!("text at byte {} that is no JSON value", place.offset);
        let damaged = &self.text.rest()[..length];
        let salvage = salvage::from_json(damaged);
        self.session.reject(place, reason, damaged, salvage)?;
        self.text.consume(length);
        Ok(())
    }

    fn give_up(
        &mut self,
        place: Place,
        reason: String,
        salvage: Salvage,
        error_at: usize,
    ) -> Result<(), Halt> {
        self.lost = true;
        let next = resync::next_record(self.text, self.session, error_at)?;
        let place = Place {
            length: u32::try_from(next).unwrap_or(u32::MAX),
            ..place
        };
        self.session
            .reject(place, reason, &self.text.rest()[..next], salvage)?;
        self.text.consume(next);
        Ok(())
    }
}

/// Hands on a whole object, unless it stands around records.
fn take(text: &Text<'_>, session: &mut Session<'_>, parsed: Parsed<'_>) -> Result<Taken, Halt> {
    let Parsed {
        value,
        end,
        repeated_key,
    } = parsed;
    let class = classify(&value);
    if matches!(
        class,
        Class::Unknown | Class::Error(_) | Class::Record(Shape::Other)
    ) && wraps(&value)
    {
        return Ok(Taken::Wrapper(listing(&value)));
    }
    let place = text.place(0..end);
    session.repeated_key(repeated_key.as_deref(), &place)?;
    let class = on_its_page(class, session);
    let mut opening = opening(session, &place, &text.rest()[..end]);
    match class {
        Class::Record(shape) => opening.record(shape, value, Columns::new())?,
        Class::Unknown => match session.forced() {
            Some(format) => opening_forced(session, format.shape, value, place)?,
            None => session.unknown(value, &text.rest()[..end], place)?,
        },
        Class::Envelope(_) | Class::Error(_) => {
            opening.open(value, Columns::new(), 0)?;
        }
    }
    Ok(Taken::Whole(end))
}

/// Believes the page where the object itself says too little of what it is.
fn on_its_page(class: Class, session: &Session<'_>) -> Class {
    match class {
        Class::Unknown | Class::Record(Shape::Other) if session.is_listing() => {
            Class::Record(Shape::MailboxInventory)
        }
        class => class,
    }
}

fn opening_forced(
    session: &mut Session<'_>,
    shape: Shape,
    value: Json<'_>,
    place: Place,
) -> Result<(), Halt> {
    session.record(Dress::Json, crate::session::bare(shape, value, place))
}

fn opening<'s, 'v>(
    session: &'s mut Session<'v>,
    place: &'s Place,
    text: &'s str,
) -> Opening<'s, 'v> {
    Opening {
        session,
        place,
        text,
        dress: Dress::Json,
        dates: DateOrder::Unknown,
        row: None,
    }
}

/// Returns how many bytes at the beginning part values and mean nothing.
fn blank_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | 0 => at += 1,
            // The mark of UTF-8 where files were joined.
            0xEF if bytes[at..].starts_with(b"\xEF\xBB\xBF") => at += 3,
            _ => break,
        }
    }
    at
}

/// Returns the words for how an unknown text begins.
pub(crate) fn beginning(text: &str) -> String {
    let line: String = text
        .trim_start()
        .chars()
        .take_while(|c| *c != '\n')
        .take(60)
        .collect();
    format!("beginning `{}`", model::shown::shown(line.trim_end()))
}
