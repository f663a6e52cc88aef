//! An application loses a permission that it had as itself.

use super::assigned::Assignment;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::get;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{part, quoted};
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "revoke-app-role",
    title: "Revoke application permission",
    sentence: "Takes from an application a permission that it has without any person.",
    permissions: &["AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
    stage: Stage::Applications,
    reversible: Reversible::Partly("the permission is given anew with another id"),
    notices: "What the application does by itself with this permission stops.",
    limits: "Tokens that were issued go on working until they end, up to a day for some.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.003"],
};

const PERMISSION: Assignment = Assignment {
    name: "permission",
    known_by: &["resourceId", "appRoleId"],
    kept: &["resourceId", "appRoleId"],
    made_with: &["principalId", "resourceId", "appRoleId"],
};

/// Revokes an application permission, known by the resource and the role.
pub(crate) struct RevokeAppRole;

/// Asks what an application may do as itself.
pub(crate) fn all(principal: &str) -> Ask {
    let id = part(principal);
    get(format!(
        "/v1.0/servicePrincipals/{id}/appRoleAssignments?$top=999"
    ))
}

impl Action for RevokeAppRole {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(object.extra("principalId"))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let principal = object.extra("principalId");
        let asked = format!("the permissions of the application {principal}");
        PERMISSION.seen((&ABOUT, &asked), object, replies)
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        PERMISSION.remove(&list(object), object, before)
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        Ok(PERMISSION.again(list(object), object, before))
    }

    fn manual(&self, object: &Object) -> String {
        let (principal, id) = (quoted(object.extra("principalId")), quoted(&object.id));
        format!(
            "Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {principal} -AppRoleAssignmentId {id}"
        )
    }
}

fn list(object: &Object) -> String {
    let principal = part(object.extra("principalId"));
    format!("/v1.0/servicePrincipals/{principal}/appRoleAssignments")
}
