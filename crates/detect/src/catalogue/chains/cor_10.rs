//! COR-10: what the records cannot show.

use super::EVERYTHING;
use super::link::is_of;
use super::silence::Pulse;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Severity;
use std::collections::{HashMap, HashSet};

const ABOUT: About = About {
    id: "COR-10",
    title: "Gap in the evidence",
    decides: "Recording of mail access throttled (`IsThrottled`); recording or alerting switched off \
              (EVA-01 to EVA-04, EVA-09); no record at all for three days in a tenant that gives a \
              hundred and more; no record of mail access to the mailbox of somebody with a grave \
              finding, while others have such records.",
    severity: "info; throttled recording low, and high for somebody with a finding of high or more in \
               the day before",
    benign: "Holidays, exports of chosen days: a gap is what a report must say, not an alarm.",
    attack: &["T1562.008"],
    sources: &Source::ALL,
    needs: &[],
    method: Method::Coverage,
    untested: "No real throttled record was at hand.",
};

/// What is missing, and of whom.
#[derive(Default)]
pub(super) struct Cor10 {
    pulses: HashMap<Word, Pulse>,
    read: HashSet<(Word, Word)>,
    tenants_read: HashSet<Word>,
    grave: Vec<Hit>,
    known: HashSet<(Word, String)>,
}

impl Detection for Cor10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[
            Kind::SignIn,
            Kind::MailAccess,
            Kind::MailAct,
            Kind::FileAct,
            Kind::Search,
        ])
        .hearing(EVERYTHING)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        if seen.kind() == Kind::MailAccess {
            self.tenants_read.insert(fact.tenant);
            self.read.insert((fact.tenant, fact.mailbox));
            if fact.is_throttled {
                hits.push(throttled(seen, world));
            }
        }
        let pulse = self.pulses.entry(fact.tenant).or_default();
        if let Some(before) = pulse.beat(fact) {
            let days = seconds_between(before.time, fact.time) / DAY;
            let why = format!(
                "no record of a sign-in, of mail or of files for {days} days, from {} to {}",
                before.time, fact.time
            );
            let mut hit = Hit::of(seen, Severity::Info, why)
                .with([&before])
                .keyed("silence")
                .compared("days", days.to_string(), "3 days")
                .silent_if("there had been records in between");
            hit.user.clear();
            hits.push(hit);
        }
    }

    fn hear(&mut self, hit: &Hit, _: &World<'_>, hits: &mut Vec<Hit>) {
        if is_of(hit, &["EVA-01", "EVA-02", "EVA-03", "EVA-04", "EVA-09"]) {
            let why = format!("from here on records may be missing: {}", hit.why);
            hits.push(
                Hit::after(hit, Severity::Info, why)
                    .keyed(hit.detection.to_string())
                    .compared("after", hit.detection.to_string(), "")
                    .silent_if("nothing had been switched off"),
            );
        }
        let is_try = is_of(hit, &["SIG-07", "SIG-08", "SIG-10", "SIG-22"]);
        let is_grave = hit.severity >= Severity::High && hit.user.contains('@') && !is_try;
        if is_grave && self.known.insert((hit.fact.tenant, hit.user.clone())) {
            self.grave.push(hit.clone());
        }
    }

    fn finish(&mut self, world: &World<'_>, hits: &mut Vec<Hit>) {
        for cause in std::mem::take(&mut self.grave) {
            let tenant = cause.fact.tenant;
            let mailbox = world.words.known(&cause.user);
            let has_read = mailbox.is_some_and(|mailbox| self.read.contains(&(tenant, mailbox)));
            if !self.tenants_read.contains(&tenant) || has_read {
                continue;
            }
            let why = format!(
                "no record tells what was read in the mailbox of {}, though others have such records",
                cause.user
            );
            hits.push(
                Hit::after(&cause, Severity::Info, why)
                    .keyed("unread")
                    .compared("MailItemsAccessed", "none", "records of other mailboxes")
                    .silent_if("there were records of mail access for the mailbox"),
            );
        }
    }
}

fn throttled(seen: &Seen<'_>, world: &World<'_>) -> Hit {
    let owner = match seen.mailbox() {
        "" => seen.user(),
        mailbox => mailbox,
    };
    let is_grave = world
        .board
        .of_user(seen.fact().tenant, owner, seen.time(), DAY)
        .any(|one| one.severity >= Severity::High && one.detection != "COR-10");
    let severity = if is_grave {
        Severity::High
    } else {
        Severity::Low
    };
    let why = format!(
        "so much was read in the mailbox of {owner} that Exchange stopped recording it for a day"
    );
    Hit::of(seen, severity, why)
        .of_user(owner)
        .keyed("throttled")
        .compared("IsThrottled", "True", "False")
        .silent_if("recording had not been throttled")
}
