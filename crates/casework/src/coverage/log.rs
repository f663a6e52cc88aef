//! What is gathered from the events of a tenant, and the register it closes into.

use super::audit_off::{AuditOff, Life};
use super::beyond::{Beyond, own_reads};
use super::holes::{Holes, Inventory, Rejected};
use super::mailbox::{Mailbox, Mailboxes};
use super::scope::Scope;
use super::switches::Switches;
use super::{Coverage, Gap, heartbeat, horizon, measure, missed, throttle};
use crate::attribution::Attribution;
use crate::brief::Brief;
use crate::interval::{HOUR, Interval};
use model::{Event, Family, Timestamp};
use std::collections::BTreeSet;

/// Gathers what shows how far the records of a case can be trusted to be all.
#[derive(Debug)]
pub struct Log {
    own_apps: BTreeSet<String>,
    hours: BTreeSet<i64>,
    records: Option<(Timestamp, Timestamp)>,
    first_unified: Option<Timestamp>,
    first_of_exchange: Option<Timestamp>,
    first_of_a_mailbox: Option<Timestamp>,
    switches: Switches,
    mailboxes: Mailboxes,
    beyond: Beyond,
    holes: Holes,
}

impl Log {
    /// Makes an empty log for a case.
    #[must_use]
    pub fn new(brief: &Brief) -> Self {
        let own_apps = brief.own_apps.iter();
        Self {
            own_apps: own_apps.map(|app| app.to_lowercase()).collect(),
            hours: BTreeSet::new(),
            records: None,
            first_unified: None,
            first_of_exchange: None,
            first_of_a_mailbox: None,
            switches: Switches::default(),
            mailboxes: Mailboxes::default(),
            beyond: Beyond::default(),
            holes: Holes::default(),
        }
    }

    /// Takes in one event of the tenant.
    pub fn event(&mut self, event: &Event<'_>) {
        if let Some(time) = event.time {
            self.seen_at(event, time);
        }
        self.beyond.event(event);
        self.switches.event(event);
        if event.action.eq_ignore_ascii_case("MailItemsAccessed") {
            self.read(event);
        }
    }

    /// Takes in a row that could not be read whole.
    pub fn rejected(&mut self, rejected: &Rejected) {
        self.holes.rejected.push(rejected.clone());
    }

    /// Takes in how many files were not read to their end.
    pub fn unfinished(&mut self, files: u64) {
        self.holes.unfinished = self.holes.unfinished.max(files);
    }

    /// Takes in the period that the message trace of the mailbox covers.
    pub fn trace(&mut self, from: Option<Timestamp>, to: Option<Timestamp>) {
        if let (Some(from), Some(to)) = (from, to) {
            self.holes.trace = Some(Interval::new(from, to));
        }
    }

    /// Takes in how many messages the inventories of the mailbox list, and when the first and
    /// the last of them were received.
    pub fn inventory(&mut self, items: u64, first: Option<Timestamp>, last: Option<Timestamp>) {
        let received = first
            .zip(last)
            .map(|(first, last)| Interval::new(first, last));
        self.holes.inventory = (items > 0).then_some(Inventory { items, received });
    }

    /// Says what the records could and could not see.
    #[must_use]
    pub fn close(mut self, brief: &Brief, attribution: &Attribution) -> Coverage {
        let records = self
            .records
            .map(|(first, last)| Interval::new(first, Timestamp(last.0.saturating_add(1))));
        let scope = Scope::new(brief, attribution, records, self.last_arrival());
        let mailbox = std::mem::take(&mut self.mailboxes).scoped(&scope);
        let heartbeat = heartbeat::of_mailbox(&mailbox.reads, &scope);
        let mut gaps = self.gaps(&scope, &mailbox);
        gaps.extend(heartbeat.gaps);
        gaps.sort();
        gaps.dedup();
        let blind = measure::blind(&gaps, &scope);
        // What came behind the last record says nothing of the messages that were there before.
        gaps.extend(horizon::late(&scope));
        gaps.sort();
        let unseen = measure::blind(&gaps, &scope);
        let covered = measure::covered(&unseen, &scope);
        Coverage {
            sentence: measure::sentence(&gaps, &unseen, covered, &scope),
            heartbeat: heartbeat.says,
            gaps,
            blind,
            late: scope.late,
            covered,
        }
    }

    /// Returns when the last message came that the trace or an inventory of the mailbox tells of.
    fn last_arrival(&self) -> Option<Timestamp> {
        let traced = self.holes.trace.map(|trace| trace.to);
        let listed = self.holes.inventory.and_then(|listed| listed.received);
        traced.max(listed.map(|received| received.to))
    }

    fn gaps(self, scope: &Scope<'_>, mailbox: &Mailbox) -> Vec<Gap> {
        let reads = &mailbox.reads;
        let audit_off = AuditOff {
            switches: &self.switches,
            scope,
            life: Life {
                unified: self.first_unified,
                any_mailbox: self.first_of_a_mailbox,
                mailbox: mailbox.first,
            },
            reads,
        };
        let mut gaps = audit_off.gaps();
        gaps.extend(reads.gap(scope));
        gaps.extend(throttle::gaps(reads, scope, &self.hours));
        gaps.extend(horizon::gaps(scope, self.first_of_exchange));
        gaps.extend(horizon::provisional(scope));
        gaps.extend(heartbeat::of_tenant(&self.hours, scope));
        gaps.extend(mailbox.app_reads.gaps(scope));
        gaps.extend(self.beyond.gaps(scope));
        gaps.extend(own_reads(&mailbox.own, scope));
        gaps.extend(self.holes.gaps(scope));
        gaps.extend(missed::gaps(scope));
        gaps
    }

    fn seen_at(&mut self, event: &Event<'_>, time: Timestamp) {
        self.hours.insert(time.0.div_euclid(HOUR));
        let (first, last) = self.records.unwrap_or((time, time));
        self.records = Some((first.min(time), last.max(time)));
        if event.family != Family::Unified {
            return;
        }
        earliest(&mut self.first_unified, time);
        if !is_exchange(&event.workload) {
            return;
        }
        earliest(&mut self.first_of_exchange, time);
        let is_of_a_mailbox =
            matches!(event.record_type, Some(2 | 3 | 50)) || event.logon_type.is_some();
        if is_of_a_mailbox {
            earliest(&mut self.first_of_a_mailbox, time);
            earliest(&mut self.mailboxes.of(event).first, time);
        }
    }

    fn read(&mut self, event: &Event<'_>) {
        let is_own = self.own_apps.contains(event.app.as_ref());
        let mailbox = self.mailboxes.of(event);
        mailbox.reads.event(event);
        mailbox.app_reads.event(event);
        if is_own {
            mailbox.own.note(event);
        }
    }
}

/// `Exchange`, or `Microsoft Exchange Online` as Defender's tables spell it.
fn is_exchange(workload: &str) -> bool {
    let mut parts = workload.split(' ');
    parts.any(|part| part.eq_ignore_ascii_case("Exchange"))
}

fn earliest(so_far: &mut Option<Timestamp>, time: Timestamp) {
    *so_far = Some(so_far.map_or(time, |first| first.min(time)));
}
