//! IDP-22: secrets of devices are read out of the directory.

use super::changes::quoted;
use super::concerned::misused;
use super::recent::Recent;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World};
use model::Severity;

/// So many secrets within an hour are no support call.
const MANY: usize = 3;
/// So many are a collection.
const COLLECTION: usize = 10;

const ABOUT: About = About {
    id: "IDP-22",
    title: "Device secrets read",
    decides: "`Recover device local administrator password`, `Read BitLocker key`; how many \
              devices one person read within an hour, and whether that person read any in the \
              90 days before.",
    severity: "high for ten devices within an hour, medium for three, and for somebody who read \
               none before where the records reach back two weeks; else low",
    benign: "Support calls, one device at a time, by those who always do it.",
    attack: &["T1552"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a secret that was read was at hand.",
};

pub(super) struct Idp22 {
    lately: Recent<(Word, Word), String>,
    ever: Recent<(Word, Word), ()>,
}

impl Default for Idp22 {
    fn default() -> Self {
        Self {
            lately: Recent::of_seconds(HOUR),
            ever: Recent::of_seconds(90 * DAY),
        }
    }
}

impl Detection for Idp22 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Recover device local administrator password",
            "Read BitLocker key",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let actor = (seen.fact().tenant, seen.fact().user);
        let is_first = self.ever.note(actor, seen.fact(), ()).len() == 1;
        let device = seen.target_words().join(" ");
        let lately = self.lately.note(actor, seen.fact(), device);
        let mut devices: Vec<&str> = lately.iter().map(|(_, device)| device.as_str()).collect();
        devices.sort_unstable();
        devices.dedup();
        let many = devices.len();
        let is_strange = is_first && world.tenant.is_warm(seen.time(), 14);
        let severity = match many {
            COLLECTION.. => Severity::High,
            MANY.. => Severity::Medium,
            _ if is_strange => Severity::Medium,
            _ => Severity::Low,
        };
        let user = misused(seen);
        let why = format!(
            "{} read the secret of {}, {many} within an hour",
            quoted(&user),
            quoted(seen.object())
        );
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .with(
                    lately
                        .iter()
                        .map(|(fact, _)| fact)
                        .filter(|fact| fact.record != seen.fact().record),
                )
                .compared(
                    "devices",
                    many.to_string(),
                    format!("{MANY} within an hour"),
                )
                .silent_if("no secret were read; one by one it is context"),
        );
    }
}
