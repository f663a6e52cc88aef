//! Alerts and incidents that Microsoft raised: Graph, Defender, Sentinel, advanced hunting.
//!
//! An alert is no event but a row that is rewritten while somebody works on it. Each state
//! that was seen is evidence, so the time of its last change is part of its id here.

use crate::diagnostic::record::{Ids, Record, begin, enter_actor, enter_address, enter_tenant};
use crate::diagnostic::value::{either, inside, text_at};
use crate::{Context, user};
use model::{Event, Family, Json, Normalised, Raw};
use std::borrow::Cow;

const CHANGED: &[&str] = &[
    "lastupdatedatetime",
    "lastupdatetime",
    "lastupdatedtime",
    "lastmodifiedtime",
    "timegenerated",
];

/// Understands an alert or an incident.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    understand(Record::plain(raw), context)
}

/// Understands an alert or an incident in whatever dress.
pub(crate) fn understand<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = begin(Family::Alert, "alert");
    record.date(
        &mut event,
        &[
            "createddatetime",
            "createdtime",
            "creationtime",
            "timegenerated",
            "timestamp",
            "eventdatetime",
        ],
        &["time"],
    );
    let id = id(&record);
    let has_ids = !record.has(&["evidencerole", "entitytype"]);
    record.identify(
        &mut event,
        id,
        if has_ids { Ids::Always } else { Ids::Rarely },
    );
    // Graph's `tenantId` is the tenant; Log Analytics' `TenantId` is the workspace.
    let tenant = either(record.outer_tenant(), || record.exact("tenantId"));
    enter_tenant(&mut event, tenant, context);
    event.workload = record.take(&["servicesource", "productname", "providername", "vendorname"]);
    event.operation = record.take(&[
        "title",
        "alertname",
        "displayname",
        "incidentname",
        "actiontype",
        "category",
    ]);
    event.object = record.take(&["compromisedentity", "devicename"]);
    event.result = record.take(&["status"]);
    let name = user_named(&mut record, &event);
    enter_actor(&mut event, name);
    let address = either(record.take(&["remoteip", "ipaddress"]), || {
        let evidence = record.nested(&["evidence", "entities"]);
        evidence
            .map(|evidence| first(&evidence, &[&["ipaddress"], &["address"]]))
            .unwrap_or_default()
    });
    enter_address(&mut event, address);
    event.fingerprint = record.digest();
    record.finish(event)
}

/// Returns the id with the time of the last change; a row of evidence has none of its own,
/// and an incident whose alerts were split over rows takes the alert's along.
fn id<'r>(record: &Record<'r>) -> Cow<'r, str> {
    if record.has(&["evidencerole", "entitytype"]) {
        return Cow::Borrowed("");
    }
    let own = record.look(&[
        "systemalertid",
        "alertid",
        "id",
        "incidentid",
        "incidentname",
        "incidentnumber",
    ]);
    if own.is_empty() {
        return own;
    }
    let mut id = own.trim().to_owned();
    let part = record
        .nested(&["alerts"])
        .map(|alert| either(text_at(&alert, &["alertid"]), || text_at(&alert, &["id"])));
    if let Some(part) = part.filter(|part| !part.is_empty()) {
        id = format!("{id}/{part}");
    }
    match record.moment(CHANGED) {
        Some(changed) => Cow::Owned(format!("{id}@{changed}")),
        None => Cow::Owned(id),
    }
}

/// Returns the first account that the alert names.
fn user_named<'r>(record: &mut Record<'r>, event: &Event<'r>) -> Cow<'r, str> {
    let own = record.take(&["accountupn", "userprincipalname"]);
    if !own.is_empty() {
        return own;
    }
    let evidence = record.nested(&["evidence", "entities"]);
    let listed = evidence
        .map(|evidence| account(&evidence))
        .unwrap_or_default();
    if !listed.is_empty() {
        return listed;
    }
    let is_person = user::actor(&event.object, None).kind == model::ActorKind::Person;
    if is_person {
        event.object.clone()
    } else {
        Cow::Borrowed("")
    }
}

fn account<'r>(evidence: &Json<'r>) -> Cow<'r, str> {
    let named = first(
        evidence,
        &[
            &["useraccount", "userprincipalname"],
            &["userprincipalname"],
        ],
    );
    either(named, || {
        let split = evidence.items().iter().find_map(|entity| {
            let (name, suffix) = (text_at(entity, &["name"]), text_at(entity, &["upnsuffix"]));
            (!name.is_empty() && !suffix.is_empty()).then(|| format!("{name}@{suffix}"))
        });
        split.map(Cow::Owned).unwrap_or_default()
    })
}

/// Returns the first text at any of the paths in any of the entities.
fn first<'r>(entities: &Json<'r>, paths: &[&[&str]]) -> Cow<'r, str> {
    let texts = entities.items().iter().flat_map(|entity| {
        paths
            .iter()
            .filter(|path| inside(entity, path).is_some())
            .map(|path| text_at(entity, path))
    });
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}
