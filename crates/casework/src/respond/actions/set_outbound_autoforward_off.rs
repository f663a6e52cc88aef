//! Nobody's mail is forwarded to the outside by itself any more.

use super::flow::{PERMISSIONS, seen};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "set-outbound-autoforward-off",
    title: "Switch automatic forwarding off",
    sentence: "Stops automatic forwarding to the outside for everybody that the policy covers.",
    permissions: PERMISSIONS,
    stage: Stage::Tenant,
    reversible: Reversible::Yes,
    notices: "Forwarding to outside addresses bounces, wanted forwarding too.",
    limits: "It concerns everybody that the policy covers, not only the account that was misused.",
    automatic: false,
    ticked: false,
    on_request: false,
    attack: &["T1114.003"],
};

const FIELD: &str = "AutoForwardingMode";

/// Switches automatic forwarding off in a policy for outbound mail.
pub(crate) struct SetOutboundAutoforwardOff;

/// Asks for every policy for outbound mail.
pub(crate) fn all(tenant: &str) -> Ask {
    ask(tenant, "Get-HostedOutboundSpamFilterPolicy", &[])
}

impl Action for SetOutboundAutoforwardOff {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        seen(&ABOUT, object, replies, |policy| {
            State::default().with(FIELD, field(policy, FIELD))
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the policy is not there any more".to_owned());
        }
        Ok(vec![set(object, text("Off"))])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_text(FIELD, "Off")
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.word(FIELD) {
            Some(_) => Ok(vec![set(object, kept(before.json(FIELD)))]),
            None => Err("it is not known how the policy stood".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let policy = quoted(&object.name);
        format!("Set-HostedOutboundSpamFilterPolicy -Identity {policy} -AutoForwardingMode Off")
    }
}

fn set(object: &Object, mode: Json<'_>) -> Change {
    let parameters = [("Identity", text(&object.name)), (FIELD, mode)];
    change(
        &object.tenant,
        "Set-HostedOutboundSpamFilterPolicy",
        &parameters,
    )
}
