//! What the engine tells while it works, and the one thing it asks: whether to go on.

use crate::import::FileReport;

/// How far the work on one file has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Bytes that the file has in all.
    pub of_bytes: u64,
    /// Records found in it.
    pub records: u64,
}

/// Someone who watches work that may take long.
pub trait Watch {
    /// Hears that another import holds the lock, and which process that is.
    fn waiting(&mut self, holder: Option<&str>);
    /// Hears that the bytes of a file are being kept in the raw store.
    fn keeping(&mut self, path: &str, progress: Progress);
    /// Hears that records of a file are being read.
    fn reading(&mut self, path: &str, progress: Progress);
    /// Hears that a file is done.
    fn done(&mut self, report: &FileReport);
    /// Says whether to stop at the next good place.
    fn stopped(&self) -> bool;
}

/// Nobody watches, and nobody stops it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn waiting(&mut self, _holder: Option<&str>) {}

    fn keeping(&mut self, _path: &str, _progress: Progress) {}

    fn reading(&mut self, _path: &str, _progress: Progress) {}

    fn done(&mut self, _report: &FileReport) {}

    fn stopped(&self) -> bool {
        false
    }
}
