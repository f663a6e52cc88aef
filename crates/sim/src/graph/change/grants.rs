//! What applications were allowed: delegated grants and application permissions.

use serde_json::Value;

use super::{Made, Note};
use crate::app::{App, Grant, RoleGrant};
use crate::graph::{Visit, directory};
use crate::verbs::Target;
use crate::wire::Answer;

/// `POST /oauth2PermissionGrants`.
pub(super) fn add(visit: &Visit<'_>) -> Made {
    let body = visit.body()?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let principal_id = match body["consentType"].as_str() {
        Some("AllPrincipals") => None,
        Some("Principal") if visit.tenant.user(&text("principalId")).is_some() => {
            Some(text("principalId"))
        }
        _ => return Err(visit.invalid("Invalid value for consentType or principalId.")),
    };
    let grant = Grant {
        id: visit.cloud.chance_of("grant").base64(43),
        client_id: text("clientId"),
        resource_id: text("resourceId"),
        principal_id,
        scope: text("scope").trim().to_owned(),
        given: visit.cloud.now(),
    };
    app(visit, &grant.client_id)?;
    app(visit, &grant.resource_id)?;
    let same = |known: &Grant| {
        (&known.client_id, &known.resource_id, &known.principal_id)
            == (&grant.client_id, &grant.resource_id, &grant.principal_id)
    };
    if visit.tenant.grants.iter().any(same) {
        let text = "Permission entry already exists.";
        return Err(visit.error(409, "Request_MultipleObjectsWithSameKeyValue", text));
    }
    visit
        .cloud
        .change(visit.place, |tenant| tenant.grants.push(grant.clone()));
    note(visit, "Add delegated permission grant.", &grant);
    Ok(Answer::json(201, &directory::grant(&grant)))
}

fn app<'a>(visit: &'a Visit<'_>, id: &str) -> Result<&'a App, Answer> {
    visit.tenant.app(id).ok_or_else(|| visit.not_found(id))
}

fn find<'a>(visit: &'a Visit<'_>) -> Result<&'a Grant, Answer> {
    let id = visit.part(1);
    let mut grants = visit.tenant.grants.iter();
    let found = grants.find(|grant| grant.id == id);
    found.ok_or_else(|| visit.not_found(id))
}

/// `PATCH /oauth2PermissionGrants/{id}`: its scope.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let grant = find(visit)?;
    let body = visit.body()?;
    let Some(scope) = body["scope"].as_str() else {
        return Err(visit.invalid("Only the scope of a grant can be updated."));
    };
    visit.cloud.change(visit.place, |tenant| {
        let mut grants = tenant.grants.iter_mut();
        if let Some(known) = grants.find(|known| known.id == grant.id) {
            scope.trim().clone_into(&mut known.scope);
        }
    });
    note(visit, "Update delegated permission grant.", grant);
    Ok(Answer::empty(204))
}

/// `DELETE /oauth2PermissionGrants/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let grant = find(visit)?;
    visit.cloud.change(visit.place, |tenant| {
        tenant.grants.retain(|known| known.id != grant.id);
    });
    note(visit, "Remove delegated permission grant.", grant);
    Ok(Answer::empty(204))
}

fn note(visit: &Visit<'_>, operation: &str, grant: &Grant) {
    let (Some(client), Some(resource)) = (
        visit.tenant.app(&grant.client_id),
        visit.tenant.app(&grant.resource_id),
    ) else {
        return;
    };
    let whom = grant
        .principal_id
        .as_ref()
        .map_or("AllPrincipals", |_| "Principal");
    let removed = operation.starts_with("Remove");
    let sides = |value: &str| {
        let (empty, value) = (String::new(), value.to_owned());
        if removed {
            (value, empty)
        } else {
            (empty, value)
        }
    };
    let (old_scope, new_scope) = sides(&grant.scope);
    let (old_whom, new_whom) = sides(whom);
    visit.note(Note {
        operation,
        category: "ApplicationManagement",
        event: "ServicePrincipal",
        target: Target::service_principal(resource),
        modified: vec![
            ("DelegatedPermissionGrant.Scope", old_scope, new_scope),
            ("DelegatedPermissionGrant.ConsentType", old_whom, new_whom),
            (
                "ServicePrincipal.ObjectID",
                String::new(),
                client.id.clone(),
            ),
            (
                "ServicePrincipal.DisplayName",
                String::new(),
                client.display_name.clone(),
            ),
            (
                "ServicePrincipal.AppId",
                String::new(),
                client.app_id.clone(),
            ),
        ],
    });
}

/// Whether an assignment belongs to the service principal of the path, as it is named there.
fn belongs(visit: &Visit<'_>, own: &App, grant: &RoleGrant) -> bool {
    if visit.part(2) == "appRoleAssignments" {
        grant.principal_id == own.id
    } else {
        grant.resource_id == own.id
    }
}

/// `POST /servicePrincipals/{id}/appRoleAssignments`, or `appRoleAssignedTo` of the resource.
pub(super) fn assign(visit: &Visit<'_>) -> Made {
    let own = app(visit, visit.part(1))?;
    let body = visit.body()?;
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let principal = app(visit, text("principalId"))?;
    let resource = app(visit, text("resourceId"))?;
    let mut roles = resource.app_roles.iter();
    let role = roles.find(|role| role.id == text("appRoleId"));
    let Some(role) = role else {
        return Err(visit.invalid("Permission being assigned was not found on application."));
    };
    let grant = RoleGrant {
        id: visit.cloud.chance_of("assignment").base64(43),
        principal_id: principal.id.clone(),
        resource_id: resource.id.clone(),
        app_role_id: role.id.clone(),
        value: role.value.clone(),
        created: visit.cloud.now(),
    };
    if !belongs(visit, own, &grant) {
        return Err(visit.invalid("Invalid object identifier: it is not the one of the path."));
    }
    let same = |known: &RoleGrant| {
        (&known.principal_id, &known.resource_id, &known.app_role_id)
            == (&grant.principal_id, &grant.resource_id, &grant.app_role_id)
    };
    if visit.tenant.role_grants.iter().any(same) {
        return Err(visit.invalid("Permission being assigned already exists on the object"));
    }
    visit
        .cloud
        .change(visit.place, |tenant| tenant.role_grants.push(grant.clone()));
    note_role(
        visit,
        "Add app role assignment to service principal.",
        &grant,
    );
    let shown: Value = directory::assignment(visit, &grant);
    Ok(Answer::json(201, &shown))
}

/// `DELETE /servicePrincipals/{id}/appRoleAssignments/{id}`, or `appRoleAssignedTo`.
pub(super) fn unassign(visit: &Visit<'_>) -> Made {
    let own = app(visit, visit.part(1))?;
    let id = visit.part(3);
    let mut grants = visit.tenant.role_grants.iter();
    let grant = grants.find(|grant| grant.id == id && belongs(visit, own, grant));
    let grant = grant.ok_or_else(|| visit.not_found(id))?;
    visit.cloud.change(visit.place, |tenant| {
        tenant.role_grants.retain(|known| known.id != id);
    });
    note_role(
        visit,
        "Remove app role assignment from service principal.",
        grant,
    );
    Ok(Answer::empty(204))
}

fn note_role(visit: &Visit<'_>, operation: &str, grant: &RoleGrant) {
    let (Some(client), Some(resource)) = (
        visit.tenant.app(&grant.principal_id),
        visit.tenant.app(&grant.resource_id),
    ) else {
        return;
    };
    visit.note(Note {
        operation,
        category: "ApplicationManagement",
        event: "ServicePrincipal",
        target: Target::service_principal(resource),
        modified: vec![
            ("AppRole.Id", String::new(), grant.app_role_id.clone()),
            ("AppRole.Value", String::new(), grant.value.clone()),
            (
                "ServicePrincipal.ObjectID",
                String::new(),
                client.id.clone(),
            ),
            (
                "ServicePrincipal.DisplayName",
                String::new(),
                client.display_name.clone(),
            ),
            (
                "ServicePrincipal.AppId",
                String::new(),
                client.app_id.clone(),
            ),
        ],
    });
}
