//! Every way to damage a pack, and that each is found and named.

use crate::specimen::{
    Place, case, check, difference, directory_start, key, label, pack, place, places, repacked,
    sealed, unpacked, verified,
};
use custody::{Digest, Sealer, SigningKey, What};

#[test]
fn every_changed_byte_is_found_and_named() {
    let pack = pack();
    let places = places(&pack);
    let mut changed = pack.clone();
    for at in 0..pack.len() {
        for flip in [0x01, 0x80] {
            changed[at] ^= flip;
            let found = difference(&changed);
            if let Some(place) = places.iter().find(|place| place.data.contains(&at)) {
                assert_eq!(found.file, place.name, "byte {at} ^ {flip}: {found}");
            }
            changed[at] = pack[at];
        }
    }
}

#[test]
fn every_cut_is_found() {
    let pack = pack();
    for length in 0..pack.len() {
        let found = difference(&pack[..length]);
        assert_eq!(found.file, "the container", "{length} bytes: {found}");
    }
}

#[test]
fn bytes_before_behind_and_between_are_found() {
    let pack = pack();
    for extra in [&b"x"[..], b"\0\0\0\0", &[b'P'; 9_000]] {
        let behind = [&pack[..], extra].concat();
        assert_eq!(difference(&behind).file, "the container");
        let before = [extra, &pack[..]].concat();
        assert_eq!(difference(&before).file, "the container");
    }
    let twice = [&pack[..], &pack[..]].concat();
    assert_eq!(difference(&twice).file, "the container");
    let gap = directory_start(&pack);
    let mut between = pack;
    between.splice(gap..gap, *b"hidden");
    assert_eq!(difference(&between).file, "the container");
}

/// Lays the entries in another order; the directory follows suit or stays as it was.
fn rearranged(pack: &[u8], order: &[usize], directory_too: bool) -> Vec<u8> {
    let places = places(pack);
    let directory = directory_start(pack);
    let end = |at: usize, of: &dyn Fn(&Place) -> usize, last| places.get(at + 1).map_or(last, of);
    let mut moved = Vec::new();
    let mut starts = vec![0; places.len()];
    for &at in order {
        starts[at] = moved.len() as u32;
        moved.extend(&pack[places[at].start..end(at, &|place| place.start, directory)]);
    }
    let listed_end = places[places.len() - 1].listed + 46 + "SHA256SUMS".len();
    let straight: Vec<usize> = (0..places.len()).collect();
    for &at in if directory_too { order } else { &straight } {
        let listed = &pack[places[at].listed..end(at, &|place| place.listed, listed_end)];
        let mut listed = listed.to_vec();
        listed[42..46].copy_from_slice(&starts[at].to_le_bytes());
        moved.extend(listed);
    }
    moved.extend(&pack[listed_end..]);
    moved
}

#[test]
fn two_files_that_changed_places_are_named() {
    let pack = pack();
    let straight: Vec<usize> = (0..places(&pack).len()).collect();
    assert!(rearranged(&pack, &straight, true) == pack);
    let mut order = straight;
    order.swap(1, 2);
    for directory_too in [true, false] {
        let swapped = rearranged(&pack, &order, directory_too);
        check(&swapped, "messages.csv", What::Reordered, "another place");
    }
}

#[test]
fn swapped_contents_are_a_change_of_the_first() {
    let mut files = unpacked(&pack());
    let content = files[1].1.clone();
    files[1].1 = std::mem::replace(&mut files[3].1, content);
    let found = verified(&repacked(&files));
    let difference = found.difference.expect("changed");
    assert_eq!(
        (&*difference.file, difference.what),
        ("messages.csv", What::Changed)
    );
    assert_eq!((found.files, found.further), (2, 1));
}

#[test]
fn an_added_and_a_removed_file_are_named() {
    let files = unpacked(&pack());
    let mut more = files.clone();
    more.push(("raw/planted\u{202e}.json".to_owned(), b"{}".to_vec()));
    check(
        &repacked(&more),
        "raw/planted<U+202E>.json",
        What::Added,
        "not among",
    );
    for (at, (name, _)) in files.iter().enumerate() {
        let mut fewer = files.clone();
        fewer.remove(at);
        assert_eq!(difference(&repacked(&fewer)).file, *name);
        assert_eq!(difference(&repacked(&fewer)).what, What::Missing);
    }
}

#[test]
fn a_pack_that_was_packed_again_is_told_from_a_changed_one() {
    let mut files = unpacked(&pack());
    check(
        &repacked(&files),
        "the container",
        What::Repacked,
        "its signature hold",
    );
    files.reverse();
    files.insert(0, ("raw/".to_owned(), Vec::new()));
    let again = verified(&repacked(&files));
    let difference = again.difference.expect("another zip");
    assert_eq!(difference.what, What::Repacked, "{difference}");
    assert_eq!((again.files, again.further), (4, 0));
    assert_eq!(again.label, Some(label()));
    files.insert(0, ("planted/".to_owned(), Vec::new()));
    check(&repacked(&files), "planted/", What::Added, "not among");
}

#[test]
fn each_changed_file_of_a_pack_is_named_when_the_zip_is_made_anew() {
    let files = unpacked(&pack());
    for at in 0..files.len() {
        let mut changed = files.clone();
        changed[at].1.push(b'\n');
        let found = difference(&repacked(&changed));
        let name = &*files[at].0;
        // Without the seal around them nothing tells a changed manifest from a signature of
        // another one; a key's text may end in any way.
        let expected = if name == "manifest.json" {
            "manifest.sig"
        } else {
            name
        };
        assert_eq!(found.file, expected, "{found}");
    }
}

#[test]
fn a_file_and_its_list_changed_together_have_no_signature() {
    let mut files = unpacked(&pack());
    let messages = files[1].1.clone();
    let changed = [&messages[..], b"8,planted\n"].concat();
    let (old, new) = (Digest::of(&messages), Digest::of(&changed));
    files[1].1 = changed;
    for (_, content) in files.iter_mut().skip(2) {
        if let Ok(text) = std::str::from_utf8(content) {
            *content = text.replace(&old.to_string(), &new.to_string()).into();
        }
    }
    check(
        &repacked(&files),
        "manifest.sig",
        What::NotSigned,
        "no signature",
    );
}

#[test]
fn parts_of_a_pack_of_another_key_are_named() {
    let mut other = Vec::new();
    let mut sealer = Sealer::new(&mut other, label());
    for (path, content) in case() {
        sealer.file(path, &mut &content[..]).expect("added");
    }
    sealer
        .seal(&SigningKey::from_bytes(&[43; 32]))
        .expect("sealed");
    let (files, other) = (unpacked(&pack()), unpacked(&other));
    for name in ["public_key.pem", "manifest.sig"] {
        let at = files.iter().position(|(path, _)| path == name).expect("it");
        let mut mixed = files.clone();
        mixed[at] = other[at].clone();
        assert_eq!(difference(&repacked(&mixed)).file, name);
    }
    let trusted = key().public().fingerprint();
    let found = crate::specimen::verified_by(&repacked(&other), &trusted);
    assert_eq!(found.difference.expect("it").what, What::WrongKey);
}

#[test]
fn an_end_without_the_seal_is_a_change_of_the_container() {
    let (pack, _) = sealed(&case());
    let stamp = pack
        .windows(25)
        .rposition(|window| window == b"breachscope evidence pack")
        .expect("the stamp");
    let mut without = pack[..stamp].to_vec();
    without[stamp - 2..].copy_from_slice(&[0, 0]);
    check(
        &without,
        "the container",
        What::Changed,
        "outside its files",
    );
    assert!(place(&pack, "SHA256SUMS").data.end < stamp);
}
