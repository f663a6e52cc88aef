//! What others know: indicators of three formats are taken in, found in the lake, and let expire.

use super::{NORA, TENANT, answers, detect, is_at_least, lines, of, with_demo};
use crate::house::{House, texts};
use serde_json::{Value, json};
use std::path::Path;

/// A table as people send it round: one value cannot be used, one has expired.
const TABLE: &str = "value,type,note,valid_until
203.0.113.47,ip,the phishing page,
b7a4c2d8-35e1-4c0f-9a6d-2f81e0c754b9,app,reads mail,
no address at all,ip,typed badly,
198.51.100.23,ip,long ago,2020-01-01
";

/// A bundle: one pattern can be looked for, one needs two things at once.
const BUNDLE: &str = r#"{"type": "bundle", "id": "bundle--1", "objects": [
{"type": "identity", "name": "a friend"},
{"type": "indicator", "name": "their Outlook", "pattern_type": "stix", "pattern": "[ipv6-addr:value = '2001:db8:4f:11::1d']"},
{"type": "indicator", "name": "both at once", "pattern_type": "stix", "pattern": "[ipv4-addr:value = '192.0.2.1' AND domain-name:value = 'a.example']"}]}"#;

/// An event: a digest is nothing that a log of mail shows, a value that is not for detection is left.
const EVENT: &str = r#"{"Event": {"info": "invoice fraud", "Attribute": [
{"type": "domain", "value": "harbour-stee1.example", "to_ids": true},
{"type": "sha256", "value": "9f86d081884c7d659a2feaa0c55ad015", "to_ids": true},
{"type": "ip-dst", "value": "198.51.100.23", "to_ids": false}]}}"#;

#[test]
fn indicators_of_each_format_are_found_and_what_cannot_be_read_is_told() {
    let house = with_demo();
    assert!(of(&lines(&house, &[], &[]), "INTEL").is_empty());
    for (name, text, known, told) in [
        ("table.csv", TABLE, 3, "no address at all"),
        ("bundle.json", BUNDLE, 1, "several things at once"),
        ("event.json", EVENT, 1, "9f86d081884c7d659a2feaa0c55ad015"),
    ] {
        let path = house.write(name, text);
        let (report, code, stderr) = import(&house, &path);
        assert_eq!(code, 3, "{name}: {stderr}");
        assert_eq!(
            (&report["read"], &report["new"], &report["unread"]),
            (&json!(known), &json!(known), &json!(1)),
            "{name}"
        );
        assert!(stderr.contains(told) && stderr.contains(name), "{stderr}");
    }
    let expired = listed(&house);
    let expired = expired.iter().filter(|one| !one["expires"].is_null());
    assert_eq!(expired.count(), 1);
    let findings = lines(&house, &[], &[]);
    let found = of(&findings, "INTEL");
    let shown = |word: &str| {
        let why = |finding: &&&Value| {
            finding["why"]
                .as_str()
                .is_some_and(|why| why.contains(word))
        };
        found.iter().filter(why).count()
    };
    for word in [
        "203.0.113.47",
        "b7a4c2d8-35e1-4c0f-9a6d-2f81e0c754b9",
        "2001:db8:4f:11::1d",
        "harbour-stee1.example",
    ] {
        assert!(shown(word) > 0, "{word}: {found:#?}");
    }
    // The office's address has expired, and the event says that it is not for detection.
    assert_eq!(shown("198.51.100.23"), 0, "{found:#?}");
    assert!(found.iter().all(|one| is_at_least(one, "medium")));
    assert!(found.iter().any(|one| one["user"] == NORA));
}

#[test]
fn a_match_raises_its_incident() {
    let house = House::new();
    // Alone a sign-in is nothing to hurry for.
    let path = house.write("audit.jsonl", format!("{}\n", signed_in()));
    assert_eq!(house.import(&[path]).1, 0);
    let before = lines(&house, &["--incidents"], &[]);
    assert!(
        !before.iter().any(|one| is_at_least(one, "high")),
        "{before:#?}"
    );
    let path = house.write("known.txt", "203.0.113.47\n");
    assert_eq!(import(&house, &path).1, 0);
    let after = lines(&house, &["--incidents"], &[]);
    assert!(
        after.iter().any(|one| is_at_least(one, "high")),
        "{after:#?}"
    );
    let seeds = after.iter().flat_map(|one| texts(&one["seeds"]));
    assert!(seeds.into_iter().any(|seed| seed == "ip=203.0.113.47"));
}

#[test]
fn an_indicator_that_comes_later_looks_back_and_one_that_expires_takes_its_findings_away() {
    let house = with_demo();
    let before = answers(&house, &[]);
    let path = house.write("table.csv", TABLE);
    import(&house, &path);
    let again = detect(&house, &["--format", "jsonl"], &[]);
    assert!(
        !again.stderr.contains("0 records read,"),
        "{}",
        again.stderr
    );
    assert!(of(&again.lines(), "INTEL").len() >= 2, "{}", again.stdout);

    let run = house.run(&["--format", "json", "intel", "expire", "203.0.113.47"]);
    assert_eq!((run.code, &run.json()["expired"]), (0, &json!(1)));
    let rest = lines(&house, &[], &[]);
    let rest = of(&rest, "INTEL");
    let is_of_app = |one: &&&Value| {
        one["why"]
            .as_str()
            .is_some_and(|why| why.contains("b7a4c2d8"))
    };
    assert!(!rest.is_empty() && rest.iter().filter(is_of_app).count() == rest.len());

    // By the file that they came from; then everything is as it was.
    let run = house.run(&["intel", "expire", &path.to_string_lossy()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(answers(&house, &[]), before);
}

#[test]
fn indicators_count_for_files_too_and_a_record_that_comes_later_is_matched() {
    let house = House::new();
    let path = house.write("known.txt", "# seen elsewhere\n203.0.113.47\n");
    assert_eq!(import(&house, &path).1, 0);
    let findings = lines(&house, &[], &super::demo());
    assert!(!of(&findings, "INTEL").is_empty());
    house.import(&super::demo());
    let in_lake = lines(&house, &[], &[]);
    assert_eq!(of(&in_lake, "INTEL"), of(&findings, "INTEL"));
}

#[test]
fn a_file_of_nothing_is_told_and_takes_nothing_in() {
    let house = House::new();
    for (name, bytes) in [
        ("torn.json", &b"{\"type\": \"bundle\", \"objects\": ["[..]),
        ("picture.png", b"\x89PNG\r\n\x1a\n\xff\xfe"),
    ] {
        let path = house.write(name, bytes);
        let (report, code, stderr) = import(&house, &path);
        assert_eq!((code, &report["read"]), (3, &json!(0)), "{name}: {report}");
        assert!(stderr.contains(name), "{stderr}");
    }
    assert_eq!(listed(&house), Vec::<Value>::new());
    let run = house.run(&["intel", "import", "no/such/file.csv"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

fn import(house: &House, path: &Path) -> (Value, i32, String) {
    let run = house.run(&[
        "--format",
        "json",
        "intel",
        "import",
        &path.to_string_lossy(),
    ]);
    (run.json(), run.code, run.stderr)
}

fn listed(house: &House) -> Vec<Value> {
    let run = house.run(&["--format", "jsonl", "intel", "list"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.lines()
}

/// A sign-in like any other.
fn signed_in() -> Value {
    json!({
        "CreationTime": "2026-03-10T09:31:07", "Id": "7d1d4a6e-0300-4000-8000-000000000001",
        "Operation": "UserLoggedIn", "OrganizationId": TENANT, "RecordType": 15,
        "ResultStatus": "Success", "UserType": 0, "UserId": NORA, "UserKey": "10032001F2A3B4C5",
        "Version": 1, "Workload": "AzureActiveDirectory", "ClientIP": "203.0.113.47",
        "ObjectId": "00000002-0000-0ff1-ce00-000000000000", "ErrorNumber": "0",
    })
}
