//! Real records, where the data beside the checkout is there.

use crate::raw;
use model::{Json, Shape, json};
use normalise::{Context, normalise};
use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

/// A file of real records: how its records are dressed, where they stand, what they come to.
struct Real {
    file: &'static str,
    shape: Shape,
    source: &'static str,
}

const fn real(file: &'static str, shape: Shape, source: &'static str) -> Real {
    Real {
        file,
        shape,
        source,
    }
}

#[rustfmt::skip]
const REAL: &[Real] = &[
    real("elastic-azure-activitylogs-activitylogs-edgecases.a.jsonl", Shape::Diagnostic, ""),
    real("elastic-azure-activitylogs-activitylogs-identity.a.jsonl", Shape::Diagnostic, "signin.noninteractive"),
    real("elastic-azure-auditlogs-audit-logs-edgecases.a.jsonl", Shape::Diagnostic, "entra.audit"),
    real("elastic-azure-auditlogs-audit-logs-sample.a.jsonl", Shape::Diagnostic, "entra.audit"),
    real("elastic-azure-auditlogs-auditlogs-raw.a.jsonl", Shape::Diagnostic, "entra.audit"),
    real("elastic-azure-eventhub-eventhub-raw.b.jsonl", Shape::Diagnostic, "entra.audit"),
    real("elastic-azure-identity_protection-rickyusers-raw.a.jsonl", Shape::Diagnostic, "entra.risk"),
    real("elastic-azure-identity_protection-userriskevents-raw.a.jsonl", Shape::Diagnostic, "entra.risk"),
    real("elastic-azure-provisioning-provisioninglogs-raw.a.jsonl", Shape::Diagnostic, "other"),
    real("elastic-azure-signinlogs-managed-identity-sample.a.jsonl", Shape::Diagnostic, "signin.managedidentity"),
    real("elastic-azure-signinlogs-managed-identity.a.jsonl", Shape::Diagnostic, "signin.managedidentity"),
    real("elastic-azure-signinlogs-non-interactive-user-sample.a.jsonl", Shape::Diagnostic, "signin.noninteractive"),
    real("elastic-azure-signinlogs-non-interactive-user.a.jsonl", Shape::Diagnostic, "signin.noninteractive"),
    real("elastic-azure-signinlogs-service-principal-signinlogs-sample.a.jsonl", Shape::Diagnostic, "signin.serviceprincipal"),
    real("elastic-azure-signinlogs-signinlogs-sample.a.jsonl", Shape::Diagnostic, "signin.interactive"),
    real("elastic-m365defender-event-alert.a.jsonl", Shape::Diagnostic, "alert"),
    real("elastic-m365defender-event-app-and-identity.a.jsonl", Shape::Diagnostic, "other"),
    real("elastic-m365defender-event-device.a.jsonl", Shape::Diagnostic, "other"),
    real("elastic-m365defender-event-email.a.jsonl", Shape::Diagnostic, ""),
    real("elastic-m365defender-incident-incident.a.jsonl", Shape::Alert, "alert"),
    real("elastic-m365defender-log-m365-defender-empty-ndjson.a.jsonl", Shape::Alert, "alert"),
    real("elastic-m365defender-log-m365-defender-ndjson.a.jsonl", Shape::Alert, "alert"),
    real("elastic-messagetrace.a.jsonl", Shape::MessageTrace, "message.trace"),
    real("msgraphdocs-directoryaudit-list-v1.0.json", Shape::DirectoryAuditGraph, "entra.audit"),
    real("msgraphdocs-signin-list-beta.json", Shape::SignInGraph, "signin.interactive"),
    real("otrf-goldensaml-AADAuditEvents.json", Shape::DirectoryAuditTable, "entra.audit"),
    real("panther-azure-audit.jsonl", Shape::Diagnostic, ""),
    real("panther-azure-monitoractivity.jsonl", Shape::Diagnostic, ""),
    real("panther-microsoftdefenderxdr-advancedhunting.jsonl", Shape::Diagnostic, "alert"),
    real("panther-microsoftgraph-securityalertv2.jsonl", Shape::Alert, "alert"),
    real("panther-microsoftintune-auditlogs.jsonl", Shape::Diagnostic, "other"),
    real("panther-microsoftintune-operationallogs.jsonl", Shape::Diagnostic, "other"),
    real("plaso-azureactivity.a.jsonl", Shape::AzureActivityApi, "azure.activity"),
    real("suzaku-azure_graph_api_format.json", Shape::AzureActivityApi, "azure.activity"),
    real("vstsspecs-adoaudit.json", Shape::DevOpsAuditApi, "devops.audit"),
    real("wazuh-graph_events.json", Shape::DirectoryAuditGraph, "entra.audit"),
    real("wazuh-storage_events_inline.jsonl", Shape::Diagnostic, "entra.audit"),
    real("wazuh-storage_events_json.json", Shape::Diagnostic, "entra.audit"),
];

#[test]
#[allow(clippy::print_stderr)]
fn every_real_record_has_a_time_an_id_and_its_source() {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/real"
    ));
    if !folder.is_dir() {
        eprintln!("skipped: no real records at {}", folder.display());
        return;
    }
    for real in REAL {
        let text = fs::read_to_string(folder.join(real.file)).expect("a file of the manifest");
        let records = records(&text);
        assert!(!records.is_empty(), "{}", real.file);
        for (at, record) in records.into_iter().enumerate() {
            if is_of_another_service(&record) {
                continue;
            }
            let undated = record.get("time").is_none() && real.file.starts_with("panther-azure");
            let raw = raw(real.shape, record);
            let context = Context::default();
            let found = normalise(&raw, &context);
            let told = format!("{} record {}: {:?}", real.file, at + 1, found.errors);
            assert!(!found.event.id.as_str().is_empty(), "{told}");
            assert!(found.event.time.is_some() || undated, "{told}");
            assert!(!found.damaged, "{told}");
            assert!(
                real.source.is_empty() || found.event.source == real.source,
                "{told}: {}",
                found.event.source
            );
        }
    }
}

/// Reads JSON lines, an array, or an object around an array, as these files have them.
fn records(text: &str) -> Vec<Json<'_>> {
    let text = text.trim_start_matches('\u{feff}');
    let Ok(whole) = json::parse(text) else {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return lines
            .map(|line| json::parse(line).expect("a line of JSON").value)
            .collect();
    };
    match whole.value {
        Json::Array(items) => items,
        Json::Object(entries) => {
            let wrapper = |key: &Cow<'_, str>| {
                matches!(&**key, "value" | "records" | "decoratedAuditLogEntries")
            };
            match entries.iter().position(|(key, _)| wrapper(key)) {
                Some(at) => entries[at].1.items().to_vec(),
                None => vec![Json::Object(entries)],
            }
        }
        _ => Vec::new(),
    }
}

/// One corpus of rules has samples of other vendors' logs among its own.
fn is_of_another_service(record: &Json<'_>) -> bool {
    record.get("p_log_type").is_some()
        && record
            .text("category")
            .is_none_or(|category| category == "success")
}
