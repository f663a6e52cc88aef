//! `cargo x schemathesis`: what asks the API whatever its description allows, and holds the answers
//! against it.
//!
//! It is pinned by `xtask/schemathesis/requirements.txt`: the version and the digests of every
//! package in it, in an environment of its own. pip holds each against its digest.

use crate::checkout::Checkout;
use crate::product::{has, run};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A copy of the pins, written once everything in them is there.
const DONE: &str = "installed.txt";

/// Installs it and says where it is.
pub(crate) fn schemathesis(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    match installed(checkout)? {
        Some(path) => println!("{}", path.display()),
        None => bail!("python3 is needed: `./x schemathesis` installs it where apt-get is"),
    }
    Ok(())
}

/// Returns what is to be run, installed unless it was before; nothing where there is no Python that
/// can make an environment, and the tests that need it then say that they are skipped.
pub(crate) fn installed(checkout: &Checkout) -> Result<Option<PathBuf>> {
    let folder = checkout.target()?.join("tools").join("schemathesis");
    let pins = checkout.path("xtask/schemathesis/requirements.txt");
    let program = folder.join("bin").join("schemathesis");
    let wanted =
        std::fs::read(&pins).with_context(|| format!("cannot read `{}`", pins.display()))?;
    let there = std::fs::read(folder.join(DONE)).unwrap_or_default();
    if wanted != there || !program.is_file() {
        if !has("python3") || !can_make_environments() {
            return Ok(None);
        }
        install(&folder, &pins)?;
    }
    ensure!(
        program.is_file(),
        "`{}` was not installed",
        program.display()
    );
    Ok(Some(program))
}

/// Some packagers split what makes an environment from Python.
fn can_make_environments() -> bool {
    let mut command = Command::new("python3");
    command
        .args(["-c", "import ensurepip, venv"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn install(folder: &Path, pins: &Path) -> Result<()> {
    println!("installing schemathesis into `{}`", folder.display());
    let mut environment = Command::new("python3");
    environment
        .args(["-m", "venv", "--clear"])
        .arg(folder)
        .stdin(Stdio::null());
    run(&mut environment)?;
    let mut pip = Command::new(folder.join("bin").join("python"));
    pip.args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--require-hashes"])
        .arg("--requirement")
        .arg(pins)
        .stdin(Stdio::null());
    run(&mut pip)?;
    std::fs::copy(pins, folder.join(DONE)).with_context(|| format!("cannot write `{DONE}`"))?;
    Ok(())
}
