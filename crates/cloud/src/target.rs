//! Where a question goes: always a host that the service's token is for.

use crate::access::Access;
use model::{Ask, Failure, Service, Target};
use reqwest::Url;

/// Returns the URL of a question, or refuses it: a link that the service handed out, or a path,
/// may not lead to another scheme, host or port.
pub(crate) fn resolve(access: &Access, ask: &Ask) -> Result<Url, Failure> {
    place(access, ask.service, &ask.target)
}

/// Returns the URL of a path or a link of a service, or refuses it.
pub(crate) fn place(access: &Access, service: Service, target: &Target) -> Result<Url, Failure> {
    let Some((text, base)) = access.endpoints.place(service) else {
        let (name, cloud) = (service.name(), access.endpoints.cloud());
        let what = format!("there is no address of `{name}` in the cloud `{cloud}`");
        return Err(Failure::NoToken(model::NoToken {
            kind: model::NoTokenKind::ServiceAbsent,
            code: None,
            what,
        }));
    };
    let url = match target {
        Target::Path(path) => Url::parse(&format!("{text}{path}")),
        Target::Link(link) => base.join(link),
    };
    let url = url.map_err(|_| Failure::ForeignHost("no address at all".to_owned()))?;
    if is_home(base, &url) {
        return Ok(url);
    }
    Err(Failure::ForeignHost(host_of(&url)))
}

/// Returns whether a URL is on the very host of a service.
pub(crate) fn is_home(base: &Url, url: &Url) -> bool {
    url.scheme() == base.scheme()
        && url.host_str() == base.host_str()
        && url.port_or_known_default() == base.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Returns the host of a URL, made fit to be shown, with its scheme where that is not HTTPS.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("no host");
    let host: String = model::shown::shown(host).chars().take(255).collect();
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    match url.scheme() {
        "https" => format!("{host}{port}"),
        scheme => format!("{scheme}://{host}{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credential, Endpoints, Secret};
    use model::Pace;
    use std::sync::Arc;

    const HOME: &str = "https://manage.office.com/api/v1.0/t/activity/feed/audit/1$2";

    #[test]
    fn a_link_home_is_followed_in_whichever_case_it_comes() {
        for link in [
            HOME,
            "HTTPS://Manage.Office.COM/api/v1.0/t/activity/feed/audit/1$2",
            "https://manage.office.com:443/api/v1.0/t/activity/feed/audit/1$2",
            "/api/v1.0/t/activity/feed/audit/1$2",
        ] {
            let ask = Ask::get(Service::Manage, Pace::Activity, "/").at(link);
            assert_eq!(resolve(&access(), &ask).unwrap().as_str(), HOME, "{link}");
        }
    }

    #[test]
    fn a_link_or_path_to_elsewhere_is_refused() {
        for link in [
            "https://evil.example/api",
            "http://manage.office.com/api",
            "https://manage.office.com:8443/api",
            "https://manage.office.com.evil.example/api",
            "https://manage.office.com@evil.example/api",
            "https://user:pass@manage.office.com/api",
            "https://manage.office.com./api",
            "https://manage-office.com/api",
            "//evil.example/api",
            "\\\\evil.example\\api",
            "https:\\\\evil.example",
            "https://mаnage.office.com/api",
            "https://graph.microsoft.com/v1.0",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
        ] {
            let ask = Ask::get(Service::Manage, Pace::Activity, "/").at(link);
            let refused = resolve(&access(), &ask);
            assert!(
                matches!(refused, Err(Failure::ForeignHost(_))),
                "{link}: {refused:?}"
            );
        }
        for path in [".evil.example/", "@evil.example/", ":8443/", "evil"] {
            let ask = Ask::get(Service::Manage, Pace::Activity, path);
            assert!(resolve(&access(), &ask).is_err(), "{path}");
        }
    }

    #[test]
    fn a_path_is_below_the_address_of_the_service() {
        let mut endpoints = Endpoints::of("commercial").unwrap();
        endpoints
            .set("storage", "http://127.0.0.1:10000/account/")
            .unwrap();
        let ask = Ask::get(
            Service::Storage,
            Pace::Storage,
            "/logs?comp=list&prefix=a b",
        );
        let access = Access {
            endpoints: Arc::new(endpoints),
            ..access()
        };
        assert_eq!(
            resolve(&access, &ask).unwrap().as_str(),
            "http://127.0.0.1:10000/account/logs?comp=list&prefix=a%20b"
        );
    }

    fn access() -> Access {
        Access {
            tenant: "t".to_owned(),
            client_id: "c".to_owned(),
            credential: Credential::Secret(Secret::from("s".to_owned())),
            endpoints: Arc::new(Endpoints::of("commercial").unwrap()),
        }
    }
}
