//! Sealing: files in, a pack out.
//!
//! The same files, label and key give the same bytes: entries lie in the order of their
//! paths, bear the first day that a zip can name and the same permissions, and are packed
//! from pieces of one size however the reader hands them out.

use crate::digest::{Digest, FileDigest};
use crate::error::CustodyError;
use crate::guide::guide;
use crate::key::{Fingerprint, SigningKey};
use crate::manifest::{self, Label, Manifest, Member};
use crate::path::{GUIDE, MANIFEST, Names, PUBLIC_KEY, SIGNATURE, SUMS};
use crate::recorder::{Closed, Packed, Recorder};
use crate::stamp::{STAMP_BYTES, Stamp};
use sha2::Digest as _;
use sha2::Sha256;
use std::io::{self, Read, Write};
use zip::result::{ZipError, ZipResult};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// How much of a file is packed at once; a file that fills it may pass 4 GiB.
const PIECE_BYTES: usize = 1 << 20;

/// A pack that is being written.
///
/// ```
/// use custody::{Label, Sealer, SigningKey, verify};
///
/// let mut pack = std::io::Cursor::new(Vec::new());
/// let mut sealer = Sealer::new(&mut pack, Label::default());
/// sealer.file("messages.csv", &mut &b"id,subject\n"[..])?;
/// let seal = sealer.seal(&SigningKey::from_bytes(&[1; 32]))?;
/// let verified = verify(&mut pack, Some(&seal.key_fingerprint), &mut |_| {})?;
/// assert_eq!(verified.difference, None);
/// # Ok::<(), custody::CustodyError>(())
/// ```
///
/// A sealer that is dropped leaves a torn pack behind, which does not verify.
#[derive(Debug)]
pub struct Sealer<W: Write> {
    zip: ZipWriter<StreamWriter<Recorder<W>>>,
    label: Label,
    names: Names,
    contents: Vec<(String, FileDigest)>,
    piece: Vec<u8>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Whole,
    Torn,
}

/// What was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The Merkle root over the case's files.
    pub merkle_root: Digest,
    /// How many files of the case there are.
    pub files: u64,
    /// How large they are together.
    pub bytes: u64,
    /// The fingerprint of the key that signed.
    pub key_fingerprint: Fingerprint,
    /// The SHA-256 of the whole pack.
    pub pack_sha256: Digest,
    /// How large the pack is.
    pub pack_bytes: u64,
}

impl<W: Write> Sealer<W> {
    /// Begins a pack.
    pub fn new(out: W, label: Label) -> Self {
        Self {
            zip: ZipWriter::new_stream(Recorder::new(out)),
            label,
            names: Names::new(),
            contents: Vec::new(),
            piece: vec![0; PIECE_BYTES],
            state: State::Whole,
        }
    }

    /// Adds a file of the case; files are added in ascending order of their paths.
    pub fn file(&mut self, path: &str, content: &mut dyn Read) -> Result<FileDigest, CustodyError> {
        self.names.take(path)?;
        self.add(path, content)
    }

    /// Signs what was added and writes the end of the pack.
    pub fn seal(mut self, key: &SigningKey) -> Result<Seal, CustodyError> {
        let public = key.public();
        let key_fingerprint = public.fingerprint();
        self.add(GUIDE, &mut guide(&key_fingerprint).as_bytes())?;
        self.add(PUBLIC_KEY, &mut public.to_pem().as_bytes())?;
        let (manifest, bytes) = self.add_manifest(&key_fingerprint)?;
        let signature = key.sign(&bytes);
        let mut sums = String::new();
        manifest.sums(&bytes, &signature, &mut |line| sums.push_str(line));
        self.add(SIGNATURE, &mut &signature[..])?;
        self.add(SUMS, &mut sums.as_bytes())?;
        let closed = self.close(key)?;
        Ok(Seal {
            merkle_root: manifest.merkle_root,
            files: manifest.files.len() as u64,
            bytes: manifest::total_bytes(&manifest.files),
            key_fingerprint,
            pack_sha256: closed.sha256,
            pack_bytes: closed.bytes,
        })
    }

    fn add(&mut self, path: &str, content: &mut dyn Read) -> Result<FileDigest, CustodyError> {
        if self.state == State::Torn {
            return Err(CustodyError::Abandoned);
        }
        self.state = State::Torn;
        let digest = self.pack(path, content)?;
        self.contents.push((path.to_owned(), digest));
        self.state = State::Whole;
        Ok(digest)
    }

    fn pack(&mut self, path: &str, content: &mut dyn Read) -> Result<FileDigest, CustodyError> {
        let mut hasher = Sha256::new();
        let mut size_bytes = 0;
        let mut filled = self.fill(path, content)?;
        let extent = Extent::of_first_piece(filled);
        self.zip
            .start_file(path, options(path, extent))
            .map_err(|error| written(error.into()))?;
        while filled > 0 {
            let piece = &self.piece[..filled];
            hasher.update(piece);
            size_bytes += filled as u64;
            self.zip.write_all(piece).map_err(written)?;
            filled = self.fill(path, content)?;
        }
        self.end_entry().map_err(|error| written(error.into()))?;
        Ok(FileDigest {
            size_bytes,
            sha256: Digest::finished(hasher),
        })
    }

    /// Writes what follows the data, then flushes, which the recorder takes for the end.
    ///
    /// For a writer that cannot seek the library has no call of its own for this; hiding a
    /// file ends the one before it, and no file has the empty name.
    fn end_entry(&mut self) -> ZipResult<()> {
        match self.zip.hide_file("") {
            Err(ZipError::FileNotFound) => Ok(self.zip.flush()?),
            other => other,
        }
    }

    fn add_manifest(
        &mut self,
        fingerprint: &Fingerprint,
    ) -> Result<(Manifest, Vec<u8>), CustodyError> {
        let packed = self.zip.get_ref().map(|stream| stream.get_ref().entries());
        let contents = std::mem::take(&mut self.contents);
        let mut files: Vec<Member> = contents
            .into_iter()
            .zip(packed.unwrap_or_default())
            .map(|((path, content), packed)| Member::new(path, content, *packed))
            .collect();
        let pack_files = files.split_off(files.len().saturating_sub(2));
        let label = std::mem::take(&mut self.label);
        let manifest = Manifest::new(label, fingerprint.digest(), files, pack_files);
        let bytes = manifest.to_bytes();
        if bytes.len() as u64 > manifest::MOST_BYTES {
            return Err(CustodyError::TooManyFiles {
                size_bytes: bytes.len() as u64,
                most: manifest::MOST_BYTES,
            });
        }
        self.add(MANIFEST, &mut &bytes[..])?;
        Ok((manifest, bytes))
    }

    /// Fills the whole piece unless the content ends, so that how a reader hands out its
    /// bytes never shows in the packed form.
    fn fill(&mut self, path: &str, content: &mut dyn Read) -> Result<usize, CustodyError> {
        let mut filled = 0;
        while filled < PIECE_BYTES {
            match content.read(&mut self.piece[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(CustodyError::Content {
                        path: path.to_owned(),
                        source,
                    });
                }
            }
        }
        Ok(filled)
    }

    fn close(mut self, key: &SigningKey) -> Result<Closed, CustodyError> {
        let placeholder = vec![0; STAMP_BYTES].into_boxed_slice();
        self.zip
            .set_raw_comment(placeholder)
            .map_err(|error| written(error.into()))?;
        let stream = self.zip.finish().map_err(|error| written(error.into()))?;
        let stamp = |before, entries: &[Packed]| {
            let own = entries
                .last_chunk()
                .expect("the manifest, its signature and the sums were the last entries");
            let stamp = Stamp {
                entries: *own,
                before,
            };
            stamp.signed_with(key)
        };
        stream.into_inner().close(stamp).map_err(written)
    }
}

/// Whether an entry may pass the 4 GiB that the plain form of a zip can count.
#[derive(Clone, Copy)]
enum Extent {
    Small,
    Large,
}

impl Extent {
    fn of_first_piece(filled: usize) -> Self {
        if filled < PIECE_BYTES {
            Self::Small
        } else {
            Self::Large
        }
    }
}

/// Everything that a zip says of a file beside its content is the same for all.
fn options(path: &str, extent: Extent) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level(path)))
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix)
        .large_file(matches!(extent, Extent::Large))
}

/// What is compressed already is passed through at the fastest level.
fn level(path: &str) -> i64 {
    const COMPRESSED: [&str; 10] = [
        "7z", "bz2", "gz", "jpg", "pdf", "png", "xlsx", "xz", "zip", "zst",
    ];
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let compressed = COMPRESSED
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending));
    if compressed { 2 } else { 6 }
}

fn written(source: io::Error) -> CustodyError {
    CustodyError::Write { source }
}
