//! Applications: what they may do in whose name, as themselves, and with which secrets.

use super::rows::moment;
use super::{App, Found, Looking, Part};
use crate::respond::actions::revoke_app_role;
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::graph::{field, get, word};
use crate::respond::names::{is_guid, is_same};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::written::{literal, part};
use model::{Ask, Json};
use std::collections::BTreeSet;

/// What of a service principal is asked for.
const FIELDS: &str =
    "id,appId,displayName,appOwnerOrganizationId,accountEnabled,passwordCredentials,keyCredentials";

/// How many applications of a person are named; more are shown by their ids.
const MOST_NAMED: usize = 100;

const KINDS: [FootholdKind; 4] = [
    FootholdKind::Grant,
    FootholdKind::AppRole,
    FootholdKind::Application,
    FootholdKind::Credential,
];

/// Asks for every application that footholds speak of.
pub(super) fn begin(looking: &mut Looking) {
    let of_apps = [KINDS.as_slice(), &[FootholdKind::Role]].concat();
    if !looking.of_kind(&of_apps).is_empty() {
        want_own(looking);
    }
    for sign in looking.signs(&KINDS) {
        match sign {
            Sign::App(id) => want_app(looking, &id),
            Sign::Principal(id) => want_principal(looking, &id),
            Sign::Registration(id) => {
                let fields = "id,appId,displayName,passwordCredentials,keyCredentials";
                let path = format!("/v1.0/applications/{}?$select={fields}", part(&id));
                // A record of an application that is another organisation's own has the id of the
                // service principal in the same place.
                want_principal(looking, &id);
                looking.want(Part::Registration(id), get(path));
            }
            _ => {}
        }
    }
}

/// Asks under which object ids the tenant knows this system's own applications: a role or a
/// permission names these and no application.
fn want_own(looking: &mut Looking) {
    let own: Vec<String> = looking.policy.own_apps.iter().cloned().collect();
    for id in own.into_iter().filter(|id| is_guid(id)) {
        let filter = format!("appId%20eq%20{}", literal(&id));
        let path = format!("/v1.0/servicePrincipals?$filter={filter}&$select=id,appId");
        looking.want(Part::Own(id), get(path));
    }
}

/// Reads the object ids of this system's own applications.
pub(super) fn read_own(looking: &mut Looking, rows: &[Json<'_>]) {
    for row in rows {
        let app = word(row, "appId");
        if looking.policy.own_apps.iter().any(|own| is_same(own, &app)) {
            looking.live.own.insert(word(row, "id").to_lowercase());
        }
    }
    looking.live.own.remove("");
}

fn want_app(looking: &mut Looking, id: &str) {
    let filter = format!("appId%20eq%20{}", literal(id));
    let path = format!("/v1.0/servicePrincipals?$filter={filter}&$select={FIELDS}");
    looking.want(Part::App(id.to_lowercase()), get(path));
}

fn want_principal(looking: &mut Looking, id: &str) {
    let path = format!("/v1.0/servicePrincipals/{}?$select={FIELDS}", part(id));
    looking.want(Part::Principal(id.to_lowercase()), get(path));
}

/// Asks what the account let applications do, and where a foothold says so, everybody.
pub(super) fn look_at_grants(looking: &mut Looking, user: &str) {
    let own = format!("/v1.0/users/{}/oauth2PermissionGrants?$top=999", part(user));
    looking.want(Part::Grants, get(own));
    let is_for_all = looking.signs(&KINDS).contains(&Sign::ForAll);
    if is_for_all {
        looking.want(Part::TenantGrants, all_grants());
    }
}

fn all_grants() -> Ask {
    let filter = format!("consentType%20eq%20{}", literal("AllPrincipals"));
    get(format!(
        "/v1.0/oauth2PermissionGrants?$filter={filter}&$top=999"
    ))
}

/// Reads what the account let applications do, and asks who they are.
pub(super) fn read_grants(looking: &mut Looking, rows: &[Json<'_>]) {
    for row in rows {
        grant(looking, row);
    }
    let clients: BTreeSet<String> = rows.iter().map(|row| word(row, "clientId")).collect();
    let clients = clients.into_iter().filter(|id| !id.is_empty());
    for client in clients.take(MOST_NAMED) {
        want_principal(looking, &client);
    }
}

/// Reads what applications may do for everybody: of these only those that footholds speak of
/// concern a plan, and whose they are is asked already.
pub(super) fn read_tenant_grants(looking: &mut Looking, rows: &[Json<'_>]) {
    let rows = rows.iter();
    for row in rows.filter(|row| word(row, "consentType") == "AllPrincipals") {
        grant(looking, row);
    }
}

fn grant(looking: &mut Looking, row: &Json<'_>) {
    let (client, principal) = (word(row, "clientId"), word(row, "principalId"));
    let is_for_all = word(row, "consentType") == "AllPrincipals";
    let user = if is_for_all { "" } else { &looking.live.user };
    let tenant = &looking.live.tenant;
    let object = Object::new(tenant, ObjectKind::Grant, user, &word(row, "id"), &client)
        .with("clientId", &client)
        .with("resourceId", &word(row, "resourceId"))
        .with("principalId", &principal);
    let mut signs = BTreeSet::from([
        Sign::Id(word(row, "id")),
        Sign::Principal(client.to_lowercase()),
        Sign::Resource(word(row, "resourceId").to_lowercase()),
    ]);
    if is_for_all {
        signs.insert(Sign::ForAll);
    }
    let whom = if is_for_all { " for everybody" } else { "" };
    looking.live.found.push(Found {
        kind: FootholdKind::Grant,
        object,
        signs,
        made: None,
        words: format!("grant of {}{whom}", called(&word(row, "scope"))),
    });
}

/// Gives grants the names of their applications, and takes a secret that is listed both at the
/// registration and at the service principal for one: it is removed where it is registered.
pub(super) fn settle(looking: &mut Looking) {
    let live = &mut looking.live;
    let place = |found: &Found| found.object.extra("where").to_owned();
    let registered: BTreeSet<String> = live
        .found
        .iter()
        .filter(|found| place(found) == "applications")
        .map(|found| found.object.id.clone())
        .collect();
    live.found.retain(|found| {
        place(found) != "servicePrincipals" || !registered.contains(&found.object.id)
    });
    for found in &mut live.found {
        let app = live.apps.get(found.object.extra("clientId"));
        if let Some(app) = app.filter(|app| !app.name.is_empty()) {
            found.object.name.clone_from(&app.name);
            found.words = format!("{} to {}", found.words, called(&app.name));
        }
    }
}

/// Reads service principals: they may have been brought in, and hold secrets of their own.
pub(super) fn read_principals(looking: &mut Looking, rows: &[Json<'_>]) {
    for row in rows {
        let id = word(row, "id");
        let app = App {
            principal: id.clone(),
            app: word(row, "appId").to_lowercase(),
            name: word(row, "displayName"),
            owner: word(row, "appOwnerOrganizationId").to_lowercase(),
        };
        if id.is_empty() || looking.live.apps.insert(id.clone(), app.clone()).is_some() {
            continue;
        }
        let tenant = &looking.live.tenant;
        let object = Object::new(tenant, ObjectKind::ServicePrincipal, "", &id, &app.name)
            .with("appId", &app.app)
            .with("owner", &app.owner);
        looking.live.found.push(Found {
            kind: FootholdKind::Application,
            object,
            signs: BTreeSet::from([
                Sign::Principal(id.to_lowercase()),
                Sign::App(app.app.clone()),
            ]),
            made: None,
            words: format!("application {}", called(&app.name)),
        });
        credentials(looking, row, "servicePrincipals", &app.app);
        let roles = looking.of_kind(&[FootholdKind::AppRole]);
        let is_meant = |sign: &Sign| {
            matches!(sign, Sign::Principal(one) | Sign::App(one)
                if is_same(one, &id) || is_same(one, &app.app))
        };
        if roles.iter().any(|one| one.signs.iter().any(is_meant)) {
            let ask = revoke_app_role::all(&id);
            looking.want(Part::AppRoles(id), ask);
        }
    }
}

/// Reads a registration's secrets and certificates.
pub(super) fn read_registration(looking: &mut Looking, _: &str, rows: &[Json<'_>]) {
    for row in rows {
        let app = word(row, "appId").to_lowercase();
        credentials(looking, row, "applications", &app);
        // Secrets can be added to either of the two.
        want_app(looking, &app);
    }
}

fn credentials(looking: &mut Looking, holder: &Json<'_>, place: &str, app: &str) {
    let (id, called_app) = (word(holder, "id"), word(holder, "displayName"));
    for kind in ["passwordCredentials", "keyCredentials"] {
        for one in field(holder, kind).items() {
            let (key, name) = (word(one, "keyId"), word(one, "displayName"));
            let tenant = &looking.live.tenant;
            let object = Object::new(tenant, ObjectKind::Credential, "", &key, &name)
                .with("holder", &id)
                .with("where", place)
                .with("appId", app);
            let of_holder = if place == "applications" {
                Sign::Registration(id.to_lowercase())
            } else {
                Sign::Principal(id.to_lowercase())
            };
            let mut signs = BTreeSet::from([Sign::Id(key.to_lowercase()), of_holder]);
            if !name.is_empty() {
                signs.insert(Sign::Name(name.to_lowercase()));
            }
            looking.live.found.push(Found {
                kind: FootholdKind::Credential,
                object,
                signs,
                made: moment(&word(one, "startDateTime")),
                words: format!("credential {} of {}", called(&name), called(&called_app)),
            });
        }
    }
}

/// Reads what an application may do as itself.
pub(super) fn read_roles(looking: &mut Looking, principal: &str, rows: &[Json<'_>]) {
    let app = looking
        .live
        .apps
        .get(principal)
        .cloned()
        .unwrap_or_default();
    for row in rows {
        let (role, resource) = (word(row, "appRoleId"), word(row, "resourceId"));
        // All zeros is plain access, no permission.
        if !is_guid(&role) || role.bytes().all(|byte| byte == b'0' || byte == b'-') {
            continue;
        }
        let tenant = &looking.live.tenant;
        let id = word(row, "id");
        let object = Object::new(tenant, ObjectKind::AppRole, "", &id, &app.name)
            .with("principalId", principal)
            .with("resourceId", &resource)
            .with("appRoleId", &role)
            .with("appId", &app.app);
        looking.live.found.push(Found {
            kind: FootholdKind::AppRole,
            object,
            signs: BTreeSet::from([
                Sign::Principal(principal.to_lowercase()),
                Sign::App(app.app.clone()),
                Sign::Permission(role.to_lowercase()),
                Sign::Resource(resource.to_lowercase()),
            ]),
            made: moment(&word(row, "createdDateTime")),
            words: format!("permission {role} of {}", called(&app.name)),
        });
    }
}
