//! Rules and forwardings from invented records to their versions and hits.

mod hits;
mod properties;
mod versions;

use super::*;
use crate::attribution::{Attribution, Context};
use crate::rules::invented::*;
use model::Event;

/// The intruder's context `i` with these records, and no other.
fn by_intruder(records: &[&str]) -> Attribution {
    attribution(&[(context("i", Verdict::Intruder), records)])
}

fn rules_of(events: &[Event<'static>], attribution: &Attribution) -> Rules {
    let mut log = Log::new(&brief());
    for event in events {
        log.event(event);
    }
    log.close(&brief(), attribution)
}

/// A context of Ann's account with a session from one second to another.
fn session(id: &str, verdict: Verdict, from: i64, to: i64) -> Context {
    Context {
        session: format!("session-{id}"),
        first: Some(second(from)),
        last: Some(second(to)),
        ..context(id, verdict)
    }
}

fn window(version: &RuleVersion) -> (Timestamp, Timestamp) {
    (version.active.from, version.active.to)
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
