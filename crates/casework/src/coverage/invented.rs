//! Invented events and cases, for the tests of this room's registers and statements.

use crate::attribution::{Attribution, Context, Verdict};
use crate::brief::Brief;
use crate::interval::{DAY, Interval};
use crate::invented;
use model::{Address, Event, Timestamp};

pub(crate) const USER: &str = "ann@example.com";

/// A day of the invented month in which every case plays.
pub(crate) fn day(number: i64) -> i64 {
    1_709_251_200_000_000 + (number - 1) * DAY
}

pub(crate) fn interval(from: i64, to: i64) -> Interval {
    Interval::new(Timestamp(from), Timestamp(to))
}

pub(crate) fn brief() -> Brief {
    Brief {
        tenant: "example".to_owned(),
        user: USER.to_owned(),
        mailbox: USER.to_owned(),
        ..Brief::default()
    }
}

/// An act in Exchange by the person.
pub(crate) fn event(id: &str, time: i64, action: &str) -> Event<'static> {
    Event {
        record_type: Some(1),
        workload: "Exchange".into(),
        user: USER.into(),
        user_text: USER.into(),
        ..invented::event(id, Timestamp(time), action)
    }
}

/// A cmdlet with its parameters.
pub(crate) fn cmdlet(
    id: &str,
    time: i64,
    action: &str,
    parameters: &[(&str, &str)],
) -> Event<'static> {
    Event {
        user: "admin@example.com".into(),
        rest: invented::bag("Parameters", parameters),
        ..event(id, time, action)
    }
}

/// A Bind record of the person's mailbox.
pub(crate) fn bind(id: &str, time: i64) -> Event<'static> {
    Event {
        record_type: Some(50),
        mailbox: USER.into(),
        logon_type: Some(0),
        agent: "Client=OWA;Invented".into(),
        ..event(id, time, "MailItemsAccessed")
    }
}

/// A Bind record by a background reader.
pub(crate) fn background(id: &str, time: i64) -> Event<'static> {
    Event {
        agent: "Client=REST;Client=RESTSystem;;".into(),
        app: "22220000-0000-0000-0000-000000000001".into(),
        address: Address::read("2603:10a6::7"),
        ..bind(id, time)
    }
}

/// A context of the mailbox.
pub(crate) fn context(id: &str, verdict: Verdict) -> Context {
    Context {
        mailbox: USER.to_owned(),
        actor: USER.to_owned(),
        logon_type: Some(0),
        ..invented::context(id, verdict)
    }
}

/// An intruder's window with these contexts, which must come in order of their ids.
pub(crate) fn attribution(window: Option<Interval>, contexts: Vec<Context>) -> Attribution {
    let mut attribution = Attribution {
        window,
        contexts,
        ..Attribution::default()
    };
    attribution.person.names.insert(USER.to_owned());
    attribution
}
