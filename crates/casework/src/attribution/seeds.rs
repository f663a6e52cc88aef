//! What the analyst says is the intruder's, found in the records.

use super::names::digest;
use super::strand::{is_sign_in, public};
use crate::brief::Seed;
use model::{Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The records that the seeds name, caught as they pass.
#[derive(Debug, Default)]
pub(super) struct Sought {
    wanted: BTreeSet<String>,
    /// Each record that was found, by id.
    pub(super) found: BTreeMap<String, Caught>,
}

/// What a record that a seed names shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Caught {
    /// When.
    pub(super) time: Option<Timestamp>,
    /// Its digest, by which its context is found.
    pub(super) digest: u64,
    /// Whether it is a sign-in.
    pub(super) is_sign_in: bool,
    /// The session.
    pub(super) session: String,
    /// The token.
    pub(super) token: String,
    /// The device.
    pub(super) device: String,
    /// The application.
    pub(super) app: String,
    /// The public address.
    pub(super) ip: Option<IpAddr>,
    /// The agent.
    pub(super) agent: String,
}

impl Sought {
    /// Notes which records the seeds name.
    pub(super) fn new(seeds: &[Seed]) -> Self {
        let wanted = seeds.iter().filter_map(|seed| match seed {
            Seed::Record(id) | Seed::Signin(id) => Some(id.clone()),
            _ => None,
        });
        Self {
            wanted: wanted.collect(),
            found: BTreeMap::new(),
        }
    }

    /// Catches a record that is sought; of two under one id in two logs the first in order is kept.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        if self.wanted.is_empty() || !self.wanted.contains(event.id.as_str()) {
            return;
        }
        let caught = Caught {
            time: event.time,
            digest: digest(event.id.as_str()),
            is_sign_in: is_sign_in(event),
            session: event.session.to_string(),
            token: event.token.to_string(),
            device: event.device.to_ascii_lowercase(),
            app: event.app.to_string(),
            ip: public(event.address),
            agent: event.agent.to_string(),
        };
        let id = event.id.as_str().to_owned();
        let kept = self.found.entry(id).or_insert_with(|| caught.clone());
        if caught < *kept {
            *kept = caught;
        }
    }
}
