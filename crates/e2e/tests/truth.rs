//! The ground truth of the real tenant: every message id of an answer, and no other.

use crate::house::{House, Touched, real_data, real_files, texts};
use serde_json::Value;
use std::collections::BTreeSet;

/// The questions of the ground truth in the words of the command line.
const QUESTIONS: &[(&str, &[&str])] = &[
    (
        "Q-DEV-1",
        &["--app", "842cef72-745d-463c-8b49-ce16ccc5ebd2"],
    ),
    (
        "Q-DEV-2",
        &[
            "--mailbox",
            "joey@dutchmasterz.onmicrosoft.com",
            "--app",
            "395a1045-4185-43f1-ba4f-2b889bf7416b",
        ],
    ),
    (
        "Q-DEV-3",
        &[
            "--mailbox",
            "GradyA",
            "--ip",
            "80.114.221.214",
            "--foreground",
            "--type",
            "bind",
        ],
    ),
    (
        "Q-DEV-4",
        &[
            "--mailbox",
            "joey",
            "--session",
            "bb830870-",
            "--type",
            "bind",
        ],
    ),
    (
        "Q-DEV-5",
        &[
            "--mailbox",
            "a.thulile",
            "--ip",
            "178.85.138.132",
            "--type",
            "bind",
            "--since",
            "2021-03-26",
            "--until",
            "2021-03-27",
        ],
    ),
];

fn truth() -> Option<(House, Value)> {
    let data = real_data("the ground truth")?;
    let house = House::new();
    house.import(&real_files(&data, "invictus-ual-splunkcsv-", ".csv"));
    let text = std::fs::read_to_string(data.join("groundtruth.json"))
        .expect("the ground truth can be read");
    let truth: Value = serde_json::from_str(&text).expect("the ground truth is JSON");
    Some((house, truth["invictus"].clone()))
}

#[test]
fn every_question_has_exactly_its_messages() {
    let Some((house, truth)) = truth() else {
        return;
    };
    let questions = truth["questions"].as_array().expect("there are questions");
    for question in questions {
        let id = question["id"].as_str().unwrap_or_default();
        let Some((_, filters)) = QUESTIONS.iter().find(|(known, _)| *known == id) else {
            panic!("the question {id} is not in QUESTIONS");
        };
        let filters = with_whole_session(filters, question, &truth);
        let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
        check(&house, &filters, &question["internet_message_ids"], id);
    }
    println!(
        "{} of {} questions have every message and no other",
        questions.len(),
        questions.len()
    );
}

/// The ground truth shortens a session to its first eight letters; its groups spell it out.
fn with_whole_session(filters: &[&str], question: &Value, truth: &Value) -> Vec<String> {
    let groups = truth["mail_access"]["dev"]["bind_groups"]
        .as_array()
        .into_iter()
        .flatten();
    let records = texts(&question["record_ids"]);
    let mut own = groups.filter(|group| !texts(&group["record_ids"]).is_disjoint(&records));
    let session = own.find_map(|group| {
        group["session_id"]
            .as_str()
            .filter(|session| !session.is_empty())
    });
    filters
        .iter()
        .map(|word| {
            if word.ends_with('-') {
                session.unwrap_or(word).to_string()
            } else {
                (*word).to_string()
            }
        })
        .collect()
}

#[test]
fn every_group_of_mail_access_has_exactly_its_messages() {
    let Some((house, truth)) = truth() else {
        return;
    };
    let access = &truth["mail_access"]["dev"];
    let mut groups = 0;
    for (name, options) in [
        ("by_mailbox_all", &["--mailbox"][..]),
        ("by_mailbox_foreground", &["--foreground", "--mailbox"]),
        (
            "by_mailbox_ip_foreground",
            &["--foreground", "--mailbox", "--ip"],
        ),
        ("by_mailbox_session", &["--mailbox", "--session"]),
        (
            "by_mailbox_clientapp",
            &["--foreground", "--mailbox", "--app"],
        ),
    ] {
        for group in access[name]
            .as_array()
            .expect("the ground truth has this grouping")
        {
            check(
                &house,
                &filters(options, &group["key"]),
                &group["internet_message_ids"],
                &format!("{name} {}", group["key"]),
            );
            groups += 1;
        }
    }
    println!("{groups} groups have every message and no other");
}

/// A context is finer than any filter (it may be the one without a session), so its lines
/// are those that its own records prove.
#[test]
fn every_context_has_exactly_its_messages_and_folders() {
    let Some((house, truth)) = truth() else {
        return;
    };
    let access = &truth["mail_access"]["dev"];
    let groups = access["bind_groups"]
        .as_array()
        .expect("there are bind groups");
    let read = house.lines(&["--type", "bind"]);
    for group in groups {
        // A folder in which a record names no message is a line too; the truth lists none.
        assert_eq!(
            proved_by(&read, group).messages,
            texts(&group["internet_message_ids"]),
            "{}",
            group["record_ids"]
        );
    }
    let folders = access["sync_groups"]
        .as_array()
        .expect("there are sync groups");
    let synchronised = house.lines(&["--type", "sync"]);
    for group in folders {
        let names = group["folders"].as_array().into_iter().flatten();
        let names = names
            .filter_map(|folder| folder["name"].as_str())
            .map(str::to_string)
            .collect();
        let expected = Touched {
            messages: BTreeSet::new(),
            folders: names,
        };
        assert_eq!(
            proved_by(&synchronised, group),
            expected,
            "{}",
            group["record_ids"]
        );
    }
    println!(
        "{} contexts of reading and {} of synchronising are exact",
        groups.len(),
        folders.len()
    );
}

/// Returns what the lines name that a record of the group proves.
fn proved_by(lines: &[Value], group: &Value) -> Touched {
    let records = texts(&group["record_ids"]);
    let mailbox = group["mailbox"].as_str().unwrap_or_default();
    let is_own = |line: &&Value| {
        let of = line["mailbox"].as_str().unwrap_or_default();
        of.eq_ignore_ascii_case(mailbox) && !texts(&line["records"]).is_disjoint(&records)
    };
    Touched::of(lines.iter().filter(is_own))
}

/// Returns the filters with the key's values behind the options that take one.
fn filters(options: &[&str], key: &Value) -> Vec<String> {
    let mut values = match key {
        Value::Array(values) => values.clone(),
        one => vec![one.clone()],
    }
    .into_iter();
    let mut filters = vec!["--type".to_string(), "bind".to_string()];
    for option in options {
        filters.push((*option).to_string());
        if *option != "--foreground" {
            let value = values.next().expect("the key has a value for each option");
            filters.push(value.as_str().unwrap_or_default().to_string());
        }
    }
    filters
}

fn check(house: &House, filters: &[impl AsRef<str>], expected: &Value, what: &str) {
    let filters: Vec<&str> = filters.iter().map(AsRef::as_ref).collect();
    assert_eq!(
        house.touched(&filters).messages,
        texts(expected),
        "{what}: {filters:?}"
    );
}
