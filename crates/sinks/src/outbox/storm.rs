//! The storm guard: a destination that gets a hundred cards an hour is one that nobody reads.

use super::{Entry, EntryKey, EntryState, Outbox, Policy, union};
use model::{Severity, Timestamp};

const HOUR: i64 = 3600;

impl Outbox {
    /// Lets through as many as an hour may have; of first cards that are more makes one summary, and
    /// lets updates wait.
    pub(super) fn guard(
        &mut self,
        ready: Vec<EntryKey>,
        policy: &Policy,
        now: Timestamp,
    ) -> Vec<EntryKey> {
        let mut granted: Vec<EntryKey> = Vec::new();
        for key in ready {
            let Some(entry) = self.entries.get(&key) else {
                continue;
            };
            if entry.is_summary {
                // What is held back may have called for it before.
                if !granted.contains(&key) {
                    granted.push(key);
                }
                continue;
            }
            let tenant = entry.tenant.clone();
            let in_hour = self.in_hour(&key.sink, &tenant, now);
            let granted_now = granted.iter().filter(|other| {
                other.sink == key.sink
                    && self
                        .entries
                        .get(*other)
                        .is_some_and(|other| other.tenant == tenant && !other.is_summary)
            });
            if in_hour + granted_now.count() < policy.most_an_hour as usize {
                granted.push(key);
            } else if self.update_of(&key) > 0 {
                self.let_wait(&key, &tenant, now);
            } else if let Some(summary) = self.hold(&key, &tenant, now)
                && !granted.contains(&summary)
            {
                granted.push(summary);
            }
        }
        granted
    }

    /// Counts what a destination got of a tenant within the hour, and what is on its way there.
    fn in_hour(&self, sink: &str, tenant: &str, now: Timestamp) -> usize {
        let since = now.plus_seconds(-HOUR);
        let counts = |entry: &&Entry| {
            let is_card = entry.key.sink == sink && entry.tenant == tenant && !entry.is_summary;
            let sent = matches!(entry.state, EntryState::Sent(at) if at > since);
            is_card && (sent || self.under_way.contains(&entry.key))
        };
        self.entries.values().filter(counts).count()
    }

    /// Lets an update wait until there is room for one.
    fn let_wait(&mut self, key: &EntryKey, tenant: &str, now: Timestamp) {
        let since = now.plus_seconds(-HOUR);
        let sent = self.entries.values().filter_map(|entry| match entry.state {
            EntryState::Sent(at)
                if entry.key.sink == key.sink && entry.tenant == tenant && !entry.is_summary =>
            {
                Some(at)
            }
            _ => None,
        });
        let first = sent.filter(|at| *at > since).min();
        let due = first.map_or(now.plus_seconds(60), |at| at.plus_seconds(HOUR));
        if let Some(entry) = self.entries.get_mut(key) {
            entry.due = due;
            "storm guard: as many cards as an hour may have".clone_into(&mut entry.why);
            self.changed.insert(key.clone());
        }
    }

    /// Holds a first card back for a summary; returns the summary where that is to be sent now.
    fn hold(&mut self, key: &EntryKey, tenant: &str, now: Timestamp) -> Option<EntryKey> {
        let since = now.plus_seconds(-HOUR);
        let of_both = |entry: &&Entry| {
            entry.is_summary && entry.key.sink == key.sink && entry.tenant == tenant
        };
        let told = self
            .entries
            .values()
            .filter(of_both)
            .find_map(|entry| match entry.state {
                EntryState::Sent(at) if at > since => Some(at),
                _ => None,
            });
        let sending = self
            .entries
            .values()
            .filter(of_both)
            .any(|entry| self.under_way.contains(&entry.key));
        if told.is_some() || sending {
            // One summary an hour; until the next one it waits, and is not lost.
            let due = told.map_or(now.plus_seconds(60), |at| at.plus_seconds(HOUR));
            if let Some(entry) = self.entries.get_mut(key) {
                entry.due = due;
                "storm guard: for the next summary".clone_into(&mut entry.why);
                self.changed.insert(key.clone());
            }
            return None;
        }
        let open = self
            .entries
            .values()
            .filter(of_both)
            .find(|entry| entry.state == EntryState::Waiting);
        let (summary, is_due) = match open {
            Some(entry) => (entry.key.clone(), entry.due <= now),
            None => (self.begin_summary(&key.sink, tenant, now), true),
        };
        self.join(key, &summary);
        is_due.then_some(summary)
    }

    fn begin_summary(&mut self, sink: &str, tenant: &str, now: Timestamp) -> EntryKey {
        let key = EntryKey {
            sink: sink.to_owned(),
            incident: format!("summary {tenant} {now}"),
            nth: 0,
        };
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
