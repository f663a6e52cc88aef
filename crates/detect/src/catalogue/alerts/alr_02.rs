//! ALR-02: an alert of Defender for Cloud Apps, or of another of Microsoft's watchers.

use super::alert::Alert;
use super::names::is_mail;
use super::once::Once;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Family;

const ABOUT: About = About {
    id: "ALR-02",
    title: "Alert of Defender for Cloud Apps or Defender XDR",
    decides: "Alerts of RecordType 98, of Graph's `alerts_v2`, of Log Analytics' `SecurityAlert` and \
              of Defender's streams, other than those of the mail products (ALR-01).",
    severity: "Microsoft's own; at least medium for impossible travel, suspicious inbox rules and \
               other names that matter in mail; at most medium if it names nobody; low once it is \
               resolved, and for what watches machines",
    benign: "Alerts about machines are another team's: context here. Rows of one alert are one \
             finding.",
    attack: &[],
    sources: &[Source::Alert],
    needs: &[],
    method: Method::PassThrough,
    untested: "No real record of RecordType 98 was at hand.",
};

/// Hands on the alerts of all other products.
#[derive(Default)]
pub(super) struct Alr02 {
    once: Once,
}

impl Detection for Alr02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::Alert])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let is_own = match fact.family {
            Family::Unified => fact.record_type == 98,
            Family::Alert => true,
            _ => false,
        };
        if !is_own {
            return;
        }
        let Some(alert) = Alert::read(seen) else {
            return;
        };
        if fact.family == Family::Unified || !is_mail(&alert.product) {
            self.once.tell(seen, &alert, hits);
        }
    }
}
