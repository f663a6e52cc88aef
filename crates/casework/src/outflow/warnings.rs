//! Whom to warn: who got what the intruder sent, forwarded or shared.

use super::{Outflow, ThirdParty};
use crate::messages::{Class, Judged, Tag};
use std::collections::BTreeSet;

impl ThirdParty {
    /// How many records are named for one address; more would prove no more.
    pub const RECORDS: usize = 5;
}

/// Got a message that the intruder sent.
pub(super) const GOT_MAIL: &str = "got a message the intruder sent";
/// Mail was sent on to it by a rule or forwarding.
pub(super) const GOT_FORWARDS: &str = "mail was forwarded to it";
/// A file was shared with it.
pub(super) const GOT_FILES: &str = "a file was shared with it";

impl Outflow {
    /// Takes in a message of class E: whoever got it is to be warned.
    ///
    /// What a rule sent on went to the rule's targets, anything else to its own recipients.
    pub fn hear_sent(&mut self, message: &Judged) {
        if message.class != Class::E {
            return;
        }
        let is_forwarded_only =
            message.tags.contains(&Tag::Forwarded) && !message.tags.contains(&Tag::Sent);
        let (recipients, why) = if is_forwarded_only {
            (self.forwarded_to(message), GOT_FORWARDS)
        } else {
            let recipients = message.to.iter().map(|address| address.to_lowercase());
            (recipients.collect(), GOT_MAIL)
        };
        if !is_forwarded_only {
            self.note_recipients(&message.id, &recipients);
        }
        for recipient in &recipients {
            self.warn(recipient, why, Some(&message.id), &message.records);
        }
    }

    fn forwarded_to(&self, message: &Judged) -> BTreeSet<String> {
        let Some(time) = message.received else {
            return BTreeSet::new();
        };
        self.forwards
            .iter()
            .filter(|(active, _)| active.holds(time))
            .flat_map(|(_, targets)| targets.iter().cloned())
            .collect()
    }

    fn note_recipients(&mut self, id: &str, recipients: &BTreeSet<String>) {
        let Some(places) = self.sent_by_id.get(&id.to_lowercase()) else {
            return;
        };
        for place in places {
            if let Some(sent) = self.sent.get_mut(*place) {
                sent.recipients.extend(recipients.iter().cloned());
            }
        }
    }

    /// Notes that an address got something; a message counts once, however often it is told of.
    pub(super) fn warn(
        &mut self,
        address: &str,
        why: &str,
        message: Option<&str>,
        records: &[String],
    ) {
        if address.is_empty() || self.own.contains(address) {
            return;
        }
        let at = self
            .third_parties
            .binary_search_by(|known| known.address.as_str().cmp(address));
        let at = at.unwrap_or_else(|place| {
            let party = ThirdParty {
                address: address.to_owned(),
                external: self.organisation.is_outside(address),
                why: BTreeSet::new(),
                messages: 0,
                records: Vec::new(),
            };
            self.third_parties.insert(place, party);
            place
        });
        let is_new = message.is_some_and(|message| {
            let told = (address.to_owned(), message.to_lowercase());
            self.got.insert(told)
        });
        if let Some(party) = self.third_parties.get_mut(at) {
            party.why.insert(why.to_owned());
            party.messages += u64::from(is_new);
            party.records.extend_from_slice(records);
            party.records.sort_unstable();
            party.records.dedup();
            party.records.truncate(ThirdParty::RECORDS);
        }
    }
}
