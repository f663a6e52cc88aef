//! Whose message it was: subject, sender, recipients, size, and when it came.
//!
//! What the mailbox's own records say comes before what a trace says, for a trace is joined
//! by a Message-ID that the sender chose.

use super::cluster::Message;
use super::delivery::Passage;
use super::scope::Scope;
use super::{Delivered, Handled, Tag};
use model::{Timestamp, Touch};
use std::collections::BTreeSet;

/// What is known of a message besides who touched it.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    pub(super) subject: String,
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) received: Option<Timestamp>,
    pub(super) size_bytes: Option<i64>,
    pub(super) tags: BTreeSet<Tag>,
}

impl Metadata {
    /// Gathers what is known of a message.
    pub(super) fn of(message: &Message<'_>, scope: &Scope<'_>) -> Self {
        let is_shared = is_shared(message);
        Self {
            subject: subject(message, is_shared),
            from: sender(message, scope),
            to: recipients(message),
            received: received(message),
            size_bytes: size(message),
            tags: tags(message, is_shared),
        }
    }
}

/// Returns the rows of trace, those that concern the mailbox first.
fn rows<'m, 'a>(message: &'m Message<'a>) -> impl Iterator<Item = &'a Delivered> + use<'m, 'a> {
    let own = message
        .passages
        .iter()
        .filter(|passage| passage.concerns_mailbox());
    let others = message
        .passages
        .iter()
        .filter(|passage| !passage.concerns_mailbox());
    own.chain(others).map(|passage| passage.row)
}

/// Returns the rows of the mailbox's records; those that name the message by opening it first.
fn records<'m, 'a>(message: &'m Message<'a>) -> impl Iterator<Item = &'a Handled> + use<'m, 'a> {
    let is_opening = |row: &&&Handled| row.touch == Some(Touch::Bind);
    let opened = message.handled.iter().filter(is_opening);
    let others = message.handled.iter().filter(move |row| !is_opening(row));
    opened.chain(others).copied()
}

fn subject(message: &Message<'_>, is_shared: bool) -> String {
    let told = records(message)
        .map(|row| row.subject.as_str())
        .chain(rows(message).map(|row| row.subject.as_str()))
        .filter(|subject| !subject.is_empty());
    if !is_shared {
        return told.map(str::to_owned).next().unwrap_or_default();
    }
    let mut subjects: Vec<&str> = Vec::new();
    for subject in told {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects.join(" | ")
}

fn sender(message: &Message<'_>, scope: &Scope<'_>) -> String {
    let traced = rows(message)
        .map(|row| row.sender.as_str())
        .find(|sender| !sender.is_empty());
    // Who sends as somebody else leaves their name nowhere in the item.
    let is_own = || {
        message
            .handled
            .iter()
            .any(|row| row.action.eq_ignore_ascii_case("Send") && !row.failed)
    };
    match traced {
        Some(sender) => sender.to_owned(),
        None if is_own() => scope.mailbox().to_owned(),
        None => String::new(),
    }
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    // An inventory tells in whose mailbox a message is, which is not to whom its owner wrote it.
    let is_addressed = |passage: &&Passage<'_>| !(passage.is_listed() && passage.is_ours);
    let mut recipients: Vec<&str> = message
        .passages
        .iter()
        .filter(is_addressed)
        .flat_map(|passage| passage.row.recipient.split(';'))
        .map(str::trim)
        .filter(|recipient| !recipient.is_empty())
        .collect();
    recipients.sort_unstable();
    recipients.dedup();
    recipients.into_iter().map(str::to_owned).collect()
}

/// Returns when it came in; else when it was kept out, sent or made.
fn received(message: &Message<'_>) -> Option<Timestamp> {
    let entered = message.passages.iter().filter(|passage| passage.entered());
    let concerning = || {
        message
            .passages
            .iter()
            .filter(|passage| passage.concerns_mailbox())
    };
    let made = || {
        let begins =
            |row: &&&Handled| matches!(row.touch, Some(Touch::Send | Touch::Create)) && !row.failed;
        message
            .handled
            .iter()
            .filter(begins)
            .filter_map(|row| row.time)
            .min()
    };
    entered
        .filter_map(|passage| passage.row.time)
        .min()
        .or_else(|| concerning().filter_map(|passage| passage.row.time).min())
        .or_else(made)
}

fn size(message: &Message<'_>) -> Option<i64> {
    records(message)
        .find_map(|row| row.size_bytes)
        .or_else(|| rows(message).find_map(|row| row.size_bytes))
}

/// Returns whether two messages on their way to the person carried this Message-ID.
fn is_shared(message: &Message<'_>) -> bool {
    let mut networks = message
        .passages
        .iter()
        .filter(|passage| passage.fate.is_some() && !passage.is_listed())
        .map(|passage| passage.row.network_message_id.as_str())
        .filter(|network| !network.is_empty());
    let first = networks.next();
    networks.any(|network| Some(network) != first)
}

fn tags(message: &Message<'_>, is_shared: bool) -> BTreeSet<Tag> {
    [
        (is_shared, Tag::SharedMessageId),
        (message.joined_by_casefold, Tag::JoinedByCasefold),
        (!message.has_message_id, Tag::NoMessageId),
        (!message.is_traced(), Tag::NoMetadata),
    ]
    .into_iter()
    .filter_map(|(holds, tag)| holds.then_some(tag))
    .collect()
}
