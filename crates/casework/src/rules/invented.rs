//! Invented events and contexts for the tests of rules and of what left.

pub(crate) use crate::invented::bag;

use crate::attribution::{Attribution, Context, Person, Verdict};
use crate::brief::Brief;
use crate::invented;
use model::{Address, Event, Timestamp};
use std::borrow::Cow;

pub(crate) const ANN: &str = "ann@corp.example";

/// A moment, in seconds after an invented beginning.
pub(crate) fn second(at: i64) -> Timestamp {
    Timestamp((1_700_000_000 + at) * 1_000_000)
}

pub(crate) fn event(id: &str, at: i64, action: &str) -> Event<'static> {
    Event {
        workload: "Exchange".into(),
        user: ANN.into(),
        mailbox: ANN.into(),
        result: "True".into(),
        address: Address::read("203.0.113.7"),
        address_text: "203.0.113.7".into(),
        rest: "{}".to_owned(),
        ..invented::event(id, second(at), action)
    }
}

/// An event of a cmdlet with its parameters.
pub(crate) fn cmdlet(
    id: &str,
    at: i64,
    action: &str,
    object: &str,
    parameters: &[(&str, &str)],
) -> Event<'static> {
    let mut event = event(id, at, action);
    event.object = Cow::Owned(object.to_owned());
    event.rest = bag("Parameters", parameters);
    event
}

pub(crate) fn brief() -> Brief {
    Brief {
        tenant: "tenant".to_owned(),
        user: ANN.to_owned(),
        mailbox: ANN.to_owned(),
        ..Brief::default()
    }
}

pub(crate) fn context(id: &str, verdict: Verdict) -> Context {
    Context {
        mailbox: ANN.to_owned(),
        actor: ANN.to_owned(),
        ..invented::context(id, verdict)
    }
}

/// An attribution with these contexts, and the records that belong to each.
pub(crate) fn attribution(contexts: &[(Context, &[&str])]) -> Attribution {
    let mut sorted: Vec<&(Context, &[&str])> = contexts.iter().collect();
    sorted.sort_by(|left, right| left.0.id.cmp(&right.0.id));
    let mut attribution = Attribution {
        person: Person {
            names: [ANN.to_owned()].into(),
            ..Person::default()
        },
        ..Attribution::default()
    };
    for (at, (context, records)) in sorted.into_iter().enumerate() {
        attribution.contexts.push(context.clone());
        for record in *records {
            attribution.of_record.note(record, at);
        }
    }
    attribution
}
