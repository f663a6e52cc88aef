//! The machine's own identity, and where it is asked for a token.

use model::Secret;
use reqwest::{Client, RequestBuilder, Url};

/// The addresses that give tokens to this machine.
#[derive(Clone, Debug)]
pub struct IdentityHosts {
    /// The instance metadata service of a virtual machine.
    pub metadata: String,
    /// The endpoint of App Service, Functions and Container Apps with its header, where there is one.
    pub app_service: Option<(String, Secret)>,
}

impl IdentityHosts {
    /// Returns what Azure tells a process by its environment; the metadata service where it tells nothing.
    #[must_use]
    pub fn from_env() -> Self {
        let told = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
        let app_service = told("IDENTITY_ENDPOINT")
            .zip(told("IDENTITY_HEADER"))
            .map(|(endpoint, header)| (endpoint, Secret::from(header)));
        Self {
            metadata: told("AZURE_POD_IDENTITY_AUTHORITY_HOST")
                .unwrap_or_else(|| "http://169.254.169.254".to_owned()),
            app_service,
        }
    }

    /// Returns the request for a token; nothing where the address is none.
    pub(crate) fn request(
        &self,
        client: &Client,
        scope: &str,
        client_id: Option<&str>,
    ) -> Option<(Url, RequestBuilder)> {
        let resource = scope.trim_end_matches("/.default");
        let metadata = self.metadata.trim_end_matches('/');
        let (place, version) = match &self.app_service {
            Some((endpoint, _)) => (endpoint.clone(), "2019-08-01"),
            None => (
                format!("{metadata}/metadata/identity/oauth2/token"),
                "2018-02-01",
            ),
        };
        let mut url = Url::parse(&place).ok()?;
        url.query_pairs_mut()
            .append_pair("api-version", version)
            .append_pair("resource", resource)
            .extend_pairs(client_id.map(|id| ("client_id", id)));
        let request = client.get(url.clone());
        let request = match &self.app_service {
            Some((_, header)) => request.header("X-IDENTITY-HEADER", header.reveal()),
            None => request.header("Metadata", "true"),
        };
        Some((url, request))
    }
}
