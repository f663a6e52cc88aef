//! G7 and G8: where the records begin and end, and where more of them may still come.

use super::scope::Scope;
use super::words::{lasting, moment, stretch};
use super::{Gap, GapId};
use crate::interval::{DAY, HOUR, Interval, SECOND};
use model::Timestamp;

/// How far the window may reach over the records without being blind there: a window ends when
/// the access token of an ended access runs out, 60 to 90 minutes behind the record that ended
/// it, and begins with a sign-in that comes before the first record of the mailbox.
const EDGE: i64 = 2 * HOUR;

/// How long records may be late: most come within 90 minutes, some after two days.
const LATE: i64 = 72 * HOUR;

const RETENTION: &str = "standard licences keep audit records 180 days, Audit (Premium) one year, the Management Activity API seven days: export what is still kept, or look for it in a SIEM";

/// Returns G7: the parts of the window before the first record of Exchange and behind the last
/// record of the tenant.
pub(super) fn gaps(scope: &Scope<'_>, first_of_exchange: Option<Timestamp>) -> Vec<Gap> {
    let Some(records) = scope.records else {
        return vec![nothing(scope)];
    };
    let last = Timestamp(records.to.0.saturating_sub(1));
    let before = first_of_exchange.map(|first| (Interval::new(scope.asked.from, first), first));
    let before = before.map(|(interval, first)| {
        let proof = format!(
            "the first collected record of Exchange is of {} UTC",
            moment(first)
        );
        edge(interval, proof)
    });
    let behind = Interval::new(records.to, scope.ends);
    let proof = format!(
        "the last collected record of the tenant is of {} UTC",
        moment(last)
    );
    before
        .into_iter()
        .chain([edge(behind, proof)])
        .flatten()
        .collect()
}

fn edge(interval: Interval, proof: String) -> Option<Gap> {
    let blind = interval.length() > EDGE;
    let effect = if blind {
        "nothing that happened there could be in the records".to_owned()
    } else {
        format!(
            "the window reaches {} over the records: too little to tell from a quiet hour",
            lasting(interval.length())
        )
    };
    (interval.length() >= SECOND).then(|| Gap {
        id: GapId::G7,
        interval: Some(interval),
        scope: "tenant".to_owned(),
        effect,
        proof,
        records: Vec::new(),
        blind,
        fix: RETENTION.to_owned(),
    })
}

/// Returns the part of G7 that only messages which came in it fall into: behind the last record,
/// while the access may have gone on.
pub(super) fn late(scope: &Scope<'_>) -> Option<Gap> {
    let interval = scope.late?;
    let last = Timestamp(interval.from.0.saturating_sub(1));
    Some(Gap {
        id: GapId::G7,
        interval: Some(interval),
        scope: scope.mailbox().to_owned(),
        effect: "messages that came there came behind the last record, and nothing could show whether they were accessed".to_owned(),
        proof: format!(
            "the last collected record of the tenant is of {} UTC, and messages are known that came later",
            moment(last)
        ),
        records: Vec::new(),
        blind: true,
        fix: "collect the audit records up to now and run again".to_owned(),
    })
}

fn nothing(scope: &Scope<'_>) -> Gap {
    Gap {
        id: GapId::G7,
        interval: Some(scope.asked),
        scope: "tenant".to_owned(),
        effect: "nothing can be said".to_owned(),
        proof: "no record of the tenant with a readable time was collected".to_owned(),
        records: Vec::new(),
        blind: true,
        fix: RETENTION.to_owned(),
    }
}

/// Returns G8: the part of the window in which records may still come.
pub(super) fn provisional(scope: &Scope<'_>) -> Option<Gap> {
    let collected = scope.brief.collected?;
    let late = Interval::new(collected, collected).widened(LATE, 0);
    let interval = scope.asked.meeting(&late);
    let again = |micros: i64| moment(Timestamp(collected.0.saturating_add(micros)));
    (interval.length() >= SECOND).then(|| Gap {
        id: GapId::G8,
        interval: Some(interval),
        scope: "tenant".to_owned(),
        effect: format!(
            "provisional: records of {} may still come",
            stretch(&interval)
        ),
        proof: format!(
            "the newest evidence was taken in at {} UTC, and records are known to come up to three days late",
            moment(collected)
        ),
        records: Vec::new(),
        blind: false,
        fix: format!(
            "collect and run again after {} UTC, and once more after {} UTC",
            again(DAY),
            again(7 * DAY)
        ),
    })
}
