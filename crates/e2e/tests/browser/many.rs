//! Ten thousand incidents are answered as quickly as ten, and are usable in a browser.

use crate::house::House;
use crate::play::{Play, has_browser};
use crate::site::Site;
use serde_json::{Value, json};

const MANY: usize = 10_000;
/// How long the server may take to begin its answer, in milliseconds.
const ANSWERED: u64 = 200;
/// How many bytes of script a visit may load.
const SCRIPT: u64 = 60_000;

#[test]
fn ten_thousand_incidents_are_usable() {
    if !has_browser("ten thousand rows") {
        return;
    }
    let house = House::new();
    let records: Vec<String> = (0..MANY).map(|number| rule(number).to_string()).collect();
    let (report, code) = house.import(&[house.write("many.jsonl", records.join("\n"))]);
    assert_eq!(code, 0, "{report}");
    let detected = house.run(&["detect", "--quiet"]);
    assert_eq!(detected.code, 0, "{}", detected.stderr);
    let site = Site::serve(&house);
    let mut given = site.given();
    given["somebody"] = json!("person9876@fabrikam.example");
    let mut play = Play::begin("many.mjs", &given);
    let said = play.until("looked");
    play.go_on();
    play.end();
    let again = said["again"].as_array().expect("times").iter();
    let mut again: Vec<u64> = again.filter_map(Value::as_u64).collect();
    again.sort_unstable();
    let (median, script) = (
        again[again.len() / 2],
        said["script"].as_u64().expect("bytes"),
    );
    println!(
        "{MANY} incidents: the first page after {} ms, again after {median} ms, {script} bytes of script",
        said["first"]
    );
    assert!(median < ANSWERED, "{said}");
    assert!(script > 0 && script < SCRIPT, "{said}");
}

/// A rule that hides mail, of a person of its own.
fn rule(number: usize) -> Value {
    json!({
        "CreationTime": format!("2026-03-01T{:02}:{:02}:{:02}", number / 3600 % 24, number / 60 % 60, number % 60),
        "Id": format!("{number:08x}-0007-4000-8000-000000000007"),
        "Operation": "New-InboxRule", "OrganizationId": "22222222-2222-4222-8222-222222222222",
        "RecordType": 1, "ResultStatus": "True", "UserKey": "1", "UserType": 2, "Version": 1,
        "Workload": "Exchange", "ClientIP": "203.0.113.47:52378",
        "ObjectId": format!("person{number}\\."),
        "UserId": format!("person{number}@fabrikam.example"),
        "Parameters": [
            {"Name": "Name", "Value": "."},
            {"Name": "SubjectOrBodyContainsWords", "Value": "invoice;payment;password"},
            {"Name": "ForwardTo", "Value": "drop@evil.example"},
            {"Name": "MoveToFolder", "Value": "RSS Feeds"},
            {"Name": "MarkAsRead", "Value": "True"},
        ]
    })
}
