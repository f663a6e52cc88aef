//! Why pages cannot be served at all.

use engine::EngineError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why pages cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The engine says so.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The key of the pages cannot be used.
    #[error("use the key of the pages `{path}`")]
    Key {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("use the certificate `{path}`: {what}")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// An address that others can reach is to be served in the clear.
    #[error("answer on `{address}` in the clear: others can reach it")]
    InTheClear {
        /// The address.
        address: SocketAddr,
    },
    /// An address cannot be listened on.
    #[error("answer on `{address}`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system gives no random numbers.
    #[error("get random numbers from the system")]
    Random,
    /// A password cannot be digested.
    #[error("digest a password")]
    Password,
}

impl WebError {
    /// Returns what the operator can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Engine(error) => error.hint(),
            Self::Key { .. } => Some(
                "restore the key from a copy, or move it away: everybody then needs a new link"
                    .to_owned(),
            ),
            Self::Certificate { .. } => Some(
                "name PEM files: `--tls-cert` the chain, `--tls-key` its private key".to_owned(),
            ),
            Self::InTheClear { .. } => Some(
                "give `--tls-cert` and `--tls-key`, or say `--behind-proxy` where a proxy on this network speaks TLS"
                    .to_owned(),
            ),
            Self::Listen { .. } => Some("choose another address with `--listen`".to_owned()),
            Self::Random | Self::Password => None,
        }
    }
}
