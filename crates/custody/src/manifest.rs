//! The manifest of a pack as it is written: what was sealed, file by file.
//!
//! These types are the wire form and stay in this room. A manifest that is read comes
//! from a stranger: it is believed only after its own parts agree with one another.

use crate::digest::{Digest, FileDigest};
use crate::merkle::{self, MerkleTree};
use crate::path::{self, GUIDE, MANIFEST, PUBLIC_KEY, SIGNATURE};
use crate::recorder::Packed;
use model::shown::shown;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use sha2::Sha256;

/// How large a manifest may be: four hundred thousand files, and an end to what a
/// stranger's pack can make the verifier hold in memory.
pub(crate) const MOST_BYTES: u64 = 128 << 20;

const FORMAT: &str = "breachscope evidence pack";
const VERSION: u32 = 1;

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// What the pack holds, in a few words.
    pub title: String,
    /// Which program in which version found what the files say.
    pub engine: String,
    /// Further facts, as name and value, in this order.
    pub facts: Vec<(String, String)>,
}

/// The manifest itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    format: String,
    version: u32,
    title: String,
    engine: String,
    facts: Vec<Fact>,
    /// The fingerprint of the key that signs this manifest.
    #[serde(with = "hexadecimal")]
    pub(crate) key_fingerprint: Digest,
    file_count: u64,
    total_bytes: u64,
    #[serde(with = "hexadecimal")]
    pub(crate) merkle_root: Digest,
    merkle_method: String,
    /// The case's files, in ascending order of their paths.
    pub(crate) files: Vec<Member>,
    /// The pack's own files that can be listed here: the guide and the public key.
    pub(crate) pack_files: Vec<Member>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    name: String,
    value: String,
}

/// A file of a pack.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) path: String,
    pub(crate) size_bytes: u64,
    #[serde(with = "hexadecimal")]
    pub(crate) sha256: Digest,
    /// How long its entry in the zip is, with its header and what follows its data.
    pub(crate) packed_bytes: u64,
    /// The digest of that entry: packed data can change while it unpacks to the same bytes.
    #[serde(with = "hexadecimal")]
    pub(crate) packed_sha256: Digest,
}

/// What is read of any version, to be able to say that it is another one.
#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u32,
}

impl Manifest {
    /// Draws up the manifest of the files.
    pub(crate) fn new(
        label: Label,
        key_fingerprint: Digest,
        files: Vec<Member>,
        pack_files: Vec<Member>,
    ) -> Self {
        let facts = label.facts.into_iter();
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            title: label.title,
            engine: label.engine,
            facts: facts.map(|(name, value)| Fact { name, value }).collect(),
            key_fingerprint,
            file_count: files.len() as u64,
            total_bytes: total_bytes(&files),
            merkle_root: merkle_root(&files),
            merkle_method: merkle::METHOD.to_owned(),
            files,
            pack_files,
        }
    }

    /// Reads a manifest, or says why it cannot be believed.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let kind: Kind = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
        if kind.format != FORMAT || kind.version != VERSION {
            let format = shown(&kind.format).into_owned();
            return Err(format!(
                "it is version {} of `{format}`, and version {VERSION} of `{FORMAT}` is read here",
                kind.version
            ));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
        match manifest.contradiction() {
            None => Ok(manifest),
            Some(contradiction) => Err(contradiction),
        }
    }

    fn contradiction(&self) -> Option<String> {
        let own: Vec<&str> = self.pack_files.iter().map(|file| &*file.path).collect();
        if own != [GUIDE, PUBLIC_KEY] {
            return Some("it does not list the pack's own files".to_owned());
        }
        if let Some(pair) = self
            .files
            .windows(2)
            .find(|pair| pair[0].path >= pair[1].path)
        {
            let late = shown(&pair[1].path);
            return Some(format!("it lists `{late}` out of order or twice"));
        }
        for file in &self.files {
            if let Some(fault) = path::fault(&file.path) {
                return Some(format!("it lists `{}`: {fault}", shown(&file.path)));
            }
        }
        let counts = (self.files.len() as u64, total_bytes(&self.files));
        if counts != (self.file_count, self.total_bytes) {
            return Some("its counts do not follow from its list of files".to_owned());
        }
        let root_follows =
            self.merkle_method == merkle::METHOD && self.merkle_root == merkle_root(&self.files);
        (!root_follows).then(|| "its Merkle root does not follow from its list of files".to_owned())
    }

    /// Returns the bytes that are signed and written.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .expect("text and numbers with text for keys always have a JSON form");
        bytes.push(b'\n');
        bytes
    }

    /// Returns what the pack says of itself.
    pub(crate) fn label(&self) -> Label {
        let facts = self.facts.iter();
        Label {
            title: self.title.clone(),
            engine: self.engine.clone(),
            facts: facts
                .map(|fact| (fact.name.clone(), fact.value.clone()))
                .collect(),
        }
    }

    /// Returns every listed file, the case's first, in the order in which they are packed.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Member> {
        self.files.iter().chain(&self.pack_files)
    }

    /// Returns the listed file at the place, counted as [`Self::members`] does.
    pub(crate) fn member(&self, place: usize) -> Option<&Member> {
        match place.checked_sub(self.files.len()) {
            None => self.files.get(place),
            Some(own) => self.pack_files.get(own),
        }
    }

    /// Returns the place of the path, counted as [`Self::members`] does.
    pub(crate) fn place_of(&self, path: &[u8]) -> Option<usize> {
        let among_files = self
            .files
            .binary_search_by(|file| file.path.as_bytes().cmp(path));
        among_files.ok().or_else(|| {
            let own = self.pack_files.iter();
            let at = own.clone().position(|file| file.path.as_bytes() == path)?;
            Some(self.files.len() + at)
        })
    }

    /// Returns what `SHA256SUMS` is known by, without holding it in memory.
    pub(crate) fn sums_digest(&self, manifest: &[u8], signature: &[u8]) -> FileDigest {
        let mut hasher = Sha256::new();
        let mut size_bytes = 0;
        self.sums(manifest, signature, &mut |line| {
            hasher.update(line);
            size_bytes += line.len() as u64;
        });
        FileDigest {
            size_bytes,
            sha256: Digest::finished(hasher),
        }
    }

    /// Gives each line of `SHA256SUMS`, with its line end.
    pub(crate) fn sums(&self, manifest: &[u8], signature: &[u8], line: &mut dyn FnMut(&str)) {
        for file in self.members() {
            line(&format!("{}  {}\n", file.sha256, file.path));
        }
        line(&format!("{}  {MANIFEST}\n", Digest::of(manifest)));
        line(&format!("{}  {SIGNATURE}\n", Digest::of(signature)));
    }
}

impl Member {
    /// Returns what the file's content is known by.
    pub(crate) fn content(&self) -> FileDigest {
        FileDigest {
            size_bytes: self.size_bytes,
            sha256: self.sha256,
        }
    }

    /// Returns how the file lies in the zip.
    pub(crate) fn packed(&self) -> Packed {
        Packed {
            bytes: self.packed_bytes,
            sha256: self.packed_sha256,
        }
    }

    /// Returns the line of a file from what was read and what was written of it.
    pub(crate) fn new(path: String, content: FileDigest, packed: Packed) -> Self {
        Self {
            path,
            size_bytes: content.size_bytes,
            sha256: content.sha256,
            packed_bytes: packed.bytes,
            packed_sha256: packed.sha256,
        }
    }
}

/// Saturating, because a stranger's sizes may be any numbers.
pub(crate) fn total_bytes(files: &[Member]) -> u64 {
    files
        .iter()
        .fold(0, |total, file| total.saturating_add(file.size_bytes))
}

fn merkle_root(files: &[Member]) -> Digest {
    let mut tree = MerkleTree::default();
    for file in files {
        tree.add(&file.path, &file.sha256);
    }
    tree.root()
}

fn told(error: &serde_json::Error) -> String {
    format!("it is no manifest: {}", shown(&error.to_string()))
}

/// Digests as the 64 digits that the pack's readers see elsewhere.
mod hexadecimal {
    use super::Digest;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::borrow::Cow;

    pub(super) fn serialize<S: Serializer>(digest: &Digest, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(digest)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Digest, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Digest::from_hex(&text).ok_or_else(|| D::Error::custom("a digest has 64 digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(path: &str) -> Member {
        Member {
            path: path.to_owned(),
            size_bytes: 3,
            sha256: Digest::of(path.as_bytes()),
            packed_bytes: 5,
            packed_sha256: Digest::of(b"packed"),
        }
    }

    fn manifest() -> Manifest {
        Manifest::new(
            Label::default(),
            Digest::of(b"key"),
            vec![member("a.csv"), member("raw/b.json")],
            vec![member(GUIDE), member(PUBLIC_KEY)],
        )
    }

    fn fault(change: impl FnOnce(&mut Manifest)) -> String {
        let mut changed = manifest();
        change(&mut changed);
        Manifest::read(&changed.to_bytes()).expect_err("a contradiction")
    }

    #[test]
    fn a_manifest_comes_back_as_it_was_written() {
        let bytes = manifest().to_bytes();
        let back = Manifest::read(&bytes).expect("read");
        assert_eq!(back.to_bytes(), bytes);
        for (place, member) in back.members().enumerate() {
            assert_eq!(back.place_of(member.path.as_bytes()), Some(place));
            assert_eq!(
                back.member(place).map(|found| &found.path),
                Some(&member.path)
            );
        }
        assert_eq!(back.place_of(b"c.csv"), None);
        assert!(back.member(4).is_none());
    }

    #[test]
    fn a_manifest_that_contradicts_itself_is_not_believed() {
        assert!(fault(|it| it.files.swap(0, 1)).contains("out of order"));
        assert!(fault(|it| it.files.push(member("raw/b.json"))).contains("twice"));
        assert!(fault(|it| it.files.insert(0, member("../a"))).contains("../a"));
        assert!(fault(|it| it.file_count = 3).contains("counts"));
        assert!(fault(|it| it.files[0].size_bytes = u64::MAX).contains("counts"));
        assert!(fault(|it| it.files[0].sha256 = Digest::of(b"")).contains("Merkle"));
        assert!(fault(|it| it.merkle_method.clear()).contains("Merkle"));
        assert!(fault(|it| it.pack_files.clear()).contains("own files"));
        assert!(fault(|it| it.version = 2).contains("version 2"));
        assert!(fault(|it| it.format = "\x1b[2J".to_owned()).contains("<U+001B>"));
    }

    #[test]
    fn what_is_no_manifest_is_told_as_such() {
        for text in [
            "",
            "{}",
            "[]",
            "[[[[[[",
            "{\"format\":\"\\u001b\",\"version\":1}",
        ] {
            assert!(Manifest::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
