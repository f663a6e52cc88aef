//! EVA-09: an alert that would have told is removed or silenced.

use super::switch::{Switch, gone};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-09",
    title: "Alerting disabled",
    decides: "`Remove-` or `Disable-` of a protection or activity alert; `Set-` of one with \
              `Disabled` true, with `NotificationEnabled` false or with nobody left to be notified.",
    severity: "high; medium if only the notification is taken away, one step more after a \
               doubtful sign-in.",
    benign: "Making alerts and changing what they watch is silent.",
    attack: &["T1562.001"],
    sources: &[Source::Purview, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of these cmdlets was at hand.",
};

pub(super) struct Eva09;

impl Detection for Eva09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Remove-ProtectionAlert",
            "Disable-ProtectionAlert",
            "Set-ProtectionAlert",
            "Remove-ActivityAlert",
            "Disable-ActivityAlert",
            "Set-ActivityAlert",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if !cmdlet.is_verb("Set") {
            hits.push(gone(Severity::High, "an alert", &cmdlet, seen, world));
        } else if let Some(switch) = silenced(&cmdlet) {
            hits.push(switch.hit(&cmdlet, seen, world, "the alert still told somebody"));
        }
    }
}

fn silenced<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Switch<'c>> {
    let switch = |severity, what: &str, field, value, baseline| Switch {
        severity,
        what: what.to_owned(),
        field,
        value,
        baseline,
    };
    if cmdlet.truth("Disabled") == Some(true) {
        return Some(switch(
            Severity::High,
            "switched off an alert",
            "Disabled",
            "True",
            "False",
        ));
    }
    if let Some(field) = cmdlet.first_saying(&["NotificationEnabled"], false) {
        let what = "has an alert tell nobody";
        return Some(switch(Severity::Medium, what, field, "False", "True"));
    }
    let is_emptied = cmdlet.given("NotifyUser").is_some() && cmdlet.value("NotifyUser").is_none();
    let what = "took everybody off an alert";
    is_emptied.then(|| switch(Severity::Medium, what, "NotifyUser", "", "somebody"))
}
