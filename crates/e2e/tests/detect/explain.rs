//! Why there is a finding, and how a run ends.

use super::{NORA, demo, detect, lines, of, rule_made, with_demo};
use crate::house::{House, Run, texts};
use serde_json::Value;

/// Explains a finding of the demo's files.
fn explained(house: &House, words: &[&str], id: &str) -> Run {
    let mut command = house.command(&[&["detect", "explain", id], words].concat());
    command.arg("--input").args(demo());
    Run::of(command.output().expect("the binary starts"))
}

#[test]
fn an_explanation_shows_record_field_value_baseline_and_what_would_have_been_silent() {
    let house = with_demo();
    let findings = lines(&house, &[], &[]);
    let synchronised = of(&findings, "MIA-04")[0];
    let id = synchronised["finding"]
        .as_str()
        .expect("a finding has an id");
    let run = house.run(&["--format", "json", "detect", "explain", id]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let explained = run.json();
    for (key, value) in synchronised.as_object().expect("a finding is an object") {
        assert_eq!(&explained[key], value, "{key}");
    }
    let proofs = explained["proofs"].as_array().expect("there are proofs");
    let records = texts(&explained["records"]);
    let proof_of = |field: &str| {
        let mut own = proofs.iter().filter(|proof| proof["field"] == field);
        own.next()
            .unwrap_or_else(|| panic!("no `{field}`: {proofs:#?}"))
    };
    let address = proof_of("ClientIPAddress");
    assert_eq!(address["value"], "2001:db8:4f:11::1d");
    assert_eq!(address["baseline"], "198.51.100.0/24");
    assert!(records.contains(address["record"].as_str().unwrap_or_default()));
    for key in ["silent_if", "decides", "severity_when", "benign"] {
        let text = explained[key].as_str().unwrap_or_default();
        assert!(text.len() > 20, "{key}: {text}");
    }
    let table = house.run(&["detect", "explain", &id[..8]]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    for word in [
        "MIA-04",
        NORA,
        "ClientIPAddress",
        "2001:db8:4f:11::1d",
        "198.51.100.0/24",
        "silent if: ",
        address["record"].as_str().unwrap_or_default(),
    ] {
        assert!(table.stdout.contains(word), "{word}: {}", table.stdout);
    }
}

#[test]
fn every_finding_of_the_demo_can_be_explained_from_its_files() {
    let house = House::new();
    for finding in lines(&house, &[], &demo()) {
        let id = finding["finding"].as_str().expect("a finding has an id");
        let run = explained(&house, &["--format", "json"], id);
        assert_eq!(run.code, 0, "{finding}: {}", run.stderr);
        let explained = run.json();
        let proofs = explained["proofs"].as_array().map_or(0, Vec::len);
        let silent_if = explained["silent_if"].as_str().unwrap_or_default();
        assert!(proofs > 0 && !silent_if.is_empty(), "{explained}");
        for record in texts(&explained["records"]) {
            assert!(texts(&finding["records"]).contains(&record));
        }
    }
}

#[test]
fn an_id_that_means_several_or_nothing_is_refused_with_a_hint() {
    let house = with_demo();
    let findings = lines(&house, &[], &[]);
    let ids: Vec<&str> = findings
        .iter()
        .filter_map(|one| one["finding"].as_str())
        .collect();
    // A beginning that two of them share, if any do; all of them begin with nothing.
    let shared = ids.iter().enumerate().find_map(|(at, id)| {
        let mut others = ids[..at].iter();
        others.find(|other| other[..1] == id[..1]).map(|_| &id[..1])
    });
    for id in shared.into_iter().chain(["", "no-such-finding"]) {
        let run = house.run(&["detect", "explain", id]);
        assert_eq!(run.code, 2, "`{id}`: {}", run.stderr);
        assert!(
            run.stdout.is_empty() && run.stderr.contains("hint"),
            "`{id}`: {}{}",
            run.stdout,
            run.stderr
        );
    }
    let unknown = explained(&house, &[], "no-such-finding");
    assert!(
        unknown.code == 2 && unknown.stderr.contains("--input"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_level_to_fail_on_is_an_exit_code() {
    let house = with_demo();
    for (words, code) in [
        (&["--fail-on", "high"][..], 4),
        (&["--fail-on", "critical"], 4),
        (&[], 0),
        // What is not shown fails too: the two options are about different things.
        (&["--fail-on", "low", "--least", "critical"], 4),
    ] {
        assert_eq!(detect(&house, words, &[]).code, code, "{words:?}");
        assert_eq!(detect(&house, words, &demo()).code, code, "{words:?}");
    }
    let quiet = House::new();
    let path = quiet.write("nothing.jsonl", format!("{}\n", sent_mail()));
    let run = detect(&quiet, &["--fail-on", "info"], &[path]);
    assert_eq!((run.code, run.stdout.trim()), (0, "nothing was found"));
}

#[test]
fn damaged_evidence_is_partial_and_its_place_is_named() {
    let house = House::new();
    let whole = rule_made(
        "7d1d4a6e-0001-4000-8000-000000000001",
        ".",
        "out@elsewhere.example",
    )
    .to_string();
    let path = house.write("cut.jsonl", format!("{whole}\n{}", &whole[..200]));
    let run = detect(&house, &["--format", "jsonl"], std::slice::from_ref(&path));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(!of(&run.lines(), "INB-01").is_empty(), "{}", run.stdout);
    assert!(
        run.stderr.contains("cut.jsonl, line 2") && run.stderr.contains("1 records could not be"),
        "{}",
        run.stderr
    );
    // What was found outranks what could not be read.
    assert_eq!(detect(&house, &["--fail-on", "high"], &[path]).code, 4);
}

#[test]
fn evidence_that_is_not_there_is_no_answer() {
    let house = House::new();
    for name in ["no/such/file.csv", "no/such/*.csv"] {
        let run = detect(&house, &[], &[house.path(name)]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains(name) && run.stderr.contains("hint"),
            "{name}: {}",
            run.stderr
        );
    }
    // Nothing looked at is not nothing found.
    let empty = house.path("empty");
    std::fs::create_dir(&empty).expect("a folder can be made");
    assert_eq!(detect(&house, &[], &[]).code, 2, "there is no data folder");
    let none = empty.display().to_string();
    house.run(&["import", &none]);
    for inputs in [&[empty][..], &[]] {
        let run = detect(&house, &[], inputs);
        assert_eq!(run.code, 6, "{}", run.stderr);
        assert!(run.stdout.contains("no record was there"), "{}", run.stdout);
    }
    for words in [&["--least", "urgent"][..], &["--new", "--input", "a.csv"]] {
        assert_eq!(detect(&house, words, &[]).code, 2, "{words:?}");
    }
}

#[test]
fn looking_at_files_writes_nothing() {
    let house = House::new();
    assert!(!lines(&house, &[], &demo()).is_empty());
    assert!(!house.path("data").exists(), "no lake, no data folder");
}

#[test]
fn a_line_has_every_word_of_its_contract() {
    let house = House::new();
    for (words, keys) in [
        (
            &[][..],
            "finding detection title severity tenant user time last_time ips mitre why records incident",
        ),
        (
            &["--incidents"],
            "incident severity title story tenant users from to findings seeds",
        ),
    ] {
        for line in lines(&house, words, &demo()) {
            let line = line.as_object().expect("a line is an object");
            for key in keys.split(' ') {
                assert!(line.contains_key(key), "`{key}` is missing in {line:?}");
            }
        }
    }
    let incidents = lines(&house, &["--incidents"], &demo());
    let worst = &incidents[0];
    assert_eq!(worst["severity"], "critical", "the worst comes first");
    let seeds: Vec<String> = texts(&worst["seeds"]).into_iter().collect();
    assert!(seeds.contains(&"ip=203.0.113.47".to_owned()), "{seeds:?}");
    // What the owner used every day, before and after, leads an investigation nowhere.
    let own = [
        "ip=198.51.100.23",
        "session=13186670-d37a-48fb-a645-ff2d04eaad73",
    ];
    assert!(
        !own.iter().any(|one| seeds.iter().any(|seed| seed == one)),
        "{seeds:?}"
    );
    let table = detect(&house, &[], &demo()).stdout;
    let rows: Vec<&str> = table.lines().skip(1).take(incidents.len()).collect();
    for (row, incident) in rows.iter().zip(&incidents) {
        let id = incident["incident"].as_str().unwrap_or_default();
        assert!(row.contains(id), "{row}");
    }
    assert!(table.contains("next: breachscope investigate"), "{table}");
}

/// A mail sent like any other.
fn sent_mail() -> Value {
    serde_json::json!({
        "CreationTime": "2026-03-10T09:40:00", "Id": "7d1d4a6e-0002-4000-8000-000000000002",
        "Operation": "Send", "OrganizationId": super::TENANT, "RecordType": 2,
        "ResultStatus": "Succeeded", "UserType": 0, "UserId": NORA, "Workload": "Exchange",
        "ClientIPAddress": "198.51.100.23", "MailboxOwnerUPN": NORA,
        "Item": {"Id": "Unknown", "InternetMessageId": "<one@fabrikam-logistics.example>", "Subject": "Hello"},
    })
}
