//! Lines of diagnostic settings: an envelope with a `category` around a record of any family.
//!
//! Storage blobs, event hubs and Defender's streaming all write them. The category names
//! the family, but not alone: Entra's and Intune's audit logs are both `AuditLogs`, and
//! `Policy` is Azure's and, in some exports, Entra's. What is inside decides there.
//! Azure's activity log has no inner record: its facts stand in the envelope itself.

pub(crate) mod record;
pub(crate) mod value;

use crate::owned::owned;
use crate::{
    Context, alert, azure_activity, cloud_app_events, directory_audit, message, other, risk, signin,
};
use model::{Json, Normalised, Raw, Shape};
use record::Record;
use std::borrow::Cow;
use value::{inside, opened, text_at};

/// What stands inside an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inner {
    SignIn,
    DirectoryAudit,
    Risk,
    AzureActivity,
    EmailEvent,
    CloudAppEvent,
    Alert,
    Other,
}

/// Understands a line of diagnostic settings.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let inner = inside(&raw.body, &["properties"]).and_then(opened);
    match inner {
        Some(Cow::Borrowed(properties @ Json::Object(_))) => dispatch(raw, properties, context),
        // `properties` dressed as text: what is read from it cannot be lent on.
        Some(Cow::Owned(properties @ Json::Object(_))) => {
            owned(dispatch(raw, &properties, context))
        }
        _ => bare(raw, context),
    }
}

fn dispatch<'r>(
    raw: &'r Raw<'r>,
    properties: &'r Json<'r>,
    context: &'r Context<'r>,
) -> Normalised<'r> {
    let record = Record::enveloped(raw, properties);
    match inner(&raw.body, properties) {
        Inner::SignIn => signin::understand(record, context),
        Inner::DirectoryAudit => directory_audit::understand(record, context),
        Inner::Risk => risk::understand(record, context),
        Inner::AzureActivity => azure_activity::normalise(raw, context),
        Inner::EmailEvent => message::email_event(record, context),
        Inner::CloudAppEvent => cloud_app_event(raw, properties, context),
        Inner::Alert => alert::understand(record, context),
        Inner::Other => other::understand(record, context),
    }
}

/// Understands a line without an inner record.
fn bare<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    match inner(&raw.body, &raw.body) {
        Inner::SignIn => signin::normalise(raw, context),
        Inner::DirectoryAudit => directory_audit::normalise(raw, context),
        Inner::Risk => risk::normalise(raw, context),
        Inner::AzureActivity => azure_activity::normalise(raw, context),
        Inner::EmailEvent => message::email_event(Record::plain(raw), context),
        Inner::Alert => alert::normalise(raw, context),
        Inner::CloudAppEvent | Inner::Other => other::normalise(raw, context),
    }
}

fn cloud_app_event(
    raw: &Raw<'_>,
    properties: &Json<'_>,
    context: &Context<'_>,
) -> Normalised<'static> {
    let row = Raw {
        shape: Shape::CloudAppEvents,
        body: properties.clone(),
        columns: Vec::new(),
        place: raw.place.clone(),
        dates: raw.dates,
    };
    // The envelope names the tenant; the row inside it does not.
    let tenant = text_at(&raw.body, &["tenantid"]);
    let tenant = if tenant.is_empty() {
        context.tenant
    } else {
        Some(&*tenant)
    };
    owned(cloud_app_events::normalise(
        &row,
        &Context {
            tenant,
            ..Context::default()
        },
    ))
}

/// Tells what stands inside, by the category and by the facts that only one family has.
fn inner(envelope: &Json<'_>, properties: &Json<'_>) -> Inner {
    let category = text_at(envelope, &["category"]).trim().to_ascii_lowercase();
    if let Some(inner) = of_category(&category) {
        return inner;
    }
    if inside(properties, &["activitydisplayname"]).is_some() {
        return Inner::DirectoryAudit;
    }
    match category.as_str() {
        "administrative" | "servicehealth" | "resourcehealth" | "alert" | "autoscale"
        | "security" | "recommendation" | "policy" | "write" | "delete" | "action" => {
            Inner::AzureActivity
        }
        "" if is_operation_of_azure(envelope) => Inner::AzureActivity,
        _ => Inner::Other,
    }
}

/// Returns the family of a category that has only one.
fn of_category(category: &str) -> Option<Inner> {
    Some(match category {
        "signinlogs"
        | "noninteractiveusersigninlogs"
        | "serviceprincipalsigninlogs"
        | "managedidentitysigninlogs"
        | "microsoftserviceprincipalsigninlogs"
        | "adfssigninlogs"
        | "advancedhunting-aadsignineventsbeta"
        | "advancedhunting-entraidsigninevents"
        | "advancedhunting-aadspnsignineventsbeta"
        | "advancedhunting-entraidspnsigninevents" => Inner::SignIn,
        "userriskevents"
        | "riskyusers"
        | "riskyserviceprincipals"
        | "serviceprincipalriskevents" => Inner::Risk,
        "advancedhunting-emailevents" => Inner::EmailEvent,
        "advancedhunting-cloudappevents" => Inner::CloudAppEvent,
        "advancedhunting-alertinfo" | "advancedhunting-alertevidence" => Inner::Alert,
        "provisioninglogs" => Inner::Other,
        _ => return None,
    })
}

fn is_operation_of_azure(envelope: &Json<'_>) -> bool {
    let operation = text_at(envelope, &["operationname"]);
    let resource = text_at(envelope, &["resourceid"]).to_ascii_lowercase();
    operation.contains('/') && resource.starts_with("/subscriptions/")
}
