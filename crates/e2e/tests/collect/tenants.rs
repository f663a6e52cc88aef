//! One tenant's trouble is its own: the others are collected as if it were not there.

use crate::trial::{Trial, bulk};
use serde_json::Value;
use sim::{Dials, Fault, Rule, Service};

const WORDS: [&str; 3] = ["--once", "--source", "activity"];

/// Every question to the activity API is one too many.
fn throttled(seconds: u64) -> Rule {
    Rule::new(Fault::Throttle, 1.0)
        .at(Service::Manage)
        .seconds(seconds)
}

fn of_tenant<'r>(report: &'r Value, tenant: &str) -> &'r Value {
    let tenants = report["tenants"].as_array().expect("tenants");
    let found = tenants.iter().find(|one| one["tenant"] == tenant);
    found.unwrap_or_else(|| panic!("no {tenant} in {report}"))
}

#[test]
fn a_secret_that_cannot_be_fetched_stops_no_other_tenant() {
    let trial = Trial::new(bulk(3, 900));
    let broken = trial.cloud.world().tenants[1].id.clone();
    let secret = trial.house.path(&format!("{broken}.secret"));
    std::fs::remove_file(&secret).expect("a secret can go");
    let run = trial.collect(&WORDS);
    assert_eq!(run.code, 3, "{} {}", run.stderr, run.report);
    assert_eq!(run.brought(), 600, "{}", run.report);
    let failed = of_tenant(&run.report, &broken)["failed"].as_str();
    assert!(
        failed.is_some_and(|what| what.contains("secret")),
        "{failed:?}"
    );
    // Its status does not look well.
    let status = trial.status();
    let feeds = status["feeds"].as_array().expect("feeds");
    let own = feeds
        .iter()
        .filter(|feed| feed["tenant"] == broken.as_str());
    for feed in own {
        assert_ne!(feed["trouble"], "", "{feed}");
        assert_eq!(feed["stopped"], true, "{feed}");
    }
}

#[test]
fn a_refused_or_throttled_tenant_is_told_and_delays_no_other() {
    let world = bulk(4, 1_200);
    let ids: Vec<String> = world.tenants.iter().map(|one| one.id.clone()).collect();
    let dials = Dials::default()
        .with(Rule::new(Fault::Forbidden, 1.0).in_tenant(&ids[0]))
        .with(throttled(3600).in_tenant(&ids[1]))
        .with(Rule::new(Fault::AuditingOff, 1.0).in_tenant(&ids[2]));
    let trial = Trial::with_dials(world, dials);
    let run = trial.collect(&WORDS);
    assert_eq!(run.code, 3, "{} {}", run.stderr, run.report);
    let told = |tenant: &str, words: &str| {
        let feeds = of_tenant(&run.report, tenant)["feeds"].as_array();
        for feed in feeds.expect("feeds") {
            let what = feed["trouble"]["what"].as_str().unwrap_or_default();
            assert!(what.contains(words), "{words}: {feed}");
        }
    };
    told(&ids[0], "permission is missing");
    told(&ids[1], "throttled");
    told(&ids[2], "auditing is off");
    assert_eq!(run.brought(), 300, "the fourth is whole: {}", run.report);
    // Once they are well again, nothing is missing.
    trial.cloud.turn(Dials::default());
    trial.cloud.advance(2 * 3600);
    let run = trial.collect(&WORDS);
    assert_eq!(run.brought(), 900, "{} {}", run.stderr, run.report);
    trial.holds_everything_once(&["unified"], "three broken tenants");
}

#[test]
fn a_cloud_that_only_throttles_ends_with_the_code_of_it() {
    let dials = Dials::default().with(throttled(3600));
    let trial = Trial::with_dials(bulk(1, 100), dials);
    let run = trial.collect(&WORDS);
    assert_eq!(run.code, 7, "{} {}", run.stderr, run.report);
    trial
        .cloud
        .turn(Dials::default().with(Rule::new(Fault::Forbidden, 1.0)));
    let run = trial.collect(&WORDS);
    assert_eq!(run.code, 5, "{} {}", run.stderr, run.report);
}

#[test]
fn a_paused_tenant_waits_even_where_it_is_named() {
    let trial = Trial::new(bulk(2, 400));
    let paused = trial.cloud.world().tenants[0].id.clone();
    assert_eq!(trial.house.run(&["tenant", "pause", &paused]).code, 0);
    let run = trial.collect(&WORDS);
    assert_eq!((run.code, run.brought()), (0, 200), "{}", run.report);
    let named = trial.collect(&["--once", "--source", "activity", "--tenant", &paused]);
    assert_eq!((named.code, named.brought()), (0, 0), "{}", named.report);
    assert_eq!(of_tenant(&named.report, &paused)["paused"], true);
    let resumed = trial.house.run(&["tenant", "pause", &paused, "--resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert_eq!(trial.collect(&WORDS).brought(), 200);
    trial.holds_everything_once(&["unified"], "a pause");
}
