//! The zip around the files, as a stranger may have made it.
//!
//! Its directory is walked entry by entry and never held in memory: how many entries a
//! zip names costs whoever wrote it, not us. The library's reader that can do this, and
//! that keeps two entries of one name apart, is among what it calls unstable: that is why
//! no other file knows it.

use crate::difference::{Difference, What};
use crate::digest::{Digest, FileDigest};
use crate::manifest;
use crate::path::{MANIFEST, PUBLIC_KEY, SIGNATURE};
use crate::recorder::Packed;
use crate::source::Source;
use sha2::Digest as _;
use sha2::Sha256;
use std::io::Read;
use zip::ZipReadOptions;
use zip::read::{ArchiveOffset, Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;

/// How much is read of a public key.
const KEY_BYTES: u64 = 4096;

/// The zip of a pack.
pub(crate) struct Archive<'s, 'r> {
    zip: ZipIterable<&'s mut Source<'r>>,
}

/// An entry of the zip's directory.
pub(crate) struct Entry {
    entry: ZipFileEntry<'static>,
}

/// The files of a pack that must be read before any other can be judged.
#[derive(Default)]
pub(crate) struct OwnFiles {
    pub(crate) manifest: Option<OwnFile>,
    pub(crate) signature: Option<OwnFile>,
    pub(crate) public_key: Option<OwnFile>,
}

/// One of them.
pub(crate) struct OwnFile {
    pub(crate) content: Result<Vec<u8>, String>,
    /// Where its entry begins.
    pub(crate) start: u64,
}

impl<'s, 'r> Archive<'s, 'r> {
    pub(crate) fn open(source: &'s mut Source<'r>) -> Result<Self, Difference> {
        // A pack begins with its first file: what stands before that is not searched through.
        let config = Config {
            archive_offset: ArchiveOffset::Known(0),
        };
        let zip = ZipIterable::try_new(source, config).map_err(|error| {
            Difference::container(What::Unreadable, format!("it is no whole zip: {error}"))
        })?;
        Ok(Self { zip })
    }

    /// Calls for each entry in the directory's order, with the source to read it from.
    pub(crate) fn walk(
        &mut self,
        each: &mut dyn FnMut(Entry, &mut Source<'r>) -> Result<(), Difference>,
    ) -> Result<(), Difference> {
        let unreadable = |error: zip::result::ZipError| {
            Difference::container(
                What::Unreadable,
                format!("its directory is damaged: {error}"),
            )
        };
        let entries = self.zip.files().map_err(unreadable)?;
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(unreadable)?;
            each(Entry { entry }, entries.reader_mut())?;
        }
        Ok(())
    }

    /// Reads the files that the others are judged by; of two with one name, the first.
    pub(crate) fn own_files(&mut self) -> Result<OwnFiles, Difference> {
        let mut own = OwnFiles::default();
        self.walk(&mut |entry, source| {
            let (place, most) = match entry.name() {
                name if name == MANIFEST.as_bytes() => (&mut own.manifest, manifest::MOST_BYTES),
                name if name == SIGNATURE.as_bytes() => (&mut own.signature, KEY_BYTES),
                name if name == PUBLIC_KEY.as_bytes() => (&mut own.public_key, KEY_BYTES),
                _ => return Ok(()),
            };
            if place.is_none() {
                *place = Some(OwnFile {
                    start: entry.start(),
                    content: entry.read(source, most),
                });
            }
            Ok(())
        })?;
        Ok(own)
    }

    /// Returns whether the entry that begins there still has the bytes that were sealed.
    pub(crate) fn is_as_sealed(&mut self, start: u64, sealed: &Packed) -> bool {
        match self.zip.files() {
            Ok(entries) => is_as_sealed(entries.reader_mut(), start, sealed),
            Err(_) => false,
        }
    }
}

/// Returns whether the stretch that begins there has the bytes that were sealed.
pub(crate) fn is_as_sealed(source: &mut Source<'_>, start: u64, sealed: &Packed) -> bool {
    source
        .digest_at(start, sealed.bytes)
        .is_ok_and(|found| found == sealed.sha256)
}

impl Entry {
    /// Returns the name as its bytes are.
    pub(crate) fn name(&self) -> &[u8] {
        self.entry.name_raw()
    }

    /// Returns where the entry begins.
    pub(crate) fn start(&self) -> u64 {
        self.entry.header_start()
    }

    /// Returns how long its packed data is said to be.
    pub(crate) fn packed_bytes(&self) -> u64 {
        self.entry.compressed_size()
    }

    /// Returns whether it stands for a folder and has no content.
    pub(crate) fn is_folder(&self) -> bool {
        self.name().ends_with(b"/") && self.entry.size() == 0
    }

    fn read(self, source: &mut Source<'_>, most: u64) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        self.unpack(source, most, &mut |piece| content.extend_from_slice(piece))?;
        Ok(content)
    }

    /// Returns what the content is known by; one byte past the most it may have is an end.
    pub(crate) fn digest(self, source: &mut Source<'_>, most: u64) -> Result<FileDigest, String> {
        let mut hasher = Sha256::new();
        let size_bytes = self.unpack(source, most, &mut |piece| hasher.update(piece))?;
        Ok(FileDigest {
            size_bytes,
            sha256: Digest::finished(hasher),
        })
    }

    /// The zip's own checksum is not asked: a digest decides, and a checksum that was
    /// changed is a change of the container, not of the file.
    fn unpack(
        self,
        source: &mut Source<'_>,
        most: u64,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<u64, String> {
        let options = ZipReadOptions::new().ignore_crc32(true);
        let file = self
            .entry
            .with_reader(source, options)
            .map_err(|error| error.to_string())?;
        let mut file = file.take(most.saturating_add(1));
        let mut piece = [0; 1 << 14];
        let mut size_bytes = 0;
        loop {
            let read = file.read(&mut piece).map_err(|error| error.to_string())?;
            if read == 0 {
                break;
            }
            size_bytes += read as u64;
            take(&piece[..read]);
        }
        if size_bytes > most {
            return Err(format!("it is larger than the {most} bytes it may have"));
        }
        Ok(size_bytes)
    }
}
