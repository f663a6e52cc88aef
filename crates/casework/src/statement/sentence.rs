//! The statement: numbers bound to the evidence, in words that claim no more than they show.
//!
//! It never says "read": the log shows what a client was given, not what a person saw.

use super::{Counts, Outside, Undecided};
use crate::attribution::{Attribution, Context, Verdict};
use crate::brief::Brief;
use crate::coverage::words::{count, lasting, moment};
use crate::coverage::{Coverage, Gap, GapId, mailbox_of};
use crate::interval::{Interval, Intervals};
use crate::messages::Class;
use model::Timestamp;
use std::collections::BTreeMap;

/// What a statement is made of.
pub(super) struct Said<'a> {
    pub(super) brief: &'a Brief,
    pub(super) attribution: &'a Attribution,
    pub(super) coverage: &'a Coverage,
    pub(super) counts: &'a Counts,
    pub(super) undecided: &'a [Undecided],
    pub(super) outside: Outside,
    pub(super) snapshot: &'a str,
}

/// Returns the whole statement.
pub(super) fn text(said: &Said<'_>) -> String {
    let finding = match said.attribution.window {
        Some(window) if is_found(said.brief, said.attribution) => format!(
            "{} {}{}",
            access(&window, mailbox_of(said.brief)),
            numbers(said.counts),
            elsewhere(said)
        ),
        _ => nobody(said),
    };
    format!(
        "{finding} Coverage {} %. Gaps: {}. Evidence snapshot {}.",
        percent(said.coverage.covered),
        gaps(&said.coverage.gaps),
        said.snapshot
    )
}

/// Returns whether anything is known to be the intruder's: a context, or what answers to a seed.
/// A window alone says nothing, for the analyst may have set it.
pub(super) fn is_found(brief: &Brief, attribution: &Attribution) -> bool {
    let answered = brief.seeds.len() > attribution.unanswered.len();
    let is_intruders = |context: &Context| context.verdict == Verdict::Intruder;
    answered || attribution.contexts.iter().any(is_intruders)
}

fn access(window: &Interval, mailbox: &str) -> String {
    match (window.from, window.to) {
        (Timestamp(i64::MIN), Timestamp(i64::MAX)) => format!(
            "An unauthorised party had access to {mailbox}; the records show neither its beginning nor its end."
        ),
        (from, Timestamp(i64::MAX)) => format!(
            "From {} UTC on an unauthorised party had access to {mailbox}; the records do not show its end.",
            moment(from)
        ),
        (Timestamp(i64::MIN), to) => format!(
            "Until {} UTC an unauthorised party had access to {mailbox}; the records do not show its beginning.",
            moment(to)
        ),
        (from, to) => format!(
            "Between {} and {} UTC an unauthorised party had access to {mailbox}.",
            moment(from),
            moment(to)
        ),
    }
}

fn numbers(counts: &Counts) -> String {
    let of = |class| counts.of(class);
    let proved = of(Class::P1).saturating_add(of(Class::P2));
    let probable = match of(Class::P2) {
        0 => String::new(),
        some => format!(" ({some} of these with medium confidence only)"),
    };
    format!(
        "Of {} present in that period, {} left the organisation, {} accessed by the party's client{probable}, {} the party's Outlook synchronised, {} may have been forwarded or searched, {} could not be attributed, {} the audit log could not cover, and for {} the log was complete and shows no access.",
        count(counts.total().saturating_sub(of(Class::O)), "message"),
        of(Class::E),
        one_or_many(proved, "was", "were"),
        one_or_many(of(Class::S), "was in a folder", "were in folders"),
        of(Class::R),
        one_or_many(of(Class::U), "access", "accesses"),
        one_or_many(of(Class::B), "falls in a period", "fall in periods"),
        of(Class::N),
    )
}

/// A number that the period does not hold is not said of it.
fn elsewhere(said: &Said<'_>) -> String {
    let outside = &said.outside;
    let is_set = said.brief.since.is_some() || said.brief.until.is_some();
    let Some(during) = outside.during.filter(|_| is_set) else {
        return String::new();
    };
    format!(
        " An end of that period was set by the analyst: for {} of these messages the party's acts lie outside of it, between {} and {} UTC.",
        outside.messages,
        moment(during.from),
        moment(during.to)
    )
}

fn one_or_many(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn nobody(said: &Said<'_>) -> String {
    let mailbox = mailbox_of(said.brief);
    let seeds = said.brief.seeds.len() as u64;
    let unanswered = said.attribution.unanswered.len() as u64;
    let because = match (seeds, unanswered) {
        (0, _) => "no seed was given that says what is known of the party".to_owned(),
        (1, 1..) => "no record answers to the seed that was given".to_owned(),
        (_, 1..) if unanswered >= seeds => {
            format!(
                "no record answers to any of the {} that were given",
                count(seeds, "seed")
            )
        }
        _ => format!(
            "the {} given led to no context of theirs",
            count(seeds, "seed")
        ),
    };
    format!(
        "No access to {mailbox} could be attributed to an unauthorised party: {because}. This does not say that there was none. {}",
        open_question(said)
    )
}

fn open_question(said: &Said<'_>) -> String {
    let messages = held(said.undecided, said.counts);
    let contexts = said.undecided.len() as u64;
    let total = count(said.counts.total(), "message");
    if contexts == 0 {
        return format!("Of {total} known, none was accessed by a context that is undecided.");
    }
    format!(
        "Of {total} known, {} undecided, in {}.",
        one_or_many(messages, "access is", "accesses are"),
        count(contexts, "context")
    )
}

/// Returns how many messages wait for undecided contexts: one may wait for several.
pub(super) fn held(undecided: &[Undecided], counts: &Counts) -> u64 {
    undecided
        .iter()
        .fold(0u64, |sum, context| sum.saturating_add(context.messages))
        .min(counts.of(Class::U))
}

/// Writes a share per ten thousand as percent, without a fraction that is nothing.
pub(super) fn percent(covered: u32) -> String {
    match (covered / 100, covered % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}

fn gaps(gaps: &[Gap]) -> String {
    let mut kinds: BTreeMap<GapId, Vec<&Gap>> = BTreeMap::new();
    for gap in gaps {
        kinds.entry(gap.id).or_default().push(gap);
    }
    if kinds.is_empty() {
        return "none".to_owned();
    }
    let told: Vec<String> = kinds.iter().map(|(id, gaps)| kind(*id, gaps)).collect();
    told.join("; ")
}

fn kind(id: GapId, gaps: &[&Gap]) -> String {
    let blind: Vec<&&Gap> = gaps.iter().filter(|gap| gap.blind).collect();
    let title = format!("{} {}", id.name(), id.title());
    if blind.is_empty() {
        return title;
    }
    if blind.iter().any(|gap| gap.interval.is_none()) {
        return format!("{title} (blind, the whole period)");
    }
    let stretches: Intervals = blind.iter().filter_map(|gap| gap.interval).collect();
    let together = stretches.length_within(&Interval::ALL);
    let is_open = stretches
        .as_slice()
        .iter()
        .any(|own| own.from.0 == i64::MIN || own.to.0 == i64::MAX);
    let long = if is_open {
        "without a known end".to_owned()
    } else {
        lasting(together)
    };
    format!("{title} (blind, {long})")
}
