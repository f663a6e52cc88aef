//! From what the configuration says of a tenant to what opens it.

use crate::config::{Onboarded, Proof, Reference};
use crate::error::EngineError;
use cloud::{Access, Credential, Secret};
use std::io;
use std::sync::Arc;

/// Fetches the secrets of a tenant and returns what opens it for reading.
pub(crate) fn access(tenant: &Onboarded) -> Result<Arc<Access>, EngineError> {
    opened(tenant, &tenant.client_id, &tenant.proof)
}

/// Fetches the secrets of a tenant and returns what opens it for changes, where the operator gave that.
pub(crate) fn changing(tenant: &Onboarded) -> Result<Arc<Access>, EngineError> {
    let Some((client_id, proof)) = &tenant.responder else {
        return Err(EngineError::NoResponder {
            tenant: tenant.id.clone(),
        });
    };
    opened(tenant, client_id, proof)
}

fn opened(tenant: &Onboarded, client_id: &str, proof: &Proof) -> Result<Arc<Access>, EngineError> {
    let fetched = |reference: &Reference| {
        reference.fetch().map_err(|what| EngineError::Secret {
            tenant: tenant.id.clone(),
            what,
        })
    };
    let credential = match proof {
        Proof::Secret(secret) => Credential::Secret(fetched(secret)?),
        Proof::Certificate(pem) => Credential::Certificate { pem: fetched(pem)? },
        Proof::Federated(assertion) => {
            let assertion = assertion.clone();
            Credential::Federated {
                assertion: Box::new(move || assertion.fetch().map_err(io::Error::other)),
            }
        }
        Proof::ManagedIdentity => Credential::ManagedIdentity {
            client_id: Some(client_id.to_owned()).filter(|id| !id.is_empty()),
        },
        Proof::Refresh { token, secret } => Credential::Refresh {
            token: fetched(token)?,
            client_secret: secret.as_ref().map(&fetched).transpose()?,
            rotated: rotated(token.clone()),
        },
    };
    Ok(Arc::new(Access {
        tenant: tenant.id.clone(),
        client_id: client_id.to_owned(),
        credential,
        endpoints: Arc::clone(&tenant.endpoints),
    }))
}

/// Returns what keeps a refresh token that took the place of the one before: in the file that it
/// came from. One that came from elsewhere stays with this process; the old one is good for as
/// long as Entra says.
fn rotated(reference: Reference) -> Box<dyn Fn(&Secret) + Send + Sync> {
    Box::new(move |token| {
        if let Err(what) = reference.replace(token) {
            tracing::warn!("the new refresh token is not kept: {what}");
        }
    })
}
