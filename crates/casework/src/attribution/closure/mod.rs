//! From what is known to be the intruder's to all that follows from it, each step with its records.
//!
//! Every indicator is reached by the way whose weakest edge is strongest, and of those by the
//! shortest: a session or a token proves, an address or a device makes probable, and nothing
//! weaker is followed at all. What stops a way is remembered too, for the reasons to tell.

mod edges;
mod way;

pub(super) use way::Shown;

use super::acts::{Act, Deed};
use super::baseline::Baseline;
use super::client::is_same_program;
use super::platform;
use super::presence::{self, Presence};
use super::scene::Scene;
use super::{Confidence, Reason};
use crate::interval::Interval;
use edges::edge;
use model::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// How often an address may be followed on one way: behind the second, a way shows who shares
/// an exit and not who the intruder is.
const ADDRESS_HOPS: u8 = 2;

/// How many unrelated users make an address everybody's.
pub(super) const SHARED_BY: usize = 3;

/// Something that is the intruder's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// A session.
    Session(String),
    /// A token.
    Token(String),
    /// A context, by its place.
    Context(usize),
    /// A deed, by its place.
    Act(usize),
    /// An application.
    App(String),
    /// Somebody who was let into a mailbox: the mailbox and who, as the record names them.
    Delegate(String, String),
    /// A device.
    Device(String),
    /// An address.
    Ip(IpAddr),
}

/// How something is known to be the intruder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    /// How sure that is: the weakest edge of its way.
    pub(super) confidence: Confidence,
    /// From when on; from the beginning where it is open.
    pub(super) since: Option<Timestamp>,
    /// Where the way came from; none where a seed is the thing itself.
    pub(super) from: Option<Mark>,
    /// The seed or override it begins with.
    pub(super) origin: String,
    /// What connects them.
    pub(super) by: String,
    /// The records that show it.
    pub(super) records: Vec<String>,
    depth: u32,
    hops: u8,
}

/// An edge that may be followed.
struct Edge {
    to: Mark,
    limit: Confidence,
    by: String,
    records: Vec<String>,
    since: Option<Timestamp>,
}

/// What the closure begins with.
#[derive(Clone, Debug, Default)]
pub(super) struct Start {
    /// Seeds: what, how sure, from when, what was said, why, records.
    pub(super) marks: Vec<(Mark, Trace)>,
    /// Flagged sign-ins without a session: whoever was there then with the same program.
    pub(super) presences: Vec<Presence>,
    /// Addresses that hold even where they would be passed over.
    pub(super) forced: BTreeSet<IpAddr>,
    /// Contexts that the analyst took out.
    pub(super) cut: BTreeSet<usize>,
}

/// All that is the intruder's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Closure {
    /// What, and how that is known.
    pub(super) found: BTreeMap<Mark, Trace>,
    /// Addresses of intruder sessions that were not followed, and why.
    pub(super) stopped: BTreeMap<IpAddr, String>,
}

impl Trace {
    /// Makes the trace of a seed or an override.
    pub(super) fn seed(
        confidence: Confidence,
        origin: String,
        by: String,
        records: Vec<String>,
    ) -> Self {
        Self {
            confidence,
            since: None,
            from: None,
            origin,
            by,
            records,
            depth: 0,
            hops: 0,
        }
    }
}

/// Follows everything from the start. Without a baseline only identifiers are followed.
pub(super) fn follow(scene: &Scene<'_>, start: &Start, baseline: Option<&Baseline>) -> Closure {
    let mut walk = Walk {
        scene,
        start,
        baseline,
        closure: Closure::default(),
        open: BTreeMap::new(),
    };
    for (mark, trace) in &start.marks {
        if !walk.is_held_back(mark, trace) {
            walk.offer(mark.clone(), trace.clone());
        }
    }
    walk.sessions_of_presences();
    walk.run();
    // Deeds without a session or address are tied by the time alone, and may open new ways.
    while walk.deeds_by_time() {
        walk.run();
    }
    walk.closure
}

/// What is open, best first: confidence, then the shorter way, then the order of marks.
type Key = (Reverse<Confidence>, u32, Mark, Option<Timestamp>, String);

struct Walk<'w, 'c> {
    scene: &'w Scene<'c>,
    start: &'w Start,
    baseline: Option<&'w Baseline>,
    closure: Closure,
    open: BTreeMap<Key, Trace>,
}

impl Walk<'_, '_> {
    fn offer(&mut self, mark: Mark, trace: Trace) {
        if matches!(&mark, Mark::Context(at) if self.start.cut.contains(at)) {
            return;
        }
        let key = (
            Reverse(trace.confidence),
            trace.depth,
            mark,
            trace.since,
            format!("{}\u{1f}{}\u{1f}{:?}", trace.origin, trace.by, trace.from),
        );
        self.open.entry(key).or_insert(trace);
    }

    /// Returns whether the address or device of a seed's record is one that proves nothing.
    fn is_held_back(&mut self, mark: &Mark, trace: &Trace) -> bool {
        match mark {
            Mark::Ip(ip) if !self.start.forced.contains(ip) => {
                let why = self.stops(*ip);
                let is_stopped = why.is_some();
                if let Some(why) = why {
                    self.closure.stopped.entry(*ip).or_insert(why);
                }
                is_stopped || self.baseline.is_none()
            }
            Mark::Device(device) if trace.confidence < Confidence::High => {
                self.baseline.is_none_or(|own| own.devices.contains(device))
            }
            _ => false,
        }
    }

    fn run(&mut self) {
        while let Some(((_, _, mark, _, _), trace)) = self.open.pop_first() {
            let is_new = match self.closure.found.get_mut(&mark) {
                None => true,
                // The same again, only from an earlier moment on: that opens more.
                Some(known)
                    if trace.confidence == known.confidence && trace.since < known.since =>
                {
                    true
                }
                Some(_) => false,
            };
            if !is_new {
                continue;
            }
            let edges = self.edges(&mark, &trace);
            for edge in edges {
                self.take(&mark, &trace, edge);
            }
            self.closure.found.insert(mark, trace);
        }
    }

    fn take(&mut self, from: &Mark, trace: &Trace, edge: Edge) {
        let mut hops = trace.hops;
        match &edge.to {
            Mark::Ip(ip) => {
                if let Some(why) = self.stops(*ip) {
                    self.closure.stopped.entry(*ip).or_insert(why);
                    return;
                }
                hops += 1;
                if hops > ADDRESS_HOPS || self.baseline.is_none() {
                    return;
                }
            }
            Mark::Device(device) => {
                let owned = self.baseline.is_none_or(|own| own.devices.contains(device));
                if owned {
                    return;
                }
            }
            // By an address or a device alone, a session the owner had before stays the owner's.
            Mark::Session(session) if edge.limit < Confidence::High && self.is_owners(session) => {
                return;
            }
            Mark::App(app) if !platform::can_be_indicator(app) => return,
            _ => {}
        }
        self.offer(
            edge.to,
            Trace {
                confidence: trace.confidence.min(edge.limit),
                since: edge.since,
                from: Some(from.clone()),
                origin: trace.origin.clone(),
                by: edge.by,
                records: capped(edge.records),
                depth: trace.depth + 1,
                hops,
            },
        );
    }

    fn is_owners(&self, session: &str) -> bool {
        self.baseline
            .is_some_and(|own| own.sessions.contains(session))
    }

    /// Returns why an address is not followed.
    fn stops(&self, ip: IpAddr) -> Option<String> {
        if self.start.forced.contains(&ip) {
            return None;
        }
        if self.baseline.is_some_and(|own| own.ips.contains(&ip)) {
            return Some(format!("{ip} was the owner's own in the 30 days before"));
        }
        let others = self.scene.others_on(ip);
        (others >= SHARED_BY).then(|| format!("{ip} is shared by {others} other users"))
    }

    /// Sessions that began right after a flagged sign-in without one, at the same address with
    /// the same program.
    fn sessions_of_presences(&mut self) {
        let Some(baseline) = self.baseline else {
            return;
        };
        let mut offers = Vec::new();
        for presence in &self.start.presences {
            if baseline.ips.contains(&presence.ip) {
                continue;
            }
            for draft in &self.scene.drafts {
                let is_there = !draft.session.is_empty()
                    && draft.whence.public() == Some(presence.ip)
                    && draft.first().is_some_and(|first| presence.holds(first))
                    && draft
                        .agents
                        .iter()
                        .any(|agent| is_same_program(agent, &presence.agent));
                if is_there {
                    let by = "it began at the same address with the same program within the hour"
                        .to_owned();
                    let mut records = presence.records.clone();
                    records.extend(draft.sample.ids());
                    let trace = Trace::seed(
                        Confidence::Medium,
                        presence.origin.clone(),
                        by,
                        capped(records),
                    );
                    offers.push((Mark::Session(draft.session.clone()), trace));
                }
            }
        }
        for (mark, trace) in offers {
            self.offer(mark, trace);
        }
    }

    /// Ties deeds without session and address to the intruder sessions they fell into. Time
    /// alone is a weak tie: only a session that is surely the intruder's carries it.
    fn deeds_by_time(&mut self) -> bool {
        if self.baseline.is_none() {
            return false;
        }
        let sessions = self
            .closure
            .found
            .iter()
            .filter_map(|(mark, trace)| match mark {
                Mark::Session(session) if trace.confidence == Confidence::High => {
                    Some((session, trace))
                }
                _ => None,
            });
        let spans: Vec<(Vec<Interval>, Mark, Trace)> = sessions
            .map(|(session, trace)| {
                let spans = presence::spans(self.scene, session);
                (spans, Mark::Session(session.clone()), trace.clone())
            })
            .collect();
        let mut found = Vec::new();
        for (at, act) in self.scene.acts.iter().enumerate() {
            let mark = Mark::Act(at);
            if self.closure.found.contains_key(&mark) || !self.is_untied(act) {
                continue;
            }
            let Some(time) = act.time else { continue };
            let during = spans
                .iter()
                .find(|(spans, _, _)| spans.iter().any(|span| span.holds(time)));
            if let Some((_, session, trace)) = during {
                found.push((mark, session.clone(), trace.clone(), act.record.clone()));
            }
        }
        let is_more = !found.is_empty();
        for (mark, session, trace, record) in found {
            let by = "done by the account while the session was active";
            self.take(
                &session,
                &trace,
                edge(mark, Confidence::Medium, by, &[record]),
            );
        }
        is_more
    }

    fn is_untied(&self, act: &Act) -> bool {
        let is_opening = matches!(
            act.deed,
            Deed::Consent | Deed::Credential | Deed::Permission | Deed::Device | Deed::Method
        );
        let is_accounts = self.scene.is_persons(act)
            || (matches!(act.deed, Deed::Device | Deed::Method) && self.scene.is_on_person(act));
        is_opening
            && act.done
            && is_accounts
            && act.session.is_empty()
            && act.token.is_empty()
            && act.ip.is_none()
    }
}

/// Returns records in order, without repeats, at most as many as a reason names.
pub(super) fn capped(records: Vec<String>) -> Vec<String> {
    let sorted: BTreeSet<String> = records.into_iter().collect();
    sorted.into_iter().take(Reason::RECORDS).collect()
}

impl Closure {
    /// Returns how a context is known to be the intruder's.
    pub(super) fn context(&self, at: usize) -> Option<&Trace> {
        self.found.get(&Mark::Context(at))
    }

    /// Returns whether an application is the intruder's.
    pub(super) fn has_app(&self, app: &str) -> bool {
        self.found.contains_key(&Mark::App(app.to_owned()))
    }

    /// Returns whether a session is the intruder's.
    pub(super) fn has_session(&self, session: &str) -> bool {
        self.found.contains_key(&Mark::Session(session.to_owned()))
    }
}
