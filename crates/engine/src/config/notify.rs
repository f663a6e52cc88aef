//! What the operator says of telling people: `[notify]`, its destinations and its routes.

use super::period;
use super::secrets::Reference;
use model::Severity;
use serde::Deserialize;
use sinks::outbox::{Policy, Quiet, Route};
use sinks::{Destination, Email, PagerDuty, Security, Slack, Syslog, Teams, Transport, Webhook};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// What the operator says of telling people, checked. Secrets are not fetched as yet.
#[derive(Clone, Debug)]
pub(crate) struct Notify {
    /// By whom and when cards are heard of; its `sinks` name the addresses of each destination.
    pub(crate) policy: Policy,
    /// Where the pages are, for the links of a card; empty where there are none.
    pub(crate) public_url: String,
    /// A folder with the operator's own templates.
    pub(crate) templates: Option<PathBuf>,
    /// How old the last evidence of an incident may be of which people are still told.
    pub(crate) max_age: Duration,
    destinations: BTreeMap<String, DraftDestination>,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            public_url: String::new(),
            templates: None,
            max_age: MAX_AGE,
            destinations: BTreeMap::new(),
        }
    }
}

const MAX_AGE: Duration = Duration::from_hours(30 * 24);

impl Notify {
    /// Returns the names of the destinations.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.destinations.keys().map(String::as_str)
    }

    /// Fetches the secrets of a destination and returns it; nothing where there is none of that name.
    pub(crate) fn destination(&self, name: &str) -> Option<Result<Destination, String>> {
        self.destinations.get(name).map(DraftDestination::made)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftNotify {
    public_url: String,
    templates: Option<PathBuf>,
    max_age: Option<String>,
    most_an_hour: Option<u32>,
    update_pause: Option<String>,
    tries: Option<u32>,
    destination: BTreeMap<String, DraftDestination>,
    route: Vec<DraftRoute>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftRoute {
    name: String,
    to: Vec<String>,
    tenants: Vec<String>,
    tags: Vec<String>,
    least: Option<String>,
    quiet: Option<DraftQuiet>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftQuiet {
    from: String,
    to: String,
    #[serde(default)]
    offset: String,
}

/// One destination: exactly one kind of it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftDestination {
    teams: Option<String>,
    slack: Option<String>,
    pagerduty: Option<String>,
    /// Another address of PagerDuty: its European one, or a test server.
    pagerduty_url: Option<String>,
    email: Option<DraftEmail>,
    webhook: Option<DraftWebhook>,
    syslog: Option<DraftSyslog>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftEmail {
    server: String,
    port: Option<u16>,
    security: Option<String>,
    user: Option<String>,
    password: Option<String>,
    from: String,
    to: Vec<String>,
    #[serde(default)]
    hello: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftWebhook {
    url: String,
    key: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    ticket: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftSyslog {
    host: String,
    port: Option<u16>,
    transport: Option<String>,
    facility: Option<u8>,
    #[serde(default)]
    hostname: String,
    #[serde(default)]
    cef: bool,
}

impl DraftNotify {
    /// Checks it.
    pub(super) fn understand(self) -> Result<Notify, String> {
        let mut policy = Policy::default();
        if let Some(most) = self.most_an_hour {
            policy.most_an_hour = most.max(1);
        }
        if let Some(tries) = self.tries {
            policy.tries = tries.max(1);
        }
        if let Some(pause) = &self.update_pause {
            policy.update_pause = period("update_pause", pause)?.as_secs() as u32;
        }
        for (name, draft) in &self.destination {
            let what = |what: String| format!("`[notify.destination.{name}]`: {what}");
            let addresses = draft.checked().map_err(what)?;
            policy.sinks.insert(name.clone(), addresses);
        }
        for (at, draft) in self.route.iter().enumerate() {
            policy.routes.push(route(at, draft, &policy)?);
        }
        let max_age = match &self.max_age {
            Some(text) => period("max_age", text)?,
            None => MAX_AGE,
        };
        let public_url = self.public_url.trim().trim_end_matches('/').to_owned();
        if !public_url.is_empty() && !public_url.starts_with("https://") && !is_near(&public_url) {
            return Err(format!(
                "`public_url = \"{public_url}\"` in `[notify]`: pages are shown over https"
            ));
        }
        Ok(Notify {
            policy,
            public_url,
            templates: self.templates,
            max_age,
            destinations: self.destination,
        })
    }
}

pub(super) fn is_near(url: &str) -> bool {
    ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|near| url.starts_with(near))
}

fn route(at: usize, draft: &DraftRoute, policy: &Policy) -> Result<Route, String> {
    let name = if draft.name.is_empty() {
        format!("route {}", at + 1)
    } else {
        draft.name.clone()
    };
    if draft.to.is_empty() {
        return Err(format!(
            "the `[[notify.route]]` `{name}` leads nowhere: name destinations in `to`"
        ));
    }
    if let Some(missing) = draft.to.iter().find(|to| !policy.sinks.contains_key(*to)) {
        return Err(format!(
            "the `[[notify.route]]` `{name}` leads to `{missing}`, and there is no `[notify.destination.{missing}]`"
        ));
    }
    let least = match &draft.least {
        None => Severity::Medium,
        Some(text) => Severity::of_name(text)
            .ok_or_else(|| format!("`least = \"{text}\"` of the route `{name}` is no severity"))?,
    };
    let quiet = draft.quiet.as_ref().map(quiet).transpose()?;
    Ok(Route {
        name,
        to: draft.to.clone(),
        tenants: draft
            .tenants
            .iter()
            .map(|id| id.trim().to_lowercase())
            .collect(),
        tags: draft.tags.clone(),
        least,
        quiet,
    })
}

fn quiet(draft: &DraftQuiet) -> Result<Quiet, String> {
    let minute = |text: &str| -> Option<u16> {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let wrong = |text: &str| format!("`{text}` in `quiet` is no time of day: write `22:00`");
    let ahead = match draft.offset.trim() {
        "" | "Z" => 0,
        text => {
            let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
                (Some(rest), _) => (1, rest),
                (_, Some(rest)) => (-1, rest),
                _ => return Err(format!("`offset = \"{text}\"` in `quiet`: write `+01:00`")),
            };
            sign * minute(rest).ok_or_else(|| wrong(rest))? as i16
        }
    };
    Ok(Quiet {
        from: minute(&draft.from).ok_or_else(|| wrong(&draft.from))?,
        to: minute(&draft.to).ok_or_else(|| wrong(&draft.to))?,
        ahead,
    })
}

impl DraftDestination {
    /// Checks what is said, without fetching a secret; returns the addresses that it reaches.
    fn checked(&self) -> Result<Vec<String>, String> {
        let kinds = [
            self.teams.is_some(),
            self.slack.is_some(),
            self.pagerduty.is_some(),
            self.email.is_some(),
            self.webhook.is_some(),
            self.syslog.is_some(),
        ];
        if kinds.iter().filter(|is| **is).count() != 1 {
            return Err(
                "it is exactly one of `teams`, `slack`, `email`, `pagerduty`, `webhook` or `syslog`"
                    .to_owned(),
            );
        }
        for (key, text) in [
            ("teams", &self.teams),
            ("slack", &self.slack),
            ("pagerduty", &self.pagerduty),
        ] {
            if let Some(text) = text {
                Reference::read(key, text)?;
            }
        }
        if let Some(email) = &self.email {
            email.checked()?;
            return Ok(email.to.clone());
        }
        if let Some(webhook) = &self.webhook {
            Reference::read("url", &webhook.url)?;
            if let Some(key) = &webhook.key {
                Reference::read("key", key)?;
            }
            for (name, text) in &webhook.headers {
                Reference::read(name, text)?;
            }
        }
        if let Some(syslog) = &self.syslog {
            syslog.transport()?;
            if syslog.facility.is_some_and(|facility| facility > 23) {
                return Err("`facility` is 0 to 23".to_owned());
            }
        }
        Ok(Vec::new())
    }

    /// Fetches the secrets and returns the destination.
    fn made(&self) -> Result<Destination, String> {
        let fetched = |key: &str, text: &str| fetched(key, text);
        if let Some(text) = &self.teams {
            return Ok(Destination::Teams(Teams {
                url: fetched("teams", text)?,
            }));
        }
        if let Some(text) = &self.slack {
            return Ok(Destination::Slack(Slack {
                url: fetched("slack", text)?,
            }));
        }
        if let Some(text) = &self.pagerduty {
            let url = self.pagerduty_url.as_deref().unwrap_or(PagerDuty::URL);
            return Ok(Destination::PagerDuty(PagerDuty {
                key: fetched("pagerduty", text)?,
                url: url.to_owned(),
            }));
        }
        if let Some(email) = &self.email {
            return email.made().map(Destination::Email);
        }
        if let Some(webhook) = &self.webhook {
            let key = webhook.key.as_ref().map(|text| fetched("key", text));
            let headers = webhook.headers.iter();
            let headers = headers.map(|(name, text)| Ok((name.clone(), fetched(name, text)?)));
            return Ok(Destination::Webhook(Webhook {
                url: fetched("url", &webhook.url)?,
                key: key.transpose()?,
                headers: headers.collect::<Result<_, String>>()?,
                ticket: webhook.ticket,
            }));
        }
        let syslog = self.syslog.as_ref().ok_or("it is of no kind")?;
        let transport = syslog.transport()?;
        let usual = if transport == Transport::Tls {
            6514
        } else {
            514
        };
        Ok(Destination::Syslog(Syslog {
            host: syslog.host.clone(),
            port: syslog.port.unwrap_or(usual),
            transport,
            // Security and authorisation messages.
            facility: syslog.facility.unwrap_or(10),
            hostname: syslog.hostname.clone(),
            cef: syslog.cef,
        }))
    }
}

impl DraftEmail {
    fn checked(&self) -> Result<Security, String> {
        if self.to.is_empty() {
            return Err("`to` names nobody".to_owned());
        }
        if self.user.is_some() != self.password.is_some() {
            return Err("`user` and `password` are given together or not at all".to_owned());
        }
        if let Some(password) = &self.password {
            Reference::read("password", password)?;
        }
        match self.security.as_deref() {
            None | Some("starttls") => Ok(Security::StartTls),
            Some("tls") => Ok(Security::Tls),
            Some("none") => Ok(Security::None),
            Some(other) => Err(format!(
                "`security = \"{other}\"`: it is `starttls`, `tls` or `none`"
            )),
        }
    }

    fn made(&self) -> Result<Email, String> {
        let security = self.checked()?;
        let login = match (&self.user, &self.password) {
            (Some(user), Some(password)) => Some((user.clone(), fetched("password", password)?)),
            _ => None,
        };
        let usual = if security == Security::Tls { 465 } else { 587 };
        Ok(Email {
            server: self.server.clone(),
            port: self.port.unwrap_or(usual),
            security,
            login,
            from: self.from.clone(),
            to: self.to.clone(),
            hello: self.hello.clone(),
        })
    }
}

impl DraftSyslog {
    fn transport(&self) -> Result<Transport, String> {
        match self.transport.as_deref() {
            None | Some("tls") => Ok(Transport::Tls),
            Some("tcp") => Ok(Transport::Tcp),
            Some("udp") => Ok(Transport::Udp),
            Some(other) => Err(format!(
                "`transport = \"{other}\"`: it is `tls`, `tcp` or `udp`"
            )),
        }
    }
}

fn fetched(key: &str, text: &str) -> Result<sinks::Secret, String> {
    let secret = Reference::read(key, text)?.fetch()?;
    Ok(sinks::Secret::from(secret.reveal().trim().to_owned()))
}
