//! What a browser keeps while its person is away at an issuer: sealed, for ten minutes.
//!
//! Nothing is kept here for it, so that nobody can fill the ledger by beginning sign-ins; only one
//! that comes back is noted, so that it comes back once.

use crate::error::WebError;
use crate::house::Reads;
use crate::keys::{digest, is_same, random};
use crate::session::cookie;
use axum::http::HeaderMap;
use engine::pages::Begun;
use model::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a person may be away.
pub(crate) const AWAY_MICROS: i64 = 10 * 60 * 1_000_000;
/// For whom it is sealed: nothing else that is sealed can stand in for it.
const OWNER: &str = "\0sign-in at an issuer";

/// What a browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) begun: Begun,
    /// Where to go afterwards.
    pub(crate) next: String,
    /// Whose proof it is to be, and the session that it follows; nothing where somebody signs in.
    pub(crate) of: Option<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    state: String,
    nonce: String,
    verifier: String,
    at: i64,
    next: String,
    of: Option<(String, String)>,
}

impl Ticket {
    /// Makes one for somebody who signs in, or who proves that it is the same person still.
    pub(crate) fn new(
        now: Timestamp,
        next: &str,
        of: Option<(String, String)>,
    ) -> Result<Self, WebError> {
        Ok(Self {
            begun: Begun {
                state: random()?,
                nonce: random()?,
                verifier: Secret::from(random()?),
                at: now,
                fresh: of.is_some(),
            },
            next: next.to_owned(),
            of,
        })
    }

    /// Returns the header that gives it to a browser.
    pub(crate) fn given(&self, reads: &Reads) -> Result<String, WebError> {
        let begun = &self.begun;
        let wire = Wire {
            state: begun.state.clone(),
            nonce: begun.nonce.clone(),
            verifier: begun.verifier.reveal().to_owned(),
            at: begun.at.0,
            next: self.next.clone(),
            of: self.of.clone(),
        };
        let text = serde_json::to_vec(&wire).map_err(|_| WebError::Random)?;
        let sealed = reads.keys.seal(OWNER, &text)?;
        Ok(header(reads, &sealed, AWAY_MICROS / 1_000_000))
    }

    /// Returns what a browser kept, where it is of the state that it brings and not too old.
    pub(crate) fn kept(
        reads: &Reads,
        headers: &HeaderMap,
        state: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let sealed = cookie(headers, name(reads))?;
        let text = reads.keys.unseal(OWNER, sealed)?;
        let wire: Wire = serde_json::from_slice(&text).ok()?;
        let age = now.0 - wire.at;
        if !is_same(&wire.state, state) || !(0..AWAY_MICROS).contains(&age) {
            return None;
        }
        Some(Self {
            begun: Begun {
                state: wire.state,
                nonce: wire.nonce,
                verifier: Secret::from(wire.verifier),
                at: Timestamp(wire.at),
                fresh: wire.of.is_some(),
            },
            next: wire.next,
            of: wire.of,
        })
    }

    /// Returns by what the ledger knows that it came back.
    pub(crate) fn mark(&self) -> String {
        digest(&self.begun.state)
    }
}

/// Returns the header that takes it.
pub(crate) fn taken(reads: &Reads) -> String {
    header(reads, "", 0)
}

fn name(reads: &Reads) -> &'static str {
    if reads.settings.is_secure {
        "__Host-breachscope-away"
    } else {
        "breachscope-away"
    }
}

// The form that brings it is on a page of ours, so it need not come with requests from elsewhere.
fn header(reads: &Reads, value: &str, age: i64) -> String {
    let secure = if reads.settings.is_secure {
        "; Secure"
    } else {
        ""
    };
    let name = name(reads);
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}")
}
