//! The tables of a report: a row for each thing that was found.

use super::columns;
use super::people::{self, Affected};
use crate::error::EngineError;
use crate::investigate::Investigation;
use ::report::{Cell, Rows, Sheets, Table};
use casework::{Class, Judged, Verdict};
use model::Timestamp;
use std::io;
use std::ops::ControlFlow;

/// The classes of messages that somebody else than the owner reached, or may have.
pub(super) const REACHED: [Class; 6] =
    [Class::E, Class::P1, Class::P2, Class::S, Class::R, Class::U];

type Row = Vec<Cell>;

/// The rows of all tables that fit in memory; messages are walked where they lie.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) contexts: Vec<Row>,
    pub(super) undecided: Vec<Row>,
    pub(super) timeline: Vec<Row>,
    pub(super) gaps: Vec<Row>,
    pub(super) rules: Vec<Row>,
    pub(super) files: Vec<Row>,
    pub(super) sent: Vec<Row>,
    pub(super) warn: Vec<Row>,
    pub(super) searches: Vec<Row>,
    pub(super) people: Vec<Row>,
    pub(super) domains: Vec<Row>,
    pub(super) decisions: Vec<Row>,
    pub(super) evictions: Vec<Row>,
    pub(super) pivots: Vec<Row>,
    pub(super) affected: usize,
    pub(super) external: usize,
}

impl Prepared {
    pub(super) fn of(found: &Investigation) -> Result<Self, EngineError> {
        let affected = people::affected(found)?;
        Ok(Self {
            contexts: contexts(found),
            undecided: undecided(found),
            timeline: timeline(found),
            gaps: gaps(found),
            rules: rules(found),
            files: files(found),
            sent: sent(found),
            warn: warn(found),
            searches: searches(found),
            people: affected.iter().map(person).collect(),
            domains: domains(&affected),
            decisions: decisions(found),
            evictions: evictions(found),
            pivots: pivots(found),
            external: affected.iter().filter(|person| person.external).count(),
            affected: affected.len(),
        })
    }
}

/// Returns the table of every message.
pub(super) fn messages_table(found: &Investigation) -> Table<'_> {
    Table {
        id: "messages".to_owned(),
        title: "Messages by class".to_owned(),
        columns: columns::of(&columns::MESSAGE),
        rows: &found.messages,
        sheet: Sheets::By(0),
        empty: "The records and traces at hand name no message of this mailbox.".to_owned(),
    }
}

impl Rows for crate::investigate::Messages {
    fn count(&self) -> u64 {
        self.len() as u64
    }

    fn each(&self, take: &mut dyn FnMut(&[Cell]) -> ControlFlow<()>) -> io::Result<()> {
        Self::each(self, &mut |judged| take(&message(judged))).map_err(io::Error::other)
    }
}

fn message(judged: &Judged) -> Row {
    vec![
        text(judged.class.name()),
        time(judged.first_seen),
        time(judged.last_seen),
        Cell::Number(i64::from(judged.times)),
        text(&judged.subject),
        text(&judged.from),
        list(&judged.to),
        time(judged.received),
        list(&judged.folders),
        text(&judged.because),
        Cell::List(
            judged
                .tags
                .iter()
                .map(|tag| tag.name().to_owned())
                .collect(),
        ),
        text(&judged.id),
        Cell::List(judged.contexts.iter().map(ToString::to_string).collect()),
        list(&judged.records),
    ]
}

fn contexts(found: &Investigation) -> Vec<Row> {
    let mut contexts: Vec<_> = found.attribution.contexts.iter().collect();
    contexts.sort_by_key(|context| {
        let rank = match context.verdict {
            Verdict::Intruder => 0,
            Verdict::Unknown => 1,
            Verdict::Owner => 2,
            Verdict::Service => 3,
        };
        (rank, context.first, &context.id)
    });
    contexts
        .into_iter()
        .map(|context| {
            let reasons: Vec<&str> = context
                .reasons
                .iter()
                .map(|reason| reason.text.as_str())
                .collect();
            vec![
                text(context.verdict.name()),
                text(context.confidence.name()),
                text(&reasons.join("; ")),
                time(context.first),
                time(context.last),
                Cell::Number(context.records as i64),
                Cell::List(context.ips.iter().cloned().collect()),
                text(&context.client),
                text(&context.session),
                text(&context.app),
                text(&context.device),
                text(&context.id.0),
            ]
        })
        .collect()
}

fn undecided(found: &Investigation) -> Vec<Row> {
    found
        .undecided
        .iter()
        .map(|open| {
            let missing = found
                .attribution
                .context(&open.context)
                .and_then(|context| context.reasons.first())
                .map(|reason| reason.text.as_str())
                .unwrap_or_default();
            vec![
                text(&open.context.0),
                Cell::Number(open.messages as i64),
                text(missing),
            ]
        })
        .collect()
}

fn timeline(found: &Investigation) -> Vec<Row> {
    found
        .timeline
        .iter()
        .map(|moment| {
            vec![
                Cell::Time(moment.time),
                text(&moment.kind),
                text(&moment.text),
                text(&moment.verdict),
                list(&moment.records),
            ]
        })
        .collect()
}

fn gaps(found: &Investigation) -> Vec<Row> {
    found
        .coverage
        .gaps
        .iter()
        .map(|gap| {
            vec![
                text(gap.id.name()),
                end(gap.interval.map(|interval| interval.from)),
                end(gap.interval.map(|interval| interval.to)),
                text(&gap.scope),
                text(&gap.effect),
                text(&gap.proof),
                text(if gap.blind { "yes" } else { "no" }),
                text(&gap.fix),
            ]
        })
        .collect()
}

fn rules(found: &Investigation) -> Vec<Row> {
    let pairs = |pairs: &[(String, String)]| {
        Cell::List(
            pairs
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect(),
        )
    };
    found
        .rules
        .versions
        .iter()
        .map(|rule| {
            let maker = if rule.ip.is_empty() {
                rule.actor.clone()
            } else {
                format!("{} from {}", rule.actor, rule.ip)
            };
            vec![
                text(rule.kind.name()),
                text(&rule.name),
                Cell::Number(i64::from(rule.version)),
                end(Some(rule.active.from)),
                end(Some(rule.active.to)),
                pairs(&rule.conditions),
                pairs(&rule.actions),
                text(rule.verdict.name()),
                text(&maker),
                list(&rule.records),
            ]
        })
        .collect()
}

fn files(found: &Investigation) -> Vec<Row> {
    found
        .outflow
        .files
        .iter()
        .map(|file| {
            vec![
                text(file.act.name()),
                text(&file.object),
                text(file.verdict.name()),
                time(file.first),
                time(file.last),
                text(&file.app),
                Cell::List(file.ips.iter().cloned().collect()),
                list(&file.records),
            ]
        })
        .collect()
}

fn sent(found: &Investigation) -> Vec<Row> {
    found
        .outflow
        .sent
        .iter()
        .map(|sent| {
            vec![
                time(sent.time),
                text(&sent.subject),
                Cell::List(sent.recipients.iter().cloned().collect()),
                text(&sent.operation),
                text(if sent.left_no_copy { "no" } else { "yes" }),
                text(&sent.record),
            ]
        })
        .collect()
}

fn warn(found: &Investigation) -> Vec<Row> {
    found
        .outflow
        .third_parties
        .iter()
        .map(|party| {
            vec![
                text(&party.address),
                text(if party.external { "yes" } else { "no" }),
                Cell::List(party.why.iter().cloned().collect()),
                Cell::Number(party.messages as i64),
            ]
        })
        .collect()
}

fn searches(found: &Investigation) -> Vec<Row> {
    let searches = found.outflow.searches.iter().map(|search| {
        vec![
            time(search.time),
            text(&search.operation),
            text(&search.text),
            text(&search.record),
        ]
    });
    let discovery = found.outflow.discovery.iter().map(|search| {
        vec![
            time(search.time),
            text(&search.operation),
            text(&format!("{} {}", search.object, search.query)),
            text(&search.record),
        ]
    });
    searches.chain(discovery).collect()
}

fn person(person: &Affected) -> Row {
    vec![
        text(&person.address),
        text(if person.external { "yes" } else { "no" }),
        text(person.class.name()),
        Cell::Number(person.messages as i64),
    ]
}

fn domains(affected: &[Affected]) -> Vec<Row> {
    people::domains(affected)
        .into_iter()
        .map(|(name, persons, messages)| {
            vec![
                text(&name),
                Cell::Number(persons as i64),
                Cell::Number(messages as i64),
            ]
        })
        .collect()
}

fn decisions(found: &Investigation) -> Vec<Row> {
    found
        .entries
        .iter()
        .map(|entry| {
            let value = if entry.value.is_empty() {
                "taken back"
            } else {
                &entry.value
            };
            vec![
                Cell::Time(entry.at),
                text(&entry.by),
                text(entry.kind.name()),
                text(&entry.object),
                text(value),
                text(&entry.reason),
            ]
        })
        .collect()
}

fn evictions(found: &Investigation) -> Vec<Row> {
    found
        .attribution
        .evictions
        .iter()
        .map(|eviction| {
            vec![
                Cell::Time(eviction.at),
                text(&eviction.what),
                end(Some(eviction.effective)),
                text(&eviction.record),
            ]
        })
        .collect()
}

fn pivots(found: &Investigation) -> Vec<Row> {
    found
        .attribution
        .pivots
        .iter()
        .map(|pivot| vec![text(&pivot.text), text(&pivot.follow), list(&pivot.records)])
        .collect()
}

fn text(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

fn list(texts: &[String]) -> Cell {
    if texts.is_empty() {
        Cell::Empty
    } else {
        Cell::List(texts.to_vec())
    }
}

fn time(time: Option<Timestamp>) -> Cell {
    time.map_or(Cell::Empty, Cell::Time)
}

/// Returns an end of an interval; the ends of time are open.
fn end(time: Option<Timestamp>) -> Cell {
    match time {
        Some(time) if time.0 != i64::MIN && time.0 != i64::MAX => Cell::Time(time),
        _ => Cell::Empty,
    }
}
