//! Puts everything together: whose each context is, with its reasons and its way of evidence.

use super::baseline::Baseline;
use super::closure::{self, Closure, Mark, Shown as Named, Trace};
use super::log::Log;
use super::owner::{Held, Ruling};
use super::presence::{self, Presence};
use super::scene::{Draft, Part, Scene, name_of};
use super::service::Services;
use super::start::{self, Begun};
use super::strand::{Acting, Service, Whence};
use super::window;
use super::{Attribution, Confidence, Context, ContextId, Reason, Step, Verdict};
use super::{pivots, proposals};
use crate::brief::Brief;
use crate::interval::Interval;
use std::collections::{BTreeMap, BTreeSet};

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
    let (window, window_because) = window::window(&scene, &closure, shown, &evictions);
    let pivots = pivots::pivots(&scene, &closure);
    let proposals = proposals::proposals(&scene);
    let mut attribution = Attribution {
        person: scene.person.clone(),
        window,
        window_because,
        evictions,
        proposals,
        pivots,
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
struct Piece {
    draft: Draft,
    ruling: Ruling,
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
    let mut pieces = Vec::new();
    for (at, draft) in scene.drafts.iter().enumerate() {
        let is_cut = begun.start.cut.contains(&at);
        let found = intruders(scene, closure, draft, at).or_else(|| {
            let is_free = baseline.is_some_and(|own| {
                draft
                    .whence
                    .public()
                    .is_none_or(|ip| !own.ips.contains(&ip))
            });
            if is_free && !is_cut {
                adopted(scene, draft, presences)
            } else {
                None
            }
        });
        // An application that is not the intruder's and acts on files is no part of the case.
        let is_apps = draft.service == Service::Other && draft.acting == Acting::Application;
        let rest = match found {
            Some(found) => {
                let (taken, rest) = divide(draft, &found.is_in);
                pieces.extend(taken.map(|draft| Piece {
                    draft,
                    ruling: found.ruling,
                    overridden: false,
                    way: found.way,
                }));
                rest
            }
            None => Some(draft.clone()),
        };
        pieces.extend(rest.filter(|_| !is_apps).map(|draft| Piece {
            ruling: ruling(&held, &services, &draft),
            draft,
            overridden: false,
            way: Vec::new(),
        }));
    }
    for piece in &mut pieces {
        piece.overrule(scene.brief);
    }
    pieces
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

/// Records that evidence gives to the intruder, and how.
struct Found {
    is_in: Covers,
    ruling: Ruling,
    way: Vec<Step>,
}

/// Which records of a context evidence covers.
enum Covers {
    All,
    Since(model::Timestamp),
    These(BTreeSet<u64>),
}

impl Covers {
    fn holds(&self, part: &Part) -> bool {
        match self {
            Self::All => true,
            Self::Since(since) => part.time.is_some_and(|time| time >= *since),
            Self::These(records) => records.contains(&part.record),
        }
    }

    /// Returns the word that tells the name of the covered part from that of the whole.
    fn word(&self) -> &'static str {
        match self {
            Self::All => "",
            Self::Since(_) => "since",
            Self::These(_) => "within",
        }
    }
}

fn intruders(scene: &Scene<'_>, closure: &Closure, draft: &Draft, at: usize) -> Option<Found> {
    let trace = closure.context(at)?;
    let way = closure.way(scene, &Mark::Context(at));
    let mut reasons = vec![Reason {
        text: told(scene, trace, &way),
        records: trace.records.clone(),
    }];
    if let Some((from, known)) = trace
        .from
        .as_ref()
        .and_then(|from| Some((from, closure.found.get(from)?)))
    {
        reasons.push(Reason {
            text: format!("{}: {}", Named(from, scene), known.by),
            records: known.records.clone(),
        });
    }
    reasons.extend(evidence_if_any(scene, closure, draft, trace));
    let is_in = trace.since.map_or(Covers::All, Covers::Since);
    Some(Found {
        is_in,
        ruling: Ruling {
            verdict: Verdict::Intruder,
            confidence: trace.confidence,
            reasons,
        },
        way,
    })
}

/// Tells a way of evidence in a sentence.
fn told(scene: &Scene<'_>, trace: &Trace, way: &[Step]) -> String {
    let Some(from) = &trace.from else {
        return format!("{}: {}", trace.origin, trace.by);
    };
    let from = Named(from, scene).to_string();
    let begins = way.first().map_or(from.as_str(), |step| step.from.as_str());
    if begins == from {
        format!("{}: {from} is the intruder's", trace.by)
    } else {
        format!("{}: {from} is the intruder's, by way of {begins}", trace.by)
    }
}

/// Returns what else ties a context to the intruder, the strongest first.
fn evidence_if_any(
    scene: &Scene<'_>,
    closure: &Closure,
    draft: &Draft,
    trace: &Trace,
) -> Vec<Reason> {
    let mut marks = vec![
        Mark::Token(draft.token.clone()),
        Mark::Session(draft.session.clone()),
        Mark::App(draft.app.clone()),
        Mark::Device(draft.device.clone()),
    ];
    marks.extend(draft.whence.public().map(Mark::Ip));
    let mut reasons = Vec::new();
    for mark in marks
        .iter()
        .filter(|mark| trace.from.as_ref() != Some(mark))
    {
        if let Some(known) = closure.found.get(mark) {
            reasons.push(Reason {
                text: format!("{} is the intruder's too: {}", Named(mark, scene), known.by),
                records: known.records.clone(),
            });
        }
    }
    reasons
}

fn adopted(scene: &Scene<'_>, draft: &Draft, presences: &[Presence]) -> Option<Found> {
    let (records, by) = presence::adopted(scene, draft, presences)?;
    let text = format!(
        "without a session, but from exactly the address and the program of {} while it was active there",
        by.origin
    );
    Some(Found {
        is_in: Covers::These(records),
        ruling: Ruling {
            verdict: Verdict::Intruder,
            confidence: Confidence::Medium,
            reasons: vec![Reason {
                text: text.clone(),
                records: closure::capped(by.records.clone()),
            }],
        },
        way: vec![Step {
            from: by.origin.clone(),
            to: String::new(),
            by: text,
            records: closure::capped(by.records.clone()),
        }],
    })
}

/// Divides a context into the part that evidence covers and the rest.
fn divide(draft: &Draft, covers: &Covers) -> (Option<Draft>, Option<Draft>) {
    let (inside, outside): (Vec<Part>, Vec<Part>) =
        draft.heard.iter().partition(|part| covers.holds(part));
    if outside.is_empty() {
        return (Some(draft.clone()), None);
    }
    if inside.is_empty() {
        return (None, Some(draft.clone()));
    }
    let mut taken = Draft {
        heard: inside,
        ..draft.clone()
    };
    taken.id = name_of(&taken, covers.word());
    taken.keep_sample();
    let mut rest = Draft {
        heard: outside,
        ..draft.clone()
    };
    rest.keep_sample();
    (Some(taken), Some(rest))
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
            if !piece.way.is_empty() {
                self.ways.insert(id.clone(), ending_in(piece.way, &id));
            }
            self.contexts
                .push(context(piece.draft, piece.ruling, piece.overridden));
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

fn context(draft: Draft, ruling: Ruling, overridden: bool) -> Context {
    Context {
        verdict: ruling.verdict,
        confidence: ruling.confidence,
        reasons: ruling.reasons,
        overridden,
        records: draft.heard.len() as u64,
        first: draft.first(),
        last: draft.last(),
        id: draft.id,
        mailbox: draft.mailbox,
        actor: draft.actor,
        logon_type: draft.logon_type,
        session: draft.session,
        token: draft.token,
        app: draft.app,
        client: draft.client.to_owned(),
        device: draft.device,
        ips: draft.ips,
    }
}
