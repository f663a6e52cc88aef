//! A content blob of the Management Activity API: listed, to be fetched, or failed and waiting.

use crate::digest::digest;
use crate::moment::{self, DAY};
use model::{Gap, GapClock, Timestamp};
use serde::{Deserialize, Serialize};

/// A blob that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// Its name.
    pub(crate) id: String,
    /// Where it is fetched.
    pub(crate) uri: String,
    /// When it was made, on the arrival clock.
    pub(crate) created: Timestamp,
    /// When the service throws it away.
    pub(crate) expires: Timestamp,
    /// How often fetching it failed.
    pub(crate) attempts: u32,
    /// Not before this moment.
    pub(crate) not_before: Timestamp,
}

impl Blob {
    /// Returns a short stand-in for its name.
    pub(crate) fn key(&self) -> u128 {
        digest(&self.id)
    }

    /// Returns the gap that it is when it can be had no more.
    pub(crate) fn gap(&self, cause: &str, why: &str) -> Gap {
        Gap {
            from: self.created,
            to: self.created.plus_seconds(1),
            clock: GapClock::Arrival,
            cause: cause.to_owned(),
            detail: format!("content `{}`: {why}", self.id),
        }
    }
}

/// Blobs are said to be there for seven days and live about twenty; where none is told, the
/// longer is taken: the service's own refusal ends it sooner.
const LIFE_UNTOLD: i64 = 20 * DAY;

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "contentId")]
    id: String,
    #[serde(rename = "contentUri")]
    uri: String,
    #[serde(default, rename = "contentCreated")]
    created: Option<String>,
    #[serde(default, rename = "contentExpiration")]
    expires: Option<String>,
}

/// Reads a page of a list. An entry without name or address makes the page one that cannot be
/// relied on.
pub(crate) fn read_list(body: &[u8], from: Timestamp, to: Timestamp) -> Result<Vec<Blob>, String> {
    let listed: Vec<Listed> =
        serde_json::from_slice(body).map_err(|error| format!("the list is damaged: {error}"))?;
    listed
        .into_iter()
        .map(|entry| entry.blob(from, to))
        .collect()
}

impl Listed {
    fn blob(self, from: Timestamp, to: Timestamp) -> Result<Blob, String> {
        if self.id.is_empty() || self.uri.is_empty() {
            return Err("the list has an entry without name or address".to_owned());
        }
        // What is remembered is forgotten by this time: one outside the window that listed the
        // blob would have it forgotten while it is still listed.
        let told = self.created.as_deref().and_then(moment::read);
        let created = told.unwrap_or(from).clamp(from, to.max(from));
        let expires = self.expires.as_deref().and_then(moment::read);
        Ok(Blob {
            id: self.id,
            uri: self.uri,
            created,
            expires: expires.unwrap_or(created.plus_seconds(LIFE_UNTOLD)),
            attempts: 0,
            not_before: Timestamp::default(),
        })
    }
}

/// The written form of a blob that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlobWire {
    id: String,
    uri: String,
    created: i64,
    expires: i64,
    attempts: u32,
    not_before: i64,
}

impl BlobWire {
    /// Returns the written form.
    pub(crate) fn of(blob: &Blob) -> Self {
        Self {
            id: blob.id.clone(),
            uri: blob.uri.clone(),
            created: blob.created.0,
            expires: blob.expires.0,
            attempts: blob.attempts,
            not_before: blob.not_before.0,
        }
    }

    /// Returns the blob.
    pub(crate) fn blob(self) -> Blob {
        Blob {
            id: self.id,
            uri: self.uri,
            created: Timestamp(self.created),
            expires: Timestamp(self.expires),
            attempts: self.attempts,
            not_before: Timestamp(self.not_before),
        }
    }
}
