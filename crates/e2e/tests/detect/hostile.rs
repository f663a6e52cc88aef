//! What an intruder wrote into a rule, an agent or a session: shown as marks, never obeyed by a
//! terminal, a spreadsheet or a shell.

use super::{detect, lines, rule_made};
use crate::house::{House, Run};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A formula, a reversed line and a terminal sequence.
const NAME: &str = "=HYPERLINK(1)\u{202e}fdp\u{1b}[2J\u{0}\u{9b}2J";

/// A formula for an address, and a session that a shell would obey.
const ADDRESS: &str = "=cmd|'x'@evil.example";
const SESSION: &str = "x; touch owned `touch owned` $(touch owned) '\u{202e}";

const ID: &str = "7d1d4a6e-0400-4000-8000-000000000001";

fn evidence(house: &House) -> Vec<PathBuf> {
    let mut rule = rule_made(ID, NAME, ADDRESS);
    rule["SessionId"] = json!(SESSION);
    rule["ClientInfoString"] = json!(format!("Client=OWA;{NAME}"));
    vec![house.write("hostile.jsonl", format!("{rule}\n"))]
}

fn has_hidden(text: &str) -> bool {
    text.chars()
        .any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}')
}

#[test]
fn a_terminal_sees_marks() {
    let house = House::new();
    let inputs = evidence(&house);
    let explained = explain(&house, &[], &inputs);
    for run in [detect(&house, &[], &inputs), explained] {
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(
            run.stdout.contains("HYPERLINK") && run.stdout.contains("U+202E"),
            "{:?}",
            run.stdout
        );
        assert!(!has_hidden(&run.stdout), "{:?}", run.stdout);
        assert!(!has_hidden(&run.stderr), "{:?}", run.stderr);
    }
}

/// The table proposes a command to go on with: whoever copies it must not run the intruder's.
#[test]
fn a_shell_sees_words() {
    let house = House::new();
    let table = detect(&house, &[], &evidence(&house)).stdout;
    let next = table.lines().find(|line| line.contains("next: "));
    let next = next.unwrap_or_else(|| panic!("nothing is proposed: {table}"));
    let (_, seed) = next.split_once("--seed session=").map_or_else(
        || {
            next.split_once("--seed 'session=")
                .expect("the session is a seed")
        },
        |_| panic!("the session stands there bare: {next}"),
    );
    // Inside single quotes nothing is special but the quote, which is closed, escaped and opened.
    let inside = seed.replace(r"'\''", "");
    let (inside, behind) = inside.split_once('\'').expect("the quote is closed");
    assert!(inside.contains("$(touch owned)"), "{next}");
    assert!(!behind.contains("touch"), "{next}");
}

#[test]
fn a_spreadsheet_sees_text() {
    let house = House::new();
    let inputs = evidence(&house);
    for words in [
        &["--format", "csv"][..],
        &["--format", "csv", "--incidents"],
    ] {
        let run = detect(&house, words, &inputs);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains("HYPERLINK"), "{}", run.stdout);
        for line in run.stdout.lines() {
            let begins = line.starts_with('=') || line.contains(",=") || line.contains(",\"=");
            assert!(!begins, "{line}");
        }
        assert!(!has_hidden(&run.stdout), "{:?}", run.stdout);
    }
    // A record may say that its user is a formula.
    let mut rule = rule_made(ID, NAME, ADDRESS);
    rule["UserId"] = json!("=1+1@corp.example");
    let path = house.write("user.jsonl", format!("{rule}\n"));
    let run = detect(&house, &["--format", "csv"], &[path]);
    assert!(run.stdout.contains("1+1@corp.example"), "{}", run.stdout);
    assert!(!run.stdout.contains(",=1+1"), "{}", run.stdout);
}

#[test]
fn json_is_whole_and_hides_nothing() {
    let house = House::new();
    let inputs = evidence(&house);
    let all = lines(&house, &[], &inputs);
    assert!(
        all.iter().all(|line| line["records"] == json!([ID])),
        "{all:#?}"
    );
    // A sentence shows what is invisible as marks; the evidence is the record's own text.
    let is_marked = |line: &Value| {
        let why = line["why"].as_str().unwrap_or_default();
        why.contains("=HYPERLINK(1)<U+202E>fdp")
    };
    assert!(all.iter().any(is_marked), "{all:#?}");
    let explained = explain(&house, &["--format", "json"], &inputs).json();
    let proofs = explained["proofs"].as_array().into_iter().flatten();
    let is_whole = |proof: &Value| proof["value"] == NAME || proof["value"] == ADDRESS;
    assert!(proofs.clone().any(is_whole), "{explained:#}");
    for words in [
        &["--format", "json"][..],
        &["--format", "jsonl"],
        &["--format", "jsonl", "--incidents"],
    ] {
        let run = detect(&house, words, &inputs);
        assert!(!has_hidden(&run.stdout), "{words:?}: {:?}", run.stdout);
    }
}

/// Explains the first finding.
fn explain(house: &House, words: &[&str], inputs: &[PathBuf]) -> Run {
    let all = lines(house, &[], inputs);
    let first = all.first().and_then(|line| line["finding"].as_str());
    let id = first.expect("something is found");
    let mut command = house.command(&[words, &["detect", "explain", id, "--input"]].concat());
    Run::of(command.args(inputs).output().expect("the binary starts"))
}
