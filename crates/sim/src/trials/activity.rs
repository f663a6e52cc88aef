//! The Management Activity API, statement by statement of its reference.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::{Value, json};

use super::client::{Got, get};
use super::small::{OTHER, TENANT, midnight};
use super::{ask, code, served, tell, token};
use crate::faults::{Dials, Fault, Rule};
use crate::report::Scope;
use crate::server::{Running, ServeOptions};
use crate::service::Service;
use crate::stamp::{self, DAY, HOUR};

const EXCHANGE: &str = "contentType=Audit.Exchange";

fn feed(cloud: &Running, rest: &str) -> Got {
    let path = format!("/api/v1.0/{TENANT}/activity/feed/{rest}");
    ask(cloud, Service::Manage, &path)
}

/// Collects a window page by page, blob by blob; returns the records' ids.
pub(super) fn collect(cloud: &Running, from: i64, to: i64) -> Vec<String> {
    let bearer = format!("Bearer {}", token(cloud, Service::Manage));
    let mut ids = Vec::new();
    let mut next = Some(format!(
        "{}/api/v1.0/{TENANT}/activity/feed/subscriptions/content?{EXCHANGE}&startTime={}&endTime={}",
        cloud.base(Service::Manage),
        stamp::seconds(from).trim_end_matches('Z'),
        stamp::seconds(to).trim_end_matches('Z'),
    ));
    while let Some(url) = next {
        let page = get(&url, &[("authorization", &bearer)]);
        assert_eq!(page.status, 200, "{}", page.text());
        for item in page.json().as_array().unwrap() {
            let blob = get(
                item["contentUri"].as_str().unwrap(),
                &[("authorization", &bearer)],
            );
            let records = blob.json();
            let records = records.as_array().into_iter().flatten();
            ids.extend(records.map(|record| record["Id"].as_str().unwrap().to_owned()));
        }
        next = page.header("nextpageuri").map(str::to_owned);
    }
    ids
}

/// Collects everything, a day at a time.
fn collect_all(cloud: &Running) -> Vec<String> {
    (0..3)
        .flat_map(|day| collect(cloud, midnight() + day * DAY, midnight() + (day + 1) * DAY))
        .collect()
}

#[test]
fn a_client_that_follows_every_page_gets_every_record_once() {
    let cloud = served(Dials::default());
    let ids = collect_all(&cloud);
    assert_eq!(ids.len(), 288);
    let verdict = cloud.judge(&Scope::stream("unified"), ids.iter().map(String::as_str));
    assert_eq!((verdict.expected, verdict.collected), (288, 288));
    assert!(
        verdict.missing.is_empty() && verdict.duplicate.is_empty() && verdict.unknown.is_empty()
    );
    let served = &cloud.report().served[TENANT]["Audit.Exchange"];
    assert_eq!(
        (
            served.records,
            served.available,
            served.served,
            served.times
        ),
        (288, 288, 288, 288)
    );
}

#[test]
fn the_judge_names_what_is_missing_twice_and_made_up() {
    let cloud = served(Dials::default());
    let ids = collect_all(&cloud);
    let told = ids[1..]
        .iter()
        .map(String::as_str)
        .chain([ids[5].as_str(), "made up"]);
    let verdict = cloud.judge(&Scope::stream("Audit.Exchange"), told);
    assert_eq!(verdict.missing, [ids[0].clone()]);
    assert_eq!(verdict.duplicate, [ids[5].clone()]);
    assert_eq!(verdict.unknown, ["made up"]);
}

#[test]
fn a_list_answers_in_the_documented_shape() {
    let cloud = served(Dials::default());
    let got = feed(&cloud, &format!("subscriptions/content?{EXCHANGE}"));
    let list = got.json();
    let item = list[0].as_object().unwrap();
    let names: Vec<&str> = item.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "contentCreated",
            "contentExpiration",
            "contentId",
            "contentType",
            "contentUri"
        ]
    );
    assert_eq!(item["contentType"], "Audit.Exchange");
    assert!(
        item["contentUri"]
            .as_str()
            .unwrap()
            .ends_with(item["contentId"].as_str().unwrap())
    );
    assert_eq!(got.header("date").unwrap(), "Tue, 03 Mar 2026 00:00:01 GMT");
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert!(got.header("nextpageuri").unwrap().contains("nextPage="));
}

#[test]
fn windows_are_a_day_at_most_and_a_week_back() {
    let cloud = served(Dials::default());
    let now = cloud.now();
    let check = |from: i64, to: i64| {
        let (from, to) = (stamp::seconds(from), stamp::seconds(to));
        let got = feed(
            &cloud,
            &format!("subscriptions/content?{EXCHANGE}&startTime={from}&endTime={to}"),
        );
        code(&got)
    };
    assert_eq!(check(now - DAY, now), "");
    assert_eq!(check(now - 25 * HOUR, now), "AF20030");
    assert_eq!(check(now, now), "AF20030");
    assert_eq!(check(now - 8 * DAY, now - 8 * DAY + HOUR), "AF20030");
    assert_eq!(check(now - 7 * DAY - HOUR, now - 7 * DAY), "");
    assert_eq!(check(now + HOUR, now + 2 * HOUR), "AF20055");
    let one_end = feed(
        &cloud,
        &format!("subscriptions/content?{EXCHANGE}&startTime=2026-03-01"),
    );
    assert_eq!(code(&one_end), "AF20030");
    let no_time = feed(
        &cloud,
        &format!("subscriptions/content?{EXCHANGE}&startTime=x&endTime=y"),
    );
    assert_eq!(code(&no_time), "AF20002");
}

#[test]
fn what_is_not_there_is_said_by_number() {
    let cloud = served(Dials::default());
    assert_eq!(code(&feed(&cloud, "subscriptions/content")), "AF20001");
    assert_eq!(
        code(&feed(
            &cloud,
            "subscriptions/content?contentType=Audit.Nothing"
        )),
        "AF20020"
    );
    assert_eq!(code(&feed(&cloud, "audit/1$2$audit_exchange")), "AF20050");
    assert_eq!(code(&feed(&cloud, "audit/nothing")), "AF20052");
    let page = format!("subscriptions/content?{EXCHANGE}&nextPage=2015101900R022885001761");
    assert_eq!(code(&feed(&cloud, &page)), "AF20031");
    let ask = |path: &str| code(&ask(&cloud, Service::Manage, path));
    assert_eq!(
        ask("/api/v1.0/contoso/activity/feed/subscriptions/list"),
        "AF20013"
    );
    let nobody = TENANT.replace('1', "9");
    assert_eq!(
        ask(&format!(
            "/api/v1.0/{nobody}/activity/feed/subscriptions/list"
        )),
        "AF20011"
    );
    assert_eq!(
        ask(&format!(
            "/api/v1.0/{OTHER}/activity/feed/subscriptions/list"
        )),
        "AF20010"
    );
}

#[test]
fn a_subscription_is_started_once_and_what_was_created_while_it_was_off_is_lost() {
    let cloud = served(Dials {
        subscribed: false,
        ..Dials::default()
    });
    let start = |cloud: &Running| {
        let path = format!("/api/v1.0/{TENANT}/activity/feed/subscriptions/start?{EXCHANGE}");
        tell(cloud, Service::Manage, &path, &Value::Null)
    };
    let stop = |cloud: &Running| {
        let path = format!("/api/v1.0/{TENANT}/activity/feed/subscriptions/stop?{EXCHANGE}");
        tell(cloud, Service::Manage, &path, &Value::Null).status
    };
    let day = midnight() + DAY;
    cloud.set_now(day);
    assert_eq!(
        code(&feed(&cloud, &format!("subscriptions/content?{EXCHANGE}"))),
        "AF20022"
    );
    assert_eq!(
        start(&cloud).json(),
        json!({"contentType": "Audit.Exchange", "status": "enabled", "webhook": null})
    );
    assert_eq!(code(&start(&cloud)), "AF20024");
    cloud.set_now(day + 6 * HOUR);
    assert_eq!(stop(&cloud), 200);
    assert_eq!(
        feed(&cloud, "subscriptions/list").json()[0]["status"],
        "disabled"
    );
    cloud.set_now(day + 12 * HOUR);
    assert_eq!(start(&cloud).status, 200);
    cloud.set_now(day + DAY + HOUR);
    let ids = collect_all(&cloud);
    let verdict = cloud.judge(&Scope::stream("unified"), ids.iter().map(String::as_str));
    assert_eq!(verdict.missing, Vec::<String>::new());
    assert_eq!(verdict.lost.len() as u64 + verdict.expected, 288);
    let off = verdict
        .lost
        .iter()
        .filter(|id| id.as_str() == "exchange-190")
        .count();
    assert_eq!(off, 1, "created between stop and start: {:?}", verdict.lost);
    assert!(
        cloud
            .report()
            .lost
            .iter()
            .all(|loss| loss.why == "unsubscribed")
    );
}

#[test]
fn too_many_requests_are_a_403_that_is_not_json() {
    let options = ServeOptions {
        quota_per_minute: 2,
        ..ServeOptions::default()
    };
    let cloud = crate::start(super::small::world(), options).unwrap();
    let path = format!("subscriptions/list?PublisherIdentifier={TENANT}");
    assert_eq!(feed(&cloud, &path).status, 200);
    assert_eq!(feed(&cloud, &path).status, 200);
    let third = feed(&cloud, &path);
    assert_eq!(third.status, 403);
    assert!(
        third.text().starts_with("{'error':{'code':'AF429'"),
        "{}",
        third.text()
    );
    assert_eq!(third.header("retry-after"), Some("1"));
    assert_eq!(
        feed(&cloud, "subscriptions/list").status,
        200,
        "another pool"
    );
    let report = cloud.report();
    assert_eq!(
        (
            report.throttled,
            report.while_throttled,
            report.without_publisher
        ),
        (1, 1, 1)
    );
}

#[test]
fn late_content_is_listed_later_than_it_says_it_was_created() {
    let cloud = served(Dials::default().with(Rule::new(Fault::Late, 0.3).seconds(7200)));
    let from = midnight();
    cloud.set_now(from + 6 * HOUR);
    let first = collect(&cloud, from, from + 6 * HOUR);
    cloud.set_now(from + 9 * HOUR);
    let second = collect(&cloud, from, from + 6 * HOUR);
    let before: BTreeSet<&String> = first.iter().collect();
    assert!(first.len() < second.len());
    assert!(before.is_subset(&second.iter().collect()));
}

#[test]
fn what_the_cloud_loses_is_named_with_its_reason() {
    let dials = Dials::default()
        .with(Rule::new(Fault::Expired, 0.1))
        .with(Rule::new(Fault::Missing, 0.1));
    let cloud = served(dials);
    let ids = collect_all(&cloud);
    let verdict = cloud.judge(&Scope::stream("unified"), ids.iter().map(String::as_str));
    assert!(!verdict.lost.is_empty());
    assert_eq!(verdict.lost.len() + ids.len(), 288);
    assert!(verdict.missing.is_empty());
    let why: BTreeSet<String> = cloud
        .report()
        .lost
        .into_iter()
        .map(|loss| loss.why)
        .collect();
    assert_eq!(
        why,
        BTreeSet::from(["expired".to_owned(), "missing".to_owned()])
    );
    let blob = cloud
        .report()
        .lost
        .into_iter()
        .find(|loss| loss.why == "expired")
        .unwrap();
    assert_eq!(
        code(&feed(&cloud, &format!("audit/{}", blob.content))),
        "AF20051"
    );
}

#[test]
fn duplicates_and_redelivery_give_a_record_again() {
    let twice = served(Dials::default().with(Rule::new(Fault::Duplicate, 0.2)));
    let ids = collect_all(&twice);
    assert!(ids.len() > 288, "{}", ids.len());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 288);

    let again = served(Dials::default().with(Rule::new(Fault::Redeliver, 1.0)));
    again.set_now(midnight() + 7 * DAY);
    assert_eq!(
        collect(&again, midnight() + 5 * DAY, midnight() + 6 * DAY).len(),
        144
    );
}

#[test]
fn a_webhook_shakes_hands_and_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let mut heard = Vec::new();
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut bytes = vec![0; 65536];
            let mut text = String::new();
            while !(text.contains("\r\n\r\n") && (text.ends_with('}') || text.ends_with(']'))) {
                let read = stream.read(&mut bytes).unwrap();
                text.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                .unwrap();
            heard.push(text);
        }
        heard
    });
    let cloud = served(Dials {
        subscribed: false,
        ..Dials::default()
    });
    cloud.set_now(midnight() + DAY);
    let start = format!("/api/v1.0/{TENANT}/activity/feed/subscriptions/start?{EXCHANGE}");
    let past = json!({"webhook": {"address": address, "expiration": "2020-01-01T00:00:00Z"}});
    assert_eq!(
        code(&tell(&cloud, Service::Manage, &start, &past)),
        "AF20003"
    );
    let nobody = json!({"webhook": {"address": "http://127.0.0.1:1/x"}});
    assert_eq!(
        code(&tell(&cloud, Service::Manage, &start, &nobody)),
        "AF20021"
    );
    let wanted = json!({"webhook": {"address": address, "authId": "me", "expiration": ""}});
    let started = tell(&cloud, Service::Manage, &start, &wanted);
    assert_eq!(
        started.json()["webhook"]["status"],
        "enabled",
        "{}",
        started.text()
    );
    cloud.advance(2 * 3600);
    let heard = heard.join().unwrap();
    let lower = heard[0].to_lowercase();
    assert!(lower.contains("webhook-authid: me") && lower.contains("webhook-validationcode: "));
    assert!(heard[1].contains("\"clientId\"") && heard[1].contains("\"contentUri\""));
    cloud.advance(1);
    let list = || feed(&cloud, &format!("subscriptions/notifications?{EXCHANGE}")).json();
    // The list knows a notification once the webhook has answered it.
    let sent = std::iter::repeat_with(list)
        .take(200)
        .find(|sent| sent[0].is_object());
    assert_eq!(sent.unwrap()[0]["notificationStatus"], "success");
}
