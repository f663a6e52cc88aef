//! Where an act came from: address, session, token, device and agent.

use super::Fields;
use crate::bags;
use crate::user::lower;
use model::{Address, AddressClass, Json};
use std::borrow::Cow;

/// The address of a record, as read and as spelled.
#[derive(Debug, Default)]
pub(super) struct Whence<'r> {
    pub(super) address: Option<Address>,
    pub(super) text: &'r str,
}

/// Returns the address that best says where the person was.
///
/// `ActorIP` is the caller behind a service and outranks all. Mailbox records mean
/// `ClientIPAddress`, the others `ClientIP`. An empty one, a loopback and what is no
/// address give way to the next, but are kept when there is nothing better.
pub(super) fn whence<'r>(fields: &Fields<'r>, record_type: Option<i32>) -> Whence<'r> {
    let (first, second) = if is_mailbox_record(record_type) {
        (fields.client_ip_address, fields.client_ip)
    } else {
        (fields.client_ip, fields.client_ip_address)
    };
    let mut best = Whence::default();
    for field in [fields.actor_ip, first, second, fields.actor_ip_address] {
        let Some(text) = field
            .and_then(Json::as_text)
            .filter(|text| !text.is_empty())
        else {
            continue;
        };
        let address = Address::read(text);
        let candidate = Whence { address, text };
        if rank(&candidate) > rank(&best) {
            best = candidate;
        }
        if rank(&best) == 3 {
            break;
        }
    }
    best
}

fn rank(whence: &Whence<'_>) -> u8 {
    match whence.address {
        Some(address) if address.class() != AddressClass::Loopback => 3,
        Some(_) => 2,
        None => u8::from(!whence.text.is_empty()),
    }
}

/// ExchangeItem, ExchangeItemGroup, ExchangeAggregatedOperation and ExchangeItemAggregated.
pub(super) fn is_mailbox_record(record_type: Option<i32>) -> bool {
    matches!(record_type, Some(2 | 3 | 19 | 50))
}

/// Returns the session, which three workloads keep in three places.
pub(super) fn session<'r>(fields: &Fields<'r>) -> Cow<'r, str> {
    folded(first_said([
        fields.session.and_then(Json::as_text).map(Cow::Borrowed),
        fields
            .device_properties
            .and_then(|bag| bags::find(bag, "SessionId")),
        app_access(fields, "AADSessionId"),
    ]))
}

/// A session is a GUID, whose case says nothing: logs that spell it differently mean one.
fn folded(session: Cow<'_, str>) -> Cow<'_, str> {
    match session {
        Cow::Borrowed(text) => lower(text),
        Cow::Owned(text) => Cow::Owned(lower(&text).into_owned()),
    }
}

/// Returns the token's unique id; its case is part of it.
pub(super) fn token<'r>(fields: &Fields<'r>) -> Cow<'r, str> {
    app_access(fields, "UniqueTokenId").unwrap_or_default()
}

/// Returns the device's id.
pub(super) fn device<'r>(fields: &Fields<'r>) -> Cow<'r, str> {
    first_said([
        fields
            .device_properties
            .and_then(|bag| bags::find(bag, "Id")),
        fields.device.and_then(Json::as_text).map(Cow::Borrowed),
    ])
}

/// Returns the correlation id; a sign-in's is `InterSystemsId`.
pub(super) fn correlation<'r>(fields: &Fields<'r>) -> Cow<'r, str> {
    first_said([
        fields
            .correlation
            .and_then(Json::as_text)
            .map(Cow::Borrowed),
        fields
            .inter_systems
            .and_then(Json::as_text)
            .map(Cow::Borrowed),
        app_access(fields, "CorrelationId"),
    ])
}

/// Returns the user agent, or what stands for it.
///
/// `ActorInfoString` outranks `ClientInfoString`: behind `Client=REST;;` it names the caller.
pub(super) fn agent<'r>(fields: &Fields<'r>) -> Cow<'r, str> {
    let word = |field: Option<&'r Json<'r>>| field.and_then(Json::as_text).map(Cow::Borrowed);
    let of_bag = |name| {
        fields
            .extended_properties
            .and_then(|bag| bags::find(bag, name))
    };
    let named = first_said([
        word(fields.user_agent),
        of_bag("UserAgent"),
        word(fields.actor_info),
        word(fields.client_info),
    ]);
    if !named.is_empty() {
        return named;
    }
    if let Some(agent) = of_bag("additionalDetails").and_then(|details| agent_in(&details)) {
        return agent;
    }
    match (word(fields.client_process), word(fields.client_version)) {
        (Some(process), Some(version)) => Cow::Owned(format!("{process}/{version}")),
        (process, _) => process.unwrap_or_default(),
    }
}

/// Directory records hide the agent in `additionalDetails`, a JSON string of a JSON object.
fn agent_in(details: &str) -> Option<Cow<'static, str>> {
    if !details.contains("User-Agent") {
        return None;
    }
    let parsed = model::json::parse(details).ok()?;
    Some(Cow::Owned(
        parsed
            .value
            .get_any_case("User-Agent")?
            .as_text()?
            .to_owned(),
    ))
}

/// Returns a text of `AppAccessContext`, which the tables of Sentinel keep as a JSON string.
pub(super) fn app_access<'r>(fields: &Fields<'r>, key: &str) -> Option<Cow<'r, str>> {
    match fields.app_access? {
        Json::String(text) => {
            let parsed = model::json::parse(text).ok()?;
            Some(Cow::Owned(
                parsed.value.get_any_case(key)?.as_word()?.to_owned(),
            ))
        }
        Json::Folded(folded) => {
            let context = folded.open();
            Some(Cow::Owned(context.get_any_case(key)?.as_word()?.to_owned()))
        }
        context => context.get_any_case(key)?.as_word().map(Cow::Borrowed),
    }
}

fn first_said<const N: usize>(candidates: [Option<Cow<'_, str>>; N]) -> Cow<'_, str> {
    candidates
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default()
}
