//! Packs to test with, and the means to damage them.

use custody::{Difference, Fingerprint, Label, Seal, Sealer, SigningKey, Verified, What, verify};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A file of a case.
pub(crate) type Content = (&'static str, Vec<u8>);

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

pub(crate) fn label() -> Label {
    Label {
        title: "Nora Lindqvist, March".to_owned(),
        engine: "breachscope 0.0.0".to_owned(),
        facts: vec![("case".to_owned(), "C-1".to_owned())],
    }
}

/// A small case: text that packs well, bytes that do not, and nothing at all.
pub(crate) fn case() -> Vec<Content> {
    let scattered = (0..97_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8);
    vec![
        ("empty.jsonl", Vec::new()),
        (
            "messages.csv",
            "id,subject\n7,invoice\n".repeat(9).into_bytes(),
        ),
        ("raw/one.json.zst", scattered.collect()),
        (
            "raw/two.json",
            br#"{"Id":"00000000-0000-4000-8000-000000000001"}"#.to_vec(),
        ),
    ]
}

pub(crate) fn sealed<P: AsRef<str>>(files: &[(P, Vec<u8>)]) -> (Vec<u8>, Seal) {
    let mut pack = Vec::new();
    let mut sealer = Sealer::new(&mut pack, label());
    for (path, content) in files {
        sealer
            .file(path.as_ref(), &mut &content[..])
            .expect("a file that can be sealed");
    }
    let seal = sealer.seal(&key()).expect("sealed");
    (pack, seal)
}

pub(crate) fn pack() -> Vec<u8> {
    sealed(&case()).0
}

pub(crate) fn verified(pack: &[u8]) -> Verified {
    verify(&mut Cursor::new(pack), None, &mut |_| {}).expect("bytes in memory can be read")
}

pub(crate) fn verified_by(pack: &[u8], trusted: &Fingerprint) -> Verified {
    verify(&mut Cursor::new(pack), Some(trusted), &mut |_| {}).expect("bytes in memory")
}

pub(crate) fn difference(pack: &[u8]) -> Difference {
    verified(pack).difference.expect("a difference")
}

/// Checks what is said of a pack; the part is of the detail.
pub(crate) fn check(pack: &[u8], file: &str, what: What, part: &str) {
    let found = difference(pack);
    assert_eq!((&*found.file, found.what), (file, what), "{found}");
    assert!(found.detail.contains(part), "{found}");
}

/// Where an entry lies in a pack.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) start: usize,
    pub(crate) data: std::ops::Range<usize>,
    /// Where its header in the directory begins.
    pub(crate) listed: usize,
}

pub(crate) fn places(pack: &[u8]) -> Vec<Place> {
    let mut zip = ZipArchive::new(Cursor::new(pack)).expect("a zip");
    let mut places = Vec::new();
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at).expect("an entry");
        let data = entry.data_start().expect("its data") as usize;
        places.push(Place {
            name: entry.name().expect("text").into_owned(),
            start: entry.header_start() as usize,
            data: data..data + entry.compressed_size() as usize,
            listed: entry.central_header_start() as usize,
        });
    }
    places
}

pub(crate) fn place(pack: &[u8], name: &str) -> Place {
    let mut places = places(pack).into_iter();
    places.find(|place| place.name == name).expect("an entry")
}

pub(crate) fn directory_start(pack: &[u8]) -> usize {
    let zip = ZipArchive::new(Cursor::new(pack)).expect("a zip");
    zip.central_directory_start() as usize
}

/// Every file of a pack, unpacked.
pub(crate) fn unpacked(pack: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(pack)).expect("a zip");
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("unpacked");
        files.push((entry.name().expect("text").into_owned(), content));
    }
    files
}

/// The files in a zip of somebody else's making.
pub(crate) fn repacked(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("begun");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}
