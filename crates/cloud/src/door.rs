//! The door itself: what the rest of the house may ask of this room.

use crate::access::Access;
use crate::claims::TokenFacts;
use crate::device::{self, DeviceCode};
use crate::endpoints::Endpoints;
use crate::gate::Gates;
use crate::identity::IdentityHosts;
use crate::journey::Journey;
use crate::limits::Limits;
use crate::line::{Line, origin};
use crate::tally::{Tallies, Tally};
use crate::token::Tokens;
use model::{Ask, Failure, NoToken, Reply, Secret, Service, Timestamp};
use reqwest::Url;
use std::sync::Arc;

/// What came of a question.
#[derive(Debug)]
pub struct Sent {
    /// The reply, or why there is none. An error of the server that lasts is a reply: its body
    /// may say more than its number.
    pub outcome: Result<Reply, Failure>,
    /// The records of a success, from their beginning.
    pub body: Option<tempfile::SpooledTempFile>,
}

impl From<Failure> for Sent {
    fn from(failure: Failure) -> Self {
        Self {
            outcome: Err(failure),
            body: None,
        }
    }
}

/// Why there is no door.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The extra certificates are none.
    #[error("read the extra root certificates")]
    Roots(#[source] reqwest::Error),
    /// There is none among them.
    #[error("read the extra root certificates: there is none in the PEM text")]
    NoRoots,
    /// No HTTP client could be made.
    #[error("prepare HTTPS")]
    Client(#[source] reqwest::Error),
}

/// The one way to the cloud. It is shared by all tenants; what one of them suffers, the others do not feel.
pub struct Door {
    pub(crate) line: Arc<Line>,
    pub(crate) tokens: Tokens,
    pub(crate) gates: Gates,
    pub(crate) tallies: Tallies,
}

impl Door {
    /// Returns a door. `clock` tells the local time, `roots` are further certificates to trust (PEM).
    pub fn new(
        limits: Limits,
        clock: fn() -> Timestamp,
        roots: Option<&[u8]>,
    ) -> Result<Self, DoorError> {
        let gates = Gates::new(&limits);
        let line = Arc::new(Line::new(limits, clock, roots)?);
        Ok(Self {
            tokens: Tokens::new(Arc::clone(&line)),
            line,
            gates,
            tallies: Tallies::default(),
        })
    }

    /// Returns the same door with other addresses for the identity of this machine.
    #[must_use]
    pub fn with_identity(mut self, hosts: IdentityHosts) -> Self {
        self.tokens.mint.identity = hosts;
        self
    }

    /// Sends one question and stays with it until there is a reply or a reason why there is none.
    pub async fn send(&self, access: &Arc<Access>, ask: &Ask) -> Sent {
        let sent = match Journey::new(self, access, ask) {
            Ok(journey) => journey.go().await,
            Err(failure) => failure.into(),
        };
        let failed = match &sent.outcome {
            Ok(reply) => reply.status >= 500,
            Err(_) => true,
        };
        if failed {
            self.tallies
                .count(&access.tenant, ask.pace, |tally| tally.failed += 1);
        }
        sent
    }

    /// Returns what the token for a service says about itself.
    pub async fn token(
        &self,
        access: &Arc<Access>,
        service: Service,
    ) -> Result<TokenFacts, NoToken> {
        let held = self.tokens.get(access, service, None).await?;
        Ok(held.facts)
    }

    /// Forgets the tokens of one application in one tenant, so that new permissions count at once.
    pub fn forget_tokens(&self, access: &Access) {
        self.tokens.forget(access);
    }

    /// Returns the time as the host of a service sees it.
    pub fn now(&self, access: &Access, service: Service) -> Timestamp {
        let seconds = self.skew(access, service).unwrap_or_default();
        (self.line.clock)().plus_seconds(seconds)
    }

    /// Returns by how many seconds the host of a service is ahead of the local clock; that of the
    /// host that gives tokens until the service itself has answered.
    pub fn skew(&self, access: &Access, service: Service) -> Option<i64> {
        let of = |url: &Url| self.line.skews.of(&origin(url));
        let own = access.endpoints.place(service).and_then(|(_, url)| of(url));
        own.or_else(|| of(&Url::parse(access.endpoints.login()).ok()?))
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
        device::begin(&self.tokens.mint, endpoints, tenant, client_id, service).await
    }

    /// Waits until the person has signed in, and returns the refresh token.
    pub async fn device_login(&self, code: &DeviceCode) -> Result<Secret, NoToken> {
        device::finish(&self.tokens.mint, code).await
    }
}
