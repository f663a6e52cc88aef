//! The book of what is to be told: where, when, and what became of it.
//!
//! Pure: it sends nothing and reads no clock. The engine tells it news ([`Outbox::tell`]), asks what is due
//! ([`Outbox::due`]), writes and sends that, says what came of it ([`Outbox::heard`]), and
//! keeps what changed ([`Outbox::take_changes`]) in its ledger: after `tell` and `heard`, and after
//! `due` before it sends. After a restart [`Outbox::from_entries`] goes on from there.
//!
//! - At least once: an entry waits until it was sent, or is a dead letter that is shown.
//! - One first card an incident and destination, whatever happens; everything later is an update in
//!   its thread. News that come while a card waits are told by that card.
//! - The storm guard: within any hour a destination gets at most so many cards of a tenant,
//!   and one summary of the rest.
//! - No card goes to the affected mailbox or its delegates.
//!
//! The same calls give the same decisions.

mod entry;
mod policy;
mod storm;

pub use entry::{Entry, EntryKey, EntryState};
pub use policy::{Policy, Quiet, Route};

use crate::mailbox;
use crate::outcome::Outcome;
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// That an incident is new or has changed so that people should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The incident.
    pub incident: String,
    /// Which state of it: a number that grows with each change that is worth telling.
    pub revision: u64,
    /// Whose incident it is.
    pub tenant: String,
    /// The tenant's tags.
    pub tags: Vec<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// The affected mailboxes with all their addresses, and their delegates.
    pub never_to: Vec<String>,
}

/// A card that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The entry, by which to say what came of it.
    pub key: EntryKey,
    /// Whose incident it is.
    pub tenant: String,
    /// Which card of the incident it is at this destination: 0 is the first.
    pub update: u32,
    /// For a summary: the incidents whose cards were held back.
    pub held: Vec<String>,
    /// Whether it is a summary.
    pub is_summary: bool,
    /// The addresses to which it does not go: for [`Card::never_to`](crate::Card::never_to).
    pub never_to: Vec<String>,
}

/// The book.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    entries: BTreeMap<EntryKey, Entry>,
    /// What is being sent: forgotten in a restart, so that it is sent again.
    under_way: BTreeSet<EntryKey>,
    changed: BTreeSet<EntryKey>,
}

impl Outbox {
    /// Goes on from what was kept. Needed are all entries of incidents that may still change, all
    /// that are not settled, and all of the last hour.
    #[must_use]
    pub fn from_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let entries = entries.into_iter().map(|entry| (entry.key.clone(), entry));
        Self {
            entries: entries.collect(),
            ..Self::default()
        }
    }

    /// Returns every entry, in the order of destination, incident and place in the thread.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Returns the dead letters.
    pub fn dead(&self) -> impl Iterator<Item = &Entry> {
        self.entries()
            .filter(|entry| matches!(entry.state, EntryState::Dead(_)))
    }

    /// Returns the entries that changed since the last call, to be kept.
    pub fn take_changes(&mut self) -> Vec<Entry> {
        let changed = std::mem::take(&mut self.changed);
        let entries = changed.iter().filter_map(|key| self.entries.get(key));
        entries.cloned().collect()
    }

    /// Returns when something is due next.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let heads = self
            .heads()
            .filter(|entry| !self.under_way.contains(&entry.key));
        heads.map(|entry| entry.due).min()
    }

    /// Takes in news, and returns how many destinations hear of them. The same news twice are one.
    pub fn tell(&mut self, news: &News, policy: &Policy, now: Timestamp) -> usize {
        let mut sinks = BTreeMap::<String, Vec<String>>::new();
        for route in &policy.routes {
            if route.takes(&news.tenant, &news.tags, news.severity) {
                for sink in &route.to {
                    sinks
                        .entry(sink.clone())
                        .or_default()
                        .push(route.name.clone());
                }
            }
        }
        // Whoever has a card hears how it goes on, even when it got less urgent.
        for entry in self
            .entries
            .values()
            .filter(|entry| entry.key.incident == news.incident)
        {
            let told = !matches!(entry.state, EntryState::Withheld | EntryState::Superseded);
            if told && policy.sinks.contains_key(&entry.key.sink) {
                sinks
                    .entry(entry.key.sink.clone())
                    .or_insert_with(|| entry.routes.clone());
            }
        }
        let heard = sinks.len();
        for (sink, routes) in sinks {
            self.put_down(&sink, routes, news, policy, now);
        }
        heard
    }

    fn put_down(
        &mut self,
        sink: &str,
        routes: Vec<String>,
        news: &News,
        policy: &Policy,
        now: Timestamp,
    ) {
        let thread: Vec<&Entry> = self.thread(sink, &news.incident).collect();
        if thread.iter().any(|entry| entry.revision >= news.revision) {
            return;
        }
        let mut due = now;
        let mut nth = 0;
        // What was superseded is told by an earlier entry, which still waits.
        let standing = thread
            .iter()
            .rev()
            .find(|entry| entry.state != EntryState::Superseded);
        if let Some(last) = standing {
            let key = last.key.clone();
            let waits = match &last.state {
                EntryState::Waiting => !self.under_way.contains(&key),
                EntryState::Held(summary) => !self.is_under_way(sink, summary),
                EntryState::Withheld => true,
                _ => false,
            };
            if waits {
                self.refresh(&key, routes, news, now);
                return;
            }
            if let EntryState::Sent(at) = last.state
                && news.severity <= last.severity
            {
                due = now.max(at.plus_seconds(i64::from(policy.update_pause)));
            }
            nth = thread.last().map_or(0, |last| last.key.nth + 1);
        }
        self.warn_thread(sink, news);
        let key = EntryKey {
            sink: sink.to_owned(),
            incident: news.incident.clone(),
            nth,
        };
        self.keep(Entry {
            key,
            tenant: news.tenant.clone(),
            severity: news.severity,
            is_summary: false,
            revision: news.revision,
            routes,
            never_to: union(&[], &news.never_to),
            made: now,
            due,
            tries: 0,
            state: EntryState::Waiting,
            why: String::new(),
        });
    }

    /// Lets an entry that was not sent yet tell the news as well.
    fn refresh(&mut self, key: &EntryKey, routes: Vec<String>, news: &News, now: Timestamp) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        entry.revision = news.revision;
        entry.routes = routes;
        if news.severity > entry.severity && entry.tries == 0 {
            // What got worse waits for no quiet hour and no pause of before.
            entry.due = now;
        }
        entry.severity = news.severity;
        // The latest word on who must not hear is the whole one only for what was withheld.
        if entry.state == EntryState::Withheld {
            entry.never_to = union(&[], &news.never_to);
            entry.state = EntryState::Waiting;
            entry.due = now;
        }
        self.changed.insert(key.clone());
        self.warn_thread(&key.sink, news);
    }

    /// Lets every card of a thread that may still be sent know who must not get it: what is under
    /// way may have to be sent again, and so may a dead letter.
    fn warn_thread(&mut self, sink: &str, news: &News) {
        let mut summaries = Vec::new();
        for (key, entry) in self.entries.range_mut(thread(sink, &news.incident)) {
            match &entry.state {
                EntryState::Held(summary) => summaries.push(summary.clone()),
                EntryState::Waiting | EntryState::Dead(_) | EntryState::Withheld => {}
                _ => continue,
            }
            entry.never_to = union(&entry.never_to, &news.never_to);
            self.changed.insert(key.clone());
        }
        for incident in summaries {
            let sink = sink.to_owned();
            let key = EntryKey {
                sink,
                incident,
                nth: 0,
            };
            self.warn_summary(&key, news.severity, &news.never_to);
        }
    }

    /// Returns what is to be sent now, the most urgent first. Each is under way until
    /// [`Self::heard`].
    pub fn due(&mut self, policy: &Policy, now: Timestamp) -> Vec<Task> {
        let heads = self
            .heads()
            .filter(|entry| entry.due <= now && !self.under_way.contains(&entry.key));
        let heads: Vec<EntryKey> = heads.map(|entry| entry.key.clone()).collect();
        for head in &heads {
            self.take_over(head);
        }
        let mut ready: Vec<EntryKey> = heads
            .into_iter()
            .filter(|key| self.may_go(key, policy, now))
            .collect();
        ready.sort_by(|a, b| self.order(a, b));
        let mut granted = self.guard(ready, policy, now);
        // A summary names several incidents, and so do the addresses that must not get it.
        granted.retain(|key| self.may_go(key, policy, now));
        let tasks: Vec<Task> = granted.iter().filter_map(|key| self.task(key)).collect();
        self.under_way.extend(granted);
        tasks
    }

    /// Returns the first waiting entry of each thread: a later one waits for it.
    fn heads(&self) -> impl Iterator<Item = &Entry> {
        let mut last: Option<&EntryKey> = None;
        let waiting = self
            .entries
            .values()
            .filter(|entry| entry.state == EntryState::Waiting);
        waiting.filter(move |entry| {
            let key = &entry.key;
            let is_head =
                last.is_none_or(|last| last.sink != key.sink || last.incident != key.incident);
            last = Some(key);
            is_head
        })
    }

    /// Returns whether an entry may go out by its route and its receivers; says so where not.
    fn may_go(&mut self, key: &EntryKey, policy: &Policy, now: Timestamp) -> bool {
        let Some(entry) = self.entries.get_mut(key) else {
            return false;
        };
        let Some(addresses) = policy.sinks.get(&key.sink) else {
            "there is no destination of that name any more".clone_into(&mut entry.why);
            entry.state = EntryState::Dead(now);
            self.changed.insert(key.clone());
            self.settle_held(key, now);
            return false;
        };
        if !addresses.is_empty() && mailbox::without(addresses, &entry.never_to).is_empty() {
            "each of its addresses belongs to an affected mailbox or a delegate"
                .clone_into(&mut entry.why);
            entry.state = EntryState::Withheld;
            self.changed.insert(key.clone());
            self.settle_held(key, now);
            return false;
        }
        if let Some(until) = policy.quiet_until(&entry.routes, entry.severity, now) {
            entry.due = until;
            "quiet hours".clone_into(&mut entry.why);
            self.changed.insert(key.clone());
            return false;
        }
        true
    }

    fn order(&self, a: &EntryKey, b: &EntryKey) -> std::cmp::Ordering {
        let of = |key: &EntryKey| {
            self.entries
                .get(key)
                .map(|entry| (entry.severity, entry.made))
        };
        let (a_urgent, b_urgent) = (of(a), of(b));
        let severity = b_urgent.map(|of| of.0).cmp(&a_urgent.map(|of| of.0));
        severity
            .then_with(|| a_urgent.map(|of| of.1).cmp(&b_urgent.map(|of| of.1)))
            .then_with(|| a.cmp(b))
    }

    fn task(&self, key: &EntryKey) -> Option<Task> {
        let entry = self.entries.get(key)?;
        let mut held = Vec::new();
        if entry.is_summary {
            held = self
                .held_by(key)
                .map(|entry| entry.key.incident.clone())
                .collect();
        }
        Some(Task {
            key: key.clone(),
            tenant: entry.tenant.clone(),
            update: self.update_of(key),
            held,
            is_summary: entry.is_summary,
            never_to: entry.never_to.clone(),
        })
    }

    /// Returns how many cards of the thread came before: those that were sent, and those that may have been.
    fn update_of(&self, key: &EntryKey) -> u32 {
        let before = self.thread(&key.sink, &key.incident).filter(|entry| {
            entry.key.nth < key.nth
                && matches!(entry.state, EntryState::Sent(_) | EntryState::Dead(_))
        });
        before.count() as u32
    }

    /// Takes in what came of a card.
    pub fn heard(&mut self, key: &EntryKey, outcome: &Outcome, policy: &Policy, now: Timestamp) {
        self.under_way.remove(key);
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        if entry.state != EntryState::Waiting {
            return;
        }
        match outcome {
            Outcome::Delivered { receipt, .. } => {
                entry.state = EntryState::Sent(now);
                entry.why.clone_from(receipt);
            }
            Outcome::Refused { why } => {
                entry.state = EntryState::Dead(now);
                entry.why.clone_from(why);
            }
            Outcome::Retry { after, why } => {
                entry.tries += 1;
                entry.why.clone_from(why);
                if entry.tries >= policy.tries.max(1) {
                    entry.state = EntryState::Dead(now);
                } else {
                    let asked = after.map_or(0, |after| after.as_secs() as i64);
                    entry.due = now.plus_seconds(policy.pause(key, entry.tries).max(asked));
                }
            }
        }
        let waits = entry.state == EntryState::Waiting;
        self.changed.insert(key.clone());
        self.settle_held(key, now);
        if waits {
            self.take_over(key);
        }
    }

    /// Lets a card that is to be tried again tell what came while it was under way.
    fn take_over(&mut self, key: &EntryKey) {
        let later = self
            .thread(&key.sink, &key.incident)
            .filter(|entry| entry.key.nth > key.nth && entry.state == EntryState::Waiting);
        let later: Vec<Entry> = later.cloned().collect();
        for newer in later {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.revision = newer.revision;
                entry.severity = entry.severity.max(newer.severity);
                entry.never_to = union(&entry.never_to, &newer.never_to);
            }
            self.changed.insert(key.clone());
            self.keep(Entry {
                state: EntryState::Superseded,
                ..newer
            });
        }
    }

    /// Sends a dead letter again. Nothing is done where a later card of the thread has told
    /// the same, or it is no dead letter.
    pub fn revive(&mut self, key: &EntryKey, now: Timestamp) -> bool {
        let Some(entry) = self.entries.get(key) else {
            return false;
        };
        let revision = entry.revision;
        let later = |other: &Entry| {
            let stands = matches!(other.state, EntryState::Sent(_) | EntryState::Waiting);
            other.key.nth > key.nth && stands && other.revision >= revision
        };
        // What a summary held are dead letters of their own.
        if entry.is_summary
            || !matches!(entry.state, EntryState::Dead(_))
            || self.thread(&key.sink, &key.incident).any(later)
        {
            return false;
        }
        if let Some(entry) = self.entries.get_mut(key) {
            entry.state = EntryState::Waiting;
            entry.tries = 0;
            entry.due = now;
        }
        self.changed.insert(key.clone());
        true
    }

    fn thread(&self, sink: &str, incident: &str) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries
            .range(thread(sink, incident))
            .map(|(_, entry)| entry)
    }

    fn is_under_way(&self, sink: &str, incident: &str) -> bool {
        self.under_way
            .range(thread(sink, incident))
            .next()
            .is_some()
    }

    fn keep(&mut self, entry: Entry) {
        self.changed.insert(entry.key.clone());
        self.entries.insert(entry.key.clone(), entry);
    }
}

fn thread(sink: &str, incident: &str) -> RangeInclusive<EntryKey> {
    let key = |nth| EntryKey {
        sink: sink.to_owned(),
        incident: incident.to_owned(),
        nth,
    };
    key(0)..=key(u32::MAX)
}

/// Returns all of both, once each, in order.
fn union(one: &[String], other: &[String]) -> Vec<String> {
    let all: BTreeSet<&String> = one.iter().chain(other).collect();
    all.into_iter().cloned().collect()
}
