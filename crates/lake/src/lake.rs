//! The lake itself: a folder of tables, an index of ids, a lock and at most one pending batch.

use crate::error::LakeError;
use crate::index::{self, Entry, Ids, Whole};
use crate::lock::{self, WriteLock};
use crate::tables::Table;
use crate::versions::Versions;
use crate::writer::Writer;
use crate::{batch, contents, log, session};
use datafusion::execution::runtime_env::RuntimeEnv;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing::warn;

/// Every record there is, in tables that any reader of Delta can open.
#[derive(Debug)]
pub struct Lake {
    pub(crate) root: PathBuf,
    pub(crate) runtime: Arc<RuntimeEnv>,
    /// The versions that are looked at; the current ones where there are none.
    pub(crate) pinned: Option<Versions>,
}

impl Lake {
    /// Opens the lake in a folder, making it when there is none; completes a batch that was
    /// cut off, unless somebody else is writing.
    pub async fn open(root: &Path) -> Result<Self, LakeError> {
        let root = std::path::absolute(root).map_err(LakeError::file(root))?;
        // Delta undoes a percent-encoding that is none, and would look in another folder.
        if root.to_str().is_none_or(|text| text.contains('%')) {
            let what = "a lake's path must be Unicode and hold no `%`";
            return Err(LakeError::file(&root)(io::Error::new(
                io::ErrorKind::InvalidFilename,
                what,
            )));
        }
        let pending = batch::pending_folder(&root);
        std::fs::create_dir_all(&pending).map_err(LakeError::file(&pending))?;
        let lake = Self {
            runtime: session::runtime(session::FOR_QUERIES)?,
            root,
            pinned: None,
        };
        if batch::pending(&lake.root)?.is_some()
            && let Some(_lock) = lake.try_lock()?
        {
            batch::recover(&lake.root).await?;
        }
        Ok(lake)
    }

    /// Takes the right to write; nothing while somebody else has it.
    pub fn try_lock(&self) -> Result<Option<WriteLock>, LakeError> {
        WriteLock::try_take(&self.root)
    }

    /// Returns who holds the right to write, as far as it can be told.
    pub fn lock_holder(&self) -> Option<String> {
        lock::holder(&self.root)
    }

    /// Returns a writer, after completing what was cut off and removing what never came to be.
    pub async fn writer<'a>(&'a self, lock: &'a WriteLock) -> Result<Writer<'a>, LakeError> {
        let last = self.settled(lock).await?;
        let ids = self.ids(last).await?;
        Ok(Writer::new(&self.root, ids, last))
    }

    /// Makes the index of ids again from the tables.
    pub async fn rebuild_index(&self, lock: &WriteLock) -> Result<(), LakeError> {
        let last = self.settled(lock).await?;
        self.made_again(last).await.map(drop)
    }

    /// Completes or removes what an earlier writer left, and returns the last batch's number.
    pub(crate) async fn settled(&self, lock: &WriteLock) -> Result<i64, LakeError> {
        lock.must_be_of(&self.root)?;
        batch::recover(&self.root).await?;
        let last = batch::last(&self.root).await?;
        batch::sweep(&self.root, last)?;
        Ok(last)
    }

    /// Returns the ids of all records; the index is made again where it is not what the tables say.
    async fn ids(&self, last_batch: i64) -> Result<Ids, LakeError> {
        let (ids, whole) = Ids::load(&self.root)?;
        let rows = self.record_rows().await?;
        if whole == Whole::Yes && ids.len() as u64 == rows {
            return Ok(ids);
        }
        if index::is_kept(&self.root) {
            warn!(
                ids = ids.len(),
                rows, "the index of ids is not what the tables say: making it again"
            );
        }
        self.made_again(last_batch).await
    }

    async fn made_again(&self, last_batch: i64) -> Result<Ids, LakeError> {
        let mut ids = Ids::default();
        let mut entries: Vec<Entry> = Vec::new();
        contents::each_entry(self, &mut |_, entry| {
            ids.enter(entry);
            entries.push(entry);
        })
        .await?;
        if index::is_kept(&self.root) || entries.len() >= index::WORTH_KEEPING {
            index::replace(&self.root, last_batch, &entries)?;
        }
        Ok(ids)
    }

    /// Returns how many records the tables hold, one a row, by their logs.
    async fn record_rows(&self) -> Result<u64, LakeError> {
        let mut rows = 0;
        for table in Table::of_records() {
            if let Some(opened) = log::open(&self.root, table).await? {
                rows += log::live(&opened, table)?
                    .iter()
                    .map(|file| file.rows)
                    .sum::<u64>();
            }
        }
        Ok(rows)
    }
}
