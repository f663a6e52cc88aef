//! A password on its way: made, sent, shown once, and never written down.

use model::Change;
use std::fmt;

/// A secret: it cannot be printed, compared or copied by accident.
pub struct Secret(String);

/// The letters of a made password, without those that are mistaken for one another.
const KINDS: [&[u8]; 4] = [
    b"ABCDEFGHJKLMNPQRSTUVWXYZ",
    b"abcdefghijkmnopqrstuvwxyz",
    b"23456789",
    b"!#%+-=?@",
];

impl Secret {
    /// How many random bytes [`made`](Self::made) takes.
    pub const ENTROPY: usize = 24;

    /// Takes a secret that exists already.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Makes a password of 24 letters, all four kinds among them, from random bytes.
    #[must_use]
    pub fn made(entropy: &[u8; Self::ENTROPY]) -> Self {
        let all = KINDS.concat();
        let letter = |at: usize, byte: u8| {
            // One of each kind, so that no policy on the kinds of letters refuses it.
            let kind = KINDS.get(at / 6).filter(|_| at.is_multiple_of(6));
            let letters = kind.copied().unwrap_or(&all);
            char::from(letters[usize::from(byte) % letters.len()])
        };
        let letters = entropy.iter().enumerate();
        Self(letters.map(|(at, byte)| letter(at, *byte)).collect())
    }

    /// Hands the secret to whoever shows it to a person, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// A request that holds a secret: it can be sent, and not printed.
pub struct Sealed(Change);

impl Sealed {
    /// Seals a request.
    #[must_use]
    pub(crate) fn new(change: Change) -> Self {
        Self(change)
    }

    /// Hands the request to whoever sends it. It is not to be printed, logged or kept.
    #[must_use]
    pub fn open(&self) -> &Change {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, path) = (self.0.verb.name(), &self.0.path);
        write!(f, "{verb} {path} [hidden]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_made_password_has_every_kind_of_letter(entropy: [u8; Secret::ENTROPY]) {
            let secret = Secret::made(&entropy);
            let text = secret.reveal();
            prop_assert_eq!(text.len(), Secret::ENTROPY);
            for kind in KINDS {
                prop_assert!(text.bytes().any(|byte| kind.contains(&byte)));
            }
            prop_assert_eq!(format!("{secret:?}"), "[hidden]");
        }
    }
}
