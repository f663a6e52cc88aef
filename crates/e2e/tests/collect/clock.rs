//! Clocks: the cloud's is the one that counts, whatever the local one says, and a jump of an hour
//! between the two, either way, costs nothing.

use crate::trial::{Trial, bulk};
use sim::{Dials, ServeOptions};

const HOUR: i64 = 3600;

#[test]
fn a_jump_of_an_hour_in_either_direction_loses_nothing() {
    let world = bulk(1, 2_400);
    let (began, until) = (world.began, world.until);
    let trial = Trial::with(
        world,
        ServeOptions {
            start: Some(began + (until - began) / 4),
            ..ServeOptions::default()
        },
    );
    let words = ["--once", "--source", "activity"];
    // As the local clock goes back and forth, the cloud's is ahead of it and behind.
    for (step, skew) in [0, HOUR, 0, -HOUR, HOUR, 0].into_iter().enumerate() {
        trial.cloud.turn(Dials {
            clock_skew: skew,
            ..Dials::default()
        });
        trial
            .cloud
            .set_now(began + (until - began) * (2 + step as i64) / 8);
        let run = trial.collect(&words);
        assert!(
            matches!(run.code, 0 | 3),
            "{skew}: {} {}",
            run.stderr,
            run.report
        );
    }
    // What was overlooked while the clocks were apart is looked for again within the hour.
    trial.cloud.turn(Dials::default());
    trial.cloud.set_now(until + 3 * HOUR * 1_000_000);
    let last = trial.collect(&words);
    assert_eq!(last.code, 0, "{} {}", last.stderr, last.report);
    trial.holds_everything_once(&["unified"], "clocks that jump");
}

#[test]
fn an_outage_of_eight_days_is_a_gap_of_one_and_the_rest_is_collected() {
    const DAY: i64 = 24 * HOUR * 1_000_000;
    let world = bulk(1, 900);
    let until = world.until;
    let trial = Trial::with(
        world,
        ServeOptions {
            start: Some(until + HOUR * 2_000_000),
            ..ServeOptions::default()
        },
    );
    let words = ["--once", "--source", "activity"];
    let first = trial.collect(&words);
    assert_eq!(first.code, 0, "{} {}", first.stderr, first.report);
    trial.cloud.set_now(until + HOUR * 2_000_000 + 8 * DAY);
    let back = trial.collect(&words);
    assert_eq!(back.code, 3, "{} {}", back.stderr, back.report);
    let feeds = back.feeds().len();
    let gaps = back.gaps();
    assert_eq!(gaps.len(), feeds, "one gap a feed: {gaps:?}");
    for gap in gaps {
        assert_eq!(gap["cause"], "older than the service keeps", "{gap}");
        assert_eq!(gap["clock"], "arrival", "{gap}");
    }
    trial.holds_everything_once(&["unified"], "an outage");
}
