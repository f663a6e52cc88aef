//! Whether a message stood in a folder while somebody's Outlook synchronised it.

use super::Class;
use super::folder::Folder;
use super::ground::{Ground, Proof};
use super::presence::Presence;
use super::scope::Scope;
use super::sync::{Index, NAMED, SyncWindow};

/// Returns the intruder's synchronisations of a folder that the message was in: S.
pub(super) fn by_intruder<'a>(presence: &Presence<'_>, scope: &Scope<'a>) -> Option<Ground<'a>> {
    by(&scope.syncs.intruder, Class::S, presence, scope)
}

/// Returns the synchronisations by somebody unknown of a folder that the message was in: U.
pub(super) fn by_unknown<'a>(presence: &Presence<'_>, scope: &Scope<'a>) -> Option<Ground<'a>> {
    by(&scope.syncs.unknown, Class::U, presence, scope)
}

fn by<'a>(
    index: &Index,
    class: Class,
    presence: &Presence<'_>,
    scope: &Scope<'a>,
) -> Option<Ground<'a>> {
    if index.is_empty() {
        return None;
    }
    let all = &scope.syncs.windows;
    let (met, place) = met(index, presence, all)?;
    let windows: Vec<&SyncWindow> = met.iter().filter_map(|at| all.get(*at as usize)).collect();
    let first = windows.first()?;
    Some(Ground {
        times: windows.iter().filter_map(|window| window.time).collect(),
        folders: windows.iter().map(|window| label(window)).collect(),
        contexts: windows
            .iter()
            .map(|window| &window.context)
            .filter(|context| !context.0.is_empty())
            .collect(),
        records: windows
            .iter()
            .map(|window| Proof::of(window.time, &window.record))
            .collect(),
        ..Ground::new(class, told(first, &place, class))
    })
}

/// Returns the first synchronisations that the message met and the last, and where it stood at the first.
fn met<'p>(
    index: &Index,
    presence: &Presence<'p>,
    windows: &[SyncWindow],
) -> Option<(Vec<u32>, Folder<'p>)> {
    let mut met: Vec<(u32, Folder<'_>)> = Vec::new();
    for stretch in &presence.stretches {
        for place in &stretch.places {
            let found = index.meeting(place, &stretch.during, windows);
            met.extend(found.into_iter().map(|at| (at, *place)));
        }
    }
    // The list of windows is by time, and so are places in it.
    met.sort_unstable();
    met.dedup_by_key(|(at, _)| *at);
    let place = met.first()?.1;
    if met.len() > NAMED {
        met.drain(NAMED - 1..met.len() - 1);
    }
    Some((met.into_iter().map(|(at, _)| at).collect(), place))
}

fn label(window: &SyncWindow) -> &str {
    if window.folder.is_empty() {
        &window.folder_id
    } else {
        &window.folder
    }
}

fn told(window: &SyncWindow, place: &Folder<'_>, class: Class) -> String {
    let whose = if class == Class::S {
        "the intruder's Outlook"
    } else {
        "an Outlook that cannot be told to be the owner's or the intruder's"
    };
    let there = if place.is_anywhere() {
        "the message was in the mailbox, in a folder that is not known".to_owned()
    } else {
        format!("the message was in `{}`", place.label())
    };
    let Some(time) = window.time else {
        return format!(
            "folder `{}` was synchronised by {whose} at a time that is not known (record {}, context {}), and {there}",
            label(window),
            window.record,
            window.context
        );
    };
    format!(
        "folder `{}` was synchronised by {whose} at {time} (record {}, context {}), and {there} between {} and {}",
        label(window),
        window.record,
        window.context,
        window.during.from,
        window.during.to
    )
}
