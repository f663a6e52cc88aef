//! The storm guard: a destination that gets a hundred cards an hour is one that nobody reads.

use super::{Entry, EntryKey, EntryState, Outbox, Policy, union};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const HOUR: i64 = 3600;

/// When to look again where nothing tells: what is on its way may fail and leave room.
const MINUTE: i64 = 60;

/// What a destination got of a tenant within the last hour.
#[derive(Default)]
struct Hour {
    /// How many cards, those on their way there included.
    cards: usize,
    /// When the first of them went.
    first: Option<Timestamp>,
    /// When the summary went.
    told: Option<Timestamp>,
    /// Whether a summary is on its way.
    sending: bool,
    /// The summary that waits.
    open: Option<EntryKey>,
}

type Hours = BTreeMap<(String, String), Hour>;

impl Outbox {
    /// Lets through as many as an hour may have; of first cards that are more makes one summary, and
    /// lets updates wait.
    pub(super) fn guard(
        &mut self,
        ready: Vec<EntryKey>,
        policy: &Policy,
        now: Timestamp,
    ) -> Vec<EntryKey> {
        let mut hours = self.hours(now);
        let mut granted = BTreeSet::new();
        let mut in_order = Vec::new();
        for key in ready {
            let Some(entry) = self.entries.get(&key) else {
                continue;
            };
            let place = (key.sink.clone(), entry.tenant.clone());
            let hour = hours.entry(place).or_default();
            let goes = if entry.is_summary {
                Some(key)
            } else if hour.cards < policy.most_an_hour as usize {
                hour.cards += 1;
                Some(key)
            } else if self.update_of(&key) > 0 {
                let due = an_hour_after(hour.first, now);
                self.let_wait(&key, due, "as many cards as an hour may have");
                None
            } else {
                self.hold(&key, hour, now)
            };
            // What is held back may have called for its summary before.
            if let Some(key) = goes.filter(|key| granted.insert(key.clone())) {
                in_order.push(key);
            }
        }
        in_order
    }

    fn hours(&self, now: Timestamp) -> Hours {
        let since = now.plus_seconds(-HOUR);
        let mut hours = Hours::new();
        for (key, entry) in &self.entries {
            let sent = match entry.state {
                EntryState::Sent(at) if at > since => Some(at),
                EntryState::Waiting => None,
                _ => continue,
            };
            let hour = hours
                .entry((key.sink.clone(), entry.tenant.clone()))
                .or_default();
            let on_its_way = sent.is_none() && self.under_way.contains(key);
            if entry.is_summary {
                hour.told = hour.told.max(sent);
                hour.sending |= on_its_way;
                if sent.is_none() && !on_its_way {
                    hour.open = Some(key.clone());
                }
            } else if sent.is_some() || on_its_way {
                hour.cards += 1;
                hour.first = [hour.first, sent].into_iter().flatten().min();
            }
        }
        hours
    }

    fn let_wait(&mut self, key: &EntryKey, due: Timestamp, why: &str) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.due = due;
            entry.why = format!("storm guard: {why}");
            self.changed.insert(key.clone());
        }
    }

    /// Holds a first card back for a summary; returns the summary where that is to be sent now.
    fn hold(&mut self, key: &EntryKey, hour: &mut Hour, now: Timestamp) -> Option<EntryKey> {
        if hour.told.is_some() || hour.sending {
            // One summary an hour; until the next one it waits, and is not lost.
            let due = an_hour_after(hour.told, now);
            self.let_wait(key, due, "for the next summary");
            return None;
        }
        let tenant = self.entries.get(key)?.tenant.clone();
        let summary = match &hour.open {
            Some(open) => open.clone(),
            None => self.begin_summary(&key.sink, &tenant, now),
        };
        hour.open = Some(summary.clone());
        self.join(key, &summary);
        let is_due = self
            .entries
            .get(&summary)
            .is_some_and(|entry| entry.due <= now);
        is_due.then_some(summary)
    }

    fn begin_summary(&mut self, sink: &str, tenant: &str, now: Timestamp) -> EntryKey {
        let name = format!("summary {tenant} {now}");
        let key = |incident: String| EntryKey {
            sink: sink.to_owned(),
            incident,
            nth: 0,
        };
        let mut one = key(name.clone());
        let mut more = 1;
        while self.entries.contains_key(&one) {
            more += 1;
            one = key(format!("{name} {more}"));
        }
        let key = one;
        self.keep(Entry {
            key: key.clone(),
            tenant: tenant.to_owned(),
            severity: Severity::Info,
            is_summary: true,
            revision: 0,
            routes: Vec::new(),
            never_to: Vec::new(),
            made: now,
            due: now,
            tries: 0,
            state: EntryState::Waiting,
            why: String::new(),
        });
        key
    }

    fn join(&mut self, key: &EntryKey, summary: &EntryKey) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        entry.state = EntryState::Held(summary.incident.clone());
        let entry = entry.clone();
        self.changed.insert(key.clone());
        self.supersede_before(key);
        if let Some(open) = self.entries.get_mut(summary) {
            open.severity = open.severity.max(entry.severity);
            open.routes = union(&open.routes, &entry.routes);
            open.never_to = union(&open.never_to, &entry.never_to);
            open.revision += 1;
            self.changed.insert(summary.clone());
        }
    }

    /// Lets a summary know what changed of what it holds.
    pub(super) fn warn_summary(
        &mut self,
        summary: &EntryKey,
        severity: Severity,
        never_to: &[String],
    ) {
        if let Some(open) = self.entries.get_mut(summary) {
            open.severity = open.severity.max(severity);
            open.never_to = union(&open.never_to, never_to);
            self.changed.insert(summary.clone());
        }
    }

    /// Returns what a summary tells of.
    pub(super) fn held_by(&self, summary: &EntryKey) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |entry| {
            let by = matches!(&entry.state, EntryState::Held(by) if *by == summary.incident);
            by && entry.key.sink == summary.sink
        })
    }

    /// Lets what a summary holds share its end.
    pub(super) fn settle_held(&mut self, summary: &EntryKey, now: Timestamp) {
        let Some(entry) = self.entries.get(summary).filter(|entry| entry.is_summary) else {
            return;
        };
        let (state, why) = match entry.state {
            EntryState::Sent(_) => (
                EntryState::Summarised(summary.incident.clone()),
                String::new(),
            ),
            EntryState::Dead(_) => (
                EntryState::Dead(now),
                "its summary could not be delivered".to_owned(),
            ),
            // A summary that may not go there at all hides nobody's own card from the rest.
            EntryState::Withheld => (
                EntryState::Waiting,
                "its summary must not go there".to_owned(),
            ),
            _ => return,
        };
        let held: Vec<EntryKey> = self
            .held_by(summary)
            .map(|entry| entry.key.clone())
            .collect();
        for key in held {
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.state = state.clone();
                entry.why.clone_from(&why);
                if state == EntryState::Waiting {
                    entry.due = now.plus_seconds(HOUR);
                }
                self.changed.insert(key.clone());
            }
            let standing = |entry: &&Entry| entry.state != EntryState::Superseded;
            let last = self.thread(&key.sink, &key.incident).rfind(standing);
            if let Some(last) = last.filter(|last| last.key.nth > key.nth) {
                let last = last.key.clone();
                self.supersede_before(&last);
            }
        }
    }

    /// Lets an entry stand for those before it that were held back and told nobody anything.
    fn supersede_before(&mut self, key: &EntryKey) {
        let before = self.thread(&key.sink, &key.incident).filter(|entry| {
            let untold = matches!(entry.state, EntryState::Held(_) | EntryState::Waiting);
            entry.key.nth < key.nth && untold && !self.under_way.contains(&entry.key)
        });
        let before: Vec<Entry> = before.cloned().collect();
        for entry in before {
            self.keep(Entry {
                state: EntryState::Superseded,
                ..entry
            });
        }
    }
}

fn an_hour_after(moment: Option<Timestamp>, now: Timestamp) -> Timestamp {
    moment.map_or(now.plus_seconds(MINUTE), |moment| moment.plus_seconds(HOUR))
}
