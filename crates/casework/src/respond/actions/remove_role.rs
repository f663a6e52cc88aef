//! An account loses a directory role.

use super::assigned::Assignment;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::get;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{literal, quoted};
use model::{Ask, Change, Reply};

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

const LIST: &str = "/v1.0/roleManagement/directory/roleAssignments";

const ROLE: Assignment = Assignment {
    name: "role",
    known_by: &["principalId", "roleDefinitionId", "directoryScopeId"],
    kept: &["roleDefinitionId", "directoryScopeId"],
    made_with: &["principalId", "roleDefinitionId", "directoryScopeId"],
};

/// Removes a directory role, known by the role and whose it is.
pub(crate) struct RemoveRole;

/// Asks for the roles that were assigned to an account.
pub(crate) fn all(principal: &str) -> Ask {
    let id = literal(principal);
    get(format!(
        "{LIST}?$filter=principalId%20eq%20{id}&$expand=roleDefinition"
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
        ROLE.seen((&ABOUT, &asked), object, replies)
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        ROLE.remove(LIST, object, before)
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        Ok(ROLE.again(LIST.to_owned(), object, before))
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {id}")
    }
}
