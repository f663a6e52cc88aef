//! Entra: the token endpoints, old and new, and what a client reads before it uses them.

mod assertion;
mod authorize;
mod code;
mod discovery;
mod flow;
mod signing;
mod web_app;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::Method;
use serde_json::json;

use crate::app::Collector;
use crate::cloud::Cloud;
use crate::faults::hash;
use crate::record::Micros;
use crate::service::Service;
use crate::stamp;
use crate::token::Grant;
use crate::wire::{Answer, Ask, find};
use crate::world::Tenant;

pub use assertion::Federated;
pub use web_app::WebApp;

/// Device codes and refresh tokens that were given out.
#[derive(Debug, Default)]
pub(crate) struct Entra {
    pub(crate) logins: Mutex<Logins>,
}

#[derive(Debug, Default)]
pub(crate) struct Logins {
    given: u64,
    devices: BTreeMap<String, flow::Device>,
    refresh: BTreeMap<String, flow::Session>,
    assertions: BTreeMap<String, Micros>,
    codes: BTreeMap<String, authorize::Code>,
    visits: BTreeMap<String, authorize::Visit>,
}

impl Entra {
    /// Makes every refresh token worthless.
    pub(crate) fn revoke(&self) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        for session in logins.refresh.values_mut() {
            session.revoked = true;
        }
    }

    /// Makes the refresh tokens of a person worthless.
    pub(crate) fn revoke_user(&self, user: &str) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        let sessions = logins.refresh.values_mut();
        for session in sessions.filter(|session| session.user == user) {
            session.revoked = true;
        }
    }

    /// Says what the person at a device does: agree or decline.
    pub(crate) fn decide(&self, user_code: &str, agrees: bool) -> bool {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        let device = logins
            .devices
            .values_mut()
            .find(|device| device.user_code == user_code);
        device.is_some_and(|device| {
            device.agreed = Some(agrees);
            true
        })
    }
}

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> (&'static str, Option<String>) {
    let tenant = ask.segments.first().cloned();
    let parts = ask.parts();
    let call = match parts.as_slice() {
        [_, "oauth2", "v2.0" | "token", ..] if parts.last() == Some(&"token") => "token",
        [_, "oauth2", .., "devicecode"] => "devicecode",
        [_, "oauth2", "v2.0", "authorize"] => "authorize",
        [_, "oauth2", "v2.0", "logout"] => "logout",
        ["metadata", "identity", "oauth2", "token"] | ["msi", "token"] => "managed_identity",
        ["common", "discovery", "instance"] => "instance",
        [.., ".well-known", "openid-configuration"] => "configuration",
        [_, "discovery", .., "keys"] => "keys",
        _ => "unknown",
    };
    (call, tenant)
}

/// Answers at the login host.
pub(crate) fn answer(cloud: &Cloud, ask: &Ask, call: &str) -> Answer {
    let made = match call {
        "token" if ask.method == Method::POST => token(cloud, ask),
        "devicecode" if ask.method == Method::POST => flow::device(cloud, ask),
        "managed_identity" => return managed_identity(cloud, ask),
        "instance" => return discovery::instance(cloud),
        "configuration" => discovery::configuration(cloud, ask),
        "keys" => return Answer::json(200, &signing::published()),
        "authorize" if [Method::GET, Method::POST].contains(&ask.method) => {
            return authorize::authorize(cloud, ask);
        }
        "logout" => return authorize::logout(cloud, ask),
        _ => return Answer::html(404, "Not Found"),
    };
    made.unwrap_or_else(|trouble| trouble.answer(cloud))
}

/// An error of Entra.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    status: u16,
    error: &'static str,
    code: u32,
    text: String,
}

impl Trouble {
    pub(crate) fn new(status: u16, error: &'static str, code: u32, text: &str) -> Self {
        Self {
            status,
            error,
            code,
            text: text.to_owned(),
        }
    }

    /// Returns what is said of it on a page.
    fn said(&self) -> String {
        format!("AADSTS{}: {}", self.code, self.text)
    }

    /// Writes it in Microsoft's shape.
    pub(crate) fn answer(&self, cloud: &Cloud) -> Answer {
        let now = cloud.now();
        let trace = cloud.guid("trace");
        let correlation = cloud.guid("correlation");
        let time = stamp::write("%Y-%m-%d %H:%M:%SZ", now);
        let Self { code, text, .. } = self;
        let description = format!(
            "AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}"
        );
        let body = json!({
            "error": self.error,
            "error_description": description,
            "error_codes": [code],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={code}", cloud.base(Service::Login)),
        });
        Answer::json(self.status, &body).with("cache-control", "no-store, no-cache")
    }
}

/// A token request, read.
pub(crate) struct Request<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) tenant: &'a Tenant,
    pub(crate) client: String,
    /// The client as the tenant knows it.
    pub(crate) registration: &'a Collector,
    pub(crate) modern: bool,
}

impl Request<'_> {
    pub(crate) fn field(&self, name: &'static str) -> Result<&str, Trouble> {
        find(&self.form, name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| {
                let text =
                    format!("The request body must contain the following parameter: '{name}'.");
                Trouble::new(400, "invalid_request", 900_144, &text)
            })
    }
}

fn token(cloud: &Cloud, ask: &Ask) -> Result<Answer, Trouble> {
    if find(&ask.form(), "grant_type") == Some("authorization_code") {
        return code::redeem(cloud, ask);
    }
    let request = request(cloud, ask)?;
    match request.field("grant_type")? {
        "client_credentials" => client_credentials(cloud, &request),
        "refresh_token" => flow::refresh(cloud, &request),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            flow::redeem(cloud, &request)
        }
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            Err(Trouble::new(400, "unsupported_grant_type", 70_003, &text))
        }
    }
}

/// Reads what every token request has: a tenant and a client that it knows.
pub(crate) fn request<'a>(cloud: &'a Cloud, ask: &'a Ask) -> Result<Request<'a>, Trouble> {
    let name = ask.segments.first().map_or("", String::as_str);
    let tenant = tenant(cloud, name)?;
    let request = Request {
        ask,
        form: ask.form(),
        tenant,
        client: String::new(),
        registration: &tenant.collector,
        modern: ask.parts().contains(&"v2.0"),
    };
    let client = request.field("client_id")?.to_owned();
    let Some(registration) = tenant.registration(&client) else {
        let text = format!(
            "Application with identifier '{client}' was not found in the directory '{}'. This can \
             happen if the application has not been installed by the administrator of the tenant or \
             consented to by any user in the tenant. You may have sent your authentication request \
             to the wrong tenant.",
            tenant.name
        );
        return Err(Trouble::new(400, "unauthorized_client", 700_016, &text));
    };
    let place = cloud.tenant(&tenant.id).unwrap_or_default();
    if let Some(app) = cloud.stands(place).app(&client).filter(|app| !app.enabled) {
        let text = format!("Application '{client}'({}) is disabled.", app.display_name);
        return Err(Trouble::new(400, "unauthorized_client", 7_000_112, &text));
    }
    Ok(Request {
        client,
        registration,
        ..request
    })
}

fn tenant<'a>(cloud: &'a Cloud, name: &str) -> Result<&'a Tenant, Trouble> {
    let anybodys = ["common", "organizations"].contains(&name);
    let tenants = &cloud.world.tenants;
    let found = if anybodys {
        tenants.first()
    } else {
        cloud.tenant(name).map(|place| &tenants[place])
    };
    found.ok_or_else(|| {
        let text = format!(
            "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are \
             signing into the correct cloud. Check with your subscription administrator, this may \
             happen if there are no active subscriptions for the tenant."
        );
        Trouble::new(400, "invalid_request", 90_002, &text)
    })
}

fn client_credentials(cloud: &Cloud, request: &Request<'_>) -> Result<Answer, Trouble> {
    prove(cloud, request)?;
    let service = resource(cloud, request)?;
    let roles = roles(request.registration, service);
    let grant = Grant {
        tenant: &request.tenant.id,
        client: &request.client,
        principal: &request.registration.service_principal,
        service,
        issuer: issuer(&request.tenant.id),
        roles,
        scopes: String::new(),
        upn: String::new(),
    };
    let life = cloud.faults.dials().token_seconds;
    let token = cloud.tokens.write(&grant, cloud.told_now(), life);
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": token,
    });
    if !request.modern {
        let expires = cloud.told_now() / stamp::SECOND + life as i64;
        body["expires_in"] = json!(life.to_string());
        body["ext_expires_in"] = json!(life.to_string());
        body["expires_on"] = json!(expires.to_string());
        body["not_before"] = json!((expires - life as i64).to_string());
        body["resource"] = json!(request.field("resource").unwrap_or_default());
    }
    Ok(Answer::json(200, &body).with("cache-control", "no-store, no-cache"))
}

/// Checks that the client is who it says: by a secret or by an assertion.
fn prove(cloud: &Cloud, request: &Request<'_>) -> Result<(), Trouble> {
    if let Ok(assertion) = request.field("client_assertion") {
        return assertion::check(cloud, request, assertion);
    }
    let Ok(secret) = request.field("client_secret") else {
        let text = "The request body must contain the following parameter: 'client_assertion' or \
                    'client_secret'.";
        return Err(Trouble::new(401, "invalid_client", 7_000_216, text));
    };
    if secret == request.registration.secret {
        return Ok(());
    }
    if cloud
        .options
        .expired_secrets
        .iter()
        .any(|old| old == secret)
    {
        let text = format!(
            "The provided client secret keys for app '{}' are expired. Visit the Azure portal to \
             create new keys for your app.",
            request.client
        );
        return Err(Trouble::new(401, "invalid_client", 7_000_222, &text));
    }
    let text = format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client \
         secret value, not the client secret ID, for a secret added to app '{}'.",
        request.client
    );
    Err(Trouble::new(401, "invalid_client", 7_000_215, &text))
}

/// Returns the service that a token is asked for.
pub(crate) fn resource(cloud: &Cloud, request: &Request<'_>) -> Result<Service, Trouble> {
    let name = if request.modern {
        let scope = request.field("scope")?;
        let wanted = scope
            .split(' ')
            .find(|word| word.contains("//") || word.contains("/.default"))
            .unwrap_or(scope);
        let Some(name) = wanted.strip_suffix("/.default") else {
            let text = format!(
                "The provided value for scope {scope} is not valid. Client credential flows must \
                 have a scope value with /.default suffixed to the resource identifier (application \
                 ID URI)."
            );
            return Err(Trouble::new(400, "invalid_scope", 1_002_012, &text));
        };
        name
    } else {
        request.field("resource")?
    };
    cloud.addresses().resource(name).ok_or_else(|| {
        let text = format!(
            "The resource principal named {name} was not found in the tenant named {}. This can \
             happen if the application has not been installed by the administrator of the tenant or \
             consented to by any user in the tenant. You might have sent your authentication request \
             to the wrong tenant.",
            request.tenant.name
        );
        Trouble::new(400, "invalid_resource", 500_011, &text)
    })
}

/// The old issuer, which services see in access tokens: not the host that gives them.
pub(crate) fn issuer(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

/// Returns what a client may do at a service.
fn roles(registration: &Collector, service: Service) -> Vec<String> {
    let granted = registration.permissions.iter();
    granted
        .filter(|(application, _)| application == service.application())
        .flat_map(|(_, permissions)| permissions.iter().cloned())
        .collect()
}

/// The endpoints of a machine (IMDS) and of App Service: numbers are strings there.
fn managed_identity(cloud: &Cloud, ask: &Ask) -> Answer {
    let invited = ask
        .header("metadata")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || ask.header("x-identity-header").is_some();
    let refuse = |text: &str| {
        let body = json!({"error": "invalid_request", "error_description": text});
        Answer::json(400, &body)
    };
    if !invited {
        return refuse("Required metadata header not specified");
    }
    let Some(tenant) = cloud.world.tenants.first() else {
        return refuse("Identity not found");
    };
    let name = ask.parameter("resource").unwrap_or_default();
    let Some(service) = cloud.addresses().resource(name) else {
        return refuse(&format!(
            "AADSTS500011: The resource principal named {name} was not found in the tenant"
        ));
    };
    let collector = &tenant.collector;
    let grant = Grant {
        tenant: &tenant.id,
        client: &collector.client_id,
        principal: &collector.service_principal,
        service,
        issuer: issuer(&tenant.id),
        roles: roles(collector, service),
        scopes: String::new(),
        upn: String::new(),
    };
    let life = cloud.faults.dials().token_seconds;
    let now = cloud.told_now();
    let expires = now / stamp::SECOND + life as i64;
    let body = json!({
        "access_token": cloud.tokens.write(&grant, now, life),
        "client_id": collector.client_id,
        "expires_in": life.to_string(),
        "expires_on": expires.to_string(),
        "ext_expires_in": life.to_string(),
        "not_before": (expires - life as i64).to_string(),
        "resource": name,
        "token_type": "Bearer",
    });
    Answer::json(200, &body)
}

/// Returns a value that cannot be guessed from others, for device codes and refresh tokens.
fn opaque(cloud: &Cloud, number: u64, name: &str) -> String {
    let word = |part: u64| {
        hash(
            hash(cloud.options.seed, name.as_bytes()),
            &(number * 4 + part).to_le_bytes(),
        )
    };
    format!(
        "{:016x}{:016x}{:016x}{:016x}",
        word(0),
        word(1),
        word(2),
        word(3)
    )
}

/// Returns an id that is always the same for a name.
pub(crate) fn named_guid(name: &str) -> String {
    let high = hash(0, name.as_bytes());
    let low = hash(high, b"low");
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
