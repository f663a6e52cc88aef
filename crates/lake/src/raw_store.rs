//! The bytes of every source file as they were received, addressed by their SHA-256.
//!
//! A file is kept before anything is read from it, so that whatever the readers and the
//! lake make of it can be made again. The store knows nothing of records: it gives back
//! bytes at an offset.
//!
//! On disk: `ab/abcd....zst` holds zstd frames of `FRAME_BYTES` each, one after the
//! other, which any zstd tool unpacks as one file; `ab/abcd....json` beside it holds the
//! digest, the sizes, where each frame begins, and from where and when the file came.

use crate::digests::hex;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How many bytes of a file one frame holds: what reading at an offset must unpack at most.
const FRAME_BYTES: usize = 1 << 20;

/// Evidence is read far more often than it is written, and the tables are the small form:
/// the fastest level costs a third of the time of the default and a tenth more space.
const LEVEL: i32 = 1;

/// The store of source files under one folder.
#[derive(Debug)]
pub struct RawStore {
    root: PathBuf,
}

/// What is known of a kept file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The form of this description.
    version: u32,
    /// The SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
    /// How large the file is.
    pub size_bytes: u64,
    /// How large it is as it is kept.
    pub stored_bytes: u64,
    /// Where each frame begins in the kept form.
    frames: Vec<u64>,
    /// From where and when it came, once for each time.
    pub origins: Vec<Origin>,
    /// The SHA-256 of this description without this field; empty where an older version wrote it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    checksum: String,
}

impl Kept {
    /// Returns what the checksum is to be.
    fn summed(&self) -> Result<String, serde_json::Error> {
        let bare = Self {
            checksum: String::new(),
            ..self.clone()
        };
        Ok(hex(&Sha256::digest(serde_json::to_vec(&bare)?)))
    }
}

/// From where and when a file came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its path, as the operator gave it.
    pub name: String,
    /// When it was taken in, RFC 3339.
    pub time: String,
    /// The answers that it is made of, where it was collected, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// One answer of a service, as it lies in a kept file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Where it begins.
    pub offset: u64,
    /// How long it is.
    pub size_bytes: u64,
    /// What was asked: the service, and the path or link.
    pub asked: String,
    /// The service's own name of its answer, by which its keeper can find it; empty where it gave none.
    pub request_id: String,
    /// When it was received, RFC 3339.
    pub received: String,
}

/// Why the raw store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RawStoreError {
    /// Reading the source failed.
    #[error("read `{name}`")]
    Source {
        /// The source's name.
        name: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The store's own files could not be read or written.
    #[error("use the raw store at `{path}`")]
    Store {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is not in the store.
    #[error("find `{sha256}` in the raw store")]
    Missing {
        /// The digest asked for.
        sha256: String,
    },
    /// The kept bytes are not those that were received.
    #[error("trust `{sha256}` in the raw store: its bytes have the digest {found}")]
    Changed {
        /// The digest it is kept under.
        sha256: String,
        /// The digest that its bytes have.
        found: String,
    },
}

impl RawStore {
    /// Opens the store, making its folder when there is none.
    pub fn open(root: &Path) -> Result<Self, RawStoreError> {
        fs::create_dir_all(root).map_err(at(root))?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Removes what an interrupted [`Self::keep`] left behind; only for the holder of the write lock.
    pub fn sweep(&self) -> Result<(), RawStoreError> {
        for entry in fs::read_dir(&self.root).map_err(at(&self.root))? {
            let entry = entry.map_err(at(&self.root))?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
            }
        }
        Ok(())
    }

    /// Keeps a file. `advance` hears how many bytes were taken and says whether to go on;
    /// nothing is returned when it says no.
    pub fn keep(
        &self,
        source: &mut dyn Read,
        name: &str,
        now: Timestamp,
        advance: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<Kept>, RawStoreError> {
        let origin = Origin {
            name: name.to_owned(),
            time: now.to_string(),
            parts: Vec::new(),
        };
        self.keep_from(source, origin, advance)
    }

    /// Keeps a file, and with it everything that is known of where it came from.
    pub fn keep_from(
        &self,
        source: &mut dyn Read,
        origin: Origin,
        advance: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<Kept>, RawStoreError> {
        let mut unfinished = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(&self.root)
            .map_err(at(&self.root))?;
        let mut digest = Sha256::new();
        let mut frames = Vec::new();
        let (mut size_bytes, mut stored_bytes) = (0u64, 0u64);
        let mut compressor = zstd::bulk::Compressor::new(LEVEL).map_err(at(&self.root))?;
        let mut frame = vec![0u8; FRAME_BYTES];
        // Kept from frame to frame: the system clears every page that it hands out anew.
        let mut packed = Vec::with_capacity(zstd::zstd_safe::compress_bound(FRAME_BYTES));
        loop {
            let filled = fill(source, &mut frame).map_err(|source| RawStoreError::Source {
                name: origin.name.clone(),
                source,
            })?;
            if filled == 0 {
                break;
            }
            digest.update(&frame[..filled]);
            packed.clear();
            compressor
                .compress_to_buffer(&frame[..filled], &mut packed)
                .map_err(at(unfinished.path()))?;
            unfinished
                .write_all(&packed)
                .map_err(at(unfinished.path()))?;
            frames.push(stored_bytes);
            stored_bytes += packed.len() as u64;
            size_bytes += filled as u64;
            if !advance(filled as u64) {
                return Ok(None);
            }
        }
        let sha256 = hex(&digest.finalize());
        let kept = Kept {
            version: 1,
            sha256,
            size_bytes,
            stored_bytes,
            frames,
            origins: vec![origin],
            checksum: String::new(),
        };
        self.settle(unfinished, kept).map(Some)
    }

    /// Moves a finished file to its place: the description first, so that bytes in place are always described.
    fn settle(
        &self,
        unfinished: tempfile::NamedTempFile,
        mut kept: Kept,
    ) -> Result<Kept, RawStoreError> {
        let place = self.place(&kept.sha256);
        if place.exists() {
            let mut known = self.describe(&kept.sha256)?;
            known.origins.append(&mut kept.origins);
            self.write_description(&known)?;
            return Ok(known);
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        self.write_description(&kept)?;
        unfinished.as_file().sync_all().map_err(at(&place))?;
        unfinished
            .persist(&place)
            .map_err(|failed| RawStoreError::Store {
                path: place.clone(),
                source: failed.error,
            })?;
        Ok(kept)
    }

    fn write_description(&self, kept: &Kept) -> Result<(), RawStoreError> {
        let place = self.place(&kept.sha256).with_extension("json");
        let write = || -> io::Result<()> {
            let mut file = tempfile::Builder::new()
                .prefix(UNFINISHED)
                .tempfile_in(&self.root)?;
            let kept = Kept {
                checksum: kept.summed()?,
                ..kept.clone()
            };
            serde_json::to_writer(&mut file, &kept)?;
            file.as_file().sync_all()?;
            file.persist(&place).map_err(|failed| failed.error)?;
            Ok(())
        };
        write().map_err(at(&place))
    }

    /// Returns what is known of a kept file.
    pub fn describe(&self, sha256: &str) -> Result<Kept, RawStoreError> {
        let place = self.place(sha256).with_extension("json");
        let text = match fs::read(&place) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(RawStoreError::Missing {
                    sha256: sha256.to_owned(),
                });
            }
            Err(error) => return Err(at(&place)(error)),
        };
        serde_json::from_slice(&text).map_err(|error| at(&place)(error.into()))
    }

    /// Opens a kept file for reading at any offset.
    pub fn read(&self, sha256: &str) -> Result<RawReader, RawStoreError> {
        let kept = self.describe(sha256)?;
        let place = self.place(sha256);
        let file = File::open(&place).map_err(at(&place))?;
        Ok(RawReader {
            file,
            kept,
            at: 0,
            decompressor: zstd::bulk::Decompressor::new().map_err(at(&place))?,
            packed: Vec::new(),
            frame: Vec::new(),
            frame_number: None,
        })
    }

    /// Checks that a kept file still has the bytes that were received.
    pub fn verify(&self, sha256: &str) -> Result<(), RawStoreError> {
        let mut reader = self.read(sha256)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0u8; 1 << 20];
        loop {
            let read = reader.read(&mut buffer).map_err(at(&self.place(sha256)))?;
            if read == 0 {
                break;
            }
            digest.update(&buffer[..read]);
        }
        let found = hex(&digest.finalize());
        if found == sha256 {
            Ok(())
        } else {
            Err(RawStoreError::Changed {
                sha256: sha256.to_owned(),
                found,
            })
        }
    }

    /// Returns every kept file, ordered by digest.
    pub fn all(&self) -> Result<Vec<Kept>, RawStoreError> {
        let mut kept = Vec::new();
        for folder in sorted_entries(&self.root)?
            .into_iter()
            .filter(|path| path.is_dir())
        {
            for place in sorted_entries(&folder)? {
                let is_file_itself = place
                    .extension()
                    .is_some_and(|extension| extension == "zst");
                if let (true, Some(name)) = (is_file_itself, place.file_stem()) {
                    kept.push(self.describe(&name.to_string_lossy())?);
                }
            }
        }
        Ok(kept)
    }

    /// Returns the digest of every file of which anything is there: bytes, description or both.
    pub fn digests(&self) -> Result<BTreeSet<String>, RawStoreError> {
        let mut digests = BTreeSet::new();
        for folder in sorted_entries(&self.root)?
            .into_iter()
            .filter(|path| path.is_dir())
        {
            for place in sorted_entries(&folder)? {
                let stem = place.file_stem().unwrap_or_default().to_string_lossy();
                let is_ours = place
                    .extension()
                    .is_some_and(|extension| extension == "zst" || extension == "json");
                if is_ours {
                    digests.insert(stem.into_owned());
                }
            }
        }
        Ok(digests)
    }

    /// Checks what is kept of a file, its description with it; returns what is wrong in a
    /// sentence, and nothing when all is well.
    #[must_use]
    pub fn fault(&self, sha256: &str) -> Option<String> {
        let place = self.place(sha256);
        let kept = match self.describe(sha256) {
            Ok(kept) => kept,
            Err(RawStoreError::Missing { .. }) if place.exists() => {
                return Some(format!(
                    "the description of the source file `{sha256}` is gone"
                ));
            }
            Err(RawStoreError::Missing { .. }) => {
                return Some(format!(
                    "the source file `{sha256}` is gone, bytes and description"
                ));
            }
            Err(error) => {
                return Some(format!(
                    "the description of the source file `{sha256}` cannot be read: {}",
                    cause(&error)
                ));
            }
        };
        let is_described_as_written = kept.sha256 == sha256
            && (kept.checksum.is_empty()
                || kept.summed().is_ok_and(|summed| summed == kept.checksum));
        if !is_described_as_written {
            return Some(format!(
                "the description of the source file `{sha256}` is not as it was written"
            ));
        }
        match self.verify(sha256) {
            Ok(()) => None,
            Err(_) if !place.exists() => {
                Some(format!("the bytes of the source file `{sha256}` are gone"))
            }
            Err(RawStoreError::Changed { found, .. }) => Some(format!(
                "the bytes of the source file `{sha256}` are not those received: they have the digest {found}"
            )),
            Err(error) => Some(format!(
                "the bytes of the source file `{sha256}` are not those received: {}",
                cause(&error)
            )),
        }
    }

    fn place(&self, sha256: &str) -> PathBuf {
        let folder = sha256.get(..2).unwrap_or("xx");
        self.root.join(folder).join(format!("{sha256}.zst"))
    }
}

const UNFINISHED: &str = ".unfinished-";

/// A kept file, read at any offset: only the frame around the offset is unpacked.
pub struct RawReader {
    file: File,
    kept: Kept,
    at: u64,
    decompressor: zstd::bulk::Decompressor<'static>,
    packed: Vec<u8>,
    frame: Vec<u8>,
    frame_number: Option<usize>,
}

impl std::fmt::Debug for RawReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawReader")
            .field("sha256", &self.kept.sha256)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl RawReader {
    fn load(&mut self, number: usize) -> io::Result<()> {
        if self.frame_number == Some(number) {
            return Ok(());
        }
        let damaged = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the description's frames are not those of the file",
            )
        };
        let from = self.kept.frames.get(number).copied().ok_or_else(damaged)?;
        let to = self
            .kept
            .frames
            .get(number + 1)
            .copied()
            .unwrap_or(self.kept.stored_bytes);
        let length = to
            .checked_sub(from)
            .filter(|length| *length <= zstd::zstd_safe::compress_bound(FRAME_BYTES) as u64)
            .ok_or_else(damaged)?;
        self.packed.resize(length as usize, 0);
        self.file.seek(SeekFrom::Start(from))?;
        self.file.read_exact(&mut self.packed)?;
        self.frame_number = None;
        self.frame.clear();
        self.frame.reserve(FRAME_BYTES);
        self.decompressor
            .decompress_to_buffer(&self.packed, &mut self.frame)?;
        self.frame_number = Some(number);
        Ok(())
    }
}

impl Read for RawReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.kept.size_bytes || buffer.is_empty() {
            return Ok(0);
        }
        self.load((self.at / FRAME_BYTES as u64) as usize)?;
        let inside = (self.at % FRAME_BYTES as u64) as usize;
        let Some(rest) = self.frame.get(inside..) else {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a frame of the raw store is shorter than described",
            ));
        };
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for RawReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.kept.size_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.at)
    }
}

fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, RawStoreError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        paths.push(entry.map_err(at(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Tells what the system said, without the path that everybody knows.
fn cause(error: &RawStoreError) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), ToString::to_string)
}

fn at(path: &Path) -> impl Fn(io::Error) -> RawStoreError + use<> {
    let path = path.to_owned();
    move |source| RawStoreError::Store {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, RawStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = RawStore::open(folder.path()).expect("a store");
        (folder, store)
    }

    fn keep(store: &RawStore, bytes: &[u8], name: &str) -> Kept {
        store
            .keep(&mut &bytes[..], name, Timestamp(0), &mut |_| true)
            .expect("kept")
            .expect("not stopped")
    }

    fn several_frames() -> Vec<u8> {
        (0..(FRAME_BYTES * 2 + 12_345))
            .map(|at| (at % 251) as u8 ^ (at / 4099) as u8)
            .collect()
    }

    #[test]
    fn what_is_kept_comes_back_byte_for_byte() {
        let (_folder, store) = store();
        let bytes = several_frames();
        let kept = keep(&store, &bytes, "export.csv");
        let mut back = Vec::new();
        store
            .read(&kept.sha256)
            .expect("there")
            .read_to_end(&mut back)
            .expect("read");
        assert!(back == bytes);
        store.verify(&kept.sha256).expect("unchanged");
    }

    #[test]
    fn an_offset_is_reached_without_reading_what_is_before_it() {
        let (_folder, store) = store();
        let bytes = several_frames();
        let kept = keep(&store, &bytes, "export.csv");
        let mut reader = store.read(&kept.sha256).expect("there");
        for offset in [0, FRAME_BYTES - 3, FRAME_BYTES, bytes.len() - 10] {
            let mut piece = [0u8; 10];
            reader.seek(SeekFrom::Start(offset as u64)).expect("seek");
            reader.read_exact(&mut piece).expect("read");
            assert_eq!(piece, bytes[offset..offset + 10], "at {offset}");
        }
    }

    #[test]
    fn the_same_bytes_are_kept_once_with_both_origins() {
        let (_folder, store) = store();
        keep(&store, b"one", "a.csv");
        let again = keep(&store, b"one", "b.csv");
        let names: Vec<&str> = again
            .origins
            .iter()
            .map(|origin| origin.name.as_str())
            .collect();
        assert_eq!(names, ["a.csv", "b.csv"]);
        assert_eq!(store.all().expect("listed").len(), 1);
    }

    #[test]
    fn changed_bytes_are_named() {
        let (folder, store) = store();
        let kept = keep(&store, b"the original", "a.csv");
        let place = folder
            .path()
            .join(&kept.sha256[..2])
            .join(format!("{}.zst", kept.sha256));
        fs::write(
            &place,
            zstd::bulk::compress(b"the 0riginal", 1).expect("packed"),
        )
        .expect("written");
        assert!(matches!(
            store.verify(&kept.sha256),
            Err(RawStoreError::Changed { .. } | RawStoreError::Store { .. })
        ));
    }

    #[test]
    fn a_stopped_keep_leaves_nothing() {
        let (folder, store) = store();
        let stopped = store
            .keep(&mut &b"bytes"[..], "a.csv", Timestamp(0), &mut |_| false)
            .expect("no error");
        assert!(stopped.is_none());
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
    }

    #[test]
    fn an_empty_file_is_kept_too() {
        let (_folder, store) = store();
        let kept = keep(&store, b"", "empty.csv");
        assert_eq!(kept.size_bytes, 0);
        store.verify(&kept.sha256).expect("unchanged");
    }

    #[test]
    fn whatever_is_damaged_or_gone_is_a_fault_and_no_failure() {
        type Damage = (&'static str, &'static str, fn(&Path));
        let damage: [Damage; 4] = [
            ("zst", "are gone", |path| {
                fs::remove_file(path).expect("removed");
            }),
            ("json", "description", |path| {
                fs::remove_file(path).expect("removed");
            }),
            ("zst", "not those received", |path| flip_middle(path)),
            ("json", "description", |path| flip_middle(path)),
        ];
        for (kind, told, harm) in damage {
            let (folder, store) = store();
            let kept = keep(&store, &several_frames(), "export.csv");
            assert_eq!(store.fault(&kept.sha256), None);
            let place = folder.path().join(&kept.sha256[..2]);
            harm(&place.join(format!("{}.{kind}", kept.sha256)));
            assert!(store.digests().expect("listed").contains(&kept.sha256));
            let fault = store.fault(&kept.sha256).expect("a fault");
            assert!(fault.contains(told), "{fault}");
        }
    }

    #[test]
    fn every_byte_of_a_description_counts() {
        let (folder, store) = store();
        let kept = keep(&store, b"the original", "a.csv");
        let place = folder
            .path()
            .join(&kept.sha256[..2])
            .join(format!("{}.json", kept.sha256));
        let sound = fs::read(&place).expect("read");
        for at in 0..sound.len() {
            let mut changed = sound.clone();
            changed[at] ^= 1;
            fs::write(&place, &changed).expect("written");
            assert!(
                store.fault(&kept.sha256).is_some(),
                "{}",
                String::from_utf8_lossy(&changed)
            );
        }
        // A description that an older version wrote has no checksum.
        let text = String::from_utf8(sound).expect("text");
        let end = text.find(",\"checksum\"").expect("there");
        fs::write(&place, format!("{}}}", &text[..end])).expect("written");
        assert_eq!(store.fault(&kept.sha256), None);
    }

    fn flip_middle(path: &Path) {
        let mut bytes = fs::read(path).expect("read");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x20;
        fs::write(path, bytes).expect("written");
    }
}
