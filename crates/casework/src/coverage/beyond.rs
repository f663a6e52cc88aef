//! G13 and G14: what no record of reading ever covers, and the reads that are the investigation's own.

use super::scope::Scope;
use super::words::{count, moment};
use super::{Gap, GapId};
use crate::attribution::{Reason, Verdict};
use crate::interval::Interval;
use model::{Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Some records of a kind: how many, from when to when, and a few of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    records: BTreeSet<String>,
}

impl Tally {
    pub(super) fn note(&mut self, event: &Event<'_>) {
        self.count += 1;
        let time = event.time;
        self.first = self.first.into_iter().chain(time).min();
        self.last = self.last.into_iter().chain(time).max();
        self.records.insert(event.id.to_string());
        if self.records.len() > Reason::RECORDS {
            self.records.pop_last();
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.into_iter().chain(other.last).max();
        self.records.extend(other.records.iter().cloned());
        while self.records.len() > Reason::RECORDS {
            self.records.pop_last();
        }
    }

    fn interval(&self) -> Option<Interval> {
        let behind = Timestamp(self.last?.0.saturating_add(1));
        Some(Interval::new(self.first?, behind))
    }
}

/// A way to mail that leaves no record of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Discovery,
    Copilot,
}

impl Way {
    // Discovery 24, AeD 31, CopilotInteraction 261:
    // https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema
    fn of(event: &Event<'_>) -> Option<Self> {
        match event.record_type {
            Some(24 | 31) => Some(Self::Discovery),
            Some(261) => Some(Self::Copilot),
            _ if event.action.eq_ignore_ascii_case("CopilotInteraction") => Some(Self::Copilot),
            _ => None,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Discovery => (
                "mail may have been searched, previewed or exported by eDiscovery, which leaves no record of reading",
                "eDiscovery",
            ),
            Self::Copilot => (
                "mail may have been pulled through Copilot, which leaves no record of reading",
                "Copilot",
            ),
        }
    }
}

/// What happens beside the records of reading.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    ways: BTreeMap<(Way, String), Tally>,
}

impl Beyond {
    /// Notes an event that shows a way to mail beside the records of reading.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        if let Some(way) = Way::of(event) {
            let of_user = self.ways.entry((way, event.user.to_string())).or_default();
            of_user.note(event);
        }
    }

    /// Returns G13.
    pub(super) fn gaps(&self, scope: &Scope<'_>) -> Vec<Gap> {
        let mut gaps = vec![always(scope)];
        for way in [Way::Discovery, Way::Copilot] {
            let tally = self.of_the_case(way, scope);
            gaps.extend((tally.count > 0).then(|| seen(way, &tally, scope)));
        }
        gaps
    }

    fn of_the_case(&self, way: Way, scope: &Scope<'_>) -> Tally {
        let intruders: BTreeSet<&str> = scope
            .attribution
            .contexts
            .iter()
            .filter(|context| context.verdict == Verdict::Intruder)
            .map(|context| context.actor.as_str())
            .collect();
        let mut sum = Tally::default();
        let of_way = self.ways.iter().filter(|((own, _), _)| *own == way);
        of_way
            .filter(|((_, user), _)| scope.names_person(user) || intruders.contains(user.as_str()))
            .for_each(|(_, tally)| sum.join(tally));
        sum
    }
}

fn always(scope: &Scope<'_>) -> Gap {
    Gap {
        id: GapId::G13,
        interval: None,
        scope: scope.mailbox().to_owned(),
        effect: "no record of reading covers eDiscovery, Copilot, change-notification subscriptions, reading offline after a synchronisation, attachments of synchronised mail, and mailboxes on premises".to_owned(),
        proof: "Microsoft's description of MailItemsAccessed: it holds for every mailbox at every time".to_owned(),
        records: Vec::new(),
        blind: false,
        fix: String::new(),
    }
}

fn seen(way: Way, tally: &Tally, scope: &Scope<'_>) -> Gap {
    let (effect, name) = way.words();
    let when = tally.interval().map_or_else(String::new, |interval| {
        format!(", first at {} UTC", moment(interval.from))
    });
    Gap {
        id: GapId::G13,
        interval: tally.interval(),
        scope: scope.mailbox().to_owned(),
        effect: effect.to_owned(),
        proof: format!(
            "{} of {name} by the person or an intruder's account{when}",
            count(tally.count, "record")
        ),
        records: tally.records.iter().cloned().collect(),
        blind: false,
        fix: format!("look into these records of {name} for what was searched, shown and exported"),
    }
}

/// Returns G14 where the investigation itself read the mailbox.
pub(super) fn own_reads(tally: &Tally, scope: &Scope<'_>) -> Option<Gap> {
    (tally.count > 0).then(|| Gap {
        id: GapId::G14,
        interval: tally.interval(),
        scope: scope.mailbox().to_owned(),
        effect: format!(
            "{} of the mailbox by this investigation, shown and not counted as anybody's; they use up the throttle's budget too",
            count(tally.count, "read")
        ),
        proof: "the application is this program's own".to_owned(),
        records: tally.records.iter().cloned().collect(),
        blind: false,
        fix: String::new(),
    })
}
