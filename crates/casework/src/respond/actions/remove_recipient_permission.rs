//! Somebody's right to send as a mailbox goes.

use super::rights::held;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "remove-recipient-permission",
    title: "Remove send-as permission",
    sentence: "Takes away somebody's right to send as a mailbox.",
    permissions: PERMISSIONS,
    stage: Stage::Permissions,
    reversible: Reversible::Yes,
    notices: "The other person can no longer send under that name.",
    limits: "It takes up to an hour to hold.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.002", "T1534"],
};

/// Removes a right to send as a mailbox.
pub(crate) struct RemoveRecipientPermission;

/// Asks who may send as a mailbox.
pub(crate) fn all(tenant: &str, mailbox: &str) -> Ask {
    let identity = [("Identity", text(mailbox))];
    ask(tenant, "Get-RecipientPermission", &identity)
}

impl Action for RemoveRecipientPermission {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        held(&ABOUT, object, replies, "Trustee")
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the right is not there any more".to_owned());
        }
        Ok(vec![call(object, before, "Remove-RecipientPermission")])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        Ok(vec![call(object, before, "Add-RecipientPermission")])
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, user) = (quoted(&object.user), quoted(&object.id));
        format!(
            "Remove-RecipientPermission -Identity {mailbox} -Trustee {user} -AccessRights SendAs"
        )
    }
}

fn call(object: &Object, before: &State, cmdlet: &'static str) -> Change {
    let parameters = [
        ("Identity", text(&object.user)),
        ("Trustee", text(&object.id)),
        ("AccessRights", kept(before.json("AccessRights"))),
        ("Confirm", Json::Bool(false)),
    ];
    change(&object.tenant, cmdlet, &parameters)
}
