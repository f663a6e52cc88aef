//! Where the checkout and its neighbours are.

use crate::metadata::Metadata;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The checkout that a task works on.
pub(crate) struct Checkout {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
}

impl Checkout {
    /// Returns the checkout that this very program was built from.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask has no parent folder")?;
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    /// Returns the path of something in the checkout.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Returns the folder of real evidence beside the checkout, where there is one: it is
    /// never a part of the project, because its licences are not ours to pass on.
    pub(crate) fn real_data(&self) -> Option<PathBuf> {
        let folder = self.root.join("../shared/data");
        folder.is_dir().then_some(folder)
    }

    /// Returns a scratch folder that cargo's own cleaning removes.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target()?.join("xtask").join(name);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        Ok(folder)
    }

    /// Returns the folder that cargo builds into.
    pub(crate) fn target(&self) -> Result<PathBuf> {
        if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
            return Ok(self.root.join(folder));
        }
        Ok(self.metadata(false)?.target_directory)
    }

    /// Returns what cargo says of the workspace, with every dependency when asked.
    pub(crate) fn metadata(&self, with_dependencies: bool) -> Result<Metadata> {
        Metadata::read(&self.path("Cargo.toml"), with_dependencies)
    }
}
