//! An application loses a permission that it had as itself.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, get, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part, quoted, text};
use model::{Ask, Change, Reply, Verb};

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
        let read = rows(&ABOUT, &asked, replies.first(), |roles| {
            let found = roles.iter().find(|role| {
                let is = |name: &str| is_same(&word(role, name), object.extra(name));
                is("resourceId") && is("appRoleId")
            });
            Ok(found.map_or_else(State::gone, |role| {
                ["resourceId", "appRoleId"]
                    .into_iter()
                    .fold(State::default(), |state, name| {
                        state.with_text(name, &word(role, name))
                    })
            }))
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the permission is not there any more".to_owned());
        }
        let (principal, id) = (part(object.extra("principalId")), part(&object.id));
        let path = format!("/v1.0/servicePrincipals/{principal}/appRoleAssignments/{id}");
        Ok(vec![change(Verb::Delete, path, None)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let fields = ["principalId", "resourceId", "appRoleId"];
        let body = json(&fields.map(|name| (name, text(object.extra(name)))));
        let principal = part(object.extra("principalId"));
        let path = format!("/v1.0/servicePrincipals/{principal}/appRoleAssignments");
        Ok(vec![change(Verb::Post, path, Some(body))])
    }

    fn manual(&self, object: &Object) -> String {
        let (principal, id) = (quoted(object.extra("principalId")), quoted(&object.id));
        format!(
            "Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {principal} -AppRoleAssignmentId {id}"
        )
    }
}
