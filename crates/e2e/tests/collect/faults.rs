//! Every fault on the dials, one by one and all at once: nothing is missing, nothing is there
//! twice, and what the cloud lost is a gap.

use crate::trial::{FAMILIES, Trial, bulk, story};
use sim::{Dials, World};

/// Presets whose faults a client gets over without losing anything; those that lose something
/// are another module's.
const BORNE: &[&str] = &[
    "throttle",
    "errors",
    "resets",
    "hangs",
    "cut",
    "garbage",
    "tokens",
    "late",
    "duplicates",
    "reorder",
    "redelivery",
    "pages",
    "skew",
    "slow",
    "hostile",
    "quotas",
    "queries",
    "search",
    "exchange",
];

/// What another module looks at, and why.
const ELSEWHERE: &[&str] = &[
    "clean",        // `clean`
    "expired",      // `losses`
    "missing",      // `losses`
    "switched-off", // `losses`
    "fresh",        // `losses`
    "unlicensed",   // `losses`
    "all",          // below
    // What goes wrong while a tenant is changed: nothing of it happens to whoever reads.
    "lost-answers",
    "meddling",
    "stale-reads",
    "throttled-writes",
    "writes",
];

/// Collects a story under these dials until a run brings nothing more and all is well.
fn borne(name: &str, world: World, words: &[&str], families: &[&str]) -> Trial {
    let dials = Dials {
        // A throttle that does not say how long: each second that it did would be one of this test.
        retry_after: 0,
        ..Dials::preset(name).expect("a preset")
    };
    let trial = Trial::with_dials(world, dials);
    let words = [&["--once"], words].concat();
    let mut last = None;
    // A cmdlet that is refused stops its source until the next run, with the words for it.
    for _ in 0..12 {
        let run = trial.collect(&words);
        assert!(matches!(run.code, 0 | 3 | 5), "{name}: {}", run.stderr);
        assert!(run.gaps().is_empty(), "{name}: {:?}", run.gaps());
        let whole = run.code == 0;
        last = Some(run);
        if whole {
            break;
        }
    }
    assert!(
        last.is_some_and(|run| run.code == 0),
        "{name}: {}",
        trial.status()
    );
    trial.holds_everything_once(families, name);
    trial.leaked_nothing(name);
    trial
}

#[test]
fn no_preset_is_forgotten() {
    for name in Dials::presets() {
        let known = BORNE.contains(&name) || ELSEWHERE.contains(&name);
        assert!(known, "nothing is collected under `{name}`");
    }
}

/// Makes a test a preset, so that two go at once and each has its own name in a list.
macro_rules! presets {
    ($($test:ident: $name:literal,)*) => {$(
        #[test]
        fn $test() {
            assert!(BORNE.contains(&$name));
            borne($name, story("aitm-invoice"), &[], &FAMILIES);
        }
    )*};
}

presets! {
    throttled_answers_lose_nothing: "throttle",
    errors_of_the_service_lose_nothing: "errors",
    reset_connections_lose_nothing: "resets",
    hanging_connections_lose_nothing: "hangs",
    bodies_that_are_cut_lose_nothing: "cut",
    pages_that_are_garbage_lose_nothing: "garbage",
    tokens_that_end_soon_lose_nothing: "tokens",
    content_that_comes_late_is_found: "late",
    records_that_come_twice_are_kept_once: "duplicates",
    records_out_of_order_are_kept: "reorder",
    records_that_come_again_are_kept_once: "redelivery",
    pages_that_are_lost_are_asked_again: "pages",
    a_clock_ten_minutes_wrong_loses_nothing: "skew",
    a_slow_service_loses_nothing: "slow",
    hostile_links_lose_nothing: "hostile",
}

#[test]
fn tight_quotas_lose_nothing() {
    let words = ["--source", "risk-detections", "--source", "message-trace"];
    borne(
        "quotas",
        story("aitm-invoice"),
        &words,
        &["risk", "messages"],
    );
}

#[test]
fn queries_that_fail_are_planned_again() {
    borne(
        "queries",
        bulk(1, 400),
        &["--source", "audit-query", "--since", "2d"],
        &["unified"],
    );
}

#[test]
fn searches_that_lie_are_planned_again() {
    borne(
        "search",
        story("aitm-invoice"),
        &["--source", "search-ual"],
        &["unified"],
    );
    borne(
        "exchange",
        bulk(1, 400),
        &["--source", "search-ual"],
        &["unified"],
    );
}

#[test]
fn everything_at_once_loses_nothing() {
    let trial = borne("all", story("aitm-invoice"), &[], &FAMILIES);
    let report = trial.cloud.report();
    assert!(report.faults.len() > 8, "{:?}", report.faults);
}

#[test]
fn a_service_that_says_how_long_to_wait_is_not_asked_meanwhile() {
    let dials = Dials::preset("throttle").expect("a preset");
    let trial = Trial::with_dials(bulk(1, 800), dials);
    let run = trial.collect(&["--once", "--source", "activity"]);
    assert_eq!(run.code, 0, "{} {}", run.stderr, run.report);
    trial.holds_everything_once(&["unified"], "throttled");
    let report = trial.cloud.report();
    assert!(report.throttled > 2, "{:?}", report.faults);
    // What was under way when it said so may still come.
    let stragglers = report.throttled * 12;
    assert!(
        report.while_throttled <= stragglers,
        "{}",
        report.while_throttled
    );
}
