//! The port where a test asks and turns.

use serde_json::json;

use super::client::{get, post};
use super::small::TENANT;
use super::{ask, served, token_request};
use crate::faults::Dials;
use crate::service::Service;

#[test]
fn the_clock_the_dials_and_the_judge_are_on_a_port_of_their_own() {
    let cloud = served(Dials::default());
    let url = |what: &str| format!("{}/_sim/{what}", cloud.base(Service::Admin));
    let clock = post(
        &url("clock"),
        &[],
        &json!({"now": "2026-03-01T06:00:00Z"}).to_string(),
    )
    .json();
    assert_eq!(
        clock,
        json!({"now": "2026-03-01T06:00:00.000000Z", "frozen": true, "speed": 0.0})
    );
    post(
        &url("clock"),
        &[],
        &json!({"advance_seconds": 60}).to_string(),
    );
    assert_eq!(
        get(&url("clock"), &[]).json()["now"],
        "2026-03-01T06:01:00.000000Z"
    );

    assert!(
        get(&url("presets"), &[])
            .json()
            .as_array()
            .unwrap()
            .contains(&json!("all"))
    );
    assert_eq!(post(&url("dials"), &[], "throttle").status, 200);
    assert_eq!(
        get(&url("dials"), &[]).json()["rules"][0]["fault"],
        "throttle"
    );
    assert_eq!(post(&url("dials"), &[], "token_seconds = 5\n").status, 200);
    assert_eq!(get(&url("dials"), &[]).json()["token_seconds"], 5);
    assert_eq!(post(&url("dials"), &[], "colour = 1\n").status, 400);

    let told = json!({"scope": {"streams": ["risk"]}, "ids": ["risk-1", "risk-1", "x"]});
    let verdict = post(&url("judge"), &[], &told.to_string()).json();
    assert_eq!(verdict["duplicate"], json!(["risk-1"]));
    assert_eq!(verdict["unknown"], json!(["x"]));
    assert_eq!(verdict["expected"], 36);
    let report = get(&url("report"), &[]).json();
    assert_eq!(report["served"][TENANT]["risk"]["records"], 288);
    assert_eq!(get(&url("nothing"), &[]).status, 404);
}

#[test]
fn a_running_clock_runs_and_its_dates_with_it() {
    let cloud = served(Dials::default());
    let before = cloud.now();
    cloud.set_speed(3600.0);
    let date = |cloud| {
        ask(cloud, Service::Graph, "/v1.0/domains")
            .header("date")
            .unwrap()
            .to_owned()
    };
    let (first, mut last) = (date(&cloud), date(&cloud));
    for _ in 0..100 {
        if last != first {
            break;
        }
        last = date(&cloud);
    }
    assert_ne!(first, last);
    assert!(cloud.now() > before);
}

#[test]
fn requests_are_counted_by_call_and_tenant() {
    let cloud = served(Dials::default());
    ask(&cloud, Service::Graph, "/v1.0/domains");
    ask(&cloud, Service::Graph, "/v1.0/users/nobody");
    let (url, body) = token_request(&cloud, Service::Graph);
    post(
        &url,
        &[],
        &body.replace("client_secret=", "client_secret=x"),
    );
    let report = cloud.report();
    assert_eq!(report.requests["login.token"][&200], 2);
    assert_eq!(report.requests["login.token"][&401], 1);
    assert_eq!(report.requests["graph.directory"][&200], 1);
    assert_eq!(report.requests["graph.users"][&404], 1);
    assert_eq!(report.by_tenant[TENANT], 5);
    assert!(report.concurrency_max >= 1);
}
