//! The desk on which the spans of one log lie that are still to be read.
//!
//! A span leaves the desk when all of it is kept, and for no other reason but one: the service
//! keeps it no more, and then it is told as lost. What is written down is the whole desk, so a
//! restart at any moment reads again what was under way and misses nothing.

use super::wire::{DeskWire, SpanWire};
use crate::moment::{seconds_between, whole_second};
use model::{Gap, GapClock, Timestamp};
use std::collections::BTreeMap;

/// Records that come late are met by reading again: so often, for records so late at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tier {
    /// How often, in seconds; nothing is at each poll.
    pub(crate) every: i64,
    /// How late a record may be to be found by it, in seconds.
    pub(crate) late: i64,
}

/// How one kind of log is read. All lengths are in seconds.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// From poll to poll.
    pub(crate) poll: i64,
    /// How far behind the clock the newest span ends.
    pub(crate) lag: i64,
    /// Reading again, most frequent first.
    pub(crate) tiers: Vec<Tier>,
    /// How far back the service answers, less a margin.
    pub(crate) keeps: i64,
    /// The width of the first window; then it follows how much is in one.
    pub(crate) first: i64,
    /// The widest window.
    pub(crate) widest: i64,
    /// The narrowest window.
    pub(crate) narrowest: i64,
    /// The clock of the spans.
    pub(crate) clock: GapClock,
    /// How many windows are read at once.
    pub(crate) lanes: usize,
}

/// A span taken up to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Its number on the desk.
    pub(crate) id: u64,
    /// From when on.
    pub(crate) from: Timestamp,
    /// Until when, not included.
    pub(crate) to: Timestamp,
    /// How often it failed.
    pub(crate) attempts: u32,
    /// Whether it was never read as yet; else it is read again for what came late.
    pub(crate) fresh: bool,
    /// The part of the records that is read, in the source's words; empty for all.
    pub(crate) part: String,
    /// What the source wants to remember of its reading, across a restart.
    pub(crate) note: String,
    /// Not before this moment.
    pub(crate) not_before: Timestamp,
}

impl Window {
    /// Returns how many seconds it spans.
    pub(crate) fn seconds(&self) -> i64 {
        seconds_between(self.from, self.to)
    }

    /// Returns the gap that it is when it cannot be read.
    pub(crate) fn gap(&self, clock: GapClock, cause: &str, detail: String) -> Gap {
        Gap {
            from: self.from,
            to: self.to,
            clock,
            cause: cause.to_owned(),
            detail,
        }
    }
}

/// How much was in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fullness {
    /// So little that the next may be wider.
    Light,
    /// As much as wanted.
    Fine,
    /// So much that the next should be narrower.
    Heavy,
}

/// With more idle spans than this, all are joined that touch: a cursor stays short in any outage.
const MANY: usize = 48;
/// So many failures are more than chance.
const FAILED_OFTEN: u32 = 2;

/// The spans of one log.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    rules: Rules,
    /// Everything before this is read or lies on the desk.
    planned_until: Option<Timestamp>,
    /// When each tier was planned last.
    tiers: Vec<Option<Timestamp>>,
    width: i64,
    last_plan: Option<Timestamp>,
    next_id: u64,
    idle: Vec<Window>,
    taken: BTreeMap<u64, Window>,
}

impl Desk {
    /// Returns a desk that begins at a moment, or as far back as the service answers.
    pub(crate) fn new(rules: Rules, since: Option<Timestamp>) -> Self {
        Self {
            planned_until: since.map(whole_second),
            tiers: vec![None; rules.tiers.len()],
            width: rules.first,
            last_plan: None,
            next_id: 0,
            idle: Vec::new(),
            taken: BTreeMap::new(),
            rules,
        }
    }

    /// Returns the desk that was written down.
    pub(crate) fn recall(rules: Rules, wire: &DeskWire) -> Self {
        let mut desk = Self::new(rules, None);
        desk.planned_until = wire.until.map(Timestamp);
        desk.width = wire.width.clamp(desk.rules.narrowest, desk.rules.widest);
        for (tier, run) in desk.tiers.iter_mut().zip(&wire.tiers) {
            *tier = run.map(Timestamp);
        }
        for span in &wire.spans {
            let id = desk.new_id();
            desk.idle.push(span.window(id));
        }
        desk
    }

    /// Returns what is to be written down.
    pub(crate) fn wire(&self) -> DeskWire {
        let mut spans: Vec<SpanWire> = self
            .idle
            .iter()
            .chain(self.taken.values())
            .map(SpanWire::of)
            .collect();
        spans.sort();
        DeskWire {
            until: self.planned_until.map(|moment| moment.0),
            tiers: self.tiers.iter().map(|run| run.map(|at| at.0)).collect(),
            width: self.width,
            spans,
        }
    }

    /// Lays out what there is to read by now, when a poll is due. Returns whether it was.
    pub(crate) fn plan(&mut self, now: Timestamp) -> bool {
        if self.next_plan().is_some_and(|due| now < due) {
            return false;
        }
        self.last_plan = Some(now);
        let end = whole_second(now.plus_seconds(-self.rules.lag));
        let known_until = self.planned_until.unwrap_or_else(|| {
            let oldest = now.plus_seconds(ROOM_AT_FLOOR - self.rules.keeps);
            whole_second(oldest.min(end))
        });
        let mut fresh_from = known_until;
        match self.due_tier(now) {
            Some((from, 0)) => fresh_from = fresh_from.min(from),
            Some((from, _)) => self.lay_again(from, known_until),
            None => {}
        }
        let end = end.max(known_until);
        if fresh_from < end {
            self.lay(fresh_from, end, true);
        }
        self.planned_until = Some(end);
        self.join();
        true
    }

    /// Returns the moment at which the next poll is due.
    pub(crate) fn next_plan(&self) -> Option<Timestamp> {
        self.last_plan.map(|at| at.plus_seconds(self.rules.poll))
    }

    /// Returns from when on is read again, by the widest tier that is due, and its rhythm.
    ///
    /// What a tier reads again begins where its last run could not yet have seen all, however
    /// long ago that was: an outage makes it longer instead of leaving a hole.
    fn due_tier(&mut self, now: Timestamp) -> Option<(Timestamp, i64)> {
        let mut widest: Option<(Timestamp, i64)> = None;
        for (tier, last) in self.rules.tiers.iter().zip(&mut self.tiers) {
            let Some(previous) = *last else {
                *last = Some(now);
                continue;
            };
            if now < previous.plus_seconds(tier.every) {
                continue;
            }
            let from = whole_second(previous.plus_seconds(-tier.late));
            if widest.is_none_or(|(found, _)| from < found) {
                widest = Some((from, tier.every));
            }
            *last = Some(now);
        }
        widest
    }

    fn lay_again(&mut self, from: Timestamp, to: Timestamp) {
        for window in self.idle.iter_mut().filter(|window| !window.fresh) {
            if window.is_plain() && window.to > from {
                window.to = window.to.min(from.max(window.from));
            }
        }
        self.idle.retain(|window| window.from < window.to);
        if from < to {
            self.lay(from, to, false);
        }
    }

    fn lay(&mut self, from: Timestamp, to: Timestamp, fresh: bool) {
        let id = self.new_id();
        self.idle.push(Window {
            id,
            from,
            to,
            attempts: 0,
            fresh,
            part: String::new(),
            note: String::new(),
            not_before: Timestamp::default(),
        });
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Joins what touches: after failures there is then one question to ask and not many. What
    /// failed often stays by itself, lest it pulls others down, unless there is too much of it.
    fn join(&mut self) {
        let most_attempts = if self.idle.len() > MANY {
            u32::MAX
        } else {
            FAILED_OFTEN
        };
        self.idle
            .sort_by_key(|window| (window.fresh, window.from, window.to));
        let mut joined: Vec<Window> = Vec::new();
        for window in self.idle.drain(..) {
            match joined.last_mut() {
                Some(last) if last.joins(&window, most_attempts) => {
                    last.to = last.to.max(window.to);
                    last.attempts = last.attempts.max(window.attempts);
                    last.not_before = last.not_before.min(window.not_before);
                }
                _ => joined.push(window),
            }
        }
        self.idle = joined;
    }

    /// Takes away what the service answers no more. Returns what of it was never read.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<Window> {
        let floor = whole_second(now.plus_seconds(-self.rules.keeps));
        let mut lost = Vec::new();
        for window in self.idle.iter_mut().filter(|window| window.from < floor) {
            let cut = floor.min(window.to);
            if window.fresh {
                lost.push(Window {
                    to: cut,
                    ..window.clone()
                });
            }
            window.from = cut;
            window.note.clear();
        }
        self.idle.retain(|window| window.from < window.to);
        lost
    }

    /// Takes up the next window: what was never read first, oldest first. Where one answer is
    /// to tell whether the service is well, what failed least goes before.
    pub(crate) fn take(&mut self, now: Timestamp, probing: bool) -> Option<Window> {
        self.take_only(now, probing, false)
    }

    /// Takes up the next window, of those whose reading was begun before alone where that is said.
    pub(crate) fn take_only(
        &mut self,
        now: Timestamp,
        probing: bool,
        only_begun: bool,
    ) -> Option<Window> {
        if self.taken.len() >= self.rules.lanes {
            return None;
        }
        let (at, _) = self
            .idle
            .iter()
            .enumerate()
            .filter(|(_, window)| window.not_before <= now)
            .filter(|(_, window)| !only_begun || !window.note.is_empty())
            .min_by_key(|(_, window)| {
                let failures = if probing { window.attempts } else { 0 };
                (failures, !window.fresh, window.from)
            })?;
        let mut window = self.idle.swap_remove(at);
        if window.is_plain() && window.seconds() > self.width {
            let cut = window.from.plus_seconds(self.width);
            let id = self.new_id();
            self.idle.push(Window {
                id,
                from: cut,
                attempts: 0,
                not_before: Timestamp::default(),
                ..window.clone()
            });
            window.to = cut;
        }
        self.taken.insert(window.id, window.clone());
        Some(window)
    }

    /// Returns a window that is being read.
    pub(crate) fn taken(&self, id: u64) -> Option<&Window> {
        self.taken.get(&id)
    }

    /// Remembers something of a window's reading.
    pub(crate) fn note(&mut self, id: u64, note: String) {
        if let Some(window) = self.taken.get_mut(&id) {
            window.note = note;
        }
    }

    /// Hears that a window is read and all of it kept.
    pub(crate) fn done(&mut self, id: u64, fullness: Fullness) {
        let Some(window) = self.taken.remove(&id) else {
            return;
        };
        if !window.part.is_empty() {
            return;
        }
        match fullness {
            Fullness::Light if window.seconds() >= self.width => self.set_width(self.width * 2),
            Fullness::Heavy => self.set_width(self.width.min(window.seconds()) / 2),
            Fullness::Light | Fullness::Fine => {}
        }
    }

    /// Lays a window back, not to be taken before a moment; it counts as failed.
    pub(crate) fn failed(&mut self, id: u64, not_before: Timestamp) {
        if let Some(mut window) = self.taken.remove(&id) {
            window.attempts = window.attempts.saturating_add(1);
            window.not_before = not_before;
            self.idle.push(window);
        }
    }

    /// Lays a window back as if it had not been taken, not to be taken before a moment.
    pub(crate) fn put_back(&mut self, id: u64, not_before: Timestamp) {
        if let Some(mut window) = self.taken.remove(&id) {
            window.not_before = not_before;
            self.idle.push(window);
        }
    }

    /// Lays a window back as two halves. Returns it, taken away, when it is too narrow for that.
    pub(crate) fn split(&mut self, id: u64, not_before: Timestamp) -> Option<Window> {
        let window = self.taken.remove(&id)?;
        let half = window.seconds() / 2;
        if half < self.rules.narrowest.max(1) {
            return Some(window);
        }
        let cut = window.from.plus_seconds(half);
        self.set_width(half);
        for (from, to) in [(window.from, cut), (cut, window.to)] {
            let id = self.new_id();
            self.idle.push(Window {
                id,
                from,
                to,
                attempts: 0,
                note: String::new(),
                not_before,
                ..window.clone()
            });
        }
        None
    }

    /// Returns whether a window that is being read is wide enough to be halved.
    pub(crate) fn splits(&self, id: u64) -> bool {
        let window = self.taken.get(&id);
        window.is_some_and(|window| window.seconds() / 2 >= self.rules.narrowest.max(1))
    }

    /// Lays parts of a window on the desk in its place.
    pub(crate) fn lay_parts(&mut self, window: &Window, parts: &[String], not_before: Timestamp) {
        for part in parts {
            let id = self.new_id();
            self.idle.push(Window {
                id,
                part: part.clone(),
                note: String::new(),
                attempts: 0,
                not_before,
                ..window.clone()
            });
        }
    }

    /// Cuts the beginning off a window and lays the rest back. Returns what was cut off, where
    /// it was never read.
    pub(crate) fn cut(&mut self, id: u64, seconds: i64, not_before: Timestamp) -> Option<Window> {
        let mut window = self.taken.remove(&id)?;
        let cut = window.from.plus_seconds(seconds).min(window.to);
        let off = Window {
            to: cut,
            ..window.clone()
        };
        window.from = cut;
        window.attempts = 0;
        window.not_before = not_before;
        if window.from < window.to {
            self.idle.push(window);
        }
        off.fresh.then_some(off)
    }

    fn set_width(&mut self, seconds: i64) {
        self.width = seconds.clamp(self.rules.narrowest, self.rules.widest);
    }

    /// Returns the first moment at which a window may be taken, when one more may be at all.
    pub(crate) fn next_take(&self) -> Option<Timestamp> {
        if self.taken.len() >= self.rules.lanes {
            return None;
        }
        self.idle.iter().map(|window| window.not_before).min()
    }

    /// Returns when what there is to read was laid out last.
    pub(crate) fn planned_at(&self) -> Option<Timestamp> {
        self.last_plan
    }

    /// Returns whether nothing lies on the desk.
    pub(crate) fn is_clear(&self) -> bool {
        self.idle.is_empty() && self.taken.is_empty()
    }

    /// Returns how many windows failed and are to be read again.
    pub(crate) fn waiting(&self) -> u64 {
        let failed = |window: &&Window| window.attempts > 0;
        (self.idle.iter().filter(failed).count() + self.taken.values().filter(failed).count())
            as u64
    }

    /// Returns the moment before which everything was read.
    pub(crate) fn until(&self) -> Option<Timestamp> {
        let unread = self.idle.iter().chain(self.taken.values());
        let first_unread = unread
            .filter(|window| window.fresh)
            .map(|window| window.from)
            .min();
        match (first_unread, self.planned_until) {
            (Some(unread), Some(planned)) => Some(unread.min(planned)),
            (_, planned) => planned,
        }
    }

    /// Returns the clock of the spans.
    pub(crate) fn clock(&self) -> GapClock {
        self.rules.clock
    }
}

impl Window {
    /// Returns whether it is a span and nothing more, which may be cut and joined.
    fn is_plain(&self) -> bool {
        self.part.is_empty() && self.note.is_empty()
    }

    fn joins(&self, next: &Self, most_attempts: u32) -> bool {
        self.fresh == next.fresh
            && self.to >= next.from
            && [self, next]
                .iter()
                .all(|window| window.is_plain() && window.attempts <= most_attempts)
    }
}

/// The very first span begins so many seconds inside what the service keeps, so that asking for it takes no time away.
const ROOM_AT_FLOOR: i64 = 600;
