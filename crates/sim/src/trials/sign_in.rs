//! People who sign in to an application in a browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::client::{Got, get, post, send};
use super::small::{OTHER, TENANT};
use crate::entra::WebApp;
use crate::server::Running;
use crate::service::Service;
use crate::wire::encode;

const APP: &str = "b0a9c3b2-6a55-4b0e-9d0c-3a8f1a6c2d11";
const BACK: &str = "http://127.0.0.1:8080/sign-in/oidc";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn served(app: WebApp) -> (Running, String) {
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
    let upn = world.tenants[0].users[0].upn.clone();
    let app = WebApp {
        client_id: APP.to_owned(),
        redirect_uris: vec![BACK.to_owned()],
        roles: vec![(upn.clone(), vec!["Responders".to_owned()])],
        ..app
    };
    let options = crate::ServeOptions {
        web_apps: vec![app],
        ..crate::ServeOptions::default()
    };
    (crate::start(world, options).unwrap(), upn)
}

fn address(cloud: &Running, but: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let mut pairs = vec![
        ("client_id", APP),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("state", "a&b"),
        ("nonce", "n"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in but {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    let pairs: Vec<String> = (pairs.iter())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    format!(
        "{}/{TENANT}/oauth2/v2.0/authorize?{}",
        cloud.base(Service::Login),
        pairs.join("&")
    )
}

fn code(got: &Got) -> String {
    let location = got.header("location").unwrap();
    let (_, rest) = location.split_once("code=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

fn redeemed(cloud: &Running, code: &str, but: &[(&str, &str)]) -> Value {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", APP),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in but {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let body: Vec<String> = (fields.iter())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", cloud.base(Service::Login));
    post(&url, &[], &body.join("&")).json()
}

#[test]
fn a_person_who_is_chosen_comes_back_with_a_code_that_is_good_once() {
    let (cloud, upn) = served(WebApp::default());
    let url = address(&cloud, &[]);
    let page = get(&url, &[]).text();
    assert!(page.contains(&format!("<option>{upn}</option>")), "{page}");
    let sent = post(&url, &[], &format!("user={}", encode(&upn)));
    assert_eq!(sent.status, 302);
    let location = sent.header("location").unwrap();
    assert!(location.starts_with(&format!("{BACK}?code=")), "{location}");
    assert!(location.ends_with("&state=a%26b"), "{location}");
    let code = code(&sent);
    let got = redeemed(&cloud, &code, &[]);
    let token = got["id_token"].as_str().unwrap();
    let claims = verified(&cloud, token);
    let issuer = format!("{}/{TENANT}/v2.0", cloud.base(Service::Login));
    assert_eq!(claims["iss"], issuer.as_str());
    assert_eq!(
        (&claims["aud"], &claims["nonce"]),
        (&APP.into(), &"n".into())
    );
    assert_eq!(claims["preferred_username"], upn.as_str());
    assert_eq!(claims["roles"], serde_json::json!(["Responders"]));
    assert_eq!(claims["tid"], TENANT);
    assert_ne!(claims["sub"], claims["oid"], "pairwise");
    assert_eq!(claims["auth_time"].as_i64(), Some(cloud.now() / 1_000_000));
    assert_eq!(redeemed(&cloud, &code, &[])["error_codes"][0], 54_005);
}

#[test]
fn whoever_signed_in_lately_is_not_asked_again_unless_that_is_wanted() {
    let (cloud, upn) = served(WebApp::default());
    let url = address(&cloud, &[]);
    let sent = post(&url, &[], &format!("user={}", encode(&upn)));
    let cookie = sent
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    let cookie = [("cookie", cookie)];
    let began = cloud.now();
    cloud.advance(3600);
    let again = get(&url, &cookie);
    let got = redeemed(&cloud, &code(&again), &[]);
    let claims = verified(&cloud, got["id_token"].as_str().unwrap());
    assert_eq!(claims["auth_time"].as_i64(), Some(began / 1_000_000));
    for wanted in [("prompt", "login"), ("max_age", "0"), ("max_age", "3599")] {
        let got = get(&address(&cloud, &[wanted]), &cookie);
        assert_eq!(got.status, 200, "{wanted:?}");
    }
    let got = get(&address(&cloud, &[("prompt", "none")]), &[]);
    let location = got.header("location").unwrap();
    assert!(location.contains("error=login_required"), "{location}");
    let out = format!("{}/{TENANT}/oauth2/v2.0/logout", cloud.base(Service::Login));
    assert_eq!(get(&out, &cookie).status, 200);
    assert_eq!(get(&url, &cookie).status, 200, "it asks again");
}

#[test]
fn a_code_is_for_the_client_the_address_and_the_verifier_that_it_was_made_for() {
    let secret = Some("s~ecret".to_owned());
    let (cloud, upn) = served(WebApp {
        secret,
        automatic: Some(String::new()),
        ..WebApp::default()
    });
    let right = ("client_secret", "s~ecret");
    let code = || {
        let url = address(&cloud, &[]);
        code(&post(&url, &[], &format!("user={}", encode(&upn))))
    };
    for (but, expected) in [
        (vec![], 7_000_218),
        (vec![("client_secret", "wrong")], 7_000_215),
        (vec![right, ("client_id", OTHER)], 700_016),
        (vec![right, ("code", "0.Ainvented")], 9_002_313),
        (
            vec![right, ("redirect_uri", "http://127.0.0.1:9/")],
            500_112,
        ),
        (vec![right, ("code_verifier", "another")], 501_481),
        (vec![right, ("code_verifier", "")], 501_481),
    ] {
        let got = redeemed(&cloud, &code(), &but);
        assert_eq!(got["error_codes"][0], expected, "{but:?}");
    }
    let late = code();
    cloud.advance(600);
    let got = redeemed(&cloud, &late, &[right]);
    assert_eq!(got["error_codes"][0], 70_008);
    assert!(redeemed(&cloud, &code(), &[right])["id_token"].is_string());
}

#[test]
fn nobody_is_sent_to_a_stranger() {
    let (cloud, upn) = served(WebApp::default());
    for (but, expected) in [
        (
            ("redirect_uri", "http://127.0.0.1:8080/sign-in/oidc/"),
            "AADSTS50011",
        ),
        (("redirect_uri", "https://evil.example/<b>"), "AADSTS50011"),
        (("client_id", OTHER), "AADSTS700016"),
    ] {
        let got = send(
            "POST",
            &address(&cloud, &[but]),
            &[],
            &format!("user={upn}"),
        );
        assert_eq!(got.status, 400);
        assert_eq!(got.header("location"), None);
        let text = got.text();
        assert!(text.contains(expected) && !text.contains("<b>"), "{text}");
    }
    for but in [
        ("response_type", "token"),
        ("scope", "profile"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ] {
        let got = get(&address(&cloud, &[but]), &[]);
        let location = got.header("location").unwrap();
        assert!(
            location.starts_with(&format!("{BACK}?error=")),
            "{location}"
        );
    }
    let declined = post(&address(&cloud, &[]), &[], "cancel=1");
    let location = declined.header("location").unwrap();
    assert!(location.contains("error=access_denied"), "{location}");
}

/// Checks a token by the published key and returns what it says.
fn verified(cloud: &Running, token: &str) -> Value {
    let url = format!(
        "{}/{TENANT}/discovery/v2.0/keys",
        cloud.base(Service::Login)
    );
    let keys = get(&url, &[]).json();
    let key = &keys["keys"][0];
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let public = RsaPublicKeyComponents {
        n: bytes(key["n"].as_str().unwrap()),
        e: bytes(key["e"].as_str().unwrap()),
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    public
        .verify(
            &RSA_PKCS1_2048_8192_SHA256,
            signed.as_bytes(),
            &bytes(signature),
        )
        .unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let head: Value = serde_json::from_slice(&bytes(head)).unwrap();
    assert_eq!((&head["alg"], &head["kid"]), (&"RS256".into(), &key["kid"]));
    serde_json::from_slice(&bytes(claims)).unwrap()
}
