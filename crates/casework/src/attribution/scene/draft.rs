//! A context before its verdict, and what makes it one.

use crate::attribution::ContextId;
use crate::attribution::strand::{Acting, Sample, Service, Whence};
use model::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A context before its verdict.
#[derive(Clone, Debug)]
pub(in crate::attribution) struct Draft {
    /// Its name.
    pub(in crate::attribution) id: ContextId,
    /// The service.
    pub(in crate::attribution) service: Service,
    /// The mailbox; empty in other services.
    pub(in crate::attribution) mailbox: String,
    /// Who acted.
    pub(in crate::attribution) actor: String,
    /// What kind of actor.
    pub(in crate::attribution) acting: Acting,
    /// Exchange's LogonType.
    pub(in crate::attribution) logon_type: Option<i32>,
    /// The session.
    pub(in crate::attribution) session: String,
    /// The client application.
    pub(in crate::attribution) app: String,
    /// Where from.
    pub(in crate::attribution) whence: Whence,
    /// The client's family.
    pub(in crate::attribution) client: &'static str,
    /// The device.
    pub(in crate::attribution) device: String,
    /// The agents in it.
    pub(in crate::attribution) agents: BTreeSet<String>,
    /// The addresses in it.
    pub(in crate::attribution) ips: BTreeSet<String>,
    /// Its first records.
    pub(in crate::attribution) sample: Sample,
    /// Its records: digest, time and strand.
    pub(in crate::attribution) heard: Vec<Part>,
    /// Whether the person acted.
    pub(in crate::attribution) is_own: bool,
    /// Whether it is in the mailbox of the case.
    pub(in crate::attribution) in_mailbox: bool,
}

/// A record of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::attribution) struct Part {
    /// When.
    pub(in crate::attribution) time: Option<Timestamp>,
    /// The digest of its id.
    pub(in crate::attribution) record: u64,
    /// Its strand.
    pub(in crate::attribution) strand: u32,
}

impl Draft {
    /// Returns when the first record was written.
    pub(in crate::attribution) fn first(&self) -> Option<Timestamp> {
        self.heard.iter().find_map(|part| part.time)
    }

    /// Returns when the last record was written.
    pub(in crate::attribution) fn last(&self) -> Option<Timestamp> {
        self.heard.last().and_then(|part| part.time)
    }

    /// Takes in another strand of the same context.
    pub(super) fn join(&mut self, other: Self) {
        self.agents.extend(other.agents);
        self.ips.extend(other.ips);
        self.sample.merge(&other.sample);
        // One name may be acted under by a person and by an application: the weaker claim holds.
        self.acting = self.acting.max(other.acting);
        self.is_own &= other.is_own;
    }
}

/// Returns the name of a context: a digest of what makes it one, and of which part of it where
/// evidence covers only some of its records.
pub(in crate::attribution) fn name_of(draft: &Draft, part: &str) -> ContextId {
    const HEX_DIGITS: usize = 10;
    let logon = draft.logon_type.map(|kind| kind.to_string());
    let parts = [
        draft.mailbox.as_str(),
        &draft.actor,
        logon.as_deref().unwrap_or_default(),
        &draft.session,
        &draft.app,
        &draft.whence.text(),
        draft.client,
        &draft.device,
        part,
    ];
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let mut name = "c-".to_owned();
    for byte in digest.finalize().iter().take(HEX_DIGITS / 2) {
        // Writing to a String cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    ContextId(name)
}
