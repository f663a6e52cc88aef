//! What a row of trace, EmailEvents or inventory means to one mailbox: did the message come in,
//! was it kept out, did it leave from here, is it there, or does the row concern somebody else.

use super::Delivered;
use super::folder::{Folder, Kind};
use std::collections::BTreeSet;

/// What became of a message on its way to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// It came into the mailbox, as far as the row says.
    Entered,
    /// It was refused, dropped or kept back; it may have been released later.
    KeptOut,
    /// It is in the mailbox, however it came there: an inventory lists it.
    Listed,
}

/// A row with what it means to the mailbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage<'a> {
    pub(super) row: &'a Delivered,
    /// What became of it, where the person is a recipient.
    pub(super) fate: Option<Fate>,
    /// Whether the person sent it, or wrote it where it is only listed.
    pub(super) is_ours: bool,
}

impl<'a> Passage<'a> {
    pub(super) fn of(row: &'a Delivered, names: &BTreeSet<&str>) -> Self {
        if row.is_listed() {
            return Self::listed(row, names);
        }
        // The sender's address is what the sender says: from outside it is a forgery.
        let is_from_outside = row.direction.eq_ignore_ascii_case("inbound");
        Self {
            row,
            fate: fate(row, names),
            is_ours: !is_from_outside && is_one_of(&row.sender, names),
        }
    }

    /// An inventory speaks of its own mailbox alone, whoever sent the message.
    fn listed(row: &'a Delivered, names: &BTreeSet<&str>) -> Self {
        let is_here = is_one_of(&row.recipient, names);
        let is_ours =
            row.direction.eq_ignore_ascii_case("outbound") || is_one_of(&row.sender, names);
        Self {
            row,
            fate: is_here.then_some(Fate::Listed),
            is_ours: is_here && is_ours,
        }
    }

    pub(super) fn entered(&self) -> bool {
        self.fate == Some(Fate::Entered)
    }

    pub(super) fn is_listed(&self) -> bool {
        self.fate == Some(Fate::Listed)
    }

    /// Returns whether a trace saw the person send it.
    pub(super) fn was_sent(&self) -> bool {
        self.is_ours && !self.is_listed()
    }

    /// Returns whether an inventory shows that the person wrote it: the sender's address alone may
    /// be forged, but nobody else's mail lies among the drafts and the sent items.
    pub(super) fn is_own_work(&self) -> bool {
        let is_own = |kind| matches!(kind, Kind::Drafts | Kind::Outbox | Kind::Sent);
        self.is_listed() && self.is_ours && self.shelf().kind.is_some_and(is_own)
    }

    /// Returns the folder that an inventory lists it in.
    pub(super) fn shelf(&self) -> Folder<'a> {
        let folder = Folder::of_text(&self.row.location);
        match folder.kind {
            Some(kind) if folder.name.is_empty() => Folder {
                name: kind.name(),
                ..folder
            },
            _ => folder,
        }
    }

    /// Returns whether the row speaks of this mailbox's message at all.
    pub(super) fn concerns_mailbox(&self) -> bool {
        self.fate.is_some() || self.is_ours
    }

    /// Returns where it was put; anywhere, where the row does not say.
    pub(super) fn place(&self) -> Folder<'a> {
        let location = self.row.location.as_str();
        if !location.is_empty() {
            Folder::of_location(location)
        } else if self.row.status.eq_ignore_ascii_case("junked") {
            Folder::of_kind(Kind::Junk)
        } else {
            Folder::ANYWHERE
        }
    }
}

/// Judges the statuses of the person among the recipients; what came in once is in.
fn fate(row: &Delivered, names: &BTreeSet<&str>) -> Option<Fate> {
    // The historical report joins recipients and their statuses by `;`, in one order.
    let mut statuses = row.status.split(';');
    let is_joined = row.recipient.contains(';') && row.status.contains(';');
    let mut found = None;
    for recipient in row.recipient.split(';') {
        let status = if is_joined {
            statuses.next().unwrap_or_default()
        } else {
            &row.status
        };
        if is_one_of(recipient.trim(), names) {
            // Statuses that are still joined may be of anybody: one that let it in is believed.
            let fates = status.split(';').map(|one| fate_of(one, &row.location));
            found = found.into_iter().chain(fates).min();
        }
    }
    found
}

/// Returns whether an address is one of the names, with or without a `+tag`.
fn is_one_of(address: &str, names: &BTreeSet<&str>) -> bool {
    if names.contains(address) {
        return true;
    }
    let untagged = address.split_once('@').and_then(|(local, domain)| {
        let (local, _tag) = local.split_once('+')?;
        Some(format!("{local}@{domain}"))
    });
    untagged.is_some_and(|address| names.contains(address.as_str()))
}

/// Statuses under which a message is not in the mailbox.
const KEPT_OUT: [&str; 12] = [
    "failed",
    "fail",
    "quarantined",
    "quarantine",
    "dropped",
    "drop",
    "rejected",
    "reject",
    "blocked",
    "bounced",
    "expired",
    "undelivered",
];

/// Places that are not the mailbox.
const OUTSIDE: [&str; 3] = ["quarantine", "dropped", "failed"];

fn fate_of(status: &str, location: &str) -> Fate {
    // `Receive, Deliver` lists the stations of one message; the last one counts.
    let last = status.rsplit(',').next().unwrap_or_default().trim();
    let is = |words: &[&str], word: &str| words.iter().any(|own| own.eq_ignore_ascii_case(word));
    // Spam is filtered into the junk folder or into quarantine; only the place tells.
    let place_decides = last.is_empty() || last.eq_ignore_ascii_case("filteredasspam");
    let is_outside = place_decides && is(&OUTSIDE, location);
    if is_outside || is(&KEPT_OUT, last) {
        Fate::KeptOut
    } else {
        Fate::Entered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: &str, location: &str, recipient: &str, expected: Option<Fate>) {
        let row = Delivered {
            status: status.to_owned(),
            location: location.to_owned(),
            recipient: recipient.to_owned(),
            ..Delivered::default()
        };
        let names = BTreeSet::from(["ann@example.com"]);
        assert_eq!(
            Passage::of(&row, &names).fate,
            expected,
            "{status} {location} {recipient}"
        );
    }

    #[test]
    fn only_what_was_not_kept_out_came_in() {
        let ann = "ann@example.com";
        check("Delivered", "", ann, Some(Fate::Entered));
        check("Junked", "Junk folder", ann, Some(Fate::Entered));
        check("GettingStatus", "", ann, Some(Fate::Entered));
        check("Expanded", "", ann, Some(Fate::Entered));
        check("Quarantined", "", ann, Some(Fate::KeptOut));
        check("Blocked", "Quarantine", ann, Some(Fate::KeptOut));
        check("FilteredAsSpam", "Quarantine", ann, Some(Fate::KeptOut));
        check("FilteredAsSpam", "", ann, Some(Fate::Entered));
        check("", "Dropped", ann, Some(Fate::KeptOut));
        check("Receive, Fail", "", ann, Some(Fate::KeptOut));
        check("Delivered", "", "bob@example.com", None);
        check("Delivered", "", "ann+news@example.com", Some(Fate::Entered));
    }

    #[test]
    fn joined_recipients_have_a_status_each() {
        let both = "bob@example.com;ann@example.com";
        check(
            "Receive, Deliver;Receive, Fail",
            "",
            both,
            Some(Fate::KeptOut),
        );
        check(
            "Receive, Fail;Receive, Deliver",
            "",
            both,
            Some(Fate::Entered),
        );
        check("Delivered", "", both, Some(Fate::Entered));
        let ann = "ann@example.com";
        check(
            "Receive, Deliver;Receive, Fail",
            "",
            ann,
            Some(Fate::Entered),
        );
        check("Receive, Fail;Receive, Fail", "", ann, Some(Fate::KeptOut));
    }

    #[test]
    fn an_inventory_speaks_of_its_own_mailbox_alone() {
        let names = BTreeSet::from(["ann@example.com"]);
        let row = |recipient: &str, sender: &str| Delivered {
            sender: sender.to_owned(),
            recipient: recipient.to_owned(),
            status: "Inventory".to_owned(),
            ..Delivered::default()
        };
        let (own, others) = (
            row("ann@example.com", "ann@example.com"),
            row("bob@example.com", "ann@example.com"),
        );
        let own = Passage::of(&own, &names);
        assert!(own.is_listed() && own.is_ours && !own.was_sent() && !own.entered());
        assert!(!own.is_own_work(), "the address may be forged");
        assert!(!Passage::of(&others, &names).concerns_mailbox());
    }

    #[test]
    fn a_forged_sender_from_outside_sent_nothing_from_here() {
        let names = BTreeSet::from(["ann@example.com"]);
        let mut row = Delivered {
            sender: "ann@example.com".to_owned(),
            recipient: "bob@example.org".to_owned(),
            direction: "Outbound".to_owned(),
            ..Delivered::default()
        };
        assert!(Passage::of(&row, &names).is_ours);
        row.direction = "Inbound".to_owned();
        assert!(!Passage::of(&row, &names).is_ours);
    }
}
