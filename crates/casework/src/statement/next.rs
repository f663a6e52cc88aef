//! The one decision that stands between the case and a statement that holds.

use super::sentence::{held, is_found};
use super::{Counts, Undecided};
use crate::attribution::Attribution;
use crate::brief::Brief;
use crate::coverage::words::count;
use crate::coverage::{Coverage, Gap, GapId};

/// Returns the first open decision in the order in which they block one another; empty where none is.
pub(super) fn decision(
    brief: &Brief,
    attribution: &Attribution,
    coverage: &Coverage,
    counts: &Counts,
    undecided: &[Undecided],
) -> String {
    unanswered(attribution)
        .or_else(|| unseeded(brief, attribution))
        .or_else(|| to_decide(counts, undecided))
        .or_else(|| blind(coverage))
        .or_else(|| provisional(coverage))
        .unwrap_or_default()
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
            "no seed was given; the records suggest `--seed {}` ({} confidence): {}",
            proposal.seed,
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
