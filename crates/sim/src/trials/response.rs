//! Who may change what, and how it is recorded.

use serde_json::{Value, json};

use super::client::{get, post};
use super::code;
use super::responder::{at, moment, reader, responder, serve, tell, victim};
use crate::faults::Dials;
use crate::live::foothold::FootholdKind;
use crate::report::Scope;
use crate::service::Service;
use crate::stamp::{self, DAY};

#[test]
fn the_reader_changes_nothing() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = reader(&cloud);
    let id = cloud.world().tenants[0].id.clone();
    let before = cloud.live_state(&id).unwrap();
    let user = format!("/users/{}", victim(&cloud));
    let tenant = client.tenant();
    let (app, grant) = (&tenant.apps[0].id, &tenant.grants[0].id);
    let owner = tenant.user(&victim(&cloud)).unwrap();
    let (method, device) = (&owner.methods[0].id, &owner.devices[0].object_id);
    let rule = &owner.mailbox.as_ref().unwrap().rules[0].graph_id;
    let requests = [
        ("PATCH", user.clone(), json!({"accountEnabled": false})),
        (
            "PATCH",
            user.clone(),
            json!({"passwordProfile": {"password": "Quite-another-1"}}),
        ),
        ("POST", format!("{user}/revokeSignInSessions"), Value::Null),
        (
            "PATCH",
            format!("{user}/mailFolders/inbox/messageRules/{rule}"),
            json!({"isEnabled": false}),
        ),
        (
            "DELETE",
            format!("{user}/mailFolders/inbox/messageRules/{rule}"),
            Value::Null,
        ),
        (
            "DELETE",
            format!("{user}/authentication/microsoftAuthenticatorMethods/{method}"),
            Value::Null,
        ),
        (
            "DELETE",
            format!("/oauth2PermissionGrants/{grant}"),
            Value::Null,
        ),
        (
            "PATCH",
            format!("/servicePrincipals/{app}"),
            json!({"accountEnabled": false}),
        ),
        (
            "POST",
            format!("/servicePrincipals/{app}/addPassword"),
            json!({}),
        ),
        (
            "DELETE",
            format!("/servicePrincipals/{app}/appRoleAssignments/x"),
            Value::Null,
        ),
        (
            "PATCH",
            format!("/devices/{device}"),
            json!({"accountEnabled": false}),
        ),
        (
            "DELETE",
            "/roleManagement/directory/roleAssignments/x".to_owned(),
            Value::Null,
        ),
        (
            "DELETE",
            format!("/drives/{}/items/x/permissions/x", owner.drive.id),
            Value::Null,
        ),
        (
            "POST",
            "/identityProtection/riskyUsers/dismiss".to_owned(),
            json!({"userIds": [owner.id]}),
        ),
    ];
    for (verb, path, body) in requests {
        let refused = client.graph(verb, &path, &body);
        assert_eq!(
            (refused.status, code(&refused).as_str()),
            (403, "Authorization_RequestDenied"),
            "{verb} {path}"
        );
        assert!(refused.json()["error"]["innerError"]["request-id"].is_string());
    }
    assert_eq!(cloud.live_state(&id).unwrap(), before);
}

#[test]
fn a_combined_change_is_made_whole_or_not_at_all() {
    let mut world = tell("aitm-invoice");
    let start = moment(&world, 10, 12, 0);
    for (_, permissions) in &mut world.tenants[0].responder.permissions {
        permissions.retain(|name| name != "User-PasswordProfile.ReadWrite.All");
    }
    let cloud = serve(world, start, Dials::default());
    let client = responder(&cloud);
    let path = format!("/users/{}", victim(&cloud));
    let both = json!({"accountEnabled": false, "passwordProfile": {"password": "Quite-another-1"}});
    let refused = client.graph("PATCH", &path, &both);
    assert_eq!(
        (refused.status, code(&refused).as_str()),
        (403, "Authorization_RequestDenied")
    );
    assert!(
        client.footholds().holds(FootholdKind::Session) && client.footholds().blocked.is_empty()
    );
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    assert!(!client.footholds().holds(FootholdKind::Session));
}

#[test]
fn administrators_are_protected_and_so_are_synchronised_accounts() {
    let mut world = tell("admin-takeover");
    let start = moment(&world, 10, 6, 0);
    world.tenants[0].users[2].synced = true;
    let cloud = serve(world, start, Dials::default());
    let client = responder(&cloud);
    let admin = format!("/users/{}", client.tenant().users[0].upn);
    for body in [
        json!({"accountEnabled": false}),
        json!({"passwordProfile": {"password": "Quite-another-1"}}),
    ] {
        let refused = client.graph("PATCH", &admin, &body);
        assert_eq!(
            (refused.status, code(&refused).as_str()),
            (403, "Authorization_RequestDenied")
        );
    }
    let id = cloud.world().tenants[0].id.clone();
    client.change(
        "POST",
        &format!("{admin}/revokeSignInSessions"),
        &Value::Null,
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Session) && report.holds(FootholdKind::Password));
    let synced = format!("/users/{}", client.tenant().users[2].upn);
    assert_eq!(
        client.graph("GET", &synced, &Value::Null).json()["onPremisesSyncEnabled"],
        true
    );
    let refused = client.graph("PATCH", &synced, &json!({"accountEnabled": false}));
    assert!(refused.status == 400 && refused.text().contains("on-premises mastered"));
    let other = format!("/users/{}", client.tenant().users[1].upn);
    let weak = client.graph(
        "PATCH",
        &other,
        &json!({"passwordProfile": {"password": "short"}}),
    );
    assert!(weak.status == 400 && weak.text().contains("password complexity"));
    let stranger = client.graph("PATCH", &other, &json!({"colour": "red"}));
    assert_eq!(stranger.status, 403);
    let nobody = client.graph(
        "PATCH",
        "/users/nobody@nowhere.example",
        &json!({"accountEnabled": false}),
    );
    assert_eq!(code(&nobody), "Request_ResourceNotFound");
    assert!(cloud.foothold_report("nowhere.example").is_none() && cloud.live_state(&id).is_some());
}

#[test]
fn the_default_method_goes_last_and_the_password_never() {
    let cloud = at("password-spray", 8, 6, 0);
    let client = responder(&cloud);
    let path = format!("/users/{}/authentication", victim(&cloud));
    let methods = client.list(&format!("{path}/methods"));
    assert_eq!(methods.len(), 4);
    let id = |kind: &str| {
        let mut methods = methods.iter();
        let found = methods.find(|one| {
            one["@odata.type"] == format!("#microsoft.graph.{kind}AuthenticationMethod")
        });
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let delete = |collection: &str, id: &str| {
        client.graph("DELETE", &format!("{path}/{collection}/{id}"), &Value::Null)
    };
    let default = id("microsoftAuthenticator");
    let refused = delete("microsoftAuthenticatorMethods", &default);
    assert!(refused.status == 400 && refused.text().contains("Cannot delete default method"));
    assert_eq!(delete("passwordMethods", &id("password")).status, 405);
    assert_eq!(delete("methods", &id("softwareOath")).status, 405);
    assert_eq!(delete("fido2Methods", &id("softwareOath")).status, 404);
    assert_eq!(
        delete("softwareOathMethods", &id("softwareOath")).status,
        204
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Method) && report.damaged.is_empty());
    let phone = client.list(&format!("{path}/phoneMethods"))[0].clone();
    assert_eq!(delete("phoneMethods", &id("phone")).status, 204);
    assert_eq!(client.footholds().damaged.len(), 1);
    assert_eq!(
        delete("microsoftAuthenticatorMethods", &default).status,
        204
    );
    let again = json!({"phoneNumber": phone["phoneNumber"], "phoneType": "mobile"});
    client.change("POST", &format!("{path}/phoneMethods"), &again);
    assert_eq!(client.list(&format!("{path}/phoneMethods")).len(), 1);
    let reset = format!("{path}/methods/28c10230-6103-485e-b985-444c60001490/resetPassword");
    assert_eq!(
        client
            .graph("POST", &reset, &json!({"newPassword": "Quite-another-1"}))
            .status,
        403
    );
}

#[test]
fn risk_is_confirmed_and_dismissed() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let id = client.tenant().user(&victim(&cloud)).unwrap().id.clone();
    let risk = || client.list("/identityProtection/riskyUsers")[0]["riskState"].clone();
    assert_eq!(risk(), "atRisk");
    let body = json!({"userIds": [id]});
    client.change(
        "POST",
        "/identityProtection/riskyUsers/confirmCompromised",
        &body,
    );
    assert_eq!(risk(), "confirmedCompromised");
    client.change("POST", "/identityProtection/riskyUsers/dismiss", &body);
    assert_eq!(risk(), "dismissed");
    let app = client.tenant().apps[0].id.clone();
    let own = client.change(
        "POST",
        &format!("/servicePrincipals/{app}/addPassword"),
        &json!({}),
    );
    assert!(own["secretText"].is_string());
}

#[test]
fn every_change_is_recorded_and_comes_out_of_the_logs_later() {
    let cloud = at("password-spray", 14, 6, 0);
    let client = responder(&cloud);
    let upn = victim(&cloud);
    let started = cloud.now();
    client.change(
        "PATCH",
        &format!("/users/{upn}"),
        &json!({"accountEnabled": false}),
    );
    client.done(
        "Set-Mailbox",
        &json!({"Identity": upn, "ForwardingSmtpAddress": null}),
    );
    let operations = || {
        let watcher = reader(&cloud);
        let since = stamp::seconds(started);
        let audits = watcher.list(&format!(
            "/auditLogs/directoryAudits?$filter=activityDateTime ge {since}"
        ));
        let names = audits
            .iter()
            .map(|one| one["activityDisplayName"].as_str().unwrap().to_owned());
        let search = json!({"StartDate": since, "EndDate": stamp::seconds(started + DAY), "ResultSize": 5000});
        let rows = watcher.done("Search-UnifiedAuditLog", &search).0;
        let rows = rows
            .iter()
            .map(|one| one["Operations"].as_str().unwrap().to_owned());
        let own = [
            "Update user",
            "Disable account",
            "Update user.",
            "Disable account.",
            "Set-Mailbox",
        ];
        let mut all: Vec<String> = names
            .chain(rows)
            .filter(|name| own.contains(&name.as_str()))
            .collect();
        all.sort();
        all.dedup();
        all
    };
    assert_eq!(operations(), Vec::<String>::new());
    cloud.advance(10 * 3600);
    assert_eq!(
        operations(),
        [
            "Disable account",
            "Disable account.",
            "Set-Mailbox",
            "Update user",
            "Update user."
        ]
    );
    let tenant = &cloud.world().tenants[0].id;
    let token = super::token(&cloud, Service::Manage);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let feed = format!(
        "{}/api/v1.0/{tenant}/activity/feed",
        cloud.base(Service::Manage)
    );
    let url = format!(
        "{feed}/subscriptions/content?contentType=Audit.Exchange&PublisherIdentifier={tenant}"
    );
    let mut ids = Vec::new();
    let mut found = Value::Null;
    for blob in get(&url, &headers).json().as_array().unwrap() {
        for record in get(blob["contentUri"].as_str().unwrap(), &headers)
            .json()
            .as_array()
            .unwrap()
        {
            ids.push(record["Id"].as_str().unwrap().to_owned());
            if record["AppId"] == cloud.world().tenants[0].responder.client_id {
                found = record.clone();
            }
        }
    }
    assert_eq!(
        (&found["Operation"], &found["RecordType"]),
        (&json!("Set-Mailbox"), &json!(1))
    );
    assert!(
        found["UserId"]
            .as_str()
            .unwrap()
            .starts_with("ServicePrincipal_")
    );
    let parameters = found["Parameters"].as_array().unwrap();
    assert!(parameters.contains(&json!({"Name": "ForwardingSmtpAddress", "Value": ""})));
    let verdict = cloud.judge(
        &Scope::stream("Audit.Exchange"),
        ids.iter().map(String::as_str),
    );
    assert!(verdict.unknown.is_empty() && verdict.duplicate.is_empty());
    // The dials lay the content out anew: what came later stays.
    cloud.turn(Dials::default());
    let again = get(&url, &headers).json().as_array().unwrap().len();
    assert!(again > 0);
    let verdict = cloud.judge(
        &Scope::stream("Audit.Exchange"),
        ids.iter().map(String::as_str),
    );
    assert!(verdict.unknown.is_empty());
}

#[test]
fn a_test_from_outside_asks_on_the_port_for_tests() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let url = |what: &str| format!("{}/_sim/{what}", cloud.base(Service::Admin));
    let footholds = get(&url("footholds"), &[]).json();
    let kinds: Vec<_> = footholds["can"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].clone())
        .collect();
    assert_eq!(kinds, ["password", "session", "rule"]);
    let id = &cloud.world().tenants[0].id;
    let state = get(&url(&format!("state?tenant={id}")), &[]).text();
    assert_eq!(state, cloud.live_state(id).unwrap());
    assert_eq!(get(&url("state?tenant=nobody"), &[]).status, 404);
}

#[test]
fn refresh_tokens_die_with_the_sessions_and_with_the_account() {
    let cloud = at("quiet-month", 9, 12, 0);
    let client = responder(&cloud);
    let tenant = &cloud.world().tenants[0];
    let login = format!("{}/{}/oauth2/v2.0", cloud.base(Service::Login), tenant.id);
    let own = &tenant.responder.client_id;
    let sign_in = || {
        let asked = format!("client_id={own}&scope=User.Read offline_access");
        let code = post(&format!("{login}/devicecode"), &[], &asked).json();
        let body = format!(
            "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id={own}&device_code={}",
            code["device_code"].as_str().unwrap()
        );
        let _pending = post(&format!("{login}/token"), &[], &body);
        post(&format!("{login}/token"), &[], &body).json()
    };
    let refresh = |token: &Value| {
        let token = token["refresh_token"].as_str().unwrap();
        let body = format!("grant_type=refresh_token&client_id={own}&refresh_token={token}");
        post(&format!("{login}/token"), &[], &body)
    };
    let token = sign_in();
    assert_eq!(refresh(&token).status, 200);
    let user = format!("/users/{}", tenant.users[0].id);
    client.change(
        "POST",
        &format!("{user}/revokeSignInSessions"),
        &Value::Null,
    );
    let dead = refresh(&token);
    assert_eq!(
        (dead.status, &dead.json()["error_codes"][0]),
        (400, &json!(50173))
    );
    let token = sign_in();
    assert_eq!(refresh(&token).status, 200);
    cloud.meddle(&tenant.id, |tenant| tenant.users[0].enabled = false);
    assert_eq!(refresh(&token).json()["error_codes"][0], 50057);
}

#[test]
fn a_policy_shuts_somebody_out_and_is_taken_back() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let id = client.tenant().user(&victim(&cloud)).unwrap().id.clone();
    let path = "/identity/conditionalAccess/policies";
    let policy = |state: &str| {
        json!({
            "displayName": "IR-block", "state": state,
            "conditions": {"users": {"includeUsers": [id], "excludeUsers": []},
                "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
            "grantControls": {"operator": "OR", "builtInControls": ["block"]},
        })
    };
    let made = client.change("POST", path, &policy("enabledForReportingButNotEnforced"));
    let own = format!("{path}/{}", made["id"].as_str().unwrap());
    assert!(client.footholds().holds(FootholdKind::Session));
    client.change("PATCH", &own, &json!({"state": "enabled"}));
    assert_eq!(
        client.graph("GET", &own, &Value::Null).json()["state"],
        "enabled"
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Session) && report.damaged.is_empty());
    assert_eq!(report.blocked, [victim(&cloud)]);
    let tenant = &cloud.world().tenants[0].id;
    assert_eq!(cloud.intruder_tries(tenant)[0].error, 53003);
    client.change("DELETE", &own, &Value::Null);
    assert_eq!(client.graph("DELETE", &own, &Value::Null).status, 404);
    assert_eq!(client.state(), before);
    let refused = reader(&cloud).graph("POST", path, &policy("enabled"));
    assert_eq!(code(&refused), "Authorization_RequestDenied");
    cloud.meddle(tenant, |tenant| tenant.settings.security_defaults = true);
    let refused = client.graph("POST", path, &policy("enabled"));
    assert!(refused.status == 400 && refused.text().contains("Security Defaults"));
}
