//! What gives records of a context to the intruder, and how they are parted from the rest.

use super::carried::Carried;
use super::closure::{self, Closure, Mark, Shown as Named, Trace};
use super::owner::Ruling;
use super::presence::{self, Presence};
use super::scene::{Draft, Part, Scene, name_of};
use super::strand::Sample;
use super::{Confidence, Reason, Step, Verdict};
use model::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Records that evidence gives to the intruder, and how.
pub(super) struct Found {
    /// Which.
    pub(super) is_in: Covers,
    /// The verdict on them.
    pub(super) ruling: Ruling,
    /// The way of evidence to them.
    pub(super) way: Vec<Step>,
}

/// Which records of a context evidence covers.
pub(super) enum Covers {
    /// All of them.
    All,
    /// Those from a moment on.
    Since(Timestamp),
    /// Those of these digests.
    These(BTreeSet<u64>),
    /// Those that carry the tokens.
    Tokens(Carried),
}

impl Covers {
    fn holds(&self, part: &Part) -> bool {
        match self {
            Self::All => true,
            Self::Since(since) => part.time.is_some_and(|time| time >= *since),
            Self::These(records) => records.contains(&part.record),
            Self::Tokens(carried) => carried.holds(part),
        }
    }

    /// Returns the word that tells the name of the covered part from that of the whole.
    fn word(&self) -> &str {
        match self {
            Self::All => "",
            Self::Since(_) => "since",
            Self::These(_) => "within",
            Self::Tokens(carried) => &carried.word,
        }
    }
}

/// Returns what gives records of a context to the intruder, the strongest first: a token that is
/// surer than what speaks for the whole context keeps its records apart.
pub(super) fn evidence(
    scene: &Scene<'_>,
    closure: &Closure,
    at: usize,
    parts: &[Carried],
) -> Vec<Found> {
    let whole = intruders(scene, closure, at, parts);
    let known = whole.as_ref().map(|found| found.ruling.confidence);
    // What the analyst said of a token's records holds whatever is found for the whole.
    let is_apart =
        |part: &&Carried| part.is_ruled_out || known.is_none_or(|known| part.confidence > known);
    let (surer, weaker): (Vec<&Carried>, Vec<&Carried>) = parts.iter().partition(is_apart);
    let told = |part: &Carried| by_tokens(scene, closure, part);
    let mut found: Vec<Found> = surer.into_iter().filter_map(told).collect();
    found.sort_by_key(|found| Reverse(found.ruling.confidence));
    found.extend(whole);
    found.extend(weaker.into_iter().filter_map(told));
    found
}

fn intruders(scene: &Scene<'_>, closure: &Closure, at: usize, parts: &[Carried]) -> Option<Found> {
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
    reasons.extend(evidence_if_any(scene, closure, at, parts));
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

/// Gives the records that carry tokens of the intruder's to the intruder; where the analyst ruled
/// otherwise they are a part all the same, for the verdict to stay with.
fn by_tokens(scene: &Scene<'_>, closure: &Closure, part: &Carried) -> Option<Found> {
    let first = part.tokens.first()?;
    let known = closure.found.get(first)?;
    let named = Named(first, scene).to_string();
    let text = match part.tokens.len() {
        1 => format!("its records carry {named}, which is the intruder's"),
        many => format!("its records carry {many} tokens of the intruder's, of them {named}"),
    };
    let records = records_of(scene, part);
    let mut way = closure.way(scene, first);
    way.push(Step {
        from: named.clone(),
        to: String::new(),
        by: "its records carry the token".to_owned(),
        records: records.clone(),
    });
    let because = Reason {
        text: format!("{named}: {}", known.by),
        records: known.records.clone(),
    };
    Some(Found {
        is_in: Covers::Tokens(part.clone()),
        ruling: Ruling {
            verdict: Verdict::Intruder,
            confidence: part.confidence,
            reasons: vec![Reason { text, records }, because],
        },
        way,
    })
}

/// Returns the first records that carry the tokens of a part.
pub(super) fn records_of(scene: &Scene<'_>, part: &Carried) -> Vec<String> {
    let mut sample = Sample::default();
    for strand in &part.strands {
        sample.merge(&scene.strands[*strand as usize].sample);
    }
    sample.ids()
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
    at: usize,
    parts: &[Carried],
) -> Vec<Reason> {
    let draft = &scene.drafts[at];
    let from = closure.context(at).and_then(|trace| trace.from.as_ref());
    let mut marks: Vec<Mark> = foreign_token(closure, at, parts).into_iter().collect();
    marks.extend([
        Mark::Session(draft.session.clone()),
        Mark::App(draft.app.clone()),
        Mark::Device(draft.device.clone()),
    ]);
    marks.extend(draft.whence.public().map(Mark::Ip));
    let mut reasons = Vec::new();
    for mark in marks.iter().filter(|mark| from != Some(mark)) {
        if let Some(known) = closure.found.get(mark) {
            reasons.push(Reason {
                text: format!("{} is the intruder's too: {}", Named(mark, scene), known.by),
                records: known.records.clone(),
            });
        }
    }
    reasons
}

/// Returns the first token of a context that is known as the intruder's by something else.
fn foreign_token(closure: &Closure, at: usize, parts: &[Carried]) -> Option<Mark> {
    let is_foreign = |mark: &&Mark| {
        let known = closure.found.get(mark);
        known.is_some_and(|known| known.from != Some(Mark::Context(at)))
    };
    let mut marks = parts.iter().flat_map(|part| &part.tokens);
    marks.find(is_foreign).cloned()
}

/// Gives the records without a session that fall into the intruder's presence to the intruder.
pub(super) fn adopted(scene: &Scene<'_>, draft: &Draft, presences: &[Presence]) -> Option<Found> {
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

/// Divides what is left of a context into the part that evidence covers and the rest.
pub(super) fn divide(
    scene: &Scene<'_>,
    whole: &Draft,
    left: Draft,
    covers: &Covers,
) -> (Option<Draft>, Option<Draft>) {
    let (inside, outside): (Vec<Part>, Vec<Part>) =
        left.heard.iter().partition(|part| covers.holds(part));
    if inside.is_empty() {
        return (None, Some(left));
    }
    // The records of a token keep their name whatever else covers the rest.
    let is_part = inside.len() < whole.heard.len() && matches!(covers, Covers::Tokens(_));
    if outside.is_empty() && !is_part {
        return (Some(left), None);
    }
    let mut taken = Draft {
        heard: inside,
        ..left.clone()
    };
    taken.id = name_of(&taken, covers.word());
    taken.sample = scene.sample_of(&taken);
    if outside.is_empty() {
        return (Some(taken), None);
    }
    let mut rest = Draft {
        heard: outside,
        ..left
    };
    rest.sample = scene.sample_of(&rest);
    (Some(taken), Some(rest))
}
