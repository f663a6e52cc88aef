//! Applications that were let in, what they may do, and the secrets that they were given.

use super::targets::{Told, texts};
use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::names::is_guid;
use model::Event;

/// Reads a consent, a grant, a permission, a new application or a new secret.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let is = |names: &[&str]| {
        names
            .iter()
            .any(|one| event.action.eq_ignore_ascii_case(one))
    };
    if is(&["Consent to application"]) {
        return consent(event);
    }
    if is(&[
        "Add delegated permission grant",
        "Add OAuth2PermissionGrant",
    ]) {
        return vec![grant(event)];
    }
    if is(&["Add app role assignment to service principal"]) {
        return vec![permission(event)];
    }
    if is(&["Add service principal"]) {
        return application(event).into_iter().collect();
    }
    let lower = event.action.to_lowercase();
    let is_of_secrets = lower.contains("certificates and secrets management")
        || lower == "add service principal credentials"
        || lower == "update service principal"
        || lower == "update application";
    if is_of_secrets {
        return credentials(event);
    }
    Vec::new()
}

/// The ids by which the application is known.
fn app_signs(told: &Told, names: &str) -> Vec<Sign> {
    let app = told.first_of(&["ServicePrincipal.AppId", "AppPrincipalId", "AppId"]);
    let mut signs = vec![Sign::App(app.to_lowercase())];
    if app.is_empty() {
        let names = names.split([';', ',']).map(str::trim);
        let id = names.into_iter().find(|one| is_guid(one));
        signs.push(Sign::App(id.unwrap_or_default().to_lowercase()));
    }
    signs
}

fn consent(event: &Event<'_>) -> Vec<Foothold> {
    let told = Told::read(event);
    let names = told.first_of(&["TargetId.ServicePrincipalNames"]);
    let names = if names.is_empty() {
        &event.object
    } else {
        &*names
    };
    let mut signs = app_signs(&told, names);
    signs.push(Sign::Principal(told.id("ServicePrincipal").to_owned()));
    let permissions = told.first_of(&["ConsentAction.Permissions"]);
    let (before, after) = permissions.split_once("=>").unwrap_or(("", &permissions));
    let known = listed(before, "Id:");
    for id in listed(after, "Id:") {
        if !known.contains(&id) {
            signs.push(Sign::Id(id));
        }
    }
    for id in listed(after, "ClientId:") {
        signs.push(Sign::Principal(id.to_lowercase()));
    }
    let for_all = told.first_of(&["ConsentContext.OnBehalfOfAll"]);
    if for_all.eq_ignore_ascii_case("true") {
        signs.push(Sign::ForAll);
    }
    let what = format!("consented to the application {}", called(told.name()));
    vec![foothold(
        event,
        FootholdKind::Grant,
        &event.user,
        signs,
        &what,
    )]
}

/// The permissions stand in a list that is no JSON: `[[Id: x, ClientId: y, Scope: a b]]`.
fn listed(text: &str, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split(['[', ',', ']']) {
        if let Some(value) = part.trim().strip_prefix(key) {
            found.push(value.trim().to_owned());
        }
    }
    found.retain(|one| !one.is_empty());
    found
}

/// What a grant acts on is the resource: the application stands in its properties.
fn grant(event: &Event<'_>) -> Foothold {
    let told = Told::read(event);
    let mut signs = app_signs(&told, "");
    let principal = told.first_of(&["ServicePrincipal.ObjectID"]);
    signs.push(Sign::Principal(principal.to_lowercase()));
    signs.push(Sign::Resource(told.id("ServicePrincipal").to_owned()));
    let kind = told.first_of(&["DelegatedPermissionGrant.ConsentType"]);
    if kind.eq_ignore_ascii_case("AllPrincipals") {
        signs.push(Sign::ForAll);
    }
    let name = told.first_of(&["ServicePrincipal.DisplayName"]);
    let scope = told.first_of(&["DelegatedPermissionGrant.Scope"]);
    let what = format!(
        "granted the application {} {}",
        called(&name),
        called(&scope)
    );
    foothold(event, FootholdKind::Grant, &event.user, signs, &what)
}

fn permission(event: &Event<'_>) -> Foothold {
    let told = Told::read(event);
    let mut signs = app_signs(&told, "");
    let principal = told.first_of(&["ServicePrincipal.ObjectID"]);
    signs.push(Sign::Principal(principal.to_lowercase()));
    signs.push(Sign::Resource(told.id("ServicePrincipal").to_owned()));
    signs.push(Sign::Permission(
        told.first_of(&["AppRole.Id"]).to_lowercase(),
    ));
    let name = told.first_of(&["ServicePrincipal.DisplayName"]);
    let value = told.first_of(&["AppRole.Value"]);
    let what = format!(
        "gave the application {} the permission {}",
        called(&name),
        called(&value)
    );
    foothold(event, FootholdKind::AppRole, "", signs, &what)
}

fn application(event: &Event<'_>) -> Option<Foothold> {
    // What Microsoft's own services bring in is no person's doing.
    if !event.user.contains('@') {
        return None;
    }
    let told = Told::read(event);
    let names = told.first_of(&["TargetId.ServicePrincipalNames"]);
    let names = if names.is_empty() {
        &event.object
    } else {
        &*names
    };
    let mut signs = app_signs(&told, names);
    signs.push(Sign::Principal(told.id("ServicePrincipal").to_owned()));
    let name = match told.first_of(&["DisplayName"]) {
        name if name.is_empty() => told.name().to_owned(),
        name => name,
    };
    let what = format!("brought the application {} into the tenant", called(&name));
    Some(foothold(event, FootholdKind::Application, "", signs, &what))
}

fn credentials(event: &Event<'_>) -> Vec<Foothold> {
    let told = Told::read(event);
    let Some(change) = told.change("KeyDescription") else {
        return Vec::new();
    };
    let known: Vec<String> = texts(&change.before)
        .iter()
        .map(|one| part(one, "KeyIdentifier").to_lowercase())
        .collect();
    let mut found = Vec::new();
    for text in texts(&change.value) {
        let id = part(&text, "KeyIdentifier").to_lowercase();
        if id.is_empty() || known.contains(&id) {
            continue;
        }
        let name = part(&text, "DisplayName");
        let signs = [
            Sign::Id(id),
            Sign::Registration(told.id("Application").to_owned()),
            Sign::Principal(told.id("ServicePrincipal").to_owned()),
        ];
        let what = format!(
            "gave the application {} the credential {}",
            called(told.name()),
            called(name)
        );
        found.push(foothold(event, FootholdKind::Credential, "", signs, &what));
    }
    found
}

/// Returns a part of `[KeyIdentifier=a,KeyType=Password,KeyUsage=Verify,DisplayName=b]`.
fn part<'t>(text: &'t str, key: &str) -> &'t str {
    let inside = text.trim().trim_start_matches('[').trim_end_matches(']');
    let mut parts = inside.split(',');
    let found = parts.find_map(|one| one.trim().strip_prefix(key)?.strip_prefix('='));
    found.unwrap_or_default()
}
