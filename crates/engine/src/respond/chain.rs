//! The chained record of acts: kept in the ledger, sealed with this folder's key.

use super::wire::WireAct;
use crate::clock;
use crate::error::EngineError;
use crate::pack;
use crate::store::Store;
use custody::SigningKey;
use custody::chain::{self, End, Link, SealedLink};
use ledger::{Act, Sealed};

/// What the record of acts says, and whether it holds.
#[derive(Clone, Debug, Default)]
pub struct ActRecord {
    /// Every act, in the order in which they were done.
    pub acts: Vec<Act>,
    /// The fingerprint of the key that they have to be signed with.
    pub key: String,
    /// Where the chain does not hold; none where it does. Empty as well where nobody asked.
    pub breaks: Vec<String>,
}

impl Store {
    /// Returns the record of acts; checks it, where that is asked.
    pub fn acts(&self, verify: bool) -> Result<ActRecord, EngineError> {
        let acts = self.ledger.acts()?;
        let key = pack::signing_key(self.folder())?;
        let mut record = ActRecord {
            acts,
            key: key.public().fingerprint().to_string(),
            breaks: Vec::new(),
        };
        if verify {
            let head = self.ledger.act_head()?;
            let end = head.as_ref().map(|head| End {
                number: head.number,
                digest: &head.digest,
                signature: &head.signature,
            });
            let links = record.acts.iter().map(sealed);
            let breaks = chain::breaks(&key.public(), links, end);
            record.breaks = breaks.iter().map(ToString::to_string).collect();
        }
        Ok(record)
    }

    /// Adds an act to the record.
    pub(super) fn note_act(&mut self, tenant: &str, act: &WireAct<'_>) -> Result<u64, EngineError> {
        let key = pack::signing_key(self.folder())?;
        let body = serde_json::to_string(act).map_err(EngineError::Kept)?;
        let at = clock::now();
        let seal = |number, previous: &str| {
            let link = Link {
                number,
                at: at.0,
                scope: tenant,
                body: &body,
                previous,
            };
            sealing(&key, &link)
        };
        Ok(self.ledger.append_act((at, tenant, &body), &seal)?)
    }
}

fn sealing(key: &SigningKey, link: &Link<'_>) -> Sealed {
    let seal = chain::seal(key, link);
    Sealed {
        head: chain::seal_end(key, link.number, &seal.digest),
        digest: seal.digest,
        signature: seal.signature,
    }
}

fn sealed(act: &Act) -> SealedLink<'_> {
    SealedLink {
        link: Link {
            number: act.number,
            at: act.at.0,
            scope: &act.tenant,
            body: &act.body,
            previous: &act.previous,
        },
        digest: &act.digest,
        signature: &act.signature,
    }
}
