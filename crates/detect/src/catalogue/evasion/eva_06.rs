//! EVA-06: what keeps data from leaving is removed or switched off.

use super::switch::{Switch, gone};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-06",
    title: "Data loss prevention removed",
    decides: "`Remove-` or `Disable-` of a data loss prevention policy or rule; \
              `Set-DlpCompliancePolicy` or `Set-DlpPolicy` whose `Mode` no longer enforces; \
              `Set-DlpComplianceRule` with `Disabled` true.",
    severity: "high for a policy that is removed or switched off; medium for a rule, and for a \
               policy that is set to testing; one step more after a doubtful sign-in.",
    benign: "Making and enforcing policies is silent. Tuning by testing is medium.",
    attack: &["T1562.001"],
    sources: &[Source::Purview, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a removal was at hand, only of policies being listed and made.",
};

pub(super) struct Eva06;

impl Detection for Eva06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Remove-DlpPolicy",
            "Remove-DlpCompliancePolicy",
            "Remove-DlpComplianceRule",
            "Disable-DlpCompliancePolicy",
            "Disable-DlpComplianceRule",
            "Set-DlpPolicy",
            "Set-DlpCompliancePolicy",
            "Set-DlpComplianceRule",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let is_rule = cmdlet.noun().eq_ignore_ascii_case("DlpComplianceRule");
        if cmdlet.is_verb("Set") {
            if let Some(switch) = loosened(&cmdlet) {
                hits.push(switch.hit(&cmdlet, seen, world, "it were still enforced"));
            }
            return;
        }
        let (severity, what) = if is_rule {
            (Severity::Medium, "a rule of data loss prevention")
        } else {
            (Severity::High, "a policy of data loss prevention")
        };
        hits.push(gone(severity, what, &cmdlet, seen, world));
    }
}

fn loosened<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    let switch = |severity, what: &str, field, value| Switch {
        severity,
        what: what.to_owned(),
        field,
        value,
        baseline: "enforced",
    };
    if cmdlet.truth("Disabled") == Some(true) {
        let what = "switched off a rule of data loss prevention";
        return Some(switch(Severity::Medium, what, "Disabled", "True"));
    }
    if let Some(field) = cmdlet.first_saying(&["Enabled"], false) {
        let what = "switched off a policy of data loss prevention";
        return Some(switch(Severity::High, what, field, "False"));
    }
    let mode = cmdlet.value("Mode")?;
    let lower = mode.to_ascii_lowercase();
    if lower.starts_with("disable") {
        let what = "switched off a policy of data loss prevention";
        return Some(switch(Severity::High, what, "Mode", mode));
    }
    let is_test = lower.starts_with("test") || lower.starts_with("audit");
    let what = "no longer enforces a policy of data loss prevention";
    is_test.then(|| switch(Severity::Medium, what, "Mode", mode))
}
