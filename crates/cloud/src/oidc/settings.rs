//! The application at the issuer, as the operator describes it, and the name of the issuer.

use crate::endpoints::is_loopback;
use reqwest::Url;

/// Our application at an issuer.
#[derive(Clone, Debug)]
pub struct Application {
    pub(crate) issuer: IssuerName,
    pub(crate) client_id: String,
    pub(crate) redirect: Url,
    pub(crate) scope: String,
    pub(crate) claim: String,
}

/// Why an issuer cannot be used as it is described.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(String);

impl Application {
    /// Describes an application. `tenants` are the tenants of Entra whose people may come, where the issuer is that
    /// of many tenants; `redirect` is where browsers come back to; `claim` is the claim whose values give roles.
    pub fn new(
        issuer: &str,
        tenants: &[String],
        client_id: &str,
        redirect: &str,
        claim: &str,
    ) -> Result<Self, Unfit> {
        let unfit = |what: String| Err(Unfit(what));
        if client_id.is_empty() || claim.is_empty() {
            return unfit("an application has a `client_id` and a `claim`".to_owned());
        }
        let issuer = IssuerName::new(issuer, tenants)?;
        let redirect = match fit(redirect, Near::Allowed) {
            Ok(url) if url.query().is_none() => url,
            Ok(_) => return unfit(format!("`{redirect}` holds a query")),
            Err(why) => return unfit(format!("`{redirect}`: {why}")),
        };
        Ok(Self {
            issuer,
            client_id: client_id.to_owned(),
            redirect,
            scope: "openid profile email".to_owned(),
            claim: claim.to_owned(),
        })
    }

    /// Asks for further scopes: some issuers give the claim of roles for one of their own.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &[String]) -> Self {
        for scope in scopes {
            if !self.scope.split(' ').any(|known| known == scope) {
                self.scope.push(' ');
                self.scope.push_str(scope);
            }
        }
        self
    }
}

/// Whether this machine may be named over plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Near {
    Allowed,
    Refused,
}

/// Reads an address: HTTPS, or plain HTTP on this machine where that is allowed.
pub(crate) fn fit(text: &str, near: Near) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "it is no URL")?;
    let host = url.host_str().ok_or("it names no host")?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) && near == Near::Allowed => {}
        "http" => return Err("plain HTTP is for this machine alone"),
        _ => return Err("it is not HTTPS"),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("it holds a user or a fragment");
    }
    Ok(url)
}

/// What stands for a tenant where one name is that of many issuers.
const TEMPLATE: &str = "{tenantid}";
/// What Entra calls many tenants together.
const MANY: [&str; 2] = ["organizations", "common"];

/// The name of an issuer: one, compared letter by letter, or Entra's for many tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuerName {
    /// As it calls itself; with `{tenantid}` where it is that of many tenants.
    name: String,
    /// Where it describes itself.
    pub(crate) discovery: Url,
    /// Whether it is this machine that is asked.
    pub(crate) near: Near,
    /// The tenants whose people may come, in lower case; only where the name is of many.
    tenants: Vec<String>,
}

impl IssuerName {
    fn new(text: &str, tenants: &[String]) -> Result<Self, Unfit> {
        let unfit = |why: &str| Unfit(format!("`{text}`: {why}"));
        let asked = text.replace(TEMPLATE, MANY[0]);
        let url = fit(&asked, Near::Allowed).map_err(unfit)?;
        if url.query().is_some() {
            return Err(unfit("it holds a query"));
        }
        let many = url
            .path_segments()
            .and_then(|mut parts| Some((parts.next()?, parts.next()?)))
            .filter(|(first, second)| MANY.contains(first) && *second == "v2.0")
            .map(|(first, _)| format!("/{first}/v2.0"));
        let name = match &many {
            Some(part) => asked.replace(part.as_str(), &format!("/{TEMPLATE}/v2.0")),
            None => asked.clone(),
        };
        let tenants: Vec<String> = tenants.iter().map(|one| one.to_lowercase()).collect();
        if many.is_some() && tenants.is_empty() {
            return Err(unfit(
                "it is that of every tenant of Entra: name those whose people may come in `tenants`, for \
                 whoever administers another gives its people any role of an application",
            ));
        }
        if many.is_none() && !tenants.is_empty() {
            return Err(unfit("it is that of one tenant: `tenants` says nothing"));
        }
        let described = format!(
            "{}/.well-known/openid-configuration",
            asked.trim_end_matches('/')
        );
        Ok(Self {
            name,
            discovery: Url::parse(&described).map_err(|_| unfit("it is no URL"))?,
            near: match url.scheme() {
                "http" => Near::Allowed,
                _ => Near::Refused,
            },
            tenants,
        })
    }

    /// Returns whether that is how the issuer calls itself in its description.
    pub(crate) fn is_of_metadata(&self, told: &str) -> bool {
        told == self.name
    }

    /// Returns whether a token or a key of that issuer may come from here.
    pub(crate) fn is_of_token(&self, told: &str, tenant: Option<&str>) -> bool {
        if self.tenants.is_empty() {
            return told == self.name;
        }
        let tenant = tenant.filter(|tenant| self.tenants.contains(&tenant.to_lowercase()));
        tenant.is_some_and(|tenant| told == self.name.replace(TEMPLATE, tenant))
    }

    /// Returns whether a key belongs to the issuer of a token: Entra says of some whose they are.
    pub(crate) fn is_of_key(of_key: &str, issuer: &str, tenant: Option<&str>) -> bool {
        of_key == issuer || tenant.is_some_and(|tenant| of_key.replace(TEMPLATE, tenant) == issuer)
    }

    /// Returns whether a browser that names this issuer came back from here.
    pub(crate) fn is_of_answer(&self, told: &str) -> bool {
        let mut tenants = self.tenants.iter();
        told == self.name || tenants.any(|one| told == self.name.replace(TEMPLATE, one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str, tenants: &[&str]) -> Result<IssuerName, Unfit> {
        let tenants: Vec<String> = tenants.iter().map(|one| (*one).to_owned()).collect();
        IssuerName::new(text, &tenants)
    }

    #[test]
    fn an_issuer_is_one_name_letter_by_letter() {
        let one = issuer("https://idp.example/realm/", &[]).unwrap();
        assert_eq!(
            one.discovery.as_str(),
            "https://idp.example/realm/.well-known/openid-configuration"
        );
        assert!(one.is_of_metadata("https://idp.example/realm/"));
        assert!(one.is_of_token("https://idp.example/realm/", Some("any")));
        for other in [
            "https://idp.example/realm",
            "https://idp.example/Realm/",
            "http://idp.example/realm/",
            "",
        ] {
            assert!(!one.is_of_metadata(other), "{other}");
            assert!(!one.is_of_token(other, None), "{other}");
            assert!(!one.is_of_answer(other), "{other}");
        }
    }

    #[test]
    fn the_issuer_of_many_tenants_lets_in_those_that_are_named() {
        for text in [
            "https://login.microsoftonline.com/organizations/v2.0",
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/{tenantid}/v2.0",
        ] {
            assert!(issuer(text, &[]).is_err(), "{text}: everybody would come");
            let many = issuer(text, &["AAAA"]).unwrap();
            let told = "https://login.microsoftonline.com/{tenantid}/v2.0";
            assert!(many.is_of_metadata(told), "{text}");
            let own = "https://login.microsoftonline.com/aaaa/v2.0";
            assert!(many.is_of_token(own, Some("aaaa")));
            assert!(!many.is_of_token(own, Some("bbbb")), "iss and tid differ");
            assert!(!many.is_of_token(own, None));
            assert!(!many.is_of_token(told, Some("{tenantid}")));
            let other = "https://login.microsoftonline.com/bbbb/v2.0";
            assert!(!many.is_of_token(other, Some("bbbb")), "it is not named");
        }
        assert!(issuer("https://login.microsoftonline.com/aaaa/v2.0", &["aaaa"]).is_err());
    }

    #[test]
    fn an_address_is_https_or_this_machine() {
        assert!(fit("http://127.0.0.1:8080/a", Near::Allowed).is_ok());
        for text in [
            "http://127.0.0.1:8080/a",
            "http://idp.example",
            "https://user@idp.example",
            "https://idp.example/#x",
            "ftp://idp.example",
            "idp.example",
        ] {
            assert!(fit(text, Near::Refused).is_err(), "{text}");
        }
        let made = |redirect| Application::new("https://idp.example", &[], "c", redirect, "roles");
        assert!(made("https://ir.example.net/sign-in/oidc").is_ok());
        assert!(made("http://ir.example.net/sign-in/oidc").is_err());
        assert!(made("https://ir.example.net/?a=b").is_err());
    }
}
