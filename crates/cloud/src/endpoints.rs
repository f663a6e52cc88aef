//! The hosts of each national cloud, and for which audience each takes a token.

use model::Service;
use reqwest::Url;
use std::collections::BTreeMap;

/// The addresses of one cloud, each service with the scope of its token.
///
/// ```
/// let china = cloud::Endpoints::of("china").unwrap();
/// assert_eq!(china.url(model::Service::Manage), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    cloud: &'static str,
    login: String,
    services: BTreeMap<Service, Place>,
    /// Scopes stay when an address is replaced: a test server is asked with real scopes.
    scopes: BTreeMap<Service, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    text: String,
    url: Url,
}

/// Why an address was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// There is no such service.
    #[error("set the address of `{0}`: there is no such service")]
    UnknownService(String),
    /// It is no address.
    #[error("set the address of `{service}`: {why}")]
    Unfit {
        /// Of which service.
        service: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

struct Row {
    cloud: &'static str,
    login: &'static str,
    graph: &'static str,
    manage: Option<&'static str>,
    exchange: &'static str,
    arm: &'static str,
    devops: Option<&'static str>,
}

/// Microsoft's hosts as their documents name them, one row a cloud. Azure DevOps Services
/// exists in the public cloud alone, which is where GCC tenants have their directory.
const CLOUDS: [Row; 5] = [
    Row {
        cloud: "commercial",
        login: "login.microsoftonline.com",
        graph: "graph.microsoft.com",
        manage: Some("manage.office.com"),
        exchange: "outlook.office365.com",
        arm: "management.azure.com",
        devops: Some("auditservice.dev.azure.com"),
    },
    Row {
        cloud: "gcc",
        login: "login.microsoftonline.com",
        graph: "graph.microsoft.com",
        manage: Some("manage-gcc.office.com"),
        exchange: "outlook.office365.com",
        arm: "management.azure.com",
        devops: Some("auditservice.dev.azure.com"),
    },
    Row {
        cloud: "gcc-high",
        login: "login.microsoftonline.us",
        graph: "graph.microsoft.us",
        manage: Some("manage.office365.us"),
        exchange: "outlook.office365.us",
        arm: "management.usgovcloudapi.net",
        devops: None,
    },
    Row {
        cloud: "dod",
        login: "login.microsoftonline.us",
        graph: "dod-graph.microsoft.us",
        manage: Some("manage.protection.apps.mil"),
        exchange: "outlook-dod.office365.us",
        arm: "management.usgovcloudapi.net",
        devops: None,
    },
    Row {
        cloud: "china",
        login: "login.chinacloudapi.cn",
        graph: "microsoftgraph.chinacloudapi.cn",
        manage: None,
        exchange: "partner.outlook.cn",
        arm: "management.chinacloudapi.cn",
        devops: None,
    },
];

const NAMES: [&str; 5] = ["commercial", "gcc", "gcc-high", "dod", "china"];

/// Hosts that Microsoft names beside those of the table for the same service; each is its own
/// audience, so the scope follows when an operator chooses one.
const OWN_AUDIENCE: [(Service, &str); 2] = [
    (Service::Exchange, "webmail.apps.mil"),
    (Service::Exchange, "outlook.office365.cn"),
];

const DEVOPS_SCOPE: &str = "499b84ac-1321-427f-aa17-267ca6975798/.default";
const STORAGE_SCOPE: &str = "https://storage.azure.com/.default";

impl Endpoints {
    /// Returns the addresses of a cloud by its name.
    #[must_use]
    pub fn of(cloud: &str) -> Option<Self> {
        let row = CLOUDS.iter().find(|row| row.cloud == cloud)?;
        let hosts = [
            (Service::Manage, row.manage),
            (Service::Graph, Some(row.graph)),
            (Service::Exchange, Some(row.exchange)),
            (Service::Arm, Some(row.arm)),
            (Service::DevOps, row.devops),
        ];
        let mut services = BTreeMap::new();
        let mut scopes = BTreeMap::from([
            (Service::DevOps, DEVOPS_SCOPE.to_owned()),
            (Service::Storage, STORAGE_SCOPE.to_owned()),
        ]);
        for (service, host) in hosts {
            let Some(host) = host else { continue };
            let url = Url::parse(&format!("https://{host}")).ok()?;
            let text = format!("https://{host}");
            scopes
                .entry(service)
                .or_insert_with(|| format!("{text}/.default"));
            services.insert(service, Place { text, url });
        }
        Some(Self {
            cloud: row.cloud,
            login: format!("https://{}", row.login),
            services,
            scopes,
        })
    }

    /// Returns the names of the clouds.
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Returns the name of this cloud.
    #[must_use]
    pub fn cloud(&self) -> &'static str {
        self.cloud
    }

    /// Replaces an address: of `login`, or of a service by its name. It is HTTPS, or plain HTTP
    /// where the host is this machine.
    pub fn set(&mut self, service: &str, url: &str) -> Result<(), EndpointError> {
        let place = place(url).map_err(|why| EndpointError::Unfit {
            service: service.to_owned(),
            why,
        })?;
        if service == "login" {
            self.login = place.text;
            return Ok(());
        }
        let known = Service::ALL
            .into_iter()
            .find(|known| known.name() == service)
            .ok_or_else(|| EndpointError::UnknownService(model::shown::shown(service).into()))?;
        let own_audience = OWN_AUDIENCE
            .iter()
            .any(|(of, host)| *of == known && place.url.host_str() == Some(host));
        if own_audience || !self.scopes.contains_key(&known) {
            let origin = place.url.origin().ascii_serialization();
            self.scopes.insert(known, format!("{origin}/.default"));
        }
        self.services.insert(known, place);
        Ok(())
    }

    /// Returns the address of a service without a slash at its end; nothing where this cloud has no such service.
    #[must_use]
    pub fn url(&self, service: Service) -> Option<&str> {
        self.services.get(&service).map(|place| place.text.as_str())
    }

    /// Returns the address that gives tokens.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    pub(crate) fn place(&self, service: Service) -> Option<(&str, &Url)> {
        self.services
            .get(&service)
            .map(|place| (place.text.as_str(), &place.url))
    }

    pub(crate) fn scope(&self, service: Service) -> Option<&str> {
        self.services.get(&service)?;
        self.scopes.get(&service).map(String::as_str)
    }
}

fn place(text: &str) -> Result<Place, &'static str> {
    let url = Url::parse(text).map_err(|_| "it is no URL")?;
    let host = url.host_str().ok_or("it names no host")?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => return Err("plain HTTP is for this machine alone"),
        _ => return Err("it is not HTTPS"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a user or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it holds a query or a fragment");
    }
    let text = url.as_str().trim_end_matches('/').to_owned();
    Ok(Place { text, url })
}

/// Returns whether a host of a URL is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_hosts_and_audiences_of_its_own_kind() {
        assert_eq!(NAMES.to_vec(), CLOUDS.map(|row| row.cloud).to_vec());
        for name in Endpoints::names() {
            let cloud = Endpoints::of(name).unwrap();
            assert!(cloud.login().starts_with("https://login."), "{name}");
            for service in Service::ALL {
                let Some(url) = cloud.url(service) else {
                    assert_eq!(cloud.scope(service), None, "{name} {service:?}");
                    continue;
                };
                let scope = cloud.scope(service).unwrap();
                match service {
                    Service::DevOps => assert_eq!(scope, DEVOPS_SCOPE),
                    _ => assert_eq!(scope, format!("{url}/.default"), "{name}"),
                }
                let suffix = match *name {
                    "commercial" | "gcc" => ".com",
                    "gcc-high" => [".us", ".net"][usize::from(service == Service::Arm)],
                    "dod" => match service {
                        Service::Arm => ".net",
                        Service::Manage => ".mil",
                        _ => ".us",
                    },
                    _ => ".cn",
                };
                assert!(url.ends_with(suffix), "{name} {url}");
            }
        }
    }

    #[test]
    fn what_a_cloud_lacks_is_absent() {
        let china = Endpoints::of("china").unwrap();
        assert_eq!(china.url(Service::Manage), None);
        assert_eq!(Endpoints::of("dod").unwrap().url(Service::DevOps), None);
        assert_eq!(
            Endpoints::of("commercial").unwrap().url(Service::Storage),
            None
        );
        assert_eq!(Endpoints::of("mars"), None);
    }

    #[test]
    fn an_address_is_https_or_this_machine() {
        let mut cloud = Endpoints::of("commercial").unwrap();
        cloud.set("graph", "http://127.0.0.1:8080/").unwrap();
        cloud.set("login", "http://[::1]:8080").unwrap();
        cloud
            .set("storage", "https://logs.blob.core.windows.net")
            .unwrap();
        assert_eq!(cloud.url(Service::Graph), Some("http://127.0.0.1:8080"));
        assert_eq!(
            cloud.scope(Service::Graph),
            Some("https://graph.microsoft.com/.default")
        );
        assert_eq!(cloud.scope(Service::Storage), Some(STORAGE_SCOPE));
        for unfit in [
            "http://graph.microsoft.com",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "https://user:pass@graph.microsoft.com",
            "https://graph.microsoft.com?x=1",
            "graph.microsoft.com",
            "",
        ] {
            assert!(cloud.set("graph", unfit).is_err(), "{unfit}");
        }
        assert!(cloud.set("mail", "https://graph.microsoft.com").is_err());
    }

    #[test]
    fn an_alternative_host_of_microsoft_is_its_own_audience() {
        let mut dod = Endpoints::of("dod").unwrap();
        dod.set("exchange", "https://webmail.apps.mil").unwrap();
        assert_eq!(
            dod.scope(Service::Exchange),
            Some("https://webmail.apps.mil/.default")
        );
    }
}
