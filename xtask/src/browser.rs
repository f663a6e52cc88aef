//! `cargo x browser`: what drives a real browser through the pages in tests. The browser itself is
//! the machine's.

use crate::checkout::Checkout;
use crate::npm::Packages;
use anyhow::{Result, bail};
use std::path::PathBuf;

const PACKAGES: Packages = Packages {
    name: "browser",
    pins: "crates/e2e/browser",
    needs: "node_modules/playwright-core/package.json",
};

/// The names that Chromium goes by, as packagers call it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What tests of the pages run with.
pub(crate) struct Browser {
    /// The folder of the packages that drive it.
    pub(crate) packages: PathBuf,
    /// The browser.
    pub(crate) chromium: PathBuf,
}

/// Installs the packages and says what is used.
pub(crate) fn browser(checkout: &Checkout, _arguments: &[String]) -> Result<()> {
    let Some(found) = installed(checkout)? else {
        bail!("node, npm and Chromium are needed: `./x browser` installs them where apt-get is");
    };
    println!("{}\n{}", found.packages.display(), found.chromium.display());
    Ok(())
}

/// Returns what tests of the pages run with; nothing where there is no browser or no node, and the
/// tests that need them then say that they are skipped.
pub(crate) fn installed(checkout: &Checkout) -> Result<Option<Browser>> {
    let Some(chromium) = chromium() else {
        return Ok(None);
    };
    let packages = PACKAGES.installed(checkout)?;
    Ok(packages.map(|packages| Browser { packages, chromium }))
}

/// Returns the browser that `BREACHSCOPE_CHROMIUM` names, or the first that is found.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("BREACHSCOPE_CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places =
        (NAMES.iter()).flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}
