//! The directory: people, applications, roles, licences, domains.

use serde_json::{Value, json};

use super::Visit;
use super::page::{collection, object};
use crate::app::{App, Credential, Grant, RoleGrant};
use crate::person::{Device, User};
use crate::stamp::seconds;
use crate::wire::Answer;
use crate::world::DirectoryRole;

/// Answers what stands in the directory.
pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let tenant = visit.tenant;
    let list = |objects: Vec<Value>| collection(visit, &objects, 999);
    match visit.rest.as_slice() {
        ["users"] => list(
            tenant
                .users
                .iter()
                .map(|user| self::user(visit, user))
                .collect(),
        ),
        ["users", id, rest @ ..] => match tenant.user(id) {
            Some(user) => of_user(visit, user, rest),
            None => visit.not_found(id),
        },
        ["servicePrincipals"] => list(tenant.apps.iter().map(app).collect()),
        ["servicePrincipals", id, rest @ ..] => match tenant.app(id) {
            Some(found) => of_app(visit, found, rest),
            None => visit.not_found(id),
        },
        ["applications"] => list(tenant.apps.iter().filter_map(registration).collect()),
        ["applications", id, rest @ ..] => of_registration(visit, id, rest),
        ["oauth2PermissionGrants"] => list(grants(visit)),
        ["oauth2PermissionGrants", id] => one(visit, &grants(visit), id),
        ["devices"] => list(devices(visit)),
        ["devices", id] => one(visit, &devices(visit), id),
        ["subscribedSkus"] => list(skus(visit)),
        ["domains"] => list(domains(visit)),
        ["domains", _, "federationConfiguration"] => list(Vec::new()),
        ["organization"] => list(vec![organization(visit)]),
        ["tenantRelationships", "delegatedAdminRelationships"] => list(customers(visit)),
        ["directoryRoles"] => list(tenant.roles.iter().map(role_json).collect()),
        ["directoryRoles", id, "members"] => list(members(visit, id)),
        ["roleManagement", "directory", "roleAssignments"] => list(assignments(visit)),
        ["roleManagement", "directory", "roleAssignments", id] => {
            one(visit, &assignments(visit), id)
        }
        [
            "roleManagement",
            "directory",
            "roleEligibilityScheduleInstances",
        ] => list(Vec::new()),
        _ => super::unknown(visit),
    }
}

/// Answers the one of some objects that has an id.
fn one(visit: &Visit<'_>, objects: &[Value], id: &str) -> Answer {
    match objects.iter().find(|known| known["id"] == id) {
        Some(found) => object(visit, found),
        None => visit.not_found(id),
    }
}

/// `identityProtection/riskyUsers`.
pub(super) fn risky_users(visit: &Visit<'_>) -> Answer {
    let risky = visit.tenant.users.iter().filter_map(|user| {
        let (state, level) = user.risk?;
        Some(json!({
            "id": user.id, "userPrincipalName": user.upn, "userDisplayName": user.display_name,
            "riskLevel": level, "riskState": state, "riskDetail": detail(state), "isDeleted": false,
            "isProcessing": false, "riskLastUpdatedDateTime": seconds(visit.cloud.world.until),
        }))
    });
    let risky: Vec<Value> = risky.collect();
    match visit.rest.as_slice() {
        [_, _, id] => one(visit, &risky, id),
        _ => collection(visit, &risky, 500),
    }
}

fn detail(state: &str) -> &'static str {
    match state {
        "confirmedCompromised" => "adminConfirmedUserCompromised",
        "dismissed" => "adminDismissedAllRiskForUser",
        _ => "none",
    }
}

/// The first tenant is a partner, and every other one its customer.
fn customers(visit: &Visit<'_>) -> Vec<Value> {
    let all = visit.cloud.world.tenants.iter().enumerate();
    let others = all.filter(|(place, _)| visit.place == 0 && *place > 0);
    let delegated = others.map(|(place, tenant)| {
        json!({
            "id": format!("{}-{place}", visit.tenant.id),
            "displayName": format!("{} for {}", visit.tenant.name, tenant.name),
            "status": "active",
            "duration": "P730D",
            "customer": { "tenantId": tenant.id, "displayName": tenant.name },
            "endDateTime": seconds(visit.cloud.world.until + 365 * 86_400 * 1_000_000),
            "accessDetails": { "unifiedRoles": [{ "roleDefinitionId": "f2ef992c-3afb-46b9-b7cf-a126ee74c451" }] },
        })
    });
    delegated.collect()
}

fn user(visit: &Visit<'_>, user: &User) -> Value {
    let mail = user
        .mailbox
        .as_ref()
        .and_then(|mailbox| mailbox.addresses.first());
    let addresses: Vec<String> = user
        .mailbox
        .iter()
        .flat_map(|mailbox| mailbox.addresses.iter().enumerate())
        .map(|(place, address)| format!("{}:{address}", if place == 0 { "SMTP" } else { "smtp" }))
        .collect();
    let licences: Vec<Value> = visit
        .tenant
        .skus
        .iter()
        .filter(|sku| {
            user.licences
                .iter()
                .any(|licence| licence == sku.part_number)
        })
        .map(|sku| json!({"skuId": sku.id, "disabledPlans": []}))
        .collect();
    json!({
        "id": user.id, "userPrincipalName": user.upn, "displayName": user.display_name,
        "givenName": user.given_name, "surname": user.surname, "mail": mail,
        "accountEnabled": user.enabled, "userType": user.user_type, "department": user.department,
        "jobTitle": user.job_title, "officeLocation": user.office, "proxyAddresses": addresses,
        "createdDateTime": seconds(user.created), "assignedLicenses": licences,
        "lastPasswordChangeDateTime": seconds(user.password_changed),
        "signInSessionsValidFromDateTime": seconds(user.sessions_valid_from),
        "onPremisesSyncEnabled": user.synced.then_some(true),
    })
}

fn of_user(visit: &Visit<'_>, user: &User, rest: &[&str]) -> Answer {
    let list = |objects: Vec<Value>| collection(visit, &objects, 999);
    match rest {
        [] => object(visit, &self::user(visit, user)),
        ["licenseDetails"] => list(
            skus(visit)
                .into_iter()
                .filter(|sku| {
                    user.licences
                        .iter()
                        .any(|licence| sku["skuPartNumber"] == **licence)
                })
                .collect(),
        ),
        ["authentication", rest @ ..] => super::methods::answer(visit, user, rest),
        ["registeredDevices" | "ownedDevices"] => list(user.devices.iter().map(device).collect()),
        ["memberOf" | "transitiveMemberOf"]
        | [
            "memberOf" | "transitiveMemberOf",
            "microsoft.graph.directoryRole",
        ] => list(
            visit
                .tenant
                .roles
                .iter()
                .filter(|role| role.members.contains(&user.id))
                .map(role_json)
                .collect(),
        ),
        ["oauth2PermissionGrants"] => list(
            grants(visit)
                .into_iter()
                .filter(|grant| grant["principalId"] == *user.id)
                .collect(),
        ),
        _ => super::unknown(visit),
    }
}

fn device(device: &Device) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.device", "id": device.object_id, "deviceId": device.id,
        "displayName": device.name, "operatingSystem": device.system, "isManaged": device.managed,
        "isCompliant": device.managed, "trustType": device.trust, "accountEnabled": device.enabled,
        "registrationDateTime": seconds(device.registered),
    })
}

fn devices(visit: &Visit<'_>) -> Vec<Value> {
    let users = visit.tenant.users.iter();
    users
        .flat_map(|user| user.devices.iter().map(device))
        .collect()
}

fn app(app: &App) -> Value {
    let offered = |permissions: &[crate::app::Permission]| -> Vec<Value> {
        permissions
            .iter()
            .map(|permission| json!({"id": permission.id, "value": permission.value, "isEnabled": true}))
            .collect()
    };
    let names: Vec<&String> = std::iter::once(&app.app_id).chain(&app.names).collect();
    json!({
        "id": app.id, "appId": app.app_id, "displayName": app.display_name, "appDisplayName": app.display_name,
        "publisherName": app.publisher,
        "verifiedPublisher": {"displayName": app.verified_publisher, "verifiedPublisherId": null, "addedDateTime": null},
        "appOwnerOrganizationId": app.owner_organization, "accountEnabled": app.enabled,
        "servicePrincipalType": "Application", "tags": app.tags, "replyUrls": app.reply_urls,
        "servicePrincipalNames": names, "createdDateTime": seconds(app.created),
        "signInAudience": if app.registration.is_some() { "AzureADMyOrg" } else { "AzureADMultipleOrgs" },
        "appRoles": offered(&app.app_roles), "oauth2PermissionScopes": offered(&app.scopes),
        "passwordCredentials": credentials(app, "Password"),
        "keyCredentials": credentials(app, "AsymmetricX509Cert"),
    })
}

fn credentials(app: &App, kind: &str) -> Vec<Value> {
    let json = |credential: &Credential| {
        let mut body = json!({
            "keyId": credential.key_id, "displayName": credential.name,
            "startDateTime": seconds(credential.added), "endDateTime": seconds(credential.ends),
        });
        if kind == "Password" {
            body["hint"] = json!(credential.key_id.get(..3));
            body["secretText"] = Value::Null;
        } else {
            body["type"] = json!(kind);
            body["usage"] = json!("Verify");
        }
        body
    };
    app.credentials
        .iter()
        .filter(|credential| credential.kind == kind)
        .map(json)
        .collect()
}

fn registration(app: &App) -> Option<Value> {
    let id = app.registration.as_ref()?;
    Some(json!({
        "id": id, "appId": app.app_id, "displayName": app.display_name,
        "createdDateTime": seconds(app.created), "signInAudience": "AzureADMyOrg",
        "passwordCredentials": credentials(app, "Password"),
        "keyCredentials": credentials(app, "AsymmetricX509Cert"),
        "requiredResourceAccess": [], "web": {"redirectUris": app.reply_urls},
    }))
}

fn of_registration(visit: &Visit<'_>, id: &str, rest: &[&str]) -> Answer {
    let known = visit.tenant.apps.iter().filter_map(registration);
    let Some(found) = known
        .into_iter()
        .find(|app| app["id"] == id || app["appId"] == id)
    else {
        return visit.not_found(id);
    };
    match rest {
        [] => object(visit, &found),
        ["federatedIdentityCredentials" | "owners"] => collection(visit, &[], 999),
        _ => super::unknown(visit),
    }
}

fn of_app(visit: &Visit<'_>, found: &App, rest: &[&str]) -> Answer {
    let assigned = |by: &str| -> Vec<Value> {
        app_role_assignments(visit)
            .into_iter()
            .filter(|assignment| assignment[by] == *found.id)
            .collect()
    };
    match rest {
        [] => object(visit, &app(found)),
        ["appRoleAssignments"] => collection(visit, &assigned("principalId"), 999),
        ["appRoleAssignedTo"] => collection(visit, &assigned("resourceId"), 999),
        ["oauth2PermissionGrants"] => {
            let own = grants(visit)
                .into_iter()
                .filter(|grant| grant["clientId"] == *found.id);
            collection(visit, &own.collect::<Vec<_>>(), 999)
        }
        ["owners"] => collection(visit, &[], 999),
        _ => super::unknown(visit),
    }
}

fn app_role_assignments(visit: &Visit<'_>) -> Vec<Value> {
    let grants = visit.tenant.role_grants.iter();
    grants.map(|grant| assignment(visit, grant)).collect()
}

/// An application permission as Graph shows it.
pub(super) fn assignment(visit: &Visit<'_>, grant: &RoleGrant) -> Value {
    let name = |id: &str| visit.tenant.app(id).map(|app| app.display_name.clone());
    json!({
        "id": grant.id, "appRoleId": grant.app_role_id, "principalId": grant.principal_id,
        "principalType": "ServicePrincipal", "principalDisplayName": name(&grant.principal_id),
        "resourceId": grant.resource_id, "resourceDisplayName": name(&grant.resource_id),
        "createdDateTime": seconds(grant.created),
    })
}

fn grants(visit: &Visit<'_>) -> Vec<Value> {
    visit.tenant.grants.iter().map(grant).collect()
}

/// A delegated grant as Graph shows it.
pub(super) fn grant(grant: &Grant) -> Value {
    json!({
        "id": grant.id, "clientId": grant.client_id, "resourceId": grant.resource_id,
        "consentType": if grant.principal_id.is_some() { "Principal" } else { "AllPrincipals" },
        "principalId": grant.principal_id, "scope": grant.scope,
    })
}

fn skus(visit: &Visit<'_>) -> Vec<Value> {
    let json = |sku: &crate::world::Sku| {
        let plans: Vec<Value> = sku
            .plans
            .iter()
            .map(|plan| {
                json!({"servicePlanName": plan, "provisioningStatus": "Success", "appliesTo": "User",
                    "servicePlanId": crate::entra::named_guid(plan)})
            })
            .collect();
        json!({
            "id": format!("{}_{}", visit.tenant.id, sku.id), "skuId": sku.id, "skuPartNumber": sku.part_number,
            "appliesTo": "User", "capabilityStatus": "Enabled", "consumedUnits": sku.used,
            "prepaidUnits": {"enabled": sku.bought, "suspended": 0, "warning": 0}, "servicePlans": plans,
        })
    };
    visit.tenant.skus.iter().map(json).collect()
}

fn domains(visit: &Visit<'_>) -> Vec<Value> {
    let tenant = visit.tenant;
    let json = |(place, domain): (usize, &String)| {
        json!({
            "id": domain, "authenticationType": "Managed", "isDefault": place == 0,
            "isInitial": *domain == tenant.initial_domain, "isVerified": true, "isRoot": true,
            "isAdminManaged": true, "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        })
    };
    tenant.domains.iter().enumerate().map(json).collect()
}

fn organization(visit: &Visit<'_>) -> Value {
    let tenant = visit.tenant;
    let verified: Vec<Value> = domains(visit)
        .into_iter()
        .map(|domain| {
            json!({"name": domain["id"], "isDefault": domain["isDefault"], "isInitial": domain["isInitial"],
                "type": "Managed", "capabilities": "Email"})
        })
        .collect();
    let plans: Vec<Value> = tenant
        .skus
        .iter()
        .flat_map(|sku| sku.plans)
        .map(|plan| json!({"capabilityStatus": "Enabled", "service": plan, "servicePlanId": crate::entra::named_guid(plan)}))
        .collect();
    json!({
        "id": tenant.id, "displayName": tenant.name, "tenantType": "AAD",
        "countryLetterCode": tenant.offices.first().map(|office| office.place.country.clone()),
        "createdDateTime": seconds(tenant.settings.audit_since), "verifiedDomains": verified,
        "assignedPlans": plans, "onPremisesSyncEnabled": null,
    })
}

fn role_json(role: &crate::world::DirectoryRole) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.directoryRole", "id": role.id, "displayName": role.name,
        "roleTemplateId": role.template_id,
    })
}

fn members(visit: &Visit<'_>, id: &str) -> Vec<Value> {
    let roles = visit
        .tenant
        .roles
        .iter()
        .filter(|role| role.id == id || role.template_id == id);
    roles
        .flat_map(|role| &role.members)
        .filter_map(|member| principal(visit, member))
        .collect()
}

fn principal(visit: &Visit<'_>, id: &str) -> Option<Value> {
    let of_kind = |mut object: Value, kind: &str| {
        object["@odata.type"] = json!(format!("#microsoft.graph.{kind}"));
        object
    };
    let person = visit
        .tenant
        .user(id)
        .map(|found| of_kind(user(visit, found), "user"));
    person.or_else(|| Some(of_kind(app(visit.tenant.app(id)?), "servicePrincipal")))
}

fn assignments(visit: &Visit<'_>) -> Vec<Value> {
    let expand = visit.ask.parameter("$expand").unwrap_or_default();
    let mut assignments = Vec::new();
    for role in &visit.tenant.roles {
        for member in &role.members {
            let mut assignment = role_assignment(role, member);
            if expand.contains("principal") {
                assignment["principal"] = json!(principal(visit, member));
            }
            if expand.contains("roleDefinition") {
                assignment["roleDefinition"] = json!({
                    "id": role.template_id, "displayName": role.name, "templateId": role.template_id,
                    "isBuiltIn": true,
                });
            }
            assignments.push(assignment);
        }
    }
    assignments
}

/// An assignment of a directory role, not expanded.
pub(super) fn role_assignment(role: &DirectoryRole, member: &str) -> Value {
    json!({
        "id": crate::entra::named_guid(&format!("{}{member}", role.id)), "principalId": member,
        "roleDefinitionId": role.template_id, "directoryScopeId": "/",
    })
}
