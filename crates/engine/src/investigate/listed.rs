//! Messages as an inventory lists them: which of them are the mailbox's, and how many there are.

use casework::attribution::Attribution;
use casework::{Brief, Delivered};
use model::Timestamp;

/// How many rows there are, from when to when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) rows: u64,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
}

impl Span {
    /// Counts a row.
    pub(super) fn add(&mut self, time: Option<Timestamp>) {
        self.rows += 1;
        self.first = self.first.into_iter().chain(time).min();
        self.last = self.last.max(time);
    }
}

/// Returns the object ids of the person, under which an inventory may be kept.
pub(super) fn object_ids(attribution: &Attribution) -> impl Iterator<Item = &String> {
    let is_guid = |key: &&String| key.len() == 36 && key.matches('-').count() == 4;
    attribution.person.keys.iter().filter(is_guid)
}

/// Returns a listed message where the inventory is the mailbox's, which Graph may name by its
/// owner's object id; the inventory of another mailbox says nothing of this one.
pub(super) fn here(
    mut row: Delivered,
    names: &[String],
    attribution: &Attribution,
    brief: &Brief,
) -> Option<Delivered> {
    let person = &attribution.person;
    if person.keys.contains(&row.recipient) {
        row.recipient.clone_from(&brief.user);
    }
    let is_theirs = brief.mailbox.is_empty() || person.names.contains(&brief.mailbox);
    let is_here = if is_theirs {
        row.recipient == brief.user || names.contains(&row.recipient)
    } else {
        row.recipient == brief.mailbox
    };
    is_here.then_some(row)
}

/// Returns the key of a listed message; one without Message-ID stands for itself.
pub(super) fn key(row: &Delivered) -> String {
    if row.internet_message_id.is_empty() {
        format!("item:{}", row.network_message_id)
    } else {
        row.internet_message_id.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casework::attribution::Person;

    #[test]
    fn a_mailbox_is_known_by_its_address_and_by_its_owners_object_id() {
        let mut attribution = Attribution::default();
        attribution.person = Person {
            names: ["ann@example.com".to_owned()].into(),
            keys: ["11111111-aaaa-4aaa-8aaa-0000000000a1".to_owned()].into(),
            ..Person::default()
        };
        let own = Brief {
            user: "ann@example.com".to_owned(),
            mailbox: "ann@example.com".to_owned(),
            ..Brief::default()
        };
        let shared = Brief {
            mailbox: "sales@example.com".to_owned(),
            ..own.clone()
        };
        let names = ["ann@example.com".to_owned(), "sales@example.com".to_owned()];
        let of = |recipient: &str, brief: &Brief| {
            let row = Delivered {
                recipient: recipient.to_owned(),
                ..Delivered::default()
            };
            here(row, &names, &attribution, brief).map(|row| row.recipient)
        };
        let ann = Some("ann@example.com".to_owned());
        assert_eq!(of("ann@example.com", &own), ann);
        assert_eq!(of("11111111-aaaa-4aaa-8aaa-0000000000a1", &own), ann);
        assert_eq!(of("bob@example.com", &own), None);
        assert_eq!(of("ann@example.com", &shared), None);
        assert!(of("sales@example.com", &shared).is_some());
    }
}
