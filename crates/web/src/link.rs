//! One-time links: a secret of 256 bits, of which the ledger keeps the digest.
//!
//! Looking at the page of a link does nothing; sending its form uses it up.

use crate::error::WebError;
use crate::house::Writes;
use crate::keys::{digest, random};
use engine::pages::StoredLink;
use model::Timestamp;

/// How long the link counts that makes the first administrator.
pub(crate) const FIRST_MICROS: i64 = 15 * 60 * 1_000_000;
/// How long a link counts that an administrator hands to somebody.
pub(crate) const HANDED_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// Makes a link for an account and returns its secret; without an account it makes an administrator.
pub(crate) fn make(writes: &Writes, account: &str, lasting: i64) -> Result<String, WebError> {
    let secret = random()?;
    let now = writes.now();
    writes.acting().keep_link(&StoredLink {
        digest: digest(&secret),
        account: account.to_owned(),
        made: now,
        expires: Timestamp(now.0 + lasting),
        used: None,
    })?;
    Ok(secret)
}

/// Returns whether a link still counts.
pub(crate) fn counts(link: &StoredLink, now: Timestamp) -> bool {
    link.used.is_none() && now < link.expires
}
