//! The Azure DevOps audit log from its API and from Log Analytics.
//!
//! An entry's id is unique within its organisation only, so the organisation is part of
//! the id here.

use crate::Context;
use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{lower, trimmed};
use model::{ActorKind, Family, Normalised, Raw};
use std::borrow::Cow;

/// A client id that stands for no client.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Understands an entry of the Azure DevOps audit log.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut record = Record::plain(raw);
    let mut event = begin(Family::DevOpsAudit, "devops.audit");
    event.workload = Cow::Borrowed("AzureDevOps");
    let id = id(&record);
    record.identify(&mut event, id, Ids::Always);
    record.date(&mut event, &["timestamp", "timegenerated"], &[]);
    // Neither the API nor the table names the tenant: the table's `TenantId` is the workspace.
    enter_tenant(&mut event, Cow::Borrowed(""), context);
    event.operation = record.take(&["actionid", "operationname"]);
    let client = record.take_folded(&["actorclientid"]);
    let is_app = !client.is_empty() && client != NOBODY;
    let name = record.take(&["actorupn", "actordisplayname"]);
    enter_actor(&mut event, name);
    if is_app {
        event.user_kind = ActorKind::Application;
        event.app = client;
    }
    event.user_key = record.take(&["actoruserid", "actorcuid"]);
    if event.user_kind == ActorKind::Unknown && event.user_key == NOBODY {
        event.user_kind = ActorKind::System;
    }
    let address = record.take(&["ipaddress"]);
    enter_address(&mut event, address);
    event.agent = record.take(&["useragent"]);
    event.correlation = record.take(&["correlationid"]);
    event.object = record.take(&["projectname", "scopedisplayname"]);
    event.fingerprint = essence(
        &event,
        &[&event.operation, &event.user_key, &event.correlation],
    );
    record.finish(event)
}

fn id<'r>(record: &Record<'r>) -> Cow<'r, str> {
    let own = trimmed(record.look(&["id"]));
    let organisation = lower(trimmed(record.look(&["scopeid", "projectid"])));
    if own.is_empty() || organisation.is_empty() {
        return own;
    }
    Cow::Owned(format!("{organisation}/{own}"))
}
