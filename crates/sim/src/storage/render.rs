//! Records as lines of diagnostic logs, in the hour in which they happened.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::faults::{Fault, Site};
use crate::record::{Micros, Record, SignInKind, Stream};
use crate::service::Service;
use crate::stamp::{self, MINUTE};

/// Containers by tenant and name, blobs by name, lines as they were written.
pub(super) type Containers = BTreeMap<(usize, String), BTreeMap<String, Vec<Line>>>;

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    /// When it was written: a blob only grows.
    pub(super) written: Micros,
    pub(super) row: usize,
    pub(super) text: String,
}

/// Renders the records of all streams that diagnostic settings know.
pub(super) fn containers(cloud: &Cloud) -> Containers {
    let mut containers = Containers::new();
    for (row, record) in cloud.records() {
        let Some((category, operation)) = category(record.stream) else {
            continue;
        };
        let body: Value = serde_json::from_str(&record.body).unwrap_or_default();
        let tenant = &cloud.world.tenants[record.tenant].id;
        let name = blob_name(tenant, &body, record);
        let container = container(record.stream, category);
        let blob = containers
            .entry((record.tenant, container))
            .or_default()
            .entry(name)
            .or_default();
        let line = |written: Micros| {
            let text = line(tenant, category, operation, record, &body, written);
            Line {
                written,
                row,
                text: format!("{text}\r\n"),
            }
        };
        blob.push(line(record.available));
        let site = Site::thing(Service::Storage, "read", tenant, &record.id);
        if cloud.faults.laid_on(Fault::RepeatedLine, &site).is_some() {
            blob.push(line(record.available + MINUTE));
        }
    }
    for blob in containers.values_mut().flat_map(BTreeMap::values_mut) {
        blob.sort_by_key(|line| (line.written, line.row));
    }
    containers
}

fn category(stream: Stream) -> Option<(&'static str, &'static str)> {
    Some(match stream {
        Stream::SignIn(SignInKind::Interactive) => ("SignInLogs", "Sign-in activity"),
        Stream::SignIn(SignInKind::NonInteractive) => {
            ("NonInteractiveUserSignInLogs", "Sign-in activity")
        }
        Stream::SignIn(SignInKind::ServicePrincipal) => {
            ("ServicePrincipalSignInLogs", "Sign-in activity")
        }
        Stream::SignIn(SignInKind::ManagedIdentity) => {
            ("ManagedIdentitySignInLogs", "Sign-in activity")
        }
        Stream::DirectoryAudit => ("AuditLogs", ""),
        Stream::Risk => ("UserRiskEvents", "User Risk Detection"),
        Stream::AzureActivity => ("Administrative", ""),
        Stream::Unified(_) | Stream::Trace | Stream::DevOps => return None,
    })
}

fn container(stream: Stream, category: &str) -> String {
    match stream {
        Stream::AzureActivity => "insights-activity-logs".to_owned(),
        _ => format!("insights-logs-{}", category.to_lowercase()),
    }
}

/// Two parts are called `m`: the month and the minute, which is always nought.
fn blob_name(tenant: &str, body: &Value, record: &Record) -> String {
    let hour = stamp::write("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json", record.time);
    match (record.stream, body["subscriptionId"].as_str()) {
        (Stream::AzureActivity, Some(id)) => {
            format!("resourceId=/SUBSCRIPTIONS/{}/{hour}", id.to_uppercase())
        }
        _ => format!("tenantId={tenant}/{hour}"),
    }
}

fn line(
    tenant: &str,
    category: &str,
    operation: &str,
    record: &Record,
    body: &Value,
    written: Micros,
) -> Value {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    if record.stream == Stream::AzureActivity {
        return json!({
            "time": stamp::millis(record.time), "resourceId": text("resourceId").to_uppercase(),
            "operationName": body["operationName"]["value"].as_str().map(str::to_uppercase),
            "category": category, "resultType": body["status"]["value"], "resultSignature": body["subStatus"]["value"],
            "durationMs": "0", "callerIpAddress": body["httpRequest"]["clientIpAddress"],
            "correlationId": body["correlationId"], "level": "Information", "location": "global",
            "identity": {"authorization": body["authorization"], "claims": body["claims"]},
            // Without `eventDataId`: the schema of the export does not have it.
            "properties": {"entity": body["resourceId"], "caller": body["caller"],
                "properties": body["properties"]},
        });
    }
    let operation = if operation.is_empty() {
        text("activityDisplayName")
    } else {
        operation
    };
    let result = body["status"]["errorCode"]
        .as_i64()
        .unwrap_or_default()
        .to_string();
    json!({
        // The envelope's time is the writing's; two writings of one record differ in nothing else.
        "time": stamp::write("%Y-%m-%dT%H:%M:%S%.7fZ", written),
        "resourceId": format!("/tenants/{tenant}/providers/Microsoft.aadiam"),
        "operationName": operation, "operationVersion": "1.0", "category": category, "tenantId": tenant,
        "resultType": result, "resultSignature": "None", "resultDescription": "", "durationMs": 0,
        "callerIpAddress": body["ipAddress"], "correlationId": body["correlationId"],
        "identity": body["userDisplayName"], "Level": 4, "location": body["location"]["countryOrRegion"],
        "properties": body,
    })
}
