//! The corpus of the fuzzers, replayed: whatever the bytes, an import ends by itself with
//! a report, and never by a panic.

use crate::house::{House, checkout};
use std::path::PathBuf;

#[test]
fn every_file_of_the_corpus_is_survived() {
    let folder = checkout().join("fuzz/corpus/readers");
    let entries = std::fs::read_dir(&folder).expect("the corpus can be listed");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "the corpus is empty");
    let house = House::new();
    let (report, code) = house.import(&paths);
    assert!(matches!(code, 0 | 3), "ended with {code}");
    assert_eq!(
        report["files"].as_array().map(Vec::len),
        Some(paths.len()),
        "{report}"
    );
}
