//! How often something is heard of, and when it was silent for longer than that.

use crate::interval::{DAY, HOUR, Interval};
use model::Timestamp;

/// How long before the window the usual is looked for.
const BASELINE: i64 = 30 * DAY;

/// From how many gaps on a hundredth means anything.
const GAPS: usize = 50;

/// No silence shorter than this is ever taken for a hole: nights are long and mailboxes quiet.
pub(super) const SILENCE: i64 = 6 * HOUR;

/// How regularly something is heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cadence {
    /// How many gaps between two signs of life it was learnt from.
    pub(super) gaps: usize,
    /// The gap that 99 of 100 do not exceed; none where there are too few.
    pub(super) usual: Option<i64>,
}

impl Cadence {
    /// How many gaps it takes to call a silence unusual.
    pub(super) const NEEDED: usize = GAPS;

    /// Learns from the sorted moments of the 30 days before a window.
    pub(super) fn before(window: &Interval, times: &[i64]) -> Self {
        let from = times.partition_point(|time| *time < window.from.0.saturating_sub(BASELINE));
        let to = times.partition_point(|time| *time < window.from.0);
        Self::of(times.get(from..to).unwrap_or_default())
    }

    /// Learns from sorted moments.
    pub(super) fn of(times: &[i64]) -> Self {
        let mut gaps: Vec<i64> = times
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]))
            .collect();
        gaps.sort_unstable();
        let rank = (gaps.len() * 99).div_ceil(100).saturating_sub(1);
        Self {
            gaps: gaps.len(),
            usual: gaps.get(rank).copied().filter(|_| gaps.len() >= GAPS),
        }
    }

    /// Returns how long a silence may be before it is unusual.
    pub(super) fn limit(&self, least: i64) -> Option<i64> {
        self.usual.map(|usual| usual.max(least))
    }
}

/// Returns the silences longer than a limit that reach into a window: from one sign of life
/// to the next, the last of them to `end`.
pub(super) fn silences(
    times: &[i64],
    limit: i64,
    window: &Interval,
    end: Timestamp,
) -> Vec<Interval> {
    let last = times.last().map(|last| (*last, end.0));
    times
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .chain(last)
        .filter(|(from, to)| to.saturating_sub(*from) > limit)
        .map(|(from, to)| Interval::new(Timestamp(from), Timestamp(to)))
        .filter(|silence| silence.meets(window))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(step: i64, from: i64, count: i64) -> Vec<i64> {
        (0..count).map(|number| from + number * step).collect()
    }

    fn since(from: i64) -> Interval {
        Interval::new(Timestamp(from), Timestamp(from + DAY))
    }

    #[test]
    fn fifty_gaps_make_a_cadence_and_forty_nine_do_not() {
        let window = since(20 * DAY);
        let enough = Cadence::before(&window, &every(HOUR, 0, 51));
        assert_eq!((enough.gaps, enough.usual), (50, Some(HOUR)));
        assert_eq!(enough.limit(SILENCE), Some(SILENCE));
        let few = Cadence::before(&window, &every(HOUR, 0, 50));
        assert_eq!((few.gaps, few.limit(SILENCE)), (49, None));
    }

    #[test]
    fn one_long_gap_in_a_hundred_is_still_usual_in_none_of_them() {
        let mut times = every(HOUR, 0, 100);
        times.push(99 * HOUR + 9 * HOUR);
        let cadence = Cadence::before(&since(20 * DAY), &times);
        assert_eq!((cadence.gaps, cadence.usual), (100, Some(HOUR)));
    }

    #[test]
    fn a_silence_counts_where_it_reaches_into_the_window() {
        let times = [0, HOUR, 20 * HOUR, 21 * HOUR];
        let window = Interval::new(Timestamp(19 * HOUR), Timestamp(40 * HOUR));
        let found = silences(&times, SILENCE, &window, Timestamp(30 * HOUR));
        let expected = [
            Interval::new(Timestamp(HOUR), Timestamp(20 * HOUR)),
            Interval::new(Timestamp(21 * HOUR), Timestamp(30 * HOUR)),
        ];
        assert_eq!(found, expected);
        assert!(silences(&[], SILENCE, &window, Timestamp(0)).is_empty());
    }
}
