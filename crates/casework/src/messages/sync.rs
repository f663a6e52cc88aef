//! Folders that somebody's Outlook synchronised: what each synchronisation could have taken along.
//!
//! The log names the folder, never its messages. Whether a message was there is told by
//! [`super::judge`]; here stand the stretches of time in which being there mattered.

mod burst;
mod index;

pub use burst::WholeMailbox;
pub(super) use index::{Index, NAMED};

use super::Handled;
use super::record_key::RecordKey;
use crate::attribution::{Attribution, Confidence, Context, ContextId, Verdict};
use crate::brief::Brief;
use crate::interval::{HOUR, Interval, SKEW};
use model::{Timestamp, Touch};
use std::collections::{BTreeMap, HashMap};

/// Exchange logs the same synchronisation once an hour: what arrived until then may have been taken along.
const UNLOGGED: i64 = HOUR + SKEW;

/// Notes every synchronisation of the mailbox.
#[derive(Debug, Default)]
pub struct Log {
    rows: Vec<Row>,
    folders: Folders,
}

/// One folder of one record.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    time: Option<Timestamp>,
    folder: u32,
    record: RecordKey,
}

/// The distinct folders, as id and name, by the order of their coming.
#[derive(Debug, Default)]
struct Folders {
    numbers: HashMap<(String, String), u32>,
    spelled: Vec<(String, String)>,
}

impl Folders {
    fn number(&mut self, id: &str, name: &str) -> u32 {
        let spelled = (id.to_owned(), name.to_owned());
        if let Some(number) = self.numbers.get(&spelled) {
            return *number;
        }
        let number = self.spelled.len() as u32;
        self.numbers.insert(spelled.clone(), number);
        self.spelled.push(spelled);
        number
    }

    fn spelled(&self, number: u32) -> (&str, &str) {
        self.spelled
            .get(number as usize)
            .map_or(("", ""), |(id, name)| (id, name))
    }
}

/// One synchronisation with the time in which being in the folder mattered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncWindow {
    /// The folder's id; may be empty.
    pub folder_id: String,
    /// The folder's path or name.
    pub folder: String,
    /// From two minutes before the record until the synchronisation was over or logged again.
    pub during: Interval,
    /// When the record was written.
    pub time: Option<Timestamp>,
    /// Whose Outlook it was.
    pub context: ContextId,
    /// INTRUDER, or UNKNOWN where nobody can say: also an intruder's without a session, which the owner's cannot be told from.
    pub verdict: Verdict,
    /// How sure the context's verdict is.
    pub confidence: Confidence,
    /// The record.
    pub record: String,
}

/// The synchronisations that count as evidence, with what to look them up by.
#[derive(Clone, Debug, Default)]
pub struct Syncs {
    /// Every synchronisation by the intruder or by somebody unknown inside the window, by time.
    pub windows: Vec<SyncWindow>,
    /// When the intruder synchronised so many folders at once that the whole mailbox must be taken as downloaded.
    pub whole_mailbox: Vec<WholeMailbox>,
    pub(super) intruder: Index,
    pub(super) unknown: Index,
}

impl Log {
    /// Makes an empty log; what it hears is the mailbox's own, whatever the brief asks.
    #[must_use]
    pub fn new(_: &Brief) -> Self {
        Self::default()
    }

    /// Hears of a folder that was synchronised; other touches are passed over.
    pub fn hear(&mut self, handled: &Handled) {
        let is_sync = handled.touch == Some(Touch::Sync) && !handled.failed;
        if is_sync {
            self.rows.push(Row {
                time: handled.time,
                folder: self.folders.number(&handled.folder_id, &handled.folder),
                record: RecordKey::of(&handled.record),
            });
        }
    }

    /// Tells which synchronisations are evidence, and what time each of them covers.
    #[must_use]
    pub fn close(self, attribution: &Attribution) -> Syncs {
        let Self { rows, folders } = self;
        let mut runs = Runs::default();
        for row in rows {
            let record = row.record.to_string();
            let context = attribution.context_of(&record);
            if let Some(standing) = standing(context) {
                let (id, name) = folders.spelled(row.folder);
                runs.add(Sync {
                    time: row.time,
                    folder_id: id,
                    folder: name,
                    record,
                    context,
                    standing,
                });
            }
        }
        let mut windows = runs.windows(attribution);
        windows.retain(|window| counts(window, attribution));
        windows.sort_by(|left, right| order(left).cmp(&order(right)));
        windows.dedup();
        let whole_mailbox = burst::bursts(&windows, attribution);
        let all: Vec<(&str, &str)> = folders
            .spelled
            .iter()
            .map(|(id, name)| (id.as_str(), name.as_str()))
            .collect();
        Syncs {
            intruder: Index::of(&windows, Verdict::Intruder, &all),
            unknown: Index::of(&windows, Verdict::Unknown, &all),
            windows,
            whole_mailbox,
        }
    }
}

/// Returns as whose a synchronisation counts; the owner's and a service's are no evidence.
/// Without a session the intruder's Outlook cannot be told from the owner's.
fn standing(context: Option<&Context>) -> Option<Verdict> {
    match context {
        None => Some(Verdict::Unknown),
        Some(context) => match context.verdict {
            Verdict::Owner | Verdict::Service => None,
            Verdict::Intruder if !context.session.is_empty() => Some(Verdict::Intruder),
            Verdict::Intruder | Verdict::Unknown => Some(Verdict::Unknown),
        },
    }
}

/// What somebody unknown synchronised before or after the intruder's time is nobody's concern.
fn counts(window: &SyncWindow, attribution: &Attribution) -> bool {
    let is_intruders = attribution
        .context(&window.context)
        .is_some_and(|context| context.verdict == Verdict::Intruder);
    let near = attribution
        .window
        .is_none_or(|around| around.widened(SKEW, SKEW).meets(&window.during));
    is_intruders || near
}

type Order<'w> = (Option<Timestamp>, &'w str, &'w str, &'w str, Interval);

fn order(window: &SyncWindow) -> Order<'_> {
    (
        window.time,
        &window.record,
        &window.folder_id,
        &window.folder,
        window.during,
    )
}

/// A row that may be evidence.
struct Sync<'a> {
    time: Option<Timestamp>,
    folder_id: &'a str,
    folder: &'a str,
    record: String,
    context: Option<&'a Context>,
    standing: Verdict,
}

/// Synchronisations by session and folder: each lasts until the next of its run at the latest.
#[derive(Default)]
struct Runs<'a> {
    by_session: BTreeMap<(&'a str, &'a str), Vec<Sync<'a>>>,
    alone: Vec<Sync<'a>>,
}

impl<'a> Runs<'a> {
    fn add(&mut self, sync: Sync<'a>) {
        let session = sync.context.map_or("", |context| context.session.as_str());
        let folder = if sync.folder_id.is_empty() {
            sync.folder
        } else {
            sync.folder_id
        };
        let has_run = !session.is_empty() && sync.time.is_some();
        if has_run {
            let run = self.by_session.entry((session, folder)).or_default();
            run.push(sync);
        } else {
            self.alone.push(sync);
        }
    }

    fn windows(self, attribution: &Attribution) -> Vec<SyncWindow> {
        let mut ends: BTreeMap<&str, Option<Timestamp>> = BTreeMap::new();
        let mut windows = Vec::new();
        for ((session, _), mut run) in self.by_session {
            let end = *ends
                .entry(session)
                .or_insert_with(|| attribution.session_end(session));
            run.sort_by_key(|sync| sync.time);
            let times: Vec<Option<Timestamp>> = run.iter().map(|sync| sync.time).collect();
            for sync in run {
                let after = times.partition_point(|time| *time <= sync.time);
                let next = times.get(after).copied().flatten();
                let until = next.into_iter().chain(end).min();
                windows.push(sync.window(until));
            }
        }
        windows.extend(self.alone.into_iter().map(|sync| sync.window(None)));
        windows
    }
}

impl Sync<'_> {
    /// Makes the window of a synchronisation that went on until a moment; one without a time may have been at any.
    fn window(self, until: Option<Timestamp>) -> SyncWindow {
        let during = self.time.map_or(Interval::ALL, |time| {
            let until = until.map_or(time, |until| until.max(time));
            Interval::new(time, until).widened(SKEW, UNLOGGED)
        });
        SyncWindow {
            folder_id: self.folder_id.to_owned(),
            folder: self.folder.to_owned(),
            during,
            time: self.time,
            context: self
                .context
                .map(|context| context.id.clone())
                .unwrap_or_default(),
            verdict: self.standing,
            confidence: self
                .context
                .map_or(Confidence::Low, |context| context.confidence),
            record: self.record,
        }
    }
}

#[cfg(test)]
mod tests;
