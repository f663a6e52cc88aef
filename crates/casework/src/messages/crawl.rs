//! Reading faster than a person can: three records or more in one second of one context.
//!
//! The pace is known only when all records are: this log is handed every opened message
//! before the first one is judged.

use super::Handled;
use super::record_key::RecordKey;
use crate::attribution::{Attribution, ContextId};
use crate::interval::SECOND;
use model::{Timestamp, Touch};
use std::collections::BTreeMap;

/// How many records in one second no person causes by hand.
const RECORDS_A_SECOND: usize = 3;

/// Notes when messages were opened: at most thirty-two bytes a record, however many messages it names.
#[derive(Debug, Default)]
pub struct Log(Vec<(i64, RecordKey)>);

impl Log {
    /// Makes an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hears of a message that was opened; everything else says nothing of a pace.
    pub fn hear(&mut self, handled: &Handled) {
        let is_opening = handled.touch == Some(Touch::Bind) && !handled.failed;
        let (true, Some(time)) = (is_opening, handled.time) else {
            return;
        };
        let opened = (second(time), RecordKey::of(&handled.record));
        if self.0.last() != Some(&opened) {
            self.0.push(opened);
        }
    }

    /// Tells in which seconds which contexts crawled.
    #[must_use]
    pub fn close(mut self, attribution: &Attribution) -> Crawls {
        self.0.sort_unstable();
        self.0.dedup();
        let mut crawls = Crawls::default();
        for records in self.0.chunk_by(|left, right| left.0 == right.0) {
            if records.len() >= RECORDS_A_SECOND {
                crawls.note(records, attribution);
            }
        }
        crawls
    }
}

/// The seconds in which a context read at three records or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crawls(BTreeMap<ContextId, Vec<i64>>);

impl Crawls {
    /// Returns whether a context crawled in the second of that moment.
    #[must_use]
    pub fn is_crawl(&self, time: Timestamp, context: &ContextId) -> bool {
        self.0
            .get(context)
            .is_some_and(|seconds| seconds.binary_search(&second(time)).is_ok())
    }

    /// Notes the contexts of one second's records; seconds come in order.
    fn note(&mut self, records: &[(i64, RecordKey)], attribution: &Attribution) {
        let mut counts: BTreeMap<&ContextId, usize> = BTreeMap::new();
        for (_, record) in records {
            if let Some(context) = attribution.context_of(&record.to_string()) {
                *counts.entry(&context.id).or_default() += 1;
            }
        }
        let second = records.first().map_or(0, |(second, _)| *second);
        for (context, count) in counts {
            if count >= RECORDS_A_SECOND {
                self.0.entry(context.clone()).or_default().push(second);
            }
        }
    }
}

fn second(time: Timestamp) -> i64 {
    time.0.div_euclid(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::case::{Case, opened};

    #[test]
    fn three_records_of_one_context_in_one_second_are_a_crawl() {
        let mut case = Case::default();
        let fast = case.intruder("session-1", &["r1", "r2", "r3", "r4"]);
        let slow = case.owner("session-2", &["r5", "r6"]);
        let mut log = Log::new();
        for record in ["r1", "r2", "r3", "r5", "r6"] {
            log.hear(&opened(record, "<a@example.com>", 100));
            log.hear(&opened(record, "<b@example.com>", 100));
        }
        log.hear(&opened("r4", "<c@example.com>", 101));
        let crawls = log.close(&case.attribution);
        assert!(crawls.is_crawl(Timestamp(100 * SECOND + 1), &fast));
        assert!(!crawls.is_crawl(Timestamp(101 * SECOND), &fast));
        assert!(!crawls.is_crawl(Timestamp(100 * SECOND), &slow));
    }
}
