//! ALR-01: an alert of Purview or of Defender for Office.

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
    id: "ALR-01",
    title: "Alert of Purview or Defender for Office",
    decides: "`AlertTriggered` and `AlertEntityGenerated` (RecordType 40), and alerts of the mail and \
              compliance products from Graph and Log Analytics. It concerns whom `AlertEntityId` or \
              `Data` names.",
    severity: "Microsoft's own; at least medium for forwarding rules, eDiscovery, restricted senders \
               and other names that matter in mail; at most medium if it names nobody; low once it \
               is resolved",
    benign: "Rows of one alert are one finding. Mail removed after delivery and reports by users \
             keep Microsoft's own low severity.",
    attack: &[],
    sources: &[Source::Alert],
    needs: &[],
    method: Method::PassThrough,
    untested: "",
};

/// Hands on the alerts of the mail and compliance products.
#[derive(Default)]
pub(super) struct Alr01 {
    once: Once,
}

impl Detection for Alr01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::Alert])
    }

    fn look(&mut self, seen: &Seen<'_>, _: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let is_own = match fact.family {
            Family::Unified => seen.action().starts_with("Alert") && fact.record_type != 98,
            Family::Alert => true,
            _ => false,
        };
        if !is_own {
            return;
        }
        let Some(alert) = Alert::read(seen) else {
            return;
        };
        if fact.family == Family::Unified || is_mail(&alert.product) {
            self.once.tell(seen, &alert, hits);
        }
    }
}
