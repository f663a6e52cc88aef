//! What contexts did to a message with their own hands: opened, sent, moved, deleted it.

use super::cluster::Message;
use super::folder::Folder;
use super::ground::{Ground, Proof};
use super::scope::Scope;
use super::{Class, Handled, Tag};
use crate::attribution::{Confidence, Context, Verdict};
use crate::interval::{Interval, SKEW};
use model::Touch;
use std::collections::BTreeSet;
use std::fmt::Write;

/// From how many items of one record on the client may have loaded them by itself.
const PRELOADED: u32 = 5;
/// Up to how many items of one record somebody opened them one by one.
const OPENED: u32 = 2;

/// One row with whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touched<'a> {
    pub(super) row: &'a Handled,
    pub(super) context: Option<&'a Context>,
    pub(super) verdict: Verdict,
}

/// Returns what was done to a message; what failed touched nothing.
pub(super) fn touches<'a>(message: &Message<'a>, scope: &Scope<'a>) -> Vec<Touched<'a>> {
    message
        .handled
        .iter()
        .filter(|row| !row.failed)
        .map(|row| {
            let context = scope.attribution.context_of(&row.record);
            Touched {
                row,
                context,
                verdict: context.map_or(Verdict::Unknown, |context| context.verdict),
            }
        })
        .collect()
}

/// Returns what the intruder did to it: E where they sent it, else P1 or P2.
pub(super) fn by_intruder<'a>(touches: &[Touched<'a>], scope: &Scope<'_>) -> Option<Ground<'a>> {
    let own: Vec<Touched<'_>> = touches
        .iter()
        .filter(|touched| touched.verdict == Verdict::Intruder)
        .copied()
        .collect();
    let strongest = own.iter().min_by_key(|touched| touched.strength())?;
    let was_sent = strongest.class() == Class::E;
    let mut ground = gather(&own, strongest, scope);
    // A draft that was sent is the intruder's own message, not the owner's that they changed.
    let tampers = |touched: &Touched<'_>| match touched.row.touch {
        Some(Touch::Update | Touch::Move | Touch::Delete) => true,
        Some(Touch::Create) => !was_sent,
        _ => false,
    };
    if own.iter().any(tampers) {
        ground.tags.insert(Tag::Tampered);
    }
    if was_sent {
        ground.tags.insert(Tag::Sent);
    }
    Some(ground)
}

/// Returns what somebody unknown did to it while the intruder was there: U.
pub(super) fn by_unknown<'a>(touches: &[Touched<'a>], scope: &Scope<'_>) -> Option<Ground<'a>> {
    let own: Vec<Touched<'_>> = touches
        .iter()
        .filter(|touched| touched.verdict == Verdict::Unknown)
        .filter(|touched| scope.may_be_in_window(touched.during()))
        .copied()
        .collect();
    let first = own.first()?;
    Some(gather(&own, first, scope))
}

/// Returns whether the owner opened it.
pub(super) fn is_read_by_owner(touches: &[Touched<'_>]) -> bool {
    touches
        .iter()
        .any(|touched| touched.verdict == Verdict::Owner && touched.row.touch == Some(Touch::Bind))
}

/// Puts rows together into one ground that the strongest of them names.
fn gather<'a>(own: &[Touched<'a>], strongest: &Touched<'a>, scope: &Scope<'_>) -> Ground<'a> {
    let records: BTreeSet<&str> = own
        .iter()
        .map(|touched| touched.row.record.as_str())
        .collect();
    Ground {
        class: strongest.class(),
        because: strongest.told(),
        times: own.iter().filter_map(|touched| touched.row.time).collect(),
        folders: own.iter().flat_map(Touched::folders).collect(),
        contexts: own
            .iter()
            .filter_map(|touched| touched.context.map(|context| &context.id))
            .collect(),
        records: own
            .iter()
            .map(|touched| Proof::of(touched.row.time, &touched.row.record))
            .collect(),
        accesses: records.len() as u32,
        tags: own.iter().flat_map(|touched| touched.tags(scope)).collect(),
    }
}

impl<'a> Touched<'a> {
    /// Returns the class of this touch alone.
    fn class(&self) -> Class {
        match (self.verdict, self.row.touch) {
            (Verdict::Unknown, _) => Class::U,
            (_, Some(Touch::Send)) => Class::E,
            _ if self.confidence() == Confidence::High => Class::P1,
            _ => Class::P2,
        }
    }

    fn confidence(&self) -> Confidence {
        self.context
            .map_or(Confidence::Low, |context| context.confidence)
    }

    /// Returns what puts the strongest touch first: class, then opening before all else, then time.
    fn strength(&self) -> impl Ord + use<'a> {
        let is_opening = self.row.touch == Some(Touch::Bind);
        let row: &'a Handled = self.row;
        (
            self.class(),
            !is_opening,
            row.time.is_none(),
            row.time,
            &row.record,
        )
    }

    /// Returns when it can have happened: openings within two minutes are written as one record.
    fn during(&self) -> Option<Interval> {
        let time = self.row.time?;
        Some(Interval::new(time, time).widened(SKEW, SKEW.saturating_add(1)))
    }

    fn folders(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row: &'a Handled = self.row;
        let from = Folder {
            id: &row.folder_id,
            name: &row.folder,
            kind: None,
        };
        [from.label(), row.to_folder.as_str()]
            .into_iter()
            .filter(|folder| !folder.is_empty())
    }

    fn tags(&self, scope: &Scope<'_>) -> Vec<Tag> {
        if self.row.touch != Some(Touch::Bind) {
            return Vec::new();
        }
        let crawled = match (scope.crawls, self.row.time, self.context) {
            (Some(crawls), Some(time), Some(context)) => crawls.is_crawl(time, &context.id),
            _ => false,
        };
        let pace = match self.row.items_in_record {
            0 => None,
            1..=OPENED => Some(Tag::IndividuallyOpened),
            PRELOADED.. => Some(Tag::BulkPreload),
            _ => None,
        };
        pace.into_iter()
            .chain(crawled.then_some(Tag::Crawl))
            .collect()
    }

    /// Tells it as a sentence without full stop.
    fn told(&self) -> String {
        let who = match self.verdict {
            Verdict::Intruder => "the intruder's client",
            _ => "a client whose user is not known",
        };
        let mut text = format!("{} {who}", deed(self.row));
        if let Some(time) = self.row.time {
            let _ = write!(text, " at {time}");
        }
        let _ = write!(text, ", record {}", self.row.record);
        match self.context {
            Some(context) => {
                let _ = write!(text, ", {}", described(context));
            }
            None => text.push_str(", in no context"),
        }
        if self.class() == Class::P2
            && let Some(reason) = self.context.and_then(|context| context.reasons.first())
        {
            let _ = write!(text, "; probable because {}", reason.text);
        }
        text
    }
}

/// The words before who did it: records show what a client was given, never that somebody read it.
fn deed(row: &Handled) -> &'static str {
    match row.touch {
        Some(Touch::Bind) => "delivered to",
        Some(Touch::Send) => "sent by",
        Some(Touch::Create) => "created by",
        Some(Touch::Update) => "changed by",
        Some(Touch::Move) if row.action.eq_ignore_ascii_case("Copy") => "copied by",
        Some(Touch::Move) => "moved by",
        Some(Touch::Delete) => "deleted by",
        Some(Touch::Sync) | None => "touched by",
    }
}

/// Names a context with what tells it from others.
pub(super) fn described(context: &Context) -> String {
    let mut facts = Vec::new();
    if !context.client.is_empty() {
        facts.push(context.client.clone());
    }
    for (name, value) in [
        ("application", &context.app),
        ("session", &context.session),
        ("by", &context.actor),
    ] {
        if !value.is_empty() {
            facts.push(format!("{name} {value}"));
        }
    }
    if facts.is_empty() {
        format!("context {}", context.id)
    } else {
        format!("context {} ({})", context.id, facts.join(", "))
    }
}
