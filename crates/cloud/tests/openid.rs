//! Signing in by OpenID Connect against an issuer that lies: in what it says of itself, in its
//! keys, in its tokens, in its answers.

use crate::server::{Answer, Seen, Server, clock, json, limits, with};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cloud::Secret;
use cloud::oidc::{Application, Begun, Fault, Identified, OpenId, OpenIdError, Returned};
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

const CLIENT: &str = "client-of-ours";
const REDIRECT: &str = "https://ir.example.net/sign-in/oidc";
const WELL_KNOWN: &str = "/.well-known/openid-configuration";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const NONCE: &str = "nonce-of-this-sign-in";
const TENANT: &str = "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413";

static RSA: LazyLock<RsaKeyPair> =
    LazyLock::new(
        || match PrivateKeyDer::from_pem_slice(include_bytes!("key.pem")).unwrap() {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap(),
            _ => panic!("the key is PKCS #8"),
        },
    );

static P256: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap()
});

/// What the issuer does.
#[derive(Clone, Default)]
struct Script {
    /// Replaces what it says of itself.
    metadata: Value,
    keys: Option<Value>,
    token: String,
    /// Replaces the answer for a path.
    instead: Option<(&'static str, u16, &'static str, String)>,
}

struct Trial {
    server: Server,
    script: Arc<Mutex<Script>>,
    openid: OpenId,
}

impl Trial {
    async fn new() -> Self {
        Self::of(|url| Application::new(url, &[], CLIENT, REDIRECT, "roles").unwrap()).await
    }

    async fn of(application: impl Fn(&str) -> Application) -> Self {
        let script = Arc::new(Mutex::new(Script::default()));
        let own = Arc::clone(&script);
        let place = Arc::new(Mutex::new(String::new()));
        let at = Arc::clone(&place);
        let server = Server::start(move |seen, _| {
            let script = own.lock().unwrap().clone();
            Some(script.answer(&at.lock().unwrap(), seen))
        })
        .await;
        place.lock().unwrap().clone_from(&server.url);
        let openid = OpenId::new(application(&server.url), limits(), clock, None).unwrap();
        Self {
            server,
            script,
            openid,
        }
    }

    fn turn(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    async fn finish(&self) -> Result<Identified, OpenIdError> {
        self.finish_as(&begun(), None).await
    }

    async fn finish_as(
        &self,
        begun: &Begun,
        issuer: Option<&str>,
    ) -> Result<Identified, OpenIdError> {
        let returned = Returned {
            code: Secret::from("the-code".to_owned()),
            issuer: issuer.map(str::to_owned),
        };
        let secret = Secret::from("s~ecret of/ours".to_owned());
        self.openid.finish(begun, &returned, Some(&secret)).await
    }

    /// Signs in with a token and says what is wrong with it.
    async fn fault(&self, token: String) -> Option<Fault> {
        self.turn(|script| script.token = token);
        match self.finish().await {
            Ok(_) => None,
            Err(OpenIdError::Token(fault)) => Some(fault),
            Err(other) => panic!("{other}"),
        }
    }

    fn claims(&self) -> Value {
        claims(&self.server.url)
    }

    fn asked(&self, path: &str) -> Vec<Seen> {
        let seen = self.server.seen().into_iter();
        seen.filter(|seen| seen.path == path).collect()
    }
}

impl Script {
    fn answer(&self, url: &str, seen: &Seen) -> Answer {
        if let Some((path, status, kind, body)) = &self.instead
            && *path == seen.path
        {
            return with(*status, ("content-type", kind), body);
        }
        match seen.path.as_str() {
            "/token" => json(200, &json!({"id_token": self.token}).to_string()),
            "/keys" => {
                let keys = self.keys.clone();
                json(200, &keys.unwrap_or_else(keys_of_ours).to_string())
            }
            path if path.ends_with("/.well-known/openid-configuration") => {
                let mut told = json!({
                    "issuer": url,
                    "authorization_endpoint": format!("{url}/authorize?p=1"),
                    "token_endpoint": format!("{url}/token"),
                    "jwks_uri": format!("{url}/keys"),
                    "end_session_endpoint": format!("{url}/logout"),
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                });
                for (name, value) in self.metadata.as_object().into_iter().flatten() {
                    told[name] = value.clone();
                }
                json(200, &told.to_string())
            }
            _ => json(404, "{}"),
        }
    }
}

fn begun() -> Begun {
    Begun {
        state: "state-of-this-sign-in".to_owned(),
        nonce: NONCE.to_owned(),
        verifier: Secret::from(VERIFIER.to_owned()),
        at: clock().plus_seconds(-30),
        fresh: false,
    }
}

fn seconds() -> i64 {
    clock().0 / 1_000_000
}

fn claims(issuer: &str) -> Value {
    let now = seconds();
    json!({
        "iss": issuer, "aud": CLIENT, "sub": "AAAAAAAA", "oid": "o", "tid": TENANT, "nonce": NONCE,
        "iat": now - 300, "nbf": now - 300, "exp": now + 3600, "auth_time": now - 20,
        "preferred_username": "ann@contoso.example", "name": "Ann", "roles": ["Responders", "x"],
    })
}

fn keys_of_ours() -> Value {
    let rsa: PublicKeyComponents<Vec<u8>> = RSA.public().into();
    let point = P256.public_key().as_ref();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({"keys": [
        {"kty": "RSA", "use": "sig", "kid": "rsa", "n": text(&rsa.n), "e": text(&rsa.e)},
        {"kty": "EC", "crv": "P-256", "kid": "ec", "x": text(&point[1..33]), "y": text(&point[33..])},
    ]})
}

fn joined(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(head), part(claims))
}

fn signed(head: &Value, claims: &Value) -> String {
    let text = joined(head, claims);
    let mut signature = vec![0; RSA.public().modulus_len()];
    let random = SystemRandom::new();
    RSA.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn usual(claims: &Value) -> String {
    signed(&json!({"alg": "RS256", "kid": "rsa", "typ": "JWT"}), claims)
}

#[tokio::test]
async fn a_person_is_who_the_token_says_and_the_code_is_ours_to_use() {
    let trial = Trial::new().await;
    let address = trial.openid.begin(&begun()).await.unwrap();
    let url = reqwest::Url::parse(&address).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let one = |name: &str| {
        let mut found = pairs.iter().filter(|(of, _)| of == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert_eq!(found.next(), None, "{name} comes once");
        value
    };
    assert_eq!(url.path(), "/authorize");
    assert_eq!(one("p"), Some("1"), "what the issuer wants stays");
    assert_eq!(one("response_type"), Some("code"));
    assert_eq!(one("redirect_uri"), Some(REDIRECT));
    assert_eq!(one("state"), Some("state-of-this-sign-in"));
    assert_eq!(one("nonce"), Some(NONCE));
    assert_eq!(one("scope"), Some("openid profile email"));
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    assert_eq!(one("code_challenge"), Some(challenge.as_str()));
    assert_eq!(one("code_challenge_method"), Some("S256"));
    assert_eq!(one("prompt"), None);
    assert!(!address.contains(VERIFIER));

    trial.turn(|script| script.token = usual(&claims(&trial.server.url)));
    let who = trial.finish().await.unwrap();
    assert_eq!(who.issuer, trial.server.url);
    assert_eq!(
        (who.subject.as_str(), who.name.as_str()),
        ("AAAAAAAA", "ann@contoso.example")
    );
    assert_eq!(who.values, ["Responders", "x"]);
    assert_eq!(who.proved, Some(clock().plus_seconds(-20)));
    let form = trial.asked("/token")[0].form();
    assert_eq!(form["code"], "the-code");
    assert_eq!(form["code_verifier"], VERIFIER);
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["client_secret"], "s~ecret of/ours");
    assert_eq!(trial.asked("/.well-known/openid-configuration").len(), 1);

    let end = trial.openid.end("https://ir.example.net/").await.unwrap();
    assert!(end.starts_with(&format!("{}/logout?client_id=", trial.server.url)));
    assert!(end.ends_with("post_logout_redirect_uri=https%3A%2F%2Fir.example.net%2F"));
}

#[tokio::test]
async fn a_token_by_p256_counts_as_well_and_a_secret_goes_into_the_header_where_that_is_wanted() {
    let trial = Trial::new().await;
    let text = joined(&json!({"alg": "ES256", "kid": "ec"}), &trial.claims());
    let signature = P256.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
    trial.turn(|script| {
        script.metadata = json!({"token_endpoint_auth_methods_supported": null});
        script.token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
    });
    trial.finish().await.unwrap();
    let asked = &trial.asked("/token")[0];
    assert!(!asked.form().contains_key("client_secret"));
    let basic = asked.bearer().strip_prefix("Basic ").unwrap();
    let basic = String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap();
    assert_eq!(basic, "client-of-ours:s%7Eecret+of%2Fours");
}

#[tokio::test]
async fn a_forged_token_opens_nothing() {
    let trial = Trial::new().await;
    let good = trial.claims();
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        usual(&claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        usual(&claims)
    };
    let head = |head: Value| signed(&head, &good);
    let now = seconds();

    let bare = joined(&json!({"alg": "none"}), &good);
    let rsa: PublicKeyComponents<Vec<u8>> = RSA.public().into();
    let shared = |key: &[u8], alg: &str| {
        let text = joined(&json!({"alg": alg, "kid": "rsa"}), &good);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    let mut changed = good.clone();
    changed["roles"] = json!(["Administrators"]);
    let right = usual(&good);
    let (_, signature) = right.rsplit_once('.').unwrap();
    let kept = joined(
        &json!({"alg": "RS256", "kid": "rsa", "typ": "JWT"}),
        &changed,
    );

    for (what, token, fault) in [
        ("alg none", format!("{bare}."), Fault::Algorithm),
        (
            "alg none in capitals",
            format!("{}.", joined(&json!({"alg": "NONE"}), &good)),
            Fault::Algorithm,
        ),
        (
            "none with a signature",
            format!("{bare}.{signature}"),
            Fault::Algorithm,
        ),
        (
            "HS256 with the public key",
            shared(&rsa.n, "HS256"),
            Fault::Algorithm,
        ),
        (
            "a tag that says RS256",
            shared(&rsa.n, "RS256"),
            Fault::Signature,
        ),
        (
            "PS256",
            head(json!({"alg": "PS256", "kid": "rsa"})),
            Fault::Algorithm,
        ),
        (
            "the other key's algorithm",
            head(json!({"alg": "ES256", "kid": "rsa"})),
            Fault::Key,
        ),
        (
            "changed claims",
            format!("{kept}.{signature}"),
            Fault::Signature,
        ),
        ("no signature", format!("{kept}."), Fault::Signature),
        (
            "unknown key",
            head(json!({"alg": "RS256", "kid": "other"})),
            Fault::Key,
        ),
        (
            "its own key",
            head(json!({"alg": "RS256", "kid": "new", "jwk": {}})),
            Fault::Key,
        ),
        (
            "critical header",
            head(json!({"alg": "RS256", "kid": "rsa", "crit": ["b64"]})),
            Fault::Type,
        ),
        (
            "an access token",
            head(json!({"alg": "RS256", "kid": "rsa", "typ": "at+jwt"})),
            Fault::Type,
        ),
        ("four parts", format!("{right}.x"), Fault::Malformed),
        ("two parts", kept.clone(), Fault::Malformed),
        ("padded", format!("{right}=="), Fault::Malformed),
        ("endless", "a".repeat(70_000), Fault::Malformed),
        (
            "other issuer",
            with("iss", json!("https://evil.example")),
            Fault::Issuer,
        ),
        (
            "issuer with a slash",
            with("iss", json!(format!("{}/", trial.server.url))),
            Fault::Issuer,
        ),
        ("no issuer", without("iss"), Fault::Issuer),
        (
            "other audience",
            with("aud", json!("another-client")),
            Fault::Audience,
        ),
        (
            "two audiences",
            with("aud", json!([CLIENT, "another"])),
            Fault::Audience,
        ),
        ("no audience", with("aud", json!([])), Fault::Audience),
        (
            "for another party",
            with("azp", json!("another-client")),
            Fault::Audience,
        ),
        ("expired", with("exp", json!(now - 121)), Fault::Expired),
        ("without end", without("exp"), Fault::Expired),
        (
            "an end in words",
            with("exp", json!("never")),
            Fault::Malformed,
        ),
        (
            "an end beyond time",
            with("exp", json!(1e300)),
            Fault::Malformed,
        ),
        ("not yet", with("nbf", json!(now + 121)), Fault::NotYet),
        (
            "issued tomorrow",
            with("iat", json!(now + 86_400)),
            Fault::NotYet,
        ),
        (
            "issued yesterday",
            with("iat", json!(now - 86_400)),
            Fault::Old,
        ),
        ("never issued", without("iat"), Fault::Old),
        (
            "nonce of another",
            with("nonce", json!("nonce-of-another")),
            Fault::Nonce,
        ),
        ("no nonce", without("nonce"), Fault::Nonce),
        ("nobody", with("sub", json!("")), Fault::Subject),
        ("nobody at all", without("sub"), Fault::Subject),
        ("a number", with("sub", json!(7)), Fault::Subject),
        (
            "a name that never ends",
            with("sub", json!("a".repeat(256))),
            Fault::Subject,
        ),
    ] {
        assert_eq!(trial.fault(token).await, Some(fault), "{what}");
    }
    for token in [
        right,
        with("aud", json!([CLIENT])),
        with("azp", json!(CLIENT)),
        with("exp", json!(now - 119)),
        with("exp", json!(now as f64 + 0.5)),
        without("nbf"),
        without("auth_time"),
    ] {
        assert_eq!(trial.fault(token).await, None);
    }
}

#[tokio::test]
async fn a_key_is_looked_for_again_but_not_for_every_invented_name() {
    let trial = Trial::new().await;
    assert_eq!(trial.fault(usual(&trial.claims())).await, None);
    let renamed = |kid: &str| signed(&json!({"alg": "RS256", "kid": kid}), &trial.claims());
    for number in 0..5 {
        let token = renamed(&format!("invented {number}"));
        assert_eq!(trial.fault(token).await, Some(Fault::Key));
    }
    assert_eq!(trial.asked("/keys").len(), 1, "a minute is not over");
    trial.turn(|script| {
        let mut keys = keys_of_ours();
        keys["keys"][0]["kid"] = json!("rolled over");
        script.keys = Some(keys);
    });
    later(Duration::from_secs(61)).await;
    assert_eq!(trial.fault(renamed("rolled over")).await, None);
    assert_eq!(trial.asked("/keys").len(), 2);
    assert_eq!(
        trial.fault(renamed("rsa")).await,
        Some(Fault::Key),
        "a key that was taken back counts no more"
    );
}

#[tokio::test]
async fn a_key_that_two_share_or_that_is_of_another_issuer_counts_for_none() {
    let trial = Trial::new().await;
    trial.turn(|script| {
        let mut keys = keys_of_ours();
        let twice = keys["keys"][0].clone();
        keys["keys"].as_array_mut().unwrap().push(twice);
        script.keys = Some(keys);
    });
    assert_eq!(trial.fault(usual(&trial.claims())).await, Some(Fault::Key));
    let trial = Trial::new().await;
    trial.turn(|script| {
        let mut keys = keys_of_ours();
        keys["keys"][0]["issuer"] = json!("https://login.microsoftonline.com/other/v2.0");
        script.keys = Some(keys);
    });
    let fault = trial.fault(usual(&trial.claims())).await;
    assert_eq!(fault, Some(Fault::KeyIssuer));
    let trial = Trial::new().await;
    let nameless = signed(&json!({"alg": "RS256"}), &trial.claims());
    assert_eq!(
        trial.fault(nameless).await,
        None,
        "the only key of its kind"
    );
}

#[tokio::test]
async fn proving_anew_is_seen_by_when_it_was_done() {
    let trial = Trial::new().await;
    let anew = Begun {
        fresh: true,
        ..begun()
    };
    let address = trial.openid.begin(&anew).await.unwrap();
    assert!(address.contains("prompt=login") && address.contains("max_age=0"));
    let now = seconds();
    for (told, counts) in [
        (json!(now - 20), true),
        (json!(now - 30 - 119), true),
        (json!(now - 30 - 121), false),
        (json!(now - 8 * 3600), false),
        (json!(now + 3600), false),
        (Value::Null, false),
    ] {
        let mut claims = trial.claims();
        claims["auth_time"] = told.clone();
        if told.is_null() {
            claims.as_object_mut().unwrap().remove("auth_time");
        }
        trial.turn(|script| script.token = usual(&claims));
        let outcome = trial.finish_as(&anew, None).await;
        assert_eq!(outcome.is_ok(), counts, "{told}: {outcome:?}");
    }
}

#[tokio::test]
async fn of_many_tenants_only_the_named_ones_come_and_by_a_key_of_theirs() {
    let many = |url: &str| {
        let issuer = format!("{url}/organizations/v2.0");
        Application::new(&issuer, &[TENANT.to_owned()], CLIENT, REDIRECT, "roles").unwrap()
    };
    let trial = Trial::of(many).await;
    let url = trial.server.url.clone();
    trial.turn(|script| {
        script.metadata = json!({"issuer": format!("{url}/{{tenantid}}/v2.0")});
        let mut keys = keys_of_ours();
        keys["keys"][0]["issuer"] = json!(format!("{url}/{{tenantid}}/v2.0"));
        script.keys = Some(keys);
    });
    let own = claims(&format!("{url}/{TENANT}/v2.0"));
    assert_eq!(trial.fault(usual(&own)).await, None);
    let other = "99999999-9999-4999-8999-999999999999";
    let mut foreign = claims(&format!("{url}/{other}/v2.0"));
    foreign["tid"] = json!(other);
    assert_eq!(trial.fault(usual(&foreign)).await, Some(Fault::Issuer));
    foreign["tid"] = json!(TENANT);
    assert_eq!(trial.fault(usual(&foreign)).await, Some(Fault::Issuer));
    let mut template = own;
    template["iss"] = json!(format!("{url}/{{tenantid}}/v2.0"));
    assert_eq!(trial.fault(usual(&template)).await, Some(Fault::Issuer));
}

#[tokio::test]
async fn what_an_issuer_says_of_itself_is_not_believed_as_it_is() {
    for (told, words) in [
        (json!({"issuer": "https://evil.example"}), "evil.example"),
        (
            json!({"token_endpoint": "http://evil.example/token"}),
            "token_endpoint",
        ),
        (json!({"jwks_uri": "file:///etc/passwd"}), "jwks_uri"),
        (
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            "authorization_endpoint",
        ),
        (
            json!({"authorization_endpoint": "https://a@evil.example/"}),
            "authorization_endpoint",
        ),
        (
            json!({"end_session_endpoint": "data:text/html,x"}),
            "end_session_endpoint",
        ),
        (
            json!({"code_challenge_methods_supported": ["plain"]}),
            "S256",
        ),
        (
            json!({"id_token_signing_alg_values_supported": ["HS256", "none"]}),
            "RS256",
        ),
        (json!({"issuer": null}), "no description"),
    ] {
        let trial = Trial::new().await;
        trial.turn(|script| script.metadata = told.clone());
        let failed = trial.openid.begin(&begun()).await.unwrap_err();
        assert!(matches!(failed, OpenIdError::Metadata(_)), "{told}");
        assert!(failed.to_string().contains(words), "{failed}");
    }
    for (status, kind, body) in [
        (302, "text/plain", String::new()),
        (200, "text/html", "<html>sign in</html>".to_owned()),
        (200, "application/json", "{}".to_owned()),
        (
            200,
            "application/json",
            format!("{{\"a\":\"{}\"}}", "x".repeat(300 << 10)),
        ),
        (200, "application/json", "[".repeat(5000)),
        (500, "application/json", "{}".to_owned()),
    ] {
        let trial = Trial::new().await;
        trial.turn(|script| script.instead = Some((WELL_KNOWN, status, kind, body.clone())));
        let failed = trial.openid.begin(&begun()).await.unwrap_err();
        assert!(
            matches!(failed, OpenIdError::Metadata(_)),
            "{status} {kind}"
        );
        trial.turn(|script| script.instead = None);
        trial.openid.begin(&begun()).await.unwrap();
    }
}

#[tokio::test]
async fn what_an_issuer_said_is_used_for_a_day_while_it_says_nothing() {
    let trial = Trial::new().await;
    trial.openid.begin(&begun()).await.unwrap();
    trial.turn(|script| {
        let path = "/.well-known/openid-configuration";
        script.instead = Some((path, 503, "text/plain", String::new()));
    });
    later(Duration::from_hours(2)).await;
    trial.openid.begin(&begun()).await.unwrap();
    later(Duration::from_hours(23)).await;
    assert!(trial.openid.begin(&begun()).await.is_err());
}

#[tokio::test]
async fn a_code_that_is_refused_is_told_without_what_was_sent() {
    let trial = Trial::new().await;
    let told = format!(
        "AADSTS54005: the-code was redeemed, with s~ecret of/ours and {VERIFIER} <b>\u{1b}[2J"
    );
    let body = json!({"error": "invalid_grant", "error_description": told}).to_string();
    for (status, body, words) in [
        (400, body, "`invalid_grant` AADSTS54005"),
        (302, String::new(), "302"),
        (200, "{\"access_token\":\"x\"}".to_owned(), "id_token"),
        (200, "[]".to_owned(), "id_token"),
    ] {
        trial.turn(|script| {
            script.instead = Some(("/token", status, "application/json", body));
        });
        let failed = trial.finish().await.unwrap_err();
        assert!(matches!(failed, OpenIdError::Exchange(_)), "{failed:?}");
        let failed = failed.to_string();
        assert!(failed.contains(words), "{failed}");
        for secret in ["the-code", "s~ecret", VERIFIER, "\u{1b}"] {
            assert!(!failed.contains(secret), "{failed}");
        }
    }
}

#[tokio::test]
async fn a_browser_that_comes_from_another_issuer_brings_its_code_to_nobody() {
    let trial = Trial::new().await;
    trial.turn(|script| {
        script.token = usual(&claims(&trial.server.url));
        script.metadata = json!({"authorization_response_iss_parameter_supported": true});
    });
    for other in [Some("https://evil.example"), None] {
        let refused = trial.finish_as(&begun(), other).await;
        assert_eq!(refused, Err(OpenIdError::OtherIssuer));
    }
    assert_eq!(trial.asked("/token").len(), 0);
    let own = trial.server.url.clone();
    trial.finish_as(&begun(), Some(&own)).await.unwrap();
}

#[tokio::test]
async fn roles_are_found_in_an_object_and_groups_that_are_too_many_are_missed() {
    let with_claim = |claim: &'static str| {
        Trial::of(move |url| Application::new(url, &[], CLIENT, REDIRECT, claim).unwrap())
    };
    let trial = with_claim("realm_access.roles").await;
    let mut told = trial.claims();
    told["realm_access"] = json!({"roles": ["a", 7, "", "b"]});
    trial.turn(|script| script.token = usual(&told));
    assert_eq!(trial.finish().await.unwrap().values, ["a", "b"]);
    let trial = with_claim("groups").await;
    let mut told = trial.claims();
    told["_claim_names"] = json!({"groups": "src1"});
    trial.turn(|script| script.token = usual(&told));
    let who = trial.finish().await.unwrap();
    assert!(who.is_cut_short && who.values.is_empty());
    told["groups"] = json!("one");
    told["preferred_username"] = json!("ann\u{202e}@contoso.example");
    trial.turn(|script| script.token = usual(&told));
    let who = trial.finish().await.unwrap();
    assert_eq!(who.values, ["one"]);
    assert!(!who.name.contains('\u{202e}'), "{}", who.name);
}

/// Lets time pass, as the keeping of answers counts it.
async fn later(by: Duration) {
    tokio::time::pause();
    tokio::time::advance(by).await;
    tokio::time::resume();
}
