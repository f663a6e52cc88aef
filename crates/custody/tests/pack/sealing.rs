//! What a sealed pack is, and what cannot be sealed.

use crate::specimen::{case, check, key, label, pack, sealed, verified, verified_by};
use custody::{CustodyError, Digest, Label, Sealer, SigningKey, What, verify};
use std::io::{self, Cursor, Read, Write};

#[test]
fn a_sealed_pack_verifies_and_says_what_it_holds() {
    let (pack, seal) = sealed(&case());
    let verified = verified_by(&pack, &seal.key_fingerprint);
    assert_eq!(verified.difference, None);
    assert_eq!(verified.label, Some(label()));
    assert_eq!((verified.files, verified.bytes), (seal.files, seal.bytes));
    assert_eq!(seal.files, 4);
    let bytes: usize = case().iter().map(|(_, content)| content.len()).sum();
    assert_eq!(seal.bytes, bytes as u64);
    assert_eq!(verified.merkle_root, Some(seal.merkle_root));
    assert_eq!(verified.key_fingerprint, Some(seal.key_fingerprint));
    assert_eq!(verified.pack_sha256, seal.pack_sha256);
    assert_eq!(seal.pack_sha256, Digest::of(&pack));
    assert_eq!(seal.pack_bytes, pack.len() as u64);
}

#[test]
fn a_pack_of_nothing_verifies_too() {
    let (pack, seal) = sealed::<&str>(&[]);
    assert_eq!(seal.files, 0);
    assert_eq!(verified(&pack).difference, None);
}

/// Hands out a few bytes at a time, as a pipe does.
struct Dribble<'a>(&'a [u8]);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let some = buffer.len().min(7);
        self.0.read(&mut buffer[..some])
    }
}

#[test]
fn the_same_files_give_the_same_bytes_however_they_are_read() {
    let (first, _) = sealed(&case());
    let mut second = Vec::new();
    let mut sealer = Sealer::new(&mut second, label());
    for (path, content) in case() {
        sealer.file(path, &mut Dribble(&content)).expect("added");
    }
    sealer.seal(&key()).expect("sealed");
    assert!(first == second);
}

#[test]
fn files_over_several_pieces_are_packed_and_packed_ones_hardly_grow() {
    let mut state = 88_172_645_463_325_252_u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    let packed: Vec<u8> = (0..(2 << 20) + 17).map(|_| noise()).collect();
    let text = "id,subject\n7,invoice\n".repeat(100_000).into_bytes();
    let (most, text_bytes) = (packed.len() + packed.len() / 100, text.len());
    let (pack, seal) = sealed(&[("large.csv", text), ("large.json.zst", packed)]);
    assert_eq!(verified(&pack).difference, None);
    assert!(
        seal.pack_bytes < (most + text_bytes / 50) as u64,
        "{seal:?}"
    );
}

#[test]
fn another_key_is_seen_only_by_who_trusts_one() {
    let pack = pack();
    let other = SigningKey::from_bytes(&[43; 32]).public().fingerprint();
    let found = verified_by(&pack, &other);
    let difference = found.difference.expect("another key");
    assert_eq!(difference.what, What::WrongKey);
    assert!(difference.detail.contains(&other.to_string()));
    assert_eq!(found.key_fingerprint, Some(key().public().fingerprint()));
    assert_eq!(verified(&pack).difference, None);
}

#[test]
fn more_than_sixty_five_thousand_files_are_sealed_and_verified() {
    let files: Vec<(String, Vec<u8>)> = (0..66_000)
        .map(|at| (format!("raw/{at:05}"), Vec::new()))
        .collect();
    let (mut pack, seal) = sealed(&files);
    let found = verified(&pack);
    assert_eq!((found.difference, found.files), (None, seal.files));
    let middle = pack.len() / 2;
    pack[middle] ^= 1;
    assert!(verified(&pack).difference.is_some());
}

#[test]
fn hostile_names_and_disorder_are_refused() {
    let mut sealer = Sealer::new(io::sink(), Label::default());
    sealer.file("B/c", &mut io::empty()).expect("added");
    for path in [
        "../m",
        "/m",
        "m\n",
        "n\u{202e}",
        "SHA256SUMS",
        "c.",
        "B/c/d",
        "b/C",
    ] {
        let refused = sealer.file(path, &mut io::empty()).expect_err(path);
        assert!(matches!(refused, CustodyError::Path { .. }), "{refused}");
        assert!(!refused.to_string().contains(['\n', '\u{202e}']));
    }
    let late = sealer.file("A", &mut io::empty()).expect_err("too late");
    assert!(matches!(late, CustodyError::Order { .. }), "{late}");
    sealer.seal(&key()).expect("a refused name tears nothing");
}

/// Fails after some bytes, as a disk that is full or broken.
struct Failing(usize);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let some = buffer.len().min(self.0);
        self.0 -= some;
        if some == 0 {
            return Err(io::Error::other("broken"));
        }
        Ok(some)
    }
}

impl Write for Failing {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut scratch = buffer.to_vec();
        self.read(&mut scratch)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_file_that_cannot_be_read_ends_the_sealing() {
    let mut torn = Vec::new();
    let mut sealer = Sealer::new(&mut torn, Label::default());
    let unread = sealer.file("a", &mut Failing(5)).expect_err("unreadable");
    assert!(matches!(unread, CustodyError::Content { .. }), "{unread}");
    let after = sealer.file("b", &mut io::empty()).expect_err("torn");
    assert!(matches!(after, CustodyError::Abandoned), "{after}");
    assert!(matches!(sealer.seal(&key()), Err(CustodyError::Abandoned)));
    assert!(verified(&torn).difference.is_some());
}

#[test]
fn a_writer_that_fails_anywhere_is_told() {
    let whole = pack().len();
    for room in (0..whole).step_by(97) {
        let mut sealer = Sealer::new(Failing(room), label());
        let added = case()
            .iter()
            .try_for_each(|(path, content)| sealer.file(path, &mut &content[..]).map(|_| ()));
        let result = added.and_then(|()| sealer.seal(&key()).map(|_| ()));
        let error = result.expect_err("no room");
        assert!(
            matches!(error, CustodyError::Write { .. }),
            "{room}: {error}"
        );
    }
}

/// A disk that cannot be read from some byte on.
struct Broken {
    bytes: Cursor<Vec<u8>>,
    from: u64,
}

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.position() + buffer.len() as u64 > self.from {
            return Err(io::Error::other("a bad sector"));
        }
        self.bytes.read(buffer)
    }
}

impl io::Seek for Broken {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn a_disk_that_cannot_be_read_is_no_difference_of_the_pack() {
    let from = 40;
    let bytes = Cursor::new(pack());
    let result = verify(&mut Broken { bytes, from }, None, &mut |_| {});
    assert!(matches!(result, Err(CustodyError::Read { .. })));
}

#[test]
fn the_watcher_hears_of_the_whole_way() {
    let (mut last, mut calls) = (0, 0);
    verify(&mut Cursor::new(pack()), None, &mut |progress| {
        assert!(progress.done_bytes >= last && progress.done_bytes <= progress.total_bytes);
        last = progress.done_bytes;
        calls += 1;
    })
    .expect("read");
    assert!(calls > 5 && last > pack().len() as u64);
}

#[test]
fn what_is_no_pack_is_told_as_such() {
    check(b"", "the container", What::Unreadable, "no whole zip");
    check(b"PK", "the container", What::Unreadable, "no whole zip");
    check(
        &vec![b'x'; 100_000],
        "the container",
        What::Unreadable,
        "no whole zip",
    );
    let foreign = crate::specimen::repacked(&[("a.txt".to_owned(), b"a".to_vec())]);
    check(&foreign, "manifest.json", What::Missing, "top of the zip");
}
