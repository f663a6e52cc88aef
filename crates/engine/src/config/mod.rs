//! What the operator says once and for all: `config.toml` in the data folder, and a file a
//! tenant in `tenants.d` beside it.
//!
//! It is read as it is written (`Draft...`), then checked (`Config`); every default is here.

mod collecting;
mod detection;
mod limits;
mod notify;
mod origins;
mod response;
mod secrets;
mod serving;

pub(crate) use collecting::{Onboarded, Proof, period};
pub(crate) use limits::Limits;
pub(crate) use notify::Notify;
pub(crate) use origins::BUILT_IN;
pub use origins::Origin;
pub(crate) use response::{Automatic, Mode, Response};
pub(crate) use secrets::Reference;
pub(crate) use serving::Oidc;

use crate::error::{EngineError, WrongConfig};
use cloud::Endpoints;
use collecting::{DraftCloud, DraftTenant};
use detect::Settings;
use detection::{DraftDetect, settings};
use limits::DraftLimits;
use notify::DraftNotify;
use response::DraftResponse;
use serde::Deserialize;
use serving::DraftServe;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "config.toml";

/// The folder with a file a tenant.
pub(crate) const TENANTS: &str = "tenants.d";

/// What the operator says, checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// Databases of places and networks, in the order in which they are asked.
    pub(crate) places: Vec<PathBuf>,
    /// The applications with which the investigation itself reads mailboxes.
    pub(crate) own_apps: Vec<String>,
    /// The tenants that are collected, in the order of their ids.
    pub(crate) tenants: Vec<Onboarded>,
    /// How far collecting goes and how patient it is.
    pub(crate) limits: Limits,
    /// What may be changed.
    pub(crate) response: Response,
    /// Who is told.
    pub(crate) notify: Notify,
    /// Where people sign in to the pages besides here.
    pub(crate) oidc: Option<Oidc>,
    clouds: BTreeMap<String, DraftCloud>,
    everywhere: Settings,
    detecting: BTreeMap<String, Settings>,
}

impl Config {
    /// Reads what the data folder says; where there is nothing, nothing was said.
    pub(crate) fn read(folder: &Path) -> Result<Self, EngineError> {
        let mut draft = Draft::default();
        let mut drafts = Vec::new();
        for path in files(folder)? {
            let text = std::fs::read_to_string(&path).map_err(|source| EngineError::Input {
                path: path.display().to_string(),
                source,
            })?;
            let mut own: Draft = toml::from_str(&text)
                .map_err(|error| error.to_string())
                .map_err(wrong(&path))?;
            for tenant in own.tenant.drain(..) {
                drafts.push((path.clone(), tenant));
            }
            if path.ends_with(FILE) {
                draft = own;
            } else if own.has_more_than_tenants() {
                return Err(wrong(&path)(format!(
                    "a file in `{TENANTS}` holds `[[tenant]]` alone: the rest belongs into `{FILE}`"
                )));
            }
        }
        Self::understand(draft, drafts, folder)
    }

    fn understand(
        draft: Draft,
        drafts: Vec<(PathBuf, DraftTenant)>,
        folder: &Path,
    ) -> Result<Self, EngineError> {
        let main = folder.join(FILE);
        let mut tenants: Vec<Onboarded> = Vec::new();
        let mut detecting = BTreeMap::new();
        if draft.defaults.is_of_one_tenant() {
            return Err(wrong(&main)(
                "`[defaults]` is of all tenants: `id`, `name` and `detect` belong into `[[tenant]]` or `[detect]`"
                    .to_owned(),
            ));
        }
        for (path, tenant) in drafts {
            let id = tenant.id.trim().to_lowercase();
            if id.is_empty() {
                return Err(wrong(&path)("a `[[tenant]]` has no `id`".to_owned()));
            }
            if detecting.contains_key(&id) {
                return Err(wrong(&path)(format!("the tenant `{id}` is named twice")));
            }
            let collected = collecting::onboarded(
                id.clone(),
                &tenant,
                &draft.defaults,
                &draft.clouds,
                (&path, &main),
            );
            tenants.extend(collected.map_err(wrong(&path))?);
            let own = settings(tenant.detect).map_err(wrong(&path))?;
            detecting.insert(id, own);
        }
        tenants.sort_by(|one, other| one.id.cmp(&other.id));
        let notify = draft.notify.understand().map_err(wrong(&main))?;
        let oidc = draft.serve.understand(&notify.public_url, &tenants);
        Ok(Self {
            places: draft
                .geo
                .databases
                .into_iter()
                .map(|path| folder.join(path))
                .collect(),
            own_apps: draft.investigate.own_apps,
            tenants,
            clouds: draft.clouds,
            limits: draft.limits.understand().map_err(wrong(&main))?,
            notify,
            oidc: oidc.map_err(wrong(&main))?,
            response: draft.response.understand().map_err(wrong(&main))?,
            everywhere: settings(draft.detect).map_err(wrong(&main))?,
            detecting,
        })
    }

    /// Returns the addresses of a cloud by its name.
    pub(crate) fn cloud(&self, name: &str) -> Result<Endpoints, EngineError> {
        collecting::endpoints(name, &self.clouds).map_err(wrong(Path::new(FILE)))
    }

    /// Returns whether something is said of a tenant, collected or not.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.detecting.contains_key(id)
    }

    /// Returns what is said of detection in a tenant: what is said of all, and of this one.
    pub(crate) fn of_tenant(&self, tenant: &str) -> Settings {
        let mut all = self.everywhere.clone();
        let Some(own) = self.detecting.get(tenant) else {
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

    /// Returns a text that differs wherever other findings could follow.
    pub(crate) fn signature(&self) -> String {
        format!(
            "{:?} {:?} {:?}",
            self.places, self.everywhere, self.detecting
        )
    }
}

/// Returns the files that are there: the main one, then those of tenants in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let mut found = Vec::new();
    let main = folder.join(FILE);
    if main.exists() {
        found.push(main);
    }
    let tenants = folder.join(TENANTS);
    let listed = match std::fs::read_dir(&tenants) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(source) => {
            return Err(EngineError::Input {
                path: tenants.display().to_string(),
                source,
            });
        }
    };
    let mut own: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    own.sort();
    found.append(&mut own);
    Ok(found)
}

/// Returns what makes an error of something wrong in a file.
pub(crate) fn wrong(path: &Path) -> impl Fn(String) -> EngineError {
    move |what| EngineError::Config {
        path: path.to_owned(),
        source: WrongConfig(what),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Draft {
    geo: DraftGeo,
    investigate: DraftInvestigate,
    detect: DraftDetect,
    defaults: DraftTenant,
    clouds: BTreeMap<String, DraftCloud>,
    limits: DraftLimits,
    notify: DraftNotify,
    response: DraftResponse,
    serve: DraftServe,
    tenant: Vec<DraftTenant>,
}

impl Draft {
    fn has_more_than_tenants(&self) -> bool {
        !self.geo.databases.is_empty()
            || !self.investigate.own_apps.is_empty()
            || !self.clouds.is_empty()
            || self.limits != DraftLimits::default()
            || self.notify != DraftNotify::default()
            || self.response != DraftResponse::default()
            || self.serve != DraftServe::default()
            || self.defaults != DraftTenant::default()
            || self.detect != DraftDetect::default()
    }
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

#[cfg(test)]
mod tests;
