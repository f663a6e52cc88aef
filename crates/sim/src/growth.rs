//! Records that come into being while the cloud is served: those of the changes that are made in
//! it. A record never moves once it is there, so that the others need no lock to be read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::record::Record;

/// Records of a chunk.
const CHUNK: usize = 1024;
/// Chunks, at most: what comes after is not kept.
const CHUNKS: usize = 256;

type Chunk = Box<[OnceLock<Record>]>;

/// Records that were added.
#[derive(Debug)]
pub(crate) struct Growth {
    chunks: Box<[OnceLock<Chunk>]>,
    count: AtomicUsize,
    adding: Mutex<()>,
}

impl Default for Growth {
    fn default() -> Self {
        Self {
            chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            count: AtomicUsize::new(0),
            adding: Mutex::new(()),
        }
    }
}

impl Growth {
    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Returns the record of a number.
    pub(crate) fn get(&self, number: usize) -> Option<&Record> {
        let chunk = self.chunks.get(number / CHUNK)?.get()?;
        chunk.get(number % CHUNK)?.get()
    }

    /// Adds a record and returns its number.
    pub(crate) fn add(&self, record: Record) -> Option<usize> {
        let _adding = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.len();
        let chunk = self.chunks.get(number / CHUNK)?;
        let chunk = chunk.get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
        chunk.get(number % CHUNK)?.set(record).ok()?;
        self.count.store(number + 1, Ordering::Release);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Stream;

    #[test]
    fn what_is_added_stays_where_it_is() {
        let growth = Growth::default();
        let record = |number: usize| Record {
            tenant: 0,
            stream: Stream::DirectoryAudit,
            id: number.to_string(),
            time: 0,
            available: 0,
            body: String::new(),
        };
        for number in 0..CHUNK + 2 {
            assert_eq!(growth.add(record(number)), Some(number));
        }
        assert_eq!(growth.len(), CHUNK + 2);
        assert_eq!(growth.get(CHUNK + 1).unwrap().id, (CHUNK + 1).to_string());
        assert!(growth.get(CHUNK + 2).is_none());
    }
}
