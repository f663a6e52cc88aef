//! The heartbeat: background reads show that logging was alive, and their absence that it may not have been.

use super::cadence::{Cadence, SILENCE, silences};
use super::reads::{Kind, Reads};
use super::scope::Scope;
use super::words::{count, lasting, moment};
use super::{Gap, GapId};
use crate::interval::{DAY, HOUR, Interval};
use model::Timestamp;
use std::collections::BTreeSet;

/// What the mailbox's reads say about the life of its log.
#[derive(Debug, Default)]
pub(super) struct Heartbeat {
    /// Silences of the window that are longer than usual.
    pub(super) gaps: Vec<Gap>,
    /// What can be claimed, a sentence without full stop.
    pub(super) says: String,
}

/// Holds the reads of the window against those of the thirty days before it.
pub(super) fn of_mailbox(reads: &Reads, scope: &Scope<'_>) -> Heartbeat {
    let background = reads.times(&[Kind::Background]);
    let cadence = Cadence::before(&scope.measured, &background);
    let Some(limit) = cadence.limit(SILENCE) else {
        return Heartbeat {
            gaps: Vec::new(),
            says: format!(
                "no heartbeat: {} between background reads in the 30 days before the window, {} are needed to tell a hole of the log from a quiet mailbox",
                count(cadence.gaps as u64, "gap"),
                Cadence::NEEDED
            ),
        };
    };
    let alive = reads.times(&[Kind::Background, Kind::Bind, Kind::Other]);
    let end = scope
        .records
        .map_or(scope.measured.to, |records| records.to);
    let found = silences(&alive, limit, &scope.measured, end);
    let gaps: Vec<Gap> = found
        .iter()
        .map(|silence| silent(silence, limit, scope.mailbox()))
        .collect();
    let says = said(&alive, scope, limit, gaps.len());
    Heartbeat { gaps, says }
}

fn said(alive: &[i64], scope: &Scope<'_>, limit: i64, silences: usize) -> String {
    let from = alive.partition_point(|time| *time < scope.measured.from.0);
    let to = alive.partition_point(|time| *time < scope.measured.to.0);
    let inside = alive.get(from..to).unwrap_or_default();
    let last = inside.last().map_or(String::new(), |last| {
        format!(", the last at {} UTC", moment(Timestamp(*last)))
    });
    format!(
        "heartbeat: {} of the mailbox in the window{last}; {} longer than {}",
        count(inside.len() as u64, "read"),
        count(silences as u64, "silence"),
        lasting(limit)
    )
}

fn silent(silence: &Interval, limit: i64, mailbox: &str) -> Gap {
    Gap {
        id: GapId::G9,
        interval: Some(*silence),
        scope: mailbox.to_owned(),
        effect: "suspected: reads of the mailbox may not have been recorded or collected"
            .to_owned(),
        proof: format!(
            "no record of reading for {}, where 99 of 100 gaps between background reads in the 30 days before the window were no longer than {}",
            lasting(silence.length()),
            lasting(limit)
        ),
        records: Vec::new(),
        blind: true,
        fix: "collect MailItemsAccessed of that time again and compare".to_owned(),
    }
}

/// Returns the holes of the whole collection: no record of anything for twice as long as the
/// tenant is ever silent but in one case of a hundred. `hours` are those in which it wrote any
/// record. It is learnt from the whole period: a hole is as likely before the window as in it,
/// and a hundredth of the silences cannot hide it.
pub(super) fn of_tenant(hours: &BTreeSet<i64>, scope: &Scope<'_>) -> Vec<Gap> {
    let times: Vec<i64> = hours.iter().map(|hour| hour.saturating_mul(HOUR)).collect();
    let (Some(usual), Some(records)) = (Cadence::of(&times).usual, scope.records) else {
        return Vec::new();
    };
    let limit = usual.saturating_mul(2).max(DAY);
    silences(&times, limit, &scope.measured, records.to)
        .into_iter()
        .map(|silence| {
            hole(
                Interval::new(silence.from.plus_seconds(3_600), silence.to),
                usual,
            )
        })
        .collect()
}

fn hole(interval: Interval, usual: i64) -> Gap {
    Gap {
        id: GapId::G9,
        interval: Some(interval),
        scope: "tenant".to_owned(),
        effect: "suspected: the records of that time were not collected".to_owned(),
        proof: format!(
            "no record of anything in the tenant for {}, where 99 of 100 silences are no longer than {}",
            lasting(interval.length()),
            lasting(usual)
        ),
        records: Vec::new(),
        blind: true,
        fix: "import or collect the records of that time".to_owned(),
    }
}
