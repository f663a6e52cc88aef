//! Entra directory audits in Graph's, Log Analytics', the portal's and storage's dress.
//!
//! The portal's CSV carries no record id and cuts targets and properties beyond its fixed
//! columns, so its rows get ids made from their content and do not meet the other dresses.

use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{either, inside, lower, tenant_of_path, text_at};
use crate::{Context, outcome};
use model::{ActorKind, Event, Family, Json, Normalised, Raw, Shape};
use std::borrow::Cow;

/// Understands a directory audit.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    understand(Record::plain(raw), context)
}

/// Understands a directory audit in whatever dress.
pub(crate) fn understand<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = begin(Family::DirectoryAudit, "entra.audit");
    event.workload = Cow::Borrowed("AzureActiveDirectory");
    let ids = if record.shape() == Shape::DirectoryAuditPortal {
        Ids::Rarely
    } else {
        Ids::Always
    };
    let id = record.take(&["id"]);
    record.identify(&mut event, id, ids);
    record.date(
        &mut event,
        &[
            "activitydatetime",
            "dateutc",
            "createddatetime",
            "timegenerated",
            "timestamp",
        ],
        &["time"],
    );
    let tenant = either(record.look(&["aadtenantid"]), || record.outer_tenant());
    let tenant = either(tenant, || tenant_of_path(&record.look(&["resourceid"])));
    enter_tenant(&mut event, tenant, context);
    let operation = record.take(&["activitydisplayname", "operationname", "activity"]);
    event.operation = either(operation, || record.outer(&["operationname"]));
    who(&mut record, &mut event);
    let targets = record.nested(&["targetresources"]);
    event.object = match &targets {
        Some(targets) => object(targets),
        None => record.take(&[
            "target1userprincipalname",
            "target1displayname",
            "target1objectid",
        ]),
    };
    event.agent = agent(&mut record);
    event.correlation = either(record.take(&["correlationid"]), || {
        record.outer(&["correlationid"])
    });
    event.result = record.take(&["result"]);
    event.outcome = outcome::of_word(&event.result);
    let touched = targets
        .map(|targets| target_ids(&targets))
        .unwrap_or_default();
    event.fingerprint = essence(&event, &[&event.operation, &touched]);
    record.finish(event)
}

fn who<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let initiator = record.nested(&["initiatedby"]);
    // Scripts that write the SDK's objects give both parts, one of them with nothing in it.
    let part = |name, facts: &[&str]| {
        let part = initiator
            .as_deref()
            .and_then(|initiator| inside(initiator, &[name]))?;
        let says_who = facts.iter().any(|fact| !text_at(part, &[fact]).is_empty());
        says_who.then_some(part)
    };
    let address = if let Some(user) = part("user", &["userprincipalname", "id", "displayname"]) {
        a_person(event, user)
    } else if let Some(app) = part(
        "app",
        &[
            "displayname",
            "serviceprincipalname",
            "serviceprincipalid",
            "appid",
        ],
    ) {
        an_app(event, app)
    } else {
        a_portal_row(record, event)
    };
    let address = either(address, || record.outer(&["calleripaddress", "ipaddress"]));
    enter_address(event, address);
    if event.user_text.is_empty() && event.user_key.is_empty() {
        let name = either(record.take(&["identity"]), || record.outer(&["identity"]));
        enter_actor(event, name);
    }
}

fn a_person<'r>(event: &mut Event<'r>, user: &Json<'r>) -> Cow<'r, str> {
    let id = text_at(user, &["id"]);
    let name = either(text_at(user, &["userprincipalname"]), || id.clone());
    enter_actor(event, name);
    event.user_key = id;
    let is_guest = text_at(user, &["usertype"]).eq_ignore_ascii_case("guest");
    match event.user_kind {
        _ if is_guest => event.user_kind = ActorKind::Guest,
        ActorKind::Unknown if !event.user_text.is_empty() => event.user_kind = ActorKind::Person,
        _ => {}
    }
    text_at(user, &["ipaddress"])
}

fn an_app<'r>(event: &mut Event<'r>, app: &Json<'r>) -> Cow<'r, str> {
    let name = either(text_at(app, &["displayname"]), || {
        text_at(app, &["serviceprincipalname"])
    });
    let name = either(name, || text_at(app, &["serviceprincipalid"]));
    event.user = lower(name.clone());
    event.user_text = name;
    event.user_key = text_at(app, &["serviceprincipalid"]);
    event.user_kind = ActorKind::Application;
    event.app = lower(text_at(app, &["appid"]));
    text_at(app, &["ipaddress"])
}

fn a_portal_row<'r>(record: &mut Record<'r>, event: &mut Event<'r>) -> Cow<'r, str> {
    let is_app = record
        .look(&["actortype"])
        .eq_ignore_ascii_case("application")
        || record.has(&["actorserviceprincipalid", "actorserviceprincipalname"]);
    if is_app {
        let name = record.take(&["actordisplayname", "actorserviceprincipalname"]);
        event.user = lower(name.clone());
        event.user_text = name;
        event.user_key = record.take(&["actorserviceprincipalid", "actorobjectid"]);
        event.user_kind = ActorKind::Application;
    } else {
        let name = record.take(&["actoruserprincipalname", "initiatinguserorapp"]);
        enter_actor(event, name);
        event.user_key = record.take(&["actorobjectid"]);
    }
    record.take(&["ipaddress", "initiatingipaddress"])
}

/// Returns what the first target that says anything is called.
fn object<'r>(targets: &Json<'r>) -> Cow<'r, str> {
    let names = [&["userprincipalname"], &["displayname"], &["id"]];
    let mut called = each(targets).iter().map(|target| {
        names
            .iter()
            .map(|name| text_at(target, *name))
            .find(|name| !name.is_empty())
            .unwrap_or_default()
    });
    called.find(|name| !name.is_empty()).unwrap_or_default()
}

fn target_ids(targets: &Json<'_>) -> String {
    let ids: Vec<Cow<'_, str>> = each(targets)
        .iter()
        .map(|target| text_at(target, &["id"]))
        .collect();
    ids.join(" ")
}

/// Returns the elements of an array; a lone object, as some exporters write it, is one.
fn each<'j, 'r>(value: &'j Json<'r>) -> &'j [Json<'r>] {
    match value {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

/// Returns the user agent, which most services put into `additionalDetails`.
fn agent<'r>(record: &mut Record<'r>) -> Cow<'r, str> {
    let own = record.take(&["useragent"]);
    if !own.is_empty() {
        return own;
    }
    let Some(details) = record.nested(&["additionaldetails"]) else {
        return Cow::Borrowed("");
    };
    let is_agent =
        |detail: &&Json<'r>| text_at(detail, &["key"]).eq_ignore_ascii_case("user-agent");
    each(&details)
        .iter()
        .find(is_agent)
        .map(|detail| text_at(detail, &["value"]))
        .unwrap_or_default()
}
