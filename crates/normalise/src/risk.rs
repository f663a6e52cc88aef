//! Identity Protection: risk detections, risky users and their service principal twins.
//!
//! A risky user is no event but a row that Microsoft rewrites, under the user's own id.
//! What was known when is evidence, so the time of its last change is part of its id here
//! and each state that was seen is kept.

use crate::Context;
use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{either, lower, text_at};
use model::{ActorKind, Event, Family, Json, Normalised, Raw, Shape};
use std::borrow::Cow;

const CHANGED: &[&str] = &["risklastupdateddatetime"];

/// Understands a risk detection or a risky user.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    understand(Record::plain(raw), context)
}

/// Understands a risk detection or a risky user in whatever dress.
pub(crate) fn understand<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = begin(Family::Risk, "entra.risk");
    event.workload = Cow::Borrowed("IdentityProtection");
    if record.has(CHANGED) {
        a_state(&mut record, &mut event);
    } else {
        a_detection(&mut record, &mut event);
    }
    // Log Analytics' `TenantId` is the workspace's id and no tenant.
    let own = if record.shape() == Shape::RiskTable {
        record.look(&["aadtenantid"])
    } else {
        either(record.outer_tenant(), || record.look(&["tenantid"]))
    };
    enter_tenant(&mut event, own, context);
    who(&mut record, &mut event);
    let address = either(record.take(&["ipaddress"]), || {
        record.outer(&["calleripaddress"])
    });
    enter_address(&mut event, address);
    event.correlation = record.take(&["correlationid"]);
    event.result = record.take(&["riskstate"]);
    event.agent = agent(&record);
    let level = record.look(&["risklevel"]);
    event.fingerprint = essence(&event, &[&event.operation, &event.result, &level]);
    record.finish(event)
}

fn a_state<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    record.date(event, CHANGED, &[]);
    event.operation = Cow::Borrowed("Risky user");
    if record.has(&["serviceprincipaltype", "appid"]) {
        event.operation = Cow::Borrowed("Risky service principal");
    }
    let id = record.look(&["id"]);
    let changed = match event.time {
        Some(time) => time.to_string(),
        None => event.time_text.trim().to_owned(),
    };
    let id = if id.is_empty() {
        id
    } else {
        Cow::Owned(format!("{}@{changed}", id.trim()))
    };
    record.identify(event, id, Ids::Always);
}

fn a_detection<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    record.date(
        event,
        &[
            "activitydatetime",
            "detecteddatetime",
            "lastupdateddatetime",
            "timegenerated",
        ],
        &["time"],
    );
    let operation = record.take(&["riskeventtype", "risktype", "operationname"]);
    event.operation = either(operation, || record.outer(&["operationname"]));
    let id = record.take(&["id"]);
    record.identify(event, id, Ids::Always);
}

fn who<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let is_application = record.has(&[
        "serviceprincipalid",
        "serviceprincipaltype",
        "serviceprincipaldisplayname",
    ]);
    if is_application {
        let name = record.take(&["serviceprincipaldisplayname", "displayname"]);
        event.user = lower(name.clone());
        event.user_text = name;
        event.user_key = record.take(&["serviceprincipalid", "id"]);
        event.user_kind = ActorKind::Application;
        event.app = record.take_folded(&["appid"]);
        return;
    }
    let name = record.take(&["userprincipalname"]);
    enter_actor(event, name);
    event.user_key = record.take(&["userid"]);
    // A risky user's own id is the user's.
    if event.user_key.is_empty() && record.has(CHANGED) {
        event.user_key = record.take(&["id"]);
    }
    if event.user_kind == ActorKind::Unknown && !event.user_key.is_empty() {
        event.user_kind = ActorKind::Person;
    }
}

/// Returns the user agent out of `additionalInfo`, a list of `{Key, Value}` dressed as text.
fn agent<'r>(record: &Record<'r>) -> Cow<'r, str> {
    let Some(info) = record.nested(&["additionalinfo"]) else {
        return Cow::Borrowed("");
    };
    let is_agent = |entry: &&Json<'r>| text_at(entry, &["key"]).eq_ignore_ascii_case("useragent");
    let listed = info
        .items()
        .iter()
        .find(is_agent)
        .map(|entry| text_at(entry, &["value"]));
    listed.unwrap_or_else(|| text_at(&info, &["useragent"]))
}
