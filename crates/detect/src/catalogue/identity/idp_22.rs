//! IDP-22: secrets of devices are read out of the directory.

use super::concerned::misused;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::recent::{Recent, distinct};
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World};
use model::Severity;

/// So many secrets within an hour are no support call.
const MANY: usize = 3;
/// Who read so many before does so for a living.
const OFTEN: usize = 5;
/// So many are a collection.
const COLLECTION: usize = 10;

const ABOUT: About = About {
    id: "IDP-22",
    title: "Device secrets read",
    decides: "`Recover device local administrator password`, `Read BitLocker key`; how many \
              devices one person read within an hour, and whether that person read any in the \
              90 days before.",
    severity: "high for ten devices within an hour; medium for three by somebody who read hardly \
               any in the 90 days before; else low",
    benign: "Support calls by those who always do it; people who look up the key of their own computer.",
    attack: &["T1552"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a secret that was read was at hand.",
};

pub(super) struct Idp22 {
    lately: Recent<(Word, Word), (Fact, String)>,
    ever: Recent<(Word, Word), (Fact, ())>,
}

impl Default for Idp22 {
    fn default() -> Self {
        Self {
            lately: Recent::over(HOUR),
            ever: Recent::over(90 * DAY),
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

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let actor = (seen.fact().tenant, seen.fact().user);
        let ever = self.ever.note(&actor, seen.fact(), ()).len();
        let device = seen.target_words().join(" ");
        let lately = self.lately.note(&actor, seen.fact(), device);
        let many = distinct(&lately);
        let is_usual = ever > many + OFTEN;
        let severity = match many {
            COLLECTION.. => Severity::High,
            MANY.. if !is_usual => Severity::Medium,
            _ => Severity::Low,
        };
        let user = misused(seen);
        let why = format!(
            "{} read the secret of {}, {many} within an hour",
            user,
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
