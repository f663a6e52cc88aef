//! Virtual time: what every service of this cloud takes for now.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use crate::record::Micros;

/// Returns the real moment: what quotas, throttling and the lives of tokens are counted in. No other
/// file reads a clock.
pub(crate) fn real() -> Instant {
    Instant::now()
}

/// A clock that stands still until it is moved, or runs faster or slower than the world's.
#[derive(Debug)]
pub(crate) struct Clock {
    run: Mutex<Run>,
}

/// From where and since when a clock runs.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: Micros,
    since: Instant,
    speed: f64,
}

impl Clock {
    /// Makes a clock; with a speed of nought it is frozen.
    pub(crate) fn new(from: Micros, speed: f64) -> Self {
        let since = real();
        Self {
            run: Mutex::new(Run { from, since, speed }),
        }
    }

    /// Returns the virtual moment.
    pub(crate) fn now(&self) -> Micros {
        self.run().now()
    }

    /// Whether it only moves when told to.
    pub(crate) fn frozen(&self) -> bool {
        self.run().speed == 0.0
    }

    /// Returns its speed over real time.
    pub(crate) fn speed(&self) -> f64 {
        self.run().speed
    }

    /// Moves it to a moment, where it goes on at its speed.
    pub(crate) fn set(&self, to: Micros) {
        self.change(|run| run.from = to);
    }

    /// Moves it on.
    pub(crate) fn advance(&self, by: Micros) {
        self.change(|run| run.from += by);
    }

    /// Lets it go on at another speed.
    pub(crate) fn set_speed(&self, speed: f64) {
        self.change(|run| run.speed = speed);
    }

    fn run(&self) -> Run {
        *self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Run)) {
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        run.from = run.now();
        run.since = real();
        change(&mut run);
    }
}

impl Run {
    fn now(&self) -> Micros {
        if self.speed == 0.0 {
            return self.from;
        }
        let real = self.since.elapsed().as_secs_f64();
        self.from + (real * self.speed * 1e6) as Micros
    }
}
