//! Azure's activity log, Azure DevOps, and diagnostic logs in storage.

use serde_json::{Value, json};

use super::client::get;
use super::small::{SUBSCRIPTION, TENANT, midnight};
use super::{ask, code, served, token};
use crate::faults::{Dials, Fault, Rule};
use crate::server::Running;
use crate::service::Service;
use crate::stamp::{HOUR, MINUTE};

#[test]
fn the_activity_log_is_read_page_by_page() {
    let cloud = served(Dials::default());
    let subscriptions = ask(
        &cloud,
        Service::Arm,
        "/subscriptions?api-version=2020-01-01",
    )
    .json();
    assert_eq!(subscriptions["value"][0]["subscriptionId"], SUBSCRIPTION);
    let path = format!(
        "/subscriptions/{SUBSCRIPTION}/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01"
    );
    assert_eq!(
        ask(&cloud, Service::Arm, &path).json()["code"],
        "BadRequest"
    );
    let filter = "$filter=eventTimestamp ge '2026-03-01T00:00:00Z' and eventTimestamp le '2026-03-03T00:00:00Z'";
    let first = ask(&cloud, Service::Arm, &format!("{path}&{filter}")).json();
    assert_eq!(
        (
            first["value"].as_array().unwrap().len(),
            &first["value"][0]["eventDataId"]
        ),
        (200, &json!("azure-287"))
    );
    let next = first["nextLink"].as_str().unwrap();
    let bearer = format!("Bearer {}", token(&cloud, Service::Arm));
    let second = get(next, &[("authorization", &bearer)]).json();
    assert_eq!(second["value"].as_array().unwrap().len(), 88);
    assert!(second["nextLink"].is_null());
    let narrow = format!("{path}&{filter} and resourceGroupName eq 'other'");
    assert_eq!(
        ask(&cloud, Service::Arm, &narrow).json()["value"],
        json!([])
    );
    assert_eq!(
        code(&ask(&cloud, Service::Arm, "/subscriptions")),
        "MissingApiVersionParameter"
    );
    assert_eq!(
        code(&get(
            &format!("{}/subscriptions?api-version=1", cloud.base(Service::Arm)),
            &[]
        )),
        "AuthenticationFailed"
    );
}

#[test]
fn devops_goes_on_while_a_token_is_returned() {
    let cloud = served(Dials::default());
    let path = "/contoso/_apis/audit/auditlog?api-version=7.1-preview.1&batchSize=144&skipAggregation=true";
    let page = |token: &str| {
        ask(
            &cloud,
            Service::Devops,
            &format!("{path}&continuationToken={token}"),
        )
        .json()
    };
    let (mut token, mut sizes) = (String::new(), Vec::new());
    loop {
        let page = page(&token);
        sizes.push((
            page["decoratedAuditLogEntries"].as_array().unwrap().len(),
            page["hasMore"].as_bool().unwrap(),
        ));
        match page["continuationToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(sizes, [(144, true), (144, true), (0, false)]);
    let page = get(
        &format!("{}{path}", cloud.base(Service::Devops)),
        &[("authorization", "Bearer x")],
    );
    assert!(page.status == 203 && page.text().starts_with("<!DOCTYPE html>"));
    assert_eq!(
        get(&format!("{}{path}", cloud.base(Service::Devops)), &[]).status,
        302
    );
}

fn blob(cloud: &Running, range: Option<&str>) -> super::client::Got {
    let bearer = format!("Bearer {}", token(cloud, Service::Storage));
    let url = format!(
        "{}/insights-logs-signinlogs/tenantId={TENANT}/y=2026/m=03/d=01/h=13/m=00/PT1H.json",
        cloud.base(Service::Storage)
    );
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(range.map(|range| ("range", range)));
    get(&url, &headers)
}

#[test]
fn a_blob_grows_and_is_read_from_where_one_stood() {
    let cloud = served(Dials::default());
    cloud.set_now(midnight() + 13 * HOUR + 30 * MINUTE);
    let first = blob(&cloud, None);
    assert_eq!(first.text().matches("\r\n").count(), 3);
    cloud.set_now(midnight() + 15 * HOUR);
    let range = format!("bytes={}-", first.body.len());
    let rest = blob(&cloud, Some(&range));
    assert_eq!((rest.status, rest.text().matches("\r\n").count()), (206, 3));
    let whole = blob(&cloud, None);
    assert_eq!(whole.body, [first.body, rest.body].concat());
    let line: Value = serde_json::from_str(whole.text().lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["category"], &line["properties"]["id"]),
        (&json!("SignInLogs"), &json!("interactive-78"))
    );
    let end = format!("bytes={}-", whole.body.len());
    assert_eq!(blob(&cloud, Some(&end)).status, 416);
}

#[test]
fn containers_are_listed_by_prefix_and_page() {
    let cloud = served(Dials::default().with(Rule::new(Fault::RepeatedLine, 0.1)));
    let list = |query: &str| {
        let path = format!("/insights-logs-auditlogs?restype=container&comp=list{query}");
        ask(&cloud, Service::Storage, &path).text()
    };
    assert_eq!(list("").matches("<Blob>").count(), 48);
    let day = format!("&prefix=tenantId={TENANT}/y=2026/m=03/d=02");
    assert_eq!(list(&day).matches("<Blob>").count(), 24);
    let page = list(&format!("{day}&maxresults=20"));
    let marker = page
        .split("<NextMarker>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        list(&format!("{day}&marker={marker}"))
            .matches("<Blob>")
            .count(),
        4
    );
    assert_eq!(
        ask(
            &cloud,
            Service::Storage,
            "/nothing?restype=container&comp=list"
        )
        .status,
        404
    );
    let lines: usize = (0..24)
        .map(|hour| {
            let path = format!("/insights-logs-auditlogs/tenantId={TENANT}/y=2026/m=03/d=02/h={hour:02}/m=00/PT1H.json");
            ask(&cloud, Service::Storage, &path).text().lines().count()
        })
        .sum();
    assert!(lines > 144, "{lines}");
}
