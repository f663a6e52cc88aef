//! A case as JSON: the wire twin of what was found. The names are a contract; they are only added to.

use super::Investigation;
use casework::attribution::{Context, Eviction, Pivot, Proposal};
use casework::outflow::{Discovery, FileTouched, Search, Sent, ThirdParty};
use casework::{Class, Gap, Interval, Judged, Moment, RuleVersion};
use ledger::{CaseEntry, EntryKind};
use model::Timestamp;
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::ops::ControlFlow;

/// A case as it is written.
#[derive(Debug)]
pub struct WireCase<'a>(pub &'a Investigation);

impl Serialize for WireCase<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let attribution = &case.attribution;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("case", &case.case)?;
        map.serialize_entry("tenant", &case.brief.tenant)?;
        map.serialize_entry("user", &case.brief.user)?;
        map.serialize_entry("window", &window(attribution.window))?;
        map.serialize_entry("seeds", &texts(&case.brief.seeds))?;
        map.serialize_entry("statement", &case.statement.text)?;
        map.serialize_entry("coverage", &case.coverage.percent())?;
        map.serialize_entry("counts", &Counts(case))?;
        map.serialize_entry("contexts", &each(&attribution.contexts, wire_context))?;
        map.serialize_entry("messages", &WireMessages(case))?;
        map.serialize_entry("gaps", &each(&case.coverage.gaps, wire_gap))?;
        map.serialize_entry("coverage_sentence", &case.coverage.sentence)?;
        map.serialize_entry("heartbeat", &case.coverage.heartbeat)?;
        map.serialize_entry("window_because", &attribution.window_because)?;
        map.serialize_entry("next", &case.statement.next)?;
        map.serialize_entry("snapshot", &case.snapshot)?;
        map.serialize_entry("undecided", &undecided(case))?;
        map.serialize_entry("unanswered_seeds", &texts(&attribution.unanswered))?;
        map.serialize_entry(
            "proposed_seeds",
            &each(&attribution.proposals, wire_proposal),
        )?;
        map.serialize_entry("pivots", &each(&attribution.pivots, wire_pivot))?;
        map.serialize_entry("evictions", &each(&attribution.evictions, wire_eviction))?;
        map.serialize_entry("rules", &each(&case.rules.versions, wire_rule))?;
        map.serialize_entry("files", &each(&case.outflow.files, wire_file))?;
        map.serialize_entry("sent", &each(&case.outflow.sent, wire_sent))?;
        map.serialize_entry("searches", &each(&case.outflow.searches, wire_search))?;
        map.serialize_entry("discovery", &each(&case.outflow.discovery, wire_discovery))?;
        map.serialize_entry(
            "third_parties",
            &each(&case.outflow.third_parties, wire_third_party),
        )?;
        map.serialize_entry("timeline", &each(&case.timeline, wire_moment))?;
        let entries: Vec<WireEntry<'_>> = case.entries.iter().map(WireEntry::from).collect();
        map.serialize_entry("entries", &entries)?;
        map.end()
    }
}

struct Counts<'a>(&'a Investigation);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counted = Class::ALL
            .into_iter()
            .map(|class| (class.name(), self.0.counts.of(class)));
        serializer.collect_map(counted)
    }
}

/// The messages, written as they are read: there may be millions.
struct WireMessages<'a>(&'a Investigation);

impl Serialize for WireMessages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let mut list = serializer.serialize_seq(Some(case.messages.len()))?;
        let mut failed = None;
        let walked = case.messages.each(&mut |judged| match list
            .serialize_element(&WireMessage::of(judged, &case.entries))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        });
        match (failed, walked) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(S::Error::custom(error)),
            (None, Ok(())) => list.end(),
        }
    }
}

/// A message as it is written.
#[derive(Debug, Serialize)]
pub struct WireMessage<'a> {
    mailbox: &'a str,
    internet_message_id: &'a str,
    class: &'static str,
    first_seen: Option<String>,
    last_seen: Option<String>,
    folders: &'a [String],
    subject: &'a str,
    from: &'a str,
    to: &'a [String],
    contexts: Vec<&'a str>,
    records: &'a [String],
    tags: Vec<&'a str>,
    times: u32,
    received: Option<String>,
    size_bytes: Option<i64>,
    because: &'a str,
}

impl<'a> WireMessage<'a> {
    /// Returns a message as it is written, with what analysts tagged it.
    #[must_use]
    pub fn of(judged: &'a Judged, added: &'a [CaseEntry]) -> Self {
        let own = judged.tags.iter().map(|tag| tag.name());
        let is_of_it = |entry: &&CaseEntry| {
            entry.kind == EntryKind::Tag && entry.object.eq_ignore_ascii_case(&judged.id)
        };
        let theirs = added.iter().filter(is_of_it);
        Self {
            mailbox: &judged.mailbox,
            internet_message_id: &judged.id,
            class: judged.class.name(),
            first_seen: text(judged.first_seen),
            last_seen: text(judged.last_seen),
            folders: &judged.folders,
            subject: &judged.subject,
            from: &judged.from,
            to: &judged.to,
            contexts: judged.contexts.iter().map(|id| id.0.as_str()).collect(),
            records: &judged.records,
            tags: own
                .chain(theirs.map(|entry| entry.value.as_str()))
                .collect(),
            times: judged.times,
            received: text(judged.received),
            size_bytes: judged.size_bytes,
            because: &judged.because,
        }
    }
}

/// Returns an end of an interval as people are told it; an end of time is open.
#[must_use]
pub fn told(time: Timestamp) -> String {
    end(time).unwrap_or_else(|| "open".to_owned())
}

type Json = serde_json::Value;

/// Writes an object in the order of its keys as given, without their nulls' being left out.
macro_rules! object {
    ($($key:literal: $value:expr),+ $(,)?) => {
        serde_json::json!({ $($key: $value),+ })
    };
}

fn each<T>(all: &[T], write: fn(&T) -> Json) -> Vec<Json> {
    all.iter().map(write).collect()
}

fn texts<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// Returns an end of an interval; the ends of time are none. An end that lies a microsecond
/// behind a record, to have it inside, is written as the record's time.
pub(crate) fn end(time: Timestamp) -> Option<String> {
    let behind = i64::from(time.0.rem_euclid(1_000_000) == 1);
    (time.0 != i64::MIN && time.0 != i64::MAX).then(|| Timestamp(time.0 - behind).to_string())
}

fn window(window: Option<Interval>) -> Json {
    object! {
        "from": window.and_then(|window| end(window.from)),
        "to": window.and_then(|window| end(window.to)),
    }
}

fn wire_context(context: &Context) -> Json {
    let one = |text: &str| -> Vec<String> {
        (!text.is_empty())
            .then(|| text.to_owned())
            .into_iter()
            .collect()
    };
    let reasons: Vec<&str> = context
        .reasons
        .iter()
        .map(|reason| reason.text.as_str())
        .collect();
    object! {
        "id": context.id.0,
        "verdict": context.verdict.name(),
        "confidence": context.confidence.name(),
        "reasons": reasons,
        "records": context.records,
        "ips": context.ips,
        "sessions": one(&context.session),
        "apps": one(&context.app),
        "mailbox": context.mailbox,
        "actor": context.actor,
        "client": context.client,
        "tokens": one(&context.token),
        "devices": one(&context.device),
        "logon_type": context.logon_type,
        "first": text(context.first),
        "last": text(context.last),
        "overridden": context.overridden,
        "evidence": context.reasons.iter().flat_map(|reason| &reason.records).collect::<Vec<_>>(),
    }
}

fn wire_gap(gap: &Gap) -> Json {
    object! {
        "id": gap.id.name(),
        "from": gap.interval.and_then(|interval| end(interval.from)),
        "to": gap.interval.and_then(|interval| end(interval.to)),
        "scope": gap.scope,
        "effect": gap.effect,
        "proof": gap.proof,
        "records": gap.records,
        "blind": gap.blind,
        "fix": gap.fix,
    }
}

fn undecided(case: &Investigation) -> Vec<Json> {
    case.undecided
        .iter()
        .map(|open| object! { "context": open.context.0, "messages": open.messages })
        .collect()
}

fn wire_proposal(proposal: &Proposal) -> Json {
    object! {
        "seed": proposal.seed.to_string(),
        "confidence": proposal.confidence.name(),
        "why": proposal.why,
        "records": proposal.records,
    }
}

fn wire_pivot(pivot: &Pivot) -> Json {
    object! { "text": pivot.text, "follow": pivot.follow, "records": pivot.records }
}

fn wire_eviction(eviction: &Eviction) -> Json {
    object! {
        "at": eviction.at.to_string(),
        "what": eviction.what,
        "effective": eviction.effective.to_string(),
        "record": eviction.record,
    }
}

fn wire_rule(rule: &RuleVersion) -> Json {
    let pairs = |pairs: &[(String, String)]| -> Vec<Json> {
        pairs
            .iter()
            .map(|(name, value)| object! { "name": name, "value": value })
            .collect()
    };
    object! {
        "kind": rule.kind.name(),
        "name": rule.name,
        "version": rule.version,
        "from": end(rule.active.from),
        "to": end(rule.active.to),
        "ended": rule.ended,
        "conditions": pairs(&rule.conditions),
        "actions": pairs(&rule.actions),
        "targets": rule.targets,
        "actor": rule.actor,
        "ip": rule.ip,
        "context": rule.context.as_ref().map(|id| &id.0),
        "verdict": rule.verdict.name(),
        "records": rule.records,
    }
}

fn wire_file(file: &FileTouched) -> Json {
    object! {
        "object": file.object,
        "act": file.act.name(),
        "operations": file.operations,
        "verdict": file.verdict.name(),
        "context": file.context.as_ref().map(|id| &id.0),
        "actor": file.actor,
        "app": file.app,
        "ips": file.ips,
        "first": text(file.first),
        "last": text(file.last),
        "records": file.records,
    }
}

fn wire_sent(sent: &Sent) -> Json {
    object! {
        "time": text(sent.time),
        "internet_message_id": sent.internet_message_id,
        "subject": sent.subject,
        "recipients": sent.recipients,
        "operation": sent.operation,
        "context": sent.context.0,
        "record": sent.record,
        "left_no_copy": sent.left_no_copy,
    }
}

fn wire_search(search: &Search) -> Json {
    object! {
        "time": text(search.time),
        "operation": search.operation,
        "text": search.text,
        "context": search.context.0,
        "record": search.record,
    }
}

fn wire_discovery(discovery: &Discovery) -> Json {
    object! {
        "time": text(discovery.time),
        "operation": discovery.operation,
        "object": discovery.object,
        "query": discovery.query,
        "actor": discovery.actor,
        "ip": discovery.ip,
        "verdict": discovery.verdict.name(),
        "context": discovery.context.as_ref().map(|id| &id.0),
        "record": discovery.record,
    }
}

fn wire_third_party(party: &ThirdParty) -> Json {
    object! {
        "address": party.address,
        "external": party.external,
        "why": party.why,
        "messages": party.messages,
        "records": party.records,
    }
}

/// What an analyst decided or wrote, as it is written.
#[derive(Debug, Serialize)]
pub struct WireEntry<'a> {
    kind: &'static str,
    object: &'a str,
    value: &'a str,
    reason: &'a str,
    by: &'a str,
    at: String,
}

impl<'a> From<&'a CaseEntry> for WireEntry<'a> {
    fn from(entry: &'a CaseEntry) -> Self {
        Self {
            kind: entry.kind.name(),
            object: &entry.object,
            value: &entry.value,
            reason: &entry.reason,
            by: &entry.by,
            at: entry.at.to_string(),
        }
    }
}

fn wire_moment(moment: &Moment) -> Json {
    object! {
        "time": moment.time.to_string(),
        "kind": moment.kind,
        "text": moment.text,
        "verdict": moment.verdict,
        "records": moment.records,
    }
}
