//! An opened data folder: the lake, the raw store and the ledger, and the runtime that drives the lake.

use crate::error::EngineError;
use crate::watch::Watch;
use lake::raw_store::RawStore;
use lake::{Compacted, Lake, Rows, Status, Verified, WriteLock};
use ledger::Ledger;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::Runtime;

/// An opened data folder.
#[derive(Debug)]
pub struct Store {
    pub(crate) runtime: Runtime,
    pub(crate) lake: Lake,
    pub(crate) raw: RawStore,
    pub(crate) ledger: Ledger,
    folder: PathBuf,
}

/// How long an old version of a table stays readable for whoever began reading it.
const GRACE: Duration = Duration::from_mins(10);

/// How many files a table may have before an import merges them.
const MANY_FILES: usize = 32;

/// What a data folder is known by.
const KEPT: [&str; 3] = ["ledger.sqlite", "lake", "config.toml"];

/// How often a waiting import looks whether the lock is free.
const LOCK_POLL: Duration = Duration::from_millis(200);

impl Store {
    /// Opens the data folder, making it when there is none.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        let unusable = |source| EngineError::Folder {
            path: folder.to_owned(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(unusable)?;
        let lake = runtime.block_on(Lake::open(&folder.join("lake")))?;
        let raw = RawStore::open(&folder.join("raw"))?;
        let ledger = Ledger::open(&folder.join("ledger.sqlite"))?;
        Ok(Self {
            runtime,
            lake,
            raw,
            ledger,
            folder: folder.to_owned(),
        })
    }

    /// Opens a data folder that is there, for whoever only reads: a mistyped name is told and
    /// makes no folder whose emptiness would look like an answer.
    pub fn open_existing(folder: &Path) -> Result<Self, EngineError> {
        let is_one = KEPT.iter().any(|name| folder.join(name).exists());
        let is_empty =
            || std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
        if is_one || is_empty() {
            return Self::open(folder);
        }
        Err(EngineError::NoData {
            path: folder.to_owned(),
            there: folder.exists(),
        })
    }

    /// Returns the data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a query and hands its rows over as they come.
    pub fn sql(
        &self,
        text: &str,
        visit: &mut dyn FnMut(&Rows) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        self.runtime
            .block_on(self.lake.sql(text, visit))
            .map_err(EngineError::Query)
    }

    /// Returns what the lake holds.
    pub fn status(&self) -> Result<Status, EngineError> {
        Ok(self.runtime.block_on(self.lake.status())?)
    }

    /// Merges small files, sorts them, and removes what no reader needs any more.
    pub fn compact(&self, watch: &mut dyn Watch) -> Result<Compacted, EngineError> {
        let lock = self.lock(watch)?;
        let cited = self.cited()?;
        Ok(self
            .runtime
            .block_on(self.lake.compact(&lock, GRACE, &cited))?)
    }

    /// Merges the small files of many imports, where there are enough of them to slow queries down.
    pub(crate) fn merge_small_files(&self, lock: &WriteLock) -> Result<(), EngineError> {
        if self.runtime.block_on(self.lake.most_files())? > MANY_FILES {
            let cited = self.cited()?;
            self.runtime
                .block_on(self.lake.compact(lock, GRACE, &cited))?;
        }
        Ok(())
    }

    /// Checks the files of the tables and the raw bytes against their digests, the tables
    /// against each other, against the index and against the raw bytes that their rows and
    /// the ledger's imports come from.
    pub fn verify(&self) -> Result<Verified, EngineError> {
        let mut verified = self.runtime.block_on(self.lake.verify())?;
        let mut sources = self.raw.digests()?;
        // Rows of tables that are damaged tell no source that could be trusted.
        if verified.faults.is_empty() {
            sources.extend(self.runtime.block_on(self.lake.source_files())?);
        }
        sources.extend(self.ledger.source_files()?);
        sources.remove("");
        verified
            .faults
            .extend(sources.iter().filter_map(|sha256| self.raw.fault(sha256)));
        Ok(verified)
    }

    /// Takes the write lock, waiting for whoever holds it.
    pub(crate) fn lock(&self, watch: &mut dyn Watch) -> Result<WriteLock, EngineError> {
        let mut told = false;
        loop {
            if let Some(lock) = self.lake.try_lock()? {
                return Ok(lock);
            }
            if watch.stopped() {
                return Err(EngineError::Interrupted);
            }
            if !told {
                watch.waiting(self.lake.lock_holder().as_deref());
                told = true;
            }
            // An advisory file lock has no event to wait for.
            std::thread::sleep(LOCK_POLL);
        }
    }
}
