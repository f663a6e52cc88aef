//! What an inventory adds to the sights of a message: when it came, and where it is at last.
//!
//! An inventory was made at a moment that its rows do not tell, after the acts that a case is
//! about. Until that moment the message may have been in the folder that is listed as well as
//! in any that was seen; what is listed was not gone.

use super::Stretch;
use super::sight::join;
use crate::interval::{Interval, SKEW};
use crate::messages::cluster::Message;
use crate::messages::delivery::Passage;
use crate::messages::folder::{Folder, Kind};
use model::Timestamp;

/// Where inventories list a message.
#[derive(Debug, Default)]
pub(super) struct Shelves<'a> {
    folders: Vec<Folder<'a>>,
    /// When it came and into which folders, as the inventory alone tells it.
    pub(super) arrivals: Vec<(Option<Timestamp>, Folder<'a>)>,
    /// Whether it was there before other records saw it begin: what they saw is another item.
    was_there_before: bool,
}

impl<'a> Shelves<'a> {
    /// Gathers the rows of inventories; `first` is when other records saw the message begin, the
    /// beginning of time where they do not say.
    pub(super) fn of(message: &Message<'a>, first: Option<Timestamp>) -> Self {
        let mut shelves = Self::default();
        for passage in message.passages.iter().filter(|own| own.is_listed()) {
            shelves.put(passage.shelf());
            if !is_told(first, passage.row.time) {
                let into = birthplaces(passage).iter();
                let came = into.map(|folder| (passage.row.time, *folder));
                shelves.arrivals.extend(came);
                shelves.was_there_before |= first.is_some();
            }
        }
        shelves
    }

    fn put(&mut self, folder: Folder<'a>) {
        let unknown = (!folder.is_comparable()).then_some(Folder::ANYWHERE);
        for folder in [folder].into_iter().chain(unknown) {
            if !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
    }

    /// Lets a listed message be in its folder all the while, and stay to the end.
    pub(super) fn keep(&self, stretches: &mut Vec<Stretch<'a>>) {
        if self.folders.is_empty() {
            return;
        }
        let end = stretches.last().map(|stretch| stretch.during.to);
        let during = Interval::new(end.unwrap_or(Timestamp(i64::MIN)), Timestamp(i64::MAX));
        if !during.is_empty() {
            let places = Vec::new();
            stretches.push(Stretch { during, places });
        }
        for stretch in stretches {
            for folder in &self.folders {
                join(&mut stretch.places, *folder);
            }
        }
    }

    /// Returns whether several items carry the message's id: it lies in several folders, or lay in
    /// one before it came.
    pub(super) fn are_several(&self) -> bool {
        let named = self.folders.iter().filter(|own| !own.is_anywhere());
        self.was_there_before || named.count() > 1
    }
}

/// Returns whether other records tell the beginning as well, clocks allowed for.
fn is_told(first: Option<Timestamp>, came: Option<Timestamp>) -> bool {
    match (first, came) {
        (None, _) => false,
        (Some(first), Some(came)) => first.0 <= came.0.saturating_add(SKEW),
        (Some(_), None) => true,
    }
}

/// What the owner wrote began among their own; what came in may have been sorted anywhere.
fn birthplaces(passage: &Passage<'_>) -> &'static [Folder<'static>] {
    const OWN: [Folder<'static>; 2] = [Folder::of_kind(Kind::Drafts), Folder::of_kind(Kind::Sent)];
    const ANY: [Folder<'static>; 1] = [Folder::ANYWHERE];
    if passage.is_own_work() { &OWN } else { &ANY }
}
