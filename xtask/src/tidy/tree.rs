//! What the checks look at: every Rust file of the workspace, and what cargo says.

use super::code::{code_of, without_tests};
use crate::checkout::Checkout;
use crate::metadata::Metadata;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The checkout as the checks see it.
pub(crate) struct Tree {
    /// Its root folder.
    pub(crate) root: PathBuf,
    /// Every Rust file, by path.
    pub(crate) files: Vec<RustFile>,
    /// The packages and their dependencies.
    pub(crate) metadata: Metadata,
}

/// A Rust file.
pub(crate) struct RustFile {
    /// Its path from the root, with forward slashes.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Its code without comments, text literals and the tests at its end.
    pub(crate) code: String,
}

impl RustFile {
    /// Returns whether the file is a part of the product of a room, not of its tests.
    pub(crate) fn is_product_of(&self, room: &str) -> bool {
        self.path.starts_with(&format!("crates/{room}/src/")) && !self.is_test()
    }

    /// Returns whether the file is a part of the product, of whichever room.
    pub(crate) fn is_product(&self) -> bool {
        self.path.starts_with("crates/") && self.path.contains("/src/") && !self.is_test()
    }

    /// Returns whether the file holds nothing but tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/benches/")
    }
}

impl Tree {
    /// Reads the checkout.
    pub(crate) fn read(checkout: &Checkout) -> Result<Self> {
        let mut paths = Vec::new();
        for folder in ["crates", "xtask", "fuzz"] {
            collect(&checkout.root.join(folder), &mut paths)?;
        }
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            files.push(read_rust(&checkout.root, &path)?);
        }
        Ok(Self {
            root: checkout.root.clone(),
            files,
            metadata: checkout.metadata(true)?,
        })
    }
}

fn read_rust(root: &Path, path: &Path) -> Result<RustFile> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let inside = path.strip_prefix(root).unwrap_or(path);
    let path = inside.to_string_lossy().replace('\\', "/");
    let code = without_tests(&code_of(&text));
    Ok(RustFile { path, text, code })
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}
