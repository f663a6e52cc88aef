//! The chained record of acts: kept in the ledger, sealed with this folder's key.

use super::wire::WireAct;
use crate::clock;
use crate::error::EngineError;
use crate::pack;
use crate::store::Store;
use custody::chain::{self, End, Link, Proven, SealedLink};
use custody::{PublicKey, SigningKey};
use ledger::{Act, Ledger, Sealed};
use std::path::Path;

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
            record.breaks = breaks(
                &self.ledger,
                &key.public(),
                &record.acts,
                &mut Proven::default(),
            )?;
        }
        Ok(record)
    }

    /// Adds an act to the record.
    pub(super) fn note_act(&mut self, tenant: &str, act: &WireAct<'_>) -> Result<u64, EngineError> {
        let folder = self.folder().to_owned();
        note(&mut self.ledger, &folder, tenant, act)
    }
}

/// Adds to the record that somebody was refused what they asked for.
pub(crate) fn note_refused(
    ledger: &mut Ledger,
    folder: &Path,
    tenant: &str,
    refused: &Refused<'_>,
) -> Result<u64, EngineError> {
    let act = WireAct {
        act: "refused",
        by: refused.by,
        known_by: refused.known_by,
        plan: refused.plan,
        what: refused.what,
        ..WireAct::default()
    };
    note(ledger, folder, tenant, &act)
}

/// What somebody was refused.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// Who asked.
    pub by: &'a str,
    /// How that is known.
    pub known_by: &'a str,
    /// The plan; empty where there is none.
    pub plan: &'a str,
    /// What was asked, and why it was refused.
    pub what: &'a str,
}

fn note(
    ledger: &mut Ledger,
    folder: &Path,
    tenant: &str,
    act: &WireAct<'_>,
) -> Result<u64, EngineError> {
    let key = pack::signing_key(folder)?;
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
    Ok(ledger.append_act((at, tenant, &body), &seal)?)
}

/// Returns where the chain of acts does not hold.
pub(crate) fn breaks(
    ledger: &Ledger,
    key: &PublicKey,
    acts: &[Act],
    proven: &mut Proven,
) -> Result<Vec<String>, EngineError> {
    let head = ledger.act_head()?;
    let end = head.as_ref().map(|head| End {
        number: head.number,
        digest: &head.digest,
        signature: &head.signature,
    });
    let links = acts.iter().map(sealed);
    let breaks = chain::breaks_beside(key, links, end, proven);
    Ok(breaks.iter().map(ToString::to_string).collect())
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
