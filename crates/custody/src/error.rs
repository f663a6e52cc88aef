//! Why a pack could not be sealed or read.

use std::io;

/// Why the room could not do what it was asked.
///
/// A pack that is not what was sealed is no error: it is a [`crate::Difference`].
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// A path cannot be a file of a pack.
    #[error("add `{path}` to the pack: {reason}")]
    Path {
        /// The path, with hidden characters shown.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The files did not come in ascending order of their paths.
    #[error("add `{path}` to the pack after `{previous}`: files are added in ascending order")]
    Order {
        /// The path that came too late.
        path: String,
        /// The path before it.
        previous: String,
    },
    /// Reading the content of a file failed.
    #[error("read `{path}` for the pack")]
    Content {
        /// The file's path in the pack.
        path: String,
        /// What the reader said.
        #[source]
        source: io::Error,
    },
    /// Writing the pack failed.
    #[error("write the pack")]
    Write {
        /// What the writer said.
        #[source]
        source: io::Error,
    },
    /// Something is asked of a pack that an earlier failure left half written.
    #[error("go on with a pack after an earlier failure")]
    Abandoned,
    /// The manifest would be larger than the verifier reads.
    #[error("seal the pack: its manifest of {size_bytes} bytes is over the {most} that are read")]
    TooManyFiles {
        /// How large the manifest is.
        size_bytes: u64,
        /// How large it may be.
        most: u64,
    },
    /// Reading the pack failed.
    #[error("read the pack")]
    Read {
        /// What the reader said.
        #[source]
        source: io::Error,
    },
    /// A text is no public key.
    #[error("read the public key: it is no Ed25519 key in PEM")]
    PublicKey,
    /// A text is no fingerprint.
    #[error("read the fingerprint: it is not 64 hexadecimal digits")]
    Fingerprint,
}
