//! A password on its way: made, sent, shown once, and never written down.

use model::{Change, Secret};
use std::fmt;

/// The letters of a made password, without those that are mistaken for one another.
const KINDS: [&[u8]; 4] = [
    b"ABCDEFGHJKLMNPQRSTUVWXYZ",
    b"abcdefghijkmnopqrstuvwxyz",
    b"23456789",
    b"!#%+-=?@",
];

/// How many random bytes [`made_password`] takes.
pub const PASSWORD_ENTROPY: usize = 24;

/// Makes a password of 24 letters, all four kinds among them, from random bytes.
#[must_use]
pub fn made_password(entropy: &[u8; PASSWORD_ENTROPY]) -> Secret {
    let all = KINDS.concat();
    let letter = |at: usize, byte: u8| {
        // One of each kind, so that no policy on the kinds of letters refuses it.
        let kind = KINDS.get(at / 6).filter(|_| at.is_multiple_of(6));
        let letters = kind.copied().unwrap_or(&all);
        char::from(letters[usize::from(byte) % letters.len()])
    };
    let letters = entropy.iter().enumerate();
    let password: String = letters.map(|(at, byte)| letter(at, *byte)).collect();
    Secret::from(password)
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
        fn a_made_password_has_every_kind_of_letter(entropy: [u8; PASSWORD_ENTROPY]) {
            let secret = made_password(&entropy);
            let text = secret.reveal();
            prop_assert_eq!(text.len(), PASSWORD_ENTROPY);
            for kind in KINDS {
                prop_assert!(text.bytes().any(|byte| kind.contains(&byte)));
            }
            prop_assert_eq!(format!("{secret:?}"), "[hidden]");
        }
    }
}
