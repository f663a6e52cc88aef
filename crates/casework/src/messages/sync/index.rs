//! Which synchronisations a message met that stood in a folder for a while.
//!
//! Two million messages ask, so every question that a delivery alone can ask has its
//! answer prepared: a list by time for each folder, for each kind of folder, for all.

use super::SyncWindow;
use crate::attribution::Verdict;
use crate::interval::Interval;
use crate::messages::folder::{Folder, Kind, compare_ids, is_same_name};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The windows of one verdict, by folder.
#[derive(Clone, Debug, Default)]
pub(in crate::messages) struct Index {
    folders: Vec<Synced>,
    of_kind: BTreeMap<Kind, Track>,
    all: Track,
    /// The kinds that some folder of the mailbox is recognised as.
    recognised: BTreeSet<Kind>,
}

/// One synchronised folder with its windows.
#[derive(Clone, Debug)]
struct Synced {
    id: String,
    name: String,
    kind: Option<Kind>,
    track: Track,
}

/// Windows by their beginning, each with the furthest end of those up to it.
#[derive(Clone, Debug, Default)]
struct Track {
    order: Vec<u32>,
    reach: Vec<Timestamp>,
}

/// How many synchronisations a message names at most: the first seven and the last.
pub(in crate::messages) const NAMED: usize = 8;

impl Index {
    /// Prepares the windows of one verdict; `all` are the folders of the mailbox that anybody
    /// synchronised, as id and name: they tell which folder is the inbox.
    pub(super) fn of(windows: &[SyncWindow], verdict: Verdict, all: &[(&str, &str)]) -> Self {
        let born = certain(all);
        let mut by_folder: BTreeMap<(&str, &str), Vec<u32>> = BTreeMap::new();
        for (at, window) in windows.iter().enumerate() {
            if window.verdict == verdict {
                let folder = (window.folder_id.as_str(), window.folder.as_str());
                by_folder.entry(folder).or_default().push(at as u32);
            }
        }
        let folders: Vec<Synced> = by_folder
            .into_iter()
            .map(|((id, name), order)| Synced {
                id: id.to_owned(),
                name: name.to_owned(),
                kind: kind(id, name, &born),
                track: Track::of(order, windows),
            })
            .collect();
        let mut index = Self {
            folders,
            recognised: all
                .iter()
                .filter_map(|(id, name)| kind(id, name, &born))
                .collect(),
            ..Self::default()
        };
        index.of_kind = KINDS
            .into_iter()
            .map(|kind| {
                (
                    kind,
                    index.track(windows, |synced| index.may_be(synced, kind)),
                )
            })
            .collect();
        index.all = index.track(windows, |_| true);
        index
    }

    fn track(&self, windows: &[SyncWindow], is_wanted: impl Fn(&Synced) -> bool) -> Track {
        let wanted = self.folders.iter().filter(|synced| is_wanted(synced));
        let order = wanted.flat_map(|synced| synced.track.order.iter().copied());
        Track::of(order.collect(), windows)
    }

    pub(in crate::messages) fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Returns the windows that somebody meets who stood in a folder for a while, as places in
    /// the list of windows: the first ones and the last, at most [`NAMED`] for each folder.
    pub(in crate::messages) fn meeting(
        &self,
        place: &Folder<'_>,
        during: &Interval,
        windows: &[SyncWindow],
    ) -> Vec<u32> {
        if place.is_anywhere() {
            return self.all.meeting(during, windows);
        }
        if let (true, Some(kind)) = (place.id.is_empty(), place.kind) {
            return self
                .of_kind
                .get(&kind)
                .map(|track| track.meeting(during, windows))
                .unwrap_or_default();
        }
        self.folders
            .iter()
            .filter(|synced| self.is_met(place, synced))
            .flat_map(|synced| synced.track.meeting(during, windows))
            .collect()
    }

    fn is_met(&self, place: &Folder<'_>, synced: &Synced) -> bool {
        if let Some(same) = compare_ids(place.id, &synced.id) {
            return same;
        }
        match (place.kind, synced.kind) {
            (Some(kind), _) => self.may_be(synced, kind),
            (None, None) => synced.is_nameless() || is_same_name(place.name, &synced.name),
            (None, Some(_)) => place.name.is_empty(),
        }
    }

    /// A folder of no known kind may be the inbox while no other is recognised as the inbox.
    fn may_be(&self, synced: &Synced, kind: Kind) -> bool {
        match synced.kind {
            Some(own) => own == kind,
            None => synced.is_nameless() || !self.recognised.contains(&kind),
        }
    }
}

const KINDS: [Kind; 7] = [
    Kind::Inbox,
    Kind::Sent,
    Kind::Deleted,
    Kind::Drafts,
    Kind::Junk,
    Kind::Outbox,
    Kind::Recoverable,
];

impl Synced {
    fn is_nameless(&self) -> bool {
        self.id.is_empty() && self.name.is_empty()
    }
}

/// Returns the kinds of which a folder is certain: its name and the end of its id agree.
fn certain(all: &[(&str, &str)]) -> BTreeSet<Kind> {
    all.iter()
        .filter_map(|(id, name)| agreed(id, name))
        .collect()
}

fn agreed(id: &str, name: &str) -> Option<Kind> {
    let by_name = Kind::of_name(name);
    by_name.filter(|_| by_name == Kind::of_id(id))
}

/// A second folder with the inbox's name, as an imported archive brings along, is not the inbox.
fn kind(id: &str, name: &str, certain: &BTreeSet<Kind>) -> Option<Kind> {
    let kind = Kind::of_name(name).or_else(|| Kind::of_id(id))?;
    let is_another = certain.contains(&kind) && !id.is_empty() && agreed(id, name).is_none();
    (!is_another).then_some(kind)
}

impl Track {
    fn of(mut order: Vec<u32>, windows: &[SyncWindow]) -> Self {
        let during = |at: u32| windows.get(at as usize).map(|window| window.during);
        order.sort_unstable_by_key(|at| (during(*at), *at));
        let mut furthest = Timestamp(i64::MIN);
        let reach = order
            .iter()
            .map(|at| {
                furthest = during(*at).map_or(furthest, |during| furthest.max(during.to));
                furthest
            })
            .collect();
        Self { order, reach }
    }

    fn meeting(&self, during: &Interval, windows: &[SyncWindow]) -> Vec<u32> {
        let window = |at: u32| windows.get(at as usize).map(|window| window.during);
        let meets = |at: &u32| window(*at).is_some_and(|window| window.meets(during));
        let begin = self.reach.partition_point(|reach| *reach <= during.from);
        let end = self
            .order
            .partition_point(|at| window(*at).is_some_and(|window| window.from < during.to));
        let Some(candidates) = self.order.get(begin..end) else {
            return Vec::new();
        };
        let mut met: Vec<u32> = candidates
            .iter()
            .copied()
            .filter(|at| meets(at))
            .take(NAMED - 1)
            .collect();
        let last = candidates.iter().rev().copied().find(|at| meets(at));
        match last {
            Some(last) if !met.contains(&last) => met.push(last),
            _ => {}
        }
        met
    }
}
