//! The writer under the zip: it measures each entry, digests the whole, and keeps back
//! the end so that the digest of all that is before can be written there.

use crate::digest::Digest;
use crate::stamp::STAMP_BYTES;
use sha2::Digest as _;
use sha2::Sha256;
use std::io::{self, Write};

/// An entry as it lies in the zip, with its header and what follows its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    /// How long it is.
    pub(crate) bytes: u64,
    /// The digest of those bytes.
    pub(crate) sha256: Digest,
}

/// What became of the whole pack.
pub(crate) struct Closed {
    pub(crate) sha256: Digest,
    pub(crate) bytes: u64,
}

/// A writer that remembers what went through it; an entry ends where it is flushed.
pub(crate) struct Recorder<W> {
    out: W,
    /// The last bytes, not yet written.
    held: Vec<u8>,
    written: u64,
    whole: Sha256,
    entry: Sha256,
    entry_bytes: u64,
    entries: Vec<Packed>,
    /// Once a write has failed nothing more is tried: the zip library would go on when it
    /// is dropped, and complain on standard error.
    failed: bool,
}

impl<W: Write> Recorder<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            held: Vec::new(),
            written: 0,
            whole: Sha256::new(),
            entry: Sha256::new(),
            entry_bytes: 0,
            entries: Vec::new(),
            failed: false,
        }
    }

    /// Returns the entries that have ended, in their order.
    pub(crate) fn entries(&self) -> &[Packed] {
        &self.entries
    }

    /// Writes the stamp, made from the digest of all before it, in place of what was kept back.
    pub(crate) fn close(
        mut self,
        stamp: impl FnOnce(Digest, &[Packed]) -> Vec<u8>,
    ) -> io::Result<Closed> {
        if self.failed {
            return Err(io::Error::other("an earlier write failed"));
        }
        let before = Digest::finished(self.whole.clone());
        let stamp = stamp(before, &self.entries);
        self.whole.update(&stamp);
        self.out.write_all(&stamp)?;
        self.out.flush()?;
        Ok(Closed {
            sha256: Digest::finished(self.whole),
            bytes: self.written + stamp.len() as u64,
        })
    }

    fn release(&mut self) -> io::Result<()> {
        let ready = self.held.len().saturating_sub(STAMP_BYTES);
        let piece = &self.held[..ready];
        self.whole.update(piece);
        self.out.write_all(piece)?;
        self.written += ready as u64;
        self.held.drain(..ready);
        Ok(())
    }
}

impl<W: Write> Write for Recorder<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.failed {
            return Ok(buffer.len());
        }
        self.entry.update(buffer);
        self.entry_bytes += buffer.len() as u64;
        self.held.extend_from_slice(buffer);
        let released = self.release();
        self.failed = released.is_err();
        released.map(|()| buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let sha256 = Digest::finished(std::mem::take(&mut self.entry));
        let bytes = std::mem::take(&mut self.entry_bytes);
        self.entries.push(Packed { bytes, sha256 });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_stands_where_the_end_was_kept_back() {
        let mut out = Vec::new();
        let mut recorder = Recorder::new(&mut out);
        recorder.write_all(b"first").expect("written");
        recorder.flush().expect("ended");
        recorder.write_all(b"second").expect("written");
        recorder.flush().expect("ended");
        recorder.write_all(&[0; STAMP_BYTES]).expect("written");
        let closed = recorder
            .close(|before, entries| {
                assert_eq!(before, Digest::of(b"firstsecond"));
                let bytes: Vec<u64> = entries.iter().map(|entry| entry.bytes).collect();
                assert_eq!(bytes, [5, 6]);
                assert_eq!(entries[1].sha256, Digest::of(b"second"));
                b"stamp".to_vec()
            })
            .expect("closed");
        assert_eq!(closed.sha256, Digest::of(b"firstsecondstamp"));
        assert_eq!(closed.bytes, 16);
        assert_eq!(out, b"firstsecondstamp");
    }
}
