//! G9 and G11: records that could not be read whole, files that were not read to their end,
//! and the period that has metadata of messages.

use super::scope::Scope;
use super::words::{count, stretch};
use super::{Gap, GapId};
use crate::attribution::Reason;
use crate::interval::{Interval, Intervals, SKEW};
use model::Timestamp;

/// A row of the evidence that could not be read whole, with what can still be told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejected {
    /// When; none where it does not tell.
    pub time: Option<Timestamp>,
    /// The operation; empty where it does not tell.
    pub operation: String,
    /// The user as spelled; empty where it does not tell.
    pub user: String,
    /// Why it could not be read.
    pub reason: String,
    /// Its id, or whatever it can be found by.
    pub record: String,
}

/// What was not collected whole.
#[derive(Debug, Default)]
pub(super) struct Holes {
    /// Rows that could not be read whole.
    pub(super) rejected: Vec<Rejected>,
    /// How many files were not read to their end.
    pub(super) unfinished: u64,
    /// The period that the message trace of the mailbox covers.
    pub(super) trace: Option<Interval>,
    /// What the inventories of the mailbox list.
    pub(super) inventory: Option<Inventory>,
}

/// What the inventories of the mailbox list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inventory {
    /// How many items.
    pub(super) items: u64,
    /// From the first that was received to the last; none where none has a time.
    pub(super) received: Option<Interval>,
}

const FIX: &str =
    "export these records again; `breachscope sql 'SELECT * FROM rejects'` shows them";

impl Holes {
    /// Returns G9 and G11.
    pub(super) fn gaps(mut self, scope: &Scope<'_>) -> Vec<Gap> {
        self.rejected.sort_unstable();
        self.rejected.dedup();
        let (concerning, others): (Vec<_>, Vec<_>) = self
            .rejected
            .into_iter()
            .partition(|rejected| concerns(rejected, scope));
        let (dated, undated): (Vec<_>, Vec<_>) = concerning
            .into_iter()
            .partition(|rejected| rejected.time.is_some());
        let mut gaps = dated_gaps(&dated, scope);
        gaps.extend(undated_gap(&undated, scope));
        gaps.extend(other_gap(&others));
        gaps.extend(unfinished_gap(self.unfinished, scope));
        gaps.push(metadata_gap(self.trace, self.inventory, scope));
        gaps
    }
}

/// Whether a damaged row may have told of the scoped mailbox.
fn concerns(rejected: &Rejected, scope: &Scope<'_>) -> bool {
    const OF_A_MAILBOX: [&str; 12] = [
        "MailItemsAccessed",
        "Send",
        "SendAs",
        "SendOnBehalf",
        "Create",
        "Update",
        "Copy",
        "Move",
        "MoveToDeletedItems",
        "SoftDelete",
        "HardDelete",
        "FolderBind",
    ];
    let operation = rejected.operation.trim().trim_end_matches('.');
    let may_be_reading = operation.is_empty()
        || OF_A_MAILBOX
            .iter()
            .any(|known| known.eq_ignore_ascii_case(operation));
    let user = rejected.user.trim();
    may_be_reading && (user.is_empty() || scope.names_mailbox(user) || scope.names_actor(user))
}

/// The rows come in order of time.
fn dated_gaps(rows: &[Rejected], scope: &Scope<'_>) -> Vec<Gap> {
    let around = |rejected: &Rejected| {
        let time = rejected.time?;
        Some(Interval::new(time, Timestamp(time.0.saturating_add(1))).widened(SKEW, SKEW))
    };
    let stretches: Intervals = rows.iter().filter_map(around).collect();
    stretches
        .as_slice()
        .iter()
        .filter(|stretch| scope.concerns(stretch))
        .map(|stretch| {
            let before = |end| rows.partition_point(|row| row.time < Some(end));
            let held = rows.get(before(stretch.from)..before(stretch.to));
            let rows: Vec<&Rejected> = held.unwrap_or_default().iter().collect();
            let effect = "a read or send that these rows may tell of is not known";
            rejected_gap(&rows, Some(*stretch), scope.mailbox(), effect, true)
        })
        .collect()
}

fn undated_gap(rows: &[Rejected], scope: &Scope<'_>) -> Option<Gap> {
    let effect = "a read or send at any time, that these rows may tell of, is not known";
    let rows: Vec<&Rejected> = rows.iter().collect();
    (!rows.is_empty()).then(|| rejected_gap(&rows, None, scope.mailbox(), effect, true))
}

fn other_gap(rows: &[Rejected]) -> Option<Gap> {
    let effect = "no read of this mailbox: these rows tell of other acts or other people";
    let rows: Vec<&Rejected> = rows.iter().collect();
    (!rows.is_empty()).then(|| rejected_gap(&rows, None, "tenant", effect, false))
}

fn rejected_gap(
    rows: &[&Rejected],
    interval: Option<Interval>,
    scope: &str,
    effect: &str,
    blind: bool,
) -> Gap {
    let reason = rows.first().map_or("", |row| row.reason.as_str());
    let others = if rows.len() > 1 { ", and others" } else { "" };
    let named = rows.iter().map(|row| row.record.clone());
    Gap {
        id: GapId::G9,
        interval,
        scope: scope.to_owned(),
        effect: effect.to_owned(),
        proof: format!(
            "{} could not be read whole: {reason}{others}",
            count(rows.len() as u64, "row")
        ),
        records: named
            .filter(|record| !record.is_empty())
            .take(Reason::RECORDS)
            .collect(),
        blind,
        fix: FIX.to_owned(),
    }
}

fn unfinished_gap(files: u64, scope: &Scope<'_>) -> Option<Gap> {
    (files > 0).then(|| Gap {
        id: GapId::G9,
        interval: Some(scope.told(scope.asked)),
        scope: "tenant".to_owned(),
        effect: "any act at any time may be missing".to_owned(),
        proof: format!("{} not read to the end", count(files, "file")),
        records: Vec::new(),
        blind: true,
        fix: "run the import of these files again: `breachscope import`".to_owned(),
    })
}

fn metadata_gap(trace: Option<Interval>, inventory: Option<Inventory>, scope: &Scope<'_>) -> Gap {
    let traced = trace.map_or_else(
        || "no message trace of this mailbox was collected".to_owned(),
        |period| {
            let covered = stretch(&period);
            format!("the message trace of this mailbox covers {covered}")
        },
    );
    let proof = inventory.map_or_else(|| traced.clone(), |found| format!("{traced}; {found}"));
    let fix = match inventory {
        None => "collect message trace (kept 90 days), EmailEvents or the mailbox's inventory",
        Some(_) => {
            "collect message trace (kept 90 days) or EmailEvents, and an inventory of Recoverable Items, where these are missing"
        }
    };
    Gap {
        id: GapId::G11,
        interval: None,
        scope: scope.mailbox().to_owned(),
        effect: unlisted(trace.is_some(), inventory.is_some()).to_owned(),
        proof,
        records: Vec::new(),
        blind: false,
        fix: fix.to_owned(),
    }
}

/// Returns which messages are not in the list, for what was collected.
fn unlisted(is_traced: bool, is_listed: bool) -> &'static str {
    match (is_traced, is_listed) {
        (false, false) => {
            "messages that nobody touched are not in the list, and others are listed by what the audit records name"
        }
        (true, false) => {
            "messages delivered outside that period are listed by what the audit records name, and only if somebody touched them"
        }
        (false, true) => {
            "messages purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known"
        }
        (true, true) => {
            "messages delivered outside that period and purged before the inventory was made are listed only if a record names them, and in which folders a listed message was before is not known"
        }
    }
}

impl std::fmt::Display for Inventory {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let items = count(self.items, "item");
        write!(out, "its inventory lists {items}")?;
        match &self.received {
            Some(received) => write!(out, " received {}", stretch(received)),
            None => Ok(()),
        }
    }
}
