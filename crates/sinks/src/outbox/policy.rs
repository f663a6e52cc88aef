//! What the operator decided: who hears of what, when, and how often.

use model::{Severity, Timestamp};
use std::collections::BTreeMap;

/// The rules by which the outbox decides. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who hears of what. An incident that no route takes is told to nobody.
    pub routes: Vec<Route>,
    /// Every destination by its name, with the mail addresses that it reaches
    /// ([`Destination::addresses`](crate::Destination::addresses)).
    pub sinks: BTreeMap<String, Vec<String>>,
    /// The storm guard: how many cards of one tenant a destination gets in an hour; what is more
    /// becomes one summary.
    pub most_an_hour: u32,
    /// How many seconds pass between two cards of the same incident, unless it got worse.
    pub update_pause: u32,
    /// The pause after the first failure, in seconds; each further one is twice as long.
    pub first_pause: u32,
    /// The longest of these pauses, in seconds.
    pub longest_pause: u32,
    /// How often a card is tried before it is a dead letter.
    pub tries: u32,
    /// What the pauses are spread by, so that not all come back at once.
    pub seed: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            sinks: BTreeMap::new(),
            most_an_hour: 20,
            update_pause: 300,
            first_pause: 10,
            longest_pause: 1800,
            tries: 12,
            seed: 0,
        }
    }
}

/// Who hears of which incidents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// What the config calls it.
    pub name: String,
    /// The names of the destinations.
    pub to: Vec<String>,
    /// The tenants whose incidents go this way; none means all.
    pub tenants: Vec<String>,
    /// The tags of which a tenant must have one; none means any tenant.
    pub tags: Vec<String>,
    /// The least urgent severity that goes this way.
    pub least: Severity,
    /// When only what is critical goes this way.
    pub quiet: Option<Quiet>,
}

impl Route {
    pub(super) fn takes(&self, tenant: &str, tags: &[String], severity: Severity) -> bool {
        let same = |one: &String, other: &str| one.eq_ignore_ascii_case(other);
        let tenant_fits =
            self.tenants.is_empty() || self.tenants.iter().any(|one| same(one, tenant));
        let has = |tag: &String| tags.iter().any(|other| same(tag, other));
        let tag_fits = self.tags.is_empty() || self.tags.iter().any(has);
        tenant_fits && tag_fits && severity >= self.least
    }
}

/// Hours of every day in which people sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The minute of the local day in which they begin.
    pub from: u16,
    /// The minute of the local day in which they end; before `from` where midnight is inside.
    pub to: u16,
    /// By how many minutes the local time is ahead of UTC now.
    pub ahead: i16,
}

impl Quiet {
    /// Returns when the quiet ends, if it is quiet now.
    #[must_use]
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        const DAY: i64 = 24 * 60;
        let (from, to) = (i64::from(self.from) % DAY, i64::from(self.to) % DAY);
        let local = now.0.div_euclid(60_000_000) + i64::from(self.ahead);
        let minute = local.rem_euclid(DAY);
        let inside = if from <= to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        };
        let left = (to - minute).rem_euclid(DAY);
        let start_of_minute = Timestamp(now.0.div_euclid(60_000_000) * 60_000_000);
        inside.then(|| start_of_minute.plus_seconds(left * 60))
    }
}

impl Policy {
    /// Returns until when all of the routes are quiet for such a severity, if they are.
    pub(super) fn quiet_until(
        &self,
        routes: &[String],
        severity: Severity,
        now: Timestamp,
    ) -> Option<Timestamp> {
        if severity == Severity::Critical {
            return None;
        }
        let mut earliest = None;
        for route in self
            .routes
            .iter()
            .filter(|route| routes.contains(&route.name))
        {
            let until = route.quiet?.until(now)?;
            earliest = Some(earliest.map_or(until, |other: Timestamp| other.min(until)));
        }
        // Without any of its routes a card is not held back: nobody would know until when.
        earliest
    }

    /// Returns how long to wait after a failure, in seconds: exponential, spread by the seed.
    pub(super) fn pause(&self, key: &super::EntryKey, tries: u32) -> i64 {
        let doubled = u64::from(self.first_pause) << tries.saturating_sub(1).min(30);
        let whole = doubled.clamp(1, u64::from(self.longest_pause).max(1));
        let half = whole / 2;
        let spread = spread(self.seed, key, tries) % (whole - half + 1);
        (half + spread).max(1) as i64
    }
}

/// Returns a number that follows from the seed, the entry and the try (FNV-1a with the finish of
/// SplitMix64).
fn spread(seed: u64, key: &super::EntryKey, tries: u32) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    let texts = [key.sink.as_bytes(), b"\n", key.incident.as_bytes(), b"\n"];
    let numbers = [key.nth.to_le_bytes(), tries.to_le_bytes()];
    for byte in texts.concat().into_iter().chain(numbers.concat()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> Timestamp {
        Timestamp::from_civil(2026, 3, 14, hour, minute, 30, 0).expect("a moment")
    }

    #[test]
    fn quiet_hours_are_local_and_may_pass_midnight() {
        let quiet = Quiet {
            from: 22 * 60,
            to: 7 * 60,
            ahead: 60,
        };
        let ends = Timestamp::from_civil(2026, 3, 14, 6, 0, 0, 0).expect("a moment");
        assert_eq!(quiet.until(at(5, 59)), Some(ends));
        assert_eq!(quiet.until(at(6, 0)), None);
        assert_eq!(quiet.until(at(20, 59)), None);
        assert_eq!(quiet.until(at(21, 0)), Some(ends.plus_seconds(86_400)));
        let noon = Quiet {
            from: 720,
            to: 780,
            ahead: -300,
        };
        assert!(noon.until(at(17, 30)).is_some());
        assert!(noon.until(at(12, 30)).is_none());
        let never = Quiet {
            from: 60,
            to: 60,
            ahead: 0,
        };
        assert!(never.until(at(1, 0)).is_none());
    }

    #[test]
    fn pauses_double_up_to_a_bound_and_are_spread() {
        let policy = Policy::default();
        let key = |incident: &str| super::super::EntryKey {
            sink: "soc".to_owned(),
            incident: incident.to_owned(),
            nth: 0,
        };
        for tries in 1..40 {
            let whole = (10_i64 << (tries - 1).min(20)).min(1800);
            let pause = policy.pause(&key("I-1"), tries as u32);
            assert!((whole / 2..=whole).contains(&pause), "{tries}: {pause}");
        }
        let pauses: std::collections::BTreeSet<i64> = (0..20)
            .map(|nth| policy.pause(&key(&format!("I-{nth}")), 8))
            .collect();
        assert!(pauses.len() > 10);
    }
}
