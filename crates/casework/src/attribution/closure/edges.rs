//! What follows from one indicator: the edges of the closure, each with its strength and records.

use super::{Edge, Mark, Trace, Walk};
use crate::attribution::Confidence;
use crate::attribution::acts::{Act, Deed};
use crate::attribution::platform;
use crate::attribution::scene::{Draft, Entry, under};
use crate::attribution::strand::{Acting, Ended, Sample};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::slice;

impl Walk<'_, '_> {
    /// Returns what follows from an indicator.
    pub(super) fn edges(&self, mark: &Mark, trace: &Trace) -> Vec<Edge> {
        match mark {
            Mark::Session(session) => {
                let mut edges = self.of_session(session);
                edges.extend(self.of_tokens_issued(session));
                edges
            }
            Mark::Token(token) => self.of_token(token),
            Mark::Ip(ip) => self.of_ip(*ip),
            Mark::Device(device) => self.of_device(device),
            Mark::App(app) => self.of_app(app, trace.since),
            Mark::Act(at) => self.of_act(&self.scene.acts[*at]),
            Mark::Delegate(mailbox, who) => self.of_delegate(mailbox, who, trace.since),
            Mark::Context(at) => self.of_context(*at, trace),
        }
    }

    fn of_session(&self, session: &str) -> Vec<Edge> {
        let scene = self.scene;
        let by = "its records carry the session";
        let mut edges = self.contexts(under(&scene.index.sessions, session), Confidence::High, by);
        for entry in self.entries(under(&scene.index.entry_sessions, session)) {
            let mut push =
                |mark, by| edges.push(edge(mark, Confidence::Medium, by, &entry.records));
            if let Some(ip) = entry.ip {
                push(Mark::Ip(ip), "the session signed in from it");
            }
            if !entry.device.is_empty() {
                let device = Mark::Device(entry.device.clone());
                push(device, "the session signed in with it");
            }
        }
        let by = "done in the session";
        edges.extend(self.acts(Confidence::High, by, |act| act.session == session));
        edges
    }

    fn of_tokens_issued(&self, session: &str) -> Vec<Edge> {
        let scene = self.scene;
        let mut edges = Vec::new();
        let mut tokens = BTreeSet::new();
        for at in under(&scene.index.issued_in, session) {
            let issue = &scene.issued[*at];
            let token = Mark::Token(issue.token.clone());
            let by = "it was issued in the session";
            let record = slice::from_ref(&issue.record);
            edges.push(edge(token, Confidence::High, by, record));
            tokens.insert(issue.token.as_str());
        }
        edges.extend(self.beside(&tokens, None, Confidence::High, |_| false));
        edges
    }

    fn of_token(&self, token: &str) -> Vec<Edge> {
        let scene = self.scene;
        let mut edges = Vec::new();
        for issue in scene.issues_of(token) {
            let session = &scene.entries[issue.entry].session;
            if !session.is_empty() {
                let session = Mark::Session(session.clone());
                let record = slice::from_ref(&issue.record);
                edges.push(edge(
                    session,
                    Confidence::High,
                    "the token was issued in it",
                    record,
                ));
            }
        }
        let by = "done with the token";
        edges.extend(self.acts(Confidence::High, by, |act| act.token == token));
        // Somebody else's deeds in the mailbox count by the context they were done in.
        let contexts = scene.contexts_with(token).into_keys();
        let contexts = contexts.filter(|at| !self.start.cut.contains(at));
        let done = contexts.flat_map(|at| under(&scene.acts_in, &at));
        for at in done.filter(|at| scene.acts[**at].token == token) {
            let record = slice::from_ref(&scene.acts[*at].record);
            edges.push(edge(Mark::Act(*at), Confidence::High, by, record));
        }
        edges
    }

    /// What the intruder's own tokens show in other contexts than theirs. A token that is seeded
    /// shows none of it: whoever stole it need not have what else its records name.
    fn beside(
        &self,
        tokens: &BTreeSet<&str>,
        own: Option<usize>,
        session: Confidence,
        may_be_victims: impl Fn(&Draft) -> bool,
    ) -> Vec<Edge> {
        let mut others: BTreeMap<usize, Sample> = BTreeMap::new();
        for token in tokens {
            for (at, sample) in self.scene.contexts_with(token) {
                if Some(at) != own && !self.start.cut.contains(&at) {
                    others.entry(at).or_default().merge(&sample);
                }
            }
        }
        let by = "a record with the same token shows it";
        let mut edges = Vec::new();
        for (at, sample) in others {
            let draft = &self.scene.drafts[at];
            let limit = (!may_be_victims(draft)).then_some(session);
            edges.extend(shown(draft, limit, by, &sample.ids()));
        }
        edges
    }

    fn of_ip(&self, ip: IpAddr) -> Vec<Edge> {
        // An application acting as itself comes from wherever it is hosted: many share that place.
        let is_hosted = |at: &&usize| self.scene.drafts[**at].acting == Acting::Application;
        let here = under(&self.scene.index.ips, &ip).iter();
        let here: Vec<usize> = here.filter(|at| !is_hosted(at)).copied().collect();
        let by = "its records come from exactly this address";
        let mut edges = self.contexts(&here, Confidence::Medium, by);
        let entries = under(&self.scene.index.entry_ips, &ip);
        edges.extend(self.sessions_of(entries, "it signed in from the address"));
        let by = "done from the address";
        edges.extend(self.acts(Confidence::Medium, by, |act| act.ip == Some(ip)));
        edges
    }

    fn of_device(&self, device: &str) -> Vec<Edge> {
        let index = &self.scene.index;
        let by = "its records name the device";
        let mut edges = self.contexts(under(&index.devices, device), Confidence::Medium, by);
        let entries = under(&index.entry_devices, device);
        edges.extend(self.sessions_of(entries, "it signed in with the device"));
        edges
    }

    fn of_app(&self, app: &str, since: Option<Timestamp>) -> Vec<Edge> {
        let scene = self.scene;
        let all = under(&scene.index.apps, app).iter().copied();
        let then: Vec<usize> = all.filter(|at| scene.drafts[*at].last() >= since).collect();
        let by = "the application read or acted in it";
        from_then_on(self.contexts(&then, Confidence::High, by), since)
    }

    /// Sign-ins that let somebody in.
    fn entries(&self, places: &[usize]) -> impl Iterator<Item = &Entry> {
        let entries = places.iter().map(|at| &self.scene.entries[*at]);
        entries.filter(|entry| entry.ended == Ended::In)
    }

    fn sessions_of(&self, places: &[usize], by: &str) -> Vec<Edge> {
        let entries = self
            .entries(places)
            .filter(|entry| !entry.session.is_empty());
        entries
            .map(|entry| {
                let session = Mark::Session(entry.session.clone());
                edge(session, Confidence::Medium, by, &entry.records)
            })
            .collect()
    }

    fn of_act(&self, act: &Act) -> Vec<Edge> {
        let records = [act.record.clone()];
        let with_time = |mut edge: Edge| {
            edge.since = act.time;
            edge
        };
        match act.deed {
            Deed::Consent | Deed::Credential => self
                .scene
                .apps_of(act)
                .into_iter()
                .map(|app| {
                    let by = format!("it was given something by `{}`", act.action);
                    with_time(edge(Mark::App(app), Confidence::High, &by, &records))
                })
                .collect(),
            Deed::Permission => act
                .grantees
                .iter()
                .map(|grantee| {
                    let mark = Mark::Delegate(act.mailbox.to_lowercase(), grantee.clone());
                    let by = format!("let in by `{}`", act.action);
                    with_time(edge(mark, Confidence::High, &by, &records))
                })
                .collect(),
            Deed::Device => act
                .ids
                .iter()
                .filter(|id| self.scene.is_device(id))
                .map(|id| {
                    edge(
                        Mark::Device(id.clone()),
                        Confidence::Medium,
                        "it was registered",
                        &records,
                    )
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn of_delegate(&self, mailbox: &str, who: &str, since: Option<Timestamp>) -> Vec<Edge> {
        let (owner, delegate) = (self.scene.named(mailbox), self.scene.named(who));
        let is_theirs = |draft: &Draft| {
            owner.is_named(&draft.mailbox)
                && delegate.is_named(&draft.actor)
                && !owner.is_named(&draft.actor)
                && draft.last() >= since
        };
        let drafts = self.scene.drafts.iter().enumerate();
        let theirs: Vec<usize> = drafts
            .filter(|(_, draft)| is_theirs(draft))
            .map(|(at, _)| at)
            .collect();
        let by = "access by somebody who was let in";
        from_then_on(self.contexts(&theirs, Confidence::High, by), since)
    }

    fn of_context(&self, at: usize, trace: &Trace) -> Vec<Edge> {
        // A delegate's own sessions are theirs, and an application shows where it is hosted.
        if matches!(trace.from, Some(Mark::App(_) | Mark::Delegate(..))) {
            return Vec::new();
        }
        let draft = &self.scene.drafts[at];
        let records = draft.sample.ids();
        let by = "the context shows it";
        // A delegated application carries the session of whoever consented: following it would
        // make the victim's own session the intruder's.
        let may_be_victims =
            |draft: &Draft| trace.from.is_none() && platform::can_be_indicator(&draft.app);
        let is_weak = matches!(trace.from, Some(Mark::Ip(_) | Mark::Device(_)));
        let session = if is_weak {
            Confidence::Medium
        } else {
            Confidence::High
        };
        let limit = (!may_be_victims(draft)).then_some(session);
        let mut edges = shown(draft, limit, by, &records);
        let tokens = self.scene.tokens_beyond(at);
        for token in &tokens {
            let mut here = self.scene.contexts_with(token);
            let records = here.remove(&at).unwrap_or_default().ids();
            let token = Mark::Token((*token).to_owned());
            edges.push(edge(token, Confidence::High, by, &records));
        }
        edges.extend(self.beside(&tokens, Some(at), session, may_be_victims));
        for place in under(&self.scene.acts_in, &at) {
            let record = slice::from_ref(&self.scene.acts[*place].record);
            edges.push(edge(
                Mark::Act(*place),
                Confidence::High,
                "done in the context",
                record,
            ));
        }
        edges
    }

    fn contexts(&self, places: &[usize], limit: Confidence, by: &str) -> Vec<Edge> {
        let records = |at: usize| self.scene.drafts[at].sample.ids();
        let edges = places.iter();
        edges
            .map(|at| edge(Mark::Context(*at), limit, by, &records(*at)))
            .collect()
    }

    /// Deeds of the person's account that were done.
    fn acts(&self, limit: Confidence, by: &str, is_it: impl Fn(&Act) -> bool) -> Vec<Edge> {
        let acts = self.scene.acts.iter().enumerate();
        acts.filter(|(_, act)| act.done && is_it(act) && self.scene.is_persons(act))
            .map(|(at, act)| edge(Mark::Act(at), limit, by, slice::from_ref(&act.record)))
            .collect()
    }
}

/// Returns what a context shows by itself: its session, where that may be followed, its address
/// and its device.
fn shown(draft: &Draft, session: Option<Confidence>, by: &str, records: &[String]) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut push = |mark, limit| edges.push(edge(mark, limit, by, records));
    if let Some(limit) = session.filter(|_| !draft.session.is_empty()) {
        push(Mark::Session(draft.session.clone()), limit);
    }
    if let Some(ip) = draft.whence.public() {
        push(Mark::Ip(ip), Confidence::Medium);
    }
    if !draft.device.is_empty() {
        push(Mark::Device(draft.device.clone()), Confidence::Medium);
    }
    edges
}

/// Makes an edge that holds from the beginning.
pub(super) fn edge(to: Mark, limit: Confidence, by: &str, records: &[String]) -> Edge {
    Edge {
        to,
        limit,
        by: by.to_owned(),
        records: records.to_vec(),
        since: None,
    }
}

fn from_then_on(mut edges: Vec<Edge>, since: Option<Timestamp>) -> Vec<Edge> {
    for edge in &mut edges {
        edge.since = since;
    }
    edges
}
