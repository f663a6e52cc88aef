//! Whether a pack's manifest is signed, and by whom.
//!
//! The manifest is not even parsed before its signature holds.

use crate::difference::{Difference, What};
use crate::digest::{Digest, FileDigest};
use crate::directory::{Archive, OwnFile, OwnFiles};
use crate::key::{Fingerprint, PublicKey};
use crate::manifest::Manifest;
use crate::path::{MANIFEST, PUBLIC_KEY, SIGNATURE};
use crate::stamp::{SignedStamp, Stamp};

/// The three files that prove a pack, as they were read.
pub(crate) struct Proof {
    manifest: Part,
    signature: Part,
    key_text: Vec<u8>,
    /// The key in the pack.
    pub(crate) key: PublicKey,
}

struct Part {
    bytes: Vec<u8>,
    /// Where its entry begins.
    start: u64,
}

/// A manifest whose signature holds.
pub(crate) struct Signed {
    pub(crate) manifest: Manifest,
    /// What the pack's end says, if the same key signed it.
    pub(crate) stamp: Option<Stamp>,
    /// What `SHA256SUMS` has to be.
    pub(crate) sums: FileDigest,
}

impl Proof {
    /// Takes the three files as far as they are there and can be read.
    pub(crate) fn new(own: OwnFiles) -> Result<Self, Difference> {
        let manifest = part(MANIFEST, own.manifest)?;
        let key_text = part(PUBLIC_KEY, own.public_key)?.bytes;
        let signature = part(SIGNATURE, own.signature)?;
        let key = std::str::from_utf8(&key_text)
            .ok()
            .and_then(|text| PublicKey::from_pem(text).ok())
            .ok_or_else(|| {
                Difference::of(
                    PUBLIC_KEY,
                    What::Changed,
                    "it is no Ed25519 public key in PEM",
                )
            })?;
        Ok(Self {
            manifest,
            signature,
            key_text,
            key,
        })
    }

    /// Checks the signature, the key and the manifest, in this order.
    pub(crate) fn check(
        self,
        stamp: Option<&SignedStamp>,
        trusted: Option<&Fingerprint>,
        archive: &mut Archive<'_, '_>,
    ) -> Result<Signed, Difference> {
        let stamp = stamp.and_then(|stamp| stamp.signed_by(&self.key));
        if !self.holds() {
            return Err(self.suspect(stamp.as_ref(), archive));
        }
        let fingerprint = self.key.fingerprint();
        if let Some(trusted) = trusted.filter(|trusted| **trusted != fingerprint) {
            let detail = format!("the pack is signed with {fingerprint}, trusted is {trusted}");
            return Err(Difference::of(PUBLIC_KEY, What::WrongKey, detail));
        }
        let bytes = &self.manifest.bytes;
        let manifest = Manifest::read(bytes)
            .map_err(|reason| Difference::of(MANIFEST, What::Unreadable, reason))?;
        if manifest.key_fingerprint != fingerprint.digest() {
            let detail = "it names another key than the one that signed it";
            return Err(Difference::of(MANIFEST, What::NotSigned, detail));
        }
        let sums = manifest.sums_digest(bytes, &self.signature.bytes);
        Ok(Signed {
            manifest,
            stamp,
            sums,
        })
    }

    fn holds(&self) -> bool {
        <&[u8; 64]>::try_from(&*self.signature.bytes)
            .is_ok_and(|signature| self.key.signed(&self.manifest.bytes, signature))
    }

    /// Three files do not fit one another: this tells which of them was changed, as far as
    /// the pack's end or the manifest's own list can tell.
    fn suspect(&self, stamp: Option<&Stamp>, archive: &mut Archive<'_, '_>) -> Difference {
        let detail = "it is not the one that was signed";
        if let Some([manifest, signature, _]) = stamp.map(|stamp| &stamp.entries) {
            if !archive.is_as_sealed(self.manifest.start, manifest) {
                return Difference::of(MANIFEST, What::Changed, detail);
            }
            if !archive.is_as_sealed(self.signature.start, signature) {
                return Difference::of(SIGNATURE, What::Changed, detail);
            }
        }
        let listed = Manifest::read(&self.manifest.bytes).ok();
        let listed_key = listed.and_then(|manifest| Some(manifest.pack_files.get(1)?.sha256));
        if listed_key.is_some_and(|listed| listed != Digest::of(&self.key_text)) {
            return Difference::of(PUBLIC_KEY, What::Changed, "it is not the one that signed");
        }
        let detail = "it is no signature of manifest.json by the key in the pack";
        Difference::of(SIGNATURE, What::NotSigned, detail)
    }
}

fn part(name: &str, file: Option<OwnFile>) -> Result<Part, Difference> {
    let Some(OwnFile { content, start }) = file else {
        let detail = "every evidence pack has it at the top of the zip";
        return Err(Difference::of(name, What::Missing, detail));
    };
    match content {
        Ok(bytes) => Ok(Part { bytes, start }),
        Err(reason) => Err(Difference::of(name, What::Unreadable, reason)),
    }
}
