//! Somebody's right to a folder goes; everybody's is set to none.

use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field, rows, word, words};
use crate::respond::names::{is_everybody, is_same};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, list, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "remove-folder-permission",
    title: "Remove folder permission",
    sentence: "Takes away somebody's right to a folder of a mailbox; what everybody has is set to none.",
    permissions: PERMISSIONS,
    stage: Stage::Permissions,
    reversible: Reversible::Yes,
    notices: "The other person no longer sees the folder.",
    limits: "The entries for everybody (Default, Anonymous) cannot be removed, only set to none.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.002"],
};

/// Removes a right to a folder.
pub(crate) struct RemoveFolderPermission;

/// Asks who has rights to a folder.
pub(crate) fn all(tenant: &str, mailbox: &str, path: &str) -> Ask {
    let folder = format!("{mailbox}:{path}");
    let identity = [("Identity", text(&folder))];
    ask(tenant, "Get-MailboxFolderPermission", &identity)
}

/// Returns who a row is about: the address where Exchange knows it, else the name that it shows.
pub(crate) fn holder(row: &Json<'_>) -> (String, String) {
    let user = field(row, "User");
    let Json::Object(_) = user else {
        let shown = user.as_word().unwrap_or_default().to_owned();
        return (shown.clone(), shown);
    };
    let shown = word(user, "DisplayName");
    let nested = ["RecipientPrincipal", "ADRecipient"].into_iter();
    let address = nested
        .map(|name| word(field(user, name), "PrimarySmtpAddress"))
        .find(|address| !address.is_empty());
    (address.unwrap_or_else(|| shown.clone()), shown)
}

impl Action for RemoveFolderPermission {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user, object.extra("folder"))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let path = object.extra("folder");
        let asked = format!("the rights to the folder {path} of {}", object.user);
        let read = rows(&ABOUT, &asked, replies.first(), |rows| {
            let found = rows.iter().find(|row| is_same(&holder(row).0, &object.id));
            Ok(found.map_or_else(State::gone, |row| {
                let state = State::default().with_set("AccessRights", &words(row, "AccessRights"));
                match words(row, "SharingPermissionFlags").as_slice() {
                    [] => state,
                    flags => state.with_set("SharingPermissionFlags", flags),
                }
            }))
        });
        // A folder that is gone has no rights on it.
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the right is not there any more".to_owned());
        }
        if is_everybody(&object.id) {
            let none = [("AccessRights", list(["None"]))];
            return Ok(vec![call(object, "Set-MailboxFolderPermission", &none)]);
        }
        let confirmed = [("Confirm", Json::Bool(false))];
        Ok(vec![call(
            object,
            "Remove-MailboxFolderPermission",
            &confirmed,
        )])
    }

    fn wanted(&self, object: &Object, _: &State) -> State {
        if is_everybody(&object.id) {
            return State::default().with_set("AccessRights", &["None".to_owned()]);
        }
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let cmdlet = if is_everybody(&object.id) {
            "Set-MailboxFolderPermission"
        } else {
            "Add-MailboxFolderPermission"
        };
        let mut more = vec![("AccessRights", kept(before.json("AccessRights")))];
        if let Some(flags) = before.json("SharingPermissionFlags") {
            more.push(("SharingPermissionFlags", kept(Some(flags))));
        }
        Ok(vec![call(object, cmdlet, &more)])
    }

    fn manual(&self, object: &Object) -> String {
        let folder = quoted(&format!("{}:{}", object.user, object.extra("folder")));
        let user = quoted(&object.id);
        if is_everybody(&object.id) {
            return format!(
                "Set-MailboxFolderPermission -Identity {folder} -User {user} -AccessRights None"
            );
        }
        format!("Remove-MailboxFolderPermission -Identity {folder} -User {user}")
    }
}

fn call(object: &Object, cmdlet: &'static str, more: &[(&str, Json<'_>)]) -> Change {
    let folder = format!("{}:{}", object.user, object.extra("folder"));
    let mut parameters = vec![("Identity", text(&folder)), ("User", text(&object.id))];
    parameters.extend(more.iter().map(|(name, value)| (*name, value.clone())));
    change(&object.tenant, cmdlet, &parameters)
}
