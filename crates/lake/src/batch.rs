//! How a batch gets into all tables or into none, whatever happens on the way.
//!
//! 1. The files of the batch are written and durable, under names that carry its number.
//! 2. Its journal, which names them and the ids that are new, gets its name in `pending`:
//!    from here on the batch happens.
//! 3. Each table's log takes its files, unless it has this batch's number already.
//! 4. The ids go into the index, unless it has them.
//! 5. The journal goes.
//!
//! Whoever finds a journal while holding the lock redoes steps 3 to 5. Files whose number
//! is beyond the last batch belong to one that never got its journal, and are removed.

use crate::datafile::Sealed;
use crate::error::LakeError;
use crate::log::{self, Change};
use crate::tables::Table;
use crate::{files, index};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tracing::info;

/// The form of the journal; another one is refused.
const VERSION: u32 = 1;

/// What a batch adds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    version: u32,
    pub(crate) batch: i64,
    /// The files, by the name of their table.
    pub(crate) files: BTreeMap<String, Vec<Sealed>>,
}

/// Where a test stops a batch: after the step has been taken.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    FilesWritten,
    JournalDrafted,
    Journalled,
    OneTableCommitted,
    Committed,
    IdsTorn,
    Indexed,
}

/// What a test may break; nothing outside of tests.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fault {
    #[cfg(test)]
    pub(crate) stop_after: Option<Step>,
}

#[cfg(test)]
impl Fault {
    pub(crate) fn here(self, step: Step) -> Result<(), LakeError> {
        if self.stop_after == Some(step) {
            Err(LakeError::StoppedByTest)
        } else {
            Ok(())
        }
    }
}

impl Journal {
    pub(crate) fn new(batch: i64, files: BTreeMap<String, Vec<Sealed>>) -> Self {
        Self {
            version: VERSION,
            batch,
            files,
        }
    }

    /// Takes steps 2 to 5. The frame holds the ids.
    pub(crate) async fn happen(
        &self,
        root: &Path,
        frame: &[u8],
        fault: Fault,
    ) -> Result<(), LakeError> {
        #[cfg(test)]
        fault.here(Step::FilesWritten)?;
        for table in self.files.keys() {
            files::sync_folder(&root.join(table))?;
        }
        files::sync_folder(root)?;
        files::write_atomically(&ids_path(root, self.batch), frame)?;
        #[cfg(test)]
        fault.here(Step::JournalDrafted)?;
        let path = path(root, self.batch);
        let text = serde_json::to_vec(self).map_err(|source| LakeError::Journal {
            path: path.clone(),
            source: source.into(),
        })?;
        files::write_atomically(&path, &text)?;
        #[cfg(test)]
        fault.here(Step::Journalled)?;
        self.commit_tables(root, fault).await?;
        #[cfg(test)]
        {
            fault.here(Step::Committed)?;
            if fault.stop_after == Some(Step::IdsTorn) {
                index::append(root, &frame[..frame.len() - 1])?;
                return Err(LakeError::StoppedByTest);
            }
        }
        index::append(root, frame)?;
        #[cfg(test)]
        fault.here(Step::Indexed)?;
        forget(root, self.batch)
    }

    async fn commit_tables(&self, root: &Path, fault: Fault) -> Result<(), LakeError> {
        for (name, add) in &self.files {
            let Some(table) = Table::named(name) else {
                let source = format!("it names the table `{name}`, which there is not").into();
                return Err(LakeError::Journal {
                    path: path(root, self.batch),
                    source,
                });
            };
            let change = Change {
                batch: self.batch,
                add,
                remove: &[],
                removed_ms: 0,
            };
            log::commit(root, table, &change).await?;
            #[cfg(test)]
            fault.here(Step::OneTableCommitted)?;
        }
        let _ = fault;
        Ok(())
    }
}

/// Returns the number of the batch that has a journal and is not through, if there is one.
pub(crate) fn pending(root: &Path) -> Result<Option<i64>, LakeError> {
    let names = files::names(&pending_folder(root))?;
    Ok(names
        .iter()
        .find_map(|name| name.strip_suffix(".json")?.parse().ok()))
}

/// Completes a batch that was cut off after its journal got its name. Needs the lock.
pub(crate) async fn recover(root: &Path) -> Result<(), LakeError> {
    while let Some(batch) = pending(root)? {
        let path = path(root, batch);
        let unreadable = |source| LakeError::Journal {
            path: path.clone(),
            source,
        };
        let text = std::fs::read(&path).map_err(LakeError::file(&path))?;
        let journal: Journal =
            serde_json::from_slice(&text).map_err(|source| unreadable(source.into()))?;
        if journal.version != VERSION {
            return Err(unreadable(
                format!("it has the form {}, not {VERSION}", journal.version).into(),
            ));
        }
        let ids = ids_path(root, batch);
        let frame = std::fs::read(&ids).map_err(LakeError::file(&ids))?;
        journal.commit_tables(root, Fault::default()).await?;
        index::append_once(root, batch, &frame)?;
        forget(root, batch)?;
        info!(batch, "completed the batch {batch}, which had been cut off");
    }
    Ok(())
}

/// Removes what a batch left behind that never got its journal. Needs the lock, and that
/// nothing is pending.
pub(crate) fn sweep(root: &Path, last_batch: i64) -> Result<(), LakeError> {
    for table in Table::all() {
        let folder = log::folder(root, table);
        for name in files::names(&folder)? {
            if batch_of(&name).is_some_and(|batch| batch > last_batch) {
                files::remove(&folder.join(name))?;
            }
        }
    }
    let folder = pending_folder(root);
    for name in files::names(&folder)? {
        files::remove(&folder.join(name))?;
    }
    Ok(())
}

/// Returns the number of the last batch that any table holds, 0 when there is none.
pub(crate) async fn last(root: &Path) -> Result<i64, LakeError> {
    let mut last = 0;
    for table in Table::all() {
        if let Some(opened) = log::open(root, table).await? {
            last = last.max(log::last_batch(&opened, table).await?);
        }
    }
    Ok(last)
}

/// Whether the rows of a file lie in the order of their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Sorted,
    AsTheyCame,
    /// Sorted, and so many that the file is left as it is.
    Settled,
}

/// Returns the name of a batch's file.
pub(crate) fn file_name(batch: i64, number: usize, order: Order) -> String {
    match order {
        Order::Sorted => format!("{batch:08}-{number}.sorted.parquet"),
        Order::Settled => format!("{batch:08}-{number}.settled.parquet"),
        Order::AsTheyCame => format!("{batch:08}-{number}.parquet"),
    }
}

/// Returns the order that a file's name tells.
pub(crate) fn order_of(name: &str) -> Order {
    if name.ends_with(".sorted.parquet") {
        Order::Sorted
    } else if name.ends_with(".settled.parquet") {
        Order::Settled
    } else {
        Order::AsTheyCame
    }
}

/// Returns the number of the batch that a file belongs to.
pub(crate) fn batch_of(name: &str) -> Option<i64> {
    name.strip_suffix(".parquet")?
        .split_once('-')?
        .0
        .parse()
        .ok()
}

/// Removes the journal first: without it the ids beside it mean nothing.
fn forget(root: &Path, batch: i64) -> Result<(), LakeError> {
    files::remove(&path(root, batch))?;
    files::remove(&ids_path(root, batch))
}

pub(crate) fn pending_folder(root: &Path) -> PathBuf {
    root.join("pending")
}

fn path(root: &Path, batch: i64) -> PathBuf {
    pending_folder(root).join(format!("{batch}.json"))
}

fn ids_path(root: &Path, batch: i64) -> PathBuf {
    pending_folder(root).join(format!("{batch}.ids"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_its_batch_and_order() {
        for (order, number) in [
            (Order::Sorted, 3),
            (Order::AsTheyCame, 12),
            (Order::Settled, 0),
        ] {
            let name = file_name(41, number, order);
            assert_eq!(batch_of(&name), Some(41));
            assert_eq!(order_of(&name), order);
        }
        assert_eq!(batch_of("part-0001.parquet"), None);
    }
}
