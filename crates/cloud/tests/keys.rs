//! The statement that proves a certificate's key, checked as Entra checks it.

use crate::server::{Answer, CLIENT, Server, TENANT, clock, door, refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cloud::{Credential, Secret};
use model::{NoTokenKind, Service};
use ring::signature::{RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;

const PEM: &str = include_str!("key.pem");
const OTHER: &str = include_str!("other.pem");
/// By `openssl x509 -outform der | openssl dgst -sha256 -binary`, in base64url.
const THUMBPRINT: &str = "iS0lhCT8u93ZVd6E8WyU4fNtpNphcWZFw6yjvzQM5fM";

#[tokio::test]
async fn the_statement_is_signed_by_the_key_and_says_what_it_must() {
    let server = Server::start(|_, _| None).await;
    let (door, access) = (door(), server.access(TENANT, certificate(PEM)));
    door.token(&access, Service::Graph).await.unwrap();
    door.forget_tokens(&access);
    door.token(&access, Service::Graph).await.unwrap();
    let form = server.logins()[0].form();
    assert!(!form.contains_key("client_secret"));
    let (head, claims) = verified(&form["client_assertion"]);
    assert_eq!(
        head,
        serde_json::json!({"alg": "PS256", "typ": "JWT", "x5t#S256": THUMBPRINT})
    );
    let now = clock().0 / 1_000_000;
    assert_eq!(
        claims["aud"],
        format!("{}/{TENANT}/oauth2/v2.0/token", server.url)
    );
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&CLIENT.into(), &CLIENT.into())
    );
    assert_eq!((&claims["nbf"], &claims["iat"]), (&now.into(), &now.into()));
    assert_eq!(claims["exp"], now + 300);
    let second = verified(&server.logins()[1].form()["client_assertion"]).1;
    assert_ne!(claims["jti"], second["jti"]);
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected_by_the_hosts_date() {
    let server = Server::start(|seen, nth| {
        let Answer::Whole(status, mut headers, body) = refusal(700024) else {
            return None;
        };
        headers.push(("date", "Sun, 01 Mar 2026 00:10:00 GMT".to_owned()));
        (seen.is_login() && nth == 0).then_some(Answer::Whole(status, headers, body))
    })
    .await;
    let access = server.access(TENANT, certificate(PEM));
    door().token(&access, Service::Graph).await.unwrap();
    let logins = server.logins();
    let times = [0, 1].map(|at: usize| {
        let claims = verified(&logins[at].form()["client_assertion"]).1;
        claims["nbf"].as_i64().unwrap() - clock().0 / 1_000_000
    });
    assert_eq!(times, [0, 600]);
}

#[tokio::test]
async fn what_is_no_key_with_its_certificate_is_said_without_showing_it() {
    let server = Server::start(|_, _| None).await;
    let key_alone = &PEM[..PEM.find("-----BEGIN CERTIFICATE").unwrap()];
    let foreign = format!("{key_alone}{OTHER}");
    let encrypted = PEM.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (pem, why) in [
        (foreign.as_str(), "no certificate"),
        (key_alone, "no certificate"),
        (OTHER, "no private key"),
        (&encrypted, "encrypted"),
        ("", "no private key"),
    ] {
        let access = server.access(TENANT, certificate(pem));
        let no = door().token(&access, Service::Graph).await.unwrap_err();
        assert_eq!(no.kind, NoTokenKind::Credential);
        assert!(no.what.contains(why), "{}", no.what);
    }
    assert_eq!(server.seen().len(), 0);
}

fn certificate(pem: &str) -> Credential {
    Credential::Certificate {
        pem: Secret::from(pem.to_owned()),
    }
}

fn verified(token: &str) -> (Value, Value) {
    let der = PrivatePkcs8KeyDer::from_pem_slice(PEM.as_bytes()).unwrap();
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public().as_ref())
        .verify(signed.as_bytes(), &signature)
        .unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let read = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(head), read(claims))
}
