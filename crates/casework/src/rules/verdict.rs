//! Whose act a change of a rule is.
//!
//! An administrator's cmdlet often comes from the service's own address and without a session
//! (F18), so that no context can say whose it is. Then time can: what the person's account does
//! while the intruder has a session of it open is probably the intruder's.

use super::change::{Change, handle};
use crate::attribution::{Attribution, Confidence, Context, ContextId, Person, Verdict};
use crate::brief::{Brief, Seed};
use crate::coverage::words::moment;
use crate::interval::{HOUR, Interval};
use std::collections::{BTreeMap, BTreeSet};

/// Whose an act is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author {
    /// Whose.
    pub(super) verdict: Verdict,
    /// How sure that is.
    pub(super) confidence: Confidence,
    /// Why.
    pub(super) because: String,
    /// The context, where there is one.
    pub(super) context: Option<ContextId>,
}

/// Knows whose an act on a rule is.
pub(super) struct Judge<'a> {
    attribution: &'a Attribution,
    person: &'a Person,
    user: &'a str,
    records: BTreeSet<&'a str>,
    rules: BTreeSet<String>,
    sessions: Vec<(Interval, &'a str)>,
}

/// How long after its last record a session may still have been in use: the life of a token.
const AFTER_SESSION: i64 = HOUR;

impl<'a> Judge<'a> {
    pub(super) fn new(brief: &'a Brief, attribution: &'a Attribution, person: &'a Person) -> Self {
        let mut judge = Self {
            attribution,
            person,
            user: &brief.user,
            records: BTreeSet::new(),
            rules: BTreeSet::new(),
            sessions: Vec::new(),
        };
        for seed in &brief.seeds {
            match seed {
                Seed::Record(record) => {
                    judge.records.insert(record);
                }
                Seed::Rule(rule) => {
                    let behind_mailbox = rule.split_once('\\').map(|(_, name)| handle(name));
                    judge.rules.extend(behind_mailbox);
                    judge.rules.insert(handle(rule));
                }
                _ => {}
            }
        }
        judge.sessions = judge.sessions();
        judge
    }

    /// Returns whose a change is.
    pub(super) fn author(&self, change: &Change) -> Author {
        let context = self.attribution.context_of(&change.record);
        if let Some(context) = context.filter(|context| context.overridden) {
            return of_context(context);
        }
        if self.records.contains(change.record.as_str()) {
            return seeded(context);
        }
        let is_settled = context.is_some_and(|context| is_settled(context, change));
        match (context, is_settled) {
            (Some(context), true) => of_context(context),
            (context, _) => self.by_time(change, context),
        }
    }

    /// Returns whether a seed names a rule by one of its names, ids or targets.
    pub(super) fn is_seeded<'n>(&self, mut names: impl Iterator<Item = &'n String>) -> bool {
        !self.rules.is_empty() && names.any(|name| self.rules.contains(name))
    }

    fn by_time(&self, change: &Change, context: Option<&Context>) -> Author {
        let open = self
            .sessions
            .iter()
            .find(|(span, _)| span.holds(change.time));
        match (open, context) {
            (Some((span, session)), context) if self.is_by_person(change) => Author {
                verdict: Verdict::Intruder,
                confidence: Confidence::Medium,
                because: format!(
                    "the account made it while the intruder's session {session} was open, {} to {} UTC",
                    moment(span.from),
                    moment(span.to)
                ),
                context: context.map(|context| context.id.clone()),
            },
            (_, Some(context)) => of_context(context),
            (_, None) => Author {
                verdict: Verdict::Unknown,
                confidence: Confidence::Low,
                because: "the record that made it belongs to no context".to_owned(),
                context: None,
            },
        }
    }

    fn is_by_person(&self, change: &Change) -> bool {
        change.actor == self.user
            || self.person.is_named(&change.actor)
            || self.person.keys.contains(&change.actor_key)
    }

    fn sessions(&self) -> Vec<(Interval, &'a str)> {
        let mut spans: BTreeMap<&str, Interval> = BTreeMap::new();
        for context in &self.attribution.contexts {
            let is_of_person = context.actor == self.user || self.person.is_named(&context.actor);
            let (Some(first), Some(last)) = (context.first, context.last) else {
                continue;
            };
            if context.verdict != Verdict::Intruder || context.session.is_empty() || !is_of_person {
                continue;
            }
            let span = Interval::new(first, last);
            let known = spans.entry(&context.session).or_insert(span);
            known.from = known.from.min(span.from);
            known.to = known.to.max(span.to);
        }
        let mut sessions: Vec<(Interval, &str)> = spans
            .into_iter()
            // One microsecond more: the last moment of the hour is inside.
            .map(|(session, span)| (span.widened(0, AFTER_SESSION + 1), session))
            .collect();
        sessions.sort_unstable();
        sessions
    }
}

/// Whether a context says whose an act is, so that time need not be asked.
fn is_settled(context: &Context, change: &Change) -> bool {
    let shows_who = change.has_session && !change.is_from_nowhere;
    match context.verdict {
        Verdict::Intruder => true,
        Verdict::Owner => {
            change.has_session || !change.is_from_nowhere || context.confidence == Confidence::High
        }
        Verdict::Service | Verdict::Unknown => shows_who,
    }
}

fn seeded(context: Option<&Context>) -> Author {
    Author {
        verdict: Verdict::Intruder,
        confidence: Confidence::High,
        because: "the record that made it is a seed".to_owned(),
        context: context.map(|context| context.id.clone()),
    }
}

fn of_context(context: &Context) -> Author {
    let reason = context.reasons.first();
    let because = match reason {
        Some(reason) => format!("made in context {}: {}", context.id, reason.text),
        None => format!("made in context {}", context.id),
    };
    Author {
        verdict: context.verdict,
        confidence: context.confidence,
        because,
        context: Some(context.id.clone()),
    }
}
