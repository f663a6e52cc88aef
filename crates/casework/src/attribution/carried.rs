//! Which part of a context the intruder's tokens cover: exactly the records that carry them.
//!
//! A stolen token is the intruder's while its session may be the owner's still, so a token
//! alone says nothing of the records beside its own.

use super::closure::{Closure, Mark, Trace};
use super::scene::{Draft, Part, Scene, name_of};
use super::{Confidence, Verdict};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The records of a context that tokens of the intruder's cover.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    /// What tells the part from the whole in its name.
    pub(super) word: String,
    /// How sure the tokens are the intruder's.
    pub(super) confidence: Confidence,
    /// The tokens, in order.
    pub(super) tokens: BTreeSet<Mark>,
    /// The strands that carry them.
    pub(super) strands: BTreeSet<u32>,
    /// Whether the analyst ruled that the part is not the intruder's.
    pub(super) is_ruled_out: bool,
}

/// What tokens cover, by context.
#[derive(Clone, Debug, Default)]
pub(super) struct AllCarried(BTreeMap<usize, Vec<Carried>>);

impl AllCarried {
    /// Finds what the tokens of the closure cover.
    pub(super) fn of(scene: &Scene<'_>, closure: &Closure) -> Self {
        let mut found: BTreeMap<usize, BTreeMap<String, Carried>> = BTreeMap::new();
        for (mark, trace) in &closure.found {
            let Mark::Token(token) = mark else { continue };
            for (at, strand) in scene.carriers(token) {
                let word = word(token, trace);
                let parts = found.entry(at).or_default();
                let part = parts.entry(word.clone()).or_insert_with(|| Carried {
                    word,
                    confidence: trace.confidence,
                    tokens: BTreeSet::new(),
                    strands: BTreeSet::new(),
                    is_ruled_out: false,
                });
                part.tokens.insert(mark.clone());
                part.strands.insert(strand);
            }
        }
        let mut all = Self::default();
        for (at, parts) in found {
            let draft = &scene.drafts[at];
            let parts = parts.into_values().map(|mut part| {
                part.is_ruled_out = is_ruled_out(scene, draft, &part);
                part
            });
            all.0.insert(at, parts.collect());
        }
        all
    }

    /// Returns the parts of a context, those the analyst ruled out too.
    pub(super) fn parts(&self, at: usize) -> &[Carried] {
        self.0.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Returns when each strand that carries a token of the intruder's was first and last seen.
    pub(super) fn times(&self, scene: &Scene<'_>) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let parts = self.0.values().flatten().filter(|part| !part.is_ruled_out);
        let strands = parts.flat_map(|part| &part.strands);
        strands.filter_map(|strand| scene.strand_times[*strand as usize])
    }
}

impl Carried {
    /// Returns whether a record carries one of the tokens.
    pub(super) fn holds(&self, record: &Part) -> bool {
        self.strands.contains(&record.strand)
    }
}

/// A seeded token is one part, so that a verdict on it stays with its records when another is
/// seeded; tokens that follow from other evidence may be a thousand and are one part together.
fn word(token: &str, trace: &Trace) -> String {
    match trace.from {
        None => format!("token {token}"),
        Some(_) => format!("tokens, {}", trace.confidence.name()),
    }
}

fn is_ruled_out(scene: &Scene<'_>, draft: &Draft, part: &Carried) -> bool {
    // Tokens in every record are the context itself, and what is said of it holds for them.
    let is_whole = draft.heard.iter().all(|record| part.holds(record));
    let id = if is_whole {
        draft.id.clone()
    } else {
        name_of(draft, &part.word)
    };
    let ruled = scene.brief.overrides.get(&id);
    ruled.is_some_and(|ruled| ruled.verdict != Verdict::Intruder)
}
