//! EVA-04: what was recorded is kept for a shorter time.

use super::switch::{Switch, gone};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-04",
    title: "Audit retention shortened",
    decides: "`Remove-UnifiedAuditLogRetentionPolicy`; `New-`/`Set-` of the same with a \
              `RetentionDuration` under a year, or with `Enabled` false.",
    severity: "high for a removal, for switching off and for three months or less; medium for six \
               or nine months; low for any other change of a policy.",
    benign: "New policies of a year or more are silent.",
    attack: &["T1562.008"],
    sources: &[Source::Purview, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of such a change was at hand, only of policies being listed.",
};

const DURATION: &str = "RetentionDuration";
const SHORT: &[&str] = &["SevenDays", "OneMonth", "ThreeMonths"];
const SHORTER: &[&str] = &["SixMonths", "NineMonths"];

pub(super) struct Eva04;

impl Detection for Eva04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-UnifiedAuditLogRetentionPolicy",
            "Set-UnifiedAuditLogRetentionPolicy",
            "Remove-UnifiedAuditLogRetentionPolicy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if cmdlet.is_verb("Remove") {
            let what = "a policy that keeps the audit log";
            hits.push(gone(Severity::High, what, &cmdlet, seen, world));
        } else if let Some(switch) = changed(&cmdlet) {
            let silent_if = "a new policy kept the log for a year or longer";
            hits.push(switch.hit(&cmdlet, seen, world, silent_if));
        }
    }
}

fn changed<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    if cmdlet.truth("Enabled") == Some(false) {
        return Some(Switch {
            severity: Severity::High,
            what: "switched off a policy that keeps the audit log".to_owned(),
            field: "Enabled",
            value: "False",
            baseline: "True",
        });
    }
    let value = cmdlet.value(DURATION).unwrap_or_default();
    let is_in = |list: &[&str]| list.iter().any(|one| one.eq_ignore_ascii_case(value));
    let severity = if is_in(SHORT) {
        Severity::High
    } else if is_in(SHORTER) {
        Severity::Medium
    } else if cmdlet.is_verb("Set") && value.is_empty() {
        Severity::Low
    } else {
        return None;
    };
    Some(Switch {
        severity,
        what: "changed how long the audit log is kept".to_owned(),
        field: DURATION,
        value,
        baseline: "a year",
    })
}
