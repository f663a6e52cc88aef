//! The judged messages of a case, in the order in which people want to see them.
//!
//! The gravest class first, then by time. The rows lie in a temporary file; only where each
//! begins and what it is sorted by is held in memory.

use super::packed::Packed;
use crate::error::EngineError;
use casework::{Class, Judged};
use model::Timestamp;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use tempfile::SpooledTempFile;

/// How much of the list stays in memory.
const IN_MEMORY: usize = 1 << 20;

/// How much of the list is gathered before it is written.
const BUFFER: usize = 256 << 10;

/// How much is read of a message at once: most are shorter.
const GLANCE: usize = 1 << 10;

/// Where a message lies in the file, with what it is sorted by in front: as little as can be,
/// for there may be millions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    time: Timestamp,
    /// The first bytes of the message's id: enough to order those of one moment.
    id: [u8; 8],
    offset: u64,
}

/// The judged messages of a case.
pub struct Messages {
    file: RefCell<SpooledTempFile>,
    /// What was added and is not in the file yet.
    pending: Vec<u8>,
    places: BTreeMap<Class, Vec<Place>>,
    end: u64,
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Messages({})", self.len())
    }
}

impl Messages {
    pub(crate) fn new() -> Self {
        Self {
            file: RefCell::new(SpooledTempFile::new(IN_MEMORY)),
            pending: Vec::new(),
            places: BTreeMap::new(),
            end: 0,
        }
    }

    pub(crate) fn add(&mut self, judged: &Judged) -> Result<(), EngineError> {
        let begin = self.pending.len();
        self.pending.extend_from_slice(&[0; 4]);
        judged.pack(&mut self.pending);
        let whole = self.pending.len() - begin;
        let length = (whole - 4) as u32;
        self.pending[begin..begin + 4].copy_from_slice(&length.to_le_bytes());
        let mut id = [0; 8];
        let head = judged.id.as_bytes();
        let head = &head[..head.len().min(id.len())];
        id[..head.len()].copy_from_slice(head);
        let time = judged.first_seen.or(judged.received);
        self.places.entry(judged.class).or_default().push(Place {
            time: time.unwrap_or(Timestamp(i64::MIN)),
            id,
            offset: self.end,
        });
        self.end += whole as u64;
        if self.pending.len() >= BUFFER {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), EngineError> {
        self.file
            .get_mut()
            .write_all(&self.pending)
            .map_err(EngineError::Spool)?;
        self.pending.clear();
        Ok(())
    }

    /// Ends the list and puts it in order; it was filled in an order that depends on nothing
    /// but the ids.
    pub(crate) fn settle(&mut self) -> Result<(), EngineError> {
        self.write()?;
        for places in self.places.values_mut() {
            places.sort_unstable();
        }
        Ok(())
    }

    /// Returns how many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.values().map(Vec::len).sum()
    }

    /// Returns whether there is no message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Hands over the messages of some classes, the gravest first, until told to stop.
    pub fn each_of(
        &self,
        classes: &[Class],
        take: &mut dyn FnMut(&Judged) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let listed = self
            .places
            .iter()
            .filter(|(class, _)| classes.contains(class));
        for place in listed.flat_map(|(_, places)| places) {
            if take(&self.at(*place).map_err(EngineError::Spool)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Hands over every message, the gravest class first, until told to stop.
    pub fn each(
        &self,
        take: &mut dyn FnMut(&Judged) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        self.each_of(&Class::ALL, take)
    }

    fn at(&self, place: Place) -> io::Result<Judged> {
        let mut file = self.file.borrow_mut();
        file.seek(SeekFrom::Start(place.offset))?;
        let mut bytes = vec![0; GLANCE];
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read(&mut bytes[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        let length = bytes
            .first_chunk()
            .map_or(0, |length| u32::from_le_bytes(*length) as usize);
        bytes.truncate(filled.min(4 + length));
        let known = bytes.len();
        bytes.resize(4 + length, 0);
        file.read_exact(&mut bytes[known..])?;
        Judged::unpack(&mut &bytes[4..]).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a temporary file was changed by somebody else",
            )
        })
    }
}
