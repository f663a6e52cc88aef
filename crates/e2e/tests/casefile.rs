//! A case from outside: decided, explained, pinned, compared, reported, sealed.

use crate::house::{House, Run, checkout};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const MAILBOX: &str = "nora.lindqvist@fabrikam-logistics.example";

/// The application of the demo's story that was consented to.
const SEED: &str = "app=b7a4c2d8-35e1-4c0f-9a6d-2f81e0c754b9";

/// Returns a house with the demo's export in it, and the case of its application.
fn with_case() -> (House, Value) {
    let house = House::new();
    house.import(&[checkout().join("demo/export")]);
    let case = investigated(&house, SEED);
    (house, case)
}

fn investigated(house: &House, seed: &str) -> Value {
    let run = house.run(&["--format", "json", "investigate", MAILBOX, "--seed", seed]);
    assert!(run.code == 0 || run.code == 6, "{}", run.stderr);
    run.json()
}

fn name(case: &Value) -> &str {
    case["case"].as_str().expect("a case has a name")
}

fn ran(house: &House, words: &[&str]) -> Run {
    let run = house.run(words);
    assert!(
        run.code == 0 || run.code == 6,
        "{words:?} ended with {}: {}",
        run.code,
        run.stderr
    );
    run
}

fn exported(house: &House, case: &str, file: &str) -> Vec<u8> {
    let path = house.path(file);
    ran(
        house,
        &["evidence", "export", case, "--out", &path.to_string_lossy()],
    );
    std::fs::read(path).expect("the pack was written")
}

fn verified(house: &House, pack: &Path) -> Run {
    house.run(&[
        "--format",
        "json",
        "evidence",
        "verify",
        &pack.to_string_lossy(),
    ])
}

#[test]
fn the_same_question_opens_the_same_case_and_another_a_new_one() {
    let (house, first) = with_case();
    assert_eq!(name(&investigated(&house, SEED)), name(&first));
    assert_ne!(name(&investigated(&house, "ip=203.0.113.47")), name(&first));
    let listed = ran(&house, &["--format", "json", "case", "list"]).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    let shown = ran(&house, &["--format", "json", "case", "show", name(&first)]).json();
    assert_eq!(shown, first);
}

#[test]
fn a_decision_is_kept_with_its_reason_and_can_be_taken_back() {
    let (house, before) = with_case();
    let contexts = before["contexts"].as_array().expect("contexts");
    let intruder = contexts
        .iter()
        .find(|context| context["verdict"] == "INTRUDER")
        .and_then(|context| context["id"].as_str())
        .expect("the application's context");
    let decide = |verdict: &str| {
        ran(
            &house,
            &[
                "--format",
                "json",
                "case",
                "verdict",
                name(&before),
                intruder,
                verdict,
                "--reason",
                "she ordered it herself",
                "--by",
                "mira",
            ],
        )
        .json()
    };
    let after = decide("OWNER");
    let decided = after["contexts"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|context| context["id"] == intruder)
        .expect("the context stays");
    assert_eq!(decided["verdict"], "OWNER");
    assert_eq!(decided["overridden"], true);
    let reason = decided["reasons"][0].as_str().unwrap_or_default();
    assert!(reason.contains("she ordered it herself"), "{reason}");
    assert_ne!(after["counts"], before["counts"]);
    assert_ne!(after["snapshot"], before["snapshot"]);
    assert_eq!(decide("engine")["counts"], before["counts"]);
    let refused = house.run(&[
        "case",
        "verdict",
        name(&before),
        "c-nobody",
        "OWNER",
        "--reason",
        "x",
    ]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
}

#[test]
fn notes_and_tags_stay_with_the_case() {
    let (house, case) = with_case();
    ran(
        &house,
        &[
            "case",
            "note",
            name(&case),
            "called the bank",
            "--by",
            "mira",
        ],
    );
    let message = case["messages"][0]["internet_message_id"]
        .as_str()
        .expect("a message");
    ran(
        &house,
        &[
            "case",
            "tag",
            name(&case),
            message,
            "privileged",
            "--by",
            "mira",
        ],
    );
    let shown = ran(&house, &["--format", "json", "case", "show", name(&case)]).json();
    let entries: Vec<_> = shown["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| {
            (
                entry["kind"].as_str(),
                entry["object"].as_str(),
                entry["value"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            (Some("note"), Some(""), Some("called the bank")),
            (Some("tag"), Some(message), Some("privileged")),
        ]
    );
    let eyes = ran(&house, &["case", "show", name(&case)]).stdout;
    assert!(
        eyes.contains("called the bank") && eyes.contains("privileged"),
        "{eyes}"
    );
}

#[test]
fn a_path_of_evidence_leads_from_the_seed() {
    let (house, case) = with_case();
    let intruder = case["contexts"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|context| context["verdict"] == "INTRUDER")
        .and_then(|context| context["id"].as_str())
        .expect("the application's context");
    let steps = ran(
        &house,
        &["--format", "json", "case", "why", name(&case), intruder],
    )
    .json();
    let steps = steps.as_array().expect("steps");
    assert_eq!(steps[0]["from"], SEED, "{steps:?}");
    assert_eq!(steps[steps.len() - 1]["to"], intruder, "{steps:?}");
}

#[test]
fn a_snapshot_gives_its_numbers_again_after_the_lake_has_grown() {
    let (house, before) = with_case();
    let pinned = ran(
        &house,
        &["--format", "json", "case", "snapshot", name(&before)],
    )
    .json();
    let snapshot = pinned["snapshot"].as_str().expect("a snapshot has a name");
    assert_eq!(snapshot, before["snapshot"]);
    let more = house.write(
        "more.jsonl",
        format!(
            "{{\"CreationTime\":\"2026-03-10T11:26:00\",\"Id\":\"7d1d4a6e-0009-4000-8000-000000000009\",\"Operation\":\"MailItemsAccessed\",\
             \"OrganizationId\":{},\"RecordType\":50,\"ResultStatus\":\"Succeeded\",\"UserType\":0,\"UserId\":\"{MAILBOX}\",\"Workload\":\"Exchange\",\
             \"ClientIPAddress\":\"20.190.160.24\",\"ClientInfoString\":\"Client=REST;;\",\"ClientAppId\":\"{}\",\"MailboxOwnerUPN\":\"{MAILBOX}\",\"LogonType\":0,\
             \"OperationProperties\":[{{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}}],\
             \"Folders\":[{{\"Id\":\"F9\",\"Path\":\"\\\\Inbox\",\"FolderItems\":[{{\"InternetMessageId\":\"<late.1@harbour.example>\"}}]}}]}}\n",
            before["tenant"],
            SEED.trim_start_matches("app="),
        ),
    );
    let (report, code) = house.import(&[more]);
    assert_eq!((code, &report["new"]), (0, &1.into()), "{report}");
    ran(&house, &["lake", "compact"]);
    let after = ran(&house, &["--format", "json", "case", "show", name(&before)]).json();
    assert_ne!(after["counts"], before["counts"]);
    let again = ran(
        &house,
        &[
            "--format",
            "json",
            "case",
            "show",
            name(&before),
            "--snapshot",
            &snapshot[..12],
        ],
    )
    .json();
    assert_eq!(again["counts"], before["counts"]);
    assert_eq!(again["messages"], before["messages"]);
    let changes = ran(
        &house,
        &[
            "--format",
            "json",
            "case",
            "diff",
            name(&before),
            &snapshot[..12],
        ],
    )
    .json();
    let expected = serde_json::json!([
        {"internet_message_id": "<late.1@harbour.example>", "before": null, "after": "P1"}
    ]);
    assert_eq!(changes, expected);
}

#[test]
fn a_report_is_written_in_every_form_and_hides_what_it_is_told_to() {
    let (house, case) = with_case();
    let folder = house.path("reports");
    let out = folder.to_string_lossy();
    let all = "html,pdf,xlsx,csv,json,timesketch";
    let run = ran(
        &house,
        &["report", name(&case), "--format", all, "--out", &out],
    );
    assert_eq!(run.stdout.lines().count(), 6, "{}", run.stdout);
    let read = |name: &str| std::fs::read(folder.join(name)).expect("the report was written");
    let html = String::from_utf8(read(&format!("{}.html", name(&case)))).expect("UTF-8");
    let statement = case["statement"].as_str().unwrap_or_default();
    assert!(
        html.contains(&statement[..60]),
        "the page leads with the statement"
    );
    for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(read(&format!("{}.pdf", name(&case))).starts_with(b"%PDF-"));
    assert!(read(&format!("{}.xlsx", name(&case))).starts_with(b"PK"));
    let json: Value =
        serde_json::from_slice(&read(&format!("{}.json", name(&case)))).expect("JSON");
    assert_eq!(json["messages"], case["messages"]);
    ran(
        &house,
        &[
            "report",
            name(&case),
            "--format",
            "html,csv,json",
            "--redact",
            "--out",
            &out,
        ],
    );
    for form in ["html", "csv", "json"] {
        let text = String::from_utf8(read(&format!("report-redacted.{form}"))).expect("UTF-8");
        assert!(!text.contains("nora.lindqvist"), "{form} names the person");
        let subjects = case["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|message| message["subject"].as_str())
            .filter(|subject| subject.len() > 8);
        for subject in subjects {
            assert!(!text.contains(subject), "{form} holds `{subject}`");
        }
        assert!(text.contains("address-"), "{form}");
    }
}

/// Returns the letters and digits of a text in lower case: what two spellings have in common.
fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace("%40", "").replace("[at]", "");
    text.chars().filter(|one| one.is_alphanumeric()).collect()
}

/// Returns every text in a JSON document but for Message-IDs, which look like addresses.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(all) => all
            .iter()
            .filter(|(key, _)| !key.contains("message_id") && *key != "object")
            .for_each(|(_, one)| texts(one, found)),
        _ => {}
    }
}

fn addresses(case: &Value) -> Vec<String> {
    let mut found = Vec::new();
    texts(case, &mut found);
    let is_part = |one: char| one.is_alphanumeric() || "._%+'-@".contains(one);
    let mut addresses: Vec<String> = found
        .iter()
        .flat_map(|text| text.split(|one| !is_part(one)))
        .map(|word| {
            word.trim_matches(|one: char| !one.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|word| {
            word.split_once('@')
                .is_some_and(|(_, domain)| domain.contains('.'))
        })
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

/// Returns everything in a workbook as text.
fn unzipped(bytes: &[u8]) -> String {
    let mut workbook = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut text = String::new();
    for at in 0..workbook.len() {
        let mut member = workbook.by_index(at).expect("a member");
        std::io::Read::read_to_string(&mut member, &mut text).expect("text");
    }
    text
}

#[test]
fn a_redacted_report_tells_no_address_in_any_spelling_and_no_name() {
    let (house, case) = with_case();
    let contexts = case["contexts"].as_array().expect("contexts");
    let context = contexts[0]["id"].as_str().expect("an id");
    let known = addresses(&case);
    assert!(known.len() > 5, "{known:?}");
    for address in &known {
        let (local, domain) = address.split_once('@').expect("an address");
        let flat = |text: &str| text.replace(|one: char| !one.is_alphanumeric(), "_");
        let note = format!(
            "{} or {local}%40{domain}, {local}[at]{domain}, /personal/{}_{}/Documents; \
             /o=Exchange/cn=Recipients/cn=7f3a-{local}; {local} said so",
            address.to_uppercase(),
            flat(local),
            flat(domain)
        );
        ran(
            &house,
            &["case", "note", name(&case), &note, "--by", address],
        );
    }
    let why = "Nora Lindqvist told Lindqvist's brother, nora.lindqvist it was";
    let verdict = [
        "case",
        "verdict",
        name(&case),
        context,
        "INTRUDER",
        "--reason",
        why,
    ];
    ran(
        &house,
        &[&verdict[..], &["--by", "nora.lindqvist"]].concat(),
    );
    let out = house.path("redacted").to_string_lossy().into_owned();
    for profile in ["legal", "exec", "user", "insurer"] {
        let formats = "html,csv,json,xlsx,timesketch";
        ran(
            &house,
            &[
                "report",
                name(&case),
                "--redact",
                "--profile",
                profile,
                "--format",
                formats,
                "--out",
                &out,
            ],
        );
        for form in ["html", "csv", "json", "xlsx", "timesketch.jsonl"] {
            let path = house
                .path("redacted")
                .join(format!("report-redacted.{form}"));
            let bytes = std::fs::read(path).expect("the report was written");
            let text = if form == "xlsx" {
                unzipped(&bytes)
            } else {
                String::from_utf8(bytes).expect("UTF-8")
            };
            let all = folded(&text);
            for address in &known {
                assert!(
                    !all.contains(&folded(address)),
                    "{profile} {form}: {address}"
                );
            }
            for part in ["lindqvist", "fabrikam-logistics", "sharepoint.com/personal"] {
                let lower = text.to_lowercase();
                let told = lower.find(part).map(|at| {
                    let from = lower.floor_char_boundary(at.saturating_sub(80));
                    &lower[from..lower.floor_char_boundary(at + 80)]
                });
                assert_eq!(told, None, "{profile} {form}: {part}");
            }
            let is_of_case = text.contains("address-");
            assert!(is_of_case || matches!(form, "xlsx"), "{profile} {form}");
        }
    }
}

#[test]
fn the_same_records_give_the_same_answer_whenever_they_were_imported() {
    let (house, case) = with_case();
    let first = exported(&house, name(&case), "one.zip");
    house.import(&[checkout().join("demo/export")]);
    assert_eq!(first, exported(&house, name(&case), "two.zip"));
    // The clock of the ledger counts whole seconds: another house is another import's time.
    let (other, same) = with_case();
    assert_eq!(same["snapshot"], case["snapshot"]);
    assert_eq!(same, case);
    let context = case["contexts"][0]["id"].as_str().expect("a context");
    let decide = [
        "case",
        "verdict",
        name(&case),
        context,
        "OWNER",
        "--reason",
        "asked",
    ];
    for (house, by) in [(&house, "mira"), (&other, "jon")] {
        ran(house, &[&decide[..], &["--by", by]].concat());
    }
    let decided = |house: &House| {
        let shown = ran(house, &["--format", "json", "case", "show", name(&case)]);
        shown.json()["snapshot"].clone()
    };
    assert_eq!(decided(&house), decided(&other));
    assert_ne!(decided(&house), case["snapshot"]);
    ran(&house, &["case", "note", name(&case), "called the bank"]);
    assert_eq!(decided(&house), decided(&other), "a note changes no number");
}

#[test]
fn what_is_not_in_the_case_is_neither_tagged_nor_noted() {
    let (house, case) = with_case();
    let refused: [&[&str]; 3] = [
        &["case", "tag", name(&case), "nothing", "foo"],
        &["case", "note", name(&case), "a note", "--on", "nothing"],
        &["case", "why", name(&case), "nothing"],
    ];
    for words in refused {
        let run = house.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}", run.stderr);
        assert!(run.stderr.contains("`nothing`"), "{}", run.stderr);
    }
    let record = case["contexts"][0]["evidence"][0].as_str();
    let message = case["messages"][0]["internet_message_id"].as_str();
    let context = case["contexts"][0]["id"].as_str();
    for object in [record, message, context].into_iter().flatten() {
        ran(&house, &["case", "tag", name(&case), object, "seen"]);
    }
}

#[test]
fn a_session_may_be_typed_as_far_as_tables_print_it() {
    let (house, case) = with_case();
    let contexts = case["contexts"].as_array().into_iter().flatten();
    let session = contexts
        .filter_map(|context| context["sessions"][0].as_str())
        .find(|session| session.len() > 8)
        .expect("a context with a session");
    let seed = |text: &str| format!("session={text}");
    let whole = investigated(&house, &seed(session));
    let short = investigated(&house, &seed(&session[..8]));
    assert_eq!(short["seeds"], whole["seeds"]);
    assert_eq!(short["counts"], whole["counts"]);
    assert_eq!(
        house.touched(&["--session", &session[..8]]),
        house.touched(&["--session", session])
    );
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    let (house, _) = with_case();
    let ends = ["--since", "2026-03-10", "--until", "2026-03-01"];
    for words in [&["investigate", MAILBOX][..], &["messages"][..]] {
        let run = house.run(&[words, &ends].concat());
        assert_eq!(run.code, 2, "{words:?}: {}", run.stderr);
    }
}

#[test]
fn a_case_exported_twice_is_the_same_pack_and_its_sums_hold() {
    let (house, case) = with_case();
    let first = exported(&house, name(&case), "one.zip");
    assert_eq!(first, exported(&house, name(&case), "two.zip"));
    let run = verified(&house, &house.path("one.zip"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.json()["verified"], true);
    let other = "00".repeat(32);
    let path = house.path("one.zip");
    let wrong = house.run(&[
        "evidence",
        "verify",
        &path.to_string_lossy(),
        "--key",
        &other,
    ]);
    assert_eq!(wrong.code, 8, "{}", wrong.stdout);
    let unpacked = house.path("unpacked");
    let unzip = Command::new("unzip")
        .arg("-q")
        .arg(&path)
        .arg("-d")
        .arg(&unpacked)
        .status();
    if !unzip.is_ok_and(|status| status.success()) {
        eprintln!("skipped: sha256sum -c needs unzip");
        return;
    }
    let sums = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
        .current_dir(&unpacked)
        .status()
        .expect("sha256sum starts");
    assert!(sums.success());
}

#[test]
fn a_changed_byte_anywhere_in_a_pack_is_found_and_named() {
    let (house, case) = with_case();
    let whole = exported(&house, name(&case), "whole.zip");
    // Every byte of a small pack is flipped in the room's own tests; here the binary is asked
    // along a real one.
    let step = whole.len() / 40;
    for at in (0..whole.len())
        .step_by(step.max(1))
        .chain([whole.len() - 1])
    {
        let mut changed = whole.clone();
        changed[at] ^= 0x20;
        let path = house.write("changed.zip", &changed);
        let run = verified(&house, &path);
        assert_eq!(run.code, 8, "byte {at}: {}", run.stdout);
        let found = run.json();
        assert_eq!(found["verified"], false);
        let file = found["difference"]["file"].as_str().unwrap_or_default();
        assert!(!file.is_empty(), "byte {at}: {found}");
    }
    let path = house.write("short.zip", &whole[..whole.len() / 2]);
    assert_eq!(verified(&house, &path).code, 8);
    let path = house.write("none.zip", b"no pack at all");
    assert_eq!(verified(&house, &path).code, 8);
}

#[test]
fn what_cannot_be_is_said_with_a_hint() {
    let house = House::new();
    for words in [
        &["investigate", "nobody@example.com"][..],
        &["investigate", "nobody@example.com", "--seed", "colour=red"],
        &[
            "investigate",
            "nobody@example.com",
            "--seed",
            "ip=not-an-address",
        ],
        &["case", "show", "none"],
        &["report", "none"],
        &["--format", "html", "messages"],
    ] {
        let run = house.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}", run.stderr);
        assert!(run.stderr.contains("hint:"), "{words:?}: {}", run.stderr);
    }
}
