//! People who sign in to the pages at an issuer: the configuration, the door to the issuer, and what
//! the values that it tells of a person give.

use crate::clock;
use crate::config::{Config, Reference};
use crate::error::EngineError;
use crate::pages::{Begun, Identity, Person, Returned};
use cloud::Limits;
use cloud::oidc::{Fault, OpenId, OpenIdError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::runtime::Runtime;

/// A person waits for it: whoever is silent for so long is not there.
const SILENCE: Duration = Duration::from_secs(10);

/// The issuer of a data folder.
#[derive(Debug)]
pub struct SignIn {
    folder: PathBuf,
    runtime: Runtime,
    openid: OpenId,
    secret: Option<Reference>,
    name: String,
    home: String,
}

impl SignIn {
    /// Returns the issuer that a data folder names, where it names one. Nothing is asked as yet. `roots` are further
    /// certificates to trust (PEM).
    pub fn open(folder: &Path, roots: Option<&[u8]>) -> Result<Option<Self>, EngineError> {
        let Some(oidc) = Config::read(folder)?.oidc else {
            return Ok(None);
        };
        let limits = Limits {
            timeout: SILENCE,
            ..Limits::default()
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|source| EngineError::Folder {
                path: folder.to_owned(),
                source,
            })?;
        let openid = OpenId::new(oidc.application, limits, clock::now, roots);
        Ok(Some(Self {
            folder: folder.to_owned(),
            runtime,
            openid: openid.map_err(EngineError::Door)?,
            secret: oidc.secret,
            name: oidc.name,
            home: format!("{}/", oidc.public_url),
        }))
    }
}

impl Identity for SignIn {
    fn called(&self) -> String {
        self.name.clone()
    }

    fn home(&self) -> String {
        self.home.clone()
    }

    fn begin(&self, begun: &Begun) -> Result<String, EngineError> {
        let asked = self.runtime.block_on(self.openid.begin(begun));
        asked.map_err(failed)
    }

    fn finish(&self, begun: &Begun, returned: &Returned) -> Result<Person, EngineError> {
        // What a value gives, and the secret, are what the operator says now.
        let config = Config::read(&self.folder)?;
        let secret = self.secret.as_ref().map(Reference::fetch).transpose();
        let secret = secret.map_err(|what| EngineError::SignIn {
            what: format!("the secret of the application: {what}"),
        })?;
        let told = self
            .runtime
            .block_on(self.openid.finish(begun, returned, secret.as_ref()));
        let told = told.map_err(failed)?;
        let oidc = config.oidc.as_ref();
        Ok(Person {
            roles: oidc.map_or_else(Vec::new, |oidc| oidc.roles(&told.values, &config.tenants)),
            is_cut_short: told.is_cut_short,
            issuer: told.issuer,
            subject: told.subject,
            name: told.name,
            proved: told.proved,
        })
    }

    fn end(&self) -> Option<String> {
        self.runtime.block_on(self.openid.end(&self.home))
    }
}

fn failed(error: OpenIdError) -> EngineError {
    match error {
        OpenIdError::Metadata(_) | OpenIdError::Keys(_) => EngineError::Issuer(error),
        OpenIdError::Token(Fault::NotProved) => EngineError::NotAnew,
        other => EngineError::NotBelieved(other),
    }
}
