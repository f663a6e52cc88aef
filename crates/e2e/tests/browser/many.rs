//! Ten thousand incidents are answered as quickly as ten, and are usable in a browser.

use crate::house::House;
use crate::play::{Play, has_browser};
use crate::site::Site;
use serde_json::{Value, json};
use std::time::Instant;

const MANY: usize = 10_000;

#[test]
fn ten_thousand_incidents_are_usable() {
    if !has_browser("ten thousand rows") {
        return;
    }
    let house = House::new();
    let records: Vec<String> = (0..MANY).map(|number| rule(number).to_string()).collect();
    let clock = Instant::now();
    let (report, code) = house.import(&[house.write("many.jsonl", records.join("\n"))]);
    println!("import {:?}", clock.elapsed());
    assert_eq!(code, 0, "{report}");
    let run = house.run(&["detect", "--quiet"]);
    println!("detect {:?}", clock.elapsed());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let site = Site::serve(&house);
    let mut play = Play::begin("many.mjs", &site.given());
    println!("{}", play.until("looked"));
    play.go_on();
    play.end();
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
