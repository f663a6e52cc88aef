//! Detection from outside: evidence in, findings and incidents out.
//!
//! | module | what it shows |
//! |---|---|
//! | `truth`, `noise`, `labels` | what is found in real evidence, and what is left alone |
//! | `rules`, `trial` | Sigma rules: run unmodified, listed with why not, tried one by one |
//! | `order`, `later`, `killed` | the same records give the same findings, however they come |
//! | `intel`, `settings` | what others know, and what the operator knows better |
//! | `explain`, `hostile` | why there is a finding, and that a record's text is never obeyed |

mod explain;
mod hostile;
mod intel;
mod killed;
mod labels;
mod later;
mod noise;
mod order;
mod rules;
mod settings;
mod trial;
mod truth;

use crate::house::{House, Run, checkout};
use serde_json::{Value, json};
use std::path::PathBuf;

/// How urgent a finding can be, the least first.
const LEVELS: [&str; 5] = ["info", "low", "medium", "high", "critical"];

/// The tenant and the person of the demo.
const TENANT: &str = "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413";
const NORA: &str = "nora.lindqvist@fabrikam-logistics.example";

/// Runs `detect` with these words over these files, or over the lake where none are named.
fn detect(house: &House, words: &[&str], inputs: &[PathBuf]) -> Run {
    let mut command = house.command(&["detect"]);
    command.args(words);
    if !inputs.is_empty() {
        command.arg("--input").args(inputs);
    }
    Run::of(command.output().expect("the binary starts"))
}

/// Returns the lines that `detect` prints: findings, or incidents where the words ask for them.
/// Damage in the evidence is another test's concern.
fn lines(house: &House, words: &[&str], inputs: &[PathBuf]) -> Vec<Value> {
    printed(house, words, inputs)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

/// Returns the same lines as they are printed.
fn printed(house: &House, words: &[&str], inputs: &[PathBuf]) -> String {
    let words = [&["--format", "jsonl"], words].concat();
    let run = detect(house, &words, inputs);
    assert!(matches!(run.code, 0 | 3), "{words:?}: {}", run.stderr);
    run.stdout
}

/// Returns all that `detect` says in lines: what two runs are compared by.
fn answers(house: &House, inputs: &[PathBuf]) -> [String; 2] {
    [&[][..], &["--incidents"]].map(|words| printed(house, words, inputs))
}

/// Returns the findings of a detection.
fn of<'l>(lines: &'l [Value], detection: &str) -> Vec<&'l Value> {
    let is_its = |line: &&Value| line["detection"] == detection;
    lines.iter().filter(is_its).collect()
}

fn is_at_least(line: &Value, least: &str) -> bool {
    let rank = |level: &str| LEVELS.iter().position(|known| *known == level);
    let level = line["severity"].as_str().unwrap_or_default();
    let known = rank(level).unwrap_or_else(|| panic!("`{level}` is no level: {line}"));
    Some(known) >= rank(least)
}

/// Returns the demo's export.
fn demo() -> Vec<PathBuf> {
    vec![checkout().join("demo/export")]
}

/// Returns a lake with the demo in it.
fn with_demo() -> House {
    let house = House::new();
    assert_eq!(house.import(&demo()).1, 0);
    house
}

/// Returns a record of a rule that hides mail and sends it outside, as the audit log says it.
fn rule_made(id: &str, name: &str, address: &str) -> Value {
    json!({
        "CreationTime": "2026-03-10T09:58:44", "Id": id, "Operation": "New-InboxRule",
        "OrganizationId": TENANT, "RecordType": 1, "ResultStatus": "True", "UserType": 0,
        "UserId": NORA, "UserKey": "10032001F2A3B4C5", "Version": 1, "Workload": "Exchange",
        "ClientIP": "203.0.113.47:50113", "ObjectId": "nora.lindqvist\\rule",
        "Parameters": [
            {"Name": "Name", "Value": name},
            {"Name": "SubjectContainsWords", "Value": "invoice"},
            {"Name": "ForwardTo", "Value": address},
            {"Name": "DeleteMessage", "Value": "True"},
        ],
    })
}
