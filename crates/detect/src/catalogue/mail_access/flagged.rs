//! Sessions and addresses of accounts whose sign-ins were found wrong: by what, and until when.

use super::access::Whose;
use crate::hit::Hit;
use crate::words::Word;
use crate::world::{DAY, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A session stays flagged for a week, an address of an account for a day.
const SESSION_SECONDS: i64 = 7 * DAY;
const ADDRESS_SECONDS: i64 = DAY;

/// In what mail was read: a session, or from an address by an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// A session of a tenant.
    Session(Word, Word),
    /// An account, and an address from which it acts.
    Address(Whose, Word),
}

/// Why a way is flagged.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// Which detections flagged it.
    pub(super) detections: BTreeSet<String>,
    /// Whom their findings concern.
    pub(super) user: String,
    gravest: Severity,
    time: Timestamp,
}

impl Flag {
    /// Returns how urgent it is what happens in a way that is flagged so: one finding of medium may
    /// err, and an address is less than a session.
    pub(super) fn severity(&self, way: Way) -> Severity {
        let is_session = matches!(way, Way::Session(..));
        let do_many_agree = self.detections.len() > 1;
        match (self.gravest >= Severity::High, is_session, do_many_agree) {
            (true, ..) | (false, true, true) => Severity::High,
            (false, true, false) | (false, false, true) => Severity::Medium,
            (false, false, false) => Severity::Low,
        }
    }
}

/// What was flagged.
#[derive(Debug, Default)]
pub(super) struct Flagged {
    flags: BTreeMap<Way, Flag>,
}

impl Flagged {
    /// Flags a way because of a finding; returns why it is flagged.
    pub(super) fn flag(&mut self, way: Way, hit: &Hit) -> &Flag {
        let now = hit.fact.time;
        if self.of(way, now).is_none() {
            self.flags.remove(&way);
        }
        let flag = self.flags.entry(way).or_insert_with(|| Flag {
            detections: BTreeSet::new(),
            user: hit.user.clone(),
            gravest: hit.severity,
            time: now,
        });
        flag.detections.insert(hit.detection.to_string());
        flag.gravest = flag.gravest.max(hit.severity);
        flag.time = now;
        flag
    }

    /// Returns why a way is flagged, while it is.
    pub(super) fn of(&self, way: Way, now: Timestamp) -> Option<&Flag> {
        let seconds = match way {
            Way::Session(..) => SESSION_SECONDS,
            Way::Address(..) => ADDRESS_SECONDS,
        };
        let flag = self.flags.get(&way)?;
        (seconds_between(flag.time, now) <= seconds).then_some(flag)
    }
}
