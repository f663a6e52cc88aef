//! A cloud in good order: every stream is collected whole, and once.

use crate::trial::{FAMILIES, Trial, bulk, story};
use sim::ServeOptions;

#[test]
fn every_stream_of_a_story_is_collected_whole_and_a_second_run_brings_nothing() {
    let trial = Trial::new(story("aitm-invoice"));
    let first = trial.collect(&["--once"]);
    assert_eq!(first.code, 0, "{} {}", first.stderr, first.report);
    trial.holds_everything_once(&FAMILIES, "a clean cloud");
    trial.leaked_nothing("a clean cloud");
    for family in FAMILIES {
        assert!(trial.judge(family).expected > 0, "there is no {family}");
    }
    let again = trial.collect(&["--once"]);
    assert_eq!((again.code, again.brought()), (0, 0), "{}", again.report);
    assert_eq!(trial.house.run(&["lake", "verify"]).code, 0);
}

#[test]
fn many_tenants_are_collected_in_one_run_each_into_its_own() {
    let trial = Trial::new(bulk(5, 2_000));
    let run = trial.collect(&["--once", "--source", "activity"]);
    assert_eq!(run.code, 0, "{} {}", run.stderr, run.report);
    trial.holds_everything_once(&["unified"], "five tenants");
    for tenant in &trial.cloud.world().tenants {
        let query = format!(
            "SELECT count(*) FROM unified WHERE tenant = '{}'",
            tenant.id
        );
        assert_eq!(trial.house.count(&query), 400);
    }
}

#[test]
fn what_arrives_between_two_runs_is_what_the_second_brings() {
    let world = bulk(1, 1_500);
    let (began, until) = (world.began, world.until);
    let start = Some(began + (until - began) / 2);
    let trial = Trial::with(
        world,
        ServeOptions {
            start,
            ..ServeOptions::default()
        },
    );
    let half = trial.collect(&["--once", "--source", "activity"]);
    trial.holds_everything_once(&["unified"], "half a day");
    trial.cloud.set_now(until + 2 * 3_600_000_000);
    let rest = trial.collect(&["--once", "--source", "activity"]);
    assert!(
        half.brought() > 500 && rest.brought() > 500,
        "{}",
        rest.report
    );
    assert_eq!(
        half.brought() + rest.brought(),
        1_500,
        "nothing is asked twice"
    );
    trial.holds_everything_once(&["unified"], "the whole day");
}
