//! The one who delivers. It is shared by all destinations and remembers nothing: what is to be
//! sent again is the outbox's business.

use crate::destination::Destination;
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::rendered::{Body, Rendered};
use crate::secret::hidden_in;
use crate::webhook::{SIGNATURE, signature};
use crate::wire::{Answer, Wire};
use crate::{pagerduty, slack, smtp, stream, teams, webhook};
use model::{Secret, Timestamp};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;
use tokio::time::timeout;

/// Why there is no courier.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The extra certificates are none.
    #[error("read the extra root certificates")]
    Roots(#[source] pem::Error),
    /// There is none among them.
    #[error("read the extra root certificates: there is none in the PEM text")]
    NoRoots,
    /// No HTTP client could be made.
    #[error("prepare HTTPS")]
    Client(#[source] reqwest::Error),
    /// TLS could not be prepared.
    #[error("prepare TLS")]
    Tls(#[source] rustls::Error),
}

/// Delivers what was written.
pub struct Courier {
    wire: Wire,
    tls: Arc<ClientConfig>,
    roots: Option<Vec<u8>>,
    limits: Limits,
}

impl Courier {
    /// Returns a courier. `roots` are further certificates to trust (PEM), beside those of this machine.
    pub fn new(limits: Limits, roots: Option<&[u8]>) -> Result<Self, CourierError> {
        // Another room may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = tls(roots)?;
        Ok(Self {
            wire: Wire::new(&limits, &tls)?,
            tls: Arc::new(tls),
            roots: roots.map(<[u8]>::to_vec),
            limits,
        })
    }

    /// Delivers a card and says what came of it. Nothing secret stands in the words.
    pub async fn send(
        &self,
        destination: &Destination,
        rendered: &Rendered,
        now: Timestamp,
    ) -> Outcome {
        let sent = timeout(
            self.limits.timeout,
            self.try_to_send(destination, rendered, now),
        )
        .await;
        let silence = || {
            Outcome::retry(format!(
                "no answer within {} s",
                self.limits.timeout.as_secs()
            ))
        };
        let outcome = sent.unwrap_or_else(|_| silence());
        outcome.cleaned(|text| {
            let secrets = destination.secrets();
            let secrets = secrets.iter();
            secrets.fold(text.to_owned(), |text, secret| hidden_in(secret, &text))
        })
    }

    async fn try_to_send(
        &self,
        destination: &Destination,
        rendered: &Rendered,
        now: Timestamp,
    ) -> Outcome {
        match (destination, &rendered.body) {
            (Destination::Teams(settings), Body::Json(body)) => {
                self.post(settings.url.reveal(), body, &[], now, teams::judge)
                    .await
            }
            (Destination::Slack(settings), Body::Json(body)) => {
                self.post(settings.url.reveal(), body, &[], now, slack::judge)
                    .await
            }
            (Destination::PagerDuty(settings), Body::Json(event)) => {
                let event = pagerduty::signed(settings, event);
                self.post(&settings.url, &event, &[], now, pagerduty::judge)
                    .await
            }
            (Destination::Webhook(settings), Body::Json(body)) => {
                let mut headers = settings.headers.clone();
                if let Some(key) = &settings.key {
                    let signature = signature(key, body, now);
                    headers.push((SIGNATURE.to_owned(), Secret::from(signature)));
                }
                self.post(settings.url.reveal(), body, &headers, now, webhook::judge)
                    .await
            }
            (Destination::Email(settings), Body::Letter(letter)) => {
                let (roots, patience) = (self.roots.as_deref(), self.limits.timeout);
                smtp::send(settings, letter, roots, patience, now).await
            }
            (Destination::Syslog(settings), Body::Line(line)) => {
                stream::send(settings, &line.at(now), &self.tls).await
            }
            _ => Outcome::refused("the card was written for another kind of destination"),
        }
    }

    async fn post(
        &self,
        url: &str,
        body: &str,
        headers: &[(String, Secret)],
        now: Timestamp,
        judge: fn(&Answer) -> Outcome,
    ) -> Outcome {
        match self.wire.post(url, body, headers, &self.limits, now).await {
            Ok(answer) => judge(&answer),
            Err(outcome) => outcome,
        }
    }
}

/// Trusts whom this machine trusts, and the further roots.
fn tls(roots: Option<&[u8]>) -> Result<ClientConfig, CourierError> {
    let further = CertificateDer::pem_slice_iter(roots.unwrap_or_default());
    let further = further
        .collect::<Result<Vec<_>, _>>()
        .map_err(CourierError::Roots)?;
    if roots.is_some() && further.is_empty() {
        return Err(CourierError::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(further, Arc::clone(&provider))
        .map_err(CourierError::Tls)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(CourierError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}
