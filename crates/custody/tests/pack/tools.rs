//! A pack in the hands of somebody who has only the tools that any system has, doing what
//! the instructions in it say.

use crate::specimen::{case, key, pack};
use std::path::Path;
use std::process::{Command, Output};

/// Runs a line of the instructions; nothing when a tool that it needs is not there.
#[allow(clippy::print_stderr)]
fn run(folder: &Path, needs: &[&str], line: &str) -> Option<Output> {
    for tool in needs {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .output();
        if !found.is_ok_and(|found| found.status.success()) {
            eprintln!("skipped: `{tool}` is not installed");
            return None;
        }
    }
    let shell = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .output();
    Some(shell.expect("a shell that runs"))
}

/// A folder with the pack, unpacked.
fn folder() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("case.zip"), pack()).expect("written");
    let line = "unzip -q case.zip && rm case.zip";
    let unpacked = run(folder.path(), &["unzip"], line)?;
    let told = String::from_utf8_lossy(&unpacked.stderr);
    assert!(unpacked.status.success() && told.is_empty(), "{told}");
    Some(folder)
}

/// The indented line of the guide that contains the words.
fn instruction(folder: &Path, words: &str) -> String {
    let guide = std::fs::read_to_string(folder.join("VERIFY.md")).expect("a guide");
    let mut lines = guide.lines().filter_map(|line| line.strip_prefix("    "));
    let line = lines.find(|line| line.contains(words)).expect("the line");
    line.to_owned()
}

fn succeeds(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    let told = [String::from_utf8_lossy(out), String::from_utf8_lossy(err)].concat();
    assert!(output.status.success(), "{told}");
    told
}

#[test]
fn sha256sum_finds_every_file_as_it_was_and_a_changed_one() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let line = instruction(folder, "sha256sum -c");
    let Some(output) = run(folder, &["sha256sum"], &line) else {
        return;
    };
    let told = succeeds(&output);
    assert_eq!(told.matches(": OK").count(), case().len() + 4, "{told}");

    std::fs::write(folder.join("messages.csv"), "changed").expect("written");
    let output = run(folder, &["sha256sum"], &line).expect("installed");
    assert!(!output.status.success());
}

#[test]
fn openssl_verifies_the_signature_and_refuses_a_changed_manifest() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let line = instruction(folder, "pkeyutl");
    let Some(output) = run(folder, &["openssl"], &line) else {
        return;
    };
    assert!(succeeds(&output).contains("Signature Verified Successfully"));

    let manifest = folder.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replacen("March", "April", 1)).expect("written");
    let output = run(folder, &["openssl"], &line).expect("installed");
    assert!(!output.status.success());
}

#[test]
fn the_fingerprint_is_found_as_the_guide_says() {
    let Some(folder) = folder() else { return };
    let line = instruction(folder.path(), "tail -c 32");
    let Some(output) = run(folder.path(), &["openssl", "sha256sum"], &line) else {
        return;
    };
    let fingerprint = key().public().fingerprint().to_string();
    assert!(succeeds(&output).starts_with(&fingerprint));
    assert_eq!(instruction(folder.path(), &fingerprint), fingerprint);
}

#[test]
fn the_sums_are_seen_to_be_those_that_were_signed() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let line = instruction(folder, "grep");
    let needs = ["sed", "grep"];
    let Some(output) = run(folder, &needs, &line) else {
        return;
    };
    let told = succeeds(&output);
    let names: Vec<&str> = told.lines().map(|line| &line[66..]).collect();
    assert_eq!(names, ["manifest.json", "manifest.sig"]);

    let sums = folder.join("SHA256SUMS");
    let text = std::fs::read_to_string(&sums).expect("sums");
    let first = text.chars().next().expect("a digit");
    let other = if first == '0' { "1" } else { "0" };
    std::fs::write(&sums, format!("{other}{}", &text[1..])).expect("written");
    let output = run(folder, &needs, &line).expect("installed");
    assert_eq!(succeeds(&output).lines().count(), 3);
}

#[test]
fn other_readers_of_zips_find_nothing_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let large: Vec<u8> = (0..2_000_000_u32).map(|at| (at >> 5) as u8).collect();
    let files = [("large.json", large), ("small.json", b"{}".to_vec())];
    let (pack, _) = crate::specimen::sealed(&files);
    std::fs::write(folder.path().join("case.zip"), pack).expect("written");
    if let Some(output) = run(folder.path(), &["unzip"], "unzip -tq case.zip") {
        succeeds(&output);
    }
    if let Some(output) = run(folder.path(), &["zip"], "zip -T case.zip") {
        succeeds(&output);
    }
    let line = "python3 -m zipfile -t case.zip";
    if let Some(output) = run(folder.path(), &["python3"], line) {
        let told = succeeds(&output);
        assert!(!told.contains("corrupted"), "{told}");
    }
}
