//! G6: Exchange stops logging message reads of a mailbox for a day when there were too many.
//!
//! <https://learn.microsoft.com/purview/audit-log-investigate-accounts>

use super::cadence::SILENCE;
use super::reads::{Kind, Reads};
use super::scope::Scope;
use super::words::{count, lasting, moment};
use super::{Gap, GapId};
use crate::interval::{DAY, HOUR, Interval};
use model::Timestamp;
use std::collections::BTreeSet;

/// From how many records in a day on a silence is suspect: Microsoft's limit is 1,000, and some
/// of the records that reached it may be missing.
const SUSPECT: usize = 900;

/// From how many on logging stopped unless reads are seen going on.
const LIMIT: usize = 1_000;

/// Returns G6, said by the records and suspected from them. `hours` are those in which the
/// tenant wrote any record.
pub(super) fn gaps(reads: &Reads, scope: &Scope<'_>, hours: &BTreeSet<i64>) -> Vec<Gap> {
    let said = reads
        .throttled
        .iter()
        .map(|(time, record)| told(*time, record, scope));
    let binds = reads.times(&[Kind::Background, Kind::Bind]);
    let suspected = suspects(&binds, hours)
        .into_iter()
        .map(|suspect| suspect.gap(scope));
    said.chain(suspected)
        .filter(|gap| {
            gap.interval
                .is_none_or(|interval| scope.concerns(&interval))
        })
        .collect()
}

fn told(time: Option<Timestamp>, record: &str, scope: &Scope<'_>) -> Gap {
    let when = time.map_or("a time that cannot be read".to_owned(), moment);
    Gap {
        id: GapId::G6,
        interval: time.map(a_day_from),
        scope: scope.mailbox().to_owned(),
        effect: "no read of a single message by anybody was recorded; synchronised folders were"
            .to_owned(),
        proof: format!(
            "the record of {when} says IsThrottled=True: Exchange logs no further reads for 24 hours"
        ),
        records: vec![record.to_owned()],
        blind: true,
        fix: FIX.to_owned(),
    }
}

const FIX: &str = "what was not recorded cannot be had later; sign-ins, Graph activity logs and what the client did next may bound it";

fn a_day_from(time: Timestamp) -> Interval {
    Interval::new(time, Timestamp(time.0.saturating_add(DAY)))
}

/// A day of many reads, and nothing after its last one.
#[derive(Debug, PartialEq, Eq)]
struct Suspect {
    last: i64,
    records: usize,
    silence: Option<i64>,
}

fn suspects(binds: &[i64], hours: &BTreeSet<i64>) -> Vec<Suspect> {
    let mut found = Vec::new();
    let mut oldest = 0;
    for (at, time) in binds.iter().enumerate() {
        while oldest < at && binds[oldest] <= time.saturating_sub(DAY) {
            oldest += 1;
        }
        let records = at - oldest + 1;
        if records >= SUSPECT {
            found.extend(suspect(*time, binds.get(at + 1).copied(), records, hours));
        }
    }
    found
}

fn suspect(last: i64, next: Option<i64>, records: usize, hours: &BTreeSet<i64>) -> Option<Suspect> {
    let goes_on = match next {
        Some(next) => is_awake(hours, last, next).then_some(next),
        None => hours.last().map(|hour| hour.saturating_mul(HOUR)),
    };
    let silence = goes_on
        .map(|until| until.saturating_sub(last))
        .filter(|silence| *silence >= SILENCE);
    let is_unfinished = next.is_none() && records >= LIMIT;
    (silence.is_some() || is_unfinished).then_some(Suspect {
        last,
        records,
        silence,
    })
}

/// Whether the tenant wrote records in a silence: a whole hour inside it holds one.
fn is_awake(hours: &BTreeSet<i64>, from: i64, to: i64) -> bool {
    let first = from.div_euclid(HOUR).saturating_add(1);
    let behind = to.div_euclid(HOUR);
    first < behind && hours.range(first..behind).next().is_some()
}

impl Suspect {
    fn gap(self, scope: &Scope<'_>) -> Gap {
        let last = Timestamp(self.last);
        let silence = self.silence.map_or_else(
            || "the records end there".to_owned(),
            |silence| {
                format!(
                    "there was no other for {} while the tenant went on writing records",
                    lasting(silence)
                )
            },
        );
        Gap {
            id: GapId::G6,
            interval: Some(a_day_from(last)),
            scope: scope.mailbox().to_owned(),
            effect: "suspected: no read of a single message by anybody was recorded".to_owned(),
            proof: format!(
                "{} of reads stand in the 24 hours before {} UTC, and {silence}",
                count(self.records as u64, "record"),
                moment(last)
            ),
            records: Vec::new(),
            blind: true,
            fix: FIX.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::MINUTE;

    fn minutes(count: i64) -> Vec<i64> {
        (0..count).map(|number| number * MINUTE).collect()
    }

    fn awake(until: i64) -> BTreeSet<i64> {
        (0..until).collect()
    }

    #[test]
    fn a_thousand_and_one_reads_and_a_silence_are_a_throttle() {
        let binds = minutes(1_001);
        let found = suspects(&binds, &awake(48));
        let last = 1_000 * MINUTE;
        assert_eq!(
            found,
            [Suspect {
                last,
                records: 1_001,
                silence: Some(47 * HOUR - last)
            }]
        );
    }

    #[test]
    fn reads_that_go_on_are_no_throttle() {
        let mut binds = minutes(1_001);
        binds.extend((0..400).map(|number| 1_001 * MINUTE + number * HOUR));
        let found = suspects(&binds, &awake(16));
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn many_reads_over_two_days_are_no_throttle() {
        let binds: Vec<i64> = (0..1_001).map(|number| number * 3 * MINUTE).collect();
        assert!(suspects(&binds, &awake(100)).is_empty());
    }

    #[test]
    fn nine_hundred_and_a_silence_are_suspect_and_fewer_are_not() {
        assert_eq!(suspects(&minutes(900), &awake(48)).len(), 1);
        assert!(suspects(&minutes(899), &awake(48)).is_empty());
    }

    #[test]
    fn nine_hundred_at_the_end_of_the_records_say_nothing_but_a_thousand_do() {
        assert!(suspects(&minutes(900), &awake(15)).is_empty());
        assert_eq!(suspects(&minutes(1_000), &awake(17)).len(), 1);
    }

    #[test]
    fn a_tenant_that_slept_too_proves_nothing() {
        let mut binds = minutes(900);
        binds.push(900 * MINUTE + 7 * HOUR);
        let asleep: BTreeSet<i64> = (0..=14).chain([22]).collect();
        assert!(suspects(&binds, &asleep).is_empty());
    }
}
