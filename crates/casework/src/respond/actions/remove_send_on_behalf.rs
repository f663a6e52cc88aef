//! Somebody's right to send on behalf of a mailbox goes.

use super::rights::mailbox;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, words};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{list, nested, quoted, text};
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "remove-send-on-behalf",
    title: "Remove send-on-behalf permission",
    sentence: "Takes away somebody's right to send on behalf of a mailbox.",
    permissions: PERMISSIONS,
    stage: Stage::Permissions,
    reversible: Reversible::Yes,
    notices: "The other person can no longer send on behalf of the owner.",
    limits: "Others who have the right keep it.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.002", "T1534"],
};

const FIELD: &str = "GrantSendOnBehalfTo";

/// Removes a right to send on behalf of a mailbox.
pub(crate) struct RemoveSendOnBehalf;

impl Action for RemoveSendOnBehalf {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let identity = [("Identity", text(&object.user))];
        vec![ask(&object.tenant, "Get-Mailbox", &identity)]
    }

    /// The others on the list are none of its business: two such steps do not disturb each other.
    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        mailbox(&ABOUT, object, replies, |row| {
            let listed = words(row, FIELD);
            let has = listed.iter().any(|one| is_same(one, &object.id));
            Ok(if has {
                State::default().with_truth("granted", true)
            } else {
                State::gone()
            })
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the right is not there any more".to_owned());
        }
        Ok(vec![call(object, "remove")])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        Ok(vec![call(object, "add")])
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, user) = (quoted(&object.user), quoted(&object.id));
        format!("Set-Mailbox -Identity {mailbox} -GrantSendOnBehalfTo @{{ Remove = {user} }}")
    }
}

fn call(object: &Object, verb: &str) -> Change {
    let table = nested(&[
        ("@odata.type", text("#Exchange.GenericHashTable")),
        (verb, list([object.id.as_str()])),
    ]);
    let parameters = [("Identity", text(&object.user)), (FIELD, table)];
    change(&object.tenant, "Set-Mailbox", &parameters)
}
