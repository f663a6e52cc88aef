//! An inbox rule as a record tells it, whichever way it was made.
//!
//! Cmdlets write its parameters by name; mail clients write actions as JSON and the condition as
//! text (`client_rule`). Both become the parameters of the cmdlet, so that there is one rule to judge.

use super::client_rule;
use crate::cmdlet::parameter;
use crate::lists::mail_words::{HidingFolder, hiding_folder};
use crate::quoted::quoted;
use crate::seen::Seen;
use model::recipients::{Recipients, recipients};
use std::collections::BTreeMap;

/// The operations that make or change a rule, or let it loose again.
pub(super) const SETTING: &[&str] = &[
    "New-InboxRule",
    "Set-InboxRule",
    "Enable-InboxRule",
    "UpdateInboxRules",
];

/// All operations on rules.
pub(super) const ALL: &[&str] = &[
    "New-InboxRule",
    "Set-InboxRule",
    "Enable-InboxRule",
    "Disable-InboxRule",
    "Remove-InboxRule",
    "UpdateInboxRules",
];

/// The parameters that send a copy of the mail or the mail itself elsewhere.
pub(super) const FORWARDS: [&str; 3] = ["ForwardTo", "ForwardAsAttachmentTo", "RedirectTo"];

const OTHER_ACTIONS: [&str; 6] = [
    "DeleteMessage",
    "SoftDeleteMessage",
    "MoveToFolder",
    "CopyToFolder",
    "MarkAsRead",
    "StopProcessingRules",
];

/// What was done to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Made,
    Changed,
    Enabled,
    Disabled,
    Removed,
}

/// How a rule keeps mail from its owner's eyes; the later the better hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hide {
    /// Not at all.
    No,
    /// Marked as read, in a folder of the owner's own or nowhere else.
    Read,
    Archived,
    Discarded,
    Unvisited,
    Deleted,
}

/// An inbox rule, or what a record says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub act: Act,
    /// Whether a mail client made it, not a cmdlet.
    pub is_from_client: bool,
    /// Its name, without blanks around it; none where the record does not tell.
    pub name: Option<String>,
    /// Whose mailbox it is in, in lower case.
    pub owner: String,
    /// The parameters that the record sets, by the cmdlet's names.
    pub parts: BTreeMap<&'static str, String>,
    /// Whether what is not among the parts is not in the rule: a change names only what it changes.
    pub is_whole: bool,
}

impl Rule {
    /// Reads a rule from a record that was done; none where the record tells of no rule.
    pub(super) fn read(seen: &Seen<'_>) -> Option<Self> {
        if seen.is_service() || !seen.is_done() || !seen.is_action(ALL) {
            return None;
        }
        if seen.is_action(&["UpdateInboxRules"]) {
            return client_rule::read(seen);
        }
        let act = act(seen)?;
        let mut parts = BTreeMap::new();
        for known in FORWARDS
            .iter()
            .chain(&OTHER_ACTIONS)
            .chain(super::conditions::NAMES)
        {
            if let Some(value) = parameter(seen, known) {
                parts.insert(*known, value.into_owned());
            }
        }
        Some(Self {
            act,
            is_from_client: false,
            name: name(seen),
            owner: owner(seen),
            parts,
            is_whole: act == Act::Made,
        })
    }

    /// Returns a part that is set.
    pub(super) fn part(&self, name: &str) -> Option<&str> {
        let value = self.parts.get(name)?.trim();
        let is_set = !value.is_empty()
            && !["$null", "false", "$false"]
                .iter()
                .any(|unset| value.eq_ignore_ascii_case(unset));
        is_set.then_some(value)
    }

    /// Returns to whom the rule sends mail.
    pub(super) fn recipients(&self) -> Recipients {
        let mut all = Recipients::default();
        for value in FORWARDS.iter().filter_map(|name| self.part(name)) {
            let found = recipients(value);
            all.addresses.extend(found.addresses);
            all.unresolved += found.unresolved;
        }
        all
    }

    /// Returns the forwarding parameters that are set.
    pub(super) fn forwards(&self) -> impl Iterator<Item = (&'static str, &str)> {
        FORWARDS
            .iter()
            .filter_map(|name| Some((*name, self.part(name)?)))
    }

    /// Returns the folder that mail is moved or copied to.
    pub(super) fn folder(&self) -> Option<&str> {
        self.part("MoveToFolder")
            .or_else(|| self.part("CopyToFolder"))
    }

    /// Returns whether the mail is deleted.
    pub(super) fn deletes(&self) -> bool {
        self.part("DeleteMessage").is_some() || self.part("SoftDeleteMessage").is_some()
    }

    /// Returns how well the rule hides mail.
    pub(super) fn hide(&self) -> Hide {
        if self.deletes() {
            Hide::Deleted
        } else {
            self.hide_by_moving()
        }
    }

    /// Returns how well the rule hides mail apart from deleting it.
    pub(super) fn hide_by_moving(&self) -> Hide {
        match self.folder().and_then(hiding_folder) {
            Some(HidingFolder::Unvisited) => Hide::Unvisited,
            Some(HidingFolder::Discarded) => Hide::Discarded,
            Some(HidingFolder::Archive) => Hide::Archived,
            None if self.part("MarkAsRead").is_some() => Hide::Read,
            None => Hide::No,
        }
    }

    /// Returns the name for eyes.
    pub(super) fn shown_name(&self) -> String {
        match self.name.as_deref() {
            None => "without a known name".to_owned(),
            Some("") => "with an empty name".to_owned(),
            Some(name) => quoted(name),
        }
    }

    /// Returns what tells the rule from others of its mailbox.
    pub(super) fn key(&self) -> String {
        self.name.as_deref().unwrap_or("?").to_lowercase()
    }

    /// Returns the field of the record in which a part stands.
    pub(super) fn field(&self, part: &'static str) -> &'static str {
        match part {
            "RuleCondition" => part,
            _ if self.is_from_client => "RuleActions",
            _ => part,
        }
    }

    /// Returns what hides the mail: the field and its value.
    pub(super) fn hiding_parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        OTHER_ACTIONS
            .iter()
            .filter(|name| **name != "StopProcessingRules")
            .filter_map(|name| Some((self.field(name), self.part(name)?)))
    }
}

fn act(seen: &Seen<'_>) -> Option<Act> {
    let (verb, _) = seen.action().split_once('-')?;
    match verb.to_ascii_lowercase().as_str() {
        "new" => Some(Act::Made),
        "set" => Some(Act::Changed),
        "enable" => Some(Act::Enabled),
        "disable" => Some(Act::Disabled),
        "remove" => Some(Act::Removed),
        _ => None,
    }
}

/// Returns whose mailbox it is, as far as the record says; else whoever acted.
pub(super) fn owner(seen: &Seen<'_>) -> String {
    match seen.mailbox() {
        mailbox if mailbox.contains('@') => mailbox.to_owned(),
        _ => seen.person().to_owned(),
    }
}

/// `Name` where it is set, else what stands behind the mailbox in the identity: `joey\name`.
fn name(seen: &Seen<'_>) -> Option<String> {
    if let Some(name) = parameter(seen, "Name") {
        return Some(name.trim().to_owned());
    }
    let identity = parameter(seen, "Identity").unwrap_or_default();
    for text in [seen.object(), identity.as_ref()] {
        if let Some((_, leaf)) = text.rsplit_once('\\') {
            return told(leaf);
        }
    }
    let identity = identity.trim();
    let is_rule = !identity.is_empty() && !identity.contains(['@', '/']);
    is_rule.then(|| told(identity)).flatten()
}

/// A rule may be called by its number; that is not its name.
fn told(leaf: &str) -> Option<String> {
    let leaf = leaf.trim();
    let is_number = leaf.len() >= 10 && leaf.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then(|| leaf.to_owned())
}
