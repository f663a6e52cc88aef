//! The door of the room: one input in, what is found handed on as it is found.

use crate::archive;
use crate::format::Dress;
use crate::refused;
use crate::session::{Halt, Session, Verdict};
use crate::sheet::Sort;
use crate::text::Text;
use crate::{Format, resync, sheet, values};
use model::{Found, Raw};
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;

/// A reader that can be set back, as archives need it.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// How an input is to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format that the caller insists on; nothing lets the content decide.
    pub format: Option<Format>,
    /// The name of the input, for messages only.
    pub name: String,
    /// How closely records are read.
    pub depth: Depth,
}

/// How closely records are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// To the last brace: what is damaged anywhere is told.
    #[default]
    Whole,
    /// What stands deeper in unified audit records is passed over until somebody opens it.
    Glance,
}

/// Whoever is handed what is found.
pub trait Visitor {
    /// Takes what was found; whether more is wanted.
    fn found(&mut self, found: Found<'_>) -> ControlFlow<()>;

    /// Returns whether nothing more of a unified audit record is wanted than this: its body holds
    /// only what stands under the keys of [`model::raw::SURFACE`], and its place is not told.
    /// Then the record counts as found, and [`Self::found`] is not called for it. Asked only at
    /// [`Depth::Glance`], and not of every record.
    fn lets_go(&mut self, _surface: &Raw<'_>) -> bool {
        false
    }
}

impl<F: FnMut(Found<'_>) -> ControlFlow<()>> Visitor for F {
    fn found(&mut self, found: Found<'_>) -> ControlFlow<()> {
        self(found)
    }
}

/// What an input was.
#[derive(Debug)]
pub struct Summary {
    /// The kinds of record in it and how they were written, in words.
    pub format: String,
    /// How reading it ended.
    pub ended: Ended,
}

/// How reading an input ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was read to its end.
    Read,
    /// The visitor had seen enough.
    Stopped,
    /// It holds nothing.
    Empty,
    /// It is no evidence, for this reason.
    NotEvidence(String),
}

/// Why an input cannot be read. Damage of the evidence is none: it is a reject or a notice.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The reader failed.
    #[error("read the evidence")]
    Read(#[source] io::Error),
    /// The archive has no such member.
    #[error("find the member `{0}` in the archive")]
    NoSuchMember(String),
    /// The archive itself cannot be read.
    #[error("open the archive")]
    Archive(#[source] io::Error),
}

/// Reads an input and hands every record, reject and notice to a visitor.
///
/// ```
/// use model::Found;
/// use std::ops::ControlFlow;
///
/// let mut input = std::io::Cursor::new(r#"{"CreationTime":"2026-03-02T08:15:00","Id":"1","Operation":"Send","RecordType":2}"#);
/// let mut ids = Vec::new();
/// let summary = evidence::read(&mut input, &evidence::Options::default(), &mut |found| {
///     if let Found::Record(raw) = found {
///         ids.push(raw.body.text("Id").unwrap_or_default().to_owned());
///     }
///     ControlFlow::Continue(())
/// })
/// .unwrap();
/// assert_eq!(ids, ["1"]);
/// assert_eq!(summary.format, "unified audit log, JSON");
/// ```
pub fn read(
    input: &mut dyn ReadSeek,
    options: &Options,
    mut visit: &mut dyn FnMut(Found<'_>) -> ControlFlow<()>,
) -> Result<Summary, EvidenceError> {
    read_for(input, options, &mut visit)
}

/// Reads an input as [`read`] does, for a visitor who can tell from the surface of a record that
/// nothing more of it is wanted.
pub fn read_for(
    input: &mut dyn ReadSeek,
    options: &Options,
    visitor: &mut dyn Visitor,
) -> Result<Summary, EvidenceError> {
    let mut session = Session::new(options, visitor);
    let ended = match archive::read(input, &mut session) {
        Ok(Verdict::Read) => Ended::Read,
        Ok(Verdict::Empty) => Ended::Empty,
        Ok(Verdict::NotEvidence(reason)) => Ended::NotEvidence(reason),
        Err(Halt::Stopped) => Ended::Stopped,
        Err(Halt::Failed(error)) => return Err(error),
    };
    Ok(Summary {
        format: session.format(),
        ended,
    })
}

/// Reads one text to its end and judges it.
pub(crate) fn read_text(
    source: Box<dyn Read + '_>,
    session: &mut Session<'_>,
) -> Result<Verdict, Halt> {
    let mut text = Text::open(source)?;
    session.oddities(&mut text)?;
    if let Some(reason) = refused::reason(text.rest()) {
        return Ok(Verdict::NotEvidence(reason));
    }
    skip_padding(&mut text, session)?;
    if text.rest().is_empty() {
        return session.end(&text);
    }
    if is_json(text.rest(), session.forced()) {
        values::read(&mut text, session)?;
    } else if let Sort::Unknown(reason) = sheet::read(&mut text, session)? {
        match resync::behind_damaged_beginning(text.rest()) {
            Some(at) => values::read_behind(&mut text, session, at)?,
            None => session.refuse(reason),
        }
    }
    session.end(&text)
}

/// Skips what a crashed disk may have left before the first record.
fn skip_padding(text: &mut Text<'_>, session: &mut Session<'_>) -> Result<(), Halt> {
    loop {
        let bytes = text.rest().as_bytes();
        let blanks = bytes
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || **byte == 0)
            .count();
        if memchr::memchr(0, &bytes[..blanks]).is_some() {
            let place = text.place(0..blanks);
            session.nuls(place)?;
        }
        text.consume(blanks);
        if !text.rest().is_empty() || !text.fill()? {
            return session.oddities(text);
        }
    }
}

fn is_json(rest: &str, forced: Option<Format>) -> bool {
    let opens = |text: &str| text.starts_with(['{', '[']);
    // A first column in quotes is no JSON; a line that was encoded twice is.
    let twice = rest
        .strip_prefix('"')
        .is_some_and(|inner| opens(inner) && inner[1..].trim_start().starts_with("\\\""));
    let wanted = forced.is_some_and(|format| format.dress == Dress::Json);
    opens(rest) || twice || (wanted && rest.starts_with('"') && !rest.contains(','))
}
