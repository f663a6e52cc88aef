//! `azure/auditlogs`: Entra's directory audit, from the unified log, Graph or Azure Monitor.

use super::audit;
use crate::sigma::parts::{both, walk};
use crate::sigma::record::{Pouch, Record};
use crate::sigma::value::{Value, written};
use model::{Family, Json, Outcome};
use std::borrow::Cow;

pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    let (front, rest) = split(name);
    match front.as_str() {
        "operationname" | "activitydisplayname" | "activitytype" | "message" if rest.is_empty() => {
            audit::operations(record)
        }
        "category" if rest.is_empty() => category(record),
        "status" | "result" if rest.is_empty() => Value::said(record.columns.ending()),
        "loggedbyservice" if rest.is_empty() => service(record),
        "targetresources" => targets(record, rest),
        "consentcontext" => consent(record, rest),
        "additionaldetails" => details(record),
        "failure_status_reason" | "resultreason" => reason(record),
        "initiatedby" if rest.is_empty() => initiator(record),
        _ => None,
    }
}

/// Returns a field's first name in lower case, without `properties.` before it, and what is behind.
fn split(name: &str) -> (String, &str) {
    let name = name.strip_prefix("properties.").unwrap_or(name);
    let (front, rest) = name.split_once('.').unwrap_or((name, ""));
    (front.to_ascii_lowercase(), rest)
}

/// The unified log names what was acted on; Entra's own log the kind of administration.
fn category<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    if record.columns.family != Family::Unified {
        return record.value("category").map(|found| Value::of_json(&found));
    }
    let own = record.in_bag(Pouch::Extended, "extendedAuditEventCategory")?;
    Some(Value::text(match own {
        "User" => "UserManagement",
        "ServicePrincipal" | "Application" => "ApplicationManagement",
        "Role" => "RoleManagement",
        "Group" => "GroupManagement",
        "Directory" => "DirectoryManagement",
        other => other,
    }))
}

fn service<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    match record.word("loggedByService") {
        Some(own) => Some(Value::text(own)),
        None if record.columns.family == Family::Unified => Some(Value::text("Core Directory")),
        None => None,
    }
}

/// Answers `TargetResources`, `TargetResources.ModifiedProperties.NewValue`, `targetResources.type`.
fn targets<'r>(record: &'r Record<'_>, rest: &str) -> Option<Value<'r>> {
    let path = rest.to_ascii_lowercase();
    let changes = record.bag(Pouch::Changes);
    let sides = |side: fn(&model::bags::Property) -> Value<'static>| {
        Value::any_of(changes.iter().map(side).collect())
    };
    match path.as_str() {
        "" => everything(record),
        "modifiedproperties" => Value::texts([Cow::Owned(changes_text(record))]),
        "modifiedproperties.displayname" | "modifiedproperties.name" => {
            sides(|one| Value::text(one.name.clone()))
        }
        "modifiedproperties.newvalue" => sides(|one| both(&one.value)),
        "modifiedproperties.oldvalue" => sides(|one| both(&one.before)),
        "type" => types(record),
        _ => {
            let mut found = Vec::new();
            let targets = record.value("targetResources")?;
            walk(&targets, rest, 3, &mut found);
            Value::any_of(found)
        }
    }
}

fn everything<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let text = |key: &str| {
        let found = record.value(key);
        Cow::Owned(
            found
                .map(|value| Value::of_json(&value).shown())
                .unwrap_or_default(),
        )
    };
    let object = Cow::Borrowed(record.columns.object);
    Value::texts([
        text("targetResources"),
        text("Target"),
        Cow::Owned(changes_text(record)),
        object,
    ])
}

/// Spelled as Entra's own log spells it, whatever the dress: rules look for a part of it.
fn changes_text(record: &Record<'_>) -> String {
    let pairs = record.bag(Pouch::Changes).iter().map(|one| {
        let entry = |name: &'static str, value: &str| {
            (
                Cow::Borrowed(name),
                Json::String(Cow::Owned(value.to_owned())),
            )
        };
        Json::Object(vec![
            entry("displayName", &one.name),
            entry("oldValue", &one.before),
            entry("newValue", &one.value),
        ])
    });
    let pairs: Vec<Json<'_>> = pairs.collect();
    if pairs.is_empty() {
        return String::new();
    }
    written(&Json::Array(pairs))
}

/// In the unified log the kinds of the targets stand among their ids.
fn types<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let mut found = Vec::new();
    if let Some(targets) = record.value("targetResources") {
        walk(&targets, "type", 3, &mut found);
    }
    if let Some(targets) = record.value("Target") {
        walk(&targets, "ID", 3, &mut found);
        found.retain(|value| is_type(&value.shown()));
    }
    Value::any_of(found)
}

fn is_type(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Returns whether a field's answer follows from the operation alone: only records of a consent
/// tell its context.
pub(super) fn is_settled(record: &Record<'_>, name: &str) -> bool {
    let (front, _) = split(name);
    let names_consent = || {
        record
            .columns
            .action
            .to_ascii_lowercase()
            .contains("consent")
    };
    front == "consentcontext" && !names_consent()
}

fn consent<'r>(record: &'r Record<'_>, rest: &str) -> Option<Value<'r>> {
    if is_settled(record, "ConsentContext") {
        return None;
    }
    let wanted = format!("ConsentContext.{rest}");
    let changes = record.bag(Pouch::Changes);
    let own = changes.get(&wanted)?.trim().trim_matches('"');
    Some(Value::text(own))
}

fn details<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let mut found = Vec::new();
    if let Some(details) = record.value("additionalDetails") {
        walk(&details, "value", 3, &mut found);
        found.push(Value::text(Value::of_json(&details).shown()));
    }
    if let Some(own) = record.in_bag(Pouch::Extended, "additionalDetails") {
        found.push(Value::text(own.to_owned()));
    }
    Value::any_of(found)
}

fn reason<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let word = |key: &str| Cow::Owned(record.word(key).unwrap_or_default());
    // What succeeded gives no reason; most records did.
    let method = match record.columns.outcome {
        Outcome::Success => None,
        _ => record.bag(Pouch::Changes).get("MethodExecutionResult."),
    };
    let method = method.unwrap_or_default().trim_matches('"');
    Value::texts([
        word("resultReason"),
        word("resultDescription"),
        word("FailureReason"),
        method.into(),
    ])
}

fn initiator<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let found = record
        .value("initiatedBy")
        .or_else(|| record.value("Actor"));
    let text = found
        .map(|value| Value::of_json(&value).shown())
        .unwrap_or_default();
    Value::texts([
        record.columns.user_text.into(),
        record.columns.user.into(),
        text.into(),
    ])
}
