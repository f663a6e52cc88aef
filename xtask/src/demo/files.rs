//! The story dressed as the files that a customer would hand over, and its answers.

use super::audit::{Ending, OFFICE_HOME, Record, agent_of};
use super::mailbox::{DOMAIN, Message};
use super::object::Object;
use super::seed::Seed;
use super::told::{SignIn, Told};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Returns every file of the demo, by its path in the checkout.
pub(super) fn dressed(told: &Told) -> BTreeMap<String, Vec<u8>> {
    let portal = with_repeats(&told.records);
    let search: Vec<&Record> = told
        .records
        .iter()
        .filter(|record| record.time.iso().starts_with("2026-03-11"))
        .collect();
    let counts = [
        Count {
            file: "message-trace.csv",
            records: told.deliveries.len(),
            duplicates: 0,
        },
        Count {
            file: "purview-audit.csv",
            records: portal.len(),
            duplicates: portal.len() - told.records.len(),
        },
        Count {
            file: "search-unifiedauditlog.csv",
            records: search.len(),
            duplicates: search.len(),
        },
        Count {
            file: "signins.json",
            records: told.sign_ins.len(),
            duplicates: 0,
        },
    ];
    BTreeMap::from([
        (
            "demo/export/purview-audit.csv".to_string(),
            purview_csv(&portal).into_bytes(),
        ),
        (
            "demo/export/search-unifiedauditlog.csv".to_string(),
            search_csv(&search).into_bytes(),
        ),
        (
            "demo/export/message-trace.csv".to_string(),
            trace_csv(&told.deliveries).into_bytes(),
        ),
        (
            "demo/export/signins.json".to_string(),
            sign_ins_json(&told.sign_ins).into_bytes(),
        ),
        (
            "demo/answer.json".to_string(),
            answer_json(told, &counts).into_bytes(),
        ),
    ])
}

/// How many records a file holds, and how many of them an earlier line or file has.
struct Count {
    file: &'static str,
    records: usize,
    duplicates: usize,
}

/// Every ninth record comes a second time somewhat later, as real exports repeat theirs.
fn with_repeats(records: &[Record]) -> Vec<&Record> {
    let mut repeated: Vec<&Record> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        repeated.push(record);
        if index % 9 == 8 {
            repeated.push(&records[index - 5]);
        }
    }
    repeated
}

/// Returns the current Purview portal's export: eight columns, a byte order mark, CRLF.
fn purview_csv(records: &[&Record]) -> String {
    let mut csv = String::from(
        "\u{feff}RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames\r\n",
    );
    for record in records {
        let cells = [
            &record.id,
            &format!("{}.0000000Z", record.time.iso()),
            &record.kind.to_string(),
            record.operation,
            &record.user,
            &quoted(&record.body),
            "",
            "",
        ];
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// Returns what `Search-UnifiedAuditLog | Export-Csv` writes on a computer set to US English.
fn search_csv(records: &[&Record]) -> String {
    let mut csv = String::from(
        "\"RecordType\",\"CreationDate\",\"UserIds\",\"Operations\",\"AuditData\",\"ResultIndex\",\"ResultCount\",\"Identity\",\"IsValid\",\"ObjectState\"\r\n",
    );
    for (index, record) in records.iter().enumerate() {
        let (index, count) = ((index + 1).to_string(), records.len().to_string());
        let cells = [
            type_name(record.kind),
            &record.time.american(),
            &record.user,
            record.operation,
            &record.body,
            &index,
            &count,
            &record.id,
            "True",
            "Unchanged",
        ];
        csv.push_str(&cells.map(quoted).join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// Returns what `Get-MessageTraceV2 | Export-Csv` writes.
fn trace_csv(deliveries: &[Message]) -> String {
    let mut seed = Seed::new(7);
    let mut csv = String::from(
        "\"MessageTraceId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\",\"Status\",\"FromIP\",\"ToIP\",\"Size\",\"MessageId\"\r\n",
    );
    for message in deliveries {
        let size = message.size_bytes.to_string();
        let received = format!("{}.0000000Z", message.received.iso());
        let outbound = message.sender.ends_with(DOMAIN);
        let cells: [&str; 10] = [
            &seed.guid(),
            &received,
            &message.sender,
            &message.recipient,
            &message.subject,
            "Delivered",
            if outbound { "" } else { "192.0.2.25" },
            if outbound { "192.0.2.80" } else { "" },
            &size,
            &message.internet_message_id,
        ];
        csv.push_str(&cells.map(quoted).join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// Returns the Entra portal's JSON download: a list of Graph sign-ins.
fn sign_ins_json(sign_ins: &[SignIn]) -> String {
    let entries: Vec<String> = sign_ins
        .iter()
        .map(|sign_in| sign_in_object(sign_in).finish())
        .collect();
    format!("[\n{}\n]\n", entries.join(",\n"))
}

fn sign_in_object(sign_in: &SignIn) -> Object {
    let success = sign_in.ending == Ending::Success;
    let abroad =
        sign_in.client.address.starts_with("203.0.113.") || sign_in.client.address.contains(':');
    let status = Object::new()
        .number("errorCode", if success { 0 } else { 50_126 })
        .text(
            "failureReason",
            if success {
                "Other."
            } else {
                "Error validating credentials due to invalid username or password."
            },
        );
    let device = Object::new()
        .text("deviceId", "")
        .text(
            "operatingSystem",
            if abroad { "Linux" } else { "Windows10" },
        )
        .text(
            "browser",
            if abroad {
                "Chrome 131.0.0"
            } else {
                "Edge 134.0.0"
            },
        )
        .flag("isCompliant", !abroad)
        .flag("isManaged", !abroad);
    let location = Object::new()
        .text("city", if abroad { "Bucharest" } else { "Gothenburg" })
        .text("countryOrRegion", if abroad { "RO" } else { "SE" });
    Object::new()
        .text("id", &sign_in.id)
        .text("createdDateTime", &format!("{}Z", sign_in.time.iso()))
        .text("userDisplayName", sign_in.user.1)
        .text("userPrincipalName", &sign_in.user.0)
        .text("userId", &sign_in.user_id)
        .text("appId", OFFICE_HOME)
        .text("appDisplayName", "OfficeHome")
        .text("resourceDisplayName", "Office 365 Exchange Online")
        .text("resourceId", "00000002-0000-0ff1-ce00-000000000000")
        .text("ipAddress", &sign_in.client.address)
        .text("clientAppUsed", "Browser")
        .text("userAgent", agent_of(&sign_in.client))
        .text("sessionId", &sign_in.client.session)
        .text("authenticationRequirement", "multiFactorAuthentication")
        .text("conditionalAccessStatus", "notApplied")
        .flag("isInteractive", true)
        .texts("signInEventTypes", ["interactiveUser"])
        .text(
            "riskLevelDuringSignIn",
            if abroad { "medium" } else { "none" },
        )
        .object("status", status)
        .object("deviceDetail", device)
        .object("location", location)
}

/// Returns what the product should say of the export.
fn answer_json(told: &Told, counts: &[Count]) -> String {
    let ids: BTreeSet<&str> = told
        .records
        .iter()
        .map(|record| record.id.as_str())
        .collect();
    let new = ids.len() + told.deliveries.len() + told.sign_ins.len();
    let files = counts.iter().map(|count| {
        Object::new()
            .text("file", count.file)
            .number("records", count.records)
            .number("duplicates", count.duplicates)
    });
    let questions: Vec<String> = told
        .questions()
        .iter()
        .map(|question| {
            Object::new()
                .text("asked", question.asked)
                .texts("arguments", question.arguments.iter().map(String::as_str))
                .texts("messages", question.messages.iter().map(String::as_str))
                .texts("folders", question.folders.iter().map(String::as_str))
                .finish()
        })
        .collect();
    let import = Object::new()
        .number("new", new)
        .list("files", files)
        .finish();
    let mut json = String::from("{\n");
    let _ = writeln!(json, "\"import\":{import},");
    let _ = writeln!(json, "\"questions\":[\n{}\n]\n}}", questions.join(",\n"));
    json
}

fn type_name(record_type: usize) -> &'static str {
    match record_type {
        1 => "ExchangeAdmin",
        2 => "ExchangeItem",
        3 => "ExchangeItemGroup",
        8 => "AzureActiveDirectory",
        15 => "AzureActiveDirectoryStsLogon",
        50 => "ExchangeItemAggregated",
        other => unreachable!("the story writes no record of type {other}"),
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
