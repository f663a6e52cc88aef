//! Mail that was judged malicious: to whom, when, about what.

use crate::catalogue::mail_acts::items::plain_subject;
use crate::fact::Fact;
use crate::seen::Seen;
use model::{Json, Timestamp};

/// A malicious message for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lure {
    /// For whom, in lower case.
    pub(super) recipient: String,
    /// When it came.
    pub(super) time: Timestamp,
    /// What it is about, without the marks of replies.
    pub(super) subject: String,
    /// From whom.
    pub(super) sender: String,
    /// What it was judged to be.
    pub(super) verdict: String,
    /// Whether the person can have seen it.
    pub(super) is_delivered: bool,
    /// The record.
    pub(super) fact: Fact,
}

/// How many recipients of one message count.
const RECIPIENTS: usize = 500;

/// Returns the malicious message that a record of mail protection tells of, for each recipient.
pub(super) fn lures(seen: &Seen<'_>) -> Vec<Lure> {
    let verdict = seen.word("Verdict");
    let is_malicious = ["phish", "malware"]
        .iter()
        .any(|one| verdict.to_ascii_lowercase().contains(one));
    let is_outgoing = seen.word("Directionality").eq_ignore_ascii_case("Outbound");
    if !is_malicious || is_outgoing {
        return Vec::new();
    }
    let recipients = seen.body().get_any_case("Recipients");
    let listed: Vec<&str> = match recipients {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_word).collect(),
        Some(one) => one
            .as_word()
            .into_iter()
            .flat_map(|text| text.split(';'))
            .collect(),
        None => Vec::new(),
    };
    listed
        .into_iter()
        .map(|recipient| recipient.trim().to_lowercase())
        .filter(|recipient| recipient.contains('@'))
        .take(RECIPIENTS)
        .map(|recipient| Lure {
            recipient,
            time: moment(seen.word("MessageTime")).unwrap_or(seen.time()),
            subject: plain_subject(seen.word("Subject")),
            sender: seen.word("P2Sender").to_owned(),
            verdict: verdict.to_owned(),
            is_delivered: is_delivered(seen),
            fact: *seen.fact(),
        })
        .collect()
}

fn is_delivered(seen: &Seen<'_>) -> bool {
    let action = match seen.word("DeliveryAction") {
        "" => seen.word("PolicyAction"),
        action => action,
    };
    let action = action.to_ascii_lowercase();
    let is_stopped = ["block", "quarantine", "delete", "replace", "drop"]
        .iter()
        .any(|one| action.contains(one));
    !is_stopped
}

/// Returns a time like `2026-03-10T09:00:00`, with or without fractions and zone: UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let year = text.get(0..4)?.parse().ok()?;
    Timestamp::from_civil(
        year,
        number(5, 7)?,
        number(8, 10)?,
        number(11, 13)?,
        number(14, 16)?,
        number(17, 19)?,
        0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_utc() {
        let expected = Timestamp::from_civil(2026, 3, 10, 9, 0, 0, 0);
        assert_eq!(moment("2026-03-10T09:00:00"), expected);
        assert_eq!(moment("2026-03-10T09:00:00.123Z"), expected);
        assert_eq!(moment("yesterday"), None);
    }
}
