//! A card to try a destination or a template with: invented, and it says so.

use crate::card::{Card, Count, Data, Links, Place, Reason, State};
use model::{Severity, Timestamp};

impl Card {
    /// Returns an invented card, as `notify test` sends it and a preview shows it.
    #[must_use]
    pub fn example(now: Timestamp) -> Self {
        let ago = |minutes: i64| now.plus_seconds(-60 * minutes);
        let reason = |rule: &str, title: &str| Reason {
            rule: rule.to_owned(),
            title: title.to_owned(),
        };
        let count = |what: &str, number, note: &str| Count {
            what: what.to_owned(),
            number,
            note: note.to_owned(),
        };
        Self {
            // Each test is an incident of its own: a mail server may drop a mail that it has seen.
            incident: format!("TEST-{now}"),
            update: 0,
            state: State::Open,
            severity: Severity::Info,
            tenant: "Test of this destination".to_owned(),
            tenant_id: "00000000-0000-0000-0000-000000000000".to_owned(),
            who: "nobody@example.invalid".to_owned(),
            headline: "a test card: nothing has happened".to_owned(),
            when: ago(31),
            local: String::new(),
            first_evidence: Some(ago(34)),
            place: Place {
                name: "Nowhere".to_owned(),
                network: "AS64496".to_owned(),
                address: "192.0.2.1".to_owned(),
                uncertainty: "an invented place".to_owned(),
                novelty: "not seen in 30 days".to_owned(),
                usual: vec!["Elsewhere".to_owned()],
            },
            what: vec![
                "New-InboxRule \".\": subject has \"invoice\" -> move to RSS Feeds (invented)"
                    .to_owned(),
            ],
            why: vec![reason("TEST", "somebody asked for a test")],
            attack: vec!["T1564.008".to_owned()],
            so_far: vec![
                count("sessions", Some(1), "invented"),
                count("messages accessed", None, "the logs do not tell"),
            ],
            data: Data {
                complete_to: Some(ago(19)),
                lag_minutes: Some(19),
                blind: Vec::new(),
            },
            links: Links::default(),
            tags: Vec::new(),
            never_to: Vec::new(),
        }
    }
}
