//! What is done in Azure, and in Azure DevOps.

use crate::{TENANT, same, with};
use model::{Family, Outcome, Shape};

#[test]
fn an_azure_event_is_one_event_from_rest_and_from_the_table() {
    let rest = r#"{"caller":"Mira.Baker@alderholt.example","claims":{"appid":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","uti":"tok1","http://schemas.microsoft.com/identity/claims/objectidentifier":"c3a4"},
        "correlationId":"4c4c","eventDataId":"ev-1","httpRequest":{"clientIpAddress":"203.0.113.7"},"operationName":{"value":"Microsoft.Web/sites/delete","localizedValue":"Delete web app"},
        "resourceId":"/subscriptions/s1/resourceGroups/g/providers/Microsoft.Web/sites/x","status":{"value":"Succeeded"},"subStatus":{"value":"OK"},
        "eventTimestamp":"2026-03-03T08:00:00.25Z","tenantId":"7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01","subscriptionId":"s1"}"#;
    let snake = rest
        .replace("eventDataId", "event_data_id")
        .replace("eventTimestamp", "event_timestamp")
        .replace("operationName", "operation_name")
        .replace("localizedValue", "localized_value")
        .replace("resourceId", "resource_id")
        .replace("httpRequest", "http_request")
        .replace("clientIpAddress", "client_ip_address")
        .replace("correlationId", "correlation_id")
        .replace("subStatus", "sub_status")
        .replace("tenantId", "tenant_id");
    let table = r#"{"TenantId":"aaaaaaaa-0000-4000-8000-00000000beef","Caller":"Mira.Baker@alderholt.example","Claims":"{\"appid\":\"c44b4083-3bb0-49c1-b47d-974e53cbdf3c\",\"uti\":\"tok1\",\"http://schemas.microsoft.com/identity/claims/objectidentifier\":\"c3a4\"}",
        "CorrelationId":"4c4c","EventDataId":"ev-1","CallerIpAddress":"203.0.113.7","OperationNameValue":"Microsoft.Web/sites/delete","OperationName":"Delete web app",
        "ResourceId":"","_ResourceId":"/subscriptions/s1/resourceGroups/g/providers/Microsoft.Web/sites/x","ActivityStatusValue":"Succeeded","ActivityStatus":"Succeeded",
        "TimeGenerated":"3/3/2026, 8:00:00.250 AM","Hierarchy":"7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01/mg/s1","SubscriptionId":"s1"}"#;
    let facts = same(&[
        (Shape::AzureActivityApi, rest),
        (Shape::AzureActivityApi, &snake),
        (Shape::AzureActivityTable, table),
    ]);
    assert!(
        facts.starts_with(&format!("azure.activity {TENANT} ev-1 made=false")),
        "{facts}"
    );
}

#[test]
fn a_delivery_of_an_azure_line_again_is_the_same_line() {
    let line = |time: &str, result: &str| {
        format!(
            r#"{{"time":"{time}","resourceId":"/SUBSCRIPTIONS/S1/RESOURCEGROUPS/G","operationName":"MICROSOFT.WEB/SITES/DELETE",
            "category":"Administrative","resultType":"{result}","resultSignature":"Forbidden.","callerIpAddress":"203.0.113.7","correlationId":"4c4c",
            "tenantId":"{TENANT}","identity":{{"claims":{{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"mira.baker@alderholt.example"}}}}}}"#
        )
    };
    let look = |text: &str| {
        with(Shape::Diagnostic, text, |found| {
            assert!(found.errors.is_empty(), "{:?}", found.errors);
            assert_eq!(found.event.family, Family::AzureActivity);
            assert_eq!(&*found.event.user, "mira.baker@alderholt.example");
            (found.event.id.to_string(), found.event.outcome)
        })
    };
    let (first, started) = look(&line("2026-03-03T08:00:00Z", "Start"));
    assert_eq!(started, Outcome::Unknown, "what has begun has not ended");
    assert_eq!(first, look(&line("2026-03-03T08:00:01Z", "Start")).0);
    let (second, failed) = look(&line("2026-03-03T08:00:01Z", "Failure"));
    assert_ne!(first, second);
    assert_eq!(failed, Outcome::Failure);
}

#[test]
fn a_devops_entry_is_keyed_with_its_organisation() {
    let api = r#"{"id":"2518;00;86","correlationId":"86","actorUserId":"c3a4","actorUPN":"mira.baker@alderholt.example","timestamp":"2026-03-04T14:05:02.1460838+00:00",
        "scopeType":"organization","scopeDisplayName":"alderholt (Organization)","scopeId":"A0A0","ipAddress":"203.0.113.7","userAgent":"Mozilla","actionId":"Token.PatCreateEvent"}"#;
    let table = r#"{"Id":"2518;00;86","TenantId":"aaaaaaaa-0000-4000-8000-00000000beef","CorrelationId":"86","ActorUserId":"c3a4","ActorUPN":"mira.baker@alderholt.example","TimeGenerated":"2026-03-04T14:05:02.1460838Z",
        "ScopeDisplayName":"alderholt (Organization)","ScopeId":"a0a0","IpAddress":"203.0.113.7","UserAgent":"Mozilla","OperationName":"Token.PatCreateEvent"}"#;
    let facts = same(&[
        (Shape::DevOpsAuditApi, api),
        (Shape::DevOpsAuditTable, table),
    ]);
    assert!(
        facts.starts_with(&format!("devops.audit {TENANT} a0a0/2518;00;86 made=false")),
        "{facts}"
    );
}
