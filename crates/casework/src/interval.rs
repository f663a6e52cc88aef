//! Stretches of time, half open, and sets of them.

use model::Timestamp;

/// A stretch of time: `from` is in it, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first moment inside.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}

/// A second, in the unit of a timestamp.
pub const SECOND: i64 = 1_000_000;
/// A minute, in the unit of a timestamp.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour, in the unit of a timestamp.
pub const HOUR: i64 = 60 * MINUTE;
/// A day, in the unit of a timestamp.
pub const DAY: i64 = 24 * HOUR;

/// How far two clocks may be apart: an allowance on every edge.
pub const SKEW: i64 = 2 * MINUTE;

impl Interval {
    /// The whole of time.
    pub const ALL: Self = Self {
        from: Timestamp(i64::MIN),
        to: Timestamp(i64::MAX),
    };

    /// Makes the interval between two moments; an end before the beginning makes it empty.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self {
            from,
            to: to.max(from),
        }
    }

    /// Returns whether there is no moment inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// Returns whether a moment is inside.
    #[must_use]
    pub fn holds(&self, time: Timestamp) -> bool {
        self.from <= time && time < self.to
    }

    /// Returns whether two intervals share a moment.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        !self.meeting(other).is_empty()
    }

    /// Returns what two intervals share.
    #[must_use]
    pub fn meeting(&self, other: &Self) -> Self {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Returns the interval made longer on both sides, saturating at the ends of time.
    #[must_use]
    pub fn widened(&self, before: i64, after: i64) -> Self {
        Self {
            from: Timestamp(self.from.0.saturating_sub(before)),
            to: Timestamp(self.to.0.saturating_add(after)),
        }
    }

    /// Returns how long it is, in microseconds, saturating.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.to.0.saturating_sub(self.from.0).max(0)
    }
}

/// A set of moments: intervals in order that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intervals(Vec<Interval>);

impl Intervals {
    /// Returns the intervals in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Interval] {
        &self.0
    }

    /// Returns whether there is no moment in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the set shares a moment with an interval.
    #[must_use]
    pub fn meets(&self, interval: &Interval) -> bool {
        let after = self.0.partition_point(|own| own.to <= interval.from);
        self.0.get(after).is_some_and(|own| own.meets(interval))
    }

    /// Returns how much of an interval the set covers, in microseconds, saturating.
    #[must_use]
    pub fn length_within(&self, interval: &Interval) -> i64 {
        self.0.iter().fold(0i64, |sum, own| {
            sum.saturating_add(own.meeting(interval).length())
        })
    }
}

impl FromIterator<Interval> for Intervals {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut sorted: Vec<Interval> = intervals
            .into_iter()
            .filter(|interval| !interval.is_empty())
            .collect();
        sorted.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(sorted.len());
        for interval in sorted {
            match merged.last_mut() {
                Some(last) if interval.from <= last.to => last.to = last.to.max(interval.to),
                _ => merged.push(interval),
            }
        }
        Self(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(from: i64, to: i64) -> Interval {
        Interval::new(Timestamp(from), Timestamp(to))
    }

    #[test]
    fn touching_intervals_become_one_and_empty_ones_none() {
        let set: Intervals = [at(5, 9), at(1, 3), at(3, 4), at(7, 12), at(20, 20)]
            .into_iter()
            .collect();
        assert_eq!(set.as_slice(), [at(1, 4), at(5, 12)]);
        assert!(set.meets(&at(11, 13)));
        assert!(!set.meets(&at(4, 5)));
        assert_eq!(set.length_within(&at(2, 6)), 3);
    }

    #[test]
    fn the_end_is_not_inside() {
        assert!(at(1, 2).holds(Timestamp(1)));
        assert!(!at(1, 2).holds(Timestamp(2)));
        assert!(!at(1, 2).meets(&at(2, 3)));
    }
}
