//! A chain of statements: each holds the digest of the one before it and is signed, and where the
//! chain ends is signed too. A statement that was changed, taken out, put in, moved or cut off at
//! the end is found; that all of it was made anew is found by whoever wrote down an end.

use crate::digest::{Digest, unhex, write_hex};
use crate::key::{PublicKey, SIGNATURE_BYTES, SigningKey};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// One statement in its place.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Its place, from 1.
    pub number: u64,
    /// When it was made, in microseconds since 1970.
    pub at: i64,
    /// Whom it concerns.
    pub scope: &'a str,
    /// What it says.
    pub body: &'a str,
    /// The digest of the one before; empty for the first.
    pub previous: &'a str,
}

/// What seals a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its digest, in hexadecimal.
    pub digest: String,
    /// The signature over the digest.
    pub signature: String,
}

/// A statement with its seal, as it was kept.
#[derive(Clone, Copy, Debug)]
pub struct SealedLink<'a> {
    /// The statement.
    pub link: Link<'a>,
    /// Its digest as it was kept.
    pub digest: &'a str,
    /// Its signature as it was kept.
    pub signature: &'a str,
}

/// Where a chain ends, as it was kept.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// How many statements there are.
    pub number: u64,
    /// The digest of the last.
    pub digest: &'a str,
    /// The signature over both.
    pub signature: &'a str,
}

/// Where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// There is no statement with this number.
    Missing(u64),
    /// The statement is not what its digest was made of.
    Changed(u64),
    /// The statement does not follow the one before it.
    Unchained(u64),
    /// The signature of the statement is not of this key.
    Unsigned(u64),
    /// The chain ends elsewhere than it was said to.
    End {
        /// With how many statements it should end.
        told: u64,
        /// With how many it does.
        found: u64,
    },
    /// What says where the chain ends is missing, or not signed by this key.
    EndUnsigned,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(number) => write!(f, "entry {number} is missing"),
            Self::Changed(number) => write!(f, "entry {number} was changed"),
            Self::Unchained(number) => {
                write!(f, "entry {number} does not follow the one before it")
            }
            Self::Unsigned(number) => {
                write!(f, "entry {number} is not signed by this folder's key")
            }
            Self::End { told, found } => {
                write!(
                    f,
                    "the chain should end with entry {told} and ends with {found}"
                )
            }
            Self::EndUnsigned => {
                f.write_str("the end of the chain is not signed by this folder's key")
            }
        }
    }
}

impl Link<'_> {
    fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"breachscope act 1\n");
        hasher.update(self.number.to_be_bytes());
        hasher.update(self.at.to_be_bytes());
        for text in [self.scope, self.body, self.previous] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        }
        Digest::finished(hasher).to_string()
    }
}

/// Seals a statement.
#[must_use]
pub fn seal(key: &SigningKey, link: &Link<'_>) -> Seal {
    let digest = link.digest();
    let signature = hex(&key.sign(digest.as_bytes()));
    Seal { digest, signature }
}

/// Signs where a chain ends.
#[must_use]
pub fn seal_end(key: &SigningKey, number: u64, digest: &str) -> String {
    hex(&key.sign(end_text(number, digest).as_bytes()))
}

/// Signatures that were found to be good, so that a chain that grows is checked again without proving
/// each of them anew: a signature costs a thousand times what a digest does, and every digest is made
/// again each time.
#[derive(Clone, Debug, Default)]
pub struct Proven {
    key: Option<PublicKey>,
    /// By digest.
    signatures: BTreeMap<String, String>,
}

impl Proven {
    fn is_signed(&mut self, key: &PublicKey, digest: &str, signature: &str) -> bool {
        if self.key.as_ref() != Some(key) {
            self.key = Some(key.clone());
            self.signatures.clear();
        }
        if self
            .signatures
            .get(digest)
            .is_some_and(|known| known == signature)
        {
            return true;
        }
        let is_good = is_signed(key, digest, signature);
        if is_good {
            self.signatures
                .insert(digest.to_owned(), signature.to_owned());
        }
        is_good
    }
}

/// Returns every place where a chain does not hold; none where it does.
#[must_use]
pub fn breaks<'a>(
    key: &PublicKey,
    links: impl IntoIterator<Item = SealedLink<'a>>,
    end: Option<End<'_>>,
) -> Vec<Break> {
    breaks_beside(key, links, end, &mut Proven::default())
}

/// Returns every place where a chain does not hold; what was proven before is not proven again.
#[must_use]
pub fn breaks_beside<'a>(
    key: &PublicKey,
    links: impl IntoIterator<Item = SealedLink<'a>>,
    end: Option<End<'_>>,
    proven: &mut Proven,
) -> Vec<Break> {
    let mut breaks = Vec::new();
    let (mut number, mut previous) = (0, String::new());
    for sealed in links {
        let link = &sealed.link;
        for missing in number + 1..link.number {
            breaks.push(Break::Missing(missing));
        }
        if link.number <= number || link.number == number + 1 && link.previous != previous {
            breaks.push(Break::Unchained(link.number));
        }
        if link.digest() != sealed.digest {
            breaks.push(Break::Changed(link.number));
        }
        if !proven.is_signed(key, sealed.digest, sealed.signature) {
            breaks.push(Break::Unsigned(link.number));
        }
        number = number.max(link.number);
        sealed.digest.clone_into(&mut previous);
    }
    match end {
        Some(end) => {
            if !is_signed(key, &end_text(end.number, end.digest), end.signature) {
                breaks.push(Break::EndUnsigned);
            }
            if end.number != number || end.digest != previous {
                breaks.push(Break::End {
                    told: end.number,
                    found: number,
                });
            }
        }
        None if number > 0 => breaks.push(Break::EndUnsigned),
        None => {}
    }
    breaks
}

fn end_text(number: u64, digest: &str) -> String {
    format!("breachscope end of acts 1\n{number}\n{digest}")
}

fn is_signed(key: &PublicKey, text: &str, signature: &str) -> bool {
    unhex::<SIGNATURE_BYTES>(signature)
        .is_some_and(|signature| key.signed(text.as_bytes(), &signature))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    // Writing to a text cannot fail.
    let _ = write_hex(bytes, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Kept {
        number: u64,
        body: String,
        previous: String,
        seal: Seal,
    }

    impl Kept {
        fn sealed(&self) -> SealedLink<'_> {
            SealedLink {
                link: Link {
                    number: self.number,
                    at: 7,
                    scope: "contoso",
                    body: &self.body,
                    previous: &self.previous,
                },
                digest: &self.seal.digest,
                signature: &self.seal.signature,
            }
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn chain() -> Vec<Kept> {
        let mut kept: Vec<Kept> = Vec::new();
        for number in 1..=5 {
            let previous = kept.last().map(|last| last.seal.digest.clone());
            let mut one = Kept {
                number,
                body: format!("act {number}"),
                previous: previous.unwrap_or_default(),
                seal: Seal {
                    digest: String::new(),
                    signature: String::new(),
                },
            };
            one.seal = seal(&key(), &one.sealed().link);
            kept.push(one);
        }
        kept
    }

    fn judged(kept: &[Kept], told: u64, digest: &str) -> Vec<Break> {
        let signature = seal_end(&key(), told, digest);
        let end = End {
            number: told,
            digest,
            signature: &signature,
        };
        breaks(&key().public(), kept.iter().map(Kept::sealed), Some(end))
    }

    #[test]
    fn a_chain_that_nobody_touched_holds() {
        let kept = chain();
        assert_eq!(judged(&kept, 5, &kept[4].seal.digest), []);
        assert_eq!(breaks(&key().public(), [], None), []);
    }

    #[test]
    fn what_was_changed_taken_out_moved_or_cut_off_is_found() {
        let whole = chain();
        let last = whole[4].seal.digest.clone();
        let mut changed = whole.clone();
        changed[2].body.push('!');
        assert_eq!(judged(&changed, 5, &last), [Break::Changed(3)]);
        let mut missing = whole.clone();
        missing.remove(2);
        assert_eq!(judged(&missing, 5, &last), [Break::Missing(3)]);
        let mut moved = whole.clone();
        moved.swap(1, 2);
        assert!(judged(&moved, 5, &last).contains(&Break::Unchained(2)));
        let cut = &whole[..4];
        assert_eq!(judged(cut, 5, &last), [Break::End { told: 5, found: 4 }]);
        // Whoever renumbers what is left has to make new digests, and has no key.
        let mut renumbered = whole.clone();
        renumbered.remove(2);
        for (at, one) in renumbered.iter_mut().enumerate() {
            one.number = at as u64 + 1;
        }
        assert!(judged(&renumbered, 4, &last).contains(&Break::Changed(3)));
    }

    #[test]
    fn what_was_proven_before_is_still_found_when_it_is_touched() {
        let whole = chain();
        let last = &whole[4].seal.digest;
        let signature = seal_end(&key(), 5, last);
        let end = End {
            number: 5,
            digest: last,
            signature: &signature,
        };
        let mut proven = Proven::default();
        let mut judged = |kept: &[Kept], key: &SigningKey| {
            let links = kept.iter().map(Kept::sealed);
            breaks_beside(&key.public(), links, Some(end), &mut proven)
        };
        assert_eq!(judged(&whole, &key()), []);
        assert_eq!(judged(&whole, &key()), []);
        let mut changed = whole.clone();
        changed[1].body.push('!');
        assert_eq!(judged(&changed, &key()), [Break::Changed(2)]);
        let mut unsigned = whole.clone();
        unsigned[3].seal.signature = unsigned[2].seal.signature.clone();
        assert_eq!(judged(&unsigned, &key()), [Break::Unsigned(4)]);
        // Another key has proven nothing.
        assert_eq!(judged(&whole, &SigningKey::from_bytes(&[8; 32])).len(), 6);
    }

    #[test]
    fn another_key_signs_nothing_here() {
        let kept = chain();
        let other = SigningKey::from_bytes(&[8; 32]);
        let signature = seal_end(&other, 5, &kept[4].seal.digest);
        let end = End {
            number: 5,
            digest: &kept[4].seal.digest,
            signature: &signature,
        };
        let found = breaks(&key().public(), kept.iter().map(Kept::sealed), Some(end));
        assert_eq!(found, [Break::EndUnsigned]);
        let found = breaks(&other.public(), kept.iter().map(Kept::sealed), Some(end));
        assert_eq!(found.len(), 5);
    }
}
