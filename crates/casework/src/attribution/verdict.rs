//! Puts everything together: whose each context is, with its reasons and its way of evidence.

use super::baseline::Baseline;
use super::carried::{AllCarried, Carried};
use super::closure::{self, Closure};
use super::found::{Found, adopted, divide, evidence, records_of};
use super::log::Log;
use super::owner::{Held, Ruling};
use super::presence::{self, Presence};
use super::scene::{Draft, Entry, Scene};
use super::service::Services;
use super::start::{self, Begun};
use super::strand::{Acting, Service, Whence};
use super::window;
use super::{Attribution, Confidence, Context, ContextId, Reason, Step, Verdict};
use super::{marks, pivots, proposals};
use crate::brief::{Brief, Seed};
use crate::interval::Interval;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// How often the baseline is learned anew when the evidence turns out to begin earlier.
const ROUNDS: usize = 4;

/// Says who was there.
pub(super) fn attribution(log: Log, brief: &Brief) -> Attribution {
    let scene = Scene::new(log, brief);
    let begun = start::begin(&scene);
    let (closure, baseline) = settle(&scene, &begun);
    let presences = match &baseline {
        Some(_) => presence::of_intruder(&scene, &closure, &begun.start),
        None => Vec::new(),
    };
    let mut pieces = pieces(&scene, &closure, &begun, baseline.as_ref(), &presences);
    follow_sessions(&mut pieces);
    let mut shown = window::shown(&scene, &closure, &begun.times);
    for piece in pieces
        .iter()
        .filter(|piece| piece.ruling.verdict == Verdict::Intruder)
    {
        shown.add(piece.draft.first());
        shown.add(piece.draft.last());
    }
    let evictions = window::evictions(&scene, &closure, shown);
    let window = window::window(&scene, &closure, shown, &evictions);
    let pivots = pivots::pivots(&scene, &closure);
    let proposals = proposals::proposals(&scene);
    let marks = marks::marks(&scene, &closure, baseline.as_ref(), &pieces);
    let signed_in = proposals
        .iter()
        .filter_map(|proposal| match &proposal.seed {
            Seed::Signin(record) => {
                let is_it = |entry: &&Entry| entry.sample.ids().contains(record);
                let entry = scene.entries.iter().find(is_it)?;
                // An address that others share, or that was the person's own before, is not
                // followed, so nothing hangs on it.
                let mut times = entry.times.iter().copied();
                let signed = times.find(|time| entry.sample.at(*time).as_ref() == Some(record));
                let was_own = |ip: IpAddr| {
                    let mut drafts = scene.drafts.iter().filter(|draft| draft.is_own);
                    drafts.any(|draft| {
                        draft.whence.public() == Some(ip)
                            && draft.first().is_some_and(|at| Some(at) < signed)
                    })
                };
                let is_followed =
                    |ip: &IpAddr| scene.others_on(*ip) < closure::SHARED_BY && !was_own(*ip);
                let ip = entry.ip.filter(is_followed);
                Some((record.clone(), (entry.session.clone(), ip)))
            }
            _ => None,
        })
        .collect();
    let mut attribution = Attribution {
        person: scene.person.clone(),
        window: window.interval,
        window_because: window.because,
        is_open: window.is_open,
        evictions,
        proposals,
        signed_in,
        pivots,
        marks,
        unanswered: begun.unanswered,
        ..Attribution::default()
    };
    drop(scene);
    attribution.enter(pieces);
    attribution
}

/// Learns the baseline and follows the evidence until neither changes the other.
fn settle(scene: &Scene<'_>, begun: &Begun) -> (Closure, Option<Baseline>) {
    let mut closure = closure::follow(scene, &begun.start, None);
    let mut baseline: Option<Baseline> = None;
    for _ in 0..ROUNDS {
        let Some(first) = window::shown(scene, &closure, &begun.times).first else {
            break;
        };
        if baseline
            .as_ref()
            .is_some_and(|known| known.ends == Some(first))
        {
            break;
        }
        let learned = Baseline::before(scene, first, |at| closure.context(at).is_some());
        closure = closure::follow(scene, &begun.start, Some(&learned));
        baseline = Some(learned);
    }
    (closure, baseline)
}

/// A context, or the part of one that evidence covers, with its verdict.
pub(super) struct Piece {
    pub(super) draft: Draft,
    token: String,
    pub(super) ruling: Ruling,
    overridden: bool,
    way: Vec<Step>,
}

fn pieces(
    scene: &Scene<'_>,
    closure: &Closure,
    begun: &Begun,
    baseline: Option<&Baseline>,
    presences: &[Presence],
) -> Vec<Piece> {
    let services = Services::of(scene);
    let spans = active(scene, closure);
    let held = Held {
        scene,
        closure,
        baseline,
        services: &services,
        intruder_spans: &spans,
    };
    let carried = AllCarried::of(scene, closure);
    let mut pieces = Vec::new();
    for (at, draft) in scene.drafts.iter().enumerate() {
        let is_cut = begun.start.cut.contains(&at);
        let may_adopt = !is_cut
            && baseline.is_some_and(|own| {
                let ip = draft.whence.public();
                ip.is_none_or(|ip| !own.ips.contains(&ip))
            });
        let parts = carried.parts(at);
        let mut rest = Some(draft.clone());
        for found in evidence(scene, closure, at, parts) {
            pieces.extend(take(scene, draft, &mut rest, found));
        }
        let is_whole = closure.context(at).is_some();
        let left = rest.as_ref().filter(|_| may_adopt && !is_whole);
        if let Some(found) = left.and_then(|left| adopted(scene, left, presences)) {
            pieces.extend(take(scene, draft, &mut rest, found));
        }
        // An application that is not the intruder's and acts on files is no part of the case.
        let is_apps = draft.service == Service::Other && draft.acting == Acting::Application;
        pieces.extend(rest.filter(|_| !is_apps).map(|draft| Piece {
            ruling: beside(ruling(&held, &services, &draft), scene, parts),
            draft,
            token: String::new(),
            overridden: false,
            way: Vec::new(),
        }));
    }
    for piece in &mut pieces {
        piece.token = scene.shared_token(&piece.draft.heard).to_owned();
        piece.overrule(scene.brief);
    }
    pieces
}

/// Takes the records that evidence covers out of what is left of a context.
fn take(scene: &Scene<'_>, whole: &Draft, rest: &mut Option<Draft>, found: Found) -> Option<Piece> {
    let (taken, left) = divide(scene, whole, rest.take()?, &found.is_in);
    *rest = left;
    taken.map(|draft| Piece {
        draft,
        token: String::new(),
        ruling: found.ruling,
        overridden: false,
        way: found.way,
    })
}

/// Says of the rest of a context that the intruder's tokens were used in it, where nothing
/// decides whose the rest is.
fn beside(mut ruling: Ruling, scene: &Scene<'_>, parts: &[Carried]) -> Ruling {
    let part = parts.iter().find(|part| !part.is_ruled_out);
    if let (Verdict::Unknown, Some(part)) = (ruling.verdict, part) {
        ruling.reasons.push(Reason {
            text: "records of the same session or place carry a token of the intruder's: whose the others are must be decided".to_owned(),
            records: records_of(scene, part),
        });
    }
    ruling
}

fn ruling(held: &Held<'_, '_>, services: &Services, draft: &Draft) -> Ruling {
    match services.finds(draft) {
        Some((confidence, reason)) => Ruling {
            verdict: Verdict::Service,
            confidence,
            reasons: vec![reason],
        },
        None => held.ruling(draft),
    }
}

impl Piece {
    /// Puts the analyst's verdict above the engine's.
    fn overrule(&mut self, brief: &Brief) {
        let Some(ruled) = brief.overrides.get(&self.draft.id) else {
            return;
        };
        let reason = Reason {
            text: format!("{} decided: {}", ruled.by, ruled.reason),
            records: Vec::new(),
        };
        self.ruling.verdict = ruled.verdict;
        self.ruling.confidence = Confidence::High;
        self.ruling.reasons.insert(0, reason);
        self.overridden = true;
    }
}

/// While which intruder sessions were active, with the client families they showed.
fn active(scene: &Scene<'_>, closure: &Closure) -> Vec<(Interval, &'static str)> {
    let mut families: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for (at, draft) in scene.drafts.iter().enumerate() {
        if closure.context(at).is_some() && closure.has_session(&draft.session) {
            families
                .entry(&draft.session)
                .or_default()
                .insert(draft.client);
        }
    }
    let mut found = Vec::new();
    for (session, clients) in families {
        let spans = presence::spans(scene, session);
        let with = |span: Interval| clients.iter().map(move |client| (span, *client));
        found.extend(spans.into_iter().flat_map(with));
    }
    found
}

/// A context without an address of its own takes the verdict of its session, where the session
/// is the owner's.
fn follow_sessions(pieces: &mut [Piece]) {
    let mut owned: BTreeMap<String, Confidence> = BTreeMap::new();
    for piece in pieces
        .iter()
        .filter(|piece| piece.ruling.verdict == Verdict::Owner)
    {
        if !piece.draft.session.is_empty() {
            let known = owned
                .entry(piece.draft.session.clone())
                .or_insert(Confidence::Low);
            *known = (*known).max(piece.ruling.confidence);
        }
    }
    for piece in pieces
        .iter_mut()
        .filter(|piece| piece.ruling.verdict == Verdict::Unknown && !piece.overridden)
    {
        let is_placeless = !matches!(piece.draft.whence, Whence::Public(_));
        if let (true, Some(confidence)) = (is_placeless, owned.get(&piece.draft.session)) {
            piece.ruling = Ruling {
                verdict: Verdict::Owner,
                confidence: *confidence,
                reasons: vec![Reason {
                    text: "no address of its own, and its session is the owner's".to_owned(),
                    records: piece.draft.sample.ids(),
                }],
            };
        }
    }
}

impl Attribution {
    fn enter(&mut self, mut pieces: Vec<Piece>) {
        pieces.sort_by(|a, b| a.draft.id.cmp(&b.draft.id));
        for (at, piece) in pieces.into_iter().enumerate() {
            for part in &piece.draft.heard {
                self.of_record.note_digest(part.record, at);
            }
            let id = piece.draft.id.clone();
            let mut piece = piece;
            if !piece.way.is_empty() {
                let way = std::mem::take(&mut piece.way);
                self.ways.insert(id.clone(), ending_in(way, &id));
            }
            self.contexts.push(context(piece));
        }
    }
}

/// Lets a way end in the context as it is named at last.
fn ending_in(mut way: Vec<Step>, id: &ContextId) -> Vec<Step> {
    if let Some(last) = way.last_mut() {
        last.to = id.to_string();
    }
    way
}

fn context(piece: Piece) -> Context {
    let (draft, ruling) = (piece.draft, piece.ruling);
    Context {
        verdict: ruling.verdict,
        confidence: ruling.confidence,
        reasons: ruling.reasons,
        overridden: piece.overridden,
        records: draft.heard.len() as u64,
        first: draft.first(),
        last: draft.last(),
        id: draft.id,
        mailbox: draft.mailbox,
        actor: draft.actor,
        logon_type: draft.logon_type,
        session: draft.session,
        token: piece.token,
        app: draft.app,
        client: draft.client.to_owned(),
        device: draft.device,
        ips: draft.ips,
    }
}
