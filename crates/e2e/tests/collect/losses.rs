//! What the cloud itself loses is a gap with the right interval, and told to the operator.

use crate::trial::{Collected, Trial, bulk, story};
use serde_json::Value;
use sim::{Dials, Fault, Rule};

/// Returns the moment that a text names, without its fraction: gaps are told to the second.
fn second(text: &Value) -> String {
    let text = text.as_str().expect("a moment");
    text.chars().take(19).collect()
}

/// Demands a gap of the right feed over each moment in which the cloud lost content.
fn tells_every_loss(trial: &Trial, run: &Collected) {
    let losses = trial.cloud.report().lost;
    assert!(!losses.is_empty(), "the cloud lost nothing");
    for loss in &losses {
        let feed = format!("activity/{}", loss.stream);
        let feeds = run.feeds();
        let gaps = feeds
            .iter()
            .filter(|one| one["feed"] == feed.as_str())
            .flat_map(|one| one["gaps"].as_array().into_iter().flatten());
        let created = &loss.created[..19];
        let covers = |gap: &&Value| {
            second(&gap["from"]).as_str() <= created && created < second(&gap["to"]).as_str()
        };
        let told = gaps.filter(covers).count();
        assert!(told > 0, "{loss:?} is no gap: {}", run.report);
    }
}

#[test]
fn content_that_expired_or_never_was_is_a_gap_of_its_second() {
    for name in ["expired", "missing"] {
        let dials = Dials::preset(name).expect("a preset");
        let trial = Trial::with_dials(bulk(1, 3_000), dials);
        let run = trial.collect(&["--once", "--source", "activity"]);
        assert_eq!(run.code, 3, "{name}: {}", run.stderr);
        trial.holds_everything_once(&["unified"], name);
        tells_every_loss(&trial, &run);
        let contents: std::collections::BTreeSet<String> = trial
            .cloud
            .report()
            .lost
            .into_iter()
            .map(|loss| loss.content)
            .collect();
        assert_eq!(run.gaps().len(), contents.len(), "{name}: {}", run.report);
        let status = trial.status();
        let known = status["gaps"].as_array().expect("gaps").len();
        assert_eq!(known, contents.len(), "{status}");
        // A second run neither asks for them again nor tells them again.
        let again = trial.collect(&["--once", "--source", "activity"]);
        assert_eq!(
            (again.brought(), again.gaps().len()),
            (0, 0),
            "{}",
            again.report
        );
    }
}

#[test]
fn a_subscription_that_was_switched_off_is_told_and_its_gap_is_known() {
    let world = bulk(1, 2_000);
    let (began, until) = (world.began, world.until);
    let trial = Trial::with(
        world,
        sim::ServeOptions {
            start: Some(began + (until - began) / 2),
            ..sim::ServeOptions::default()
        },
    );
    let before = trial.collect(&["--once", "--source", "activity"]);
    assert_eq!(before.code, 0, "{}", before.report);
    let off = Rule::new(Fault::SwitchedOff, 1.0)
        .in_call("content")
        .times(1);
    trial.cloud.turn(Dials::default().with(off));
    trial.cloud.set_now(until);
    let run = trial.collect(&["--once", "--source", "activity"]);
    assert_eq!(run.code, 3, "{} {}", run.stderr, run.report);
    let told = run.troubles().iter().any(|what| what.contains("disabled"));
    assert!(told, "{}", run.report);
    let caused = |gap: &&Value| gap["cause"] == "subscription disabled";
    assert!(run.gaps().iter().any(caused), "{}", run.report);
    assert_eq!(trial.judge("unified").duplicate, Vec::<String>::new());
}

#[test]
fn a_tenant_nobody_subscribed_to_is_subscribed_to() {
    let dials = Dials::preset("fresh").expect("a preset");
    let trial = Trial::with_dials(bulk(1, 500), dials);
    let first = trial.collect(&["--once", "--source", "activity"]);
    assert!(matches!(first.code, 0 | 3), "{}", first.stderr);
    trial.cloud.advance(3600);
    let second = trial.collect(&["--once", "--source", "activity"]);
    assert!(matches!(second.code, 0 | 3), "{}", second.stderr);
    trial.holds_everything_once(&["unified"], "a fresh subscription");
    assert!(first.brought() + second.brought() > 0, "{}", second.report);
}

#[test]
fn a_tenant_without_the_licence_is_told_and_the_rest_is_collected() {
    let dials = Dials::preset("unlicensed").expect("a preset");
    let trial = Trial::with_dials(story("quiet-month"), dials);
    let run = trial.collect(&["--once"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let told = run.troubles().iter().any(|what| what.contains("licence"));
    assert!(told, "{:?}", run.troubles());
    trial.holds_everything_once(&["unified", "messages", "devops_audit"], "unlicensed");
}
