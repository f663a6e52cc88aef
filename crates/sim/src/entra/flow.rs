//! A person's login: device codes, and the refresh tokens that follow.

use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{Request, Trouble, issuer, opaque, resource, roles};
use crate::cloud::Cloud;
use crate::live::foothold::may_sign_in;
use crate::person::User;
use crate::record::Micros;
use crate::service::Service;
use crate::stamp::{self, SECOND};
use crate::token::Grant;
use crate::wire::{Answer, Ask};

/// A device code that was given out.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) user_code: String,
    client: String,
    tenant: String,
    expires: Micros,
    looked: u32,
    /// What the person said; nobody said anything and the code was looked at often enough: agreed.
    pub(super) agreed: Option<bool>,
}

/// A login that can be refreshed.
#[derive(Clone, Debug)]
pub(super) struct Session {
    client: String,
    pub(super) user: String,
    expires: Micros,
    pub(super) revoked: bool,
}

/// Looks before a person has typed the code, unless a test says what the person does.
const LOOKS: u32 = 1;

/// `devicecode`.
pub(super) fn device(cloud: &Cloud, ask: &Ask) -> Result<Answer, Trouble> {
    let request = super::request(cloud, ask)?;
    request.field("scope")?;
    let mut logins = cloud
        .entra
        .logins
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    logins.given += 1;
    let device_code = opaque(cloud, logins.given, "device");
    let user_code = opaque(cloud, logins.given, "user")[..9].to_uppercase();
    let device = Device {
        user_code: user_code.clone(),
        client: request.client.clone(),
        tenant: request.tenant.id.clone(),
        expires: cloud.now() + 900 * SECOND,
        looked: 0,
        agreed: None,
    };
    logins.devices.insert(device_code.clone(), device);
    let page = format!("{}/common/oauth2/deviceauth", cloud.base(Service::Login));
    let body = json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": page,
        "expires_in": 900,
        "interval": 5,
        "message": format!("To sign in, use a web browser to open the page {page} and enter the code \
            {user_code} to authenticate."),
    });
    Ok(Answer::json(200, &body))
}

/// A device code turned into tokens, once the person agreed.
pub(super) fn redeem(cloud: &Cloud, request: &Request<'_>) -> Result<Answer, Trouble> {
    let code = request
        .field("device_code")
        .or_else(|_| request.field("code"))?;
    let tenant = {
        let mut logins = cloud
            .entra
            .logins
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = logins.devices.get_mut(code);
        let Some(device) = known.filter(|device| device.client == request.client) else {
            let text = "The verification code is not valid: the device code was not found.";
            return Err(Trouble::new(400, "bad_verification_code", 70_019, text));
        };
        agreed(device, cloud.now())?;
        let tenant = device.tenant.clone();
        logins.devices.remove(code);
        tenant
    };
    let place = cloud.tenant(&tenant).unwrap_or_default();
    let user = person(cloud, place).ok_or_else(|| {
        Trouble::new(
            400,
            "invalid_grant",
            50_034,
            "The user account does not exist.",
        )
    })?;
    tokens(cloud, request, user)
}

fn agreed(device: &mut Device, now: Micros) -> Result<(), Trouble> {
    if now >= device.expires {
        let text = "The provided device code has expired.";
        return Err(Trouble::new(400, "expired_token", 70_020, text));
    }
    device.looked += 1;
    match device.agreed {
        Some(true) => Ok(()),
        Some(false) => {
            let text =
                "The user has denied access to the scope requested by the client application.";
            Err(Trouble::new(400, "authorization_declined", 65_004, text))
        }
        None if device.looked > LOOKS => Ok(()),
        None => {
            let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
            Err(Trouble::new(400, "authorization_pending", 70_016, text))
        }
    }
}

/// Whoever has a directory role signs in, else the first.
fn person(cloud: &Cloud, tenant: usize) -> Option<&User> {
    let users = &cloud.world.tenants.get(tenant)?.users;
    let administrator = users.iter().find(|user| !user.roles.is_empty());
    administrator.or_else(|| users.first())
}

/// A refresh token turned into an access token and the next refresh token; the old one stays good.
pub(super) fn refresh(cloud: &Cloud, request: &Request<'_>) -> Result<Answer, Trouble> {
    let token = request.field("refresh_token")?;
    let grant = |code, text: &str| Trouble::new(400, "invalid_grant", code, text);
    let session = {
        let logins = cloud
            .entra
            .logins
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        logins.refresh.get(token).cloned()
    };
    let Some(session) = session.filter(|session| session.client == request.client) else {
        return Err(grant(
            9_002_313,
            "Invalid request. Request is malformed or invalid.",
        ));
    };
    if session.revoked {
        let text = "The provided grant has expired due to it being revoked, a fresh auth token is needed. \
                    The user might have changed or reset their password.";
        return Err(grant(50_173, text));
    }
    if cloud.now() >= session.expires {
        let text = "The refresh token has expired due to inactivity.";
        return Err(grant(700_082, text));
    }
    let user = request.tenant.user(&session.user).ok_or_else(|| {
        let text = "User account from identity provider does not exist in tenant and cannot access the \
                    application in that tenant.";
        grant(50_020, text)
    })?;
    tokens(cloud, request, user)
}

fn tokens(cloud: &Cloud, request: &Request<'_>, user: &User) -> Result<Answer, Trouble> {
    let place = cloud.tenant(&request.tenant.id).unwrap_or_default();
    let stands = cloud.stands(place);
    let known = stands.user(&user.id);
    if known.is_some_and(|user| !user.enabled) {
        let text = "The user account is disabled.";
        return Err(Trouble::new(400, "invalid_grant", 50_057, text));
    }
    if known.is_some_and(|user| !may_sign_in(&stands, user)) {
        let text = "Access has been blocked by Conditional Access policies. The access policy does not allow token \
                    issuance.";
        return Err(Trouble::new(400, "invalid_grant", 53_003, text));
    }
    let service = resource(cloud, request).or_else(|trouble| {
        // Scopes without a resource are Graph's: `User.Read offline_access`.
        let scope = request.field("scope").unwrap_or_default();
        if scope.contains("//") {
            Err(trouble)
        } else {
            Ok(Service::Graph)
        }
    })?;
    let life = cloud.faults.dials().token_seconds;
    let now = cloud.told_now();
    let scopes = scopes(request, service);
    let grant = Grant {
        tenant: &request.tenant.id,
        client: &request.client,
        principal: &user.id,
        service,
        issuer: issuer(&request.tenant.id),
        roles: Vec::new(),
        scopes: scopes.clone(),
        upn: user.upn.clone(),
    };
    let mut body = json!({
        "token_type": "Bearer",
        "scope": scopes,
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": cloud.tokens.write(&grant, now, life),
        "refresh_token": next_refresh_token(cloud, request, user),
    });
    if request.field("client_info").is_ok() {
        let who = json!({"uid": user.id, "utid": request.tenant.id});
        body["client_info"] = json!(URL_SAFE_NO_PAD.encode(who.to_string()));
    }
    let wanted = request.field("scope").unwrap_or_default();
    if wanted.split(' ').any(|scope| scope == "openid") {
        body["id_token"] = json!(id_token(cloud, request, user, now, life));
    }
    Ok(Answer::json(200, &body).with("cache-control", "no-store, no-cache"))
}

/// What the person delegates: what was consented to, and what is asked for by name.
fn scopes(request: &Request<'_>, service: Service) -> String {
    let own = ["openid", "profile", "offline_access", "email"];
    let mut scopes = roles(request.registration, service);
    for wanted in request.field("scope").unwrap_or_default().split(' ') {
        let name = wanted.rsplit('/').next().unwrap_or(wanted);
        if name != ".default" && !own.contains(&name) && !scopes.iter().any(|scope| scope == name) {
            scopes.push(name.to_owned());
        }
    }
    scopes.join(" ")
}

fn next_refresh_token(cloud: &Cloud, request: &Request<'_>, user: &User) -> String {
    let mut logins = cloud
        .entra
        .logins
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    logins.given += 1;
    let token = format!("1.A{}", opaque(cloud, logins.given, "refresh"));
    let session = Session {
        client: request.client.clone(),
        user: user.id.clone(),
        expires: cloud.now() + 90 * stamp::DAY,
        revoked: false,
    };
    logins.refresh.insert(token.clone(), session);
    token
}

fn id_token(cloud: &Cloud, request: &Request<'_>, user: &User, now: Micros, life: u64) -> String {
    let now = now / SECOND;
    let tenant = &request.tenant.id;
    let claims = json!({
        "aud": request.client,
        "iss": format!("{}/{tenant}/v2.0", cloud.base(Service::Login)),
        "iat": now, "nbf": now, "exp": now + life as i64,
        "name": user.display_name, "oid": user.id, "preferred_username": user.upn,
        "sub": user.id, "tid": tenant, "ver": "2.0",
    });
    super::signing::signed(&claims)
}
