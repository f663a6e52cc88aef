//! What was the person's own before the intruder came: addresses, devices, sessions, clients.

use super::scene::{Draft, Scene};
use super::strand::{Ended, Service};
use crate::interval::{DAY, HOUR, Interval};
use model::Timestamp;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// How far back the baseline looks from the intruder's first act.
const BASELINE: i64 = 30 * DAY;

/// What was seen only in the last hour before shows nothing of the owner: an intruder signs in
/// before the first act that is known as theirs, and old sign-ins carry no session to tell.
const DOUBTFUL: i64 = HOUR;

/// What was the person's own before the intruder came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Baseline {
    /// The intruder's first act, where the baseline ends.
    pub(super) ends: Option<Timestamp>,
    /// Public addresses.
    pub(super) ips: BTreeSet<IpAddr>,
    /// Devices.
    pub(super) devices: BTreeSet<String>,
    /// Sessions.
    pub(super) sessions: BTreeSet<String>,
    /// Client families.
    pub(super) clients: BTreeSet<&'static str>,
    /// Applications.
    pub(super) apps: BTreeSet<String>,
    /// Hours of the day, UTC.
    pub(super) hours: BTreeSet<u8>,
    /// Others who were in the mailbox.
    pub(super) delegates: BTreeSet<String>,
}

impl Baseline {
    /// Learns what was the person's own in the thirty days before a moment.
    pub(super) fn before(
        scene: &Scene<'_>,
        ends: Timestamp,
        is_intruders: impl Fn(usize) -> bool,
    ) -> Self {
        let mut baseline = Self {
            ends: Some(ends),
            ..Self::default()
        };
        let days = Interval {
            from: Timestamp(ends.0.saturating_sub(BASELINE)),
            to: Timestamp(ends.0.saturating_sub(DOUBTFUL)),
        };
        for (at, draft) in scene.drafts.iter().enumerate() {
            if !is_intruders(at) {
                baseline.learn_context(draft, &days);
            }
        }
        for entry in scene
            .entries
            .iter()
            .filter(|entry| entry.ended == Ended::In)
        {
            let within = entry.times.iter().filter(|time| days.holds(**time));
            let hours: BTreeSet<u8> = within.map(|time| hour(*time)).collect();
            if hours.is_empty() {
                continue;
            }
            baseline.hours.extend(hours);
            baseline.ips.extend(entry.ip);
            baseline.devices.insert(entry.device.clone());
            baseline.sessions.insert(entry.session.clone());
            baseline.apps.insert(entry.app.clone());
        }
        for texts in [
            &mut baseline.devices,
            &mut baseline.sessions,
            &mut baseline.apps,
        ] {
            texts.remove("");
        }
        baseline
    }

    fn learn_context(&mut self, draft: &Draft, days: &Interval) {
        let is_owners_way =
            draft.service == Service::Other || matches!(draft.logon_type, None | Some(0));
        let within = draft
            .heard
            .iter()
            .filter_map(|part| part.time)
            .filter(|time| days.holds(*time));
        let hours: BTreeSet<u8> = within.map(hour).collect();
        if hours.is_empty() {
            return;
        }
        if !draft.is_own && draft.in_mailbox {
            self.delegates.insert(draft.actor.clone());
        }
        // What the platform reads in the owner's name shows nothing of the owner.
        let is_service = matches!(draft.client, "RESTSystem" | "Service" | "Transport");
        if !draft.is_own || !is_owners_way || is_service {
            return;
        }
        self.hours.extend(hours);
        self.ips.extend(draft.whence.public());
        self.devices.insert(draft.device.clone());
        self.sessions.insert(draft.session.clone());
        self.apps.insert(draft.app.clone());
        self.clients.insert(draft.client);
    }
}

/// Returns the hour of the day, UTC.
pub(super) fn hour(time: Timestamp) -> u8 {
    time.0.div_euclid(HOUR).rem_euclid(24) as u8
}
