//! `cargo x azurite`: Microsoft's emulator of Azure Storage, for the tests that need the real
//! protocol.

use crate::checkout::Checkout;
use crate::npm::Packages;
use anyhow::{Result, bail};
use std::path::PathBuf;

const PACKAGES: Packages = Packages {
    name: "azurite",
    pins: "xtask/azurite",
    needs: BLOBS,
};

/// What node is to run for blobs alone.
const BLOBS: &str = "node_modules/azurite/dist/src/blob/main.js";

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
    let folder = PACKAGES.installed(checkout)?;
    Ok(folder.map(|folder| folder.join(BLOBS)))
}
