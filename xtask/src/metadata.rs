//! What `cargo metadata` says, as far as the tasks ask.
//!
//! Read here and not by a crate for it: that crate turns on features of `serde_json` and
//! `semver` for the whole workspace, and building one package then compiles DataFusion
//! anew because its dependencies differ.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace and its packages.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Every package of the answer, dependencies included when they were asked for.
    pub(crate) packages: Vec<Package>,
    /// Where cargo builds.
    pub(crate) target_directory: PathBuf,
    workspace_members: Vec<String>,
}

/// A package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its licence, as an SPDX expression.
    pub(crate) license: Option<String>,
    /// Where it comes from; none for a package of the workspace.
    pub(crate) source: Option<String>,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// What it depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A line of a package's dependencies.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The package depended on.
    pub(crate) name: String,
    kind: Option<String>,
}

impl Dependency {
    /// Returns whether only tests, examples and benches use it.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Metadata {
    /// Asks cargo, for the dependencies too when wanted.
    pub(crate) fn read(manifest: &Path, with_dependencies: bool) -> Result<Self> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(["metadata", "--format-version", "1", "--manifest-path"])
            .arg(manifest);
        if !with_dependencies {
            command.arg("--no-deps");
        }
        let output = command.output().context("cannot run cargo metadata")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo metadata failed: {said}");
        serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata says")
    }

    /// Returns the packages of the workspace.
    pub(crate) fn workspace_packages(&self) -> Vec<&Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
            .collect()
    }
}
