//! Applications: switching a service principal off and on, secrets.

use serde_json::json;

use super::{Made, Note, included, listed};
use crate::app::{App, Credential};
use crate::graph::Visit;
use crate::stamp::{self, DAY};
use crate::verbs::Target;
use crate::wire::Answer;

/// `PATCH /servicePrincipals/{id}`.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let id = visit.part(1);
    let body = visit.body()?;
    let Some(enabled) = body["accountEnabled"].as_bool() else {
        return Err(
            visit.invalid("Only accountEnabled of a service principal can be updated here.")
        );
    };
    let app = visit.tenant.app(id).ok_or_else(|| visit.not_found(id))?;
    visit.cloud.change(visit.place, |tenant| {
        let mut apps = tenant.apps.iter_mut();
        if let Some(known) = apps.find(|known| known.id == app.id) {
            known.enabled = enabled;
        }
    });
    visit.note(Note {
        operation: "Update service principal.",
        category: "ApplicationManagement",
        event: "ServicePrincipal",
        target: Target::service_principal(app),
        modified: vec![
            ("AccountEnabled", listed(app.enabled), listed(enabled)),
            included("AccountEnabled"),
        ],
    });
    Ok(Answer::empty(204))
}

/// Returns the application by the id of its service principal or of its registration, as the path
/// says. Both have the same secrets in this cloud.
fn named<'a>(visit: &'a Visit<'_>) -> Result<&'a App, Answer> {
    let id = visit.part(1);
    let mut apps = visit.tenant.apps.iter();
    let found = if visit.part(0) == "applications" {
        apps.find(|app| app.registration.as_deref() == Some(id))
    } else {
        apps.find(|app| app.id == id)
    };
    found.ok_or_else(|| visit.not_found(id))
}

/// `addPassword`: the secret is shown this once.
pub(super) fn add_password(visit: &Visit<'_>) -> Made {
    let app = named(visit)?;
    let body = visit.ask.json().unwrap_or_default();
    let asked = &body["passwordCredential"];
    let mut chance = visit.cloud.chance_of("secret");
    let now = visit.cloud.now();
    let ends = asked["endDateTime"].as_str().and_then(stamp::parse);
    let credential = Credential {
        key_id: chance.guid(),
        name: asked["displayName"].as_str().unwrap_or_default().to_owned(),
        kind: "Password",
        added: now,
        ends: ends.unwrap_or(now + 720 * DAY),
    };
    change(visit, app, |credentials| {
        credentials.push(credential.clone());
    });
    note(visit, app, &credential, true);
    let body = json!({
        "keyId": credential.key_id, "displayName": credential.name,
        "startDateTime": stamp::seconds(now), "endDateTime": stamp::seconds(credential.ends),
        "hint": credential.key_id.get(..3), "secretText": chance.base64(40),
    });
    Ok(Answer::json(200, &body))
}

/// `removePassword`: its value is never to be had again.
pub(super) fn remove_password(visit: &Visit<'_>) -> Made {
    let app = named(visit)?;
    let body = visit.body()?;
    let key = body["keyId"].as_str().unwrap_or_default();
    let mut credentials = app.credentials.iter();
    let known = credentials.find(|known| known.key_id == key && known.kind == "Password");
    let Some(credential) = known else {
        return Err(visit.invalid(&format!("No password credential found with keyId '{key}'.")));
    };
    change(visit, app, |credentials| {
        credentials.retain(|known| known.key_id != key);
    });
    note(visit, app, credential, false);
    Ok(Answer::empty(204))
}

fn change(visit: &Visit<'_>, app: &App, work: impl FnOnce(&mut Vec<Credential>)) {
    visit.cloud.change(visit.place, |tenant| {
        let mut apps = tenant.apps.iter_mut();
        if let Some(known) = apps.find(|known| known.id == app.id) {
            work(&mut known.credentials);
        }
    });
}

fn note(visit: &Visit<'_>, app: &App, credential: &Credential, added: bool) {
    let described = format!(
        "[\r\n  \"[KeyIdentifier={},KeyType=Password,KeyUsage=Verify,DisplayName={}]\"\r\n]",
        credential.key_id, credential.name
    );
    let none = "[]".to_owned();
    let (old, new) = if added {
        (none, described)
    } else {
        (described, none)
    };
    visit.note(Note {
        operation: "Update application – Certificates and secrets management ",
        category: "ApplicationManagement",
        event: "Application",
        target: Target::application(app),
        modified: vec![("KeyDescription", old, new), included("KeyDescription")],
    });
}
