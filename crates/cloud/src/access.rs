//! What opens one tenant: who asks, with which proof, at which cloud.

use crate::endpoints::Endpoints;
use model::Secret;
use std::fmt;
use std::io;
use std::sync::Arc;

/// How an application proves who it is.
pub enum Credential {
    /// A client secret.
    Secret(Secret),
    /// A certificate with its private key (RSA), both in one PEM text.
    Certificate {
        /// The PEM text.
        pem: Secret,
    },
    /// A token of another issuer that Entra trusts, read anew on every use because it is
    /// short-lived and replaced from outside.
    Federated {
        /// Reads it.
        assertion: Box<dyn Fn() -> io::Result<Secret> + Send + Sync>,
    },
    /// The identity of the machine this runs on.
    ManagedIdentity {
        /// Which one, where the machine has several.
        client_id: Option<String>,
    },
    /// A signed-in user's refresh token.
    Refresh {
        /// The token as it was kept.
        token: Secret,
        /// The secret of the application, where it has one.
        client_secret: Option<Secret>,
        /// Keeps the token that replaces it. Called before the access token that came with it is used.
        rotated: Box<dyn Fn(&Secret) + Send + Sync>,
    },
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret([hidden])",
            Self::Certificate { .. } => "Certificate([hidden])",
            Self::Federated { .. } => "Federated([hidden])",
            Self::ManagedIdentity { .. } => "ManagedIdentity",
            Self::Refresh { .. } => "Refresh([hidden])",
        })
    }
}

/// What opens one tenant.
#[derive(Debug)]
pub struct Access {
    /// The tenant's id, or one of its domains.
    pub tenant: String,
    /// The application's id.
    pub client_id: String,
    /// How it proves who it is.
    pub credential: Credential,
    /// The cloud that the tenant lives in.
    pub endpoints: Arc<Endpoints>,
}
