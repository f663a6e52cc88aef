//! What marks the intruder and what the person, beside contexts: most acts of the directory are in
//! no context, and are told by these.

use super::baseline::Baseline;
use super::closure::{Closure, Mark};
use super::scene::Scene;
use super::strand::{Ended, public};
use super::verdict::Piece;
use super::{Marks, Verdict};
use model::{Address, Timestamp};

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
    marks.came_in = came_in(scene, &marks, pieces);
    marks
}

/// Returns when the intruder is first seen in the account from elsewhere than where its owner
/// works. What an application does in somebody's name is no sign-in to the account.
fn came_in(scene: &Scene<'_>, marks: &Marks, pieces: &[Piece]) -> Option<Timestamp> {
    let entries = scene.entries.iter().filter(|entry| {
        let is_elsewhere = entry
            .ip
            .is_some_and(|ip| !marks.own_addresses.contains(&ip));
        let is_marked = marks.sessions.contains(&entry.session)
            || entry.ip.is_some_and(|ip| marks.addresses.contains(&ip));
        let is_through_app = marks.apps.contains(&entry.app);
        entry.ended == Ended::In && is_elsewhere && is_marked && !is_through_app
    });
    let signed_in = entries.filter_map(|entry| entry.times.first().copied());
    let contexts = pieces.iter().filter(|piece| {
        let draft = &piece.draft;
        let ip = draft.whence.public();
        let is_elsewhere = ip.is_some_and(|ip| !marks.own_addresses.contains(&ip));
        let is_persons = draft.is_own && !marks.apps.contains(&draft.app);
        piece.ruling.verdict == Verdict::Intruder && is_elsewhere && is_persons
    });
    let acted = contexts.filter_map(|piece| piece.draft.first());
    signed_in.chain(acted).min()
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
