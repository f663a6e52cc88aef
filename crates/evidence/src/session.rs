//! The counting house of one input: what goes to the visitor passes here.
//!
//! Here is kept what must be told once a file and what can only be told at its end: that
//! nothing in it was evidence, or which kinds of record it held.

use crate::format::{self, Dress};
use crate::passing::Passing;
use crate::read::{Depth, Options, Visitor};
use crate::shape;
use crate::text::{Oddity, Text};
use crate::walk;
use crate::{EvidenceError, Format};
use model::json::{self, Json, JsonError, Parsed};
use model::listing::CONTEXT;
use model::raw::{GLANCE, LOOKED_INTO};
use model::shown::shown;
use model::{Found, Notice, NoticeKind, Place, Raw, Reject, Salvage, Shape};
use std::borrow::Cow;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

/// How much of a damaged record is kept.
const MAX_KEPT: usize = 64 * 1024;
/// How many objects of an unknown kind are held until something is recognised.
const MAX_HELD: usize = 256;

/// Why reading stops before the end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The visitor has seen enough.
    Stopped,
    /// The input cannot be read.
    Failed(EvidenceError),
}

impl From<EvidenceError> for Halt {
    fn from(error: EvidenceError) -> Self {
        Self::Failed(error)
    }
}

/// What a member turned out to be.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Evidence, or damaged evidence.
    Read,
    /// Nothing at all.
    Empty,
    /// No evidence, for this reason.
    NotEvidence(String),
}

/// An object that nobody knows yet.
struct Held {
    text: String,
    place: Place,
}

/// The state of one member.
#[derive(Default)]
struct Member {
    name: Option<Arc<str>>,
    records: u64,
    rejects: u64,
    held: Vec<Held>,
    unknown: u64,
    /// Told only if the member turns out to be evidence: a picture has no damaged lines.
    early: Vec<Notice>,
    refused: Option<String>,
    nuls_told: bool,
    pages_told: bool,
    unknown_told: bool,
    break_told: bool,
    shell: bool,
    /// What the page that is being read says of the messages that it lists.
    listing: Option<Rc<str>>,
}

/// The counting house.
pub(crate) struct Session<'v> {
    visitor: &'v mut dyn Visitor,
    forced: Option<Format>,
    depth: Depth,
    member: Member,
    shapes: Vec<(Shape, Dress)>,
    /// Whether the record before was a unified one: a file mostly holds one kind.
    folds: bool,
    passing: Passing,
}

impl<'v> Session<'v> {
    /// Opens the house for one input.
    pub(crate) fn new(options: &Options, visitor: &'v mut dyn Visitor) -> Self {
        Self {
            visitor,
            forced: options.format,
            depth: options.depth,
            member: Member::default(),
            shapes: Vec::new(),
            folds: false,
            passing: Passing::default(),
        }
    }

    /// Returns the format that the caller insists on.
    pub(crate) fn forced(&self) -> Option<Format> {
        self.forced
    }

    /// Reads a value at the start of a text; in a unified record what is only carried along
    /// stays folded.
    pub(crate) fn parse<'t>(&mut self, text: &'t str) -> Result<Parsed<'t>, JsonError> {
        if self.folds && text.starts_with('{') {
            let parsed = match self.depth {
                Depth::Whole => json::parse_record(text, LOOKED_INTO)?,
                Depth::Glance => json::parse_glance(text, &GLANCE)?,
            };
            if shape::is_unified(&parsed.value) {
                return Ok(parsed);
            }
        }
        let parsed = json::parse_prefix(text)?;
        if matches!(parsed.value, Json::Object(_)) {
            let stays_unified = self
                .forced
                .is_none_or(|format| format.shape == Shape::UnifiedAudit);
            self.folds = stays_unified && shape::is_unified(&parsed.value);
        }
        Ok(parsed)
    }

    /// Passes over the record that a text begins with, if the visitor lets it go by its surface;
    /// returns how long it is. What must be told or noted of a record is told of others first.
    pub(crate) fn pass_over(&mut self, text: &str, dress: Dress) -> Option<usize> {
        let is_one_of_many = self.folds
            && self.depth == Depth::Glance
            && self.member.records > 0
            && self.shapes.contains(&(Shape::UnifiedAudit, dress));
        if !is_one_of_many {
            return None;
        }
        let (surface, end) = self.passing.surface(text)?;
        let is_let_go = self.visitor.lets_go(&surface);
        self.passing.note(is_let_go);
        if !is_let_go {
            return None;
        }
        self.member.records += 1;
        Some(end)
    }

    /// Returns how many records and rejects the current member has given.
    pub(crate) fn found(&self) -> u64 {
        self.member.records + self.member.rejects
    }

    /// Returns the words for what was read.
    pub(crate) fn format(&self) -> String {
        format::describe(&self.shapes)
    }

    /// Begins a member of an archive, or the input itself.
    pub(crate) fn begin(&mut self, name: Option<Arc<str>>) {
        self.member = Member {
            name,
            ..Member::default()
        };
    }

    /// Ends a member and judges it.
    pub(crate) fn end(&mut self, text: &Text<'_>) -> Result<Verdict, Halt> {
        if let Some(why) = text.broken()
            && !self.member.break_told
        {
            let what =
                format!("the compressed stream breaks off: {why}; everything before it was read");
            self.notice(NoticeKind::Error, None, what)?;
        }
        let refused = self.member.refused.take();
        if self.found() > 0 || text.broken().is_some() {
            self.release_early()?;
            self.tell_unknown_rest()?;
            if let Some(reason) = refused {
                self.notice(
                    NoticeKind::Error,
                    None,
                    format!("between the records: {reason}"),
                )?;
            }
            return Ok(Verdict::Read);
        }
        if let Some(reason) = refused {
            return Ok(Verdict::NotEvidence(reason));
        }
        if let Some(held) = self.member.held.first() {
            return Ok(Verdict::NotEvidence(unknown_object(&held.text)));
        }
        if !self.member.shell {
            return Ok(Verdict::Empty);
        }
        self.release_early()?;
        self.notice(
            NoticeKind::Warning,
            None,
            "it is evidence and holds no records".to_owned(),
        )?;
        Ok(Verdict::Read)
    }

    /// Notes that there is something in which records could have stood.
    pub(crate) fn shell(&mut self) {
        self.member.shell = true;
    }

    /// Notes what the page that begins says of the messages that it lists, or that it ends.
    pub(crate) fn lists(&mut self, listing: Option<Rc<str>>) {
        self.member.listing = listing;
    }

    /// Returns whether the page that is being read lists the messages of a mailbox.
    pub(crate) fn is_listing(&self) -> bool {
        self.member.listing.is_some()
    }

    /// Notes why the member is no evidence, should nothing else come of it.
    pub(crate) fn refuse(&mut self, reason: String) {
        self.member.refused.get_or_insert(reason);
    }

    /// Hands on a record.
    pub(crate) fn record(&mut self, dress: Dress, mut raw: Raw<'_>) -> Result<(), Halt> {
        if self.member.records == 0 {
            self.release_held()?;
        }
        self.release_early()?;
        self.member.records += 1;
        if !self.shapes.contains(&(raw.shape, dress)) {
            self.shapes.push((raw.shape, dress));
        }
        raw.place.member.clone_from(&self.member.name);
        let listing = self.member.listing.clone();
        let mut raw: Raw<'_> = raw;
        if let (Shape::MailboxInventory, Some(listing)) = (raw.shape, listing.as_deref()) {
            let said = (Cow::Borrowed(CONTEXT), Cow::Borrowed(listing));
            raw.columns.push(said);
        }
        self.found_one(Found::Record(raw))
    }

    /// Hands on an object of unknown kind: kept as it is once its file is known as evidence.
    pub(crate) fn unknown(
        &mut self,
        value: Json<'_>,
        text: &str,
        place: Place,
    ) -> Result<(), Halt> {
        if self.member.records == 0 {
            self.member.unknown += 1;
            if self.member.held.len() < MAX_HELD {
                self.member.held.push(Held {
                    text: kept(text).to_owned(),
                    place,
                });
            }
            return Ok(());
        }
        self.warn_unknown(&place)?;
        self.record(Dress::Json, bare(Shape::Other, value, place))
    }

    fn warn_unknown(&mut self, place: &Place) -> Result<(), Halt> {
        if std::mem::replace(&mut self.member.unknown_told, true) {
            return Ok(());
        }
        let what =
            "a record of a kind that is not known; it and others like it are kept as they are";
        self.notice(NoticeKind::Warning, Some(place.clone()), what.to_owned())
    }

    fn release_early(&mut self) -> Result<(), Halt> {
        for notice in std::mem::take(&mut self.member.early) {
            self.found_one(Found::Notice(notice))?;
        }
        Ok(())
    }

    fn release_held(&mut self) -> Result<(), Halt> {
        for Held { text, place } in std::mem::take(&mut self.member.held) {
            self.member.unknown -= 1;
            self.warn_unknown(&place)?;
            match json::parse(&text) {
                Ok(parsed) => self.record(Dress::Json, bare(Shape::Other, parsed.value, place))?,
                Err(_) => self.reject(
                    place,
                    "an object of unknown kind".to_owned(),
                    &text,
                    Salvage::default(),
                )?,
            }
        }
        Ok(())
    }

    fn tell_unknown_rest(&mut self) -> Result<(), Halt> {
        match self.member.unknown {
            0 => Ok(()),
            many => {
                let what = format!("{many} objects of unknown kind at the beginning were not kept");
                self.notice(NoticeKind::Error, None, what)
            }
        }
    }

    /// Hands on something that was a record and is damaged.
    pub(crate) fn reject(
        &mut self,
        mut place: Place,
        reason: String,
        text: &str,
        salvage: Salvage,
    ) -> Result<(), Halt> {
        self.release_early()?;
        self.member.rejects += 1;
        place.member.clone_from(&self.member.name);
        let bytes = Cow::Borrowed(kept(text).as_bytes());
        self.found_one(Found::Reject(Reject {
            place,
            reason,
            bytes,
            salvage,
        }))
    }

    /// Returns the reason for a record that the end of the input cuts off.
    pub(crate) fn cut_off(&mut self, text: &Text<'_>, what: &str) -> String {
        match text.broken() {
            Some(why) => {
                self.member.break_told = true;
                format!("{what} is cut off: the compressed stream breaks off ({why})")
            }
            None => format!("{what} is cut off by the end of the file"),
        }
    }

    /// Tells something.
    pub(crate) fn notice(
        &mut self,
        kind: NoticeKind,
        place: Option<Place>,
        what: String,
    ) -> Result<(), Halt> {
        let notice = self.worded(kind, place, what);
        self.found_one(Found::Notice(notice))
    }

    /// Tells something of the bytes, as soon as the member is known as evidence.
    fn notice_of_bytes(
        &mut self,
        kind: NoticeKind,
        place: Option<Place>,
        what: String,
    ) -> Result<(), Halt> {
        let notice = self.worded(kind, place, what);
        if self.found() == 0 {
            self.member.early.push(notice);
            return Ok(());
        }
        self.found_one(Found::Notice(notice))
    }

    fn worded(&self, kind: NoticeKind, place: Option<Place>, what: String) -> Notice {
        let member = self.member.name.clone();
        let place = match place {
            Some(place) => Some(Place { member, ..place }),
            None => member.map(|name| Place {
                member: Some(name),
                ..Place::default()
            }),
        };
        Notice { kind, place, what }
    }

    /// Tells that an object wrote a key twice.
    pub(crate) fn repeated_key(&mut self, key: Option<&str>, place: &Place) -> Result<(), Halt> {
        let Some(key) = key else { return Ok(()) };
        let what = format!(
            "the key `{}` stands twice in one object; its last value was taken",
            shown(key)
        );
        self.notice_of_bytes(NoticeKind::Error, Some(place.clone()), what)
    }

    /// Tells once a member that its file was padded with NUL bytes.
    pub(crate) fn nuls(&mut self, place: Place) -> Result<(), Halt> {
        if std::mem::replace(&mut self.member.nuls_told, true) {
            return Ok(());
        }
        let what =
            "NUL bytes between the records, as a crash leaves them: records may be missing here";
        self.notice_of_bytes(NoticeKind::Error, Some(place), what.to_owned())
    }

    /// Tells once a member that the service had more pages.
    pub(crate) fn more_pages(&mut self, place: Place) -> Result<(), Halt> {
        if std::mem::replace(&mut self.member.pages_told, true) {
            return Ok(());
        }
        let what = "a next link says that more pages exist than this file holds: collect them too";
        self.notice(NoticeKind::Warning, Some(place), what.to_owned())
    }

    /// Tells what the bytes of the text gave cause to tell.
    pub(crate) fn oddities(&mut self, text: &mut Text<'_>) -> Result<(), Halt> {
        for oddity in text.take_oddities() {
            match oddity {
                Oddity::Windows1252 => {
                    let what = "the text is Windows-1252 and no UTF-8; it was read as that";
                    self.notice_of_bytes(NoticeKind::Warning, None, what.to_owned())?;
                }
                Oddity::Damaged { place, last } => {
                    let more = if last {
                        "; further such lines are not told one by one"
                    } else {
                        ""
                    };
                    let what = format!(
                        "bytes that are no text on line {}, shown as U+FFFD{more}",
                        place.line
                    );
                    self.notice_of_bytes(NoticeKind::Error, Some(place), what)?;
                }
            }
        }
        Ok(())
    }

    fn found_one(&mut self, found: Found<'_>) -> Result<(), Halt> {
        match self.visitor.found(found) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Halt::Stopped),
        }
    }
}

/// Returns a record that nothing stands around.
pub(crate) fn bare(shape: Shape, body: Json<'_>, place: Place) -> Raw<'_> {
    Raw {
        shape,
        body,
        columns: Vec::new(),
        place,
        dates: model::DateOrder::Unknown,
    }
}

fn kept(text: &str) -> &str {
    let mut end = text.len().min(MAX_KEPT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn unknown_object(text: &str) -> String {
    let keys: Vec<String> = walk::leading_entries(text)
        .iter()
        .map(|(key, _)| shown(key).into_owned())
        .collect();
    format!("JSON of unknown kind with the keys {}", listed(&keys))
}

/// Returns names in a row, as many as a reader wants to see.
pub(crate) fn listed(names: &[String]) -> String {
    const MOST: usize = 40;
    let mut out = names
        .iter()
        .take(MOST)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST {
        out.push_str(" and ");
        out.push_str(&(names.len() - MOST).to_string());
        out.push_str(" more");
    }
    out
}
