//! When and where an intruder session was active, and which records without a session fall in.
//!
//! Most records of reading carry no session. One from the very address, with the very program,
//! while the intruder's session was active there, is theirs in all likelihood.

use super::client::is_same_program;
use super::closure::{Closure, Start};
use super::scene::{Draft, Scene, under};
use super::strand::{Acting, Ended};
use crate::interval::{DAY, Interval, MINUTE};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// How long before its first record a session may have begun.
const BEFORE: i64 = 2 * MINUTE;

/// How long after its last record a session may have gone on: repeats are not logged for an hour.
const AFTER: i64 = 60 * MINUTE;

/// A silence after which a session says nothing of the time between: sessions are seen again
/// after a month.
const SILENCE: i64 = DAY;

/// Somebody at an address with a program for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    /// The address.
    pub(super) ip: IpAddr,
    /// The program, as its agent is written.
    pub(super) agent: String,
    /// While they were there.
    pub(super) spans: Vec<Interval>,
    /// The seed that says so, or the session as `session=`.
    pub(super) origin: String,
    /// The records that show it.
    pub(super) records: Vec<String>,
}

impl Presence {
    /// Makes the presence of one sign-in.
    pub(super) fn of_moment(
        (ip, agent): (IpAddr, &str),
        time: Timestamp,
        origin: String,
        record: String,
    ) -> Self {
        Self {
            ip,
            agent: agent.to_owned(),
            spans: vec![around(time, time)],
            origin,
            records: vec![record],
        }
    }

    /// Returns whether somebody was there at a moment.
    pub(super) fn holds(&self, time: Timestamp) -> bool {
        self.spans.iter().any(|span| span.holds(time))
    }
}

/// Returns the stretches in which a session was active.
pub(super) fn spans(scene: &Scene<'_>, session: &str) -> Vec<Interval> {
    let drafts = under(&scene.index.sessions, session)
        .iter()
        .map(|at| &scene.drafts[*at]);
    let entries = under(&scene.index.entry_sessions, session)
        .iter()
        .map(|at| &scene.entries[*at]);
    let times: BTreeSet<Timestamp> = drafts
        .flat_map(|draft| draft.heard.iter().filter_map(|part| part.time))
        .chain(entries.flat_map(|entry| entry.times.iter().copied()))
        .collect();
    let mut spans: Vec<(Timestamp, Timestamp)> = Vec::new();
    for time in times {
        match spans.last_mut() {
            Some((_, last)) if time.0.saturating_sub(last.0) <= SILENCE => *last = time,
            _ => spans.push((time, time)),
        }
    }
    spans
        .into_iter()
        .map(|(first, last)| around(first, last))
        .collect()
}

/// Returns when a session was opened by sign-ins that carry none: the first in the hour before
/// its first record, from the same address with the same program.
pub(super) fn opened(scene: &Scene<'_>, session: &str) -> Option<Timestamp> {
    let drafts = under(&scene.index.sessions, session)
        .iter()
        .map(|at| &scene.drafts[*at]);
    let opened = drafts.filter_map(|draft| {
        let (ip, first) = (draft.whence.public()?, draft.first()?);
        let earliest = Timestamp(first.0.saturating_sub(AFTER));
        let here = under(&scene.index.entry_ips, &ip)
            .iter()
            .map(|at| &scene.entries[*at]);
        let entries = here.filter(|entry| {
            let mut agents = draft.agents.iter();
            entry.ended == Ended::In
                && entry.session.is_empty()
                && agents.any(|agent| is_same_program(agent, &entry.agent))
        });
        let times = entries.flat_map(|entry| entry.times.iter().copied());
        times.filter(|time| (earliest..=first).contains(time)).min()
    });
    opened.min()
}

fn around(first: Timestamp, last: Timestamp) -> Interval {
    // The edge itself is inside.
    Interval::new(first, Timestamp(last.0.saturating_add(1))).widened(BEFORE, AFTER)
}

/// Returns where the intruder's sessions and flagged sign-ins were, and when.
pub(super) fn of_intruder(scene: &Scene<'_>, closure: &Closure, start: &Start) -> Vec<Presence> {
    let mut found = start.presences.clone();
    let mut seen: BTreeMap<(&str, IpAddr, &str), Vec<String>> = BTreeMap::new();
    for (at, draft) in scene.drafts.iter().enumerate() {
        let is_session = draft.in_mailbox && closure.has_session(&draft.session);
        if let (Some(ip), true) = (
            draft.whence.public(),
            is_session && closure.context(at).is_some(),
        ) {
            for agent in &draft.agents {
                let records = seen.entry((&draft.session, ip, agent)).or_default();
                records.extend(draft.sample.ids());
            }
        }
    }
    for entry in scene
        .entries
        .iter()
        .filter(|entry| entry.ended == Ended::In)
    {
        if let Some(ip) = entry.ip.filter(|_| closure.has_session(&entry.session)) {
            let records = seen.entry((&entry.session, ip, &entry.agent)).or_default();
            records.extend(entry.records.iter().cloned());
        }
    }
    let mut known: BTreeMap<&str, Vec<Interval>> = BTreeMap::new();
    for ((session, ip, agent), records) in seen {
        if agent.is_empty() {
            continue;
        }
        let spans = known
            .entry(session)
            .or_insert_with(|| spans(scene, session));
        found.push(Presence {
            ip,
            agent: agent.to_owned(),
            spans: spans.clone(),
            origin: format!("session={session}"),
            records: super::closure::capped(records),
        });
    }
    found
}

/// Returns the records of a context that fall into the intruder's presence, by digest, and the
/// first presence that takes them in.
pub(super) fn adopted<'p>(
    scene: &Scene<'_>,
    draft: &Draft,
    presences: &'p [Presence],
) -> Option<(BTreeSet<u64>, &'p Presence)> {
    let may_be = draft.session.is_empty()
        && draft.in_mailbox
        && draft.is_own
        && draft.acting == Acting::Person;
    let ip = draft.whence.public().filter(|_| may_be)?;
    let here: Vec<&Presence> = presences.iter().filter(|one| one.ip == ip).collect();
    let mut found = BTreeSet::new();
    let mut first = None;
    for part in &draft.heard {
        let agent = scene.agent(part);
        let Some(time) = part.time.filter(|_| !agent.is_empty()) else {
            continue;
        };
        let by = here
            .iter()
            .find(|one| one.holds(time) && is_same_program(agent, &one.agent));
        if let Some(by) = by {
            found.insert(part.record);
            first = first.or(Some(*by));
        }
    }
    first.map(|first| (found, first))
}
