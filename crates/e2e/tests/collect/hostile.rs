//! A token never leaves for a host that it is not for, wherever an answer points.

use crate::trial::{FAMILIES, Trial, story};
use sim::{Dials, Fault, Rule};
use std::time::Duration;

#[test]
fn no_token_follows_a_link_or_a_redirect_to_a_stranger() {
    // Every answer lies, for ever: contentUri, NextPageUri, nextLink and redirects alike.
    let always = Dials::default()
        .with(Rule::new(Fault::HostileLink, 1.0))
        .with(Rule::new(Fault::Redirect, 0.3));
    let trial = Trial::with_dials(story("aitm-invoice"), always);
    // It makes its way by narrower windows that need no second page: a few seconds show enough.
    let mut run = trial.start(&["--once"]);
    std::thread::sleep(Duration::from_secs(6));
    run.kill().expect("a run can be killed");
    run.wait().expect("a killed run ends");
    trial.leaked_nothing("every link is hostile");
    let report = trial.cloud.report();
    assert!(
        report.faults[&Fault::HostileLink] > 5,
        "{:?}",
        report.faults
    );
    assert!(report.faults[&Fault::Redirect] > 2, "{:?}", report.faults);
    let status = trial.status();
    let feeds = status["feeds"].as_array().expect("feeds").iter();
    let mut troubles = feeds.filter_map(|feed| feed["trouble"].as_str());
    assert!(
        troubles.any(|what| what.contains("which the token is not for")),
        "{status}"
    );
    // The cloud comes to its senses: nothing is lost.
    trial.cloud.turn(Dials::default());
    let well = (0..3).any(|_| trial.collect(&["--once"]).code == 0);
    assert!(well, "{}", trial.status());
    trial.holds_everything_once(&FAMILIES, "after every link was hostile");
    trial.leaked_nothing("after every link was hostile");
}
