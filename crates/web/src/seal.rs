//! What stands in a link to act: which incident, until when, a nonce, and a seal that nobody can forge.
//!
//! It lets its reader see the plan and is no proof of who reads: acting needs a session, a role and
//! a code besides. The nonce is used up by the first form that is accepted.

use crate::error::WebError;
use crate::keys::{Keys, random_bytes};
use data_encoding::BASE64URL_NOPAD;
use model::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};

/// Which form a link has.
const VERSION: &str = "1";
/// How long a link in a card counts.
pub(crate) const CARD_MICROS: i64 = 24 * 60 * 60 * 1_000_000;
/// How long a plan counts that stands in a page.
pub(crate) const PAGE_MICROS: i64 = 60 * 60 * 1_000_000;

/// What a link to act says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) incident: String,
    pub(crate) expires: Timestamp,
    pub(crate) nonce: String,
}

/// Why a link to act says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsealed {
    /// It was not made here, or was changed.
    Forged,
    /// It counts no more.
    Expired,
}

/// Makes a link to act for an incident.
pub(crate) fn seal(keys: &Keys, incident: &str, expires: Timestamp) -> Result<String, WebError> {
    let nonce = BASE64URL_NOPAD.encode(&random_bytes::<16>()?);
    let said = format!("{VERSION} {incident} {} {nonce}", expires.0);
    let mut bytes = pair(keys)?.sign(said.as_bytes()).as_ref().to_vec();
    bytes.extend(said.as_bytes());
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// Returns what a link to act says.
pub(crate) fn open(keys: &Keys, token: &str, now: Timestamp) -> Result<Claim, Unsealed> {
    let read = || -> Option<Claim> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (signature, said) = bytes.split_at_checked(64)?;
        let pair = pair(keys).ok()?;
        let public = ring::signature::KeyPair::public_key(&pair);
        UnparsedPublicKey::new(&ED25519, public)
            .verify(said, signature)
            .ok()?;
        let mut words = std::str::from_utf8(said).ok()?.split(' ');
        if words.next()? != VERSION {
            return None;
        }
        Some(Claim {
            incident: words.next()?.to_owned(),
            expires: Timestamp(words.next()?.parse().ok()?),
            nonce: words.next()?.to_owned(),
        })
    };
    let claim = read().ok_or(Unsealed::Forged)?;
    if now < claim.expires {
        Ok(claim)
    } else {
        Err(Unsealed::Expired)
    }
}

fn pair(keys: &Keys) -> Result<Ed25519KeyPair, WebError> {
    Ed25519KeyPair::from_seed_unchecked(&keys.derive("link", "")).map_err(|_| WebError::Random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_was_sealed_until_it_expires_and_nothing_else_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = Keys::open(folder.path()).expect("a key");
        let token = seal(&keys, "incident", Timestamp(50)).expect("sealed");
        let claim = open(&keys, &token, Timestamp(49)).expect("opened");
        assert_eq!(claim.incident, "incident");
        assert_eq!(open(&keys, &token, Timestamp(50)), Err(Unsealed::Expired));
        let mut changed = token.clone().into_bytes();
        changed[100] = if changed[100] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        assert_eq!(open(&keys, &changed, Timestamp(1)), Err(Unsealed::Forged));
        assert_eq!(open(&keys, "", Timestamp(1)), Err(Unsealed::Forged));
        let again = seal(&keys, "incident", Timestamp(50)).expect("sealed");
        assert_ne!(token, again, "each has a nonce of its own");
    }
}
