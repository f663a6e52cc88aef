//! EVA-02: an account's access to mailboxes is no longer recorded.

use super::switch::Switch;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-02",
    title: "Account bypasses mailbox audit",
    decides: "`Set-MailboxAuditBypassAssociation` with `AuditBypassEnabled` true.",
    severity: "critical.",
    benign: "Service accounts of archives and monitors, where recording them is too much: an \
             account that the operator names as a machine is low. Taking the bypass away is silent.",
    attack: &["T1562.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of this cmdlet was at hand.",
};

const FIELD: &str = "AuditBypassEnabled";

pub(super) struct Eva02;

impl Detection for Eva02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Set-MailboxAuditBypassAssociation"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if cmdlet.truth(FIELD) != Some(true) {
            return;
        }
        let account = cmdlet.name().to_lowercase();
        let is_machine = world.tenant.settings.machines.contains(&account);
        let switch = Switch {
            severity: if is_machine {
                Severity::Low
            } else {
                Severity::Critical
            },
            what: "had an account's access to every mailbox go unrecorded".to_owned(),
            field: FIELD,
            value: "True",
            baseline: "False",
        };
        let hit = switch.hit(&cmdlet, seen, world, "it were set to false");
        hits.push(hit.keyed(account));
    }
}
