//! Which application called, and which one was called.
//!
//! A block list on `AppId` finds nothing: for mail read through Graph it is Graph, and the
//! rogue application is in `ClientAppId`. So both are told apart, once, here.

use super::{Fields, whence};
use crate::user::{is_guid, lower};
use model::Json;
use std::borrow::Cow;

/// The applications of a record, in lower case.
#[derive(Debug, Default)]
pub(super) struct Apps<'r> {
    /// Who called.
    pub(super) client: Cow<'r, str>,
    /// What was called.
    pub(super) resource: Cow<'r, str>,
}

/// AccountLogon and StsLogon.
pub(super) fn is_sign_in(record_type: Option<i32>) -> bool {
    matches!(record_type, Some(9 | 15))
}

/// Returns the applications of a record.
pub(super) fn apps<'r>(fields: &Fields<'r>, record_type: Option<i32>) -> Apps<'r> {
    let app_id = said(fields.app_id);
    let client = whence::app_access(fields, "ClientAppId")
        .filter(|app| !app.is_empty())
        .or_else(|| said(fields.client_app_id))
        .or_else(|| said(fields.application_id))
        .or_else(|| named_in(fields.actor_info))
        .or_else(|| named_in(fields.client_info))
        .or_else(|| app_id.clone().filter(|app| !is_resource(app)))
        .unwrap_or_default();
    let resource = whence::app_access(fields, "APIId")
        .filter(|app| !app.is_empty())
        .or_else(|| app_id.filter(|app| is_resource(app) || !app.eq_ignore_ascii_case(&client)))
        .or_else(|| {
            if is_sign_in(record_type) {
                signed_in_to(fields)
            } else {
                None
            }
        })
        .unwrap_or_default();
    Apps {
        client: lowered(client),
        resource: lowered(resource),
    }
}

fn said<'r>(field: Option<&'r Json<'r>>) -> Option<Cow<'r, str>> {
    field
        .and_then(Json::as_text)
        .filter(|text| !text.is_empty())
        .map(Cow::Borrowed)
}

fn lowered(app: Cow<'_, str>) -> Cow<'_, str> {
    match app {
        Cow::Borrowed(text) => lower(text),
        Cow::Owned(text) => Cow::Owned(lower(&text).into_owned()),
    }
}

/// The application that stands as `[AppId=...]` in a client string.
fn named_in<'r>(field: Option<&'r Json<'r>>) -> Option<Cow<'r, str>> {
    let (_, behind) = field?.as_text()?.split_once("[AppId=")?;
    let (app, _) = behind.split_once(']')?;
    (!app.is_empty()).then_some(Cow::Borrowed(app))
}

/// Applications that are called and do not call: what Microsoft's mailbox records name as `AppId`.
const RESOURCES: &[&str] = &[
    "00000002-0000-0000-c000-000000000000", // Azure AD Graph
    "00000002-0000-0ff1-ce00-000000000000", // Exchange Online
    "00000003-0000-0000-c000-000000000000", // Microsoft Graph
    "00000003-0000-0ff1-ce00-000000000000", // SharePoint Online
    "797f4846-ba00-4fd7-ba43-dac1f8f63013", // Azure Resource Manager
    "c5393580-f805-4401-95e8-94b7a6ef2fc2", // Office 365 Management APIs
];

fn is_resource(app: &str) -> bool {
    RESOURCES
        .iter()
        .any(|resource| resource.eq_ignore_ascii_case(app))
}

/// A sign-in's object is the application signed in to; it may also be the text `Unknown`.
fn signed_in_to<'r>(fields: &Fields<'r>) -> Option<Cow<'r, str>> {
    let object = said(fields.object).filter(|object| is_guid(object));
    object.or_else(|| {
        let targets = fields.target?.opened();
        let ids = targets
            .items()
            .iter()
            .filter_map(|target| target.get_any_case("ID"));
        let id = ids.filter_map(Json::as_text).find(|id| is_guid(id));
        id.map(|id| Cow::Owned(id.to_owned()))
    })
}
