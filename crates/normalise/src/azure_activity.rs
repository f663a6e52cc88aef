//! The Azure activity log from the REST API, Log Analytics, the portal's CSV and storage.
//!
//! Only the first two carry `eventDataId`; lines of diagnostic settings and rows of the
//! portal get an id made from their content and do not meet the other dresses. One act
//! gives several events (started, accepted, succeeded) that share the correlation id.

use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{either, inside, opened, text_at, text_of};
use crate::{Context, outcome};
use model::{ActorKind, Event, Family, Json, Normalised, Outcome, Raw, Shape};
use std::borrow::Cow;

/// Understands an Azure activity event in whatever dress.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut record = Record::plain(raw);
    let mut event = begin(Family::AzureActivity, "azure.activity");
    event.workload = Cow::Borrowed("Azure");
    let has_ids = matches!(
        record.shape(),
        Shape::AzureActivityApi | Shape::AzureActivityTable
    );
    let id = record.take(&["eventdataid"]);
    record.identify(
        &mut event,
        id,
        if has_ids { Ids::Always } else { Ids::Rarely },
    );
    record.date(
        &mut event,
        &["eventtimestamp", "timegenerated", "time"],
        &[],
    );
    let claims = claims(&record, &raw.body);
    let claims = claims.as_deref();
    let tenant = tenant(&record, claims, context);
    enter_tenant(&mut event, tenant, context);
    event.operation = value_of(&mut record, &["operationnamevalue"], &["operationname"]);
    who(&mut record, &mut event, claims);
    let address = either(record.take(&["calleripaddress"]), || {
        record
            .nested(&["httprequest"])
            .map(|request| text_at(&request, &["clientipaddress"]))
            .unwrap_or_default()
    });
    let address = either(address, || claim(claims, "ipaddr"));
    enter_address(&mut event, address);
    event.object = record.take(&["resourceid", "resourceuri", "resource"]);
    event.correlation = record.take(&["correlationid"]);
    how_it_ended(&mut record, &mut event);
    event.fingerprint = essence(
        &event,
        &[&event.operation, &event.object, &event.correlation],
    );
    record.finish(event)
}

/// Returns a fact that REST gives as `{value, localizedValue}` and the others as text.
fn value_of<'r>(record: &mut Record<'r>, plain: &[&str], names: &[&str]) -> Cow<'r, str> {
    let own = record.take(plain);
    let own = either(own, || {
        let pair = record.nested(names);
        pair.map(|pair| {
            either(text_at(&pair, &["value"]), || {
                text_at(&pair, &["localizedvalue"])
            })
        })
        .unwrap_or_default()
    });
    if own.is_empty() {
        record.take(names)
    } else {
        own
    }
}

/// Returns the claims of the caller's token: a key of their own, or inside `identity`.
fn claims<'r>(record: &Record<'r>, body: &'r Json<'r>) -> Option<Cow<'r, Json<'r>>> {
    let own = record.nested(&["claims", "claimsd"]);
    own.or_else(|| match body.get_any_case("identity").and_then(opened)? {
        Cow::Borrowed(identity) => inside(identity, &["claims"]).and_then(opened),
        Cow::Owned(identity) => inside(&identity, &["claims"]).cloned().map(Cow::Owned),
    })
}

/// Returns a claim by its short name: `upn`, or any URI that ends in `/upn`.
fn claim<'r>(claims: Option<&Json<'r>>, name: &str) -> Cow<'r, str> {
    let entries = claims.map(Json::entries).unwrap_or_default();
    let found = entries.iter().find(|(key, value)| {
        let short = key.rsplit('/').next().unwrap_or_default();
        short.eq_ignore_ascii_case(name) && text_of(value).is_some()
    });
    found
        .and_then(|(_, value)| text_of(value))
        .unwrap_or_default()
}

/// Returns whose subscription it is.
///
/// Log Analytics' `TenantId` is the workspace; there the root of the hierarchy of
/// management groups is the tenant. The caller's token may be a managing partner's, so
/// that its tenant comes last, after what the operator said.
fn tenant<'r>(
    record: &Record<'r>,
    claims: Option<&Json<'r>>,
    context: &Context<'r>,
) -> Cow<'r, str> {
    let is_table = record.shape() == Shape::AzureActivityTable;
    let own = if is_table {
        root_group(record)
    } else {
        record.look(&["tenantid"])
    };
    if !own.is_empty() || context.tenant.is_some() {
        return own;
    }
    claim(claims, "tenantid")
}

fn root_group<'r>(record: &Record<'r>) -> Cow<'r, str> {
    let hierarchy = record.look(&["hierarchy"]);
    let root = hierarchy.split('/').next().unwrap_or_default().to_owned();
    let is_subscription = root.eq_ignore_ascii_case(&record.look(&["subscriptionid"]));
    if is_subscription {
        Cow::Borrowed("")
    } else {
        Cow::Owned(root)
    }
}

fn who<'r>(record: &mut Record<'r>, event: &mut Event<'r>, claims: Option<&Json<'r>>) {
    let caller = either(record.take(&["caller", "eventinitiatedby"]), || {
        claim(claims, "upn")
    });
    let caller = either(caller, || claim(claims, "name"));
    let caller = either(caller, || claim(claims, "appid"));
    let caller = if caller.is_empty() {
        record.take(&["identity"])
    } else {
        caller
    };
    enter_actor(event, caller);
    event.user_key = claim(claims, "objectidentifier");
    event.app = claim(claims, "appid");
    event.token = claim(claims, "uti");
    let is_app = claim(claims, "idtyp") == "app";
    if is_app {
        event.user_kind = ActorKind::Application;
    }
}

fn how_it_ended<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let status = value_of(record, &["activitystatusvalue", "resulttype"], &["status"]);
    event.result = either(status, || record.look(&["activitystatus"]));
    event.outcome = match outcome::of_word(&event.result) {
        Outcome::Unknown if event.result.eq_ignore_ascii_case("canceled") => Outcome::Interrupted,
        outcome => outcome,
    };
    if event.outcome == Outcome::Failure {
        event.error = value_of(
            record,
            &["activitysubstatusvalue", "resultsignature"],
            &["substatus"],
        );
    }
}
