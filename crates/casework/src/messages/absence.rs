//! What can be said of a message that no evidence touches: B, N or O.
//!
//! This is where a scope shrinks, so nothing is said that the records do not carry: N needs
//! a log that was complete while the message was there, O needs the message's absence.

use super::Class;
use super::cluster::Message;
use super::delivery::Fate;
use super::ground::{Ground, Proof};
use super::presence::Presence;
use super::scope::Scope;
use super::touches::Touched;
use crate::attribution::Verdict;
use crate::brief::Brief;
use crate::coverage::Gap;
use crate::interval::{Interval, SECOND};
use model::{Timestamp, Touch};

/// Returns the class of a message without evidence.
pub(super) fn without_evidence<'a>(
    message: &Message<'a>,
    presence: &Presence<'_>,
    touches: &[Touched<'a>],
    scope: &Scope<'_>,
) -> Ground<'a> {
    if let Some(late) = scope.coverage.late
        && let Some(begin) = presence.begin()
        && late.holds(begin)
    {
        let because = format!(
            "came at {begin}, behind the last collected record (G7: beyond the collected records), while the access may have gone on: no access could have been recorded"
        );
        return Ground {
            records: arrival(message).into_iter().collect(),
            ..Ground::new(Class::B, because)
        };
    }
    if let Some(near) = scope.near
        && !presence.meets(&near)
    {
        return out_of_window(message, presence, touches, &near, scope.brief);
    }
    // The allowance for clocks makes the time longer in which somebody may have acted, not
    // the time for which the logs must answer.
    let within = scope.attribution.window.unwrap_or(Interval::ALL);
    let (class, because) = match presence.meeting(&scope.coverage.blind, &within) {
        Some(blind) => (Class::B, blinded(&blind, scope)),
        None => (Class::N, unseen(touches, scope)),
    };
    Ground::new(class, because)
}

fn blinded(blind: &Interval, scope: &Scope<'_>) -> String {
    let is_behind = |gap: &&Gap| gap.blind && gap.interval.is_none_or(|own| own.meets(blind));
    let gap = scope.coverage.gaps.iter().find(is_behind);
    let reason = gap.map_or_else(String::new, |gap| {
        format!(" ({}: {})", gap.id.name(), gap.effect)
    });
    let begin = moment(blind.from).map_or_else(String::new, |from| format!(" from {from}"));
    let end = moment(blind.to).map_or_else(String::new, |to| format!(" until {to}"));
    format!("in the mailbox{begin}{end} while no access could have been recorded{reason}")
}

/// The ends of time are no moments to tell anybody; an end that is the first moment behind a record
/// is told as the record's.
fn moment(time: Timestamp) -> Option<Timestamp> {
    let is_behind = time.0.rem_euclid(SECOND) == 1;
    let told = Timestamp(time.0.saturating_sub(i64::from(is_behind)));
    (time.0 != i64::MIN && time.0 != i64::MAX).then_some(told)
}

fn unseen(touches: &[Touched<'_>], scope: &Scope<'_>) -> String {
    let known =
        |touched: &&Touched<'_>| matches!(touched.verdict, Verdict::Owner | Verdict::Service);
    let only = if touches.iter().find(known).is_some() {
        "only the owner and services are recorded to have touched it"
    } else {
        "no access to it is recorded"
    };
    if scope.near.is_some() {
        format!("in the mailbox while the intruder had access and auditing was working; {only}")
    } else {
        format!("no intruder was found, and auditing was working; {only}")
    }
}

fn out_of_window<'a>(
    message: &Message<'a>,
    presence: &Presence<'_>,
    touches: &[Touched<'a>],
    near: &Interval,
    brief: &Brief,
) -> Ground<'a> {
    let end = if brief.until.is_some() {
        "the end that the analyst set"
    } else {
        "the intruder's access had ended"
    };
    let (because, proof) = match (presence.begin(), presence.end()) {
        (Some(begin), _) if begin >= near.to => {
            (format!("came at {begin}, after {end}"), arrival(message))
        }
        (Some(_), Some(end)) if end <= near.from => (
            format!("gone for good at {end}, before the intruder's first act"),
            removal(touches),
        ),
        (Some(_), _) => (
            "not in the mailbox while the intruder had access".to_owned(),
            removal(touches),
        ),
        (None, _) => (kept_out(message), refusal(message)),
    };
    Ground {
        records: proof.into_iter().collect(),
        ..Ground::new(Class::O, because)
    }
}

fn kept_out(message: &Message<'_>) -> String {
    let status = message
        .passages
        .iter()
        .find(|passage| passage.fate == Some(Fate::KeptOut))
        .map_or("", |passage| passage.row.status.as_str());
    if status.is_empty() {
        "never came into the mailbox".to_owned()
    } else {
        format!("never came into the mailbox: its delivery ended as `{status}`")
    }
}

fn arrival(message: &Message<'_>) -> Option<Proof> {
    let delivery = message
        .passages
        .iter()
        .find(|passage| passage.entered() || passage.was_sent())
        .or_else(|| message.passages.iter().find(|passage| passage.is_listed()))
        .map(|passage| Proof::of(passage.row.time, &passage.row.record));
    delivery.or_else(|| {
        let first = message.handled.first()?;
        Some(Proof::of(first.time, &first.record))
    })
}

fn refusal(message: &Message<'_>) -> Option<Proof> {
    message
        .passages
        .iter()
        .find(|passage| passage.fate == Some(Fate::KeptOut))
        .map(|passage| Proof::of(passage.row.time, &passage.row.record))
}

fn removal(touches: &[Touched<'_>]) -> Option<Proof> {
    touches
        .iter()
        .rev()
        .find(|touched| touched.row.touch == Some(Touch::Delete))
        .map(|touched| Proof::of(touched.row.time, &touched.row.record))
}
