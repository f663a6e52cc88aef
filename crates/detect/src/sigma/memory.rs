//! Remembers which rules may match records of a kind, so that most records ask no rule at all.

use super::record::Record;
use super::route::{Route, Routes};
use foldhash::quality::RandomState;
use model::Outcome;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::rc::Rc;

/// How many kinds of records are remembered before all are forgotten.
const REMEMBERED: usize = 1 << 16;

/// The rules that may match, by number, each on the logs that it is asked of.
pub(super) type Candidates = Rc<[(u32, Route)]>;

/// Kinds of one digest.
type Known = Vec<(KindOf<Box<str>>, Candidates)>;

/// What is known of the kinds of records that came by.
#[derive(Debug, Default)]
pub(super) struct Memory {
    hasher: RandomState,
    known: HashMap<u64, Known, RandomState>,
    remembered: usize,
}

impl Memory {
    /// Returns the rules that may match a record; they are judged where none of its kind came by.
    pub(super) fn candidates(
        &mut self,
        record: &Record<'_>,
        routes: Routes,
        judge: impl FnOnce() -> Vec<(u32, Route)>,
    ) -> Candidates {
        let kind = KindOf::new(record, routes);
        let digest = self.hasher.hash_one(&kind);
        for (one, found) in self.known.get(&digest).into_iter().flatten() {
            if kind.is(one) {
                return Rc::clone(found);
            }
        }
        if self.remembered >= REMEMBERED {
            self.known.clear();
            self.remembered = 0;
        }
        self.remembered += 1;
        let found: Candidates = judge().into();
        let place = self.known.entry(digest).or_default();
        place.push((kind.owned(), Rc::clone(&found)));
        found
    }
}

/// What all records of a kind share: the same rules may match them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct KindOf<Text> {
    routes: Routes,
    record_type: i32,
    workload: Text,
    operation: Text,
    error: Text,
    agent: Text,
    outcome: Option<Outcome>,
}

impl<'a> KindOf<&'a str> {
    fn new(record: &Record<'a>, routes: Routes) -> Self {
        let columns = &record.columns;
        // Only sign-ins have so few numbers and agents that they tell records apart.
        let is_sign_in = routes.has(Route::SignIn);
        let (error, agent) = if is_sign_in {
            (columns.error, columns.agent)
        } else {
            ("", "")
        };
        Self {
            routes,
            record_type: columns.record_type,
            workload: columns.workload,
            operation: columns.operation,
            error,
            agent,
            outcome: is_sign_in.then_some(columns.outcome),
        }
    }

    fn is(&self, other: &KindOf<Box<str>>) -> bool {
        self.routes == other.routes
            && self.record_type == other.record_type
            && self.outcome == other.outcome
            && *self.operation == *other.operation
            && *self.workload == *other.workload
            && *self.error == *other.error
            && *self.agent == *other.agent
    }

    fn owned(&self) -> KindOf<Box<str>> {
        KindOf {
            routes: self.routes,
            record_type: self.record_type,
            workload: self.workload.into(),
            operation: self.operation.into(),
            error: self.error.into(),
            agent: self.agent.into(),
            outcome: self.outcome,
        }
    }
}
