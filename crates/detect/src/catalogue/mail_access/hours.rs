//! How much somebody usually does in an hour, by the hours of the last two weeks.

use super::access::Whose;
use crate::world::{DAY, HOUR};
use model::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// How far back usual goes.
const DAYS: i64 = 14;
/// With fewer hours than these nothing is usual.
const LEAST_HOURS: usize = 5;

/// How much was done in each hour in which anything was.
#[derive(Debug, Default)]
pub(in crate::catalogue) struct Hours {
    counts: BTreeMap<Whose, VecDeque<(i64, u64)>>,
}

impl Hours {
    /// Adds to the hour in which something happened.
    pub(in crate::catalogue) fn add(&mut self, whose: Whose, now: Timestamp, count: u64) {
        let hour = hour(now);
        let counts = self.counts.entry(whose).or_default();
        while counts
            .front()
            .is_some_and(|(first, _)| hour - first > DAYS * DAY / HOUR)
        {
            counts.pop_front();
        }
        match counts.back_mut() {
            Some((last, sum)) if *last == hour => *sum += count,
            _ => counts.push_back((hour, count)),
        }
    }

    /// Returns the most that is still usual in an hour: six median deviations above the median of the
    /// earlier hours, and at least three times the median; none as long as there are too few.
    pub(in crate::catalogue) fn usual(&self, whose: Whose, now: Timestamp) -> Option<u64> {
        let hour = hour(now);
        let counts = self.counts.get(&whose)?;
        let earlier: Vec<u64> = counts
            .iter()
            .filter(|(at, _)| *at < hour - 1)
            .map(|(_, count)| *count)
            .collect();
        if earlier.len() < LEAST_HOURS {
            return None;
        }
        let median = middle(earlier.clone());
        let deviations = earlier.iter().map(|count| count.abs_diff(median));
        let deviation = middle(deviations.collect()).max(1);
        Some((median + 6 * deviation).max(3 * median))
    }
}

fn hour(now: Timestamp) -> i64 {
    now.0.div_euclid(HOUR * 1_000_000)
}

fn middle(mut counts: Vec<u64>) -> u64 {
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Word;

    #[test]
    fn usual_is_what_the_earlier_hours_were() {
        let whose = (Word::NONE, Word::NONE);
        let at = |hour: i64| Timestamp(hour * HOUR * 1_000_000);
        let mut hours = Hours::default();
        for (hour, count) in [(1, 4), (2, 6), (3, 5), (4, 5)] {
            hours.add(whose, at(hour), count);
        }
        assert_eq!(hours.usual(whose, at(10)), None);
        hours.add(whose, at(5), 7);
        assert_eq!(hours.usual(whose, at(10)), Some(15));
        // Two weeks later nothing of it is left.
        hours.add(whose, at(1000), 1);
        assert_eq!(hours.usual(whose, at(1002)), None);
    }
}
