//! From rows to sights of the message, and from sights to stretches of time.

use super::listed::Shelves;
use super::{Presence, Stretch};
use crate::interval::{Interval, SKEW};
use crate::messages::Handled;
use crate::messages::cluster::Message;
use crate::messages::delivery::{Fate, Passage};
use crate::messages::folder::{Folder, Kind};
use model::{Timestamp, Touch};

/// Tells where a message was.
pub(in crate::messages) fn presence<'a>(message: &Message<'a>) -> Presence<'a> {
    let mut sights = Sights::default();
    for passage in &message.passages {
        if passage.entered() && !is_told_better(passage, message) {
            sights.add(passage.row.time, Act::Arrived(passage.place()));
        }
        if passage.was_sent() {
            let sent = Act::Arrived(Folder::of_kind(Kind::Sent));
            sights.add(passage.row.time, sent);
        }
    }
    for handled in message.handled.iter().filter(|row| !row.failed) {
        if let Some(act) = Act::of(handled) {
            sights.add(handled.time, act);
        }
    }
    let shelves = Shelves::of(message, sights.beginning());
    for (time, folder) in &shelves.arrivals {
        sights.add(*time, Act::Arrived(*folder));
    }
    let items = if are_several(message) || shelves.are_several() {
        Items::Several
    } else {
        Items::One
    };
    let mut stretches = sights.stretches(items, kept_out_until(message));
    shelves.keep(&mut stretches);
    Presence { stretches }
}

/// Returns whether another report of the same delivery knows the folder, which this one does not.
fn is_told_better(passage: &Passage<'_>, message: &Message<'_>) -> bool {
    passage.place().is_anywhere()
        && message.passages.iter().any(|other| {
            let (own, others) = (
                &passage.row.network_message_id,
                &other.row.network_message_id,
            );
            let is_same_copy = own == others || own.is_empty() || others.is_empty();
            is_same_copy && other.entered() && !other.place().is_anywhere()
        })
}

/// A message that was kept out and seen in the mailbox all the same was let in at that time at the earliest.
fn kept_out_until(message: &Message<'_>) -> Option<Timestamp> {
    let entered = message.passages.iter().any(Passage::entered);
    let kept_out = message
        .passages
        .iter()
        .filter(|passage| passage.fate == Some(Fate::KeptOut))
        .map(|passage| passage.row.time);
    if entered {
        None
    } else {
        kept_out.min().flatten()
    }
}

/// Whether one item carries the Message-ID or several do: of a message to oneself the copy in
/// the inbox stays where it is when the other one is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Items {
    One,
    Several,
}

fn are_several(message: &Message<'_>) -> bool {
    let arrived = || message.passages.iter().filter(|passage| passage.entered());
    let mut networks = arrived()
        .map(|passage| passage.row.network_message_id.as_str())
        .filter(|network| !network.is_empty());
    let first = networks.next();
    let came_twice = networks.any(|network| Some(network) != first);
    let was_sent = message.passages.iter().any(Passage::was_sent)
        || message
            .handled
            .iter()
            .any(|row| row.touch == Some(Touch::Send) && !row.failed);
    let sent_to_oneself = was_sent && arrived().next().is_some();
    let was_copied = message
        .handled
        .iter()
        .any(|row| is_copy(row) && !row.failed);
    came_twice || sent_to_oneself || was_copied || in_two_folders_of_one_record(message)
}

fn in_two_folders_of_one_record(message: &Message<'_>) -> bool {
    message.handled.windows(2).any(|pair| match pair {
        [left, right] => {
            left.record == right.record
                && left.touch == Some(Touch::Bind)
                && !folder(left).is_same(&folder(right))
        }
        _ => false,
    })
}

fn is_copy(row: &Handled) -> bool {
    row.action.eq_ignore_ascii_case("Copy")
}

fn folder(row: &Handled) -> Folder<'_> {
    Folder::of(&row.folder_id, &row.folder)
}

/// What was seen to happen; at one moment in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act<'a> {
    Arrived(Folder<'a>),
    Created(Folder<'a>),
    Seen(Folder<'a>),
    Copied(Folder<'a>, Folder<'a>),
    Moved(Folder<'a>, Folder<'a>),
    Sent(Folder<'a>),
    SoftDeleted(Folder<'a>),
    Destroyed(Folder<'a>),
}

impl<'a> Act<'a> {
    fn of(row: &'a Handled) -> Option<Self> {
        let from = folder(row);
        Some(match row.touch? {
            Touch::Sync => return None,
            Touch::Bind | Touch::Update => Self::Seen(from),
            Touch::Create => Self::Created(from),
            Touch::Send => Self::Sent(from),
            Touch::Move if is_copy(row) => Self::Copied(from, destination(row)),
            Touch::Move => Self::Moved(from, destination(row)),
            Touch::Delete if row.action.eq_ignore_ascii_case("HardDelete") => Self::Destroyed(from),
            Touch::Delete => Self::SoftDeleted(from),
        })
    }

    /// Returns whether a message that was nowhere before began with this.
    fn begins(&self) -> bool {
        matches!(self, Self::Arrived(_) | Self::Created(_) | Self::Sent(_))
    }

    /// Returns where the message must have been right before.
    fn before(&self) -> Option<Folder<'a>> {
        match self {
            Self::Arrived(_) | Self::Created(_) => None,
            Self::Seen(folder)
            | Self::Copied(folder, _)
            | Self::Moved(folder, _)
            | Self::Sent(folder)
            | Self::SoftDeleted(folder)
            | Self::Destroyed(folder) => Some(*folder),
        }
    }

    /// Returns every folder that it names.
    fn folders(&self) -> Vec<Folder<'a>> {
        match self {
            Self::Arrived(place) | Self::Created(place) => vec![*place],
            Self::Copied(from, to) | Self::Moved(from, to) => vec![*from, *to],
            Self::Sent(from) => vec![*from, Folder::of_kind(Kind::Sent)],
            Self::Seen(from) | Self::SoftDeleted(from) | Self::Destroyed(from) => vec![*from],
        }
    }

    /// Returns the folder that it emptied of the message.
    fn left(&self) -> Option<Folder<'a>> {
        match self {
            Self::Moved(from, _) | Self::SoftDeleted(from) | Self::Destroyed(from) => Some(*from),
            _ => None,
        }
    }
}

fn destination(row: &Handled) -> Folder<'_> {
    let says_nothing = row.to_folder.is_empty();
    if says_nothing && row.action.eq_ignore_ascii_case("MoveToDeletedItems") {
        Folder::of_kind(Kind::Deleted)
    } else {
        Folder::of_text(&row.to_folder)
    }
}

/// What was seen of a message, with and without a time.
#[derive(Debug, Default)]
struct Sights<'a> {
    dated: Vec<(Timestamp, Act<'a>)>,
    undated: Vec<Act<'a>>,
}

impl<'a> Sights<'a> {
    fn add(&mut self, time: Option<Timestamp>, act: Act<'a>) {
        match time {
            Some(time) => self.dated.push((time, act)),
            None => self.undated.push(act),
        }
    }

    /// Returns when the message is first said to begin: at the beginning of time where it begins
    /// and no time is told.
    fn beginning(&self) -> Option<Timestamp> {
        let dated = self.dated.iter().filter(|(_, act)| act.begins());
        let first = dated.map(|(time, _)| *time).min();
        let is_undated = || self.undated.iter().any(Act::begins);
        first.or_else(|| is_undated().then_some(Timestamp(i64::MIN)))
    }

    fn stretches(mut self, items: Items, kept_out: Option<Timestamp>) -> Vec<Stretch<'a>> {
        self.dated.sort_unstable();
        self.let_arrivals_come_first();
        let born = kept_out.unwrap_or(Timestamp(i64::MIN));
        let has_birth = self.dated.iter().any(|(_, act)| act.begins());
        let mut walk = Walk::new(items, born);
        for (time, act) in &self.dated {
            walk.step(*time, *act);
        }
        let mut stretches = walk.finish();
        let came_at_no_known_time = !has_birth && self.undated.iter().any(Act::begins);
        let is_told_without_time_alone = stretches.is_empty() && !self.undated.is_empty();
        if is_told_without_time_alone || came_at_no_known_time {
            spread(&mut stretches);
        }
        // What has no time may have been so at any time.
        for act in &self.undated {
            for stretch in &mut stretches {
                for folder in act.folders() {
                    join(&mut stretch.places, folder);
                }
            }
        }
        stretches
    }

    /// Trace and audit log have clocks of their own: a message that was opened a minute before
    /// its delivery was not there long before.
    fn let_arrivals_come_first(&mut self) {
        let first = self.dated.iter().find(|(_, act)| !act.begins());
        let Some(&(first, _)) = first else { return };
        let mut moved = false;
        for (time, act) in &mut self.dated {
            let is_late = *time > first && time.0.saturating_sub(first.0) <= SKEW;
            if matches!(act, Act::Arrived(_)) && is_late {
                *time = first;
                moved = true;
            }
        }
        if moved {
            self.dated.sort_unstable();
        }
    }
}

/// Makes the message present throughout, in the folders it was seen in.
fn spread(stretches: &mut Vec<Stretch<'_>>) {
    match stretches.first_mut() {
        Some(first) => first.during.from = Timestamp(i64::MIN),
        None => stretches.push(Stretch {
            during: Interval::ALL,
            places: Vec::new(),
        }),
    }
}

/// A walk along the sights with the folders in which the message may be.
struct Walk<'a> {
    items: Items,
    places: Vec<Folder<'a>>,
    since: Timestamp,
    /// The folders that it was taken out of, and when.
    left: Vec<(Timestamp, Folder<'a>)>,
    stretches: Vec<Stretch<'a>>,
}

impl<'a> Walk<'a> {
    fn new(items: Items, born: Timestamp) -> Self {
        Self {
            items,
            places: Vec::new(),
            since: born,
            left: Vec::new(),
            stretches: Vec::new(),
        }
    }

    fn step(&mut self, time: Timestamp, act: Act<'a>) {
        if self.is_stale(time, act) {
            return;
        }
        let time = time.max(self.since);
        let is_unborn = self.places.is_empty() && act.begins();
        if !is_unborn {
            let mut places = self.places.clone();
            if let Some(before) = act.before()
                && (places.is_empty() || !before.is_anywhere())
            {
                join(&mut places, before);
            }
            self.stay(time, places);
        }
        if let Some(left) = act.left() {
            self.left.push((time, left));
        }
        self.apply(act);
        self.since = time;
    }

    /// Reads are recorded up to two minutes late: one from a folder that the message has left
    /// within that time was made before it left.
    fn is_stale(&self, time: Timestamp, act: Act<'a>) -> bool {
        let Act::Seen(folder) = act else { return false };
        self.left
            .iter()
            .any(|(left, from)| time.0.saturating_sub(left.0) <= SKEW && from.is_same(&folder))
    }

    fn stay(&mut self, until: Timestamp, places: Vec<Folder<'a>>) {
        let during = Interval::new(self.since, until);
        if !during.is_empty() && !places.is_empty() {
            self.stretches.push(Stretch { during, places });
        }
    }

    fn apply(&mut self, act: Act<'a>) {
        match act {
            Act::Arrived(place) | Act::Created(place) => join(&mut self.places, place),
            Act::Seen(place) if place.is_anywhere() => {
                if self.places.is_empty() {
                    self.places.push(place);
                }
            }
            Act::Seen(place) => self.settle(None, Some(place)),
            Act::Copied(from, to) => {
                join(&mut self.places, from);
                join(&mut self.places, to);
            }
            Act::Moved(from, to) => self.settle(Some(from), Some(to)),
            Act::Sent(from) => self.send(from),
            Act::SoftDeleted(from) => {
                self.settle(Some(from), Some(Folder::of_kind(Kind::Recoverable)));
            }
            Act::Destroyed(from) => self.settle(Some(from), None),
        }
    }

    /// Takes the message from one folder to another: all there is of it, or one item among several.
    fn settle(&mut self, from: Option<Folder<'a>>, to: Option<Folder<'a>>) {
        match (self.items, from) {
            (Items::One, _) => self.places.clear(),
            (Items::Several, Some(from)) => self.places.retain(|place| !place.is_same(&from)),
            (Items::Several, None) => {}
        }
        if let Some(to) = to {
            join(&mut self.places, to);
        }
    }

    /// What is sent leaves the drafts and stays in the sent items; a copy elsewhere stays too.
    fn send(&mut self, from: Folder<'a>) {
        let sent = Folder::of_kind(Kind::Sent);
        let on_the_way = [
            from,
            Folder::of_kind(Kind::Drafts),
            Folder::of_kind(Kind::Outbox),
        ];
        self.places
            .retain(|place| !on_the_way.iter().any(|left| left.is_same(place)));
        join(&mut self.places, sent);
    }

    fn finish(mut self) -> Vec<Stretch<'a>> {
        let places = std::mem::take(&mut self.places);
        self.stay(Timestamp(i64::MAX), places);
        self.stretches
    }
}

/// Adds a place that is not there yet; of two spellings of one folder the one with an id says more.
pub(super) fn join<'a>(places: &mut Vec<Folder<'a>>, place: Folder<'a>) {
    match places
        .iter_mut()
        .find(|own| **own == place || own.is_same(&place))
    {
        Some(own) if own.id.is_empty() => *own = place,
        Some(_) => {}
        None => places.push(place),
    }
}
