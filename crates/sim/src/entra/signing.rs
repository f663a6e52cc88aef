//! The key that signs what is said of a person, and how it is published: any client can check it.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

/// One key for every seed: making one takes longer than telling a world.
static KEY: LazyLock<Option<RsaKeyPair>> = LazyLock::new(|| {
    let der = PrivatePkcs8KeyDer::from_pem_slice(include_bytes!("signing.pem")).ok()?;
    RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).ok()
});

/// The keys as they are published.
pub(super) fn published() -> Value {
    let Some(key) = KEY.as_ref() else {
        return json!({"keys": []});
    };
    let public: PublicKeyComponents<Vec<u8>> = key.public().into();
    let name = name(key);
    json!({"keys": [{
        "kty": "RSA", "use": "sig", "kid": name, "x5t": name,
        "n": URL_SAFE_NO_PAD.encode(&public.n), "e": URL_SAFE_NO_PAD.encode(&public.e),
    }]})
}

/// Signs claims by RS256.
pub(super) fn signed(claims: &Value) -> String {
    let Some(key) = KEY.as_ref() else {
        return String::new();
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({"typ": "JWT", "alg": "RS256", "kid": name(key)});
    let text = format!("{}.{}", part(&head), part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    let made = key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    );
    // A key that is too short for its own digest is none: then nothing is signed.
    made.map_or_else(
        |_| String::new(),
        |()| format!("{text}.{}", URL_SAFE_NO_PAD.encode(&signature)),
    )
}

fn name(key: &RsaKeyPair) -> String {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, key.public().as_ref());
    URL_SAFE_NO_PAD.encode(digest)
}
