//! A mailbox forwards no more.

use super::rights::mailbox;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "clear-forwarding",
    title: "Clear forwarding",
    sentence: "Clears the forwarding that is set on a mailbox itself.",
    permissions: PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Yes,
    notices: "Mail is no longer forwarded, wanted forwarding neither.",
    limits: "Forwarding by rules is another step; what was forwarded is gone.",
    automatic: true,
    ticked: true,
    on_request: false,
    attack: &["T1114.003"],
};

const FIELDS: [&str; 3] = [
    "ForwardingSmtpAddress",
    "ForwardingAddress",
    "DeliverToMailboxAndForward",
];

/// Clears the forwarding of a mailbox.
pub(crate) struct ClearForwarding;

impl Action for ClearForwarding {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let identity = [("Identity", text(&object.user))];
        vec![ask(&object.tenant, "Get-Mailbox", &identity)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        mailbox(&ABOUT, object, replies, |row| Ok(state(row)))
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        Ok(vec![set(object, Json::Null, Json::Null, Json::Bool(false))])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        let none = State::default()
            .with(FIELDS[0], &Json::Null)
            .with(FIELDS[1], &Json::Null);
        none.with_truth(FIELDS[2], false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("it is not known where the mailbox forwarded to".to_owned());
        }
        let [smtp, address, keeps] = FIELDS.map(|field| kept(before.json(field)));
        Ok(vec![set(object, smtp, address, keeps)])
    }

    fn manual(&self, object: &Object) -> String {
        let mailbox = quoted(&object.user);
        format!(
            "Set-Mailbox -Identity {mailbox} -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false"
        )
    }
}

/// An empty text and none are the same.
fn state(row: &Json<'_>) -> State {
    let [smtp, address, keeps] = FIELDS.map(|name| match field(row, name) {
        Json::String(text) if text.is_empty() => &Json::Null,
        value => value,
    });
    State::default()
        .with(FIELDS[0], smtp)
        .with(FIELDS[1], address)
        .with_truth(FIELDS[2], keeps.as_truth().unwrap_or(false))
}

fn set(object: &Object, smtp: Json<'_>, address: Json<'_>, keeps: Json<'_>) -> Change {
    let parameters = [
        ("Identity", text(&object.user)),
        (FIELDS[0], smtp),
        (FIELDS[1], address),
        (FIELDS[2], keeps),
    ];
    change(&object.tenant, "Set-Mailbox", &parameters)
}
