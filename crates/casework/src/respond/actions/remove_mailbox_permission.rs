//! Somebody's access to a whole mailbox goes.

use super::rights::held;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "remove-mailbox-permission",
    title: "Remove mailbox permission",
    sentence: "Takes away somebody's access to a mailbox.",
    permissions: PERMISSIONS,
    stage: Stage::Permissions,
    reversible: Reversible::Partly("whether Outlook opened the mailbox by itself cannot be read"),
    notices: "The other person loses the mailbox in Outlook.",
    limits: "Inherited rights, and those of administrators over all mailboxes, stay.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.002"],
};

/// Removes a permission on a mailbox.
pub(crate) struct RemoveMailboxPermission;

/// Asks who has access to a mailbox.
pub(crate) fn all(tenant: &str, mailbox: &str) -> Ask {
    let identity = [("Identity", text(mailbox))];
    ask(tenant, "Get-MailboxPermission", &identity)
}

impl Action for RemoveMailboxPermission {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        held(&ABOUT, object, replies, "User")
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the right is not there any more".to_owned());
        }
        let more = ("Confirm", Json::Bool(false));
        Ok(vec![call(object, before, "Remove-MailboxPermission", more)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let more = ("AutoMapping", Json::Bool(false));
        Ok(vec![call(object, before, "Add-MailboxPermission", more)])
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, user) = (quoted(&object.user), quoted(&object.id));
        format!(
            "Remove-MailboxPermission -Identity {mailbox} -User {user} -AccessRights FullAccess -InheritanceType All"
        )
    }
}

fn call(
    object: &Object,
    before: &State,
    cmdlet: &'static str,
    more: (&str, Json<'static>),
) -> Change {
    let inheritance = before.word("InheritanceType").unwrap_or_default();
    let inheritance = match inheritance.as_str() {
        "" => "All",
        named => named,
    };
    let parameters = [
        ("Identity", text(&object.user)),
        ("User", text(&object.id)),
        ("AccessRights", kept(before.json("AccessRights"))),
        ("InheritanceType", text(inheritance)),
        more,
    ];
    change(&object.tenant, cmdlet, &parameters)
}
