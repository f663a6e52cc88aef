//! Directory roles: who is put in and taken out.

use super::{Made, Note};
use crate::graph::{Visit, directory};
use crate::stroke::{give_role, take_role};
use crate::verbs::Target;
use crate::wire::Answer;
use crate::world::DirectoryRole;

/// `POST /roleManagement/directory/roleAssignments`.
pub(super) fn add(visit: &Visit<'_>) -> Made {
    let body = visit.body()?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let principal = text("principalId");
    let place = visit
        .person(principal)
        .ok_or_else(|| visit.not_found(principal))?;
    let wanted = text("roleDefinitionId");
    let mut roles = visit.tenant.roles.iter();
    let role = roles.find(|role| role.template_id == wanted);
    let role = role.ok_or_else(|| visit.not_found(wanted))?;
    if text("directoryScopeId") != "/" {
        return Err(visit.invalid("The directoryScopeId must be '/'."));
    }
    if role.members.iter().any(|member| member == principal) {
        let text = "A conflicting object with one or more of the specified property values is present in the \
                    directory.";
        return Err(visit.invalid(text));
    }
    visit
        .cloud
        .change(visit.place, |tenant| give_role(tenant, place, &role.id));
    note(visit, "Add member to role.", place, role);
    Ok(Answer::json(
        201,
        &directory::role_assignment(role, principal),
    ))
}

/// `DELETE /roleManagement/directory/roleAssignments/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let id = visit.part(3);
    for role in &visit.tenant.roles {
        for member in &role.members {
            if directory::role_assignment(role, member)["id"] == id {
                return take(visit, role, member);
            }
        }
    }
    Err(visit.not_found(id))
}

/// `DELETE /directoryRoles/{id}/members/{id}/$ref`.
pub(super) fn remove_member(visit: &Visit<'_>) -> Made {
    let (id, member) = (visit.part(1), visit.part(3));
    let mut roles = visit.tenant.roles.iter();
    let role = roles.find(|role| role.id == id || role.template_id == id);
    let role = role.ok_or_else(|| visit.not_found(id))?;
    if !role.members.iter().any(|known| known == member) {
        return Err(visit.not_found(member));
    }
    take(visit, role, member)
}

fn take(visit: &Visit<'_>, role: &DirectoryRole, member: &str) -> Made {
    let place = visit
        .person(member)
        .ok_or_else(|| visit.not_found(member))?;
    visit
        .cloud
        .change(visit.place, |tenant| take_role(tenant, place, &role.id));
    note(visit, "Remove member from role.", place, role);
    Ok(Answer::empty(204))
}

fn note(visit: &Visit<'_>, operation: &str, place: usize, role: &DirectoryRole) {
    visit.note(Note {
        operation,
        category: "RoleManagement",
        event: "Role",
        target: Target::user(&visit.tenant.users[place]),
        modified: vec![
            ("Role.ObjectID", String::new(), role.id.clone()),
            ("Role.DisplayName", String::new(), role.name.to_owned()),
            (
                "Role.TemplateId",
                String::new(),
                role.template_id.to_owned(),
            ),
        ],
    });
}
