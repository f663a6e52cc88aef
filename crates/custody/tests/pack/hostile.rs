//! Zips made to hurt whoever reads them.

use crate::specimen::{check, difference, pack, place, repacked, unpacked, verified};
use custody::What;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn planted(name: &str) -> Vec<u8> {
    let mut files = unpacked(&pack());
    files.push((name.to_owned(), b"planted".to_vec()));
    repacked(&files)
}

#[test]
fn names_that_leave_the_folder_are_files_that_were_added() {
    for (name, seen) in [
        ("../../etc/passwd", "../../etc/passwd"),
        ("/etc/passwd", "/etc/passwd"),
        ("C:\\planted.exe", "C:\\planted.exe"),
        ("\x1b[2Jgone", "<U+001B>[2Jgone"),
    ] {
        check(&planted(name), seen, What::Added, "not among");
    }
}

/// Gives an entry another name of the same length, in both of its headers.
fn renamed(pack: &[u8], from: &str, to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut renamed = pack.to_vec();
    let place = place(pack, from);
    renamed[place.start + 30..place.start + 30 + to.len()].copy_from_slice(to);
    renamed[place.listed + 46..place.listed + 46 + to.len()].copy_from_slice(to);
    renamed
}

#[test]
fn two_files_of_one_name_are_found() {
    let doubled = planted("raw/two.jso_");
    let doubled = renamed(&doubled, "raw/two.jso_", b"raw/two.json");
    check(&doubled, "raw/two.json", What::Added, "more than one");
    let doubled = planted("manifest.jso_");
    let doubled = renamed(&doubled, "manifest.jso_", b"manifest.json");
    check(&doubled, "manifest.json", What::Added, "more than one");
}

#[test]
fn a_name_that_is_no_text_is_shown() {
    let odd = renamed(&pack(), "empty.jsonl", b"\xff\xfe\x1b[2J.json");
    let found = difference(&odd);
    assert_eq!((&*found.file, found.what), ("empty.jsonl", What::Missing));
    assert_eq!(verified(&odd).further, 1);
}

/// A pack in which one file unpacks to far more than it may have.
fn bomb(name: &str, size_bytes: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in unpacked(&pack()) {
        let options = SimpleFileOptions::default().compression_level(Some(1));
        zip.start_file(&path, options).expect("begun");
        if path != name {
            zip.write_all(&content).expect("written");
            continue;
        }
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..size_bytes >> 20 {
            zip.write_all(&zeros).expect("written");
        }
    }
    zip.finish().expect("finished").into_inner()
}

#[test]
fn a_bomb_is_unpacked_no_further_than_the_file_may_be_large() {
    let file = bomb("raw/two.json", 8 << 20);
    check(
        &file,
        "raw/two.json",
        What::Unreadable,
        "larger than the 45",
    );
    let key = bomb("public_key.pem", 8 << 20);
    check(&key, "public_key.pem", What::Unreadable, "larger than");
    let manifest = bomb("manifest.json", 129 << 20);
    check(&manifest, "manifest.json", What::Unreadable, "larger than");
}

#[test]
fn a_size_that_is_a_lie_is_found() {
    let pack = pack();
    let place = place(&pack, "messages.csv");
    // Offsets of the packed and the unpacked size in a header of the directory.
    for (at, lie) in [(20, 0_u32), (20, 0x7fff_ffff), (24, 0), (24, 0x7fff_ffff)] {
        let mut lying = pack.clone();
        lying[place.listed + at..place.listed + at + 4].copy_from_slice(&lie.to_le_bytes());
        let _ = difference(&lying);
    }
}

#[test]
fn entries_that_share_their_data_are_refused() {
    let mut overlapping = pack();
    let length = overlapping.len() as u32;
    for name in ["messages.csv", "raw/two.json"] {
        let place = place(&overlapping, name);
        let packed = place.listed + 20..place.listed + 24;
        overlapping[packed].copy_from_slice(&(length - 200).to_le_bytes());
    }
    let found = difference(&overlapping);
    assert_eq!(found.what, What::Unreadable, "{found}");
    assert!(found.detail.contains("overlap"), "{found}");
}

#[test]
fn an_encrypted_file_cannot_be_read() {
    let mut locked = pack();
    let place = place(&locked, "messages.csv");
    locked[place.start + 6] |= 1;
    locked[place.listed + 8] |= 1;
    let found = difference(&locked);
    assert_eq!(
        (&*found.file, found.what),
        ("messages.csv", What::Unreadable)
    );
}

#[test]
fn an_unknown_packing_cannot_be_read() {
    let mut odd = pack();
    let place = place(&odd, "messages.csv");
    odd[place.start + 8] = 14;
    odd[place.listed + 10] = 14;
    let found = difference(&odd);
    assert_eq!(
        (&*found.file, found.what),
        ("messages.csv", What::Unreadable)
    );
}

#[test]
fn a_directory_that_claims_too_many_entries_is_no_zip() {
    let pack = pack();
    let end = pack
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .expect("the end of the directory");
    for count in [0_u16, 1, 0xfffe, 0xffff] {
        let mut lying = pack.clone();
        lying[end + 8..end + 10].copy_from_slice(&count.to_le_bytes());
        lying[end + 10..end + 12].copy_from_slice(&count.to_le_bytes());
        let _ = difference(&lying);
    }
}

#[test]
fn places_beyond_all_bounds_are_a_fault_of_the_pack() {
    let mut lost = pack();
    let place = place(&lost, "messages.csv");
    lost[place.listed + 42..place.listed + 46].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    let found = difference(&lost);
    assert_eq!(
        (&*found.file, found.what),
        ("messages.csv", What::Unreadable)
    );
}

#[test]
fn stored_files_and_large_headers_are_read_as_well() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in unpacked(&pack()) {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(true);
        zip.start_file(path, options).expect("begun");
        zip.write_all(&content).expect("written");
    }
    let stored = zip.finish().expect("finished").into_inner();
    check(&stored, "the container", What::Repacked, "hold");
}
