//! A patient client: it asks again until it has an answer that it can read, follows no link to a
//! stranger, and loses nothing that the cloud did not lose itself. What it cannot get over, nobody
//! can, so every preset has to pass here.

use serde_json::Value;

use super::client::{Got, get, post};
use super::small::{TENANT, midnight};
use super::token_request;
use crate::faults::Dials;
use crate::report::Scope;
use crate::server::{Running, ServeOptions};
use crate::service::Service;
use crate::stamp::{self, DAY};

/// Tries for one thing.
const TRIES: usize = 40;

struct Patient<'a> {
    cloud: &'a Running,
    token: String,
}

impl Patient<'_> {
    fn new(cloud: &Running) -> Patient<'_> {
        let token = String::new();
        Patient { cloud, token }
    }

    fn renew(&mut self) {
        let (url, body) = token_request(self.cloud, Service::Manage);
        for _ in 0..TRIES {
            let got = post(&url, &[], &body);
            if let Some(token) = got.json()["access_token"].as_str().filter(|_| got.whole) {
                token.clone_into(&mut self.token);
                return;
            }
        }
        panic!("no token");
    }

    /// Asks until there is an answer in JSON, or an error that asking again does not mend.
    fn ask(&mut self, url: &str) -> Got {
        assert!(
            url.starts_with(self.cloud.base(Service::Manage)),
            "a token for a stranger"
        );
        for _ in 0..TRIES {
            let bearer = format!("Bearer {}", self.token);
            let got = get(url, &[("authorization", &bearer)]);
            match got.status {
                401 => self.renew(),
                200 if got.whole && got.json().is_array() => return got,
                400 | 404 if got.json()["error"]["code"].is_string() => return got,
                _ => {}
            }
        }
        panic!("no answer from {url}");
    }

    fn start(&mut self) {
        let url = format!(
            "{}/api/v1.0/{TENANT}/activity/feed/subscriptions/start?contentType=Audit.Exchange",
            self.cloud.base(Service::Manage)
        );
        for _ in 0..TRIES {
            let bearer = format!("Bearer {}", self.token);
            let got = post(&url, &[("authorization", &bearer)], "");
            let code = got.json()["error"]["code"].clone();
            if got.status == 401 {
                self.renew();
            } else if got.json()["status"] == "enabled" || code == "AF20024" {
                return;
            }
        }
        panic!("not started");
    }

    /// Collects a day. Whatever is wrong with a page, the window is asked for again.
    fn day(&mut self, from: i64) -> Vec<String> {
        let first = format!(
            "{}/api/v1.0/{TENANT}/activity/feed/subscriptions/content?contentType=Audit.Exchange&startTime={}&endTime={}",
            self.cloud.base(Service::Manage),
            stamp::seconds(from),
            stamp::seconds(from + DAY),
        );
        'again: for _ in 0..TRIES {
            let (mut url, mut ids) = (first.clone(), Vec::new());
            loop {
                let page = self.ask(&url);
                let list = page.json();
                let Some(items) = list.as_array() else {
                    if list["error"]["code"] == "AF20022" || list["error"]["code"] == "AF20023" {
                        self.start();
                    }
                    continue 'again;
                };
                for item in items {
                    let uri = item["contentUri"].as_str().unwrap();
                    if !uri.starts_with(self.cloud.base(Service::Manage)) {
                        continue 'again;
                    }
                    let blob = self.ask(uri).json();
                    let records = blob.as_array().into_iter().flatten();
                    ids.extend(
                        records.map(|record: &Value| record["Id"].as_str().unwrap().to_owned()),
                    );
                }
                let next = page
                    .header("nextpageuri")
                    .or_else(|| page.header("nextpageurl"));
                match next {
                    None => return ids,
                    Some(next) if next.starts_with(self.cloud.base(Service::Manage)) => {
                        next.clone_into(&mut url);
                    }
                    Some(_) => continue 'again,
                }
            }
        }
        panic!("no end to the day");
    }
}

/// Returns what a preset costs a patient client.
fn check(name: &str) {
    let mut dials = Dials::preset(name).unwrap();
    dials.latency_ms = (0, 0);
    for rule in &mut dials.rules {
        rule.seconds = rule
            .seconds
            .map(|seconds| if seconds < 60 { 0 } else { seconds });
    }
    let options = ServeOptions {
        dials,
        page_size: 25,
        // A day and two hours after everything arrived, so that what is late is there.
        start: Some(midnight() + 3 * DAY),
        ..ServeOptions::default()
    };
    let cloud = crate::start(super::small::world(), options).unwrap();
    let mut patient = Patient::new(&cloud);
    let mut ids: Vec<String> = (0..3)
        .flat_map(|day| patient.day(midnight() + day * DAY))
        .collect();
    ids.sort();
    ids.dedup();
    let scope = Scope::stream("unified").in_tenant(TENANT);
    let verdict = cloud.judge(&scope, ids.iter().map(String::as_str));
    assert_eq!(verdict.missing, Vec::<String>::new(), "{name}");
    assert_eq!(verdict.unknown, Vec::<String>::new(), "{name}");
    assert_eq!(verdict.expected, ids.len() as u64, "{name}");
    assert_eq!(
        verdict.expected as usize + verdict.lost.len(),
        288,
        "{name}"
    );
    let loses = ["expired", "missing", "fresh", "switched-off"].contains(&name);
    assert!(
        loses || verdict.lost.is_empty(),
        "{name}: {:?}",
        verdict.lost
    );
    let report = cloud.report();
    assert!(report.leaked.is_empty(), "{name}");
    let met = report.faults.len();
    assert!(name != "all" || met >= 8, "{:?}", report.faults);
}

#[test]
fn a_patient_client_gets_over_every_preset() {
    for name in Dials::presets() {
        check(name);
    }
}
