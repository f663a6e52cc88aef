//! The rows that may speak of one message, sorted into the messages that they do speak of.
//!
//! A Message-ID is the sender's to choose and its letter case matters, but some exports
//! lose it: spellings that differ in case alone are one message unless each of them was
//! delivered on its own.

use super::delivery::Passage;
use super::scope::Scope;
use super::{Delivered, Handled};
use std::collections::{BTreeMap, BTreeSet};

/// Every row of the mailbox whose Message-ID is equal when case is folded, and every row
/// without one whose item was seen with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The shared, case-folded Message-ID, or the item's id where there is none.
    pub id: String,
    /// What the mailbox's records say of it.
    pub handled: Vec<Handled>,
    /// What trace, EmailEvents and inventories say of it.
    pub delivered: Vec<Delivered>,
}

/// The rows of one message, by time and record.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    /// Whether the id is a Message-ID; otherwise it is the item's.
    pub(super) has_message_id: bool,
    pub(super) handled: Vec<&'a Handled>,
    pub(super) passages: Vec<Passage<'a>>,
    pub(super) joined_by_casefold: bool,
}

impl Message<'_> {
    /// Returns whether a trace names the message as this mailbox's.
    pub(super) fn is_traced(&self) -> bool {
        self.passages.iter().any(Passage::concerns_mailbox)
    }
}

/// Rows of one exact spelling.
#[derive(Debug, Default)]
struct Spelling<'a> {
    handled: Vec<&'a Handled>,
    passages: Vec<Passage<'a>>,
    folded: bool,
}

impl Spelling<'_> {
    fn is_traced(&self) -> bool {
        self.passages.iter().any(Passage::concerns_mailbox)
    }
}

/// Sorts rows into messages, by id; rows that concern no message of this mailbox give none.
pub(super) fn messages<'a>(cluster: &'a Cluster, scope: &Scope<'_>) -> Vec<Message<'a>> {
    let mut spellings = spellings(cluster, scope);
    give_to_owners(&mut spellings, nameless(cluster));
    if spellings.len() > 1 {
        spellings = joined(spellings);
    }
    spellings
        .into_iter()
        .filter(|(_, spelling)| !spelling.handled.is_empty() || spelling.is_traced())
        .map(|(id, spelling)| message(id, spelling, cluster))
        .collect()
}

fn spellings<'a>(cluster: &'a Cluster, scope: &Scope<'_>) -> BTreeMap<&'a str, Spelling<'a>> {
    let mut spellings: BTreeMap<&str, Spelling<'_>> = BTreeMap::new();
    for row in &cluster.handled {
        if !row.internet_message_id.is_empty() {
            let spelling = spellings.entry(&row.internet_message_id).or_default();
            spelling.handled.push(row);
        }
    }
    for row in &cluster.delivered {
        let spelling = spellings.entry(&row.internet_message_id).or_default();
        spelling.passages.push(scope.passage(row));
    }
    spellings
}

fn nameless(cluster: &Cluster) -> impl Iterator<Item = &Handled> {
    cluster
        .handled
        .iter()
        .filter(|row| row.internet_message_id.is_empty())
}

/// Gives the rows without Message-ID to the spellings whose item they name; what no spelling
/// owns may be of each.
fn give_to_owners<'a>(
    spellings: &mut BTreeMap<&'a str, Spelling<'a>>,
    nameless: impl Iterator<Item = &'a Handled>,
) {
    let mut items: Option<BTreeSet<(&str, &str)>> = None;
    for row in nameless {
        if spellings.is_empty() {
            spellings.insert("", Spelling::default());
        }
        let items = items.get_or_insert_with(|| {
            let named = spellings.iter().flat_map(|(id, spelling)| {
                spelling
                    .handled
                    .iter()
                    .map(|row| (*id, row.item_id.as_str()))
            });
            named.collect()
        });
        let is_owned = spellings
            .keys()
            .any(|id| items.contains(&(*id, row.item_id.as_str())));
        for (id, spelling) in spellings.iter_mut() {
            if !is_owned || items.contains(&(*id, row.item_id.as_str())) {
                spelling.handled.push(row);
            }
        }
    }
}

/// Joins the spellings that no trace names to those that one does, or all of them where none is named.
fn joined<'a>(spellings: BTreeMap<&'a str, Spelling<'a>>) -> BTreeMap<&'a str, Spelling<'a>> {
    let is_any_traced = spellings.values().any(Spelling::is_traced);
    let first_touched = spellings
        .iter()
        .find(|(_, spelling)| !spelling.handled.is_empty())
        .map(|(id, _)| *id);
    let (mut kept, loose): (BTreeMap<_, _>, BTreeMap<_, _>) =
        spellings.into_iter().partition(|(id, spelling)| {
            spelling.is_traced() || !is_any_traced && Some(*id) == first_touched
        });
    for spelling in loose.values() {
        for own in kept.values_mut() {
            own.folded |= !spelling.handled.is_empty();
            own.handled.extend(&spelling.handled);
            own.passages.extend(&spelling.passages);
        }
    }
    kept
}

fn message<'a>(id: &'a str, mut spelling: Spelling<'a>, cluster: &'a Cluster) -> Message<'a> {
    spelling
        .handled
        .sort_by(|left, right| order(left).cmp(&order(right)));
    // One row can be of two spellings that were joined.
    spelling.handled.dedup();
    spelling
        .passages
        .sort_by(|left, right| way(left.row).cmp(&way(right.row)));
    let has_message_id = !id.is_empty();
    let id = if has_message_id {
        id
    } else {
        let touched = spelling.handled.iter().map(|row| row.item_id.as_str());
        let listed = spelling
            .passages
            .iter()
            .filter(|passage| passage.is_listed())
            .map(|passage| passage.row.network_message_id.as_str());
        touched
            .chain(listed)
            .filter(|id| !id.is_empty())
            .min()
            .unwrap_or(&cluster.id)
    };
    Message {
        id,
        has_message_id,
        handled: spelling.handled,
        passages: spelling.passages,
        joined_by_casefold: spelling.folded,
    }
}

fn order(row: &Handled) -> impl Ord + '_ {
    (
        row.time,
        &row.record,
        row.touch.map(|touch| touch as u8),
        &row.internet_message_id,
        &row.item_id,
        &row.folder_id,
        &row.folder,
        (
            &row.to_folder,
            &row.action,
            &row.subject,
            row.size_bytes,
            row.failed,
        ),
    )
}

fn way(row: &Delivered) -> impl Ord + '_ {
    (
        row.time,
        &row.record,
        &row.recipient,
        &row.network_message_id,
        &row.internet_message_id,
        (
            &row.sender,
            &row.subject,
            &row.status,
            &row.location,
            row.size_bytes,
        ),
    )
}
