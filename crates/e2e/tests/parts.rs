//! One body of evidence in other portions and other dresses: the answers stay the same.

use crate::house::{House, checkout};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The questions whose answers are compared.
const QUESTIONS: &[&[&str]] = &[
    &[],
    &["--foreground"],
    &["--mailbox", "nora.lindqvist", "--type", "bind"],
    &["--ip", "203.0.113.47"],
];

#[test]
fn five_imports_of_parts_answer_like_one_import_and_compaction_changes_nothing() {
    let whole = House::new();
    assert_eq!(whole.import(&[checkout().join("demo/export")]).1, 0);
    let parted = House::new();
    for part in parts(&parted) {
        assert_eq!(parted.import(&[part]).1, 0);
    }
    let expected = answers(&whole);
    assert!(expected[0].len() > 50, "{} lines", expected[0].len());
    assert_eq!(answers(&parted), expected, "five imports of parts");
    for house in [&whole, &parted] {
        let run = house.run(&["lake", "compact"]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert_eq!(answers(house), expected, "after compaction");
        let verify = house.run(&["lake", "verify"]);
        assert_eq!(verify.code, 0, "{}{}", verify.stdout, verify.stderr);
    }
}

fn answers(house: &House) -> Vec<Vec<Value>> {
    QUESTIONS
        .iter()
        .map(|question| house.lines(question))
        .collect()
}

/// Returns the demo's export in five parts: the portal's rows dealt out to two files, so
/// that each holds something of every day, and the other files as they are.
fn parts(house: &House) -> Vec<PathBuf> {
    let export = checkout().join("demo/export");
    let text = std::fs::read_to_string(export.join("purview-audit.csv")).expect("the export");
    let (header, rows) = text.split_once('\n').expect("a header and rows");
    let mut parts = vec![export.join("signins.json")];
    for remainder in [1, 0] {
        let own = rows.lines().enumerate();
        let own = own.filter(|(number, _)| number % 2 == remainder);
        let own: Vec<&str> = own.map(|(_, row)| row).collect();
        parts.push(house.write(
            &format!("part-{remainder}.csv"),
            format!("{header}\n{}\n", own.join("\n")),
        ));
    }
    parts.push(export.join("search-unifiedauditlog.csv"));
    parts.push(export.join("message-trace.csv"));
    parts
}

const RECORD: &str = "7d1d4a6e-0003-4000-8000-000000000003";
const TENANT: &str = "5f0c3b1e-8d27-4a64-9b1f-6c2e7d90a413";
const MAILBOX: &str = "nora.lindqvist@fabrikam-logistics.example";

/// A reading of one message, as the audit log says it.
fn audit_data() -> Value {
    json!({
        "CreationTime": "2026-03-10T09:41:00", "Id": RECORD, "Operation": "MailItemsAccessed",
        "OrganizationId": TENANT, "RecordType": 50, "ResultStatus": "Succeeded", "UserType": 0,
        "UserId": MAILBOX, "UserKey": "10032001F2A3B4C5", "Version": 1, "Workload": "Exchange",
        "ClientIPAddress": "203.0.113.47", "ClientInfoString": "Client=OWA;Action=ViaProxy",
        "LogonType": 0, "MailboxOwnerUPN": MAILBOX, "OperationCount": 1,
        "OperationProperties": [{"Name": "MailAccessType", "Value": "Bind"}, {"Name": "IsThrottled", "Value": "False"}],
        "Folders": folders(),
    })
}

/// The same reading as a row of Sentinel's table: keys renamed, numbers named, lists as text.
fn office_activity() -> Value {
    json!({
        "TimeGenerated": "2026-03-10T09:41:00Z", "OfficeId": RECORD, "Operation": "MailItemsAccessed",
        "OrganizationId": TENANT, "RecordType": "ExchangeItemAggregated", "ResultStatus": "Succeeded",
        "UserType": "Regular", "UserId": MAILBOX, "UserKey": "10032001F2A3B4C5",
        "OfficeWorkload": "Exchange", "Client_IPAddress": "203.0.113.47",
        "ClientInfoString": "Client=OWA;Action=ViaProxy", "Logon_Type": "Owner", "MailboxOwnerUPN": MAILBOX,
        "OperationProperties": r#"[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}]"#,
        "Folders": folders().to_string(), "Type": "OfficeActivity",
    })
}

fn folders() -> Value {
    json!([{
        "Id": "LgAAAAB1", "Path": "\\Inbox",
        "FolderItems": [{"Id": "RgAAAAB1", "InternetMessageId": "<dressed.1@fabrikam-logistics.example>", "SizeInBytes": 4711}],
    }])
}

#[test]
fn a_row_of_sentinel_and_its_audit_record_are_one_record_in_either_order() {
    let mut answers = Vec::new();
    for order in [
        [audit_data(), office_activity()],
        [office_activity(), audit_data()],
    ] {
        let house = House::new();
        for (number, record) in order.iter().enumerate() {
            let path = house.write(&format!("{number}.jsonl"), format!("{record}\n"));
            let (report, code) = house.import(&[path]);
            assert_eq!(code, 0, "{report}");
            assert_eq!(report["files"][0]["errors"], json!([]), "{report}");
            assert_eq!(report["new"], 1 - number, "{report}");
        }
        for table in ["unified", "mail_items"] {
            let query = format!("SELECT count(DISTINCT record_id) AS n FROM {table}");
            assert_eq!(house.count(&query), 1, "{table}");
        }
        let lines = house.lines(&[]);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(
            lines[0]["internet_message_id"],
            "<dressed.1@fabrikam-logistics.example>"
        );
        assert_eq!(
            (&lines[0]["times"], &lines[0]["records"]),
            (&json!(1), &json!([RECORD]))
        );
        assert_eq!(house.run(&["lake", "verify"]).code, 0);
        answers.push(lines);
    }
    assert_eq!(answers[0], answers[1]);
}

/// A file that opens and cannot be read costs itself alone.
#[cfg(target_os = "linux")]
#[test]
fn an_input_that_cannot_be_read_costs_no_other() {
    let house = House::new();
    let export = checkout().join("demo/export");
    let unreadable = PathBuf::from("/proc/self/mem");
    let (report, code) = house.import(&[
        export.join("signins.json"),
        unreadable,
        export.join("message-trace.csv"),
    ]);
    assert_eq!(code, 3, "{report}");
    assert_eq!(report["new"], 91, "{report}");
    let errors: Vec<usize> = report["files"]
        .as_array()
        .expect("a list of files")
        .iter()
        .map(|file| file["errors"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(errors, [0, 1, 0], "{report}");
}
