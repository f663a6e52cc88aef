//! Log records of Microsoft's that have no table of their own: provisioning, Intune, device
//! and identity events of advanced hunting, resource logs.
//!
//! Their facts are looked for under the names that such logs share. Only provisioning and
//! Intune audit are known to give each record an id of its own; elsewhere an `id` may be
//! an entity's, under which a second record would be taken for a copy of the first.

use crate::diagnostic::record::{Ids, Record, begin, enter_actor, enter_address, enter_tenant};
use crate::diagnostic::value::{either, text_at};
use crate::{Context, outcome};
use model::{ActorKind, Event, Family, Normalised, Outcome, Raw};
use std::borrow::Cow;

/// Understands any other record.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    understand(Record::plain(raw), context)
}

/// Understands any other record in whatever dress.
pub(crate) fn understand<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = begin(Family::Other, "other");
    let has_own_id = record.has(&["provisioningaction", "jobid", "auditeventid"]);
    let id = if has_own_id {
        record.take(&["auditeventid", "id"])
    } else {
        Cow::Borrowed("")
    };
    record.identify(&mut event, id, Ids::Rarely);
    record.date(
        &mut event,
        &[
            "activitydatetime",
            "createddatetime",
            "timestamp",
            "timegenerated",
            "activitydate",
            "eventtime",
            "creationtime",
            "starttimeutc",
            "authenticationdate",
            "dateutc",
            "time",
            "datetime",
            "date",
        ],
        &["time"],
    );
    let tenant = either(record.outer_tenant(), || record.look(&["aadtenantid"]));
    let tenant = either(tenant, || record.exact("tenantId"));
    enter_tenant(&mut event, tenant, context);
    what(&mut record, &mut event);
    who(&mut record, &mut event);
    event.fingerprint = record.digest();
    record.finish(event)
}

fn what<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let operation = record.take(&[
        "activitydisplayname",
        "actiontype",
        "provisioningaction",
        "operationname",
    ]);
    let operation = either(operation, || record.outer(&["operationname"]));
    event.operation = either(operation, || record.take(&["operation", "activity"]));
    event.workload = either(record.outer(&["category"]), || {
        record.take(&["category", "workload"])
    });
    event.object = record.take(&[
        "objectname",
        "requesturi",
        "devicename",
        "resourceid",
        "targetdevicename",
    ]);
    event.correlation = either(record.take(&["correlationid"]), || {
        record.outer(&["correlationid"])
    });
    let result = record.take(&["resulttype", "result", "status", "responsestatuscode"]);
    event.result = either(result, || record.outer(&["resulttype"]));
    event.outcome = ended(&event.result);
}

fn who<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let actor = record
        .nested(&["actor"])
        .map(|actor| text_at(&actor, &["upn"]))
        .unwrap_or_default();
    let name = either(actor, || {
        record.take(&[
            "accountupn",
            "userprincipalname",
            "initiatingprocessaccountupn",
            "upn",
            "accountname",
        ])
    });
    let name = either(name, || record.outer(&["identity"]));
    enter_actor(event, name);
    event.user_key = record.take(&["accountobjectid", "userid", "accountsid"]);
    if event.user_key.is_empty() && record.has(&["serviceprincipalid"]) {
        event.user_key = record.take(&["serviceprincipalid"]);
        event.user_kind = ActorKind::Application;
    }
    let address = either(record.take(&["ipaddress", "callerip"]), || {
        record.outer(&["calleripaddress"])
    });
    enter_address(event, address);
    event.agent = record.take(&["useragent"]);
    event.session = record.take(&["sessionid"]);
    // The Graph activity log calls the sign-in's unique token identifier its sign-in activity.
    event.token = record.take(&["signinactivityid", "uniquetokenid", "uniquetokenidentifier"]);
    event.app = record.take_folded(&["appid", "applicationid"]);
}

/// Judges by a word, or by an HTTP status.
fn ended(result: &str) -> Outcome {
    match result.trim().parse::<u16>() {
        Ok(200..400) => Outcome::Success,
        Ok(400..600) => Outcome::Failure,
        _ => outcome::of_word(result),
    }
}
