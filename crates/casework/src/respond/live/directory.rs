//! Devices, other people, and the roles that were assigned to them.

use super::rows::moment;
use super::{Found, Looking, Part};
use crate::respond::actions::remove_role;
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::graph::{field, get, word};
use crate::respond::names::is_same;
use crate::respond::object::{Object, ObjectKind};
use crate::respond::written::part;
use model::Json;
use std::collections::BTreeSet;

/// Reads the devices that are registered for the account.
pub(super) fn read_devices(looking: &mut Looking, rows: &[Json<'_>]) {
    let (tenant, user) = (looking.live.tenant.clone(), looking.live.user.clone());
    for row in rows {
        let (id, name) = (word(row, "id"), word(row, "displayName"));
        let mut signs = BTreeSet::from([Sign::Id(id.to_lowercase())]);
        signs.insert(Sign::Id(word(row, "deviceId").to_lowercase()));
        if !name.is_empty() {
            signs.insert(Sign::Name(name.to_lowercase()));
        }
        looking.live.found.push(Found {
            kind: FootholdKind::Device,
            object: Object::new(&tenant, ObjectKind::Device, &user, &id, &name),
            signs,
            made: moment(&word(row, "registrationDateTime")),
            words: format!("device {}", called(&name)),
        });
    }
}

/// Asks for the roles of everybody to whom one was given.
pub(super) fn look_at_roles(looking: &mut Looking, own_id: &str) {
    for foothold in looking.of_kind(&[FootholdKind::Role]) {
        let is_own = foothold.owner.is_empty()
            || is_same(&foothold.owner, &looking.live.user)
            || is_same(&foothold.owner, own_id);
        if is_own {
            let part = Part::RoleAssignments(own_id.to_owned());
            looking
                .live
                .people
                .insert(own_id.to_owned(), looking.live.user.clone());
            looking.want(part, remove_role::all(own_id));
            continue;
        }
        let ask = get(format!(
            "/v1.0/users/{}?$select=id,userPrincipalName",
            part(&foothold.owner)
        ));
        looking.want(Part::Person(foothold.owner.clone()), ask);
    }
}

/// Reads who somebody is, and asks for their roles.
pub(super) fn read_person(looking: &mut Looking, name: &str, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let id = word(row, "id");
    looking.live.people.insert(id.clone(), name.to_owned());
    looking.want(Part::RoleAssignments(id.clone()), remove_role::all(&id));
}

/// Reads the roles that were assigned to somebody.
pub(super) fn read_assignments(looking: &mut Looking, principal: &str, rows: &[Json<'_>]) {
    let user = looking.live.people.get(principal).cloned();
    let user = user.unwrap_or_default();
    for row in rows
        .iter()
        .filter(|row| is_same(&word(row, "principalId"), principal))
    {
        let role = word(row, "roleDefinitionId");
        let definition = field(row, "roleDefinition");
        let name = word(definition, "displayName");
        let tenant = &looking.live.tenant;
        let id = word(row, "id");
        let object = Object::new(tenant, ObjectKind::RoleAssignment, &user, &id, &name)
            .with("principalId", principal)
            .with("roleDefinitionId", &role)
            .with("directoryScopeId", &word(row, "directoryScopeId"));
        let template = word(definition, "templateId").to_lowercase();
        let mut signs = BTreeSet::from([Sign::Permission(role.to_lowercase())]);
        if !template.is_empty() {
            signs.insert(Sign::Permission(template));
        }
        if !name.is_empty() {
            signs.insert(Sign::Name(name.to_lowercase()));
        }
        looking.live.found.push(Found {
            kind: FootholdKind::Role,
            object,
            signs,
            made: None,
            words: format!("directory role {} of {user}", called(&name)),
        });
    }
}
