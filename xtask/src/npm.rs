//! Packages of node that tests run, each folder pinned by its `package-lock.json`: the version and
//! the digest of every package in it. npm holds each against its digest; no script of any package
//! is run.

use crate::checkout::Checkout;
use crate::product::{has, run};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PINS: [&str; 2] = ["package.json", "package-lock.json"];

/// A copy of the lock, written once everything in it is there.
const DONE: &str = "installed.json";

/// What is to be installed.
pub(crate) struct Packages {
    /// What they are called together.
    pub(crate) name: &'static str,
    /// The folder of the checkout that holds the pins.
    pub(crate) pins: &'static str,
    /// A file that is there once they are installed.
    pub(crate) needs: &'static str,
}

impl Packages {
    /// Returns the folder in which they are, installed unless they were before; nothing where there
    /// is no node, and the tests that need them then say that they are skipped.
    pub(crate) fn installed(&self, checkout: &Checkout) -> Result<Option<PathBuf>> {
        let folder = checkout.target()?.join("tools").join(self.name);
        let pins = checkout.path(self.pins);
        if !has("node") || !has("npm") {
            return Ok(None);
        }
        if !self.is_done(&folder, &pins)? {
            self.install(&folder, &pins)?;
        }
        let needed = folder.join(self.needs);
        ensure!(needed.is_file(), "`{}` was not installed", needed.display());
        Ok(Some(folder))
    }

    fn is_done(&self, folder: &Path, pins: &Path) -> Result<bool> {
        let lock = pins.join(PINS[1]);
        let wanted =
            std::fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
        let there = std::fs::read(folder.join(DONE)).unwrap_or_default();
        Ok(wanted == there && folder.join(self.needs).is_file())
    }

    fn install(&self, folder: &Path, pins: &Path) -> Result<()> {
        println!("installing {} into `{}`", self.name, folder.display());
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        for pin in PINS {
            std::fs::copy(pins.join(pin), folder.join(pin))
                .with_context(|| format!("cannot copy `{pin}`"))?;
        }
        let mut npm = Command::new("npm");
        npm.current_dir(folder)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .arg("--loglevel=error")
            .stdin(Stdio::null());
        run(&mut npm)?;
        std::fs::copy(pins.join(PINS[1]), folder.join(DONE))
            .with_context(|| format!("cannot write `{DONE}`"))?;
        Ok(())
    }
}
