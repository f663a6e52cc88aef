//! The unified audit log record (AuditData, Management Activity API, RawEventData).
//!
//! <https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema>

mod apps;
mod fields;
mod mailbox;
mod whence;

pub(crate) use fields::Fields;

use crate::user::{self, lower};
use crate::{Context, Extent, made_id, mail, outcome, record_type_number, rest, time};
use model::{
    ActorKind, DateOrder, Event, Family, Json, Normalised, Raw, RecordId, TenantId, Timestamp,
};
use std::borrow::Cow;

/// Understands a unified audit record.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &Context<'r>) -> Normalised<'r> {
    of_body(&raw.body, raw.dates, context, context.extent)
}

/// Understands the body of a unified audit record, wherever it stood.
pub(crate) fn record<'r>(
    body: &'r Json<'r>,
    dates: DateOrder,
    context: &Context<'r>,
) -> Normalised<'r> {
    of_body(body, dates, context, Extent::Whole)
}

fn of_body<'r>(
    body: &'r Json<'r>,
    dates: DateOrder,
    context: &Context<'r>,
    extent: Extent,
) -> Normalised<'r> {
    let fields = Fields::read(body);
    let mut errors = Vec::new();
    let when = when(fields.time, dates, &mut errors);
    let (id, id_made) = id(body, &fields, &mut errors);
    let mut event = event(&fields, context);
    event.id = id;
    event.id_made = id_made;
    event.time = when.time;
    event.time_text = when.text;
    if extent == Extent::Fields {
        return Normalised {
            event,
            items: Vec::new(),
            delivery: None,
            errors,
            damaged: when.damaged,
        };
    }
    event.fingerprint = body.fingerprint();
    let touched = mail::touched(&event.action, &fields, &mut errors);
    event.rest = rest::of_unified(body, &event, touched.say_all_of_folders);
    Normalised {
        event,
        items: touched.items,
        delivery: None,
        errors,
        damaged: when.damaged,
    }
}

/// What can be told of a unified audit record without understanding it.
#[derive(Clone, Debug)]
pub struct Surface<'r> {
    /// Whose record it is.
    pub tenant: TenantId<'r>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The numeric RecordType.
    pub record_type: Option<i32>,
    /// The operation as rules compare it.
    pub action: Cow<'r, str>,
    /// What kind of actor it was.
    pub actor: ActorKind,
}

/// Returns what can be told of a unified audit record in Microsoft's own spelling without
/// understanding it; nothing where it takes more than a glance.
#[must_use]
pub fn surface<'r>(raw: &'r Raw<'r>, context: &Context<'r>) -> Option<Surface<'r>> {
    let mut fields = Fields::default();
    for (key, value) in raw.body.entries() {
        match key.as_ref() {
            "Operation" => fields.operation = Some(value),
            "CreationTime" => fields.time = Some(value),
            "OrganizationId" => fields.organization = Some(value),
            "RecordType" => fields.record_type = Some(value),
            "UserId" => fields.user = Some(value),
            "UserType" => fields.user_type = Some(value),
            "Id" => fields.id = Some(value),
            _ => {}
        }
    }
    let time = time::read_json(fields.time?, raw.dates)?;
    if fields.id.is_none_or(|id| word(Some(id)).is_empty()) {
        return None;
    }
    Some(Surface {
        tenant: tenant(&fields, context),
        time: Some(time),
        record_type: record_type(fields.record_type),
        action: action(word(Some(fields.operation?))),
        actor: user::actor(word(fields.user), fields.user_type.and_then(user_type)).kind,
    })
}

struct When<'r> {
    time: Option<Timestamp>,
    text: Cow<'r, str>,
    damaged: bool,
}

/// A time that stands there and cannot be read damages the record; none at all leaves it undated.
fn when<'r>(field: Option<&'r Json<'r>>, dates: DateOrder, errors: &mut Vec<String>) -> When<'r> {
    let Some(value) = field else {
        errors.push("no CreationTime: kept undated".to_owned());
        return When {
            time: None,
            text: Cow::Borrowed(""),
            damaged: false,
        };
    };
    let text = value.as_word().unwrap_or_default();
    let time = time::read_json(value, dates);
    if time.is_none() {
        let start: String = text.chars().take(60).collect();
        errors.push(format!("the time `{start}` cannot be read: kept undated"));
    }
    When {
        time,
        text: Cow::Borrowed(text),
        damaged: time.is_none(),
    }
}

fn id<'r>(body: &Json<'_>, fields: &Fields<'r>, errors: &mut Vec<String>) -> (RecordId<'r>, bool) {
    let own = word(fields.id);
    if own.trim().is_empty() {
        errors.push("no Id: kept under a content hash".to_owned());
        return (RecordId(Cow::Owned(made_id(body))), true);
    }
    (RecordId(Cow::Borrowed(own)), false)
}

/// Fills every field that needs neither the time nor the mail items.
fn event<'r>(fields: &Fields<'r>, context: &Context<'r>) -> Event<'r> {
    let operation = word(fields.operation);
    let action = action(operation);
    let record_type = record_type(fields.record_type);
    let actor = user::actor(word(fields.user), fields.user_type.and_then(user_type));
    let whence = whence::whence(fields, record_type);
    let apps = apps::apps(fields, record_type);
    let result = word(fields.result);
    let error = word(fields.error_number.or(fields.error_code));
    Event {
        family: Family::Unified,
        source: "unified",
        tenant: tenant(fields, context),
        id: RecordId::default(),
        id_made: false,
        fingerprint: 0,
        time: None,
        time_text: Cow::Borrowed(""),
        record_type,
        workload: Cow::Borrowed(word(fields.workload)),
        operation: Cow::Borrowed(operation),
        user_text: Cow::Borrowed(word(fields.user)),
        user_key: Cow::Borrowed(word(fields.user_key)),
        user_kind: actor.kind,
        mailbox: mailbox::mailbox(fields, &action, &actor.key),
        mailbox_id: Cow::Borrowed(word(fields.mailbox_guid)),
        object: Cow::Borrowed(word(fields.object)),
        outcome: outcome::outcome(&action, result, error),
        result: Cow::Borrowed(result),
        error: Cow::Borrowed(error),
        address: whence.address,
        address_text: Cow::Borrowed(whence.text),
        session: whence::session(fields),
        token: whence::token(fields),
        app: apps.client,
        resource_app: apps.resource,
        agent: whence::agent(fields),
        device: whence::device(fields),
        correlation: whence::correlation(fields),
        logon_type: logon_type(fields.logon_type),
        rest: String::new(),
        user: actor.key,
        action,
    }
}

fn word<'r>(field: Option<&'r Json<'r>>) -> &'r str {
    field.and_then(Json::as_word).unwrap_or_default()
}

/// A record names its tenant; the operator's word counts only where it does not.
fn tenant<'r>(fields: &Fields<'r>, context: &Context<'r>) -> TenantId<'r> {
    let own = word(fields.organization).trim();
    let named = if own.is_empty() {
        context.tenant.unwrap_or("unknown")
    } else {
        own
    };
    TenantId(lower(named))
}

/// Returns the operation as rules compare it: trimmed, without the trailing full stop, dashes plain.
pub(crate) fn action(operation: &str) -> Cow<'_, str> {
    let trimmed = operation.trim();
    let trimmed = trimmed.strip_suffix('.').unwrap_or(trimmed).trim_end();
    if trimmed.is_ascii() {
        return Cow::Borrowed(trimmed);
    }
    let is_dash = |character: char| matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}');
    if trimmed.contains(is_dash) {
        return Cow::Owned(trimmed.replace(is_dash, "-"));
    }
    Cow::Borrowed(trimmed)
}

/// A RecordType is a number, a number in a string, or a name.
fn record_type(field: Option<&Json<'_>>) -> Option<i32> {
    let value = field?;
    match value.as_integer() {
        Some(number) => i32::try_from(number).ok(),
        None => record_type_number(value.as_text()?.trim()),
    }
}

/// A LogonType is a number, or its name in the tables of Sentinel.
fn logon_type(field: Option<&Json<'_>>) -> Option<i32> {
    const NAMES: &[&str] = &[
        "Owner",
        "Admin",
        "Delegated",
        "Transport",
        "SystemService",
        "BestAccess",
        "DelegatedAdmin",
    ];
    number_or_name(field?, NAMES).and_then(|number| i32::try_from(number).ok())
}

/// A UserType is a number, or its name in the tables of Sentinel.
fn user_type(value: &Json<'_>) -> Option<i64> {
    const NAMES: &[&str] = &[
        "Regular",
        "Reserved",
        "Admin",
        "DcAdmin",
        "System",
        "Application",
        "ServicePrincipal",
        "CustomPolicy",
        "SystemPolicy",
        "PartnerTechnician",
        "Guest",
    ];
    number_or_name(value, NAMES)
}

fn number_or_name(value: &Json<'_>, names: &[&str]) -> Option<i64> {
    value.as_integer().or_else(|| {
        let text = value.as_text()?.trim();
        let at = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))?;
        i64::try_from(at).ok()
    })
}
