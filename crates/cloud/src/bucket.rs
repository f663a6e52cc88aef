//! The quota of one tenant for one kind of call: when the next request may go.
//!
//! While the service asks to wait, nothing is sent at all, and when the wait is over a single
//! request goes ahead to see. The rate falls with every throttle and rises slowly.

use crate::pace::Quota;
use crate::spread;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// For how long a refusal keeps the rate from rising at its usual step.
const WALL_COUNTS: Duration = Duration::from_mins(30);

pub(crate) struct Bucket {
    state: Mutex<State>,
    /// Rung when a wait may be over before its time.
    pub(crate) changed: Notify,
}

struct State {
    quota: Quota,
    /// When the last requests went or will go, the oldest first; never more than the quota has.
    slots: VecDeque<Instant>,
    /// How much longer than promised the window is at present.
    stretch: f64,
    /// The stretch at which the service last refused, and when.
    wall: Option<(f64, Instant)>,
    /// Whether the quota was what kept the last request.
    busy: bool,
    under_way: usize,
    hold: Option<Hold>,
    strikes: u32,
}

struct Hold {
    since: Instant,
    until: Instant,
    probing: bool,
}

/// Whether a request may go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// It may; `probe` is the one request after a hold.
    Go { probe: bool },
    /// The service asked to wait until then.
    Held(Instant),
    /// Others are under way: wait for the bell.
    Full,
}

/// How a request went, as far as the quota is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Went {
    /// The service took it.
    Taken,
    /// It was one too many.
    Throttled(Option<Duration>),
    /// It says nothing of the quota.
    Unknown,
}

impl Bucket {
    pub(crate) fn new(mut quota: Quota, factor: u32) -> Self {
        quota.requests = quota.requests.saturating_mul(factor.max(1) as usize);
        Self {
            state: Mutex::new(State {
                quota,
                slots: VecDeque::new(),
                stretch: 1.0,
                wall: None,
                busy: false,
                under_way: 0,
                hold: None,
                strikes: 0,
            }),
            changed: Notify::new(),
        }
    }

    /// Takes the next free place in the window and returns when it is.
    pub(crate) fn reserve(&self, now: Instant) -> Instant {
        let mut state = self.lock();
        let window = state.quota.window.mul_f64(state.stretch);
        let slot = if state.slots.len() < state.quota.requests {
            now
        } else {
            state
                .slots
                .pop_front()
                .map_or(now, |oldest| (oldest + window).max(now))
        };
        state.busy = slot > now;
        state.slots.push_back(slot);
        slot
    }

    /// Returns until when the service asked to wait, where it still does.
    pub(crate) fn held(&self, now: Instant) -> Option<Instant> {
        let state = self.lock();
        let until = state.hold.as_ref()?.until;
        (until > now).then_some(until)
    }

    /// Begins a request, where one may begin.
    pub(crate) fn enter(&self, now: Instant) -> Entry {
        let mut state = self.lock();
        if state.under_way >= state.quota.at_once {
            return Entry::Full;
        }
        let probe = match &mut state.hold {
            None => false,
            Some(hold) if hold.until > now => return Entry::Held(hold.until),
            Some(hold) if hold.probing => return Entry::Full,
            Some(hold) => {
                hold.probing = true;
                true
            }
        };
        state.under_way += 1;
        Entry::Go { probe }
    }

    /// Lets the others follow as soon as the service has begun to answer the one that went ahead.
    pub(crate) fn accepted(&self) {
        let mut state = self.lock();
        state.hold = None;
        state.strikes = 0;
        drop(state);
        self.changed.notify_waiters();
    }

    /// Ends a request that began at `sent`.
    pub(crate) fn leave(&self, sent: Instant, probe: bool, went: Went, backoff: Duration) {
        let mut state = self.lock();
        state.under_way = state.under_way.saturating_sub(1);
        match went {
            Went::Taken => state.taken(probe),
            Went::Throttled(asked) => state.throttled(sent, Instant::now(), asked, backoff),
            Went::Unknown => {}
        }
        if let (true, Some(hold)) = (probe, &mut state.hold) {
            hold.probing = false;
        }
        drop(state);
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn taken(&mut self, probe: bool) {
        if probe {
            self.hold = None;
            self.strikes = 0;
        }
        if self.hold.is_some() {
            return;
        }
        let below_promise = self.stretch > 1.0;
        let near_wall = self
            .wall
            .is_some_and(|(wall, at)| self.stretch * 0.9 < wall && at.elapsed() < WALL_COUNTS);
        // What another client of the tenant takes is given back one day; what the service
        // never promised need not be there at all.
        let step = match (below_promise, self.busy, near_wall) {
            (true, _, false) => 0.99,
            (true, _, true) => 0.999_98,
            (_, false, _) => return,
            (_, _, false) => 0.9995,
            (_, _, true) => 0.999_995,
        };
        let best = 1.0 / f64::from(self.quota.most);
        self.stretch = (self.stretch * step).max(best);
    }

    fn throttled(
        &mut self,
        sent: Instant,
        now: Instant,
        asked: Option<Duration>,
        backoff: Duration,
    ) {
        // Those that were under way when the hold began say the same thing again: no new strike.
        let straggler = self.hold.as_ref().is_some_and(|hold| sent <= hold.since);
        let pause = match asked {
            // One request goes first anyway, so a second of chance is enough between tenants.
            Some(asked) => asked + spread::below(Duration::from_secs(1)),
            None if straggler => return,
            None => spread::doubled(backoff, self.strikes),
        };
        let until = now + pause;
        if let (true, Some(hold)) = (straggler, &mut self.hold) {
            hold.until = hold.until.max(until);
            return;
        }
        self.strikes += 1;
        self.wall = Some((self.stretch, now));
        self.stretch = (self.stretch * 1.25).min(4.0);
        self.hold = Some(Hold {
            since: now,
            until,
            probing: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::quota;
    use model::Pace;

    const BACKOFF: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn no_window_holds_more_than_the_promised_requests() {
        for (pace, most, window) in [
            (Pace::Reporting, 5, 10),
            (Pace::Risk, 1, 1),
            (Pace::Trace, 100, 300),
            (Pace::AzureActivity, 50, 30),
            (Pace::Activity, 2_000, 60),
        ] {
            let bucket = Bucket::new(quota(pace), 1);
            let start = Instant::now();
            let slots: Vec<_> = (0..most * 3).map(|_| bucket.reserve(start)).collect();
            for pair in slots.windows(most + 1) {
                let apart = pair[most] - pair[0];
                assert!(apart >= Duration::from_secs(window), "{pace:?}: {apart:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_hold_one_request_goes_ahead_and_the_others_follow_its_success() {
        let bucket = Bucket::new(quota(Pace::Activity), 1);
        let now = Instant::now();
        assert_eq!(bucket.enter(now), Entry::Go { probe: false });
        bucket.leave(
            now,
            false,
            Went::Throttled(Some(Duration::from_secs(7))),
            BACKOFF,
        );
        let until = bucket.held(now).unwrap();
        assert!(until >= now + Duration::from_secs(7));
        assert_eq!(bucket.enter(now), Entry::Held(until));
        assert_eq!(bucket.enter(until), Entry::Go { probe: true });
        assert_eq!(bucket.enter(until), Entry::Full);
        // A probe that comes to nothing leaves the place to another.
        bucket.leave(until, true, Went::Unknown, BACKOFF);
        assert_eq!(bucket.enter(until), Entry::Go { probe: true });
        bucket.leave(until, true, Went::Taken, BACKOFF);
        assert_eq!(bucket.enter(until), Entry::Go { probe: false });
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_without_a_word_doubles_and_stragglers_do_not_count() {
        let bucket = Bucket::new(quota(Pace::Activity), 1);
        let first = Instant::now();
        for _ in 0..8 {
            bucket.leave(first, false, Went::Throttled(None), BACKOFF);
        }
        let wait = bucket.held(first).unwrap() - first;
        assert!(wait >= BACKOFF && wait <= BACKOFF.mul_f64(1.25), "{wait:?}");
        tokio::time::advance(wait).await;
        let second = Instant::now();
        bucket.leave(second, true, Went::Throttled(None), BACKOFF);
        let wait = bucket.held(second).unwrap() - second;
        assert!(wait >= BACKOFF * 2, "{wait:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_falls_at_once_and_rises_slowly() {
        let bucket = Bucket::new(quota(Pace::Activity), 1);
        let now = Instant::now();
        bucket.leave(now, false, Went::Throttled(None), BACKOFF);
        let fallen = bucket.lock().stretch;
        assert!(fallen > 1.2);
        bucket.leave(now, true, Went::Taken, BACKOFF);
        let risen = bucket.lock().stretch;
        assert!(risen < fallen && risen > 1.2);
        tokio::time::advance(WALL_COUNTS).await;
        for _ in 0..100 {
            bucket.leave(now, false, Went::Taken, BACKOFF);
        }
        assert!(bucket.lock().stretch <= 1.0);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_cmdlets_are_under_way_than_three() {
        let bucket = Bucket::new(quota(Pace::Cmdlet), 1);
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(bucket.enter(now), Entry::Go { probe: false });
        }
        assert_eq!(bucket.enter(now), Entry::Full);
        bucket.leave(now, false, Went::Taken, BACKOFF);
        assert_eq!(bucket.enter(now), Entry::Go { probe: false });
    }
}
