//! G12: an application's reads that the one-hour filter may have hidden behind another's.
//!
//! Exchange does not log a read again within an hour when everything about it but the
//! application is the same. Applications share Microsoft's addresses and the client string,
//! and have no session, so a rogue one can stand in the shadow of an honest one.

use super::scope::Scope;
use super::words::moment;
use super::{Gap, GapId};
use crate::attribution::Verdict;
use crate::interval::{HOUR, Interval};
use model::{AddressClass, Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// When applications read a mailbox from Microsoft's addresses, by client string.
#[derive(Debug, Default)]
pub(super) struct AppReads(BTreeMap<String, BTreeMap<String, BTreeSet<i64>>>);

impl AppReads {
    /// Notes a MailItemsAccessed record of the mailbox.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        let is_microsofts = event
            .address
            .is_some_and(|address| address.class() == AddressClass::Microsoft);
        let has_no_face = event.session.is_empty() && !event.app.is_empty() && is_microsofts;
        if let (true, Some(time)) = (has_no_face, event.time) {
            let of_client = self.0.entry(event.agent.to_string()).or_default();
            let of_app = of_client.entry(event.app.to_string()).or_default();
            of_app.insert(time.0);
        }
    }

    /// Takes in the reads of the mailbox under another of its names.
    pub(super) fn join(&mut self, other: Self) {
        for (client, apps) in other.0 {
            let of_client = self.0.entry(client).or_default();
            for (app, times) in apps {
                of_client.entry(app).or_default().extend(times);
            }
        }
    }

    /// Returns a note for each pair of an intruder's application and another that read within
    /// the hour before it.
    pub(super) fn gaps(&self, scope: &Scope<'_>) -> Vec<Gap> {
        let hostile: BTreeSet<&str> = scope
            .contexts()
            .filter(|context| context.verdict == Verdict::Intruder && !context.app.is_empty())
            .map(|context| context.app.as_str())
            .collect();
        let mut gaps = Vec::new();
        for (client, apps) in &self.0 {
            let is_hostile = |app: &&String| hostile.contains(app.as_str());
            for rogue in apps.keys().filter(is_hostile) {
                for other in apps.keys().filter(|app| !is_hostile(app)) {
                    let shadow = shadow(&apps[rogue], &apps[other]);
                    gaps.extend(shadow.map(|shadow| gap(scope, client, (rogue, other), shadow)));
                }
            }
        }
        gaps
    }
}

/// Returns when reads of one may have been hidden by the other's: from its first read that has
/// the other's within the hour before or while it was active.
fn shadow(rogue: &BTreeSet<i64>, other: &BTreeSet<i64>) -> Option<Interval> {
    let (first, last) = (*rogue.first()?, *rogue.last()?);
    let from = first.saturating_sub(HOUR);
    let (from, to) = (
        *other.range(from..=last).next()?,
        *other.range(from..=last).next_back()?,
    );
    Some(Interval::new(
        Timestamp(from),
        Timestamp(to.saturating_add(HOUR)),
    ))
}

fn gap(scope: &Scope<'_>, client: &str, pair: (&str, &str), shadow: Interval) -> Gap {
    let (rogue, other) = pair;
    Gap {
        id: GapId::G12,
        interval: Some(shadow),
        scope: scope.mailbox().to_owned(),
        effect: format!(
            "reads of application `{rogue}` may be hidden behind those of `{other}`: a message that `{other}` read less than an hour before was not logged again"
        ),
        proof: format!(
            "both read with the client string `{client}` from Microsoft's addresses without a session, `{other}` first at {} UTC",
            moment(shadow.from)
        ),
        records: Vec::new(),
        blind: false,
        fix: format!(
            "take messages that `{other}` read in that time as reached by `{rogue}` too, or look into Graph activity logs"
        ),
    }
}
