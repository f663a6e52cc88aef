//! Signing a person in by OpenID Connect: the authorization code flow with PKCE.
//!
//! It says where a browser is to be sent, turns the code with which it comes back into a token,
//! and tells who the token is about. Whoever calls it keeps what belongs to the browser: the state,
//! the nonce, the verifier. Everything that the issuer's server says is hostile until it is checked:
//! its description of itself (`metadata`), its keys (`keys`), its answers (`fetch`), its tokens
//! (`jose` for the signature, `claims` for what is said).

mod claims;
mod fetch;
mod jose;
mod keys;
mod metadata;
mod settings;

pub use claims::{Fault, Identified};
pub use settings::{Application, Unfit};

use crate::door::DoorError;
use crate::limits::Limits;
use crate::line::Line;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use claims::Expected;
use fetch::{Trouble, fetch};
use keys::Keys;
use metadata::{Described, Metadata};
use model::{Secret, Timestamp};
use reqwest::Url;
use ring::digest::{SHA256, digest};
use serde::Deserialize;

/// A sign-in that a browser began. Each of the three secrets is of it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What the browser brings back in its address.
    pub state: String,
    /// What the token must repeat.
    pub nonce: String,
    /// What proves at the end that it is we who began (PKCE).
    pub verifier: Secret,
    /// When.
    pub at: Timestamp,
    /// Whether the person has to prove itself anew, however lately it did.
    pub fresh: bool,
}

/// What a browser came back with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The code.
    pub code: Secret,
    /// The issuer, where it says who it is (RFC 9207).
    pub issuer: Option<String>,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenIdError {
    /// What the issuer says of itself cannot be had or cannot be used.
    #[error("read what the issuer says of itself: {0}")]
    Metadata(String),
    /// Its keys cannot be had.
    #[error("read the keys of the issuer: {0}")]
    Keys(String),
    /// It gives no token for the code.
    #[error("turn the code into a token: {0}")]
    Exchange(String),
    /// The browser came back from another issuer.
    #[error("follow the browser back: it came from another issuer")]
    OtherIssuer,
    /// The token does not count.
    #[error("believe the token: {0}")]
    Token(#[from] Fault),
}

/// One issuer, as one application of ours knows it.
pub struct OpenId {
    line: Line,
    application: Application,
    metadata: Metadata,
    keys: Keys,
}

impl std::fmt::Debug for OpenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenId")
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}

/// How long an answer of a token endpoint may be.
const TOKEN_LIMIT: u64 = 256 << 10;

#[derive(Deserialize)]
struct Granted {
    id_token: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refused {
    error: String,
    error_description: String,
}

impl OpenId {
    /// Returns what signs people in. Nothing is asked as yet.
    pub fn new(
        application: Application,
        limits: Limits,
        clock: fn() -> Timestamp,
        roots: Option<&[u8]>,
    ) -> Result<Self, DoorError> {
        Ok(Self {
            line: Line::new(limits, clock, roots)?,
            application,
            metadata: Metadata::default(),
            keys: Keys::default(),
        })
    }

    /// Returns where a browser is to be sent.
    pub async fn begin(&self, begun: &Begun) -> Result<String, OpenIdError> {
        let mut url = self.described().await?.authorize;
        let challenge = digest(&SHA256, begun.verifier.reveal().as_bytes());
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("client_id", &self.application.client_id)
            .append_pair("redirect_uri", self.application.redirect.as_str())
            .append_pair("scope", &self.application.scope)
            .append_pair("state", &begun.state)
            .append_pair("nonce", &begun.nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(challenge))
            .append_pair("code_challenge_method", "S256");
        if begun.fresh {
            url.query_pairs_mut()
                .append_pair("prompt", "login")
                .append_pair("max_age", "0");
        }
        Ok(url.into())
    }

    /// Turns the code with which a browser came back into who signed in. `secret` is what the
    /// application proves itself with; nothing where it is a public one.
    pub async fn finish(
        &self,
        begun: &Begun,
        returned: &Returned,
        secret: Option<&Secret>,
    ) -> Result<Identified, OpenIdError> {
        let described = self.described().await?;
        let told = returned.issuer.as_deref();
        let is_ours = match told {
            Some(told) => self.application.issuer.is_of_answer(told),
            None => !described.names_itself,
        };
        if !is_ours {
            return Err(OpenIdError::OtherIssuer);
        }
        let token = self.exchange(&described, begun, returned, secret).await?;
        let parsed = jose::parse(&token)?;
        let key = self.keys.find(&self.line, &described.keys, &parsed).await?;
        parsed.verify(&key)?;
        let expected = Expected {
            application: &self.application,
            begun,
            now: (self.line.clock)(),
            of_key: key.issuer.as_deref(),
        };
        Ok(claims::check(&parsed.claims, &expected)?)
    }

    /// Returns where a browser ends the session that it has with the issuer, where there is such an
    /// address; nothing is asked for it.
    pub async fn end(&self, back: &str) -> Option<String> {
        let mut url = self.metadata.held().await?.end?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.application.client_id)
            .append_pair("post_logout_redirect_uri", back);
        Some(url.into())
    }

    async fn described(&self) -> Result<Described, OpenIdError> {
        self.metadata.get(&self.line, &self.application).await
    }

    async fn exchange(
        &self,
        described: &Described,
        begun: &Begun,
        returned: &Returned,
        secret: Option<&Secret>,
    ) -> Result<String, OpenIdError> {
        let application = &self.application;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", returned.code.reveal()),
            ("redirect_uri", application.redirect.as_str()),
            ("client_id", &application.client_id),
            ("code_verifier", begun.verifier.reveal()),
        ];
        let mut basic = None;
        match secret {
            Some(secret) if described.takes_secret_in_form => {
                form.push(("client_secret", secret.reveal()));
            }
            Some(secret) => basic = Some(self.basic(secret)),
            None => {}
        }
        let failed = |what: &str| OpenIdError::Exchange(what.to_owned());
        let body = Url::parse_with_params("form:", &form).map_err(|_| failed("no form"))?;
        let url = &described.token;
        let mut request = (self.line.wire.client(url).post(url.clone()))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(body.query().unwrap_or_default().to_owned());
        if let Some(basic) = basic {
            request = request.header("authorization", basic);
        }
        let mut hidden = vec![returned.code.reveal(), begun.verifier.reveal()];
        hidden.extend(secret.map(Secret::reveal));
        let told = |what: &str| OpenIdError::Exchange(crate::aadsts::told(what, &hidden));
        match fetch(&self.line, url, request, TOKEN_LIMIT).await {
            Ok(body) => {
                let granted: Granted = serde_json::from_slice(&body)
                    .map_err(|_| failed("the answer holds no `id_token`"))?;
                Ok(granted.id_token)
            }
            Err(Trouble::Broken(what)) => Err(told(&what)),
            Err(Trouble::Status(status, body)) => {
                let refused: Refused = serde_json::from_slice(&body).unwrap_or_default();
                let Refused {
                    error,
                    error_description,
                } = refused;
                Err(told(&format!(
                    "it answered {status} `{error}` {error_description}"
                )))
            }
        }
    }

    /// RFC 6749, section 2.3.1: both are escaped as in a form before they are joined.
    fn basic(&self, secret: &Secret) -> String {
        let escaped = |text: &str| {
            let url = Url::parse_with_params("form:", [("", text)]);
            let query = url.ok().and_then(|url| Some(url.query()?.to_owned()));
            query.unwrap_or_default().trim_start_matches('=').to_owned()
        };
        let id = escaped(&self.application.client_id);
        let joined = format!("{id}:{}", escaped(secret.reveal()));
        format!("Basic {}", STANDARD.encode(joined))
    }
}
