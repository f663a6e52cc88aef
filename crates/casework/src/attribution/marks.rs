//! What marks the intruder and what the person, beside contexts: most acts of the directory are in
//! no context, and are told by these.

use super::baseline::Baseline;
use super::closure::{Closure, Mark};
use super::scene::Scene;
use super::strand::{Ended, public};
use super::verdict::Piece;
use super::{Marks, Verdict};
use model::{Address, Timestamp};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Gathers the marks.
pub(super) fn marks(
    scene: &Scene<'_>,
    closure: &Closure,
    baseline: Option<&Baseline>,
    pieces: &[Piece],
) -> Marks {
    let mut marks = Marks::default();
    for mark in closure.found.keys() {
        match mark {
            Mark::Session(session) => {
                marks.sessions.insert(session.clone());
            }
            Mark::Token(token) => {
                marks.tokens.insert(token.clone());
            }
            Mark::Ip(ip) => {
                marks.addresses.insert(*ip);
            }
            Mark::App(app) => {
                marks.apps.insert(app.clone());
            }
            Mark::Act(at) => {
                marks.acts.insert(scene.acts[*at].record.clone());
            }
            Mark::Context(_) | Mark::Delegate(..) | Mark::Device(_) => {}
        }
    }
    for texts in [&mut marks.sessions, &mut marks.tokens, &mut marks.apps] {
        texts.remove("");
    }
    if let Some(own) = baseline {
        marks.own_addresses.clone_from(&own.ips);
        marks.own_devices.clone_from(&own.devices);
    }
    let seen = seen_elsewhere(scene, &marks, pieces);
    marks.came_in = seen.iter().map(|(time, _)| *time).min();
    marks.is_strange = seen.iter().any(|(_, is_own_device)| !is_own_device);
    marks
}

/// Returns when the intruder is seen in the account from elsewhere than where its owner works, and
/// whether with the owner's own device. What an application does in somebody's name is no sign-in
/// to the account.
fn seen_elsewhere(scene: &Scene<'_>, marks: &Marks, pieces: &[Piece]) -> Vec<(Timestamp, bool)> {
    let is_elsewhere = |ip: Option<IpAddr>| ip.is_some_and(|ip| !marks.own_addresses.contains(&ip));
    let mut seen = Vec::new();
    // Records of mailboxes name no device: it is known by the sign-in to the session.
    let mut with_own_device = BTreeSet::new();
    for entry in &scene.entries {
        let is_marked = marks.sessions.contains(&entry.session)
            || entry.ip.is_some_and(|ip| marks.addresses.contains(&ip));
        let is_through_app = marks.apps.contains(&entry.app);
        if entry.ended != Ended::In || !is_elsewhere(entry.ip) || !is_marked || is_through_app {
            continue;
        }
        let is_own_device = marks.own_devices.contains(&entry.device);
        if is_own_device {
            with_own_device.insert((entry.session.as_str(), entry.ip));
        }
        seen.extend(entry.times.first().map(|time| (*time, is_own_device)));
    }
    for piece in pieces {
        let draft = &piece.draft;
        let ip = draft.whence.public();
        let is_persons = draft.is_own && !marks.apps.contains(&draft.app);
        if piece.ruling.verdict == Verdict::Intruder && is_elsewhere(ip) && is_persons {
            let is_own_device = with_own_device.contains(&(draft.session.as_str(), ip));
            seen.extend(draft.first().map(|time| (time, is_own_device)));
        }
    }
    seen
}

impl Marks {
    /// Returns whether one of these is the intruder's alone.
    #[must_use]
    pub fn are_on(&self, session: &str, token: &str, address: Option<Address>) -> bool {
        self.sessions.contains(session)
            || self.tokens.contains(token)
            || public(address).is_some_and(|ip| self.addresses.contains(&ip))
    }

    /// Returns whether this is where the person worked before the intruder came, with what they
    /// worked.
    #[must_use]
    pub fn is_at_home(&self, address: Option<Address>, device: &str) -> bool {
        let is_own_device =
            device.is_empty() || self.own_devices.contains(&device.to_ascii_lowercase());
        let ip = public(address);
        is_own_device && ip.is_some_and(|ip| self.own_addresses.contains(&ip))
    }
}
