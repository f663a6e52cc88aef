//! Messages that the trace saw on their way to where the intruder's rules send mail.

use super::Arrival;
use crate::interval::{MINUTE, SECOND};
use crate::messages::Delivered;
use model::Timestamp;
use std::collections::BTreeMap;

/// How long after its arrival a rule's copy of a message leaves at the latest.
const DELAY: i64 = 2 * MINUTE;

/// How much a trace's time may be off by rounding to whole seconds.
pub(super) const ROUNDING: i64 = SECOND;

/// What became of a message on its way, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// It was refused, bounced or held back.
    Refused,
    /// The trace does not know yet.
    Pending,
    /// It left.
    Left,
}

/// One message that the trace saw on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    internet_message_id: String,
    subject: String,
    /// What became of it.
    pub(super) fate: Fate,
}

/// The messages on their way, by target, time and record.
#[derive(Clone, Debug, Default)]
pub(super) struct Departures(BTreeMap<String, BTreeMap<(Timestamp, String), Departure>>);

/// One departure that belongs to an arrival.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting<'a> {
    /// To whom.
    pub(super) target: &'a str,
    /// When.
    pub(super) time: Timestamp,
    /// The trace's record.
    pub(super) record: &'a str,
    /// What became of it.
    pub(super) fate: Fate,
}

impl Departures {
    /// Takes in what a row of the trace says of recipients that are awaited; one without a time
    /// proves nothing.
    pub(super) fn hear(&mut self, row: &Delivered, is_awaited: impl Fn(&str) -> bool) {
        let Some(time) = row.time else {
            return;
        };
        for (recipient, status) in recipients(row) {
            let recipient = recipient.to_lowercase();
            if !is_awaited(&recipient) {
                continue;
            }
            let departure = Departure {
                internet_message_id: row.internet_message_id.clone(),
                subject: bare_subject(&row.subject),
                fate: fate(status),
            };
            let on_the_way = self.0.entry(recipient).or_default();
            on_the_way.insert((time, row.record.clone()), departure);
        }
    }

    /// Returns the departures to a target that are a rule's copies of a message that arrived.
    pub(super) fn of<'a>(
        &'a self,
        target: &'a str,
        arrival: &Arrival<'a>,
    ) -> impl Iterator<Item = Sighting<'a>> {
        let subject = bare_subject(arrival.subject);
        let internet_message_id = arrival.internet_message_id;
        let span = arrival.time.map(|time| {
            let from = Timestamp(time.0.saturating_sub(ROUNDING));
            let to = Timestamp(time.0.saturating_add(DELAY + ROUNDING + 1));
            (from, String::new())..(to, String::new())
        });
        self.0
            .get(target)
            .zip(span)
            .into_iter()
            .flat_map(|(on_the_way, span)| on_the_way.range(span))
            .filter(move |(_, departure)| departure.is_copy_of(internet_message_id, &subject))
            .map(move |((time, record), departure)| Sighting {
                target,
                time: *time,
                record,
                fate: departure.fate,
            })
    }
}

impl Departure {
    /// A redirected message keeps its Message-ID; a forwarded one is another message of the same subject.
    fn is_copy_of(&self, internet_message_id: &str, subject: &str) -> bool {
        let has_its_id = !internet_message_id.is_empty()
            && self
                .internet_message_id
                .eq_ignore_ascii_case(internet_message_id);
        has_its_id || (!subject.is_empty() && self.subject == subject)
    }
}

/// The historical report joins the recipients of a message and their statuses by `;`.
fn recipients(row: &Delivered) -> impl Iterator<Item = (&str, &str)> {
    let count = row.recipient.split(';').count();
    let statuses: Vec<&str> = row.status.split(';').collect();
    let one_each = statuses.len() == count;
    row.recipient
        .split(';')
        .enumerate()
        .map(move |(at, recipient)| {
            let own = statuses.get(at).copied().filter(|_| one_each);
            (recipient.trim(), own.unwrap_or(&row.status))
        })
        .filter(|(recipient, _)| !recipient.is_empty())
}

/// Message trace says `Failed`, EmailEvents `Blocked`, the historical report `Receive, Fail`;
/// a policy against forwarding refuses with 5.7.520.
fn fate(status: &str) -> Fate {
    const REFUSED: [&str; 8] = [
        "fail",
        "bounce",
        "reject",
        "block",
        "quarantin",
        "drop",
        "5.7.",
        "expired",
    ];
    const PENDING: [&str; 4] = ["pending", "gettingstatus", "defer", "delay"];
    let status = status.to_lowercase();
    if REFUSED.iter().any(|word| status.contains(word)) {
        Fate::Refused
    } else if PENDING.iter().any(|word| status.contains(word)) {
        Fate::Pending
    } else {
        Fate::Left
    }
}

/// Returns the subject without what forwarding and answering put before it.
fn bare_subject(subject: &str) -> String {
    const PREFIXES: [&str; 12] = [
        "fw", "fwd", "re", "tr", "wg", "aw", "rv", "enc", "vs", "vb", "sv", "doorst",
    ];
    let mut bare = subject.trim().to_lowercase();
    while let Some((front, rest)) = bare.split_once([':', '：']) {
        if !PREFIXES.contains(&front.trim()) {
            break;
        }
        bare = rest.trim().to_owned();
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarding_and_answering_leave_the_subject_what_it_was() {
        for subject in [
            "Invoice 7",
            "FW: Invoice 7",
            "Fwd: RE: Invoice 7",
            "WG:invoice 7",
            " TR : AW: Invoice 7 ",
        ] {
            assert_eq!(bare_subject(subject), "invoice 7", "{subject}");
        }
        assert_eq!(bare_subject("Note: Invoice 7"), "note: invoice 7");
        assert_eq!(bare_subject("FW:"), "");
    }

    #[test]
    fn each_source_has_its_own_word_for_refused() {
        for status in [
            "Failed",
            "Blocked",
            "Receive, Fail",
            "550 5.7.520 Access denied",
        ] {
            assert_eq!(fate(status), Fate::Refused, "{status}");
        }
        for status in ["Delivered", "Receive, Deliver", "Expanded", "Junked", ""] {
            assert_eq!(fate(status), Fate::Left, "{status}");
        }
        assert_eq!(fate("GettingStatus"), Fate::Pending);
    }

    #[test]
    fn a_row_of_several_recipients_gives_each_its_own_status() {
        let row = Delivered {
            recipient: "a@x.example;b@x.example".to_owned(),
            status: "Receive, Deliver;Receive, Fail".to_owned(),
            ..Delivered::default()
        };
        let found: Vec<(&str, &str)> = recipients(&row).collect();
        assert_eq!(
            found,
            [
                ("a@x.example", "Receive, Deliver"),
                ("b@x.example", "Receive, Fail")
            ]
        );
    }
}
