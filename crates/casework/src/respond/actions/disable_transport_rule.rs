//! A rule of the organisation's mail flow is switched off, and kept.

use super::flow::{PERMISSIONS, seen};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "disable-transport-rule",
    title: "Disable transport rule",
    sentence: "Switches off a rule for everybody's mail; it stays as evidence.",
    permissions: PERMISSIONS,
    stage: Stage::Tenant,
    reversible: Reversible::Yes,
    notices: "The rule no longer touches anybody's mail.",
    limits: "It takes up to half an hour to hold; what the rule copied or deleted stays done.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1114.003", "T1564.008"],
};

/// What of a rule is shown: what it does to whose mail.
const FIELDS: [&str; 13] = [
    "AddToRecipients",
    "BlindCopyTo",
    "CopyTo",
    "DeleteMessage",
    "From",
    "FromScope",
    "Mode",
    "Name",
    "RedirectMessageTo",
    "SentTo",
    "SetSCL",
    "SubjectContainsWords",
    "SubjectOrBodyContainsWords",
];

/// Disables a transport rule.
pub(crate) struct DisableTransportRule;

/// Asks for every transport rule.
pub(crate) fn all(tenant: &str) -> Ask {
    let size = [("ResultSize", text("Unlimited"))];
    ask(tenant, "Get-TransportRule", &size)
}

impl Action for DisableTransportRule {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        seen(&ABOUT, object, replies, |rule| {
            let said = FIELDS
                .into_iter()
                .filter(|name| !matches!(field(rule, name), Json::Null | Json::Bool(false)));
            said.fold(State::default(), |state, name| {
                state.with(name, field(rule, name))
            })
            .with("State", field(rule, "State"))
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the rule is not there any more".to_owned());
        }
        Ok(vec![switch(object, "Disable-TransportRule")])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        if before.is_gone() {
            return State::gone();
        }
        before.clone().with_text("State", "Disabled")
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.word("State").as_deref() {
            Some("Enabled") => Ok(vec![switch(object, "Enable-TransportRule")]),
            Some(_) => Ok(Vec::new()),
            None => Err("the rule was not there".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        format!("Disable-TransportRule -Identity {}", quoted(&object.id))
    }
}

fn switch(object: &Object, cmdlet: &'static str) -> Change {
    let parameters = [
        ("Identity", text(&object.id)),
        ("Confirm", Json::Bool(false)),
    ];
    change(&object.tenant, cmdlet, &parameters)
}
