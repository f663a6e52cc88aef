//! `InvokeCommand`, with the defects that its users report.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::client::{Got, get, post};
use super::small::{TENANT, midnight};
use super::{served, tell, token};
use crate::faults::{Dials, Fault, Rule};
use crate::report::Scope;
use crate::server::Running;
use crate::service::Service;
use crate::stamp::{self, DAY};

fn path() -> String {
    format!("/adminapi/beta/{TENANT}/InvokeCommand")
}

fn run(cloud: &Running, cmdlet: &str, parameters: &Value) -> Got {
    let body = json!({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}});
    tell(cloud, Service::Exchange, &path(), &body)
}

fn search(cloud: &Running, more: &Value) -> Got {
    let mut parameters = json!({"StartDate": stamp::seconds(midnight()), "EndDate": stamp::seconds(midnight() + 2 * DAY)});
    parameters
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    run(cloud, "Search-UnifiedAuditLog", &parameters)
}

fn rows(got: &Got) -> Vec<Value> {
    got.json()["value"].as_array().cloned().unwrap_or_default()
}

#[test]
fn a_session_gives_every_row_once_and_then_nothing() {
    let cloud = served(Dials::default());
    let session = json!({"SessionId": "a", "SessionCommand": "ReturnLargeSet", "ResultSize": 100});
    let pages: Vec<Vec<Value>> = (0..4).map(|_| rows(&search(&cloud, &session))).collect();
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [100, 100, 88, 0]);
    let all: Vec<Value> = pages.concat();
    let indices: Vec<i64> = all
        .iter()
        .map(|row| row["ResultIndex"].as_i64().unwrap())
        .collect();
    assert!(indices.iter().copied().eq(1..=288));
    assert!(
        all.iter()
            .all(|row| row["ResultCount"] == 288 && row["RecordType"] == "ExchangeItem")
    );
    let data: Value = serde_json::from_str(all[0]["AuditData"].as_str().unwrap()).unwrap();
    assert_eq!(data["Id"], all[0]["Identity"]);
    let ids: Vec<&str> = all
        .iter()
        .map(|row| row["Identity"].as_str().unwrap())
        .collect();
    let scope = Scope {
        other_ways: true,
        ..Scope::stream("unified")
    };
    let verdict = cloud.judge(&scope, ids);
    assert!(verdict.missing.is_empty() && verdict.duplicate.is_empty());
}

#[test]
fn without_a_session_the_newest_come_and_wrong_types_find_nothing() {
    let cloud = served(Dials::default());
    let newest = rows(&search(&cloud, &json!({})));
    assert_eq!(
        (newest.len(), &newest[0]["Identity"]),
        (100, &json!("exchange-287"))
    );
    assert!(rows(&search(&cloud, &json!({"RecordType": "Exch"}))).is_empty());
    assert!(rows(&search(&cloud, &json!({"ResultSize": 0}))).is_empty());
    let of_user = rows(&search(
        &cloud,
        &json!({"UserIds": ["USER1@contoso.example"], "ResultSize": 5000}),
    ));
    assert_eq!(of_user.len(), 96);
    let stranger = search(&cloud, &json!({"Colour": "red"}));
    assert!(stranger.status == 400 && stranger.text().contains("AmbiguousParameterSetException"));
}

#[test]
fn the_search_lies_as_it_is_known_to() {
    let with = |fault| served(Dials::default().with(Rule::new(fault, 1.0)));
    let session = json!({"SessionId": "b", "SessionCommand": "ReturnLargeSet", "ResultSize": 200});
    let lost = rows(&search(&with(Fault::SearchIndexLost), &session));
    assert!(
        lost.iter()
            .all(|row| row["ResultIndex"] == -1 && row["ResultCount"] == 0)
            && !lost.is_empty()
    );
    let late = search(&with(Fault::SearchTimedOut), &session);
    assert!(rows(&late).is_empty());
    assert!(
        late.json()["@adminapi.warnings"][0]
            .as_str()
            .unwrap()
            .contains("Sync Search mode")
    );
    let round = with(Fault::SearchWraps);
    let pages: Vec<Vec<Value>> = (0..3).map(|_| rows(&search(&round, &session))).collect();
    assert_eq!(pages[2][0]["ResultIndex"], 1);
    let counted = rows(&search(&with(Fault::SearchMiscounts), &session));
    assert_eq!(counted[0]["ResultCount"], 200);
}

#[test]
fn the_next_page_is_had_by_posting_the_same_body() {
    let cloud = served(Dials::default());
    let bearer = format!("Bearer {}", token(&cloud, Service::Exchange));
    let headers = [
        ("authorization", bearer.as_str()),
        ("prefer", "odata.maxpagesize=100"),
    ];
    let body = json!({"CmdletInput": {"CmdletName": "Search-UnifiedAuditLog", "Parameters": {
        "StartDate": "2026-03-01", "EndDate": "2026-03-03", "ResultSize": 5000,
    }}})
    .to_string();
    let mut url = format!(
        "{}{}?$select=Identity",
        cloud.base(Service::Exchange),
        path()
    );
    let mut ids = BTreeSet::new();
    loop {
        let page = post(&url, &headers, &body).json();
        assert!(page["value"][0].as_object().unwrap().len() == 1);
        ids.extend(
            page["value"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["Identity"].to_string()),
        );
        let Some(next) = page["@odata.nextLink"].as_str() else {
            break;
        };
        next.clone_into(&mut url);
        assert_eq!(get(&url, &headers).status, 405);
    }
    assert_eq!(ids.len(), 288);
}

#[test]
fn errors_hide_their_cause_and_401_and_403_differ() {
    let cloud = served(Dials::default());
    let unknown = run(&cloud, "Get-Nothing", &json!({})).json();
    assert_eq!(unknown["error"]["message"], "Invalid Operation");
    let inner = unknown["error"]["innererror"]["internalexception"]["message"]
        .as_str()
        .unwrap();
    assert!(
        inner.starts_with("The term 'Get-Nothing' is not recognized"),
        "{inner}"
    );
    let nul = served(Dials::default().with(Rule::new(Fault::NulBody, 1.0)));
    let refused = run(&nul, "Get-Mailbox", &json!({}));
    assert!(refused.status == 403 && refused.body.iter().all(|byte| *byte == 0));
    let mut world = super::small::world();
    world.tenants[0].collector.directory_roles.clear();
    let no_role = crate::start(world.clone(), crate::ServeOptions::default()).unwrap();
    assert_eq!(run(&no_role, "Get-Mailbox", &json!({})).status, 403);
    world.tenants[0].collector.permissions.remove(2);
    let no_permission = crate::start(world, crate::ServeOptions::default()).unwrap();
    assert_eq!(run(&no_permission, "Get-Mailbox", &json!({})).status, 401);
}

#[test]
fn configuration_is_read_by_cmdlets() {
    let cloud = served(Dials::default());
    let first = |cmdlet: &str| run(&cloud, cmdlet, &json!({})).json()["value"][0].clone();
    assert_eq!(
        first("Get-AdminAuditLogConfig")["UnifiedAuditLogIngestionEnabled"],
        true
    );
    assert_eq!(first("Get-OrganizationConfig")["AuditDisabled"], false);
    assert_eq!(first("get-accepteddomain")["DomainName"], "contoso.example");
    assert_eq!(
        run(&cloud, "Get-CASMailbox", &json!({})).json()["value"],
        json!([])
    );
    assert_eq!(
        run(&cloud, "Get-InboxRule", &json!({"Mailbox": "nobody"})).status,
        404
    );
}

#[test]
fn traces_are_continued_from_the_last_row() {
    let cloud = served(Dials::default());
    let ask = |end: &str, recipient: Option<&str>| {
        let mut parameters = json!({"StartDate": "2026-03-01", "EndDate": end, "ResultSize": 100});
        if let Some(recipient) = recipient {
            parameters["StartingRecipientAddress"] = json!(recipient);
        }
        rows(&run(&cloud, "Get-MessageTraceV2", &parameters))
    };
    let mut seen = BTreeSet::new();
    let mut page = ask("2026-03-03", None);
    loop {
        seen.extend(page.iter().map(|row| row["MessageTraceId"].to_string()));
        if page.len() < 100 {
            break;
        }
        let last = page.last().unwrap().clone();
        page = ask(
            last["Received"].as_str().unwrap(),
            last["RecipientAddress"].as_str(),
        );
    }
    assert_eq!(seen.len(), 288);
    let wide = json!({"StartDate": "2026-02-01", "EndDate": "2026-03-01"});
    assert_eq!(run(&cloud, "Get-MessageTraceV2", &wide).status, 400);
}
