//! What the operator says of the pages: `[serve]`, and where people sign in to them.

use super::collecting::Onboarded;
use super::notify::is_near;
use super::secrets::Reference;
use cloud::oidc::Application;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The roles, each more than the one before.
const ROLES: [&str; 4] = ["viewer", "analyst", "responder", "admin"];
/// The word for every tenant.
const EVERY_TENANT: &str = "*";
/// Where browsers come back to, on the pages.
const BACK: &str = "/sign-in/oidc";

/// The issuer at which people sign in, checked. Secrets are not fetched as yet.
#[derive(Clone, Debug)]
pub(crate) struct Oidc {
    /// What it is called on the pages.
    pub(crate) name: String,
    /// Our application there.
    pub(crate) application: Application,
    /// What the application proves itself with; nothing where it is a public one.
    pub(crate) secret: Option<Reference>,
    /// Where the pages are.
    pub(crate) public_url: String,
    grants: Vec<Grant>,
}

/// What a value of the claim gives.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Grant {
    value: String,
    role: usize,
    tenants: Vec<String>,
    tags: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftServe {
    oidc: Option<DraftOidc>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftOidc {
    name: String,
    issuer: String,
    tenants: Vec<String>,
    client_id: String,
    client_secret: Option<String>,
    public_url: Option<String>,
    claim: Option<String>,
    scopes: Vec<String>,
    role: Vec<DraftGrant>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftGrant {
    value: String,
    role: String,
    tenants: Vec<String>,
    tags: Vec<String>,
}

impl DraftServe {
    /// Checks it; `public_url` is where the pages are as telling people knows it.
    pub(super) fn understand(
        self,
        public_url: &str,
        tenants: &[Onboarded],
    ) -> Result<Option<Oidc>, String> {
        let Some(oidc) = self.oidc else {
            return Ok(None);
        };
        let understood = oidc.understand(public_url, tenants);
        understood
            .map(Some)
            .map_err(|what| format!("`[serve.oidc]`: {what}"))
    }
}

impl DraftOidc {
    fn understand(self, public_url: &str, tenants: &[Onboarded]) -> Result<Oidc, String> {
        let public_url = self.public_url.as_deref().unwrap_or(public_url);
        let public_url = public_url.trim().trim_end_matches('/').to_owned();
        if !public_url.starts_with("https://") && !is_near(&public_url) {
            return Err(format!(
                "`public_url = \"{public_url}\"`: say where the pages are, over https; browsers come back to \
                 `{BACK}` there"
            ));
        }
        if self.issuer.is_empty() || self.client_id.is_empty() {
            return Err("it needs an `issuer` and a `client_id`".to_owned());
        }
        let claim = self.claim.as_deref().unwrap_or("roles");
        let application = Application::new(
            self.issuer.trim(),
            &self.tenants,
            self.client_id.trim(),
            &format!("{public_url}{BACK}"),
            claim,
        );
        let application = application.map_err(|unfit| format!("`issuer`: {unfit}"))?;
        if self.role.is_empty() {
            return Err(format!(
                "nobody could come in: say in `[[serve.oidc.role]]` which value of `{claim}` gives which role"
            ));
        }
        let secret = self.client_secret.as_deref();
        let secret = secret.map(|text| Reference::read("client_secret", text));
        let grants = self.role.into_iter().map(|one| one.understand(tenants));
        let name = self.name.trim();
        Ok(Oidc {
            name: if name.is_empty() {
                "your organisation".to_owned()
            } else {
                name.chars().take(60).collect()
            },
            application: application.with_scopes(&self.scopes),
            secret: secret.transpose()?,
            public_url,
            grants: grants.collect::<Result<_, _>>()?,
        })
    }
}

impl DraftGrant {
    fn understand(self, known: &[Onboarded]) -> Result<Grant, String> {
        let value = self.value.trim().to_owned();
        if value.is_empty() {
            return Err("a `[[serve.oidc.role]]` has no `value`".to_owned());
        }
        let role = ROLES.iter().position(|role| *role == self.role);
        let role = role.ok_or_else(|| {
            format!(
                "`role = \"{}\"` for `{value}`: it is one of {}",
                self.role,
                ROLES.join(", ")
            )
        })?;
        if self.tenants.is_empty() && self.tags.is_empty() {
            return Err(format!(
                "`{value}` gives a role nowhere: name `tenants` or `tags`, or `tenants = [\"*\"]` for all"
            ));
        }
        let tenants = self.tenants.iter().map(|name| {
            let own = known.iter().find(|one| one.is(name));
            match (own, name.trim()) {
                (Some(one), _) => Ok(one.id.clone()),
                (None, EVERY_TENANT) => Ok(EVERY_TENANT.to_owned()),
                (None, id) if is_id(id) => Ok(id.to_lowercase()),
                (None, name) => Err(format!(
                    "`{value}` gives a role in `{name}`: it is neither a `[[tenant]]` nor the id of one"
                )),
            }
        });
        Ok(Grant {
            role,
            tenants: tenants.collect::<Result<_, _>>()?,
            tags: self.tags,
            value,
        })
    }
}

/// Returns whether that can be the id of a tenant: records of tenants that are not collected are there too.
fn is_id(text: &str) -> bool {
    let is_at = |at: usize, one: char| match at {
        8 | 13 | 18 | 23 => one == '-',
        _ => one.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.chars().enumerate().all(|(at, one)| is_at(at, one))
}

impl Oidc {
    /// Returns what values of the claim give: a role a tenant, the greatest of those that are given.
    pub(crate) fn roles(&self, values: &[String], tenants: &[Onboarded]) -> Vec<(String, String)> {
        let mut given = BTreeMap::<&str, usize>::new();
        let own = self.grants.iter().filter(|one| values.contains(&one.value));
        for grant in own {
            let tagged = tenants
                .iter()
                .filter(|one| one.tags.iter().any(|tag| grant.tags.contains(tag)))
                .map(|one| one.id.as_str());
            for tenant in grant.tenants.iter().map(String::as_str).chain(tagged) {
                let role = given.entry(tenant).or_default();
                *role = grant.role.max(*role);
            }
        }
        let named = |(tenant, role): (&str, usize)| {
            Some((tenant.to_owned(), (*ROLES.get(role)?).to_owned()))
        };
        given.into_iter().filter_map(named).collect()
    }
}
