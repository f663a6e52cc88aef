//! Secrets of the pages: one key of the data folder, and what is derived from it.
//!
//! The key never leaves its file and is never used itself: each purpose has a key of its own,
//! derived from it. What the ledger keeps of links, sessions and tokens is their digest.

use crate::error::WebError;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The key of a data folder.
pub(crate) struct Keys {
    key: hmac::Key,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[hidden]")
    }
}

impl Keys {
    /// Opens the key of a data folder, making it when there is none.
    pub(crate) fn open(folder: &Path) -> Result<Self, WebError> {
        let path = folder.join("keys").join("pages.key");
        let failed = |source| WebError::Key {
            path: path.clone(),
            source,
        };
        let secret = match fs::read(&path) {
            Ok(text) => HEXLOWER
                .decode(text.trim_ascii())
                .ok()
                .filter(|secret| secret.len() == 32)
                .ok_or_else(|| failed(io::Error::other("it is not 64 hexadecimal digits")))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secret = random_bytes::<32>()?.to_vec();
                write_new(&path, &HEXLOWER.encode(&secret)).map_err(failed)?;
                secret
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
        })
    }

    /// Returns a secret for a purpose and whom or what it concerns.
    pub(crate) fn derive(&self, purpose: &str, about: &str) -> [u8; 32] {
        let tag = hmac::sign(&self.key, format!("{purpose}\0{about}").as_bytes());
        let mut secret = [0; 32];
        secret.copy_from_slice(tag.as_ref());
        secret
    }

    /// Seals a secret so that only this key opens it, and only for the same owner.
    pub(crate) fn seal(&self, owner: &str, secret: &[u8]) -> Result<String, WebError> {
        let nonce = random_bytes::<NONCE_LEN>()?;
        let mut sealed = secret.to_vec();
        self.sealer()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(owner.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| WebError::Random)?;
        Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat()))
    }

    /// Returns the secret that was sealed for an owner.
    pub(crate) fn unseal(&self, owner: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        if bytes.len() < NONCE_LEN {
            return None;
        }
        let mut secret = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let opened = self
            .sealer()
            .ok()?
            .open_in_place(nonce, Aad::from(owner.as_bytes()), &mut secret)
            .ok()?;
        Some(opened.to_vec())
    }

    fn sealer(&self) -> Result<LessSafeKey, WebError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.derive("seal", ""));
        key.map(LessSafeKey::new).map_err(|_| WebError::Random)
    }
}

/// Returns a secret of 256 bits that nobody can guess, as it stands in a link or a cookie.
pub(crate) fn random() -> Result<String, WebError> {
    Ok(BASE64URL_NOPAD.encode(&random_bytes::<32>()?))
}

/// Returns bytes that nobody can guess.
pub(crate) fn random_bytes<const MANY: usize>() -> Result<[u8; MANY], WebError> {
    let mut bytes = [0; MANY];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| WebError::Random)?;
    Ok(bytes)
}

/// Returns what the ledger keeps of a secret.
pub(crate) fn digest(secret: &str) -> String {
    HEXLOWER.encode(ring::digest::digest(&ring::digest::SHA256, secret.as_bytes()).as_ref())
}

/// Returns whether two texts are equal, in the same time whatever they are.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"compare");
    let tag = hmac::sign(&key, one.as_bytes());
    hmac::verify(&key, other.as_bytes(), tag.as_ref()).is_ok()
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_opens_what_it_sealed_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let sealed = Keys::open(folder.path())
            .expect("a key")
            .seal("ann", b"seed")
            .expect("sealed");
        let again = Keys::open(folder.path()).expect("the same key");
        assert_eq!(again.unseal("ann", &sealed).as_deref(), Some(&b"seed"[..]));
        assert_eq!(again.unseal("eve", &sealed), None);
        assert_eq!(again.unseal("ann", "AAAA"), None);
        assert_ne!(again.derive("a", "b"), again.derive("b", "a"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = folder.path().join("keys/pages.key");
            let mode = fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn secrets_differ_and_are_compared_whole() {
        assert_ne!(random().expect("random"), random().expect("random"));
        assert!(is_same("abc", "abc"));
        assert!(!is_same("abc", "ab"));
    }
}
