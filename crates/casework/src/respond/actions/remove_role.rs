//! An account loses a directory role.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, get, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{literal, object as json, part, quoted, text};
use model::{Ask, Change, Reply, Verb};

const ABOUT: About = About {
    id: "remove-role",
    title: "Remove directory role",
    sentence: "Takes a directory role from an account.",
    permissions: &["RoleManagement.ReadWrite.Directory"],
    stage: Stage::Methods,
    reversible: Reversible::Partly("the assignment is made anew with another id"),
    notices: "The account can no longer administer what the role allowed.",
    limits: "A role that is held by a group, or that is eligible in Privileged Identity Management, stays.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.003"],
};

/// Removes a directory role, known by the role and whose it is.
pub(crate) struct RemoveRole;

/// Asks for the roles that were assigned to an account.
pub(crate) fn all(principal: &str) -> Ask {
    let id = literal(principal);
    get(format!(
        "/v1.0/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20{id}&$expand=roleDefinition"
    ))
}

impl Action for RemoveRole {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(object.extra("principalId"))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the role assignments of {}", object.user);
        let read = rows(&ABOUT, &asked, replies.first(), |assignments| {
            let found = assignments.iter().find(|one| {
                let is = |name: &str| is_same(&word(one, name), object.extra(name));
                is("principalId") && is("roleDefinitionId") && is("directoryScopeId")
            });
            Ok(found.map_or_else(State::gone, |one| {
                ["roleDefinitionId", "directoryScopeId"]
                    .into_iter()
                    .fold(State::default(), |state, name| {
                        state.with_text(name, &word(one, name))
                    })
            }))
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the role is not assigned any more".to_owned());
        }
        let path = format!(
            "/v1.0/roleManagement/directory/roleAssignments/{}",
            part(&object.id)
        );
        Ok(vec![change(Verb::Delete, path, None)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let fields = ["principalId", "roleDefinitionId", "directoryScopeId"];
        let body = json(&fields.map(|name| (name, text(object.extra(name)))));
        let path = "/v1.0/roleManagement/directory/roleAssignments";
        Ok(vec![change(Verb::Post, path, Some(body))])
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {id}")
    }
}
