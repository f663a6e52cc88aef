//! What a client reads before it asks for tokens.

use serde_json::json;

use super::{Trouble, tenant};
use crate::cloud::Cloud;
use crate::service::Service;
use crate::wire::{Answer, Ask};

/// `common/discovery/instance`: which hosts are one cloud.
pub(super) fn instance(cloud: &Cloud) -> Answer {
    let base = cloud.base(Service::Login);
    let host = base.split_once("//").map_or(base, |(_, host)| host);
    let body = json!({
        "tenant_discovery_endpoint": format!("{base}/common/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    });
    Answer::json(200, &body)
}

/// The OpenID configuration of a tenant.
pub(super) fn configuration(cloud: &Cloud, ask: &Ask) -> Result<Answer, Trouble> {
    let name = ask.segments.first().map_or("common", String::as_str);
    let id = &tenant(cloud, name)?.id;
    let base = cloud.base(Service::Login);
    let v2 = ask.parts().contains(&"v2.0");
    let version = if v2 { "/v2.0" } else { "" };
    let issuer = if v2 {
        format!("{base}/{id}/v2.0")
    } else {
        super::issuer(id)
    };
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/{id}/oauth2{version}/authorize"),
        "token_endpoint": format!("{base}/{id}/oauth2{version}/token"),
        "device_authorization_endpoint": format!("{base}/{id}/oauth2{version}/devicecode"),
        "end_session_endpoint": format!("{base}/{id}/oauth2{version}/logout"),
        "jwks_uri": format!("{base}/{id}/discovery{version}/keys"),
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": base.split_once("//").map_or(base, |(_, host)| host),
    });
    Ok(Answer::json(200, &body))
}
