//! Which records the lake holds: their ids and the digests of their bodies, kept beside
//! the tables so that a duplicate is known without reading them.
//!
//! On disk it is a log of frames, one a batch: a header with a checksum, then sixteen bytes
//! an entry. 96 bits of a 128-bit hash stand for (tenant, source, id): among a billion
//! records two different ids meet with a probability below 10^-11. 32 bits stand for the
//! body: a different body under a known id is missed once in four billion such conflicts.
//! The file holds nothing the tables do not hold and is made from them again when it is
//! missing or wrong. A small lake has none: reading its tables is as quick, and the file
//! would be a quarter of them.

use crate::error::LakeError;
use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const NAME: &str = "ids.log";
const MAGIC: [u8; 4] = *b"ids1";
const HEADER_BYTES: usize = 28;
/// From how many entries on the file is kept.
pub(crate) const WORTH_KEEPING: usize = 50_000;

/// How large an entry is on disk.
const ENTRY_BYTES: usize = 16;

/// What stands for (tenant, source, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key([u32; 3]);

impl Key {
    /// Returns the key of a record.
    pub(crate) fn of_record(tenant: &str, source: &str, id: &str) -> Self {
        Self::of([tenant.as_bytes(), source.as_bytes(), id.as_bytes()])
    }

    /// Returns the key of what could not be read, which is known by where it stands.
    pub(crate) fn of_reject(file: &str, member: &str, offset: u64) -> Self {
        // No source has an empty name, so that these never meet the key of a record.
        Self::of([
            file.as_bytes(),
            b"",
            &[member.as_bytes(), &offset.to_le_bytes()].concat(),
        ])
    }

    fn of(parts: [&[u8]; 3]) -> Self {
        let mut hash = Xxh3::new();
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.digest128();
        Self([digest as u32, (digest >> 32) as u32, (digest >> 64) as u32])
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0[0]) | u64::from(self.0[1]) << 32);
    }
}

/// A key is a hash already.
#[derive(Clone, Copy, Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ xxh3_64(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn write_i32(&mut self, number: i32) {
        self.0 ^= u64::from(number.cast_unsigned()).rotate_left(17);
    }
}

/// Returns the part of a body's digest that is kept.
pub(crate) fn short(fingerprint: u64) -> i32 {
    (fingerprint ^ fingerprint >> 32) as i32
}

/// A record that the lake holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) body: i32,
}

/// The body of a copy that lost columns on its way, such as a row of Sentinel's tables: it
/// says nothing that a whole copy could contradict.
const POORER: i32 = 0;

/// What is known of a record that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing.
    Never,
    /// This body under this id.
    Same,
    /// Another body under this id, and this one not.
    Differs,
    /// A copy of this record that lost columns on its way, and this one not.
    Poorer,
}

/// The ids in memory.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    first: HashMap<Key, i32, BuildHasherDefault<AsItIs>>,
    others: HashSet<Entry, BuildHasherDefault<AsItIs>>,
    batches: HashSet<i64>,
}

impl Ids {
    /// Looks a record up and enters it when it is new.
    pub(crate) fn enter(&mut self, entry: Entry) -> Seen {
        match self.first.entry(entry.key) {
            MapEntry::Vacant(free) => {
                free.insert(entry.body);
                Seen::Never
            }
            MapEntry::Occupied(known) if *known.get() == entry.body || entry.body == POORER => {
                Seen::Same
            }
            MapEntry::Occupied(known) if self.others.insert(entry) => {
                if *known.get() == POORER {
                    Seen::Poorer
                } else {
                    Seen::Differs
                }
            }
            MapEntry::Occupied(_) => Seen::Same,
        }
    }

    /// Returns whether the lake holds this body under this id.
    pub(crate) fn holds(&self, entry: Entry) -> bool {
        self.first.get(&entry.key) == Some(&entry.body) || self.others.contains(&entry)
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.others.len()
    }

    /// Reads the log; the frames after a damaged one are left out, and the flag says so.
    pub(crate) fn load(root: &Path) -> Result<(Self, Whole), LakeError> {
        let path = root.join(NAME);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok((Self::default(), Whole::Yes));
            }
            Err(error) => return Err(LakeError::file(&path)(error)),
        };
        let mut ids = Self::default();
        let mut good = 0;
        while let Some(frame) = Frame::read(&mut file).map_err(LakeError::file(&path))? {
            good += frame.bytes();
            if ids.batches.insert(frame.batch) {
                ids.first.reserve(frame.payload.len() / ENTRY_BYTES);
                for entry in frame.entries() {
                    ids.enter(entry);
                }
            }
        }
        let length = file.metadata().map_err(LakeError::file(&path))?.len();
        Ok((
            ids,
            if good == length {
                Whole::Yes
            } else {
                Whole::UpTo(good)
            },
        ))
    }
}

/// Whether a log could be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    Yes,
    /// The frames are sound up to this byte only.
    UpTo(u64),
}

/// A batch of entries with its number.
struct Frame {
    batch: i64,
    payload: Vec<u8>,
}

impl Frame {
    /// Reads the next frame; nothing at the end or where a frame is damaged.
    fn read(file: &mut File) -> std::io::Result<Option<Self>> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        file.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
        let Some((batch, count, checksum)) = parse(&header) else {
            return Ok(None);
        };
        let Some(length) = count.checked_mul(ENTRY_BYTES as u64) else {
            return Ok(None);
        };
        let mut payload = Vec::new();
        file.take(length).read_to_end(&mut payload)?;
        let sound = payload.len() as u64 == length && checksum_of(batch, &payload) == checksum;
        Ok(sound.then_some(Self { batch, payload }))
    }

    fn bytes(&self) -> u64 {
        (HEADER_BYTES + self.payload.len()) as u64
    }

    fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.payload.chunks_exact(ENTRY_BYTES).map(|bytes| {
            let word = |at: usize| {
                u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
            };
            Entry {
                key: Key([word(0), word(4), word(8)]),
                body: word(12).cast_signed(),
            }
        })
    }
}

fn parse(header: &[u8]) -> Option<(i64, u64, u64)> {
    let (magic, rest) = header.split_first_chunk::<4>()?;
    let (batch, rest) = rest.split_first_chunk::<8>()?;
    let (count, rest) = rest.split_first_chunk::<8>()?;
    let checksum = rest.first_chunk::<8>()?;
    (*magic == MAGIC).then(|| {
        (
            i64::from_le_bytes(*batch),
            u64::from_le_bytes(*count),
            u64::from_le_bytes(*checksum),
        )
    })
}

fn checksum_of(batch: i64, payload: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(&batch.to_le_bytes());
    hash.update(payload);
    hash.digest()
}

/// Returns a batch of entries as a frame of the log.
pub(crate) fn framed(batch: i64, entries: &[Entry]) -> Vec<u8> {
    let payload: Vec<u8> = entries
        .iter()
        .flat_map(|entry| {
            let [a, b, c] = entry.key.0.map(u32::to_le_bytes);
            let body = entry.body.to_le_bytes();
            a.into_iter().chain(b).chain(c).chain(body)
        })
        .collect();
    let mut frame = Vec::with_capacity(HEADER_BYTES + payload.len());
    frame.extend(MAGIC);
    frame.extend(batch.to_le_bytes());
    frame.extend((entries.len() as u64).to_le_bytes());
    frame.extend(checksum_of(batch, &payload).to_le_bytes());
    frame.extend(payload);
    frame
}

/// Returns whether there is a log.
pub(crate) fn is_kept(root: &Path) -> bool {
    path(root).exists()
}

/// Adds a frame to a sound log, if one is kept, and makes it durable.
pub(crate) fn append(root: &Path, frame: &[u8]) -> Result<(), LakeError> {
    if !is_kept(root) {
        return Ok(());
    }
    let path = path(root);
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .map_err(LakeError::file(&path))?;
    file.write_all(frame).map_err(LakeError::file(&path))?;
    file.sync_all().map_err(LakeError::file(&path))
}

/// Adds a batch's frame unless the log has it; a torn frame at the end is cut off first.
pub(crate) fn append_once(root: &Path, batch: i64, frame: &[u8]) -> Result<(), LakeError> {
    let ids = open(root)?;
    if ids.batches.contains(&batch) {
        Ok(())
    } else {
        append(root, frame)
    }
}

/// Reads the log and cuts off what is damaged at its end.
pub(crate) fn open(root: &Path) -> Result<Ids, LakeError> {
    let (ids, whole) = Ids::load(root)?;
    if let Whole::UpTo(good) = whole {
        let path = path(root);
        let file = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(LakeError::file(&path))?;
        file.set_len(good)
            .and_then(|()| file.sync_all())
            .map_err(LakeError::file(&path))?;
    }
    Ok(ids)
}

/// Puts a log of one frame in the place of whatever was there.
pub(crate) fn replace(root: &Path, batch: i64, entries: &[Entry]) -> Result<(), LakeError> {
    let path = path(root);
    crate::files::write_atomically(&path, &framed(batch, entries))
}

/// Returns how large the log is.
pub(crate) fn size_bytes(root: &Path) -> u64 {
    std::fs::metadata(path(root)).map_or(0, |metadata| metadata.len())
}

fn path(root: &Path) -> PathBuf {
    root.join(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, body: i32) -> Entry {
        Entry {
            key: Key::of_record("t", "unified", id),
            body,
        }
    }

    #[test]
    fn a_body_is_known_by_id_and_digest() {
        let mut ids = Ids::default();
        assert_eq!(ids.enter(entry("a", 1)), Seen::Never);
        assert_eq!(ids.enter(entry("a", 1)), Seen::Same);
        assert_eq!(ids.enter(entry("a", POORER)), Seen::Same);
        assert_eq!(ids.enter(entry("a", 2)), Seen::Differs);
        assert_eq!(ids.enter(entry("a", 2)), Seen::Same);
        assert_eq!(ids.enter(entry("a", 1)), Seen::Same);
        assert_eq!(ids.len(), 2);
        assert!(ids.holds(entry("a", 2)) && !ids.holds(entry("a", 3)));
    }

    #[test]
    fn parts_of_a_key_do_not_run_together() {
        assert_ne!(
            Key::of_record("ab", "c", "d"),
            Key::of_record("a", "bc", "d")
        );
        assert_ne!(Key::of_record("", "x", "y"), Key::of_record("x", "", "y"));
    }

    #[test]
    fn a_torn_tail_is_cut_off_and_written_over() {
        let folder = tempfile::tempdir().unwrap();
        replace(folder.path(), 0, &[]).unwrap();
        append(folder.path(), &framed(1, &[entry("a", 1), entry("b", 2)])).unwrap();
        let second = framed(2, &[entry("c", 3)]);
        for cut in 1..second.len() {
            let log = folder.path().join(NAME);
            let whole = std::fs::read(&log).unwrap();
            std::fs::write(&log, [&whole[..], &second[..cut]].concat()).unwrap();
            let (ids, state) = Ids::load(folder.path()).unwrap();
            assert_eq!((ids.len(), state), (2, Whole::UpTo(whole.len() as u64)));
            append_once(folder.path(), 2, &second).unwrap();
            let (ids, state) = Ids::load(folder.path()).unwrap();
            assert_eq!((ids.len(), state), (3, Whole::Yes));
            std::fs::write(&log, whole).unwrap();
        }
    }

    #[test]
    fn a_batch_is_entered_once() {
        let folder = tempfile::tempdir().unwrap();
        let frame = framed(7, &[entry("a", 1)]);
        replace(folder.path(), 0, &[]).unwrap();
        let before = size_bytes(folder.path());
        append_once(folder.path(), 7, &frame).unwrap();
        append_once(folder.path(), 7, &frame).unwrap();
        assert_eq!(size_bytes(folder.path()) - before, frame.len() as u64);
    }
}
