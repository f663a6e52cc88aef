//! Devices, other people, and the roles that were assigned to them.

use super::rows::moment;
use super::{Found, Looking, Part};
use crate::respond::actions::remove_role;
use crate::respond::footholds::{Foothold, FootholdKind, Sign, called};
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

/// What of another person is asked for.
const FIELDS: &str = "id,userPrincipalName,displayName,onPremisesSyncEnabled,onPremisesSamAccountName,lastPasswordChangeDateTime";

/// Asks who everybody else is that footholds are about.
pub(super) fn begin(looking: &mut Looking) {
    let kinds = [
        FootholdKind::Role,
        FootholdKind::Account,
        FootholdKind::Password,
    ];
    for foothold in looking.of_kind(&kinds) {
        for sign in &foothold.signs {
            if let (FootholdKind::Role, Sign::Principal(id)) = (foothold.kind, sign) {
                looking.want(Part::RoleAssignments(id.clone()), remove_role::all(id));
            }
        }
        let is_own = is_same(&foothold.owner, &looking.live.user);
        if !is_own && !foothold.owner.is_empty() {
            let path = format!("/v1.0/users/{}?$select={FIELDS}", part(&foothold.owner));
            looking.want(Part::Person(foothold.owner.clone()), get(path));
        }
    }
}

/// Asks for the account's own roles, where a foothold is one.
pub(super) fn look_at_own_roles(looking: &mut Looking, id: &str) {
    let roles = looking.of_kind(&[FootholdKind::Role]);
    let user = looking.live.user.clone();
    let is_own = |one: &Foothold| {
        let is_apps = one
            .signs
            .iter()
            .any(|sign| matches!(sign, Sign::Principal(_)));
        !is_apps && (one.owner.is_empty() || is_same(&one.owner, &user))
    };
    if roles.iter().any(is_own) {
        looking.live.people.insert(id.to_owned(), user);
        looking.want(Part::RoleAssignments(id.to_owned()), remove_role::all(id));
    }
}

/// Reads who somebody is, and asks for their roles where one was given.
pub(super) fn read_person(looking: &mut Looking, name: &str, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let (id, upn) = (word(row, "id"), word(row, "userPrincipalName"));
    let upn = if upn.is_empty() { name.to_owned() } else { upn };
    looking.live.people.insert(id.clone(), upn.clone());
    let synced = field(row, "onPremisesSyncEnabled").as_truth() == Some(true);
    let shown = word(row, "displayName");
    let object = Object::new(&looking.live.tenant, ObjectKind::User, &upn, &id, &shown)
        .with("synced", if synced { "yes" } else { "" })
        .with("onPremises", &word(row, "onPremisesSamAccountName"));
    let changed = moment(&word(row, "lastPasswordChangeDateTime"));
    for (kind, made) in [
        (FootholdKind::Account, None),
        (FootholdKind::Password, changed),
    ] {
        looking.live.found.push(Found {
            kind,
            object: object.clone(),
            signs: BTreeSet::from([Sign::Name(upn.to_lowercase())]),
            made,
            words: format!("the account {upn}"),
        });
    }
    let is_about = |one: &Foothold| is_same(&one.owner, name);
    if looking.of_kind(&[FootholdKind::Role]).iter().any(is_about) {
        looking.want(Part::RoleAssignments(id.clone()), remove_role::all(&id));
    }
}

/// Reads the roles that were assigned to somebody.
pub(super) fn read_assignments(looking: &mut Looking, principal: &str, rows: &[Json<'_>]) {
    let user = looking.live.people.get(principal).cloned();
    let user = user.unwrap_or_default();
    let whose = match user.as_str() {
        "" => format!("the application {principal}"),
        user => user.to_owned(),
    };
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
        let mut signs = BTreeSet::from([
            Sign::Permission(role.to_lowercase()),
            Sign::Principal(principal.to_lowercase()),
        ]);
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
            words: format!("directory role {} of {whose}", called(&name)),
        });
    }
}
