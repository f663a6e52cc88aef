//! SND-05: very much mail is deleted at once.

use super::super::mail_access::access::{Whose, is_somebody, mailbox, mailbox_name};
use super::super::mail_access::hours::Hours;
use super::folders::is_bin;
use super::items::folder;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::world::{HOUR, World};
use model::Severity;

const ABOUT: About = About {
    id: "SND-05",
    title: "Mass deletion of mail",
    decides: "Fifty messages deleted from one mailbox by one actor within an hour (`AffectedItems` of \
              `SoftDelete`, `HardDelete`, `MoveToDeletedItems`), or twenty where that is far more than the \
              hours of the two weeks before.",
    severity: "fifty: high after a doubtful sign-in of the last day, medium if they are purged \
               (`HardDelete`) where nobody looks, else low, as are fewer than fifty",
    benign: "People clear their mailboxes every day, and can take back what they only deleted. Somebody who clears up, or empties the bin: hours like it before are the measure, and the bin \
             is context only. Retention runs as Microsoft's service and is not counted.",
    attack: &["T1485", "T1070.008"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Threshold,
    untested: "No real mass deletion was at hand; real deletions of single messages are counted.",
};

const MANY: u64 = 50;
const FLOOR: u64 = 20;

/// A mailbox, and who deleted in it, and whether from the bin.
type Deleter = (Whose, crate::words::Word, bool);

pub(super) struct Snd05 {
    recent: Recent<Deleter, Fact>,
    hours: Hours,
}

impl Default for Snd05 {
    fn default() -> Self {
        Self {
            recent: Recent::over(HOUR),
            hours: Hours::default(),
        }
    }
}

impl Detection for Snd05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["SoftDelete", "HardDelete", "MoveToDeletedItems"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let (whose, now) = (mailbox(seen), seen.time());
        // To purge what lies behind the bin is no tidying.
        let is_from_bin = is_bin(&folder(seen)) && !seen.is_action(&["HardDelete"]);
        let deleter = (whose, seen.fact().user, is_from_bin);
        self.hours.add(whose, now, u64::from(seen.fact().count));
        self.recent.push(now, deleter, *seen.fact());
        let deleted: u64 = self
            .recent
            .of(&deleter, now)
            .map(|(_, fact)| u64::from(fact.count))
            .sum();
        let usual = world
            .tenant
            .is_warm(now, 14)
            .then(|| self.hours.usual(whose, now))
            .flatten();
        let is_usual = usual.is_some_and(|usual| deleted <= usual);
        let is_unusual = usual.is_some_and(|usual| deleted >= FLOOR && deleted > usual);
        if is_usual || (deleted < MANY && !is_unusual) {
            return;
        }
        let severity = severity(seen, world, deleted >= MANY, is_from_bin);
        let facts = self.recent.hand_out(&deleter);
        hits.push(hit(seen, severity, deleted, usual, &facts));
    }
}

fn severity(seen: &Seen<'_>, world: &World<'_>, is_many: bool, is_from_bin: bool) -> Severity {
    let tainted = doubt(seen.fact(), mailbox_name(seen), world);
    match (is_many, is_from_bin, tainted) {
        (true, _, Some(_)) => Severity::High,
        (true, false, None) if seen.is_action(&["HardDelete"]) => Severity::Medium,
        _ => Severity::Low,
    }
}

fn hit(
    seen: &Seen<'_>,
    severity: Severity,
    deleted: u64,
    usual: Option<u64>,
    facts: &[Fact],
) -> Hit {
    let measure = usual.map_or_else(
        || format!("fewer than {MANY} in an hour"),
        |usual| format!("up to {usual} in an hour are usual for this mailbox"),
    );
    let why = format!(
        "{} deleted {deleted} messages from the mailbox of {} within an hour; compared with: {measure}",
        seen.user(),
        mailbox_name(seen)
    );
    Hit::of(seen, severity, why)
        .with(facts)
        .compared("AffectedItems", deleted.to_string(), measure)
        .silent_if("fewer had been deleted, or as many in hours of the two weeks before")
}
