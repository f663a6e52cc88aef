//! `cargo x azurite`: Microsoft's emulator of Azure Storage, for the tests that need the real
//! protocol.
//!
//! It is pinned by `xtask/azurite/package-lock.json`: the version and the digest of every package
//! in it. npm holds each against its digest; no script of any package is run.

use crate::checkout::Checkout;
use crate::product::{has, run};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PINS: [&str; 2] = ["package.json", "package-lock.json"];

/// What node is to run for blobs alone.
const BLOBS: &str = "node_modules/azurite/dist/src/blob/main.js";

/// A copy of the lock, written once everything in it is there.
const DONE: &str = "installed.json";

/// Installs it and says where it is.
pub(crate) fn azurite(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    match installed(checkout)? {
        Some(path) => println!("{}", path.display()),
        None => bail!("node and npm are needed: `./x azurite` installs them where apt-get is"),
    }
    Ok(())
}

/// Returns the script that node is to run, installed unless it was before; nothing where there
/// is no node, and the tests that need it then say that they are skipped.
pub(crate) fn installed(checkout: &Checkout) -> Result<Option<PathBuf>> {
    let folder = checkout.target()?.join("tools").join("azurite");
    let pins = checkout.path("xtask/azurite");
    if !has("node") || !has("npm") {
        return Ok(None);
    }
    if !is_done(&folder, &pins)? {
        install(&folder, &pins)?;
    }
    let script = folder.join(BLOBS);
    ensure!(script.is_file(), "`{}` was not installed", script.display());
    Ok(Some(script))
}

fn is_done(folder: &Path, pins: &Path) -> Result<bool> {
    let lock = pins.join(PINS[1]);
    let wanted =
        std::fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    let there = std::fs::read(folder.join(DONE)).unwrap_or_default();
    Ok(wanted == there && folder.join(BLOBS).is_file())
}

fn install(folder: &Path, pins: &Path) -> Result<()> {
    println!("installing Azurite into `{}`", folder.display());
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
