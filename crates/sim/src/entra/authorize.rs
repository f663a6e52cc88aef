//! `authorize` and `logout`: where a browser is sent so that its person signs in.
//!
//! A person chooses on a page who it is, or the application's registration says who comes by
//! itself. Who signed in lately is not asked again, unless the application wants that.

use std::fmt::Write as _;
use std::sync::PoisonError;

use super::{Trouble, WebApp, opaque};
use crate::cloud::Cloud;
use crate::live::foothold::may_sign_in;
use crate::person::User;
use crate::record::Micros;
use crate::stamp::{MINUTE, SECOND};
use crate::wire::{Answer, Ask, encode, find};
use crate::world::Tenant;

/// A code that a browser was sent back with.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) client: String,
    pub(super) tenant: String,
    pub(super) user: String,
    pub(super) redirect: String,
    pub(super) nonce: String,
    pub(super) challenge: Option<String>,
    pub(super) scope: String,
    pub(super) signed_in: Micros,
    pub(super) expires: Micros,
    pub(super) is_used: bool,
}

/// Who signed in by a browser, and when.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    user: String,
    at: Micros,
}

/// The cookie of a browser that signed in.
const COOKIE: &str = "ESTSAUTH";

/// What a browser was sent with, checked as far as that nobody is sent to a stranger.
struct Sent<'a> {
    tenant: &'a Tenant,
    app: &'a WebApp,
    redirect: &'a str,
    ask: &'a Ask,
}

/// `authorize`.
pub(super) fn authorize(cloud: &Cloud, ask: &Ask) -> Answer {
    let sent = match sent(cloud, ask) {
        Ok(sent) => sent,
        // Whoever is not known is sent nowhere: the person reads it here.
        Err(trouble) => return page(trouble.status, &trouble.said()),
    };
    if let Err((error, text)) = sent.fit() {
        return sent.back(&[("error", error), ("error_description", text)]);
    }
    let form = ask.form();
    if find(&form, "cancel").is_some() {
        let text = "AADSTS65004: User declined to consent to access the app.";
        return sent.back(&[("error", "access_denied"), ("error_description", text)]);
    }
    if let Some(upn) = find(&form, "user") {
        return sent.signs_in(cloud, upn);
    }
    let anew = sent.one("prompt") == "login";
    if let Some(visit) =
        visit(cloud, ask).filter(|visit| !anew && sent.is_late_enough(cloud, visit))
    {
        return sent.with_code(cloud, &visit);
    }
    if sent.one("prompt") == "none" {
        let text = "AADSTS50058: A silent sign-in request was sent but no user is signed in.";
        return sent.back(&[("error", "login_required"), ("error_description", text)]);
    }
    match &sent.app.automatic {
        Some(upn) => sent.signs_in(cloud, upn),
        None => sent.choice(),
    }
}

/// `logout`: the browser is known no more.
pub(super) fn logout(cloud: &Cloud, ask: &Ask) -> Answer {
    if let Some(secret) = cookie(ask) {
        let mut logins = logins(cloud);
        logins.visits.remove(secret);
    }
    let forget = format!("{COOKIE}=; Path=/; Max-Age=0");
    let back = ask.parameter("post_logout_redirect_uri");
    let is_known = |uri: &&str| {
        let apps = cloud.options.web_apps.iter();
        let origin = |uri: &str| uri.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        apps.flat_map(|app| &app.redirect_uris)
            .any(|known| origin(known) == origin(uri))
    };
    match back.filter(is_known) {
        Some(uri) => Answer::empty(302).with("location", uri),
        None => page(200, "You signed out of your account"),
    }
    .with("set-cookie", forget)
}

fn sent<'a>(cloud: &'a Cloud, ask: &'a Ask) -> Result<Sent<'a>, Trouble> {
    let name = ask.segments.first().map_or("", String::as_str);
    let tenant = super::tenant(cloud, name)?;
    let client = ask.parameter("client_id").unwrap_or_default();
    let app = web_app(cloud, client).ok_or_else(|| {
        let text = format!(
            "Application with identifier '{client}' was not found in the directory '{}'.",
            tenant.name
        );
        Trouble::new(400, "unauthorized_client", 700_016, &text)
    })?;
    let redirect = ask.parameter("redirect_uri").unwrap_or_default();
    if !app.redirect_uris.iter().any(|known| known == redirect) {
        let text = format!(
            "The redirect URI '{redirect}' specified in the request does not match the redirect URIs \
             configured for the application '{client}'."
        );
        return Err(Trouble::new(400, "invalid_request", 50_011, &text));
    }
    Ok(Sent {
        tenant,
        app,
        redirect,
        ask,
    })
}

/// Returns the application of a client id.
pub(super) fn web_app<'a>(cloud: &'a Cloud, client: &str) -> Option<&'a WebApp> {
    let mut apps = cloud.options.web_apps.iter();
    apps.find(|app| app.client_id.eq_ignore_ascii_case(client))
}

impl Sent<'_> {
    fn one(&self, name: &str) -> &str {
        self.ask.parameter(name).unwrap_or_default()
    }

    /// Says what is wrong, in a word for the application and in words.
    fn fit(&self) -> Result<(), (&'static str, &'static str)> {
        if self.one("response_type") != "code" {
            let text = "AADSTS700054: response_type is not enabled for the application.";
            return Err(("unsupported_response_type", text));
        }
        if !self.one("scope").split(' ').any(|scope| scope == "openid") {
            let text = "AADSTS900144: The request must contain the scope 'openid'.";
            return Err(("invalid_request", text));
        }
        let is_public = self.app.secret.is_none();
        match (
            self.one("code_challenge"),
            self.one("code_challenge_method"),
        ) {
            ("", _) if is_public => {
                let text = "AADSTS9002325: Proof Key for Code Exchange is required for cross-origin \
                            authorization code redemption.";
                Err(("invalid_request", text))
            }
            ("", _) | (_, "S256") => Ok(()),
            _ => {
                let text = "AADSTS501491: Invalid size or method of Code_Challenge parameter.";
                Err(("invalid_request", text))
            }
        }
    }

    /// Whether a sign-in is late enough for `max_age`.
    fn is_late_enough(&self, cloud: &Cloud, visit: &Visit) -> bool {
        let most: Option<i64> = self
            .ask
            .parameter("max_age")
            .and_then(|text| text.parse().ok());
        most.is_none_or(|most| cloud.now() - visit.at <= most * SECOND)
    }

    fn signs_in(&self, cloud: &Cloud, upn: &str) -> Answer {
        let Some(user) = self.tenant.user(upn) else {
            return page(
                400,
                "AADSTS50034: The user account does not exist in the directory.",
            );
        };
        if let Err(text) = may(cloud, self.tenant, user) {
            return page(400, text);
        }
        let visit = Visit {
            user: user.id.clone(),
            at: cloud.now(),
        };
        let secret = {
            let mut logins = logins(cloud);
            logins.given += 1;
            let secret = opaque(cloud, logins.given, "visit");
            logins.visits.insert(secret.clone(), visit.clone());
            secret
        };
        self.with_code(cloud, &visit)
            .with("set-cookie", format!("{COOKIE}={secret}; Path=/; HttpOnly"))
    }

    fn with_code(&self, cloud: &Cloud, visit: &Visit) -> Answer {
        let some = |name| Some(self.one(name)).filter(|text| !text.is_empty());
        let code = Code {
            client: self.app.client_id.clone(),
            tenant: self.tenant.id.clone(),
            user: visit.user.clone(),
            redirect: self.redirect.to_owned(),
            nonce: self.one("nonce").to_owned(),
            challenge: some("code_challenge").map(str::to_owned),
            scope: self.one("scope").to_owned(),
            signed_in: visit.at,
            expires: cloud.now() + 10 * MINUTE,
            is_used: false,
        };
        let text = {
            let mut logins = logins(cloud);
            logins.given += 1;
            let text = format!("0.A{}", opaque(cloud, logins.given, "code"));
            logins.codes.insert(text.clone(), code);
            text
        };
        let session = cloud.guid("session");
        self.back(&[("code", &text), ("session_state", &session)])
    }

    /// Sends the browser back.
    fn back(&self, pairs: &[(&str, &str)]) -> Answer {
        let state = Some(("state", self.one("state"))).filter(|(_, state)| !state.is_empty());
        let mut address = self.redirect.to_owned();
        for (number, (name, value)) in pairs.iter().copied().chain(state).enumerate() {
            let mark = if number == 0 && !self.redirect.contains('?') {
                '?'
            } else {
                '&'
            };
            // Writing to a String cannot fail.
            let _ = write!(address, "{mark}{name}={}", encode(value));
        }
        Answer::empty(302)
            .with("location", address)
            .with("cache-control", "no-store, no-cache")
    }

    /// The page on which a person says who it is. It is sent to the address that it is at.
    fn choice(&self) -> Answer {
        let hint = self.one("login_hint");
        let options: Vec<String> = (self.tenant.users.iter())
            .map(|user| {
                let chosen = if user.upn.eq_ignore_ascii_case(hint) {
                    " selected"
                } else {
                    ""
                };
                format!("<option{chosen}>{}</option>", escaped(&user.upn))
            })
            .collect();
        let options = options.concat();
        let page = format!(
            "<!DOCTYPE html><html><head><title>Sign in to your account</title></head><body>\
             <h1>Pick an account of {}</h1><form method=\"post\"><select name=\"user\">{options}</select>\
             <button>Sign in</button></form><form method=\"post\"><button name=\"cancel\" value=\"1\">Cancel\
             </button></form></body></html>",
            escaped(&self.tenant.name)
        );
        Answer::of(200, "text/html; charset=utf-8", page).with("cache-control", "no-store")
    }
}

/// Says why somebody cannot sign in.
pub(super) fn may(cloud: &Cloud, tenant: &Tenant, user: &User) -> Result<(), &'static str> {
    let place = cloud.tenant(&tenant.id).unwrap_or_default();
    let stands = cloud.stands(place);
    let known = stands.user(&user.id);
    if known.is_some_and(|user| !user.enabled) {
        return Err("AADSTS50057: The user account is disabled.");
    }
    if known.is_some_and(|user| !may_sign_in(&stands, user)) {
        return Err("AADSTS53003: Access has been blocked by Conditional Access policies.");
    }
    Ok(())
}

fn visit(cloud: &Cloud, ask: &Ask) -> Option<Visit> {
    logins(cloud).visits.get(cookie(ask)?).cloned()
}

fn cookie(ask: &Ask) -> Option<&str> {
    let mut pairs = ask
        .header("cookie")?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

pub(super) fn logins(cloud: &Cloud) -> std::sync::MutexGuard<'_, super::Logins> {
    let logins = &cloud.entra.logins;
    logins.lock().unwrap_or_else(PoisonError::into_inner)
}

fn page(status: u16, text: &str) -> Answer {
    Answer::html(status, &escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
