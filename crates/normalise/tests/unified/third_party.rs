//! Third-party records that lie beside a developer's checkout: read in place, never
//! copied, and skipped where they are absent.

use crate::{check_reassembly, raw, repeats_an_item, with};
use model::json::parse;
use model::{ActorKind, Normalised, Raw, Shape};
use normalise::{Context, normalise};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn data(path: &str) -> Option<String> {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(path);
    let text = std::fs::read(&path).ok();
    if text.is_none() {
        skipped(&path.display().to_string());
    }
    text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[allow(clippy::print_stderr)]
fn skipped(path: &str) {
    eprintln!("skipped: {path} is not here");
}

fn lines(text: &str) -> Vec<Raw<'_>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .filter(|line| parse(line).is_ok())
        .map(|line| raw(Shape::UnifiedAudit, line))
        .collect()
}

/// Looks at each record of a file of JSON lines.
fn each(path: &str, mut look: impl FnMut(&Raw<'_>, &Normalised<'_>)) {
    let Some(text) = data(path) else { return };
    for raw in lines(&text) {
        look(&raw, &normalise(&raw, &Context::default()));
    }
}

#[test]
fn dirty_nulls_give_eight_whole_records_and_two_errors() {
    let (mut whole, mut errors) = (0, Vec::new());
    each("dirty/23-nulls.jsonl", |_, found| {
        whole += usize::from(!found.damaged);
        errors.extend(found.errors.clone());
    });
    if whole > 0 {
        assert_eq!((whole, errors.len()), (8, 2), "{errors:?}");
    }
}

#[test]
fn dirty_numbers_as_strings_change_nothing() {
    let mut count = 0;
    each("dirty/24-numbers-as-strings.jsonl", |_, found| {
        count += 1;
        assert!(
            found.event.record_type.is_some() && found.errors.is_empty(),
            "{:?}",
            found.errors
        );
        assert_ne!(found.event.user_kind, ActorKind::Unknown);
    });
    assert!(count == 0 || count == 10);
}

#[test]
fn dirty_dates_give_the_second_they_mean() {
    let Some(expected) = data("dirty/25-dates.expect.json") else {
        return;
    };
    let expected: Vec<serde_json::Value> = serde_json::from_str(&expected).expect("the list");
    let (mut damaged, mut errors) = (0, 0);
    each("dirty/25-dates.jsonl", |_, found| {
        let wanted = expected
            .iter()
            .find(|row| row["id"] == found.event.id.as_str())
            .expect("a row");
        let second = found
            .event
            .time
            .map(|time| model::Timestamp(time.0 - time.0.rem_euclid(1_000_000)).to_string());
        assert_eq!(second.as_deref(), wanted["utc"].as_str(), "{wanted}");
        damaged += usize::from(found.damaged);
        errors += found.errors.len();
    });
    assert_eq!((damaged, errors), (2, 2));
}

#[test]
fn dirty_addresses_are_bare() {
    let mut found = BTreeSet::new();
    each("dirty/27-ip-formats.jsonl", |_, record| {
        found.extend(record.event.address.map(|address| address.to_string()));
    });
    if !found.is_empty() {
        let expected = [
            "178.85.138.132",
            "2603:1026:c02:282a::5",
            "2603:10a6:800:125::13",
            "80.114.221.214",
            "::1",
        ];
        assert_eq!(found, expected.map(str::to_owned).into());
    }
}

#[test]
fn dirty_huge_record_has_six_messages() {
    let mut distinct = BTreeSet::new();
    each("dirty/21-huge-record-5MB.jsonl", |_, found| {
        distinct.extend(
            found
                .items
                .iter()
                .map(|item| item.internet_message_id.to_string()),
        );
        assert!(
            found.event.rest.len() < 5000,
            "what the items say is not kept twice"
        );
    });
    distinct.remove("");
    assert!(distinct.is_empty() || distinct.len() == 6, "{distinct:?}");
}

#[test]
fn dirty_rules_are_recognised_in_every_dress() {
    for path in [
        "dirty/41-hostile-strings.jsonl",
        "dirty/42-parameters-other-types.jsonl",
        "dirty/43-lowercase-keys.jsonl",
    ] {
        each(path, |raw, found| {
            assert_eq!(found.event.action, "New-InboxRule", "{path}");
            assert!(
                found.event.time.is_some()
                    && !found.event.id_made
                    && !found.event.mailbox.is_empty(),
                "{path}"
            );
            let bag = normalise::bag(raw.body.get_any_case("Parameters").expect("parameters"));
            assert!(bag.entry("Name").is_some(), "{path}");
        });
    }
}

#[test]
fn dirty_order_of_keys_makes_no_other_record() {
    let mut prints = BTreeSet::new();
    each("dirty/22b-duplicates-reordered.jsonl", |_, found| {
        prints.insert((found.event.id.to_string(), found.event.fingerprint));
    });
    assert!(prints.len() <= 1);
    let mut conflict = BTreeSet::new();
    each("dirty/22c-duplicate-id-conflict.jsonl", |_, found| {
        conflict.insert((found.event.id.to_string(), found.event.fingerprint));
    });
    assert!(conflict.is_empty() || conflict.len() == 2);
}

const INVICTUS: &[&str] = &[
    "real/invictus-ual-auditdata-2021-03-23_2021-03-31.jsonl",
    "real/invictus-ual-auditdata-2021-04-16_one-mailboxpermission.jsonl",
    "real/invictus-ual-auditdata-2021-04-21_2021-05-31.jsonl",
    "real/invictus-ual-auditdata-2021-06-15_2021-06-30.jsonl",
    "real/invictus-ual-auditdata-2021-07-01_2021-07-18.jsonl",
];

/// What the questions of the ground truth ask of one record.
struct Access {
    mailbox: String,
    address: String,
    session: String,
    app: String,
    agent: String,
    items: Vec<(String, String)>,
}

fn accesses() -> BTreeMap<String, Access> {
    let mut all = BTreeMap::new();
    for path in INVICTUS {
        each(path, |_, found| {
            let event = &found.event;
            if event.action == "MailItemsAccessed" {
                let access = Access {
                    mailbox: event.mailbox.to_string(),
                    address: event
                        .address
                        .map(|address| address.to_string())
                        .unwrap_or_default(),
                    session: event.session.to_string(),
                    app: event.app.to_string(),
                    agent: event.agent.to_string(),
                    items: found
                        .items
                        .iter()
                        .map(|item| {
                            (
                                item.internet_message_id.to_string(),
                                item.folder_id.to_string(),
                            )
                        })
                        .collect(),
                };
                all.insert(event.id.to_string(), access);
            }
        });
    }
    all
}

fn texts(value: &serde_json::Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn read_by(all: &BTreeMap<String, Access>, matches: impl Fn(&Access) -> bool) -> BTreeSet<String> {
    let items = all
        .values()
        .filter(|access| matches(access))
        .flat_map(|access| &access.items);
    items
        .map(|(message, _)| message.clone())
        .filter(|message| !message.is_empty())
        .collect()
}

#[test]
fn ground_truth_every_group_of_mail_access_is_exact() {
    let Some(truth) = data("groundtruth.json") else {
        return;
    };
    let truth: serde_json::Value = serde_json::from_str(&truth).expect("JSON");
    let all = accesses();
    let dev = &truth["invictus"]["mail_access"]["dev"];
    for group in dev["bind_groups"].as_array().expect("groups") {
        let records = texts(&group["record_ids"]);
        let of_group: BTreeSet<String> = records
            .iter()
            .flat_map(|id| &all[id].items)
            .map(|(message, _)| message.clone())
            .filter(|message| !message.is_empty())
            .collect();
        assert_eq!(of_group, texts(&group["internet_message_ids"]), "{group}");
        for access in records.iter().map(|id| &all[id]) {
            assert_eq!(
                access.mailbox,
                group["mailbox"].as_str().unwrap_or_default().to_lowercase()
            );
            assert_eq!(
                access.session,
                group["session_id"].as_str().unwrap_or_default()
            );
            let background = access.agent.contains("RESTSystem");
            assert_eq!(
                background,
                group["background"].as_bool().unwrap_or_default(),
                "{}",
                access.agent
            );
            if let Some(app) = group["client_app_id"]
                .as_str()
                .filter(|app| !app.is_empty())
            {
                assert_eq!(access.app, app);
            }
        }
    }
    for group in dev["sync_groups"].as_array().expect("groups") {
        let folders: BTreeSet<String> = texts(&group["record_ids"])
            .iter()
            .flat_map(|id| &all[id].items)
            .map(|(_, folder)| folder.clone())
            .collect();
        let expected = group["folders"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|folder| folder["id"].as_str());
        assert_eq!(folders, expected.map(str::to_owned).collect());
    }
    for (key, foreground) in [("by_mailbox_all", false), ("by_mailbox_foreground", true)] {
        for group in dev[key].as_array().expect("groups") {
            let mailbox = group["key"].as_str().expect("a mailbox").to_lowercase();
            let messages = read_by(&all, |access| {
                access.mailbox == mailbox && !(foreground && access.agent.contains("RESTSystem"))
            });
            assert_eq!(
                messages,
                texts(&group["internet_message_ids"]),
                "{key} {mailbox}"
            );
        }
    }
    for group in dev["by_mailbox_clientapp"].as_array().expect("groups") {
        let (mailbox, app) = (
            group["key"][0].as_str().unwrap_or_default().to_lowercase(),
            group["key"][1].as_str().unwrap_or_default(),
        );
        let messages = read_by(&all, |access| {
            access.mailbox == mailbox && access.app == app
        });
        assert_eq!(
            messages,
            texts(&group["internet_message_ids"]),
            "{mailbox} {app}"
        );
    }
    for group in dev["by_mailbox_ip_foreground"].as_array().expect("groups") {
        let (mailbox, address) = (
            group["key"][0].as_str().unwrap_or_default().to_lowercase(),
            group["key"][1].as_str().unwrap_or_default(),
        );
        let messages = read_by(&all, |access| {
            access.mailbox == mailbox
                && access.address == address
                && !access.agent.contains("RESTSystem")
        });
        assert_eq!(
            messages,
            texts(&group["internet_message_ids"]),
            "{mailbox} {address}"
        );
    }
}

#[test]
fn ground_truth_the_questions_are_answered_exactly() {
    let Some(truth) = data("groundtruth.json") else {
        return;
    };
    let truth: serde_json::Value = serde_json::from_str(&truth).expect("JSON");
    let all = accesses();
    for question in truth["invictus"]["questions"]
        .as_array()
        .expect("questions")
    {
        let messages: BTreeSet<String> = texts(&question["record_ids"])
            .iter()
            .flat_map(|id| &all[id].items)
            .map(|(message, _)| message.clone())
            .filter(|message| !message.is_empty())
            .collect();
        assert_eq!(
            messages,
            texts(&question["internet_message_ids"]),
            "{}",
            question["id"]
        );
    }
}

#[test]
fn real_records_are_whole_and_put_together_again() {
    let mut files: Vec<String> = INVICTUS.iter().map(|path| (*path).to_owned()).collect();
    files.extend(
        [
            "01-exchange-admin.a",
            "02-exchange-item.a",
            "04-sharepoint.a",
            "06-sharepointfileop.a",
            "08-azuread.a",
            "15-azuread-sts-logon.a",
            "25-ms-teams.a",
            "ip-formats.a",
            "str-params.a",
        ]
        .map(|name| format!("real/elastic-o365-{name}.jsonl")),
    );
    files.extend(
        ["exchange", "sharepoint", "azureactivedirectory"]
            .map(|name| format!("real/panther-microsoft365-audit-{name}.jsonl")),
    );
    let mut errors = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for path in files {
        each(&path, |raw, found| {
            let is_record = raw.body.get_any_case("Operation").is_some();
            if !is_record || !seen.insert(found.event.fingerprint) {
                return;
            }
            for error in &found.errors {
                *errors.entry(format!("{path}: {error}")).or_insert(0) += 1;
            }
            if !repeats_an_item(&raw.body) {
                check_reassembly(&raw.body, found);
            }
        });
    }
    assert_eq!(errors, BTreeMap::new());
}

#[test]
fn real_row_of_sentinel_names_its_messages() {
    let Some(text) = data("real/otrf-goldensaml-OfficeActivityEvents.json") else {
        return;
    };
    let rows = text
        .lines()
        .filter(|line| line.contains("\"MailItemsAccessed\""));
    for row in rows {
        with(Shape::OfficeActivity, row, |found| {
            assert_eq!((found.items.len(), found.event.record_type), (6, Some(50)));
            assert_eq!(&*found.event.app, "5a95e683-08ad-424e-a441-1d1aec52c02c");
        });
    }
}
