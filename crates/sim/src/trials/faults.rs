//! Faults: each as a client meets it, and each the same in two runs.

use super::client::get;
use super::small::TENANT;
use super::{ask, served, token};
use crate::faults::{Dials, Fault, Rule};
use crate::service::Service;

const LIST: &str =
    "/api/v1.0/11111111-1111-4111-8111-111111111111/activity/feed/subscriptions/list";

fn always(fault: Fault) -> Dials {
    Dials::default().with(Rule::new(fault, 1.0).at(Service::Manage))
}

#[test]
fn the_same_seed_strikes_the_same_requests() {
    let run = || -> Vec<u16> {
        let cloud = served(Dials::preset("errors").unwrap());
        let url = |n| format!("{}{LIST}?n={n}", cloud.base(Service::Manage));
        (0..60).map(|n| get(&url(n), &[]).status).collect()
    };
    let first = run();
    assert_eq!(first, run());
    assert!(first.iter().any(|status| *status >= 500) && first.contains(&401));
}

#[test]
fn a_fault_with_times_lets_a_client_through_in_the_end() {
    let cloud =
        served(Dials::default().with(Rule::new(Fault::Error, 1.0).at(Service::Manage).times(2)));
    let statuses: Vec<u16> = (0..4)
        .map(|_| ask(&cloud, Service::Manage, LIST).status)
        .collect();
    assert_eq!(statuses, [500, 500, 200, 200]);
    assert_eq!(cloud.report().faults[&Fault::Error], 2);
}

#[test]
fn connections_break_in_every_way() {
    let reset = ask(&served(always(Fault::Reset)), Service::Manage, LIST);
    assert_eq!(reset.status, 0);
    let hang = Dials::default().with(Rule::new(Fault::Hang, 1.0).at(Service::Manage).seconds(1));
    assert_eq!(ask(&served(hang), Service::Manage, LIST).status, 0);
    let cut = ask(&served(always(Fault::Cut)), Service::Manage, LIST);
    assert!(cut.status == 200 && !cut.whole);
    let short = ask(&served(always(Fault::CutJson)), Service::Manage, LIST);
    assert!(short.status == 200 && short.whole && short.json().is_null());
    let html = ask(&served(always(Fault::Html)), Service::Manage, LIST);
    assert!(html.status == 200 && html.text().starts_with("<!DOCTYPE html>"));
}

#[test]
fn records_of_an_answer_that_broke_are_not_counted_as_served() {
    let cloud = served(Dials::default().with(Rule::new(Fault::Cut, 1.0).in_call("blob")));
    let from = super::small::midnight();
    let ids = super::activity::collect(&cloud, from, from + crate::stamp::DAY);
    assert!(ids.is_empty());
    assert_eq!(cloud.report().served[TENANT]["Audit.Exchange"].times, 0);
}

#[test]
fn a_token_that_follows_a_hostile_link_is_seen() {
    let cloud = served(always(Fault::HostileLink));
    let path = format!(
        "/api/v1.0/{TENANT}/activity/feed/subscriptions/content?contentType=Audit.Exchange"
    );
    let page = ask(&cloud, Service::Manage, &path);
    let next = page.header("nextpageuri").unwrap().to_owned();
    assert!(next.starts_with(cloud.base(Service::Elsewhere)), "{next}");
    assert!(cloud.report().leaked.is_empty());
    let bearer = format!("Bearer {}", token(&cloud, Service::Manage));
    get(&next, &[("authorization", &bearer)]);
    assert_eq!(cloud.report().leaked[0].arrived, Service::Elsewhere);
}

#[test]
fn the_clock_of_the_cloud_can_be_wrong() {
    let cloud = served(Dials::preset("skew").unwrap());
    let got = ask(&cloud, Service::Manage, LIST);
    assert_eq!(got.header("date"), Some("Tue, 03 Mar 2026 00:10:01 GMT"));
}

#[test]
fn a_redirect_leads_to_a_stranger() {
    let got = ask(&served(always(Fault::Redirect)), Service::Manage, LIST);
    assert_eq!(got.status, 302);
    assert!(!got.header("location").unwrap().is_empty());
}

#[test]
fn each_service_throttles_in_its_own_words() {
    let throttled = Dials {
        retry_after: 7,
        ..Dials::default()
            .with(Rule::new(Fault::Throttle, 1.0).at(Service::Manage))
            .with(Rule::new(Fault::Throttle, 1.0).at(Service::Graph))
            .with(Rule::new(Fault::Throttle, 1.0).at(Service::Arm))
            .with(Rule::new(Fault::Throttle, 1.0).at(Service::Devops))
            .with(Rule::new(Fault::Throttle, 1.0).at(Service::Storage))
    };
    let cloud = served(throttled);
    let paths = [
        (Service::Manage, LIST, 403),
        (Service::Graph, "/v1.0/users", 429),
        (Service::Arm, "/subscriptions?api-version=1", 429),
        (Service::Devops, "/contoso/_apis/audit/auditlog", 429),
        (Service::Storage, "/", 503),
    ];
    for (service, path, status) in paths {
        let got = ask(&cloud, service, path);
        assert_eq!(
            (got.status, got.header("retry-after")),
            (status, Some("7")),
            "{service:?}"
        );
    }
    assert_eq!(cloud.report().throttled, 5);
}

#[test]
fn a_large_answer_is_compressed_for_those_who_take_it() {
    let cloud = served(Dials::default());
    let bearer = format!("Bearer {}", token(&cloud, Service::Graph));
    let url = format!("{}/v1.0/auditLogs/signIns", cloud.base(Service::Graph));
    let plain = get(&url, &[("authorization", &bearer)]);
    let zipped = get(
        &url,
        &[("authorization", &bearer), ("accept-encoding", "gzip, br")],
    );
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    let mut read = String::new();
    let mut decoder = flate2::read::GzDecoder::new(zipped.body.as_slice());
    std::io::Read::read_to_string(&mut decoder, &mut read).unwrap();
    assert_eq!(read, plain.text());
}

#[test]
fn an_administrator_can_switch_a_subscription_off() {
    let rule = Rule::new(Fault::SwitchedOff, 1.0)
        .in_call("content")
        .times(1);
    let cloud = served(Dials::default().with(rule));
    let path = format!(
        "/api/v1.0/{TENANT}/activity/feed/subscriptions/content?contentType=Audit.Exchange"
    );
    let off = ask(&cloud, Service::Manage, &path);
    assert_eq!((off.status, super::code(&off).as_str()), (400, "AF20023"));
    assert_eq!(
        ask(&cloud, Service::Manage, LIST).json()[1]["status"],
        "disabled"
    );
}

#[test]
fn the_pages_of_a_log_meet_the_same_faults_in_every_run() {
    let run = || {
        let cloud =
            served(Dials::default().with(Rule::new(Fault::Error, 0.3).in_call("signIns").times(3)));
        let bearer = format!("Bearer {}", token(&cloud, Service::Graph));
        let mut url = format!(
            "{}/v1.0/auditLogs/signIns?$top=40",
            cloud.base(Service::Graph)
        );
        let mut statuses = Vec::new();
        loop {
            let got = get(&url, &[("authorization", &bearer)]);
            statuses.push(got.status);
            match got.json()["@odata.nextLink"].as_str() {
                Some(next) => next.clone_into(&mut url),
                None if got.status == 200 => return statuses,
                None => {}
            }
        }
    };
    let first = run();
    assert!(first.contains(&500));
    assert_eq!(first, run());
}
