//! Who may write: one process at a time, told by an advisory lock that ends with its holder.

use crate::datafile::modified_ms;
use crate::error::LakeError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const NAME: &str = ".lock";

/// The right to write to a lake, given back when it is dropped, however its holder ends.
#[derive(Debug)]
pub struct WriteLock {
    // Held for its lock alone.
    _file: File,
    root: PathBuf,
    taken_ms: i64,
}

impl WriteLock {
    pub(crate) fn try_take(root: &Path) -> Result<Option<Self>, LakeError> {
        let path = root.join(NAME);
        let failed = || LakeError::file(&path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed())?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(failed()(error)),
        }
        file.set_len(0).map_err(failed())?;
        file.seek(SeekFrom::Start(0)).map_err(failed())?;
        write!(file, "{}", std::process::id()).map_err(failed())?;
        let taken_ms = modified_ms(&file.metadata().map_err(failed())?);
        Ok(Some(Self {
            _file: file,
            root: root.to_owned(),
            taken_ms,
        }))
    }

    /// Returns when the lock was taken by the file system's clock, in milliseconds since 1970.
    pub(crate) fn taken_ms(&self) -> i64 {
        self.taken_ms
    }

    pub(crate) fn must_be_of(&self, root: &Path) -> Result<(), LakeError> {
        if self.root == root {
            Ok(())
        } else {
            Err(LakeError::WrongLock)
        }
    }
}

/// Returns the process that holds the lock, as it named itself, or none when it is free.
pub(crate) fn holder(root: &Path) -> Option<String> {
    let mut file = File::open(root.join(NAME)).ok()?;
    if file.try_lock_shared().is_ok() {
        return None;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    Some(format!("process {text}"))
}
