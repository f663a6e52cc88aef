//! The code with which a browser came back, turned into a token that says who signed in.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use serde_json::{Value, json};

use super::authorize::{Code, logins, may, web_app};
use super::{Trouble, WebApp, named_guid, signing};
use crate::cloud::Cloud;
use crate::service::Service;
use crate::stamp::SECOND;
use crate::token::Grant;
use crate::wire::{Answer, Ask, find};

fn grant(code: u32, text: &str) -> Trouble {
    Trouble::new(400, "invalid_grant", code, text)
}

/// Redeems a code, once.
pub(super) fn redeem(cloud: &Cloud, ask: &Ask) -> Result<Answer, Trouble> {
    let form = ask.form();
    let field = |name: &str| find(&form, name).unwrap_or_default();
    let (client, secret) = proof(ask, &form);
    let Some(app) = web_app(cloud, &client) else {
        let text =
            format!("Application with identifier '{client}' was not found in the directory.");
        return Err(Trouble::new(400, "unauthorized_client", 700_016, &text));
    };
    prove(app, secret.as_deref())?;
    let code = {
        let mut logins = logins(cloud);
        let known = logins.codes.get_mut(field("code"));
        let Some(code) = known.filter(|code| code.client == app.client_id) else {
            return Err(grant(
                9_002_313,
                "Invalid request. Request is malformed or invalid.",
            ));
        };
        if code.is_used {
            let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid \
                        code or use an existing refresh token.";
            return Err(grant(54_005, text));
        }
        code.is_used = true;
        code.clone()
    };
    fit(cloud, &code, &field)?;
    let tenant = super::tenant(cloud, &code.tenant)?;
    let user = tenant
        .user(&code.user)
        .ok_or_else(|| grant(50_034, "The user account does not exist."))?;
    may(cloud, tenant, user).map_err(|text| {
        let code = if text.contains("50057") {
            50_057
        } else {
            53_003
        };
        grant(code, text.split_once(": ").map_or(text, |(_, text)| text))
    })?;
    let life = cloud.faults.dials().token_seconds;
    let now = cloud.told_now();
    let service = Service::Graph;
    let access = Grant {
        tenant: &tenant.id,
        client: &app.client_id,
        principal: &user.id,
        service,
        issuer: super::issuer(&tenant.id),
        roles: Vec::new(),
        scopes: code.scope.clone(),
        upn: user.upn.clone(),
    };
    let body = json!({
        "token_type": "Bearer",
        "scope": code.scope,
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": cloud.tokens.write(&access, now, life),
        "id_token": signing::signed(&claims(cloud, app, &code)),
    });
    Ok(Answer::json(200, &body).with("cache-control", "no-store, no-cache"))
}

/// Returns which client asks and its secret: in the form, or in the header.
fn proof(ask: &Ask, form: &[(String, String)]) -> (String, Option<String>) {
    let told = |name| {
        find(form, name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let basic = ask.header("authorization").and_then(|header| {
        let bytes = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some((id.to_owned(), Some(secret.to_owned())))
    });
    basic.unwrap_or_else(|| (told("client_id").unwrap_or_default(), told("client_secret")))
}

fn prove(app: &WebApp, secret: Option<&str>) -> Result<(), Trouble> {
    let client = |code, text: &str| Err(Trouble::new(401, "invalid_client", code, text));
    match (&app.secret, secret) {
        (None, None) => Ok(()),
        (Some(right), Some(told)) if right == told => Ok(()),
        (Some(_), Some(_)) => client(7_000_215, "Invalid client secret provided."),
        (Some(_), None) => client(
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ),
        (None, Some(_)) => client(
            700_025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        ),
    }
}

fn fit<'a>(
    cloud: &Cloud,
    code: &Code,
    field: &dyn Fn(&'static str) -> &'a str,
) -> Result<(), Trouble> {
    if cloud.now() >= code.expires {
        let text =
            "The provided authorization code or refresh token has expired due to inactivity.";
        return Err(grant(70_008, text));
    }
    if field("redirect_uri") != code.redirect {
        let text = "The reply address does not match the reply address provided when requesting \
                    Authorization code.";
        return Err(grant(500_112, text));
    }
    let digest = digest::digest(&digest::SHA256, field("code_verifier").as_bytes());
    let is_right = match &code.challenge {
        Some(challenge) => *challenge == URL_SAFE_NO_PAD.encode(digest),
        None => field("code_verifier").is_empty(),
    };
    if is_right {
        return Ok(());
    }
    let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    Err(grant(501_481, text))
}

fn claims(cloud: &Cloud, app: &WebApp, code: &Code) -> Value {
    let (now, life) = (
        cloud.told_now() / SECOND,
        cloud.faults.dials().token_seconds,
    );
    let tenant = &code.tenant;
    let user = super::tenant(cloud, tenant)
        .ok()
        .and_then(|tenant| tenant.user(&code.user));
    let (upn, name) = user.map_or(("", ""), |user| (&user.upn, &user.display_name));
    let mut claims = json!({
        "aud": app.client_id,
        "iss": format!("{}/{tenant}/v2.0", cloud.base(Service::Login)),
        "iat": now, "nbf": now, "exp": now + life as i64,
        "auth_time": code.signed_in / SECOND + (cloud.told_now() - cloud.now()) / SECOND,
        "name": name, "nonce": code.nonce, "oid": code.user, "preferred_username": upn,
        // Pairwise: another application knows the same person by another word.
        "sub": named_guid(&format!("{} {}", app.client_id, code.user)),
        "tid": tenant, "uti": cloud.guid("uti"), "ver": "2.0",
    });
    for (name, list) in [("roles", &app.roles), ("groups", &app.groups)] {
        if let Some(values) = WebApp::of(list, upn) {
            claims[name] = json!(values);
        }
    }
    claims
}
