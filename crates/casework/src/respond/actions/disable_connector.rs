//! A connector of the organisation's mail flow is switched off, and kept.

use super::flow::{PERMISSIONS, seen};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "disable-connector",
    title: "Disable connector",
    sentence: "Switches off a connector by which mail enters or leaves the organisation.",
    permissions: PERMISSIONS,
    stage: Stage::Tenant,
    reversible: Reversible::Yes,
    notices: "Mail that goes through this connector stops: look at who uses it first.",
    limits: "Mail stops where the connector is needed: one that stood before the intruder changed it is never ticked \
             by itself.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1114.003", "T1557"],
};

const FIELDS: [&str; 6] = [
    "Name",
    "SenderDomains",
    "SenderIPAddresses",
    "SmartHosts",
    "RecipientDomains",
    "ConnectorType",
];

/// Disables a connector. The object's extra `direction` is `inbound` or `outbound`.
pub(crate) struct DisableConnector;

/// Asks for every connector of a direction.
pub(crate) fn all(tenant: &str, direction: &str) -> Ask {
    let cmdlet = match direction {
        "outbound" => "Get-OutboundConnector",
        _ => "Get-InboundConnector",
    };
    ask(tenant, cmdlet, &[])
}

impl Action for DisableConnector {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, object.extra("direction"))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        seen(&ABOUT, object, replies, |connector| {
            let said = FIELDS
                .into_iter()
                .filter(|name| *field(connector, name) != Json::Null);
            said.fold(State::default(), |state, name| {
                state.with(name, field(connector, name))
            })
            .with("Enabled", field(connector, "Enabled"))
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the connector is not there any more".to_owned());
        }
        Ok(vec![set(object, false)])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        if before.is_gone() {
            return State::gone();
        }
        before.clone().with_truth("Enabled", false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth("Enabled") {
            Some(enabled) => Ok(vec![set(object, enabled)]),
            None => Err("it is not known whether the connector was on".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let cmdlet = cmdlet(object);
        format!("{cmdlet} -Identity {} -Enabled $false", quoted(&object.id))
    }
}

fn cmdlet(object: &Object) -> &'static str {
    match object.extra("direction") {
        "outbound" => "Set-OutboundConnector",
        _ => "Set-InboundConnector",
    }
}

fn set(object: &Object, enabled: bool) -> Change {
    let parameters = [
        ("Identity", text(&object.id)),
        ("Enabled", Json::Bool(enabled)),
    ];
    change(&object.tenant, cmdlet(object), &parameters)
}
