//! The footholds of every story: there at their time and not before, and gone as they are taken.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::responder::{Client, at, moment, responder, serve, tell, victim};
use crate::faults::Dials;
use crate::live::foothold::FootholdKind::{self, *};
use crate::live::foothold::FootholdReport;

fn kinds(report: &FootholdReport) -> BTreeSet<FootholdKind> {
    report.can.iter().map(|foothold| foothold.kind).collect()
}

#[test]
fn every_story_leaves_its_footholds_at_their_time() {
    let stories: [(&str, u32, &[FootholdKind]); 8] = [
        ("aitm-invoice", 10, &[Password, Session, Rule]),
        ("insider-delegation", 10, &[Password, Session, Delegate]),
        ("outlook-sync", 9, &[Password, Session, Rule, Device]),
        (
            "password-spray",
            8,
            &[Password, Session, Method, Forwarding],
        ),
        (
            "admin-takeover",
            10,
            &[
                Password,
                Session,
                Method,
                Role,
                Credential,
                Grant,
                RoleGrant,
                TransportRule,
                Connector,
                AuditBypass,
                AuditOff,
            ],
        ),
        ("rogue-app", 9, &[Grant]),
        ("open-link", 9, &[Password, Session, Method, Link]),
        ("quiet-month", 9, &[]),
    ];
    for (story, day, expected) in stories {
        let cloud = at(story, day, 6, 0);
        let client = responder(&cloud);
        let report = client.footholds();
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        assert_eq!(kinds(&report), expected, "{story}: {report:#?}");
        assert!(report.damaged.is_empty(), "{story}: {:?}", report.damaged);
        let there = client.state();
        cloud.set_now(moment(cloud.world(), 4, 12, 0));
        let early = client.footholds();
        assert!(early.can.is_empty() && early.cannot.is_empty(), "{story}");
        assert!(expected.is_empty() || client.state() != there, "{story}");
        cloud.set_now(moment(cloud.world(), day, 6, 0));
        assert_eq!(client.state(), there, "{story}");
    }
}

#[test]
fn at_the_end_a_tenant_stands_as_its_story_left_it() {
    for story in ["aitm-invoice", "admin-takeover", "rogue-app"] {
        let world = tell(story);
        let told = crate::live::state::whole(&world.tenants[0]);
        let until = world.until;
        let began = world.began;
        let cloud = serve(world, began, Dials::default());
        let id = cloud.world().tenants[0].id.clone();
        assert_ne!(cloud.live_state(&id).unwrap(), told, "{story}");
        cloud.set_now(until);
        assert_eq!(cloud.live_state(&id).unwrap(), told, "{story}");
    }
}

#[test]
fn a_kept_session_ends_with_the_account_and_with_its_sessions() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let path = format!("/users/{}", victim(&cloud));
    let before = client.state();
    let shown = client.graph("GET", &path, &Value::Null).json();
    assert!(shown["accountEnabled"] == true && shown["onPremisesSyncEnabled"].is_null());
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    let report = client.footholds();
    assert!(!report.holds(Password) && !report.holds(Session) && report.holds(Rule));
    assert_eq!(report.blocked, [victim(&cloud)]);
    assert!(report.damaged.is_empty());
    let revoked = client.change(
        "POST",
        &format!("{path}/revokeSignInSessions"),
        &Value::Null,
    );
    assert_eq!(revoked["value"], true);
    let after = client.graph("GET", &path, &Value::Null).json();
    assert!(after["accountEnabled"] == false);
    assert_ne!(
        after["signInSessionsValidFromDateTime"],
        shown["signInSessionsValidFromDateTime"]
    );
    client.change("PATCH", &path, &json!({"accountEnabled": true}));
    let report = client.footholds();
    assert!(report.holds(Password) && !report.holds(Session));
    assert_eq!(client.state(), before);
    let profile = json!({"passwordProfile": {"password": "Quite-another-1", "forceChangePasswordNextSignIn": true}});
    client.change("PATCH", &path, &profile);
    let report = client.footholds();
    assert!(!report.holds(Password) && report.damaged.is_empty());
    let at_last = client.graph("GET", &path, &Value::Null).json();
    assert_ne!(
        at_last["lastPasswordChangeDateTime"],
        shown["lastPasswordChangeDateTime"]
    );
}

#[test]
fn a_rogue_application_loses_its_grants_and_can_be_given_them_again() {
    let cloud = at("rogue-app", 9, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let report = client.footholds();
    let app_id = report.can[0].on.clone();
    let apps = client.list(&format!("/servicePrincipals?$filter=appId eq '{app_id}'"));
    let app = apps[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/servicePrincipals/{app}");
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    assert!(client.footholds().can.is_empty());
    client.change("PATCH", &path, &json!({"accountEnabled": true}));
    let grants = client.list(&format!(
        "/oauth2PermissionGrants?$filter=clientId eq '{app}'"
    ));
    assert_eq!(grants.len(), 2);
    let principal = grants[0]["principalId"].as_str().unwrap();
    let path = format!("/oauth2PermissionGrants?$filter=principalId eq '{principal}'");
    let of_person = client.list(&path);
    assert!(of_person.contains(&grants[0]) && !of_person.contains(&grants[1]));
    assert!(
        of_person
            .iter()
            .all(|grant| grant["principalId"] == principal)
    );
    for grant in &grants {
        let id = grant["id"].as_str().unwrap();
        client.change(
            "DELETE",
            &format!("/oauth2PermissionGrants/{id}"),
            &Value::Null,
        );
        let gone = client.graph(
            "DELETE",
            &format!("/oauth2PermissionGrants/{id}"),
            &Value::Null,
        );
        assert_eq!(gone.status, 404);
    }
    let report = client.footholds();
    assert!(report.can.is_empty() && report.knew(Grant) && report.damaged.is_empty());
    for mut grant in grants {
        let old = grant["id"].take();
        grant.as_object_mut().unwrap().remove("id");
        let made = client.change("POST", "/oauth2PermissionGrants", &grant);
        assert_ne!(made["id"], old);
    }
    assert!(client.footholds().holds(Grant));
    assert_eq!(client.state(), before);
}

/// Takes everything that the taker of `admin-takeover` has, one after the other.
#[test]
fn a_taken_organisation_is_taken_back() {
    let mut world = tell("admin-takeover");
    let start = moment(&world, 10, 6, 0);
    let roles = &mut world.tenants[0].responder.directory_roles;
    roles.push("Privileged Authentication Administrator".to_owned());
    let cloud = serve(world, start, Dials::default());
    let client = responder(&cloud);
    let loses = |kind: FootholdKind, work: &dyn Fn(&Client<'_>)| {
        assert!(client.footholds().holds(kind), "{kind:?}");
        work(&client);
        let report = client.footholds();
        assert!(
            !report.holds(kind) && report.knew(kind),
            "{kind:?} {report:#?}"
        );
        assert!(report.damaged.is_empty(), "{:?}", report.damaged);
    };
    let on = |kind: FootholdKind| -> Vec<(String, String)> {
        let report = client.footholds();
        let of_kind = report.can.into_iter().filter(|one| one.kind == kind);
        of_kind.map(|one| (one.on, one.what)).collect()
    };
    loses(Role, &|client| {
        let (helper, _) = on(Role)[0].clone();
        let id = client
            .graph("GET", &format!("/users/{helper}"), &Value::Null)
            .json()["id"]
            .clone();
        let assignments = client
            .list("/roleManagement/directory/roleAssignments?$expand=principal,roleDefinition");
        let given = assignments
            .iter()
            .find(|one| one["principalId"] == id)
            .unwrap();
        let path = format!(
            "/roleManagement/directory/roleAssignments/{}",
            given["id"].as_str().unwrap()
        );
        client.change("DELETE", &path, &Value::Null);
        let path = format!("/users/{helper}/transitiveMemberOf/microsoft.graph.directoryRole");
        assert!(client.list(&path).is_empty());
    });
    loses(Grant, &|client| {
        let (app, _) = on(Grant)[0].clone();
        let app = &client.list(&format!("/servicePrincipals?$filter=appId eq '{app}'"))[0]["id"];
        let app = app.as_str().unwrap();
        for grant in client.list(&format!(
            "/oauth2PermissionGrants?$filter=clientId eq '{app}'"
        )) {
            let path = format!("/oauth2PermissionGrants/{}", grant["id"].as_str().unwrap());
            client.change("DELETE", &path, &Value::Null);
        }
    });
    loses(RoleGrant, &|client| {
        let (app, _) = on(RoleGrant)[0].clone();
        let app = client.tenant().app(&app).unwrap().id.clone();
        let before = client.state();
        let path = format!("/servicePrincipals/{app}/appRoleAssignments");
        let granted = client.list(&path);
        let remove = |id: &Value| {
            client.change(
                "DELETE",
                &format!("{path}/{}", id.as_str().unwrap()),
                &Value::Null,
            );
        };
        for grant in &granted {
            remove(&grant["id"]);
        }
        for grant in granted {
            let again = json!({"principalId": grant["principalId"], "resourceId": grant["resourceId"], "appRoleId": grant["appRoleId"]});
            client.change("POST", &path, &again);
        }
        assert_eq!(client.state(), before);
        for grant in client.list(&path) {
            remove(&grant["id"]);
        }
    });
    loses(Credential, &|client| {
        let (app, key) = on(Credential)[0].clone();
        let app = client.tenant().app(&app).unwrap().id.clone();
        let path = format!("/servicePrincipals/{app}/removePassword");
        client.change("POST", &path, &json!({"keyId": key}));
        assert_eq!(
            client.graph("POST", &path, &json!({"keyId": key})).status,
            400
        );
    });
    loses(Method, &|client| {
        let (admin, id) = on(Method)[0].clone();
        let path = format!("/users/{admin}/authentication/softwareOathMethods/{id}");
        assert_eq!(client.graph("GET", &path, &Value::Null).status, 200);
        client.change("DELETE", &path, &Value::Null);
        assert_eq!(client.graph("DELETE", &path, &Value::Null).status, 404);
    });
    loses(TransportRule, &|client| {
        let (_, name) = on(TransportRule)[0].clone();
        client.done(
            "Disable-TransportRule",
            &json!({"Identity": name, "Confirm": false}),
        );
        let rules = client.done("Get-TransportRule", &json!({})).0;
        assert_eq!(rules[0]["State"], "Disabled");
    });
    loses(Connector, &|client| {
        let before = client.state();
        let both = [("Inbound", "Printer relay"), ("Outbound", "Fast route")];
        let told = |switched: bool| {
            for (way, name) in both {
                let parameters = json!({"Identity": name, "Enabled": switched});
                client.done(&format!("Set-{way}Connector"), &parameters);
                let all = client.done(&format!("Get-{way}Connector"), &json!({})).0;
                assert_eq!((all.len(), &all[0]["Enabled"]), (1, &json!(switched)));
            }
        };
        told(false);
        assert!(!client.footholds().holds(Connector));
        told(true);
        assert_eq!(client.state(), before);
        let (inbound, _) = client.done(
            "Get-InboundConnector",
            &json!({"Identity": "printer relay"}),
        );
        assert_eq!(inbound[0]["SenderIPAddresses"], json!(["203.0.113.201"]));
        let guid = inbound[0]["Guid"].clone();
        client.done(
            "Remove-InboundConnector",
            &json!({"Identity": guid, "Confirm": false}),
        );
        assert!(client.footholds().holds(Connector), "the other is on");
        assert!(client.done("Get-InboundConnector", &json!({})).0.is_empty());
        told_off(client, "Outbound", "Fast route");
    });
    loses(AuditOff, &|client| {
        let parameters = json!({"UnifiedAuditLogIngestionEnabled": true});
        client.done("Set-AdminAuditLogConfig", &parameters);
        let config = client.done("Get-AdminAuditLogConfig", &json!({})).0;
        assert_eq!(config[0]["UnifiedAuditLogIngestionEnabled"], true);
    });
    loses(AuditBypass, &|client| {
        let (helper, _) = on(AuditBypass)[0].clone();
        let parameters = json!({"Identity": helper, "AuditBypassEnabled": false});
        client.done("Set-MailboxAuditBypassAssociation", &parameters);
    });
    loses(Password, &|client| {
        for (upn, _) in on(Password) {
            let body = json!({"passwordProfile": {"password": "Quite-another-1"}});
            client.change("PATCH", &format!("/users/{upn}"), &body);
        }
    });
    let report = client.footholds();
    assert!(report.can.is_empty(), "{report:#?}");
}

fn told_off(client: &Client<'_>, way: &str, name: &str) {
    let parameters = json!({"Identity": name, "Enabled": false});
    client.done(&format!("Set-{way}Connector"), &parameters);
    let again = client.done(&format!("Set-{way}Connector"), &parameters);
    assert!(again.1.contains("no settings of"), "{again:?}");
}

#[test]
fn devices_are_switched_off_and_on_again() {
    let cloud = at("outlook-sync", 9, 6, 0);
    let client = responder(&cloud);
    let before = client.state();
    let device = client
        .footholds()
        .can
        .into_iter()
        .find(|one| one.kind == Device)
        .unwrap();
    let listed = client.list(&format!("/users/{}/registeredDevices", victim(&cloud)));
    let shown = listed.iter().find(|one| one["id"] == device.what).unwrap();
    assert!(listed.len() == 2 && shown["accountEnabled"] == true);
    let path = format!("/devices/{}", device.what);
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    assert!(!client.footholds().holds(Device));
    client.change("PATCH", &path, &json!({"accountEnabled": true}));
    assert_eq!(client.state(), before);
    client.change("DELETE", &path, &Value::Null);
    assert!(!client.footholds().holds(Device) && client.footholds().damaged.is_empty());
    assert_eq!(client.graph("GET", &path, &Value::Null).status, 404);
    let own = listed.iter().find(|one| one["id"] != device.what).unwrap();
    client.change(
        "DELETE",
        &format!("/devices/{}", own["id"].as_str().unwrap()),
        &Value::Null,
    );
    assert_eq!(client.footholds().damaged.len(), 1);
}

#[test]
fn links_are_ended_and_the_owners_stay() {
    let cloud = at("open-link", 9, 6, 0);
    let client = responder(&cloud);
    let before = client.state();
    let drive = client.graph(
        "GET",
        &format!("/users/{}/drive", victim(&cloud)),
        &Value::Null,
    );
    let drive = drive.json()["id"].as_str().unwrap().to_owned();
    let items = client.list(&format!("/drives/{drive}/root/children"));
    assert_eq!(items.len(), 4);
    let links = |name: &str| {
        let item = items.iter().find(|item| item["name"] == name).unwrap();
        let path = format!("/drives/{drive}/items/{}", item["id"].as_str().unwrap());
        let all = client.list(&format!("{path}/permissions"));
        let links: Vec<Value> = all
            .into_iter()
            .filter(|one| one["link"].is_object())
            .collect();
        (path, links)
    };
    let (salaries, open) = links("Salaries 2026.xlsx");
    assert_eq!((open.len(), &open[0]["roles"]), (1, &json!(["write"])));
    let path = format!("{salaries}/permissions/{}", open[0]["id"].as_str().unwrap());
    let over = json!({"expirationDateTime": "2026-03-01T00:00:00Z"});
    client.change("PATCH", &path, &over);
    client.change("PATCH", &path, &json!({"expirationDateTime": null}));
    assert_eq!(client.state(), before);
    client.change("DELETE", &path, &Value::Null);
    assert_eq!(client.graph("DELETE", &path, &Value::Null).status, 404);
    let report = client.footholds();
    assert!(report.holds(Link) && report.damaged.is_empty());
    let again = json!({"type": "edit", "scope": "anonymous"});
    let made = client.change("POST", &format!("{salaries}/createLink"), &again);
    assert_ne!(made["id"], open[0]["id"]);
    assert_eq!(client.state(), before);
    for name in ["Salaries 2026.xlsx", "Contracts.zip"] {
        let (path, links) = links(name);
        for link in links {
            let path = format!("{path}/permissions/{}", link["id"].as_str().unwrap());
            client.change("DELETE", &path, &Value::Null);
        }
    }
    let report = client.footholds();
    assert!(!report.holds(Link) && report.damaged.is_empty());
    let (path, own) = links("Price list 2026.pdf");
    client.change(
        "DELETE",
        &format!("{path}/permissions/{}", own[0]["id"].as_str().unwrap()),
        &Value::Null,
    );
    assert_eq!(client.footholds().damaged.len(), 1);
}

#[test]
fn a_file_is_found_by_the_address_that_its_record_names() {
    use base64::Engine as _;
    let cloud = at("open-link", 9, 6, 0);
    let client = responder(&cloud);
    let mut records = cloud.world().records.iter();
    let record = records
        .find(|record| record.body.contains("AnonymousLinkCreated"))
        .unwrap();
    let body: Value = serde_json::from_str(&record.body).unwrap();
    let address = body["ObjectId"].as_str().unwrap();
    let share = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(address);
    let item = client
        .graph("GET", &format!("/shares/u!{share}/driveItem"), &Value::Null)
        .json();
    assert_eq!(item["name"], body["SourceFileName"]);
    assert_eq!(
        item["sharepointIds"]["listItemUniqueId"],
        body["ListItemUniqueId"]
    );
    let drive = item["parentReference"]["driveId"].as_str().unwrap();
    let path = format!(
        "/drives/{drive}/items/{}/permissions",
        item["id"].as_str().unwrap()
    );
    let links = client.list(&path);
    assert!(
        links
            .iter()
            .any(|link| link["id"] == body["UniqueSharingId"])
    );
}

#[test]
fn the_intruder_comes_back_and_is_recorded() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let id = cloud.world().tenants[0].id.clone();
    let tries = cloud.intruder_tries(&id);
    assert_eq!(
        (tries.len(), tries[0].error, tries[0].records.len()),
        (1, 0, 2)
    );
    let path = format!("/users/{}", victim(&cloud));
    client.change(
        "POST",
        &format!("{path}/revokeSignInSessions"),
        &Value::Null,
    );
    let revoked = cloud.intruder_tries(&id);
    assert_eq!((revoked[0].error, revoked[0].records.len()), (50173, 1));
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    assert_eq!(cloud.intruder_tries(&id)[0].error, 50057);
    let start = crate::stamp::seconds(cloud.now());
    cloud.advance(10 * 3600);
    let filter = format!(
        "createdDateTime ge {start} and signInEventTypes/any(t: t eq 'nonInteractiveUser')"
    );
    let got = super::ask(
        &cloud,
        crate::service::Service::Graph,
        &format!("/beta/auditLogs/signIns?$filter={filter}"),
    );
    let listed = got.json()["value"].as_array().unwrap().clone();
    let of = |id: &String| listed.iter().find(|one| one["id"] == **id).unwrap().clone();
    let (good, bad) = (of(&tries[0].records[0]), of(&revoked[0].records[0]));
    assert_eq!(
        (&good["status"]["errorCode"], &bad["status"]["errorCode"]),
        (&json!(0), &json!(50173))
    );
    assert_eq!(good["sessionId"], tries[0].with.what);
    assert!(
        cloud
            .world()
            .truth()
            .addresses
            .contains(good["ipAddress"].as_str().unwrap())
    );
    let rogue = at("rogue-app", 9, 12, 0);
    let id = rogue.world().tenants[0].id.clone();
    let tries = rogue.intruder_tries(&id);
    assert!(
        tries.len() == 2
            && tries
                .iter()
                .all(|one| one.error == 0 && one.records.len() == 2)
    );
    let app = tries[0].with.on.clone();
    rogue.meddle(&id, |tenant| {
        for known in tenant.apps.iter_mut().filter(|known| known.app_id == app) {
            known.enabled = false;
        }
    });
    assert!(
        rogue
            .intruder_tries(&id)
            .iter()
            .all(|one| one.error == 7000112)
    );
}
