//! The one decision that stands between the case and a statement that holds.

use super::sentence::{held, is_found};
use super::{Counts, Undecided};
use crate::attribution::{Attribution, Confidence, Stakes};
use crate::brief::{Brief, Seed};
use crate::coverage::words::count;
use crate::coverage::{Coverage, Gap, GapId};
use crate::interval::{DAY, Interval};
use crate::shell::quoted;

/// What may be open in a case.
pub(super) struct Open<'a> {
    pub(super) brief: &'a Brief,
    pub(super) attribution: &'a Attribution,
    pub(super) coverage: &'a Coverage,
    pub(super) counts: &'a Counts,
    pub(super) undecided: &'a [Undecided],
    pub(super) stakes: &'a Stakes,
}

/// Returns the first open decision in the order in which they block one another; empty where none is.
pub(super) fn decision(open: &Open<'_>) -> String {
    let heaviest = open.undecided.iter().map(|one| one.messages).max();
    unanswered(open.attribution)
        .or_else(|| unseeded(open.brief, open.attribution))
        .or_else(|| suggested(open, heaviest.unwrap_or_default()))
        .or_else(|| to_decide(open.counts, open.undecided))
        .or_else(|| nearby(open))
        .or_else(|| blind(open.coverage))
        .or_else(|| provisional(open.coverage))
        .unwrap_or_default()
}

/// Another seed that more messages hang on than on any undecided context; a hint decides nothing.
fn suggested(open: &Open<'_>, heaviest: u64) -> Option<String> {
    let proposals = open.attribution.proposals.iter();
    let strong = proposals
        .filter(|one| one.confidence > Confidence::Low && !open.brief.seeds.contains(&one.seed));
    let weighed = strong.map(|one| (open.attribution.at_stake(&one.seed, open.stakes), one));
    // Of two on which as much hangs the first, which is the surer one.
    let (messages, proposal) = weighed
        .filter(|(messages, _)| *messages > 0 && *messages >= heaviest)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let contexts = open.attribution.contexts_of(&proposal.seed);
    let context = contexts
        .filter(|context| open.stakes.contains_key(&context.id))
        .max_by_key(|context| open.stakes.get(&context.id))?;
    Some(format!(
        "{} more may be the intruder's: the records suggest {} as well ({} confidence): {}; investigate with it too, or decide: `breachscope case verdict CASE {} OWNER|INTRUDER --reason ...`",
        count(messages, "message"),
        typed(&proposal.seed),
        proposal.confidence.name(),
        proposal.why,
        context.id,
    ))
}

/// How far from the intruder's time an undecided context is asked about.
const NEAR: i64 = DAY;

/// An undecided context just outside of the intruder's time, which is theirs if the time is wrong.
fn nearby(open: &Open<'_>) -> Option<String> {
    let near = open.attribution.window?.widened(NEAR, NEAR);
    let contexts = open.stakes.iter().filter(|(id, messages)| {
        let context = open.attribution.context(id);
        let span = context.and_then(|context| Some(Interval::new(context.first?, context.last?)));
        **messages > 0 && span.is_some_and(|span| span.widened(0, 1).meets(&near))
    });
    let (context, messages) =
        contexts.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    Some(format!(
        "1 context is undecided within a day of the intruder's time, and touched {} in all: `breachscope case verdict CASE {context} OWNER|INTRUDER --reason ...`",
        count(*messages, "message"),
    ))
}

/// Returns a seed as it is typed: what stands in it may come out of a record.
fn typed(seed: &Seed) -> String {
    format!("`--seed {}`", quoted(&seed.to_string()))
}

fn unanswered(attribution: &Attribution) -> Option<String> {
    let seed = attribution.unanswered.first()?;
    let others = attribution.unanswered.len() as u64 - 1;
    let more = match others {
        0 => String::new(),
        others => format!(" (and {} more)", count(others, "seed")),
    };
    Some(format!(
        "no record answers to the seed `{seed}`{more}: check its spelling, or import the records that hold it"
    ))
}

fn unseeded(brief: &Brief, attribution: &Attribution) -> Option<String> {
    if !brief.seeds.is_empty() || is_found(brief, attribution) {
        return None;
    }
    Some(match attribution.proposals.first() {
        Some(proposal) => format!(
            "no seed was given; the records suggest {} ({} confidence): {}",
            typed(&proposal.seed),
            proposal.confidence.name(),
            proposal.why
        ),
        None => "no seed was given and the records suggest none: name what is known of the party, such as `--seed ip=ADDRESS` or `--seed signin=RECORD`".to_owned(),
    })
}

fn to_decide(counts: &Counts, undecided: &[Undecided]) -> Option<String> {
    let holding: Vec<&Undecided> = undecided.iter().filter(|open| open.messages > 0).collect();
    let heaviest = holding.iter().copied().min_by(|one, other| {
        let by_weight = other.messages.cmp(&one.messages);
        by_weight.then_with(|| one.context.cmp(&other.context))
    })?;
    let contexts = holding.len() as u64;
    let they = if contexts == 1 {
        "it holds"
    } else {
        "they hold"
    };
    let most = if contexts == 1 {
        String::new()
    } else {
        format!(", {} {} of them", heaviest.context, heaviest.messages)
    };
    Some(format!(
        "{} undecided, {they} {}{most}: `breachscope case verdict CASE {} OWNER|INTRUDER --reason ...`",
        count(contexts, "context"),
        count(held(undecided, counts), "message"),
        heaviest.context
    ))
}

fn blind(coverage: &Coverage) -> Option<String> {
    let gap = largest(
        coverage
            .gaps
            .iter()
            .filter(|gap| gap.blind && !gap.fix.is_empty()),
    )?;
    Some(format!("{} ({}): {}", gap.id.name(), gap.proof, gap.fix))
}

fn largest<'a>(gaps: impl Iterator<Item = &'a Gap>) -> Option<&'a Gap> {
    let length = |gap: &Gap| gap.interval.map_or(i64::MAX, |interval| interval.length());
    gaps.reduce(|so_far, gap| {
        if length(gap) > length(so_far) {
            gap
        } else {
            so_far
        }
    })
}

fn provisional(coverage: &Coverage) -> Option<String> {
    let gap = coverage.gaps.iter().find(|gap| gap.id == GapId::G8)?;
    Some(format!("provisional: {}", gap.fix))
}
