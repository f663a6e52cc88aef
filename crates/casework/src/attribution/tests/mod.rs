//! Invented records and what attribution must say of them.

mod closure;
mod marks;
mod order;
mod outside;
mod rest;
mod token;
mod window;

use super::{Attribution, Confidence, Context, Log, Verdict};
use crate::brief::{Brief, Override, Seed};
use crate::invented;
use model::{ActorKind, Address, Event, Family, Outcome, RecordId, Timestamp};
use std::borrow::Cow;

/// The person of every test.
const ANN: &str = "ann@corp.example";
/// Somebody else of the same tenant.
const BOB: &str = "bob@corp.example";
/// Where the owner is.
const HOME: &str = "192.0.2.10";
/// Where the intruder is.
const EVIL: &str = "203.0.113.66";
/// A second place of the intruder.
const EVIL_TWO: &str = "198.51.100.77";
/// Microsoft's own network.
const MICROSOFT: &str = "2603:10a6::9";
/// The owner's browser.
const OWN_BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) Safari/605.1";
/// The intruder's browser.
const EVIL_BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko Firefox/120.0";
/// An application nobody knows.
const ROGUE: &str = "6f2a3d10-0000-4000-8000-0000000000aa";
/// Another.
const OTHER_APP: &str = "6f2a3d10-0000-4000-8000-0000000000bb";
/// The object id of the rogue application's service principal.
const ROGUE_OBJECT: &str = "6f2a3d10-0000-4000-8000-00000000aaaa";
/// A day in minutes.
const DAY: i64 = 24 * 60;

/// Returns the moment that many minutes after the tests' noon.
fn at(minute: i64) -> Timestamp {
    let noon = Timestamp::from_civil(2024, 3, 20, 12, 0, 0, 0).expect("a real date");
    noon.plus_seconds(minute * 60)
}

/// Makes an empty record.
fn record(id: &str, minute: i64, action: &str) -> Event<'static> {
    Event {
        workload: Cow::Borrowed("AzureActiveDirectory"),
        user: Cow::Borrowed(ANN),
        user_text: Cow::Borrowed(ANN),
        ..invented::event(id, at(minute), action)
    }
}

/// Makes a reading of Ann's mailbox.
fn read(id: &str, minute: i64, ip: &str, session: &str) -> Event<'static> {
    Event {
        workload: Cow::Borrowed("Exchange"),
        mailbox: Cow::Borrowed(ANN),
        logon_type: Some(0),
        agent: Cow::Owned(format!("Client=OWA;{};", browser(ip))),
        ..from(record(id, minute, "MailItemsAccessed"), ip, session)
    }
}

/// Makes a sign-in of Ann's.
fn sign_in(id: &str, minute: i64, ip: &str, session: &str) -> Event<'static> {
    Event {
        agent: Cow::Borrowed(browser(ip)),
        ..from(record(id, minute, "UserLoggedIn"), ip, session)
    }
}

/// Makes a wrong password of somebody.
fn wrong_password(id: &str, minute: i64, ip: &str, user: &str) -> Event<'static> {
    Event {
        outcome: Outcome::Failure,
        error: Cow::Borrowed("50126"),
        user: Cow::Owned(user.to_owned()),
        action: Cow::Borrowed("UserLoginFailed"),
        ..sign_in(id, minute, ip, "")
    }
}

/// Makes a read by an application, through Microsoft's network.
fn read_by_app(id: &str, minute: i64, app: &str) -> Event<'static> {
    Event {
        app: Cow::Owned(app.to_owned()),
        agent: Cow::Borrowed("Client=REST;;"),
        ..read(id, minute, MICROSOFT, "")
    }
}

/// Makes a read by a background client of the service.
fn read_by_service(id: &str, minute: i64, app: &str, ip: &str) -> Event<'static> {
    Event {
        app: Cow::Owned(app.to_owned()),
        agent: Cow::Borrowed("Client=REST;Client=RESTSystem;;"),
        ..read(id, minute, ip, "")
    }
}

/// Makes Ann's consent to the rogue application.
fn consent(id: &str, minute: i64) -> Event<'static> {
    consent_to(id, minute, ROGUE)
}

fn consent_to(id: &str, minute: i64, app: &str) -> Event<'static> {
    let rest = format!(
        r#"{{"ModifiedProperties":[{{"Name":"ConsentAction.Permissions","NewValue":"Scope: offline_access Mail.Read","OldValue":""}},{{"Name":"TargetId.ServicePrincipalNames","NewValue":"{app}","OldValue":""}}],"Target":[{{"ID":"ServicePrincipal_{ROGUE_OBJECT}","Type":2}},{{"ID":"{app}","Type":4}}]}}"#
    );
    Event {
        object: Cow::Owned(app.to_owned()),
        rest,
        ..record(id, minute, "Consent to application")
    }
}

/// Makes a directory record on Ann's account.
fn on_ann(id: &str, minute: i64, action: &str) -> Event<'static> {
    Event {
        user: Cow::Borrowed("admin@corp.example"),
        object: Cow::Borrowed(ANN),
        ..record(id, minute, action)
    }
}

/// Makes a cmdlet in Exchange with its parameters.
fn cmdlet(id: &str, minute: i64, action: &str, parameters: &[(&str, &str)]) -> Event<'static> {
    Event {
        workload: Cow::Borrowed("Exchange"),
        user_kind: ActorKind::Admin,
        rest: invented::bag("Parameters", parameters),
        ..record(id, minute, action)
    }
}

/// Dresses a record with an address and a session.
fn from(event: Event<'static>, ip: &str, session: &str) -> Event<'static> {
    Event {
        address: Address::read(ip),
        session: Cow::Owned(session.to_owned()),
        ..event
    }
}

fn by<'e>(user: &str, event: Event<'e>) -> Event<'e> {
    Event {
        user: Cow::Owned(user.to_owned()),
        ..event
    }
}

fn browser(ip: &str) -> &'static str {
    if ip == HOME {
        OWN_BROWSER
    } else {
        EVIL_BROWSER
    }
}

/// Returns a brief on Ann with seeds.
fn brief(seeds: &[&str]) -> Brief {
    Brief {
        tenant: "corp".to_owned(),
        user: ANN.to_owned(),
        mailbox: ANN.to_owned(),
        seeds: seeds
            .iter()
            .map(|seed| seed.parse::<Seed>().expect("a seed"))
            .collect(),
        ..Brief::default()
    }
}

/// Attributes records to a brief.
fn attribute(brief: &Brief, events: &[Event<'_>]) -> Attribution {
    let mut log = Log::new(brief);
    for event in events {
        log.event(event);
    }
    log.close(brief)
}

/// Attributes records to seeds.
fn seeded(seeds: &[&str], events: &[Event<'_>]) -> Attribution {
    attribute(&brief(seeds), events)
}

/// Returns the verdict on the context of a record.
fn verdict(found: &Attribution, record: &str) -> (Verdict, Confidence) {
    let context = context(found, record);
    (context.verdict, context.confidence)
}

fn context<'a>(found: &'a Attribution, record: &str) -> &'a Context {
    let context = found.context_of(record);
    context.unwrap_or_else(|| panic!("`{record}` has a context"))
}

fn reasons(found: &Attribution, record: &str) -> String {
    let reasons = context(found, record).reasons.iter();
    reasons
        .map(|reason| reason.text.clone())
        .collect::<Vec<_>>()
        .join("\n")
}

fn overridden(id: &super::ContextId, verdict: Verdict) -> Brief {
    let ruled = Override {
        verdict,
        reason: "called the owner".to_owned(),
        by: "kim".to_owned(),
    };
    Brief {
        overrides: [(id.clone(), ruled)].into(),
        ..Brief::default()
    }
}

const INTRUDER_HIGH: (Verdict, Confidence) = (Verdict::Intruder, Confidence::High);
const INTRUDER_MEDIUM: (Verdict, Confidence) = (Verdict::Intruder, Confidence::Medium);
const OWNER_HIGH: (Verdict, Confidence) = (Verdict::Owner, Confidence::High);
const OWNER_MEDIUM: (Verdict, Confidence) = (Verdict::Owner, Confidence::Medium);
const OWNER_LOW: (Verdict, Confidence) = (Verdict::Owner, Confidence::Low);
const SERVICE: (Verdict, Confidence) = (Verdict::Service, Confidence::Medium);
const UNKNOWN: (Verdict, Confidence) = (Verdict::Unknown, Confidence::Low);
