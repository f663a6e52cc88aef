//! One rule tried on evidence: which records it matches, and on which fields.

use super::demo;
use super::rules::MAIL_READ;
use crate::house::{House, Run};
use serde_json::Value;
use std::path::Path;

fn tried(house: &House, format: &str, rule: &Path) -> Run {
    let words = ["--format", format, "detect", "test"];
    let mut command = house.command(&words);
    command.arg(rule).arg("--events").args(demo());
    Run::of(command.output().expect("the binary starts"))
}

#[test]
fn a_rule_names_the_records_it_matches_and_the_fields_on_which_that_rests() {
    let house = House::new();
    let rule = house.write("mail.yml", MAIL_READ);
    let run = tried(&house, "jsonl", &rule);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let matched = run.lines();
    assert!(!matched.is_empty());
    for line in &matched {
        let place = line["place"].as_str().unwrap_or_default();
        assert!(place.contains(".csv, line "), "{line}");
        let fields = &line["rules"][0]["fields"];
        assert_eq!(fields["Operation"], "MailItemsAccessed", "{line}");
        let client = fields["ClientInfoString"].as_str().unwrap_or_default();
        assert!(client.starts_with("Client=OWA"), "{line}");
    }
    let said = format!("{} of ", matched.len());
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert_eq!(tried(&house, "json", &rule).json(), Value::Array(matched));
    let table = tried(&house, "table", &rule).stdout;
    assert!(
        table.contains("Mail was read") && table.contains("Operation = MailItemsAccessed"),
        "{table}"
    );
}

#[test]
fn a_rule_that_cannot_be_used_is_refused_with_why() {
    let house = House::new();
    let rule = MAIL_READ.replace("Operation:", "Operation|sounds_like:");
    let rule = house.write("mail.yml", rule);
    let run = tried(&house, "jsonl", &rule);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(
        run.stderr.contains("sounds_like") && run.stderr.contains("hint"),
        "{}",
        run.stderr
    );
    let nowhere = tried(&house, "jsonl", &house.path("nowhere.yml"));
    assert_eq!(nowhere.code, 2, "{}", nowhere.stderr);
    assert!(nowhere.stderr.contains("nowhere.yml"), "{}", nowhere.stderr);
}
