//! What the operator says of detection: `[detect]`, for all tenants or for one.

use detect::{Exception, Settings};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::IpAddr;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftDetect {
    domains: Vec<String>,
    partners: Vec<String>,
    networks: Vec<String>,
    approved_apps: Vec<String>,
    vips: Vec<String>,
    admins: Vec<String>,
    machines: Vec<String>,
    allowed_countries: Vec<String>,
    denied_countries: Vec<String>,
    exceptions: Vec<DraftException>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DraftException {
    detection: String,
    user: String,
    app: String,
    destination: String,
    until: String,
}

/// Checks what is said of detection.
pub(super) fn settings(draft: DraftDetect) -> Result<Settings, String> {
    let networks = draft.networks.iter().map(|text| network(text));
    let exceptions = draft.exceptions.into_iter().map(exception);
    Ok(Settings {
        domains: lower(&draft.domains),
        partners: lower(&draft.partners),
        networks: networks.collect::<Result<_, _>>()?,
        approved_apps: lower(&draft.approved_apps),
        vips: lower(&draft.vips),
        admins: lower(&draft.admins),
        machines: lower(&draft.machines),
        allowed_countries: upper(&draft.allowed_countries),
        denied_countries: upper(&draft.denied_countries),
        exceptions: exceptions.collect::<Result<_, _>>()?,
    })
}

fn lower(words: &[String]) -> BTreeSet<String> {
    words
        .iter()
        .map(|word| word.trim().to_lowercase())
        .collect()
}

fn upper(words: &[String]) -> BTreeSet<String> {
    words
        .iter()
        .map(|word| word.trim().to_uppercase())
        .collect()
}

fn network(text: &str) -> Result<(IpAddr, u8), String> {
    let wrong = || format!("`{text}` in `networks` is no network: write `203.0.113.0/24`");
    let (ip, length) = text.trim().split_once('/').ok_or_else(wrong)?;
    let ip: IpAddr = ip.parse().map_err(|_| wrong())?;
    let length: u8 = length.parse().map_err(|_| wrong())?;
    let widest = if ip.is_ipv4() { 32 } else { 128 };
    if length > widest {
        return Err(wrong());
    }
    Ok((ip, length))
}

fn exception(draft: DraftException) -> Result<Exception, String> {
    if draft.user.is_empty() && draft.app.is_empty() && draft.destination.is_empty() {
        return Err(
            "an exception names no `user`, `app` or `destination`: one that covers a whole \
             detection would hide an intruder too"
                .to_owned(),
        );
    }
    let until = match draft.until.trim() {
        "" => {
            return Err("an exception has no `until`: give the day on which it ends".to_owned());
        }
        text => normalise::read_time(text)
            .ok_or_else(|| format!("`until = \"{text}\"` is no time: write `2026-12-31`"))?,
    };
    Ok(Exception {
        detection: draft.detection,
        user: draft.user.to_lowercase(),
        app: draft.app.to_lowercase(),
        destination: draft.destination.to_lowercase(),
        until: Some(until),
    })
}
