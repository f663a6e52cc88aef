//! EVA-01: the unified audit log is switched off.

use super::switch::Switch;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-01",
    title: "Audit log switched off",
    decides: "`Set-AdminAuditLogConfig` with `UnifiedAuditLogIngestionEnabled` or \
              `AdminAuditLogEnabled` set to false, wherever in the list it stands.",
    severity: "critical.",
    benign: "Exchange's own service sets the same configuration over and over, to true: what \
             services do and what switches the log on is silent.",
    attack: &["T1562.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "Real records were at hand of the service that switches it on, none of somebody who \
               switches it off.",
};

const SWITCHES: &[&str] = &["UnifiedAuditLogIngestionEnabled", "AdminAuditLogEnabled"];

pub(super) struct Eva01;

impl Detection for Eva01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Set-AdminAuditLogConfig"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some(field) = cmdlet.first_saying(SWITCHES, false) else {
            return;
        };
        let switch = Switch {
            severity: Severity::Critical,
            what: "switched off the audit log: nothing that follows is recorded".to_owned(),
            field,
            value: "False",
            baseline: "True",
        };
        hits.push(switch.hit(&cmdlet, seen, world, "it were set to true"));
    }
}
