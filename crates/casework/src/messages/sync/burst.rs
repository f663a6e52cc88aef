//! So many folders at once that the whole mailbox must be taken as downloaded.

use super::SyncWindow;
use crate::attribution::{Attribution, ContextId, Verdict};
use crate::interval::{Interval, MINUTE};
use crate::messages::folder;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many folders within a minute show a mailbox being set up in Outlook; Microsoft tells
/// investigators to assume then that all of it was downloaded.
/// <https://learn.microsoft.com/purview/audit-log-investigate-accounts>
const FOLDERS: usize = 5;

/// A stretch in which one session of the intruder synchronised five folders or more within a minute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WholeMailbox {
    /// From the first to the last of these synchronisations.
    pub during: Interval,
    /// The session.
    pub session: String,
    /// The contexts, sorted.
    pub contexts: BTreeSet<ContextId>,
    /// The folders, as the records name them.
    pub folders: BTreeSet<String>,
    /// The records.
    pub records: BTreeSet<String>,
}

/// Returns the bursts of every session; windows come by time.
pub(super) fn bursts(windows: &[SyncWindow], attribution: &Attribution) -> Vec<WholeMailbox> {
    let mut sessions: BTreeMap<&str, Vec<(Timestamp, &SyncWindow)>> = BTreeMap::new();
    for window in windows {
        let session = attribution
            .context(&window.context)
            .map(|context| context.session.as_str());
        let is_intruders = window.verdict == Verdict::Intruder;
        if let (Some(session), Some(time), true) = (session, window.time, is_intruders) {
            sessions.entry(session).or_default().push((time, window));
        }
    }
    let mut found: Vec<WholeMailbox> = sessions
        .iter()
        .flat_map(|(session, rows)| of_session(session, rows))
        .collect();
    found.sort();
    found
}

/// Slides a minute along a session's synchronisations and joins what overlaps.
fn of_session(session: &str, rows: &[(Timestamp, &SyncWindow)]) -> Vec<WholeMailbox> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut inside: BTreeMap<String, usize> = BTreeMap::new();
    let mut end = 0;
    for (start, (time, window)) in rows.iter().enumerate() {
        while let Some((later, row)) = rows.get(end)
            && later.0.saturating_sub(time.0) <= MINUTE
        {
            *inside.entry(key(row)).or_default() += 1;
            end += 1;
        }
        if inside.len() >= FOLDERS {
            open = match open {
                Some((first, last)) if start < last => Some((first, end)),
                Some((first, last)) => {
                    found.push(burst(session, &rows[first..last]));
                    Some((start, end))
                }
                None => Some((start, end)),
            };
        }
        let key = key(window);
        if let Some(count) = inside.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&key);
            }
        }
    }
    if let Some((first, last)) = open {
        found.push(burst(session, &rows[first..last]));
    }
    found
}

fn key(window: &SyncWindow) -> String {
    if window.folder_id.is_empty() {
        folder::folded(&window.folder)
    } else {
        window.folder_id.clone()
    }
}

fn burst(session: &str, rows: &[(Timestamp, &SyncWindow)]) -> WholeMailbox {
    let windows = || rows.iter().map(|(_, window)| *window);
    let first = rows.first().map_or(Timestamp(0), |(time, _)| *time);
    let last = rows.last().map_or(first, |(time, _)| *time);
    WholeMailbox {
        during: Interval::new(first, last),
        session: session.to_owned(),
        contexts: windows().map(|window| window.context.clone()).collect(),
        folders: windows()
            .map(|window| {
                let name = if window.folder.is_empty() {
                    &window.folder_id
                } else {
                    &window.folder
                };
                name.clone()
            })
            .collect(),
        records: windows().map(|window| window.record.clone()).collect(),
    }
}
