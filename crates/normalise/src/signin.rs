//! Sign-ins of all four kinds, in Graph's, Log Analytics', the portal's and storage's dress.
//!
//! The same sign-in has the same id (Entra's request id), source and facts in each of them.
//! The portal's CSV of interactive and of non-interactive sign-ins have one header and no
//! column for the kind: there a redeemed refresh token, which no person ever does by hand,
//! tells the second from the first unless the reader of the file knew it and said so.

use crate::diagnostic::record::{
    Ids, Record, begin, enter_actor, enter_address, enter_tenant, essence,
};
use crate::diagnostic::value::{either, lower, tenant_of_path, text_at, text_of};
use crate::{Context, outcome};
use model::{ActorKind, Event, Family, Json, Normalised, Outcome, Raw, Shape};
use std::borrow::Cow;

const INTERACTIVE: &str = "signin.interactive";
const NON_INTERACTIVE: &str = "signin.noninteractive";
const SERVICE_PRINCIPAL: &str = "signin.serviceprincipal";
const MANAGED_IDENTITY: &str = "signin.managedidentity";

/// Understands a sign-in.
pub(crate) fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    understand(Record::plain(raw), context)
}

/// Understands a sign-in in whatever dress.
pub(crate) fn understand<'r>(mut record: Record<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    let mut event = begin(Family::SignIn, kind(&record));
    event.workload = Cow::Borrowed("AzureActiveDirectory");
    event.operation = Cow::Borrowed("Sign-in activity");
    let id = record.take(&["id", "requestid"]);
    record.identify(&mut event, id, Ids::Always);
    record.date(
        &mut event,
        &[
            "createddatetime",
            "dateutc",
            "timegenerated",
            "timestamp",
            "date",
        ],
        &["time"],
    );
    let tenant = tenant(&record);
    enter_tenant(&mut event, tenant, context);
    who(&mut record, &mut event);
    whence(&mut record, &mut event);
    what(&mut record, &mut event);
    how_it_ended(&mut record, &mut event);
    event.fingerprint = essence(&event, &[&event.app, &event.error]);
    record.finish(event)
}

fn kind(record: &Record<'_>) -> &'static str {
    let told = [
        event_types(record),
        record.outer(&["category"]),
        record.look(&["category"]),
        record.look(&["type", "table"]),
        Cow::Borrowed(record.column("category")),
    ];
    told.iter()
        .find_map(|word| kind_of(word))
        .unwrap_or_else(|| kind_of_facts(record))
}

/// Returns `signInEventTypes` as text: an array, an array dressed as text, or a word.
fn event_types<'r>(record: &Record<'r>) -> Cow<'r, str> {
    const NAMES: &[&str] = &["signineventtypes", "logontype"];
    match record.nested(NAMES) {
        Some(types) => types.items().iter().find_map(text_of).unwrap_or_default(),
        None => record.look(NAMES),
    }
}

fn kind_of(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    if word.contains("managedidentity") {
        Some(MANAGED_IDENTITY)
    } else if word.contains("serviceprincipal") {
        Some(SERVICE_PRINCIPAL)
    } else if word.contains("noninteractive") {
        Some(NON_INTERACTIVE)
    } else if word.contains("interactiveuser") || word == "signinlogs" {
        Some(INTERACTIVE)
    } else {
        None
    }
}

/// Tells the kind from the facts: an identity of Azure's, an application, a person.
fn kind_of_facts(record: &Record<'_>) -> &'static str {
    let says = |names: &[&str], word: &str| record.look(names).trim().eq_ignore_ascii_case(word);
    let managed = record.look(&["managedidentitytype", "msitype"]);
    let is_managed = !managed.is_empty() && !managed.trim().eq_ignore_ascii_case("none");
    let is_person = record.has(&[
        "userid",
        "userprincipalname",
        "username",
        "accountupn",
        "accountobjectid",
    ]);
    if is_managed || says(&["ismanagedidentity"], "true") {
        MANAGED_IDENTITY
    } else if !is_person && record.has(&["serviceprincipalid", "serviceprincipalname"]) {
        if record
            .nested(&["managedserviceidentity"])
            .is_some_and(|identity| names_a_type(&identity))
        {
            MANAGED_IDENTITY
        } else {
            SERVICE_PRINCIPAL
        }
    } else if says(&["isinteractive"], "false") || says(&["incomingtokentype"], "refreshtoken") {
        NON_INTERACTIVE
    } else {
        INTERACTIVE
    }
}

fn names_a_type(identity: &Json<'_>) -> bool {
    let kind = text_at(identity, &["msitype"]);
    !kind.is_empty() && !kind.eq_ignore_ascii_case("none")
}

/// Returns the tenant that the record names. Log Analytics' `TenantId` is the workspace's
/// id and no tenant; home and resource tenant are this one's only where they agree.
fn tenant<'r>(record: &Record<'r>) -> Cow<'r, str> {
    let own = either(record.look(&["aadtenantid"]), || record.outer_tenant());
    let own = either(own, || tenant_of_path(&record.look(&["resourceid"])));
    either(own, || {
        let home = record.look(&["hometenantid"]);
        let is_same = home.eq_ignore_ascii_case(&record.look(&["resourcetenantid"]));
        if is_same { home } else { Cow::Borrowed("") }
    })
}

fn who<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    if matches!(event.source, SERVICE_PRINCIPAL | MANAGED_IDENTITY) {
        let name = record.take(&["serviceprincipalname"]);
        event.user = lower(name.clone());
        event.user_text = name;
        event.user_key = record.take(&["serviceprincipalid"]);
        event.user_kind = ActorKind::Application;
        return;
    }
    let name = record.take(&[
        "userprincipalname",
        "username",
        "accountupn",
        "signinidentifier",
        "alternatesigninname",
    ]);
    enter_actor(event, name);
    event.user_key = record.take(&["userid", "accountobjectid"]);
    let is_guest = record
        .look(&["usertype"])
        .trim()
        .eq_ignore_ascii_case("guest")
        || record.look(&["isguestuser"]).trim() == "true";
    if is_guest {
        event.user_kind = ActorKind::Guest;
    } else if event.user_kind == ActorKind::Unknown && !event.user_key.is_empty() {
        event.user_kind = ActorKind::Person;
    }
}

fn whence<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let address = either(record.take(&["ipaddress"]), || {
        record.outer(&["calleripaddress"])
    });
    enter_address(event, address);
    event.agent = record.take(&["useragent"]);
    event.session = record.take_folded(&["sessionid"]);
    event.token = record.take(&["uniquetokenidentifier"]);
    event.device = match record.nested(&["devicedetail"]) {
        Some(detail) => text_at(&detail, &["deviceid"]),
        None => record.take(&["deviceid", "entraiddeviceid", "aaddeviceid"]),
    };
}

fn what<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    event.app = record.take_folded(&["appid", "applicationid"]);
    let resource = record.look(&["resourceidentity", "resourceid"]);
    // In Log Analytics `ResourceId` is the path of the log, not the resource signed in to.
    if !resource.starts_with('/') {
        event.resource_app = record.take_folded(&["resourceidentity", "resourceid"]);
    }
    let is_portal = record.shape() == Shape::SignInPortal;
    event.object = record.take(if is_portal {
        &["resource"]
    } else {
        &["resourcedisplayname"]
    });
    event.correlation = either(record.take(&["correlationid"]), || {
        record.outer(&["correlationid"])
    });
}

/// Judges by the error code and by the portal's word, which knows interrupts that no list does.
fn how_it_ended<'r>(record: &mut Record<'r>, event: &mut Event<'r>) {
    let status = record.nested(&["status"]);
    let inner = |name| {
        status
            .as_deref()
            .map(|status| text_at(status, &[name]))
            .unwrap_or_default()
    };
    let code = either(inner("errorcode"), || {
        record.take(&["signinerrorcode", "resulttype", "errorcode"])
    });
    let code = either(code, || record.outer(&["resulttype"]));
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    let word = if is_number {
        record.look(&["status"])
    } else {
        code.clone()
    };
    let word = word.trim().to_ascii_lowercase();
    event.outcome = match word.as_str() {
        "interrupted" => Outcome::Interrupted,
        _ if is_number && !code.is_empty() => outcome::of_sign_in_error(&code),
        word => outcome::of_word(word),
    };
    let is_bare_success = event.outcome == Outcome::Success && code.is_empty();
    event.error = match code {
        code if is_number && !code.is_empty() => code,
        _ if is_bare_success => Cow::Borrowed("0"),
        _ => Cow::Borrowed(""),
    };
    let reason = either(inner("failurereason"), || {
        record.take(&["failurereason", "resultdescription"])
    });
    let reason = either(reason, || record.outer(&["resultdescription"]));
    // Graph and the portal write `Other.` where there is no failure; the tables write nothing.
    event.result = if reason == "Other." {
        Cow::Borrowed("")
    } else {
        reason
    };
}
