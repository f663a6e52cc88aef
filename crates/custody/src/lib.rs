//! Evidence packs: files sealed into a zip that proves itself, and the proof checked again.
//!
//! A pack holds the case's files, `manifest.json` with the SHA-256 of each and a Merkle
//! root over all, an Ed25519 signature of the manifest, the public key, `SHA256SUMS` for
//! those who have no program but `sha256sum`, and `VERIFY.md` in plain words. The zip's
//! own bytes are sealed too: its comment carries a signed digest of every byte before it,
//! so that a header, a gap or a stray byte cannot differ unseen.
//!
//! Beside the packs, `chain` seals statements one after the other, as the record of acts needs it.
//!
//! This room is given readers, writers and keys as bytes. It opens no file, reads no
//! clock, draws no random number, and does not know what the files are about. A pack
//! proves that whoever holds the key sealed these bytes; it proves neither who that is
//! nor when it was done.

pub mod chain;
mod contents;
mod difference;
mod digest;
mod directory;
mod error;
mod guide;
mod key;
mod manifest;
mod merkle;
mod path;
mod recorder;
mod seal;
mod signed;
mod source;
mod stamp;
mod verify;

pub use difference::{Difference, What};
pub use digest::{Digest, FileDigest};
pub use error::CustodyError;
pub use key::{Fingerprint, PublicKey, SigningKey};
pub use manifest::Label;
pub use seal::{Seal, Sealer};
pub use source::Progress;
pub use verify::{Verified, verify};
