//! Invented records and contexts that say only what every test needs said.

use crate::attribution::{Confidence, Context, ContextId, Verdict};
use model::{ActorKind, Event, Family, Outcome, RecordId, TenantId, Timestamp};
use std::collections::BTreeSet;

/// Makes a record that a person did something, and nothing of who, where and with what.
pub(crate) fn event(id: &str, time: Timestamp, action: &str) -> Event<'static> {
    Event {
        family: Family::Unified,
        source: "unified",
        tenant: TenantId("tenant".into()),
        id: RecordId(id.to_owned().into()),
        id_made: false,
        fingerprint: 0,
        time: Some(time),
        time_text: "".into(),
        record_type: None,
        workload: "".into(),
        operation: action.to_owned().into(),
        action: action.to_owned().into(),
        user: "".into(),
        user_text: "".into(),
        user_key: "".into(),
        user_kind: ActorKind::Person,
        mailbox: "".into(),
        mailbox_id: "".into(),
        object: "".into(),
        outcome: Outcome::Success,
        result: "".into(),
        error: "".into(),
        address: None,
        address_text: "".into(),
        session: "".into(),
        token: "".into(),
        app: "".into(),
        resource_app: "".into(),
        agent: "".into(),
        device: "".into(),
        correlation: "".into(),
        logon_type: None,
        rest: String::new(),
    }
}

/// Makes a context that is sure of its verdict, and nothing of who, where and with what.
pub(crate) fn context(id: &str, verdict: Verdict) -> Context {
    Context {
        id: ContextId(id.to_owned()),
        verdict,
        confidence: Confidence::High,
        reasons: Vec::new(),
        overridden: false,
        mailbox: String::new(),
        actor: String::new(),
        logon_type: None,
        session: String::new(),
        token: String::new(),
        app: String::new(),
        client: String::new(),
        device: String::new(),
        ips: BTreeSet::new(),
        records: 1,
        first: None,
        last: None,
    }
}

/// Writes a record's body with one bag of names and values.
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
