//! Bringing every row of one message together without holding all messages at once.
//!
//! Rows are dealt into temporary files by a digest of their message's key; then one file
//! after another fits in memory, whatever the size of the mailbox.

use super::packed::Packed;
use crate::error::EngineError;
use casework::messages::Cluster;
use casework::{Delivered, Handled};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use tempfile::SpooledTempFile;

/// How many files rows are dealt into: of three million rows, twenty-five thousand are in memory at once.
const PILES: usize = 128;

/// How large a pile may grow in memory before it goes to disk.
const IN_MEMORY: usize = 8 << 10;

/// How much of a pile is gathered before it is written.
const BUFFER: usize = 16 << 10;

/// Rows on their way to their messages.
pub(super) struct Clusters {
    piles: Vec<BufWriter<SpooledTempFile>>,
    /// The record of each row, by digest: how often one stands there is how many items it names.
    rows_of: Vec<u64>,
    buffer: Vec<u8>,
}

/// One row of either kind.
enum Row {
    Handled(Handled),
    Delivered(Delivered),
}

impl Clusters {
    pub(super) fn new() -> Self {
        Self {
            piles: (0..PILES)
                .map(|_| BufWriter::with_capacity(BUFFER, SpooledTempFile::new(IN_MEMORY)))
                .collect(),
            rows_of: Vec::new(),
            buffer: Vec::new(),
        }
    }

    /// Adds a message as a record of the mailbox names it, under the key of its message.
    pub(super) fn handled(&mut self, key: &str, row: &Handled) -> Result<(), EngineError> {
        self.rows_of.push(digest(&row.record));
        self.put(key, false, row)
    }

    /// Adds a delivery, under the key of its message.
    pub(super) fn delivered(&mut self, key: &str, row: &Delivered) -> Result<(), EngineError> {
        self.put(key, true, row)
    }

    fn put(&mut self, key: &str, is_delivery: bool, row: &impl Packed) -> Result<(), EngineError> {
        self.buffer.clear();
        let mut packed = std::mem::take(&mut self.buffer);
        is_delivery.pack(&mut packed);
        key.to_owned().pack(&mut packed);
        row.pack(&mut packed);
        let pile = &mut self.piles[(digest(key) % PILES as u64) as usize];
        let written = pile
            .write_all(&(packed.len() as u32).to_le_bytes())
            .and_then(|()| pile.write_all(&packed));
        self.buffer = packed;
        written.map_err(EngineError::Spool)
    }

    /// Hands over every message with all its rows; messages of a pile come by key.
    pub(super) fn each(
        self,
        take: &mut dyn FnMut(&Cluster) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let items = of_several(self.rows_of);
        for pile in self.piles {
            let mut messages: BTreeMap<String, Cluster> = BTreeMap::new();
            let mut pile = pile
                .into_inner()
                .map_err(|error| EngineError::Spool(error.into_error()))?;
            pile.rewind().map_err(EngineError::Spool)?;
            let mut reader = BufReader::new(pile);
            while let Some((key, row)) = next(&mut reader).map_err(EngineError::Spool)? {
                let cluster = messages.entry(key).or_insert_with_key(|key| Cluster {
                    id: key.clone(),
                    handled: Vec::new(),
                    delivered: Vec::new(),
                });
                match row {
                    Row::Handled(mut row) => {
                        row.items_in_record = items.get(&digest(&row.record)).copied().unwrap_or(1);
                        cluster.handled.push(row);
                    }
                    Row::Delivered(row) => cluster.delivered.push(row),
                }
            }
            messages.values().try_for_each(&mut *take)?;
        }
        Ok(())
    }
}

/// Returns how many items each record names that names several; most name one.
fn of_several(mut rows_of: Vec<u64>) -> HashMap<u64, u32> {
    rows_of.sort_unstable();
    rows_of
        .chunk_by(|one, other| one == other)
        .filter(|same| same.len() > 1)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}

fn next(pile: &mut impl Read) -> io::Result<Option<(String, Row)>> {
    let mut length = [0; 4];
    match pile.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    pile.read_exact(&mut bytes)?;
    row(&mut bytes.as_slice()).map(Some).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "a temporary file was changed by somebody else",
        )
    })
}

fn row(bytes: &mut &[u8]) -> Option<(String, Row)> {
    let is_delivery = bool::unpack(bytes)?;
    let key = String::unpack(bytes)?;
    let row = if is_delivery {
        Row::Delivered(Packed::unpack(bytes)?)
    } else {
        Row::Handled(Packed::unpack(bytes)?)
    };
    Some((key, row))
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_message_come_together_however_far_apart_they_were() {
        let mut clusters = Clusters::new();
        for number in 0..5000 {
            let row = Handled {
                record: format!("r{number}"),
                ..Handled::default()
            };
            clusters
                .handled(&format!("<{}@x>", number % 1000), &row)
                .unwrap();
        }
        let delivered = Delivered {
            record: "d".to_owned(),
            ..Delivered::default()
        };
        clusters.delivered("<7@x>", &delivered).unwrap();
        let mut seen = BTreeMap::new();
        clusters
            .each(&mut |cluster| {
                seen.insert(
                    cluster.id.clone(),
                    (cluster.handled.len(), cluster.delivered.len()),
                );
                Ok(())
            })
            .unwrap();
        assert_eq!(seen.len(), 1000);
        assert_eq!(seen["<7@x>"], (5, 1));
        assert!(seen.values().all(|(handled, _)| *handled == 5));
    }
}
