//! How much room the file system of the data folder has.

use std::path::Path;

/// Returns how many bytes are free for this user, and how many there are in all.
#[cfg(unix)]
pub(super) fn room(folder: &Path) -> Option<(u64, u64)> {
    let about = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(about.f_frsize);
    Some((bytes(about.f_bavail), bytes(about.f_blocks)))
}

/// Returns nothing: elsewhere it cannot be told without a library for it.
#[cfg(not(unix))]
pub(super) fn room(_folder: &Path) -> Option<(u64, u64)> {
    None
}
