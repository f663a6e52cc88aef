//! What the operator says once and for all: `config.toml` in the data folder.
//!
//! It is read as it is written (`Draft...`), then checked (`Config`); every default is here.

use crate::error::{EngineError, WrongConfig};
use detect::{Exception, Settings};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// The name of the file in the data folder.
const FILE: &str = "config.toml";

/// What the operator says, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Config {
    /// Databases of places and networks, in the order in which they are asked.
    pub(crate) places: Vec<PathBuf>,
    /// The applications with which the investigation itself reads mailboxes.
    pub(crate) own_apps: Vec<String>,
    everywhere: Settings,
    tenants: BTreeMap<String, Settings>,
    text: String,
}

impl Config {
    /// Reads the file in the data folder; where there is none, nothing was said.
    pub(crate) fn read(folder: &Path) -> Result<Self, EngineError> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => {
                return Err(EngineError::Input {
                    path: path.display().to_string(),
                    source,
                });
            }
        };
        Self::understand(&text, folder).map_err(|what| EngineError::Config {
            path,
            source: WrongConfig(what),
        })
    }

    fn understand(text: &str, folder: &Path) -> Result<Self, String> {
        let draft: Draft = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut tenants = BTreeMap::new();
        for (tenant, own) in draft.tenants {
            tenants.insert(tenant.to_lowercase(), settings(own.detect)?);
        }
        Ok(Self {
            places: draft
                .geo
                .databases
                .into_iter()
                .map(|path| folder.join(path))
                .collect(),
            own_apps: draft.investigate.own_apps,
            everywhere: settings(draft.detect)?,
            tenants,
            text: text.to_owned(),
        })
    }

    /// Returns what is said of a tenant: what is said of all, and of this one.
    pub(crate) fn of_tenant(&self, tenant: &str) -> Settings {
        let mut all = self.everywhere.clone();
        let Some(own) = self.tenants.get(tenant) else {
            return all;
        };
        for (into, from) in [
            (&mut all.domains, &own.domains),
            (&mut all.partners, &own.partners),
            (&mut all.approved_apps, &own.approved_apps),
            (&mut all.vips, &own.vips),
            (&mut all.admins, &own.admins),
            (&mut all.machines, &own.machines),
            (&mut all.allowed_countries, &own.allowed_countries),
            (&mut all.denied_countries, &own.denied_countries),
        ] {
            into.extend(from.iter().cloned());
        }
        all.networks.extend(own.networks.iter().copied());
        all.exceptions.extend(own.exceptions.iter().cloned());
        all
    }

    /// Returns the text that it was read from: another text can mean other findings.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Draft {
    geo: DraftGeo,
    investigate: DraftInvestigate,
    detect: DraftDetect,
    tenants: BTreeMap<String, DraftTenant>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftGeo {
    databases: Vec<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftInvestigate {
    own_apps: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftTenant {
    detect: DraftDetect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftDetect {
    domains: Vec<String>,
    partners: Vec<String>,
    networks: Vec<String>,
    approved_apps: Vec<String>,
    vips: Vec<String>,
    admins: Vec<String>,
    machines: Vec<String>,
    allowed_countries: Vec<String>,
    denied_countries: Vec<String>,
    exceptions: Vec<DraftException>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftException {
    detection: String,
    user: String,
    app: String,
    destination: String,
    until: String,
}

fn settings(draft: DraftDetect) -> Result<Settings, String> {
    let networks = draft.networks.iter().map(|text| network(text));
    let exceptions = draft.exceptions.into_iter().map(exception);
    Ok(Settings {
        domains: lower(&draft.domains),
        partners: lower(&draft.partners),
        networks: networks.collect::<Result<_, _>>()?,
        approved_apps: lower(&draft.approved_apps),
        vips: lower(&draft.vips),
        admins: lower(&draft.admins),
        machines: lower(&draft.machines),
        allowed_countries: upper(&draft.allowed_countries),
        denied_countries: upper(&draft.denied_countries),
        exceptions: exceptions.collect::<Result<_, _>>()?,
    })
}

fn lower(words: &[String]) -> BTreeSet<String> {
    words
        .iter()
        .map(|word| word.trim().to_lowercase())
        .collect()
}

fn upper(words: &[String]) -> BTreeSet<String> {
    words
        .iter()
        .map(|word| word.trim().to_uppercase())
        .collect()
}

fn network(text: &str) -> Result<(IpAddr, u8), String> {
    let wrong = || format!("`{text}` in `networks` is no network: write `203.0.113.0/24`");
    let (ip, length) = text.trim().split_once('/').ok_or_else(wrong)?;
    let ip: IpAddr = ip.parse().map_err(|_| wrong())?;
    let length: u8 = length.parse().map_err(|_| wrong())?;
    let widest = if ip.is_ipv4() { 32 } else { 128 };
    if length > widest {
        return Err(wrong());
    }
    Ok((ip, length))
}

fn exception(draft: DraftException) -> Result<Exception, String> {
    if draft.user.is_empty() && draft.app.is_empty() && draft.destination.is_empty() {
        return Err(
            "an exception names no `user`, `app` or `destination`: one that covers a whole \
             detection would hide an intruder too"
                .to_owned(),
        );
    }
    let until = match draft.until.trim() {
        "" => {
            return Err("an exception has no `until`: give the day on which it ends".to_owned());
        }
        text => normalise::read_time(text)
            .ok_or_else(|| format!("`until = \"{text}\"` is no time: write `2026-12-31`"))?,
    };
    Ok(Exception {
        detection: draft.detection,
        user: draft.user.to_lowercase(),
        app: draft.app.to_lowercase(),
        destination: draft.destination.to_lowercase(),
        until: Some(until),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understand(text: &str) -> Result<Config, String> {
        Config::understand(text, Path::new("/data"))
    }

    #[test]
    fn a_tenants_own_words_are_added_to_those_for_all() {
        let config = understand(
            r#"
            [geo]
            databases = ["asn.mmdb"]
            [investigate]
            own_apps = ["5a1d0d0e-0000-4000-8000-000000000001"]
            [detect]
            domains = ["Corp.example"]
            networks = ["203.0.113.0/24"]
            [tenants."T1".detect]
            partners = ["friend.example"]
            [[tenants."T1".detect.exceptions]]
            detection = "FWD-01"
            user = "Ann@corp.example"
            until = "2026-12-31"
            "#,
        )
        .expect("understood");
        assert_eq!(config.places, [PathBuf::from("/data/asn.mmdb")]);
        assert_eq!(config.own_apps, ["5a1d0d0e-0000-4000-8000-000000000001"]);
        let own = config.of_tenant("t1");
        assert!(own.domains.contains("corp.example"));
        assert!(own.partners.contains("friend.example"));
        assert_eq!(own.exceptions[0].user, "ann@corp.example");
        assert!(config.of_tenant("t2").partners.is_empty());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_words() {
        for (text, told) in [
            ("[detect]\ndomain = [\"x\"]", "domain"),
            ("[detect]\nnetworks = [\"203.0.113.0\"]", "203.0.113.0"),
            ("[detect]\nnetworks = [\"203.0.113.0/33\"]", "no network"),
            (
                "[[detect.exceptions]]\ndetection = \"FWD-01\"\nuntil = \"2026-12-31\"",
                "hide",
            ),
            ("[[detect.exceptions]]\nuser = \"a@b.example\"", "until"),
            (
                "[[detect.exceptions]]\nuser = \"a@b.example\"\nuntil = \"soon\"",
                "soon",
            ),
        ] {
            let why = understand(text).expect_err("refused");
            assert!(why.contains(told), "{why}");
        }
    }
}
