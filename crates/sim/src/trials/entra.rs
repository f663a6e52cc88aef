//! Tokens: who gets one, and what is said to who does not.

use serde_json::json;

use super::client::{Got, get, post};
use super::small::{CLIENT, OTHER, TENANT};
use super::{ask, served, token};
use crate::faults::Dials;
use crate::server::Running;
use crate::service::Service;

const GRAPH: &str = "https://graph.microsoft.com/.default";

fn request(cloud: &Running, tenant: &str, fields: &[(&str, &str)]) -> Got {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::wire::encode(value)))
        .collect();
    let url = format!("{}/{tenant}/oauth2/v2.0/token", cloud.base(Service::Login));
    post(&url, &[], &body.join("&"))
}

/// Asks with the right answers, but for some; returns the error's number.
fn refused(cloud: &Running, tenant: &str, but: &[(&str, &str)]) -> (u16, u64) {
    let secret = cloud.world().tenants[0].collector.secret.clone();
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_secret", secret.as_str()),
        ("scope", GRAPH),
    ];
    for (name, value) in but {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let answer = request(cloud, tenant, &fields);
    let body = answer.json();
    let code = body["error_codes"][0].as_u64().unwrap_or_default();
    let description = body["error_description"].as_str().unwrap_or_default();
    assert!(
        description.starts_with(&format!("AADSTS{code}: ")),
        "{description}"
    );
    (answer.status, code)
}

#[test]
fn every_wrong_thing_has_its_own_number() {
    let cloud = served(Dials::default());
    let nobody = "99999999-9999-4999-8999-999999999999";
    assert_eq!(
        refused(&cloud, TENANT, &[("client_secret", "wrong")]),
        (401, 7_000_215)
    );
    assert_eq!(refused(&cloud, nobody, &[]), (400, 90_002));
    assert_eq!(
        refused(&cloud, TENANT, &[("client_id", nobody)]),
        (400, 700_016)
    );
    assert_eq!(
        refused(&cloud, TENANT, &[("scope", "https://x.example/.default")]),
        (400, 500_011)
    );
    assert_eq!(
        refused(&cloud, TENANT, &[("scope", "https://graph.microsoft.com")]),
        (400, 1_002_012)
    );
    assert_eq!(
        refused(&cloud, TENANT, &[("grant_type", "password")]),
        (400, 70_003)
    );
    assert_eq!(
        refused(&cloud, TENANT, &[("grant_type", "")]),
        (400, 900_144)
    );
}

#[test]
fn a_token_opens_the_service_that_it_is_for_and_no_other() {
    let cloud = served(Dials::default());
    let path =
        format!("/api/v1.0/{TENANT}/activity/feed/subscriptions/list?PublisherIdentifier={TENANT}");
    assert_eq!(ask(&cloud, Service::Manage, &path).status, 200);
    let bearer = format!("Bearer {}", token(&cloud, Service::Graph));
    let url = format!("{}{path}", cloud.base(Service::Manage));
    assert_eq!(get(&url, &[("authorization", &bearer)]).status, 401);
    assert_eq!(get(&url, &[]).status, 401);
    let leaked = cloud.report().leaked;
    assert_eq!(leaked.len(), 1);
    assert_eq!(leaked[0].audience, "https://graph.microsoft.com");
    let other = path.replace(TENANT, OTHER);
    let refused = ask(&cloud, Service::Manage, &other);
    assert_eq!(
        (refused.status, super::code(&refused).as_str()),
        (400, "AF20010")
    );
}

#[test]
fn a_token_ends_with_its_time_and_when_it_is_revoked() {
    let cloud = served(Dials::default());
    let path = format!("/api/v1.0/{TENANT}/activity/feed/subscriptions/list");
    let bearer = format!("Bearer {}", token(&cloud, Service::Manage));
    let url = format!("{}{path}", cloud.base(Service::Manage));
    let status = || get(&url, &[("authorization", &bearer)]).status;
    assert_eq!(status(), 200);
    cloud.advance(3600);
    assert_eq!(status(), 401);
    cloud.advance(-3600);
    assert_eq!(status(), 200);
    cloud.revoke_tokens();
    assert_eq!(status(), 401);
}

#[test]
fn a_machine_is_given_a_token_when_it_says_that_it_is_one() {
    let cloud = served(Dials::default());
    let url = format!(
        "{}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/",
        cloud.base(Service::Login)
    );
    assert_eq!(get(&url, &[]).status, 400);
    let answer = get(&url, &[("metadata", "true")]).json();
    assert_eq!(answer["expires_in"], json!("3599"));
    assert!(answer["access_token"].as_str().is_some());
}
