//! What a log must tell so that its windows can be read: how to ask for one, and what a page means.

use super::desk::{Fullness, Rules, Window};
use crate::feed::Trouble;
use crate::health::Meaning;
use crate::moment::HOUR;
use crate::said::Said;
use model::{Ask, Reply, Timestamp};

/// A window of one of the logs that a feed reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Which of the logs, where a feed reads several alike; else empty.
    pub(crate) scope: &'a str,
    /// The window.
    pub(crate) window: &'a Window,
}

/// What a reply makes of the reading of a window.
#[derive(Clone, Debug)]
pub(crate) enum Turn {
    /// A page with so many records; there are more.
    More(Ask, u64),
    /// The last page, with so many records.
    Done(u64, Fullness),
    /// No page, but an answer: ask this, so many seconds later.
    Later(Ask, i64),
    /// The reading is worth nothing: from the first page again, soon.
    Again(String),
    /// The reading is worth nothing: from the first page again, a limited number of times.
    Replan(String),
    /// More is in the window than can be had at once.
    Split(String),
    /// A failure as other services have it.
    Suffer(Meaning),
    /// This one of several logs is not to be had; the others are.
    Absent(Trouble),
}

/// A log that is read window by window.
pub(crate) trait Source: Send {
    /// What is remembered while the pages of one window are read.
    type Walk: Default + Send;

    /// Returns the feed's name.
    fn name(&self) -> &str;

    /// Returns how the log is read.
    fn rules(&self) -> Rules;

    /// Returns the first question for a window.
    fn first(&mut self, place: Place<'_>, walk: &mut Self::Walk, now: Timestamp) -> Ask;

    /// Reads a reply that says success.
    fn read(
        &mut self,
        place: Place<'_>,
        walk: &mut Self::Walk,
        reply: &Reply,
        now: Timestamp,
    ) -> Turn;

    /// Reads a reply that says no success.
    fn refused(
        &mut self,
        _place: Place<'_>,
        _walk: &mut Self::Walk,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        refused(&Said::of(reply), reply)
    }

    /// Returns whether the same page may be asked for twice.
    fn repeats_pages(&self) -> bool {
        true
    }

    /// Returns what is to be remembered with a window across a restart.
    fn note(&self, _walk: &Self::Walk) -> String {
        String::new()
    }

    /// Returns the parts in which a window too narrow to be halved is read. What lies in none of
    /// them is told as a gap.
    fn parts(&self, _window: &Window) -> Vec<String> {
        Vec::new()
    }

    /// Returns the moment before which no new window may be begun, where a budget is spent.
    fn not_before(&self, _now: Timestamp) -> Option<Timestamp> {
        None
    }

    /// Returns what the source remembers beside its windows.
    fn memory(&self) -> String {
        String::new()
    }

    /// Recalls what it remembered.
    fn recall(&mut self, _memory: &str) {}

    /// Returns the logs that are read, where they are known.
    fn scopes(&self) -> Scopes {
        Scopes::Known(vec![String::new()])
    }

    /// Reads a page of the list of logs into what was found; returns the question for the next.
    fn discovered(
        &mut self,
        _reply: &Reply,
        _found: &mut Vec<String>,
    ) -> Result<Option<Ask>, String> {
        Ok(None)
    }
}

/// Which logs a feed reads.
pub(crate) enum Scopes {
    /// These.
    Known(Vec<String>),
    /// Those that this question lists.
    Asked(Ask),
}

/// Reads a refusal as Graph and Azure mean it: a token of the next page that is no good sends
/// the reader back to the first page, all else is as everywhere.
pub(crate) fn refused(said: &Said, reply: &Reply) -> Turn {
    let page_token = [
        "skip token",
        "skiptoken",
        "continuationtoken",
        "continuation token",
    ]
    .iter()
    .any(|words| said.speaks_of(words));
    if page_token && (400..500).contains(&said.status) && !said.is_throttling() {
        return Turn::Again(said.line());
    }
    Turn::Suffer(Meaning::of_refusal(said, reply))
}

/// Returns a turn that stops the feed until an operator acts.
pub(crate) fn stop(trouble: Trouble) -> Turn {
    Turn::Suffer(Meaning::Stop(trouble, HOUR))
}

/// Returns how full a window was, by its records and by how many are on one page.
pub(crate) fn fullness(rows: u64, page: u64) -> Fullness {
    if rows > page * 4 {
        Fullness::Heavy
    } else if rows < page / 4 {
        Fullness::Light
    } else {
        Fullness::Fine
    }
}
