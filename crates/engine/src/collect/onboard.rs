//! Tenants come and go: what is written for them, what they must consent to, and which feeds
//! they have.

use super::script;
use crate::clock;
use crate::config::{Config, Onboarded, Reference, TENANTS, wrong};
use crate::error::EngineError;
use crate::store::Store;
use model::Timestamp;
use sources::FeedSettings;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

/// A tenant to be collected, as it is typed.
#[derive(Clone, Debug, Default)]
pub struct NewTenant {
    /// Its id, a GUID.
    pub id: String,
    /// What to call it.
    pub name: Option<String>,
    /// Words to sort it by.
    pub tags: Vec<String>,
    /// The cloud that it is in.
    pub cloud: Option<String>,
    /// The application that reads.
    pub client_id: Option<String>,
    /// Where its proof is to be found: keys and references, such as `secret` and `env:NAME`.
    pub proof: Vec<(String, String)>,
}

/// What an operator is told after a tenant was added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The file that was written.
    pub file: PathBuf,
    /// Where an administrator of the tenant consents.
    pub consent: String,
    /// What is asked for, and why.
    pub permissions: Vec<Permission>,
    /// Commands that make the application, to be read before they are run.
    pub script: String,
}

/// A tenant of a table, and what came of adding it.
pub type Added = (String, Result<Told, EngineError>);

/// A permission that collecting needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The service that asks for it.
    pub service: String,
    /// Its name, as the portal shows it.
    pub name: String,
    /// What it is needed for.
    pub why: String,
}

/// A tenant in a list.
#[derive(Clone, Debug)]
pub struct TenantLine {
    /// Its id.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// Words that it is sorted by.
    pub tags: Vec<String>,
    /// The cloud that it is in.
    pub cloud: String,
    /// Its feeds.
    pub feeds: Vec<String>,
    /// Since when it is paused.
    pub paused: Option<Timestamp>,
    /// Every value that counts for it: key, value, and where it is said.
    pub settings: Vec<crate::config::Origin>,
}

/// Returns what the feeds of a tenant are made by, but for how far back they reach.
pub(super) fn feed_settings(tenant: &Onboarded) -> FeedSettings {
    FeedSettings {
        publisher: tenant
            .publisher
            .clone()
            .unwrap_or_else(|| tenant.id.clone()),
        activity_poll: tenant.poll.as_secs() as i64,
        azure_subscriptions: tenant.subscriptions.clone(),
        devops_organizations: tenant.devops.clone(),
        ..FeedSettings::of_tenant(tenant.id.clone())
    }
}

/// Returns the names of a tenant's feeds: those that are wanted by name or by group, and where
/// nothing is wanted those that are on by themselves.
pub(crate) fn feed_names(
    tenant: &Onboarded,
    wanted: &[String],
) -> Result<Vec<String>, EngineError> {
    let all = sources::names(&feed_settings(tenant));
    let by_itself = |name: &String| {
        let kind = sources::kind_of(name);
        let usual = name
            .strip_prefix("activity/")
            .is_none_or(|content| tenant.content.iter().any(|one| one == content));
        kind.is_some_and(|kind| kind.by_default) && usual
    };
    if wanted.is_empty() {
        return Ok(all.into_iter().filter(by_itself).collect());
    }
    let mut names = Vec::new();
    for word in wanted {
        let group = format!("{word}/");
        let mut found: Vec<&String> = all
            .iter()
            .filter(|name| name.starts_with(&group))
            .filter(|name| word != "activity" || by_itself(name))
            .collect();
        found.extend(all.iter().filter(|name| *name == word));
        if found.is_empty() {
            return Err(EngineError::NoSuchFeed { name: word.clone() });
        }
        names.extend(found.into_iter().cloned());
    }
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    Ok(once)
}

impl Store {
    /// Writes the file of a new tenant and returns what is to be done now.
    pub fn add_tenant(&self, tenant: &NewTenant) -> Result<Told, EngineError> {
        let id = tenant.id.trim().to_lowercase();
        if !is_guid(&id) {
            return Err(EngineError::NoTenantId { id });
        }
        let config = Config::read(self.folder())?;
        if config.knows(&id) {
            return Err(EngineError::TenantKnown { id });
        }
        let file = self.folder().join(TENANTS).join(format!("{id}.toml"));
        for (key, reference) in &tenant.proof {
            if key != "managed_identity" {
                // Before anything is written: it may be the secret itself.
                Reference::read(key, reference).map_err(wrong(&file))?;
            }
        }
        self.write_tenant(&file, &text_of(tenant, &id))?;
        // Read back as every later run will: a file that makes no sense is not left behind.
        let read = Config::read(self.folder()).inspect_err(|_| {
            let _ = std::fs::remove_file(&file);
        })?;
        let onboarded = read.tenants.into_iter().find(|one| one.id == id);
        told_of(file, &id, onboarded.as_ref(), tenant)
    }

    fn write_tenant(&self, file: &PathBuf, text: &str) -> Result<(), EngineError> {
        let failed = EngineError::written(file);
        let folder = self.folder().join(TENANTS);
        std::fs::create_dir_all(&folder).map_err(&failed)?;
        let mut written = tempfile::NamedTempFile::new_in(&folder).map_err(&failed)?;
        written.write_all(text.as_bytes()).map_err(&failed)?;
        written.as_file().sync_all().map_err(&failed)?;
        written
            .persist(file)
            .map_err(|persist| failed(persist.error))?;
        Ok(())
    }

    /// Returns the tenants that are configured.
    pub fn tenants(&self) -> Result<Vec<TenantLine>, EngineError> {
        let paused: BTreeMap<String, Timestamp> = self.ledger.paused()?.into_iter().collect();
        let config = Config::read(self.folder())?;
        let lines = config.tenants.into_iter().map(|tenant| {
            Ok(TenantLine {
                feeds: feed_names(&tenant, &tenant.sources)?,
                paused: paused.get(&tenant.id).copied(),
                id: tenant.id,
                name: tenant.name,
                tags: tenant.tags,
                cloud: tenant.cloud,
                settings: tenant.origins,
            })
        });
        lines.collect()
    }

    /// Pauses a tenant, by its id or name, or lets it go on; returns its id.
    pub fn pause_tenant(&self, name: &str, paused: bool) -> Result<String, EngineError> {
        let id = self.tenant_named(name)?;
        self.ledger.pause(&id, paused, clock::now())?;
        Ok(id)
    }

    /// Takes a tenant out of the configuration; its records and its gaps stay. Returns the file
    /// that went.
    pub fn remove_tenant(&self, name: &str) -> Result<PathBuf, EngineError> {
        let id = self.tenant_named(name)?;
        let file = self.folder().join(TENANTS).join(format!("{id}.toml"));
        if !file.exists() {
            return Err(EngineError::TenantElsewhere { id });
        }
        std::fs::remove_file(&file).map_err(EngineError::written(&file))?;
        self.ledger.forget_feeds(&id)?;
        Ok(file)
    }

    fn tenant_named(&self, name: &str) -> Result<String, EngineError> {
        let config = Config::read(self.folder())?;
        let found = config.tenants.iter().find(|tenant| tenant.is(name));
        found
            .map(|tenant| tenant.id.clone())
            .ok_or_else(|| EngineError::NoSuchTenant {
                name: name.to_owned(),
            })
    }

    /// Adds every tenant of a table: a header with `tenant` (or `id`), and `name`, `tags`, `cloud`,
    /// `client_id`, `secret`, `cert`, `federated` where they are wanted. Returns what was added and
    /// what was not, with why.
    pub fn import_tenants(&self, text: &str) -> Result<Vec<Added>, EngineError> {
        let unfit = |error: csv::Error| EngineError::TenantTable {
            what: error.to_string(),
        };
        let first = text.lines().next().unwrap_or_default();
        let mut table = csv::ReaderBuilder::new()
            .delimiter(if first.contains(';') { b';' } else { b',' })
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let head: Vec<String> = table
            .headers()
            .map_err(unfit)?
            .iter()
            .map(str::to_lowercase)
            .collect();
        if !head.iter().any(|cell| cell == "tenant" || cell == "id") {
            return Err(EngineError::TenantTable {
                what: "its first line names no column `tenant`".to_owned(),
            });
        }
        let mut added = Vec::new();
        for row in table.records() {
            let row = row.map_err(unfit)?;
            let cell = |name: &str| {
                let place = head.iter().position(|cell| cell == name)?;
                let text = row.get(place)?;
                (!text.is_empty()).then(|| text.to_owned())
            };
            let Some(id) = cell("tenant").or_else(|| cell("id")) else {
                continue;
            };
            let proof = ["secret", "cert", "federated", "refresh_token"]
                .into_iter()
                .filter_map(|key| Some((key.to_owned(), cell(key)?)))
                .collect();
            let tags = cell("tags").unwrap_or_default();
            let tenant = NewTenant {
                id: id.clone(),
                name: cell("name"),
                tags: tags
                    .split([';', ' '])
                    .filter(|tag| !tag.is_empty())
                    .map(str::to_owned)
                    .collect(),
                cloud: cell("cloud"),
                client_id: cell("client_id"),
                proof,
            };
            added.push((id, self.add_tenant(&tenant)));
        }
        Ok(added)
    }
}

fn told_of(
    file: PathBuf,
    id: &str,
    onboarded: Option<&Onboarded>,
    tenant: &NewTenant,
) -> Result<Told, EngineError> {
    let client_id = tenant
        .client_id
        .clone()
        .unwrap_or_else(|| "CLIENT-ID".to_owned());
    let login = onboarded.map_or("https://login.microsoftonline.com", |one| {
        one.endpoints.login()
    });
    let feeds = match onboarded {
        Some(one) => feed_names(one, &one.sources)?,
        None => Vec::new(),
    };
    Ok(Told {
        file,
        consent: format!(
            "{login}/{id}/v2.0/adminconsent?client_id={client_id}&scope=https://graph.microsoft.com/.default"
        ),
        permissions: permissions(&feeds),
        script: script::script(id, &permissions(&feeds)),
    })
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn text_of(tenant: &NewTenant, id: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!("[[tenant]]\nid = {}\n", quoted(id));
    // Writing to a String cannot fail.
    if let Some(name) = &tenant.name {
        let _ = writeln!(text, "name = {}", quoted(name));
    }
    if !tenant.tags.is_empty() {
        let tags: Vec<String> = tenant.tags.iter().map(|tag| quoted(tag)).collect();
        let _ = writeln!(text, "tags = [{}]", tags.join(", "));
    }
    if let Some(cloud) = &tenant.cloud {
        let _ = writeln!(text, "cloud = {}", quoted(cloud));
    }
    let mut collect = Vec::new();
    if let Some(client_id) = &tenant.client_id {
        collect.push(format!("client_id = {}", quoted(client_id)));
    }
    for (key, reference) in &tenant.proof {
        let value = if key == "managed_identity" {
            "true".to_owned()
        } else {
            quoted(reference)
        };
        collect.push(format!("{key} = {value}"));
    }
    if !collect.is_empty() {
        let _ = writeln!(text, "collect = {{ {} }}", collect.join(", "));
    }
    text
}

/// Returns what the feeds need, each permission once.
pub(super) fn permissions(feeds: &[String]) -> Vec<Permission> {
    let mut found: Vec<Permission> = Vec::new();
    for kind in feeds.iter().filter_map(|feed| sources::kind_of(feed)) {
        for permission in kind.permissions {
            let service = kind.service.name();
            let known = |one: &Permission| one.service == service && one.name == permission.name;
            if !found.iter().any(known) {
                found.push(Permission {
                    service: service.to_owned(),
                    name: permission.name.to_owned(),
                    why: permission.why.to_owned(),
                });
            }
        }
    }
    found
}
