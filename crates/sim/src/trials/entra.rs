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

#[test]
fn a_device_is_let_in_when_its_person_agrees() {
    let cloud = served_with_people();
    let base = cloud.base(Service::Login);
    let begun = || {
        let body = format!("client_id={CLIENT}&scope={GRAPH} offline_access openid");
        post(
            &format!("{base}/{TENANT}/oauth2/v2.0/devicecode"),
            &[],
            &body,
        )
        .json()
    };
    let redeem = |device: &serde_json::Value| {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        let code = device["device_code"].as_str().unwrap();
        request(
            &cloud,
            TENANT,
            &[
                ("grant_type", grant),
                ("client_id", CLIENT),
                ("device_code", code),
                ("scope", GRAPH),
            ],
        )
        .json()
    };
    let device = begun();
    assert_eq!(device["expires_in"], 900);
    assert_eq!(redeem(&device)["error"], "authorization_pending");
    let first = redeem(&device);
    assert!(first["access_token"].is_string());
    assert_eq!(redeem(&device)["error"], "bad_verification_code");

    let refresh = |token: &serde_json::Value| {
        let token = token.as_str().unwrap();
        request(
            &cloud,
            TENANT,
            &[
                ("grant_type", "refresh_token"),
                ("client_id", CLIENT),
                ("refresh_token", token),
                ("scope", GRAPH),
            ],
        )
        .json()
    };
    let second = refresh(&first["refresh_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert!(
        refresh(&first["refresh_token"])["access_token"].is_string(),
        "the old one stays good"
    );
    cloud.revoke_tokens();
    assert_eq!(refresh(&second["refresh_token"])["error_codes"][0], 50_173);

    let declined = begun();
    let told = json!({"user_code": declined["user_code"], "agrees": false});
    post(
        &format!("{}/_sim/device", cloud.base(Service::Admin)),
        &[],
        &told.to_string(),
    );
    assert_eq!(redeem(&declined)["error"], "authorization_declined");
    let late = begun();
    cloud.advance(901);
    assert_eq!(redeem(&late)["error"], "expired_token");
}

fn served_with_people() -> Running {
    let options = crate::WorldOptions {
        seed: 1,
        people: 8,
        tenants: 1,
        began: super::small::midnight(),
        days: 1,
    };
    let mut world = super::small::world();
    world.tenants[0].users = crate::World::tell("quiet-month", &options)
        .unwrap()
        .tenants
        .remove(0)
        .users;
    crate::start(world, crate::ServeOptions::default()).unwrap()
}

#[test]
fn a_foreign_identity_is_compared_letter_by_letter() {
    let options = crate::ServeOptions {
        federated: vec![crate::Federated {
            issuer: "https://idp.example".to_owned(),
            subject: "system:serviceaccount:a:b".to_owned(),
            audience: "api://AzureADTokenExchange".to_owned(),
            certificate: None,
        }],
        ..crate::ServeOptions::default()
    };
    let cloud = crate::start(super::small::world(), options).unwrap();
    let now = cloud.now() / 1_000_000;
    let answer = |issuer: &str, subject: &str, audience: &str, expires: i64| {
        use base64::Engine as _;
        let part = |value: serde_json::Value| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        let claims =
            json!({"iss": issuer, "sub": subject, "aud": audience, "exp": expires, "iat": now});
        let jwt = format!(
            "{}.{}.{}",
            part(json!({"alg": "RS256"})),
            part(claims),
            part(json!("x"))
        );
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", jwt.as_str()),
            ("scope", GRAPH),
        ];
        request(&cloud, TENANT, &fields).json()["error_codes"][0].as_u64()
    };
    let (issuer, subject, audience) = (
        "https://idp.example",
        "system:serviceaccount:a:b",
        "api://AzureADTokenExchange",
    );
    assert_eq!(answer(issuer, subject, audience, now + 60), None);
    assert_eq!(
        answer("https://idp.example/", subject, audience, now + 60),
        Some(700_211)
    );
    assert_eq!(
        answer(issuer, "System:serviceaccount:a:b", audience, now + 60),
        Some(700_213)
    );
    assert_eq!(answer(issuer, subject, "x", now + 60), Some(700_212));
    assert_eq!(answer(issuer, subject, audience, now - 600), Some(700_024));
    assert_eq!(answer(CLIENT, CLIENT, audience, now + 60), Some(700_023));
}
