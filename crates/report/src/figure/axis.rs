//! A time axis in UTC: how far apart its ticks stand and what they are called.

use model::Timestamp;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How far apart ticks may stand.
const STEPS: [Step; 27] = [
    Step::Even(SECOND),
    Step::Even(5 * SECOND),
    Step::Even(15 * SECOND),
    Step::Even(30 * SECOND),
    Step::Even(MINUTE),
    Step::Even(2 * MINUTE),
    Step::Even(5 * MINUTE),
    Step::Even(10 * MINUTE),
    Step::Even(15 * MINUTE),
    Step::Even(30 * MINUTE),
    Step::Even(HOUR),
    Step::Even(2 * HOUR),
    Step::Even(3 * HOUR),
    Step::Even(6 * HOUR),
    Step::Even(12 * HOUR),
    Step::Even(DAY),
    Step::Even(2 * DAY),
    Step::Even(7 * DAY),
    Step::Even(14 * DAY),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(60),
    Step::Months(120),
    Step::Months(1200),
];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Even(i64),
    Months(i64),
}

/// A stretch of time laid over a stretch of paper.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    from: i64,
    to: i64,
    left: f64,
    right: f64,
}

/// A tick: where it stands, what it is called, and the day or year where that changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) name: String,
    pub(super) under: String,
}

impl Axis {
    /// Lays the time from the first to the last moment between two edges.
    pub(super) fn new(from: Timestamp, to: Timestamp, left: f64, right: f64) -> Self {
        let (mut from, mut to) = (from.0.min(to.0), from.0.max(to.0));
        if to.saturating_sub(from) < 10 * SECOND {
            from = from.saturating_sub(30 * SECOND);
            to = to.saturating_add(30 * SECOND);
        }
        Self {
            from,
            to,
            left,
            right,
        }
    }

    /// Returns where a moment stands; one outside stands at the edge.
    pub(super) fn x(&self, time: Timestamp) -> f64 {
        let span = self.to as f64 - self.from as f64;
        let share = (time.0 as f64 - self.from as f64) / span;
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Returns at most so many ticks, as many as a round step gives.
    pub(super) fn ticks(&self, most: usize) -> Vec<Tick> {
        let mut moments = Vec::new();
        let mut used = STEPS[0];
        for step in STEPS {
            if self.at_least(step) > most as i64 {
                continue;
            }
            moments = self.moments(step);
            used = step;
            if moments.len() <= most {
                break;
            }
        }
        moments.truncate(most);
        self.named(&moments, used)
    }

    /// Returns a number of ticks that the step will not go below, so that nobody counts seconds over years.
    fn at_least(&self, step: Step) -> i64 {
        let length = match step {
            Step::Even(length) => length,
            Step::Months(months) => months * 31 * DAY,
        };
        self.to.saturating_sub(self.from) / length
    }

    fn moments(&self, step: Step) -> Vec<Timestamp> {
        match step {
            Step::Even(length) => {
                let first = -(-self.from).div_euclid(length) * length;
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                (first..=self.to).step_by(length).map(Timestamp).collect()
            }
            Step::Months(months) => self.month_starts(months),
        }
    }

    fn month_starts(&self, months: i64) -> Vec<Timestamp> {
        let (year, month, _) = Timestamp(self.from).date();
        let first = (i64::from(year) * 12 + i64::from(month) - 1).div_euclid(months) * months;
        let starts = (0..).map(|nth| month_start(first + nth * months));
        starts
            .map_while(|start| start)
            .take_while(|start| start.0 <= self.to)
            .filter(|start| start.0 >= self.from)
            .collect()
    }

    fn named(&self, moments: &[Timestamp], step: Step) -> Vec<Tick> {
        let mut last_under = String::new();
        let mut ticks = Vec::new();
        for moment in moments {
            let (name, under) = names(*moment, step);
            let shown_under = if under == last_under {
                String::new()
            } else {
                under.clone()
            };
            last_under = under;
            ticks.push(Tick {
                x: self.x(*moment),
                name,
                under: shown_under,
            });
        }
        ticks
    }
}

fn month_start(month_number: i64) -> Option<Timestamp> {
    let year = i32::try_from(month_number.div_euclid(12)).ok()?;
    let month = u32::try_from(month_number.rem_euclid(12)).ok()? + 1;
    Timestamp::from_civil(year, month, 1, 0, 0, 0, 0)
}

fn names(moment: Timestamp, step: Step) -> (String, String) {
    let (year, month, day) = moment.date();
    let month_name = MONTHS[(month as usize + 11) % 12];
    let seconds = moment.0.rem_euclid(DAY) / SECOND;
    let clock = format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    match step {
        Step::Months(months) if months >= 12 => (year.to_string(), String::new()),
        Step::Months(_) => (month_name.to_owned(), year.to_string()),
        Step::Even(length) if length >= DAY => (format!("{day} {month_name}"), year.to_string()),
        Step::Even(length) => {
            let name = if length < MINUTE {
                format!("{clock}:{:02}", seconds % 60)
            } else {
                clock
            };
            (name, format!("{day} {month_name} {year}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32, hour: u32, minute: u32) -> Timestamp {
        Timestamp::from_civil(2026, 3, day, hour, minute, 0, 0).unwrap()
    }

    fn check(from: Timestamp, to: Timestamp, expected: &[&str]) {
        let ticks = Axis::new(from, to, 0.0, 100.0).ticks(6);
        let names: Vec<String> = ticks
            .iter()
            .map(|tick| {
                format!("{} {}", tick.name, tick.under)
                    .trim_end()
                    .to_owned()
            })
            .collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn ticks_are_round_and_name_the_day_where_it_changes() {
        check(
            at(1, 22, 50),
            at(2, 1, 10),
            &[
                "23:00 1 Mar 2026",
                "23:30",
                "00:00 2 Mar 2026",
                "00:30",
                "01:00",
            ],
        );
        check(
            at(1, 3, 0),
            at(9, 0, 0),
            &["2 Mar 2026", "4 Mar", "6 Mar", "8 Mar"],
        );
        check(
            Timestamp::from_civil(2025, 11, 5, 0, 0, 0, 0).unwrap(),
            at(9, 0, 0),
            &["Dec 2025", "Jan 2026", "Feb", "Mar"],
        );
        check(
            Timestamp::from_civil(1990, 1, 1, 0, 0, 0, 0).unwrap(),
            at(9, 0, 0),
            &["1990", "2000", "2010", "2020"],
        );
    }

    #[test]
    fn one_moment_and_all_time_have_an_axis_too() {
        check(
            at(1, 0, 0),
            at(1, 0, 0),
            &[
                "23:59:30 28 Feb 2026",
                "23:59:45",
                "00:00:00 1 Mar 2026",
                "00:00:15",
                "00:00:30",
            ],
        );
        let axis = Axis::new(Timestamp(i64::MIN), Timestamp(i64::MAX), 0.0, 100.0);
        assert!(axis.ticks(6).len() <= 6);
        assert!(axis.x(Timestamp(0)).is_finite());
    }
}
