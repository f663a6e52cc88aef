//! The reader of a pack, watched: how far it is, and whether it failed itself.
//!
//! Whatever is wrong with a pack is a difference; a disk that cannot be read is an error.
//! The zip library reports both alike, so the reader's own failures are remembered here.

use crate::digest::Digest;
use crate::error::CustodyError;
use crate::stamp::{STAMP_BYTES, SignedStamp};
use sha2::Digest as _;
use sha2::Sha256;
use std::io::{self, Read, Seek, SeekFrom};

const PIECE_BYTES: usize = 1 << 18;

/// How far a verification is, counted in bytes of the pack, which is read twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How much was read.
    pub done_bytes: u64,
    /// How much there is to read.
    pub total_bytes: u64,
}

/// What a pack is read from.
pub(crate) trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// The pack's reader.
pub(crate) struct Source<'a> {
    input: &'a mut dyn Input,
    failure: Option<io::Error>,
}

/// What the first reading of all bytes tells.
pub(crate) struct Bytes {
    pub(crate) length: u64,
    /// The digest of every byte.
    pub(crate) sha256: Digest,
    /// The digest of every byte before the place of the stamp.
    pub(crate) before: Digest,
    /// The stamp, if there is one in its form.
    pub(crate) stamp: Option<SignedStamp>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(input: &'a mut dyn Input) -> Self {
        Self {
            input,
            failure: None,
        }
    }

    /// Returns what the reader itself said when it failed, if it did.
    pub(crate) fn failure(&mut self) -> Result<(), CustodyError> {
        match self.failure.take() {
            None => Ok(()),
            Some(source) => Err(CustodyError::Read { source }),
        }
    }

    /// Reads every byte once, from the first to the last.
    pub(crate) fn survey(&mut self, watch: &mut dyn FnMut(Progress)) -> io::Result<Bytes> {
        let length = self.seek(SeekFrom::End(0))?;
        self.seek(SeekFrom::Start(0))?;
        let stamp_at = length.saturating_sub(STAMP_BYTES as u64);
        let mut hasher = Sha256::new();
        self.digest(stamp_at, &mut hasher, &mut |done_bytes| {
            watch(Progress {
                done_bytes,
                total_bytes: length.saturating_mul(2),
            });
        })?;
        let before = Digest::finished(hasher.clone());
        let mut stamp = Vec::with_capacity(STAMP_BYTES);
        self.by_ref()
            .take(STAMP_BYTES as u64)
            .read_to_end(&mut stamp)?;
        hasher.update(&stamp);
        Ok(Bytes {
            length,
            sha256: Digest::finished(hasher),
            before,
            stamp: SignedStamp::read(&stamp),
        })
    }

    /// Returns the digest of a stretch of the pack, which may end early.
    pub(crate) fn digest_at(&mut self, start: u64, length: u64) -> io::Result<Digest> {
        self.seek(SeekFrom::Start(start))?;
        let mut hasher = Sha256::new();
        self.digest(length, &mut hasher, &mut |_| {})?;
        Ok(Digest::finished(hasher))
    }

    fn digest(
        &mut self,
        length: u64,
        hasher: &mut Sha256,
        advance: &mut dyn FnMut(u64),
    ) -> io::Result<()> {
        let mut piece = vec![0; PIECE_BYTES.min(usize::try_from(length).unwrap_or(PIECE_BYTES))];
        let mut stretch = self.by_ref().take(length);
        let mut done = 0;
        loop {
            let read = match stretch.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&piece[..read]);
            done += read as u64;
            advance(done);
        }
    }
}

impl Source<'_> {
    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            // A place that a pack names may be none that exists: that is the pack's fault.
            let is_own = !matches!(
                kind,
                io::ErrorKind::Interrupted | io::ErrorKind::InvalidInput
            );
            if is_own {
                self.failure = Some(error);
            }
            kind.into()
        })
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer);
        self.noted(read)
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.input.seek(to);
        self.noted(at)
    }
}
