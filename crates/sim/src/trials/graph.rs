//! Graph, statement by statement of its reference.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::client::{Got, get};
use super::small::midnight;
use super::{ask, code, served, tell, token};
use crate::faults::{Dials, Fault, Rule};
use crate::report::Scope;
use crate::server::Running;
use crate::service::Service;
use crate::stamp::{self, DAY, HOUR, MINUTE};

fn graph(cloud: &Running, path: &str) -> Got {
    ask(cloud, Service::Graph, path)
}

/// Follows every page; returns the ids in the order in which they came.
fn pages(cloud: &Running, path: &str) -> Vec<String> {
    let bearer = format!("Bearer {}", token(cloud, Service::Graph));
    let mut next = Some(format!("{}{path}", cloud.base(Service::Graph)));
    let mut ids = Vec::new();
    while let Some(url) = next {
        let page = get(&url, &[("authorization", &bearer)]);
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        let values = page["value"].as_array().unwrap();
        ids.extend(
            values
                .iter()
                .map(|value| value["id"].as_str().unwrap().to_owned()),
        );
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    ids
}

fn window(property: &str, from: i64, to: i64) -> String {
    format!(
        "{property} ge {} and {property} lt {}",
        stamp::seconds(from),
        stamp::seconds(to)
    )
}

#[test]
fn sign_ins_come_newest_first_page_by_page_and_only_of_the_kind_that_is_asked_for() {
    let cloud = served(Dials::default());
    let all = pages(&cloud, "/v1.0/auditLogs/signIns?$top=50");
    assert_eq!(all.len(), 288);
    assert_eq!(
        (all[0].as_str(), all[287].as_str()),
        ("interactive-287", "interactive-0")
    );
    let hour = window("createdDateTime", midnight(), midnight() + HOUR);
    let some = pages(
        &cloud,
        &format!(
            "/beta/auditLogs/signIns?$filter={hour} and signInEventTypes/any(t: t eq 'nonInteractiveUser')&$top=4"
        ),
    );
    assert_eq!(some.len(), 6);
    assert!(some.iter().all(|id| id.starts_with("noninteractive")));
    let verdict = cloud.judge(
        &Scope::stream("interactiveUser"),
        all.iter().map(String::as_str),
    );
    assert!(
        verdict.missing.is_empty() && verdict.unknown.is_empty() && verdict.duplicate.is_empty()
    );
}

#[test]
fn version_one_knows_neither_the_kinds_nor_their_filter() {
    let cloud = served(Dials::default());
    let path = "/v1.0/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'servicePrincipal')";
    let refused = graph(&cloud, path);
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .text()
            .contains("Could not find a property named 'signInEventTypes'")
    );
    let shown =
        |version: &str| graph(&cloud, &format!("/{version}/auditLogs/signIns?$top=1")).json();
    assert!(shown("v1.0")["value"][0]["userAgent"].is_null());
    assert_eq!(shown("beta")["value"][0]["userAgent"], "curl");
    assert_eq!(
        code(&graph(&cloud, "/v1.0/auditLogs/signIns?$top=1001")),
        "BadRequest"
    );
    assert_eq!(
        code(&graph(
            &cloud,
            "/v1.0/auditLogs/signIns?$filter=createdDateTime like 1"
        )),
        "BadRequest"
    );
}

#[test]
fn what_has_not_arrived_is_not_there_yet() {
    let cloud = served(Dials::default());
    cloud.set_now(midnight() + HOUR + 2 * MINUTE);
    let path = "/v1.0/auditLogs/directoryAudits?$orderby=activityDateTime asc";
    assert_eq!(pages(&cloud, path).len(), 6);
    cloud.advance(180);
    let ids = pages(&cloud, path);
    assert_eq!((ids.len(), ids[0].as_str()), (7, "directory-0"));
}

#[test]
fn a_skip_token_dies() {
    let cloud = served(Dials::default().with(Rule::new(Fault::LostSkipToken, 1.0).times(1)));
    let page = graph(&cloud, "/v1.0/auditLogs/signIns?$top=5").json();
    let next = page["@odata.nextLink"].as_str().unwrap();
    let path = next.strip_prefix(cloud.base(Service::Graph)).unwrap();
    let lost = graph(&cloud, path);
    assert!(lost.status == 400 && lost.text().contains("Invalid Skip Token"));
    assert_eq!(graph(&cloud, path).status, 200);
}

#[test]
fn permissions_licences_and_tokens_are_asked_for() {
    let cloud = served(Dials::default().with(Rule::new(Fault::Unlicensed, 1.0)));
    let refused = graph(&cloud, "/v1.0/auditLogs/signIns");
    assert_eq!(
        (refused.status, code(&refused).as_str()),
        (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    );
    let inner = &refused.json()["error"]["innerError"];
    assert!(inner["request-id"].is_string() && inner["date"] == "2026-03-03T00:00:01");
    let url = format!("{}/v1.0/users", cloud.base(Service::Graph));
    assert_eq!(code(&get(&url, &[])), "InvalidAuthenticationToken");
    let bearer = format!("Bearer {}", token(&cloud, Service::Manage));
    assert_eq!(get(&url, &[("authorization", &bearer)]).status, 401);
    let mut world = super::small::world();
    world.tenants[0].collector.permissions[1]
        .1
        .retain(|name| name != "Directory.Read.All");
    let poor = crate::start(world, crate::ServeOptions::default()).unwrap();
    assert_eq!(
        code(&graph(&poor, "/v1.0/auditLogs/signIns")),
        "Authorization_RequestDenied"
    );
    assert_eq!(graph(&poor, "/v1.0/auditLogs/directoryAudits").status, 200);
}

#[test]
fn reports_and_protection_have_small_quotas_without_retry_after() {
    let cloud = served(Dials::preset("quotas").unwrap());
    let statuses: Vec<u16> = (0..6)
        .map(|_| graph(&cloud, "/v1.0/auditLogs/signIns?$top=1").status)
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    let path = "/v1.0/identityProtection/riskDetections?$top=1";
    let got: Vec<Got> = (0..3).map(|_| graph(&cloud, path)).collect();
    let refused = got.iter().find(|got| got.status == 429).unwrap();
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(code(refused), "UnknownError");
}

#[test]
fn risk_pages_hold_five_hundred_at_most() {
    let cloud = served(Dials::default());
    let refused = graph(&cloud, "/v1.0/identityProtection/riskDetections?$top=1000");
    assert!(refused.text().contains("Invalid page size specified"));
    let filter = window("detectedDateTime", midnight(), midnight() + DAY);
    assert_eq!(
        pages(
            &cloud,
            &format!("/v1.0/identityProtection/riskDetections?$filter={filter}&$top=500")
        )
        .len(),
        144
    );
}

fn query(cloud: &Running, name: &str, more: &Value) -> Got {
    let mut body = json!({
        "displayName": name, "filterStartDateTime": stamp::seconds(midnight()),
        "filterEndDateTime": stamp::seconds(midnight() + DAY),
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    tell(
        cloud,
        Service::Graph,
        "/v1.0/security/auditLog/queries",
        &body,
    )
}

#[test]
fn a_query_is_made_runs_and_is_read() {
    let cloud = served(Dials {
        query_polls: 2,
        ..Dials::default()
    });
    let made = query(
        &cloud,
        "a",
        &json!({"operationFilters": ["send"], "userPrincipalNameFilters": ["user1@contoso.example"]}),
    );
    assert_eq!(
        (made.status, &made.json()["status"]),
        (201, &json!("notStarted"))
    );
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1.0/security/auditLog/queries/{id}");
    let look = || graph(&cloud, &path).json();
    assert_eq!(graph(&cloud, &format!("{path}/records")).status, 400);
    assert_eq!(look()["status"], "running");
    let done = look();
    assert_eq!(
        (&done["status"], &done["isRecordCountLimitExceeded"]),
        (&json!("succeeded"), &json!(false))
    );
    let first = graph(&cloud, &format!("{path}/records?$top=10&$count=true")).json();
    assert_eq!(first["@odata.count"], 48);
    let record = &first["value"][0];
    assert_eq!(
        (&record["auditLogRecordType"], &record["userType"]),
        (&json!("ExchangeItem"), &json!("Regular"))
    );
    assert_eq!(record["auditData"]["Id"], record["id"]);
    let ids: BTreeSet<String> = pages(&cloud, &format!("{path}/records?$top=10"))
        .into_iter()
        .collect();
    assert_eq!(ids.len(), 48);
}

#[test]
fn queries_fail_hang_and_are_cut() {
    let status = |fault: Fault| {
        let cloud = served(Dials::default().with(Rule::new(fault, 1.0)));
        let made = query(&cloud, "b", &json!({})).json();
        let path = format!(
            "/v1.0/security/auditLog/queries/{}",
            made["id"].as_str().unwrap_or_default()
        );
        graph(&cloud, &path).json()
    };
    assert_eq!(status(Fault::QueryFailed)["status"], "failed");
    assert_eq!(status(Fault::QueryStuck)["status"], "running");
    let cut = status(Fault::QueryTruncated);
    assert_eq!(
        (&cut["status"], &cut["isRecordCountLimitExceeded"]),
        (&json!("succeeded"), &json!(true))
    );
    assert_eq!(cut["approximateReturnedRecordCount"], 72);
    let cloud = served(Dials::default().with(Rule::new(Fault::QueryOnlyBeta, 1.0)));
    assert_eq!(query(&cloud, "c", &json!({})).status, 404);
}

#[test]
fn traces_are_asked_for_ten_days_at_a_time() {
    let cloud = served(Dials::default());
    let path = "/v1.0/admin/exchange/tracing/messageTraces";
    let wide = window("receivedDateTime", midnight() - 11 * DAY, midnight());
    assert_eq!(graph(&cloud, &format!("{path}?$filter={wide}")).status, 400);
    let day = window("receivedDateTime", midnight(), midnight() + DAY);
    let ids = pages(
        &cloud,
        &format!("{path}?$filter={day} and status eq 'delivered'&$top=100"),
    );
    assert_eq!(ids.len(), 144);
    let details = graph(
        &cloud,
        &format!("{path}/trace-3/getDetailsByRecipient(recipientAddress='b@fabrikam.example')"),
    );
    assert_eq!(
        details.json()["value"][0]["event"],
        "Receive",
        "{}",
        details.text()
    );
}

#[test]
fn a_batch_answers_each_request_for_itself_in_no_order() {
    let cloud =
        served(Dials::default().with(Rule::new(Fault::Throttle, 1.0).in_call("directoryAudits")));
    let body = json!({"requests": [
        {"id": "1", "method": "GET", "url": "/organization"},
        {"id": "2", "method": "GET", "url": "/auditLogs/directoryAudits"},
        {"id": "3", "method": "GET", "url": "/users/nobody"},
    ]});
    let got = tell(&cloud, Service::Graph, "/v1.0/$batch", &body);
    assert_eq!(got.status, 200);
    let responses = got.json()["responses"].as_array().unwrap().clone();
    let seen: Vec<(&str, u64)> = responses
        .iter()
        .map(|response| {
            (
                response["id"].as_str().unwrap(),
                response["status"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(seen, [("3", 404), ("2", 429), ("1", 200)]);
    assert_eq!(responses[1]["headers"]["retry-after"], "1");
    let many: Vec<Value> = (0..21)
        .map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/domains"}))
        .collect();
    assert_eq!(
        tell(
            &cloud,
            Service::Graph,
            "/v1.0/$batch",
            &json!({"requests": many})
        )
        .status,
        400
    );
}

#[test]
fn the_directory_shows_the_tenant() {
    let cloud = served(Dials::default());
    let organization = graph(&cloud, "/v1.0/organization").json();
    assert_eq!(organization["value"][0]["displayName"], "contoso");
    assert_eq!(
        pages(&cloud, "/v1.0/domains"),
        ["contoso.example", "contoso.onmicrosoft.example"]
    );
    let defaults = graph(
        &cloud,
        "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    )
    .json();
    assert_eq!(defaults["isEnabled"], true);
    assert_eq!(
        graph(&cloud, "/v1.0/auditLogs/provisioning").json()["value"],
        json!([])
    );
    assert_eq!(code(&graph(&cloud, "/v1.0/nothing")), "BadRequest");
    assert_eq!(
        code(&graph(&cloud, "/v1.0/users/nobody")),
        "Request_ResourceNotFound"
    );
}

#[test]
fn a_mailbox_shows_what_the_permission_allows() {
    let options = crate::WorldOptions {
        seed: 3,
        people: 8,
        tenants: 1,
        began: midnight(),
        days: 2,
    };
    let mut world = crate::World::tell("quiet-month", &options).unwrap();
    let basic = crate::start(world.clone(), crate::ServeOptions::default()).unwrap();
    let user = world.tenants[0]
        .users
        .iter()
        .find(|user| user.mailbox.is_some())
        .unwrap()
        .clone();
    let path = format!("/v1.0/users/{}/messages?$top=5", user.id);
    let shown = graph(&basic, &path).json();
    let message = &shown["value"][0];
    assert!(message["internetMessageId"].is_string() && message["body"].is_null());
    let id = crate::wire::encode(message["internetMessageId"].as_str().unwrap());
    let found = graph(
        &basic,
        &format!(
            "/v1.0/users/{}/messages?$filter=internetMessageId eq '{id}'",
            user.upn
        ),
    );
    assert_eq!(
        found.json()["value"][0]["id"],
        message["id"],
        "{}",
        found.text()
    );
    let mime = format!(
        "/v1.0/users/{}/messages/{}/$value",
        user.id,
        message["id"].as_str().unwrap()
    );
    assert_eq!(code(&graph(&basic, &mime)), "ErrorAccessDenied");
    let rules = graph(
        &basic,
        &format!("/v1.0/users/{}/mailFolders/inbox/messageRules", user.id),
    );
    assert!(rules.json()["value"].is_array(), "{}", rules.text());
    assert_eq!(
        graph(&basic, "/v1.0/users?$top=3").json()["value"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    for (_, names) in &mut world.tenants[0].collector.permissions {
        names.push("Mail.Read".to_owned());
    }
    let whole = crate::start(world, crate::ServeOptions::default()).unwrap();
    assert!(graph(&whole, &mime).text().starts_with("Message-ID: <"));
}
