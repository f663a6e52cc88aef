//! Which class a message is in, with everything that speaks for it.

use super::cluster::{Cluster, Message, messages};
use super::folder::Folder;
use super::ground::{Ground, Proof};
use super::metadata::Metadata;
use super::presence::{Presence, presence};
use super::scope::Scope;
use super::touches::{Touched, is_read_by_owner, touches};
use super::{Class, Judged, Tag, absence, caught, synced};
use crate::attribution::{ContextId, Verdict};
use std::collections::BTreeSet;

/// Judges the messages that a cluster of rows speaks of.
///
/// Normally one; several where their ids differ in letter case alone and each was delivered
/// on its own; none where the rows are other people's deliveries.
#[must_use]
pub fn judge(cluster: &Cluster, scope: &Scope<'_>) -> Vec<Judged> {
    messages(cluster, scope)
        .iter()
        .map(|message| one(message, scope))
        .collect()
}

/// Returns the undecided contexts that touched the messages that a cluster of rows speaks of,
/// whenever they did.
#[must_use]
pub fn undecided(cluster: &Cluster, scope: &Scope<'_>) -> BTreeSet<ContextId> {
    let rows = cluster.handled.iter().filter(|row| !row.failed);
    rows.filter_map(|row| scope.attribution.context_of(&row.record))
        .filter(|context| context.verdict == Verdict::Unknown)
        .map(|context| context.id.clone())
        .collect()
}

fn one(message: &Message<'_>, scope: &Scope<'_>) -> Judged {
    let metadata = Metadata::of(message, scope);
    let presence = presence(message);
    let touches = touches(message, scope);
    let mut grounds = grounds(message, &metadata, &presence, &touches, scope);
    if grounds.is_empty() {
        grounds.push(absence::without_evidence(
            message, &presence, &touches, scope,
        ));
    }
    judged(message, metadata, &presence, &touches, &grounds, scope)
}

/// Returns everything that speaks for a class, the gravest class first.
fn grounds<'a>(
    message: &Message<'a>,
    metadata: &Metadata,
    presence: &Presence<'_>,
    touched: &[Touched<'a>],
    scope: &Scope<'a>,
) -> Vec<Ground<'a>> {
    let mut grounds: Vec<Ground<'_>> = super::touches::by_intruder(touched, scope)
        .into_iter()
        .chain(synced::by_intruder(presence, scope))
        .chain(caught::by_rules(message, metadata, scope))
        .chain(caught::by_search(metadata, presence, scope))
        .chain(super::touches::by_unknown(touched, scope))
        .chain(synced::by_unknown(presence, scope))
        .collect();
    grounds.sort_by_key(|ground| ground.class);
    grounds
}

fn judged(
    message: &Message<'_>,
    metadata: Metadata,
    presence: &Presence<'_>,
    touches: &[Touched<'_>],
    grounds: &[Ground<'_>],
    scope: &Scope<'_>,
) -> Judged {
    let lead = grounds.first();
    let class = lead.map_or(Class::N, |ground| ground.class);
    let leading = || {
        let is_leading = move |ground: &&Ground<'_>| ground.class.rank() == class.rank();
        grounds.iter().filter(is_leading)
    };
    let times = || leading().flat_map(|ground| ground.times.iter().copied());
    let mut tags = metadata.tags;
    tags.extend(grounds.iter().flat_map(|ground| &ground.tags));
    tags.extend(is_read_by_owner(touches).then_some(Tag::AlsoReadByOwner));
    let mut folders: BTreeSet<&str> = leading()
        .flat_map(|ground| ground.folders.iter().copied())
        .collect();
    if folders.is_empty() {
        folders = stood(message, presence);
    }
    Judged {
        mailbox: scope.mailbox().to_owned(),
        id: message.id.to_owned(),
        class,
        because: lead
            .map(|ground| ground.because.clone())
            .unwrap_or_default(),
        first_seen: times().min(),
        last_seen: times().max(),
        times: grounds.iter().map(|ground| ground.accesses).sum(),
        folders: folders.into_iter().map(str::to_owned).collect(),
        subject: metadata.subject,
        from: metadata.from,
        to: metadata.to,
        received: metadata.received,
        size_bytes: metadata.size_bytes,
        contexts: contexts(grounds),
        records: records(grounds),
        tags: tags.into_iter().collect(),
    }
}

/// Returns the folders that records name it in, else those that an inventory lists it in, else
/// those it can have stood in.
fn stood<'a>(message: &Message<'a>, presence: &Presence<'a>) -> BTreeSet<&'a str> {
    let named = |place: &Folder<'a>| place.label();
    let seen: BTreeSet<&str> = message
        .handled
        .iter()
        .map(|row| {
            if row.folder.is_empty() {
                row.folder_id.as_str()
            } else {
                &row.folder
            }
        })
        .filter(|name| !name.is_empty())
        .collect();
    if !seen.is_empty() {
        return seen;
    }
    let listed: BTreeSet<&str> = message
        .passages
        .iter()
        .filter(|passage| passage.is_listed())
        .map(|passage| passage.shelf().label())
        .filter(|name| !name.is_empty())
        .collect();
    if !listed.is_empty() {
        return listed;
    }
    presence
        .stretches
        .iter()
        .flat_map(|stretch| stretch.places.iter().map(named))
        .filter(|name| !name.is_empty())
        .collect()
}

fn contexts(grounds: &[Ground<'_>]) -> Vec<ContextId> {
    let contexts: BTreeSet<&ContextId> = grounds
        .iter()
        .flat_map(|ground| ground.contexts.iter().copied())
        .collect();
    contexts.into_iter().cloned().collect()
}

/// Returns the records of every ground by time; one that several grounds name stands at its first time.
fn records(grounds: &[Ground<'_>]) -> Vec<String> {
    let mut proofs: Vec<&Proof> = grounds.iter().flat_map(|ground| &ground.records).collect();
    proofs.sort_unstable();
    let mut seen = BTreeSet::new();
    proofs
        .into_iter()
        .filter(|proof| seen.insert(&proof.record))
        .map(|proof| proof.record.clone())
        .collect()
}

#[cfg(test)]
mod tests;
