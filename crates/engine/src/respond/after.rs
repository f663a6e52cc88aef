//! After an account was secured: any act of the intruder from then on is a sign that they are not out.
//!
//! What is looked for was known when the plan was made: the addresses, sessions and applications of
//! what is the intruder's. A sign-in that failed shows that they try, which is no sign that they are in.

use super::UNDONE;
use super::wire::WireAct;
use crate::clock;
use crate::error::EngineError;
use crate::store::Store;
use casework::respond::WatchTerm;
use lake::Marks;
use ledger::{Execution, StoredSign};
use model::{Event, Family, Outcome, Timestamp};
use std::collections::BTreeMap;

/// How long is looked out: an hour, in which most come back, and a day behind it.
const WATCHED_SECONDS: i64 = 25 * 3600;
/// How many signs of one intruder are kept: the first tell enough.
const KEPT: usize = 200;
/// The families whose records show an intruder at work.
const FAMILIES: [Family; 2] = [Family::Unified, Family::SignIn];

/// What is known of an intruder who came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComeBack {
    /// The execution that had put them out.
    pub execution: String,
    /// For which incident, case or person.
    pub subject: String,
    /// The tenant.
    pub tenant: String,
    /// Whose account.
    pub user: String,
    /// When it was secured.
    pub secured: Timestamp,
    /// Each record that shows them since, the earliest first: its id, its time and what it was.
    pub signs: Vec<(String, Timestamp, String)>,
}

impl Store {
    /// Keeps what is looked out for once a plan is carried out.
    pub(super) fn keep_watch(&self, plan: &str, terms: &[WatchTerm]) -> Result<(), EngineError> {
        let terms: Vec<(String, String)> = terms
            .iter()
            .map(|term| (term.kind.to_owned(), term.value.clone()))
            .collect();
        Ok(self.ledger.keep_watch(plan, &terms)?)
    }

    /// Looks for signs of the intruders who were put out in the last day, and returns how many are new.
    pub fn respond_watch(&mut self) -> Result<usize, EngineError> {
        let since = clock::now().plus_seconds(-WATCHED_SECONDS);
        let mut new = 0;
        for execution in self.ledger.executions()? {
            let Some(secured) = execution.ended.filter(|ended| *ended >= since) else {
                continue;
            };
            if self.is_taken_back(&execution)? {
                continue;
            }
            let found = self.seen_again(&execution, secured)?;
            let mut fresh = Vec::new();
            for sign in found {
                if self.ledger.keep_sign(&sign)? {
                    fresh.push(sign);
                }
            }
            new += fresh.len();
            if let Some(first) = fresh.first() {
                self.note_act(
                    &execution.tenant,
                    &WireAct {
                        act: "seen again",
                        plan: &execution.plan,
                        execution: &execution.id,
                        what: &format!(
                            "{} records, first {}: {}",
                            fresh.len(),
                            first.record,
                            first.what
                        ),
                        ..WireAct::default()
                    },
                )?;
            }
        }
        Ok(new)
    }

    /// Returns the intruders who came back after they had been put out.
    pub fn come_backs(&self) -> Result<Vec<ComeBack>, EngineError> {
        let mut by_execution: BTreeMap<String, Vec<(String, Timestamp, String)>> = BTreeMap::new();
        for sign in self.ledger.signs()? {
            let of = by_execution.entry(sign.execution).or_default();
            of.push((sign.record, sign.at, sign.what));
        }
        let mut all = Vec::new();
        for execution in self.ledger.executions()? {
            let Some(signs) = by_execution.remove(&execution.id) else {
                continue;
            };
            let plans = self.ledger.plans(&execution.plan)?;
            let subject = plans.into_iter().next().map(|plan| plan.subject);
            all.push(ComeBack {
                subject: subject.unwrap_or_default(),
                secured: execution.ended.unwrap_or(execution.began),
                execution: execution.id,
                tenant: execution.tenant,
                user: execution.user,
                signs,
            });
        }
        Ok(all)
    }

    /// Returns whether somebody took back all that was done: then nobody was put out.
    fn is_taken_back(&self, execution: &Execution) -> Result<bool, EngineError> {
        let steps = self.ledger.steps(&execution.id)?;
        let is_undone = |state: &str| state == UNDONE;
        Ok(!steps.is_empty() && steps.iter().all(|step| is_undone(&step.state)))
    }

    fn seen_again(
        &self,
        execution: &Execution,
        secured: Timestamp,
    ) -> Result<Vec<StoredSign>, EngineError> {
        let marks = marks(&self.ledger.watch(&execution.plan)?);
        let mut signs: Vec<StoredSign> = Vec::new();
        let mut hear = |event: &Event<'_>| {
            if matches!(event.outcome, Outcome::Failure | Outcome::Interrupted) {
                return;
            }
            let from = event.address.map(|address| format!(" from {address}"));
            signs.push(StoredSign {
                execution: execution.id.clone(),
                record: event.id.as_str().to_owned(),
                at: event.time.unwrap_or(secured),
                what: format!(
                    "{} by {}{}",
                    event.action,
                    event.user,
                    from.unwrap_or_default()
                ),
            });
        };
        for family in FAMILIES {
            let whose = (execution.tenant.as_str(), family);
            let reading = self.lake.marked(whose, secured, &marks, &mut hear);
            self.runtime.block_on(reading)?;
        }
        signs.sort_by(|one, other| (one.at, &one.record).cmp(&(other.at, &other.record)));
        signs.truncate(KEPT);
        Ok(signs)
    }
}

/// Returns what records are looked for by. Where mail is sent to is not among it: a rule that does
/// that again is found by detection.
fn marks(terms: &[(String, String)]) -> Marks {
    let of = |wanted: &str| -> Vec<String> {
        let own = terms.iter().filter(|(kind, _)| kind == wanted);
        own.map(|(_, value)| value.clone()).collect()
    };
    Marks {
        addresses: of("ip"),
        sessions: of("session"),
        apps: of("app").iter().map(|app| app.to_lowercase()).collect(),
    }
}
