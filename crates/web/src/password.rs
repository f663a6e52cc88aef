//! Passwords: what they must be, and their slow digests (argon2id).

use crate::error::WebError;
use crate::keys::random_bytes;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// The shortest password, in characters.
const SHORTEST: usize = 12;
/// The longest: a longer one would only keep the machine busy.
const LONGEST: usize = 256;

/// A digest that no password has, of the same cost as any.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Returns why a password will not do, in words for whoever chose it.
pub(crate) fn fault(password: &str, again: &str, name: &str) -> Option<&'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some("The password needs twelve characters or more.");
    }
    if length > LONGEST {
        return Some("The password has more than 256 characters.");
    }
    if password != again {
        return Some("The two passwords are not the same.");
    }
    let first = password.chars().next();
    let is_monotonous = password.chars().all(|one| Some(one) == first);
    if is_monotonous || (!name.is_empty() && password.to_lowercase().contains(name)) {
        return Some(
            "The password is too easy to guess: it repeats one character or holds the name.",
        );
    }
    None
}

/// Returns the digest of a password.
pub(crate) fn digest(password: &str) -> Result<String, WebError> {
    let salt = SaltString::encode_b64(&random_bytes::<16>()?).map_err(|_| WebError::Password)?;
    let digest = argon2().hash_password(password.as_bytes(), &salt);
    Ok(digest.map_err(|_| WebError::Password)?.to_string())
}

/// Returns whether a password has this digest. It takes as long where there is no digest, so that
/// nobody learns from the time which names there are.
pub(crate) fn is_right(password: &str, digest: &str) -> bool {
    let is_there = !digest.is_empty();
    let Ok(digest) = PasswordHash::new(if is_there { digest } else { NOBODYS }) else {
        return false;
    };
    let password = password.get(..LONGEST * 4).unwrap_or(password).as_bytes();
    argon2().verify_password(password, &digest).is_ok() && is_there
}

/// What OWASP's "Password Storage" asks for: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_digest() {
        let kept = digest("correct horse battery").expect("digested");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right("correct horse battery", &kept));
        assert!(!is_right("correct horse batterz", &kept));
        assert!(!is_right("anything", ""));
        assert!(!is_right("anything", "no digest"));
        assert!(PasswordHash::new(NOBODYS).is_ok(), "it costs as much");
    }

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        let fault = |password: &str| fault(password, password, "ann");
        assert!(fault("short").is_some());
        assert!(fault("aaaaaaaaaaaaaaaa").is_some());
        assert!(fault("my name is ANN!!").is_some());
        assert!(fault("correct horse battery").is_none());
        assert!(super::fault("correct horse battery", "other", "ann").is_some());
    }
}
