//! Sends questions and brings replies.

use crate::access::Access;
use crate::claims::TokenFacts;
use crate::device::DeviceCode;
use crate::endpoints::Endpoints;
use crate::identity::IdentityHosts;
use crate::limits::Limits;
use crate::secret::Secret;
use crate::tally::{Tallies, Tally};
use model::{Ask, Failure, NoToken, NoTokenKind, Reply, Service, Timestamp};
use std::sync::Arc;

/// What came of a question.
#[derive(Debug)]
pub struct Sent {
    /// The reply, or why there is none.
    pub outcome: Result<Reply, Failure>,
    /// Records or lines of a success, from their beginning.
    pub body: Option<tempfile::SpooledTempFile>,
}

/// Why there is no door.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The extra certificates are none.
    #[error("read the extra root certificates")]
    Roots(#[source] reqwest::Error),
    /// No HTTP client could be made.
    #[error("prepare HTTPS")]
    Client(#[source] reqwest::Error),
}

/// The one way to the cloud.
pub struct Door {
    limits: Limits,
    clock: fn() -> Timestamp,
    tallies: Tallies,
}

impl Door {
    /// Returns a door. `clock` tells the local time, `roots` are further certificates to trust (PEM).
    pub fn new(
        limits: Limits,
        clock: fn() -> Timestamp,
        roots: Option<&[u8]>,
    ) -> Result<Self, DoorError> {
        let _ = roots;
        Ok(Self {
            limits,
            clock,
            tallies: Tallies::default(),
        })
    }

    /// Returns the same door with other addresses for the identity of this machine.
    #[must_use]
    pub fn with_identity(self, hosts: IdentityHosts) -> Self {
        let _ = hosts;
        self
    }

    /// Sends one question and stays with it until there is a reply or a reason why there is none.
    pub async fn send(&self, access: &Arc<Access>, ask: &Ask) -> Sent {
        tokio::task::yield_now().await;
        let _ = (access, ask, &self.limits);
        Sent {
            outcome: Err(Failure::Broken("nobody is there".to_owned())),
            body: None,
        }
    }

    /// Returns what the token for a service says about itself.
    pub async fn token(
        &self,
        access: &Arc<Access>,
        service: Service,
    ) -> Result<TokenFacts, NoToken> {
        tokio::task::yield_now().await;
        let _ = (access, service);
        Err(nobody())
    }

    /// Forgets the tokens of one application in one tenant, so that new permissions count at once.
    pub fn forget_tokens(&self, access: &Access) {
        let _ = access;
    }

    /// Returns the time as the host of a service sees it.
    pub fn now(&self, access: &Access, service: Service) -> Timestamp {
        let seconds = self.skew(access, service).unwrap_or_default();
        (self.clock)().plus_seconds(seconds)
    }

    /// Returns by how many seconds the host of a service is ahead of the local clock, once it is known.
    pub fn skew(&self, access: &Access, service: Service) -> Option<i64> {
        let _ = (access, service);
        None
    }

    /// Returns the counts since the start, by tenant and quota.
    pub fn tallies(&self) -> Vec<Tally> {
        self.tallies.all()
    }

    /// Begins to sign in a person who types a code elsewhere.
    pub async fn device_code(
        &self,
        endpoints: &Arc<Endpoints>,
        tenant: &str,
        client_id: &str,
        service: Service,
    ) -> Result<DeviceCode, NoToken> {
        tokio::task::yield_now().await;
        let _ = (endpoints, tenant, client_id, service);
        Err(nobody())
    }

    /// Waits until the person has signed in, and returns the refresh token.
    pub async fn device_login(&self, code: &DeviceCode) -> Result<Secret, NoToken> {
        tokio::time::sleep(code.interval).await;
        let _ = &code.device_code;
        Err(nobody())
    }
}

fn nobody() -> NoToken {
    NoToken {
        kind: NoTokenKind::Passing,
        code: None,
        what: "nobody is there".to_owned(),
    }
}
