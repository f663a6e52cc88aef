//! Verifying: a pack in, the first difference out.

use crate::contents::{Container, Contents};
use crate::difference::Difference;
use crate::digest::Digest;
use crate::directory::Archive;
use crate::error::CustodyError;
use crate::key::Fingerprint;
use crate::manifest::Label;
use crate::signed::{Proof, Signed};
use crate::source::{Bytes, Progress, Source};
use std::io::{Read, Seek};

/// What is known of a pack after every byte of it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the pack says of itself, if its signature holds; hostile text like any other.
    pub label: Option<Label>,
    /// How many files of the case are as they were sealed.
    pub files: u64,
    /// How large those files are together.
    pub bytes: u64,
    /// The Merkle root over the case's files, if the signature of it holds.
    pub merkle_root: Option<Digest>,
    /// The fingerprint of the key in the pack, if there is one.
    pub key_fingerprint: Option<Fingerprint>,
    /// The SHA-256 of the whole pack.
    pub pack_sha256: Digest,
    /// The first thing that differs from what was sealed; with none, no byte does.
    pub difference: Option<Difference>,
    /// How many files differ beside the one that is named.
    pub further: u64,
}

/// Compares a pack with what was sealed, and its key with the trusted one.
///
/// With no trusted key the one in the pack is taken: then somebody has to compare
/// [`Verified::key_fingerprint`] with what the sender said by another channel.
pub fn verify(
    input: &mut (impl Read + Seek),
    trusted: Option<&Fingerprint>,
    watch: &mut dyn FnMut(Progress),
) -> Result<Verified, CustodyError> {
    let mut source = Source::new(input);
    let surveyed = source.survey(watch);
    source.failure()?;
    let bytes = surveyed.map_err(|source| CustodyError::Read { source })?;
    let mut verified = Verified {
        label: None,
        files: 0,
        bytes: 0,
        merkle_root: None,
        key_fingerprint: None,
        pack_sha256: bytes.sha256,
        difference: None,
        further: 0,
    };
    let compared = compare(&mut source, &bytes, trusted, &mut verified, watch);
    source.failure()?;
    if let Err(difference) = compared {
        verified.difference = Some(difference);
    }
    Ok(verified)
}

fn compare(
    source: &mut Source<'_>,
    bytes: &Bytes,
    trusted: Option<&Fingerprint>,
    verified: &mut Verified,
    watch: &mut dyn FnMut(Progress),
) -> Result<(), Difference> {
    let mut archive = Archive::open(source)?;
    let proof = Proof::new(archive.own_files()?)?;
    verified.key_fingerprint = Some(proof.key.fingerprint());
    let signed = proof.check(bytes.stamp.as_ref(), trusted, &mut archive)?;
    verified.label = Some(signed.manifest.label());
    verified.merkle_root = Some(signed.manifest.merkle_root);
    let container = container(&signed, bytes);
    let compared = Contents::compare(&signed, container, &mut archive, bytes.length, watch)?;
    verified.files = compared.files;
    verified.bytes = compared.bytes;
    verified.difference = compared.difference;
    verified.further = compared.further;
    Ok(())
}

fn container(signed: &Signed, bytes: &Bytes) -> Container {
    let is_intact = signed
        .stamp
        .is_some_and(|stamp| stamp.before == bytes.before);
    if is_intact {
        Container::Intact
    } else {
        Container::Differs
    }
}
