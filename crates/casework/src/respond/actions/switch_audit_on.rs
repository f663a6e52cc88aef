//! The organisation's audit log is written again.

use super::flow::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field, rows};
use crate::respond::object::Object;
use crate::respond::state::State;
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "switch-audit-on",
    title: "Switch the audit log on",
    sentence: "Has the unified audit log written again, for everybody.",
    permissions: PERMISSIONS,
    stage: Stage::Tenant,
    reversible: Reversible::Yes,
    notices: "Nobody notices anything; what is done is recorded again.",
    limits: "It takes up to an hour to hold; what was done meanwhile is in no log and never will be. Where the \
             organisation was never customised, `Enable-OrganizationCustomization` comes first.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1562.008"],
};

const FIELD: &str = "UnifiedAuditLogIngestionEnabled";

/// Switches the unified audit log on.
pub(crate) struct SwitchAuditOn;

/// Asks whether the audit log is written. Only Exchange's own answer is true: the compliance
/// endpoint always says that it is not.
pub(crate) fn one(tenant: &str) -> Ask {
    ask(tenant, "Get-AdminAuditLogConfig", &[])
}

impl Action for SwitchAuditOn {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![one(&object.tenant)]
    }

    fn seen(&self, _: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = "the settings of the audit log";
        let read = rows(&ABOUT, asked, replies.first(), |rows| {
            let on = rows.first().and_then(|row| field(row, FIELD).as_truth());
            on.map(|on| State::default().with_truth(FIELD, on))
                .ok_or_else(|| format!("exchange told of {asked} without {FIELD}"))
        });
        read?.ok_or_else(|| format!("{asked} are not there"))
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        Ok(vec![set(object, true)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_truth(FIELD, true)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth(FIELD) {
            Some(on) => Ok(vec![set(object, on)]),
            None => Err("it is not known whether the log was written".to_owned()),
        }
    }

    fn manual(&self, _: &Object) -> String {
        format!("Set-AdminAuditLogConfig -{FIELD} $true")
    }
}

fn set(object: &Object, on: bool) -> Change {
    let parameters = [(FIELD, Json::Bool(on))];
    change(&object.tenant, "Set-AdminAuditLogConfig", &parameters)
}
