//! Ed25519 keys: the one that signs a pack, the one that checks it, and its fingerprint.
//!
//! Keys come as bytes: where they are kept and how they are made is not known here.

use crate::digest::{Digest, unhex};
use crate::error::CustodyError;
use ed25519_dalek::Signer;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePublicKey, EncodePublicKey};
use std::fmt;
use std::str::FromStr;

/// How many bytes a signature has.
pub(crate) const SIGNATURE_BYTES: usize = 64;

/// The secret key that a pack is signed with.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public key that a pack's signatures are checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

/// The SHA-256 of a public key's 32 bytes: short enough to be compared by telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(Digest);

impl SigningKey {
    /// Returns the key that the 32 secret bytes stand for.
    #[must_use]
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret))
    }

    /// Returns the public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([hidden])")
    }
}

impl PublicKey {
    /// Returns the key in PEM, as OpenSSL reads it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem(&self.0)
    }

    /// Reads a key in PEM.
    pub fn from_pem(text: &str) -> Result<Self, CustodyError> {
        ed25519_dalek::VerifyingKey::from_public_key_pem(text)
            .map(Self)
            .map_err(|_| CustodyError::PublicKey)
    }

    /// Returns the key's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Digest::of(self.0.as_bytes()))
    }

    /// Strictly: a signature has one spelling, and keys for which anything verifies are refused.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

fn pem(key: &ed25519_dalek::VerifyingKey) -> String {
    key.to_public_key_pem(LineEnding::LF)
        .expect("a public key of fixed size always has a PEM form")
}

impl Fingerprint {
    pub(crate) fn digest(self) -> Digest {
        self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Fingerprint {
    type Err = CustodyError;

    /// Reads a fingerprint as people write it: in either case, with spaces or colons between.
    fn from_str(text: &str) -> Result<Self, CustodyError> {
        let digits: String = text
            .chars()
            .filter(|letter| !matches!(letter, ' ' | ':'))
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        let bytes: [u8; 32] = unhex(&digits).ok_or(CustodyError::Fingerprint)?;
        Ok(Self(Digest::from_bytes(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_vector_of_rfc_8032_is_signed_as_it_says() {
        let secret = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let key = SigningKey::from_bytes(&secret.expect("hexadecimal"));
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let public: [u8; 32] = unhex(public).expect("hexadecimal");
        assert_eq!(key.public().fingerprint(), Fingerprint(Digest::of(&public)));
        assert_eq!(
            key.sign(b""),
            unhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
                .expect("hexadecimal")
        );
    }

    #[test]
    fn a_secret_is_not_printed() {
        let key = SigningKey::from_bytes(&[7; 32]);
        assert_eq!(format!("{key:?}"), "SigningKey([hidden])");
    }

    #[test]
    fn a_public_key_comes_back_from_its_pem() {
        let public = SigningKey::from_bytes(&[7; 32]).public();
        assert_eq!(PublicKey::from_pem(&public.to_pem()).expect("read"), public);
        assert!(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----").is_err());
    }

    #[test]
    fn a_fingerprint_is_read_as_people_write_it() {
        let fingerprint = SigningKey::from_bytes(&[7; 32]).public().fingerprint();
        let written = fingerprint.to_string().to_uppercase();
        let spaced = format!("{} {}:{}", &written[..8], &written[8..10], &written[10..]);
        assert_eq!(spaced.parse::<Fingerprint>().expect("read"), fingerprint);
        assert!("12ab".parse::<Fingerprint>().is_err());
    }
}
