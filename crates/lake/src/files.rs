//! Writing files so that a crash leaves the old one or the new one, never half of one.

use crate::error::LakeError;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Writes a file under another name, makes it durable and gives it its name.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), LakeError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let draft = path.with_file_name(name);
    let mut file = File::create(&draft).map_err(LakeError::file(&draft))?;
    file.write_all(bytes).map_err(LakeError::file(&draft))?;
    file.sync_all().map_err(LakeError::file(&draft))?;
    fs::rename(&draft, path).map_err(LakeError::file(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LakeError> {
    // Only Unix lets a folder be opened; elsewhere the rename itself is durable.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(LakeError::file(folder))?;
    }
    Ok(())
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> Result<(), LakeError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(LakeError::file(path)(error))
        }
        _ => Ok(()),
    }
}

/// Returns the names of the files in a folder, sorted; none when there is no folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, LakeError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LakeError::file(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(LakeError::file(folder))?;
        if entry
            .file_type()
            .map_err(LakeError::file(folder))?
            .is_file()
        {
            names.extend(entry.file_name().into_string());
        }
    }
    names.sort();
    Ok(names)
}

/// Returns how large the files of a folder are together.
pub(crate) fn size_of_folder(folder: &Path) -> Result<u64, LakeError> {
    let mut size_bytes = 0;
    for name in names(folder)? {
        let path = folder.join(&name);
        size_bytes += fs::metadata(&path).map_err(LakeError::file(&path))?.len();
    }
    Ok(size_bytes)
}
