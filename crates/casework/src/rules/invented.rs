//! Invented events and contexts for the tests of rules and of what left.

use crate::attribution::{Attribution, Confidence, Context, ContextId, Person, Verdict};
use crate::brief::Brief;
use model::{ActorKind, Address, Event, Family, Outcome, RecordId, TenantId, Timestamp};
use std::borrow::Cow;

pub(crate) const ANN: &str = "ann@corp.example";

/// A moment, in seconds after an invented beginning.
pub(crate) fn second(at: i64) -> Timestamp {
    Timestamp((1_700_000_000 + at) * 1_000_000)
}

pub(crate) fn event(id: &str, at: i64, action: &str) -> Event<'static> {
    Event {
        family: Family::Unified,
        source: "unified",
        tenant: TenantId(Cow::Borrowed("tenant")),
        id: RecordId(Cow::Owned(id.to_owned())),
        id_made: false,
        fingerprint: 0,
        time: Some(second(at)),
        time_text: Cow::Borrowed(""),
        record_type: None,
        workload: Cow::Borrowed("Exchange"),
        operation: Cow::Owned(action.to_owned()),
        action: Cow::Owned(action.to_owned()),
        user: Cow::Borrowed(ANN),
        user_text: Cow::Borrowed(""),
        user_key: Cow::Borrowed(""),
        user_kind: ActorKind::Person,
        mailbox: Cow::Borrowed(ANN),
        mailbox_id: Cow::Borrowed(""),
        object: Cow::Borrowed(""),
        outcome: Outcome::Success,
        result: Cow::Borrowed("True"),
        error: Cow::Borrowed(""),
        address: Address::read("203.0.113.7"),
        address_text: Cow::Borrowed("203.0.113.7"),
        session: Cow::Borrowed(""),
        token: Cow::Borrowed(""),
        app: Cow::Borrowed(""),
        resource_app: Cow::Borrowed(""),
        agent: Cow::Borrowed(""),
        device: Cow::Borrowed(""),
        correlation: Cow::Borrowed(""),
        logon_type: None,
        rest: "{}".to_owned(),
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

/// A record's body with one bag of names and values.
pub(crate) fn bag(key: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = format!("{{\"{key}\":[");
    for (at, (name, value)) in pairs.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str("{\"Name\":");
        model::json::write_string(name, &mut out);
        out.push_str(",\"Value\":");
        model::json::write_string(value, &mut out);
        out.push('}');
    }
    out.push_str("]}");
    out
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
        id: ContextId(id.to_owned()),
        verdict,
        confidence: Confidence::High,
        reasons: Vec::new(),
        overridden: false,
        mailbox: ANN.to_owned(),
        actor: ANN.to_owned(),
        logon_type: None,
        session: String::new(),
        token: String::new(),
        app: String::new(),
        client: String::new(),
        device: String::new(),
        ips: std::collections::BTreeSet::new(),
        records: 1,
        first: None,
        last: None,
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
