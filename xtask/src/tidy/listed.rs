//! No file is forgotten: each opens with its own words, is named by its parent, and can
//! be read in one sitting.

use super::Complaints;
use super::code::lines_with;
use super::tree::{RustFile, Tree};
use std::path::{Path, PathBuf};

/// The most lines of a file, its tests apart: lowered when the longest file shrinks, never raised.
const LONGEST_FILE: usize = 700;

pub(crate) fn check(tree: &Tree) -> Complaints {
    let mut complaints = Vec::new();
    for file in &tree.files {
        if !file.text.starts_with("//!") {
            complaints.push(format!("{}: does not open with `//!`", file.path));
        }
        let length = file.code.lines().count();
        if length > LONGEST_FILE && !file.is_test() {
            complaints.push(format!(
                "{}: {length} lines without its tests, at most {LONGEST_FILE}",
                file.path
            ));
        }
        complaints.extend(unlisted_module(tree, file));
    }
    complaints.extend(unlisted_cases(tree));
    complaints
}

/// Complains of a file that no `mod` line reaches: the compiler passes over it in silence.
fn unlisted_module(tree: &Tree, file: &RustFile) -> Option<String> {
    let path = Path::new(&file.path);
    let (folder, stem) = (path.parent()?, path.file_stem()?.to_str()?);
    let is_test_of_its_own = folder.ends_with("tests")
        && !tree
            .files
            .iter()
            .any(|other| Path::new(&other.path) == folder.join("main.rs"));
    let holds_roots = ["bin", "examples", "benches", "fuzz_targets"]
        .iter()
        .any(|name| folder.ends_with(name));
    let is_root = matches!(stem, "lib" | "main" | "build") || holds_roots || is_test_of_its_own;
    if is_root {
        return None;
    }
    let (name, parents) = if stem == "mod" {
        let name = folder.file_name()?.to_str()?;
        (name, parents_of(folder.parent()?))
    } else {
        (stem, parents_of(folder))
    };
    let declared = tree
        .files
        .iter()
        .filter(|other| {
            parents
                .iter()
                .any(|parent| Path::new(&other.path) == parent)
        })
        .any(|parent| {
            !lines_with(&super::code::code_of(&parent.text), &format!("mod {name}")).is_empty()
        });
    (!declared).then(|| format!("{}: no `mod {name};` reaches it", file.path))
}

/// Returns the files that may declare the modules of a folder.
fn parents_of(folder: &Path) -> Vec<PathBuf> {
    let mut parents = vec![
        folder.join("mod.rs"),
        folder.join("lib.rs"),
        folder.join("main.rs"),
    ];
    parents.push(folder.with_extension("rs"));
    parents
}

/// Complains of a file in a `cases` folder that no Rust file of its crate names.
fn unlisted_cases(tree: &Tree) -> Complaints {
    let mut complaints = Vec::new();
    for package in tree.metadata.workspace_packages() {
        let Some(folder) = package.manifest_path.parent() else {
            continue;
        };
        let Ok(cases) = std::fs::read_dir(folder.join("cases")) else {
            continue;
        };
        let inside = folder
            .strip_prefix(&tree.root)
            .unwrap_or(folder)
            .to_string_lossy();
        for case in cases.flatten() {
            let name = case.file_name().to_string_lossy().into_owned();
            let named = tree
                .files
                .iter()
                .filter(|file| file.path.starts_with(inside.as_ref()))
                .any(|file| file.text.contains(&name));
            if !named {
                complaints.push(format!(
                    "{inside}/cases/{name}: no file of the crate names it"
                ));
            }
        }
    }
    complaints.sort();
    complaints
}
