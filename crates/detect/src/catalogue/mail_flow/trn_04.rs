//! TRN-04: a journal rule sends a copy of all mail outside.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::Severity;
use model::recipients::recipients;

const ABOUT: About = About {
    id: "TRN-04",
    title: "Journaling to an outside address",
    decides: "`New-JournalRule` or `Set-JournalRule` with a `JournalEmailAddress` whose domain is \
              neither accepted nor a partner's.",
    severity: "critical",
    benign: "Archiving services: name their domain as a partner's. An emptied address and what \
             services set are silent.",
    attack: &["T1114.003"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a journal rule was at hand.",
};

const FIELD: &str = "JournalEmailAddress";

pub(super) struct Trn04;

impl Detection for Trn04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["New-JournalRule", "Set-JournalRule"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some(value) = cmdlet.value(FIELD) else {
            return;
        };
        for address in recipients(value).addresses {
            if !world.tenant.is_outside(&address) {
                continue;
            }
            let (actor, shown) = (seen.user(), quoted(&address));
            let why = format!("{actor} journals mail to {shown}, outside the organisation");
            hits.push(
                Hit::of(seen, Severity::Critical, why)
                    .keyed(&address)
                    .to_destination(domain(&address).unwrap_or_default())
                    .compared(FIELD, value, "the accepted and partner domains")
                    .silent_if("the domain were accepted, or a partner's"),
            );
        }
    }
}
