//! Partners: a person signs in with a code, and the customers whose administration was delegated
//! are listed (GDAP).

use super::access::access;
use super::onboard::NewTenant;
use crate::clock;
use crate::config::{Config, Onboarded, Proof};
use crate::error::EngineError;
use crate::store::Store;
use cloud::{DeviceCode, Door, Limits};
use model::shown::shown;
use model::{Ask, Pace, Service};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A customer of a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The customer's tenant.
    pub tenant: String,
    /// Its name, as the partner center has it.
    pub name: String,
    /// When the last of its delegations ends, as the service writes it.
    pub ends: String,
    /// Whether it is configured already.
    pub known: bool,
}

#[derive(Deserialize)]
struct Page {
    value: Vec<Relationship>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    customer: Option<WireCustomer>,
    #[serde(default)]
    end_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCustomer {
    tenant_id: String,
    #[serde(default)]
    display_name: Option<String>,
}

const RELATIONSHIPS: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships?$filter=status%20eq%20'active'&$select=id,customer,endDateTime";

/// How many pages are followed: each holds a hundred customers or more.
const PAGES: usize = 1000;

impl Store {
    /// Signs a person in who types a code elsewhere, and keeps the refresh token in a file that only
    /// its owner can read. Returns the file.
    pub fn sign_in(
        &self,
        tenant: &str,
        client_id: &str,
        cloud: Option<&str>,
        tell: &mut dyn FnMut(&DeviceCode),
    ) -> Result<PathBuf, EngineError> {
        let config = Config::read(self.folder())?;
        let endpoints = Arc::new(config.cloud(cloud.unwrap_or("commercial"))?);
        let door = door()?;
        let refused = |no: model::NoToken| EngineError::SignIn { what: no.what };
        let token = self.runtime.block_on(async {
            let code = door
                .device_code(&endpoints, tenant, client_id, Service::Graph)
                .await
                .map_err(refused)?;
            tell(&code);
            door.device_login(&code).await.map_err(refused)
        })?;
        let file = self
            .folder()
            .join("secrets")
            .join(format!("{}.refresh", name_of(tenant)));
        keep(&file, token.reveal()).map_err(EngineError::written(&file))?;
        Ok(file)
    }

    /// Returns the customers who have delegated their administration to a partner that is configured.
    pub fn customers(&self, partner: &str) -> Result<Vec<Customer>, EngineError> {
        let config = Config::read(self.folder())?;
        let partner = named(&config, partner)?;
        let (door, access) = (door()?, access(&partner)?);
        let mut found: BTreeMap<String, Customer> = BTreeMap::new();
        let mut ask = Ask::get(Service::Graph, Pace::Directory, RELATIONSHIPS);
        for _ in 0..PAGES {
            let sent = self.runtime.block_on(door.send(&access, &ask));
            let failed = |what: String| EngineError::SignIn { what };
            let reply = sent
                .outcome
                .map_err(|failure| failed(failure.to_string()))?;
            if !reply.is_success() {
                let said = String::from_utf8_lossy(&reply.body);
                let said: String = shown(&said).chars().take(300).collect();
                return Err(failed(format!("answered {}: {said}", reply.status)));
            }
            let page: Page = serde_json::from_slice(&reply.body)
                .map_err(|_| failed("the list of customers cannot be read".to_owned()))?;
            for one in page.value {
                note(&mut found, one, &config);
            }
            match page.next {
                Some(next) => ask = ask.at(next),
                None => break,
            }
        }
        Ok(found.into_values().collect())
    }

    /// Returns the tenant to be added for a customer: the partner's application and sign-in.
    pub fn customer_tenant(
        &self,
        partner: &str,
        customer: &Customer,
    ) -> Result<NewTenant, EngineError> {
        let partner = named(&Config::read(self.folder())?, partner)?;
        let mut proof = Vec::new();
        let mut add = |key: &str, value: String| proof.push((key.to_owned(), value));
        match &partner.proof {
            Proof::Secret(secret) => add("secret", secret.told()),
            Proof::Certificate(pem) => add("cert", pem.told()),
            Proof::Federated(assertion) => add("federated", assertion.told()),
            Proof::ManagedIdentity => add("managed_identity", String::new()),
            Proof::Refresh { token, secret } => {
                add("refresh_token", token.told());
                if let Some(secret) = secret {
                    add("secret", secret.told());
                }
            }
        }
        Ok(NewTenant {
            id: customer.tenant.clone(),
            name: Some(customer.name.clone()),
            tags: vec!["customer".to_owned()],
            cloud: Some(partner.cloud),
            client_id: Some(partner.client_id),
            proof,
        })
    }
}

fn named(config: &Config, name: &str) -> Result<Onboarded, EngineError> {
    let found = config.tenants.iter().find(|tenant| tenant.is(name));
    found.cloned().ok_or_else(|| EngineError::NoSuchTenant {
        name: name.to_owned(),
    })
}

fn door() -> Result<Door, EngineError> {
    Door::new(Limits::default(), clock::now, None).map_err(EngineError::Door)
}

/// Several delegations may be one customer's.
fn note(found: &mut BTreeMap<String, Customer>, one: Relationship, config: &Config) {
    let Some(customer) = one.customer else { return };
    let tenant = customer.tenant_id.to_lowercase();
    let ends = shown(&one.end_date_time.unwrap_or_default()).into_owned();
    let known = config.knows(&tenant);
    let name = customer.display_name.unwrap_or_default();
    let entry = found.entry(tenant.clone()).or_insert_with(|| Customer {
        name: shown(&name).into_owned(),
        ends: String::new(),
        known,
        tenant,
    });
    if entry.ends < ends {
        entry.ends = ends;
    }
}

/// A tenant's id or domain as the name of a file: nothing of it is ever a path.
fn name_of(tenant: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    tenant
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect()
}

fn keep(file: &Path, token: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Such a file is made for its owner alone.
    let mut written = tempfile::NamedTempFile::new_in(folder)?;
    written.write_all(token.as_bytes())?;
    written.as_file().sync_all()?;
    written.persist(file).map_err(|failed| failed.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_delegations_are_one_customer_until_the_last_of_them_ends() {
        let page: Page = serde_json::from_str(
            r#"{"value":[
                {"id":"a","customer":{"tenantId":"T1","displayName":"One"},"endDateTime":"2026-05-01T00:00:00Z"},
                {"id":"b","customer":{"tenantId":"t1","displayName":"One"},"endDateTime":"2027-05-01T00:00:00Z"},
                {"id":"c","customer":null},
                {"id":"d","customer":{"tenantId":"t2"}}]}"#,
        )
        .expect("read");
        let mut found = BTreeMap::new();
        for one in page.value {
            note(&mut found, one, &Config::default());
        }
        let told: Vec<(&str, &str)> = found
            .values()
            .map(|one| (one.tenant.as_str(), one.ends.as_str()))
            .collect();
        assert_eq!(told, [("t1", "2027-05-01T00:00:00Z"), ("t2", "")]);
    }

    #[test]
    fn a_tenants_name_is_no_path() {
        assert_eq!(name_of("../../etc/x.example"), "______etc_x_example");
    }
}
