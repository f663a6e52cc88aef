//! What each file of a table was when it was written: its SHA-256, kept beside the tables.
//!
//! Parquet as it is written here has no checksums, so a changed byte gives other rows in
//! silence, and a changed word in a table's log hides whole files. `digests/unified.sha256`
//! has a line for each data file, before the log takes it, and for each file of the log:
//! its digest, its path in the lake, and a checksum of the line itself. Lines are only
//! added, the last for a path counts, and what names a file that is gone goes with a
//! compaction. Readers of Delta never see the folder.
//!
//! A lake of an older version has none of this. Its log is taken as it stands with the next
//! batch; its data files have no digest until they are merged.

use crate::batch;
use crate::datafile::Sealed;
use crate::error::LakeError;
use crate::files;
use crate::tables::Table;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

const FOLDER: &str = "digests";
const LOG: &str = "_delta_log";

/// The digests of one table's files.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    /// The digest in hexadecimal of each file, by its path in the lake.
    pub(crate) files: BTreeMap<String, String>,
    /// The numbers of the lines that are not as they were written.
    pub(crate) damaged: Vec<usize>,
}

impl Digests {
    /// Reads the digests of a table; none where none were ever kept.
    pub(crate) fn load(root: &Path, table: Table) -> Result<Self, LakeError> {
        let path = path(root, table);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(LakeError::file(&path)(error)),
        };
        let mut digests = Self::default();
        // What stands behind the last line's end was cut off while it was written.
        for (number, line) in whole_lines(&bytes).split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            match std::str::from_utf8(line).ok().and_then(read_line) {
                Some((name, digest)) => {
                    digests.files.insert(name.to_owned(), digest.to_owned());
                }
                None => digests.damaged.push(number + 1),
            }
        }
        // A whole line with another byte for its end was not cut off.
        let tail = &bytes[whole_lines(&bytes).len()..];
        let is_changed = tail
            .split_last()
            .and_then(|(_, line)| std::str::from_utf8(line).ok())
            .and_then(read_line)
            .is_some();
        if is_changed {
            digests.damaged.push(digests.files.len() + 1);
        }
        Ok(digests)
    }

    /// Returns the digest of a file in the table's folder.
    pub(crate) fn of_data(&self, table: Table, name: &str) -> Option<&str> {
        let path = format!("{}/{name}", table.name());
        self.files.get(&path).map(String::as_str)
    }

    /// Returns the first batch whose files have digests; those of later ones must have them.
    pub(crate) fn first_batch(&self) -> Option<i64> {
        self.files
            .keys()
            .filter_map(|path| batch::batch_of(path.rsplit('/').next()?))
            .min()
    }

    /// Returns the names of the files of the log that have digests.
    pub(crate) fn log_files(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter_map(|path| path.split_once("/_delta_log/").map(|(_, name)| name))
    }
}

/// Returns everything up to the end of the last whole line.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    &bytes[..end.map_or(0, |end| end + 1)]
}

/// Keeps the digests of data files, before the log takes them. Needs the lock.
pub(crate) fn keep_data(root: &Path, table: Table, add: &[Sealed]) -> Result<(), LakeError> {
    let known = Digests::load(root, table)?;
    let lines: String = add
        .iter()
        // A journal of an older version knows none.
        .filter(|file| !file.sha256.is_empty())
        .filter(|file| known.of_data(table, &file.name) != Some(&file.sha256))
        .map(|file| line(&format!("{}/{}", table.name(), file.name), &file.sha256))
        .collect();
    append(root, table, &lines)
}

/// Keeps the digests of those files of the log that have none yet. Needs the lock.
pub(crate) fn keep_log(root: &Path, table: Table) -> Result<(), LakeError> {
    let known = Digests::load(root, table)?;
    let folder = root.join(table.name()).join(LOG);
    let mut lines = String::new();
    for name in files::names(&folder)? {
        let path = format!("{}/{LOG}/{name}", table.name());
        if is_of_the_log(&name) && !known.files.contains_key(&path) {
            lines += &line(&path, &of_file(&folder.join(&name))?);
        }
    }
    append(root, table, &lines)
}

/// Forgets the files that are gone. Needs the lock.
pub(crate) fn forget_gone(root: &Path, table: Table) -> Result<(), LakeError> {
    let known = Digests::load(root, table)?;
    // Damage stays to be told; the files of a log never go.
    let is_all_there = known.files.keys().all(|name| root.join(name).exists());
    if !known.damaged.is_empty() || is_all_there {
        return Ok(());
    }
    let lines: String = known
        .files
        .iter()
        .filter(|(name, _)| name.contains(LOG) || root.join(name).exists())
        .map(|(name, digest)| line(name, digest))
        .collect();
    files::write_atomically(&path(root, table), lines.as_bytes())
}

/// Returns whether a file of a log stays as it is once it is written.
pub(crate) fn is_of_the_log(name: &str) -> bool {
    version_of(name).is_some()
}

/// Returns the version of its table that a file of the log tells.
pub(crate) fn version_of(name: &str) -> Option<u64> {
    let (version, kind) = name.split_once('.')?;
    let stays = kind == "json" || (kind.starts_with("checkpoint") && kind.ends_with("parquet"));
    stays.then(|| version.parse().ok()).flatten()
}

/// Returns the digest of a file in hexadecimal.
pub(crate) fn of_file(path: &Path) -> Result<String, LakeError> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0u8; 1 << 18];
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok(hex(&digest.finalize()));
            }
            digest.update(&buffer[..read]);
        }
    };
    read().map_err(LakeError::file(path))
}

/// A file that knows the digest of all that was written to it.
pub(crate) struct Digested {
    file: File,
    digest: Sha256,
}

impl Digested {
    pub(crate) fn new(file: File) -> Self {
        Self {
            file,
            digest: Sha256::new(),
        }
    }

    /// Returns the file and the digest in hexadecimal.
    pub(crate) fn into_parts(self) -> (File, String) {
        (self.file, hex(&self.digest.finalize()))
    }
}

impl Write for Digested {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a digest in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn line(path: &str, digest: &str) -> String {
    let told = format!("{digest}  {path}");
    format!("{told}  {:016x}\n", xxh3_64(told.as_bytes()))
}

fn read_line(line: &str) -> Option<(&str, &str)> {
    let (told, checksum) = line.rsplit_once("  ")?;
    let is_as_written = format!("{:016x}", xxh3_64(told.as_bytes())) == checksum;
    let (digest, path) = told.split_once("  ")?;
    is_as_written.then_some((path, digest))
}

fn append(root: &Path, table: Table, lines: &str) -> Result<(), LakeError> {
    if lines.is_empty() {
        return Ok(());
    }
    let path = path(root, table);
    let is_new = !path.exists();
    let write = || -> io::Result<()> {
        fs::create_dir_all(root.join(FOLDER))?;
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = whole_lines(&bytes).len();
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
        }
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    };
    write().map_err(LakeError::file(&path))?;
    if is_new {
        files::sync_folder(&root.join(FOLDER))?;
        files::sync_folder(root)?;
    }
    Ok(())
}

fn path(root: &Path, table: Table) -> PathBuf {
    root.join(FOLDER).join(format!("{}.sha256", table.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Family;

    const TABLE: Table = Table::Events(Family::Unified);

    #[test]
    fn a_line_is_read_as_it_was_written_and_no_other_way() {
        let written = line("unified/00000001-0.parquet", &"ab".repeat(32));
        let text = written.trim_end();
        assert_eq!(
            read_line(text),
            Some(("unified/00000001-0.parquet", "ab".repeat(32).as_str()))
        );
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(read_line(&changed), None, "{changed}");
        }
    }

    #[test]
    fn half_a_line_of_a_crash_is_written_over_and_changed_ones_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        append(root, TABLE, &line("unified/a.parquet", "aa")).unwrap();
        let half = line("unified/b.parquet", "bb");
        append(root, TABLE, &half[..half.len() - 3]).unwrap();
        append(root, TABLE, &line("unified/c.parquet", "cc")).unwrap();
        let digests = Digests::load(root, TABLE).unwrap();
        assert_eq!(
            digests.files.keys().collect::<Vec<_>>(),
            ["unified/a.parquet", "unified/c.parquet"]
        );
        assert!(digests.damaged.is_empty());
        append(root, TABLE, "nonsense\n").unwrap();
        assert_eq!(Digests::load(root, TABLE).unwrap().damaged, [3]);
    }
}
