//! The families beside the unified audit log, each in every dress it is known to wear.
//!
//! The records are invented. What real ones look like is checked against the data beside
//! the checkout, where that is there.

use model::{
    ActorKind, DateOrder, Event, Family, Json, Normalised, Outcome, Place, Raw, Shape, Timestamp,
    json,
};
use normalise::{Context, normalise};
use proptest::prelude::*;
use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

const TENANT: &str = "7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01";

/// Normalises one record and looks at what came of it.
fn with<T>(shape: Shape, text: &str, look: impl FnOnce(&Normalised<'_>) -> T) -> T {
    with_tenant(shape, text, None, look)
}

fn with_tenant<T>(
    shape: Shape,
    text: &str,
    tenant: Option<&str>,
    look: impl FnOnce(&Normalised<'_>) -> T,
) -> T {
    let body = json::parse(text)
        .unwrap_or_else(|error| panic!("{error} in {text}"))
        .value;
    let raw = raw(shape, body);
    look(&normalise(
        &raw,
        &Context {
            tenant,
            ..Context::default()
        },
    ))
}

fn raw(shape: Shape, body: Json<'_>) -> Raw<'_> {
    Raw {
        shape,
        body,
        columns: Vec::new(),
        place: Place::default(),
        dates: DateOrder::Unknown,
    }
}

/// What must be alike in every dress.
fn facts(event: &Event<'_>) -> String {
    format!(
        "{} {} {} made={} print={:x}\n{} {} {:?} {} {} {}\n{} {} {} {} {}\n{} {} {} {} {} {} {}",
        event.source,
        event.tenant,
        event.id,
        event.id_made,
        event.fingerprint,
        // The portal writes whole seconds.
        event
            .time
            .map(|time| Timestamp(time.0 - time.0 % 1_000_000).to_string())
            .unwrap_or_default(),
        event.user,
        event.user_kind,
        event.user_key,
        event.workload,
        event.action,
        event.object,
        event.outcome.name(),
        event
            .address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        event.error,
        event.result,
        event.app,
        event.resource_app,
        event.session,
        event.token,
        event.device,
        event.correlation,
        event.agent,
    )
}

/// Normalises one record in several dresses and demands the same facts of each.
fn same(dresses: &[(Shape, &str)]) -> String {
    let all: Vec<String> = dresses
        .iter()
        .map(|(shape, text)| {
            with_tenant(*shape, text, Some(TENANT), |found| {
                assert!(found.errors.is_empty(), "{shape:?}: {:?}", found.errors);
                assert!(!found.damaged, "{shape:?}");
                facts(&found.event)
            })
        })
        .collect();
    for (facts, (shape, _)) in all.iter().zip(dresses) {
        assert_eq!(facts, &all[0], "{shape:?} differs from {:?}", dresses[0].0);
    }
    all[0].clone()
}

const SIGN_IN_PROPERTIES: &str = r#"{"id":"5b1e0c52-77aa-4a8e-8f5e-3d2c10cd0100",
    "createdDateTime":"2026-03-01T09:15:27.4821934+00:00","userDisplayName":"Mira Baker",
    "userPrincipalName":"mira.baker@alderholt.example","userId":"c3a4d5e6-1111-4222-8333-444455556666",
    "appId":"9199bf20-a13f-4107-85dc-02114787ef48","appDisplayName":"One Outlook Web","ipAddress":"203.0.113.7",
    "status":{"errorCode":50126,"failureReason":"Invalid username or password."},"clientAppUsed":"Browser",
    "userAgent":"Mozilla/5.0 (X11)","deviceDetail":{"deviceId":"d0d0d0d0-0000-4000-8000-000000000001","browser":"Firefox"},
    "location":{"city":"Utrecht","countryOrRegion":"NL"},"correlationId":"0f0f0f0f-aaaa-4bbb-8ccc-dddddddddddd",
    "conditionalAccessStatus":"notApplied","isInteractive":true,"userType":"Member",
    "resourceDisplayName":"Office 365 Exchange Online","resourceId":"00000002-0000-0ff1-ce00-000000000000",
    "sessionId":"004a1b2c-3333-4444-8555-666677778888","uniqueTokenIdentifier":"UgweW6p3jkqPXj0sEM0BAA",
    "signInEventTypes":["interactiveUser"]}"#;

const SIGN_IN_PORTAL: &str = r#"{"Date (UTC)":"2026-03-01T09:15:27Z","Request ID":"5b1e0c52-77aa-4a8e-8f5e-3d2c10cd0100",
    "User agent":"Mozilla/5.0 (X11)","Correlation ID":"0f0f0f0f-aaaa-4bbb-8ccc-dddddddddddd",
    "User ID":"c3a4d5e6-1111-4222-8333-444455556666","User":"Mira Baker","Username":"mira.baker@alderholt.example",
    "User type":"Member","Unique token identifier":"UgweW6p3jkqPXj0sEM0BAA","Application":"One Outlook Web",
    "Application ID ":"9199bf20-a13f-4107-85dc-02114787ef48","Resource":"Office 365 Exchange Online",
    "Resource ID ":"00000002-0000-0ff1-ce00-000000000000","IP address":"203.0.113.7","Location":"Utrecht, , NL",
    "Status":"Failure","Sign-in error code":"50126","Failure reason":"Invalid username or password.",
    "Device ID":"d0d0d0d0-0000-4000-8000-000000000001","Incoming token type":"none",
    "Session ID":"004a1b2c-3333-4444-8555-666677778888"}"#;

const SIGN_IN_TABLE: &str = r#"{"TenantId":"aaaaaaaa-0000-4000-8000-00000000beef","SourceSystem":"Azure AD",
    "TimeGenerated":"2026-03-01T09:15:27.4821934Z","ResourceId":"/tenants/7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01/providers/Microsoft.aadiam",
    "OperationName":"Sign-in activity","Category":"SignInLogs","ResultType":"50126",
    "ResultDescription":"Invalid username or password.","CorrelationId":"0f0f0f0f-aaaa-4bbb-8ccc-dddddddddddd",
    "Resource":"Microsoft.aadiam","Identity":"Mira Baker","AppDisplayName":"One Outlook Web",
    "AppId":"9199bf20-a13f-4107-85dc-02114787ef48","DeviceDetail":"{\"deviceId\":\"d0d0d0d0-0000-4000-8000-000000000001\"}",
    "Id":"5b1e0c52-77aa-4a8e-8f5e-3d2c10cd0100","IPAddress":"203.0.113.7","ResourceDisplayName":"Office 365 Exchange Online",
    "ResourceIdentity":"00000002-0000-0ff1-ce00-000000000000","Status":"{\"errorCode\":50126,\"failureReason\":\"Invalid username or password.\"}",
    "UserAgent":"Mozilla/5.0 (X11)","UserDisplayName":"Mira Baker","UserId":"c3a4d5e6-1111-4222-8333-444455556666",
    "UserPrincipalName":"Mira.Baker@alderholt.example","UserType":"Member","UniqueTokenIdentifier":"UgweW6p3jkqPXj0sEM0BAA",
    "SessionId":"004a1b2c-3333-4444-8555-666677778888","AADTenantId":"7D3C1F60-0a4e-4b52-9c1d-2f6a8e5b9c01","IsInteractive":"True","Type":"SigninLogs"}"#;

fn diagnostic_line(category: &str, properties: &str) -> String {
    format!(
        r#"{{"time":"2026-03-01T09:16:01.1111111Z","resourceId":"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName":"Sign-in activity","category":"{category}","tenantId":"{TENANT}","resultType":"50126",
        "durationMs":"0","callerIpAddress":"203.0.113.7","Level":4,"properties":{properties}}}"#
    )
}

fn as_text(text: &str) -> String {
    let mut out = String::new();
    json::write_string(text, &mut out);
    out
}

#[test]
fn a_sign_in_is_one_sign_in_in_every_dress() {
    let line = diagnostic_line("SignInLogs", SIGN_IN_PROPERTIES);
    let text_line = diagnostic_line("SignInLogs", &as_text(SIGN_IN_PROPERTIES));
    let facts = same(&[
        (Shape::SignInGraph, SIGN_IN_PROPERTIES),
        (Shape::SignInTable, SIGN_IN_TABLE),
        (Shape::SignInPortal, SIGN_IN_PORTAL),
        (Shape::Diagnostic, &line),
        (Shape::Diagnostic, &text_line),
    ]);
    let (identity, rest) = facts
        .split_once(" made=")
        .expect("the facts begin with the identity");
    assert_eq!(
        identity,
        format!("signin.interactive {TENANT} 5b1e0c52-77aa-4a8e-8f5e-3d2c10cd0100")
    );
    let (_, rest) = rest
        .split_once('\n')
        .expect("the print stands on the first line");
    let expected = "2026-03-01T09:15:27Z mira.baker@alderholt.example Person c3a4d5e6-1111-4222-8333-444455556666 \
        AzureActiveDirectory Sign-in activity\n\
        Office 365 Exchange Online failure 203.0.113.7 50126 Invalid username or password.\n\
        9199bf20-a13f-4107-85dc-02114787ef48 00000002-0000-0ff1-ce00-000000000000 \
        004a1b2c-3333-4444-8555-666677778888 UgweW6p3jkqPXj0sEM0BAA d0d0d0d0-0000-4000-8000-000000000001 \
        0f0f0f0f-aaaa-4bbb-8ccc-dddddddddddd Mozilla/5.0 (X11)";
    assert_eq!(rest, expected);
}

#[test]
fn the_kind_of_a_sign_in_is_told_by_whatever_tells_it() {
    let check = |shape, text: &str, source| {
        with(shape, text, |found| {
            assert_eq!(found.event.source, source, "{text}");
        });
    };
    let when = r#""id":"x","createdDateTime":"2026-03-01T09:15:27Z""#;
    for (types, source) in [
        (r#"["nonInteractiveUser"]"#, "signin.noninteractive"),
        (r#""[\"servicePrincipal\"]""#, "signin.serviceprincipal"),
        (r#"["managedIdentity"]"#, "signin.managedidentity"),
        (r#"["interactiveUser"]"#, "signin.interactive"),
    ] {
        check(
            Shape::SignInGraph,
            &format!(r#"{{{when},"signInEventTypes":{types},"isInteractive":false}}"#),
            source,
        );
    }
    check(
        Shape::SignInGraph,
        &format!(r#"{{{when},"userId":"u","isInteractive":false}}"#),
        "signin.noninteractive",
    );
    check(
        Shape::SignInGraph,
        &format!(r#"{{{when},"userId":"","servicePrincipalId":"s"}}"#),
        "signin.serviceprincipal",
    );
    check(
        Shape::SignInTable,
        &format!(r#"{{{when},"Category":"NonInteractiveUserSignInLogs"}}"#),
        "signin.noninteractive",
    );
    check(
        Shape::SignInTable,
        &format!(r#"{{{when},"Type":"AADManagedIdentitySignInLogs"}}"#),
        "signin.managedidentity",
    );
    check(
        Shape::SignInTable,
        &format!(r#"{{{when},"$table":"AADServicePrincipalSignInLogs"}}"#),
        "signin.serviceprincipal",
    );
    check(
        Shape::SignInPortal,
        &format!(r#"{{{when},"User ID":"u","Incoming token type":"refreshToken"}}"#),
        "signin.noninteractive",
    );
    check(
        Shape::SignInPortal,
        &format!(r#"{{{when},"User ID":"u","Incoming token type":"primaryRefreshToken"}}"#),
        "signin.interactive",
    );
    check(
        Shape::SignInPortal,
        &format!(r#"{{{when},"Service principal ID":"s"}}"#),
        "signin.serviceprincipal",
    );
}

#[test]
fn a_non_interactive_sign_in_with_json_in_strings_reads_as_from_graph() {
    let table = SIGN_IN_TABLE
        .replace(
            r#""Category":"SignInLogs""#,
            r#""Category":"NonInteractiveUserSignInLogs""#,
        )
        .replace("SigninLogs", "AADNonInteractiveUserSignInLogs");
    let graph = SIGN_IN_PROPERTIES.replace("interactiveUser", "nonInteractiveUser");
    let facts = same(&[(Shape::SignInGraph, &graph), (Shape::SignInTable, &table)]);
    assert!(facts.starts_with("signin.noninteractive "));
}

#[test]
fn a_sign_in_ends_as_its_code_says() {
    for (code, outcome) in [
        ("0", Outcome::Success),
        ("50140", Outcome::Interrupted),
        ("50074", Outcome::Interrupted),
        ("65001", Outcome::Interrupted),
        ("50126", Outcome::Failure),
        ("53003", Outcome::Failure),
    ] {
        let graph = format!(
            r#"{{"id":"x","createdDateTime":"2026-03-01T09:15:27Z","status":{{"errorCode":{code}}}}}"#
        );
        let table =
            format!(r#"{{"Id":"x","TimeGenerated":"2026-03-01T09:15:27Z","ResultType":"{code}"}}"#);
        for (shape, text) in [(Shape::SignInGraph, graph), (Shape::SignInTable, table)] {
            with(shape, &text, |found| {
                assert_eq!(
                    (found.event.outcome, &*found.event.error),
                    (outcome, code),
                    "{shape:?}"
                );
            });
        }
    }
    let portal = r#"{"Date (UTC)":"2026-03-01T09:15:27Z","Request ID":"x","Status":"Interrupted","Sign-in error code":"90072"}"#;
    with(Shape::SignInPortal, portal, |found| {
        assert_eq!(found.event.outcome, Outcome::Interrupted);
    });
}

const AUDIT_PROPERTIES: &str = r#"{"id":"Directory_2b2b2b2b-aaaa-4bbb-8ccc-121212121212_X1Y2Z_4711","category":"UserManagement",
    "correlationId":"2b2b2b2b-aaaa-4bbb-8ccc-121212121212","result":"success","resultReason":"",
    "activityDisplayName":"Update application – Certificates and secrets management ",
    "activityDateTime":"2026-03-02T10:00:00.1234567Z","loggedByService":"Core Directory","operationType":"Update",
    "initiatedBy":{"user":{"id":"c3a4d5e6-1111-4222-8333-444455556666","displayName":null,"userPrincipalName":"Mira.Baker@alderholt.example","ipAddress":"203.0.113.7"},"app":null},
    "targetResources":[{"id":"e1e1e1e1-0000-4000-8000-000000000002","displayName":"Ledger sync","type":"Application","modifiedProperties":[]}],
    "additionalDetails":[{"key":"User-Agent","value":"Mozilla/5.0 (X11)"}]}"#;

const AUDIT_TABLE: &str = r#"{"TenantId":"aaaaaaaa-0000-4000-8000-00000000beef","TimeGenerated":"2026-03-02T10:00:00.1234567Z",
    "ResourceId":"/tenants/7d3c1f60-0a4e-4b52-9c1d-2f6a8e5b9c01/providers/Microsoft.aadiam",
    "OperationName":"Update application – Certificates and secrets management ","Category":"UserManagement","Result":"success",
    "CorrelationId":"2b2b2b2b-aaaa-4bbb-8ccc-121212121212","Id":"Directory_2b2b2b2b-aaaa-4bbb-8ccc-121212121212_X1Y2Z_4711",
    "InitiatedBy":"{\"user\":{\"id\":\"c3a4d5e6-1111-4222-8333-444455556666\",\"userPrincipalName\":\"mira.baker@alderholt.example\",\"ipAddress\":\"203.0.113.7\"}}",
    "TargetResources":"[{\"id\":\"e1e1e1e1-0000-4000-8000-000000000002\",\"displayName\":\"Ledger sync\",\"type\":\"Application\"}]",
    "AdditionalDetails":"[{\"key\":\"User-Agent\",\"value\":\"Mozilla/5.0 (X11)\"}]","Type":"AuditLogs"}"#;

#[test]
fn a_directory_audit_is_one_audit_in_every_dress() {
    let line = diagnostic_line("AuditLogs", AUDIT_PROPERTIES);
    let facts = same(&[
        (Shape::DirectoryAuditGraph, AUDIT_PROPERTIES),
        (Shape::DirectoryAuditTable, AUDIT_TABLE),
        (Shape::Diagnostic, &line),
    ]);
    assert!(
        facts.contains(
            "Update application - Certificates and secrets management\nLedger sync success"
        ),
        "{facts}"
    );
}

#[test]
fn a_portal_audit_has_a_made_id_and_no_error() {
    let row = r#"{"Date (UTC)":"2026-03-02T10:00:00.1234567+00:00","CorrelationId":"2b","Service":"Core Directory",
        "Category":"UserManagement","Activity":"Reset user password","Result":"failure","User Agent":"Edge",
        "ActorType":"User","ActorObjectId":"c3a4","ActorUserPrincipalName":"Mira.Baker@alderholt.example","IPAddress":"203.0.113.7",
        "Target1Type":"User","Target1UserPrincipalName":"tom@alderholt.example"}"#;
    with(Shape::DirectoryAuditPortal, row, |found| {
        let event = &found.event;
        assert!(
            event.id_made && found.errors.is_empty(),
            "{:?}",
            found.errors
        );
        assert_eq!(&*event.user, "mira.baker@alderholt.example");
        assert_eq!(
            (&*event.object, event.outcome),
            ("tom@alderholt.example", Outcome::Failure)
        );
        assert_eq!(&*event.agent, "Edge");
    });
}

#[test]
fn each_state_of_a_risky_user_is_kept() {
    let state = |state: &str, changed: &str| {
        format!(
            r#"{{"id":"c3a4","userPrincipalName":"mira.baker@alderholt.example","riskState":"{state}","riskLevel":"high","riskLastUpdatedDateTime":"{changed}"}}"#
        )
    };
    let id = |shape, text: &str| with(shape, text, |found| found.event.id.to_string());
    let first = id(Shape::RiskGraph, &state("atRisk", "2026-03-01T09:00:00.5Z"));
    assert_eq!(first, "c3a4@2026-03-01T09:00:00.5Z");
    assert_ne!(
        first,
        id(
            Shape::RiskGraph,
            &state("remediated", "2026-03-01T11:00:00Z")
        )
    );
    let line = diagnostic_line(
        "RiskyUsers",
        &state("atRisk", "2026-03-01T09:00:00.5000000Z"),
    );
    assert_eq!(first, id(Shape::Diagnostic, &line));
}

#[test]
fn a_risk_detection_names_its_kind_and_the_agent() {
    let text = r#"{"id":"d1","requestId":"r","riskEventType":"anonymizedIPAddress","riskState":"atRisk","riskLevel":"high",
        "activityDateTime":"2026-03-01T09:00:00Z","detectedDateTime":"2026-03-01T10:00:00Z","ipAddress":"203.0.113.7",
        "userId":"c3a4","userPrincipalName":"mira.baker@alderholt.example",
        "additionalInfo":"[{\"Key\":\"userAgent\",\"Value\":\"curl/8\"}]"}"#;
    let table = r#"{"Id":"d1","TenantId":"aaaaaaaa-0000-4000-8000-00000000beef","RiskEventType":"anonymizedIPAddress",
        "OperationName":"User Risk Detection","RiskState":"atRisk","RiskLevel":"high","ActivityDateTime":"2026-03-01T09:00:00Z",
        "IpAddress":"203.0.113.7","UserId":"c3a4","UserPrincipalName":"mira.baker@alderholt.example",
        "AdditionalInfo":"[{\"Key\":\"userAgent\",\"Value\":\"curl/8\"}]"}"#;
    let line = diagnostic_line("UserRiskEvents", text);
    let facts = same(&[
        (Shape::RiskGraph, text),
        (Shape::RiskTable, table),
        (Shape::Diagnostic, &line),
    ]);
    assert!(
        facts.contains("anonymizedIPAddress") && facts.ends_with("curl/8"),
        "{facts}"
    );
}

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
fn a_line_without_an_id_is_one_line_whether_its_properties_are_text_or_not() {
    let properties = r#"{"eventCategory":"x","detail":"1"}"#;
    let id = |text: &str| with(Shape::Diagnostic, text, |found| found.event.id.to_string());
    let text = as_text(properties);
    assert_eq!(
        id(&diagnostic_line("SomethingNew", properties)),
        id(&diagnostic_line("SomethingNew", &text))
    );
}

#[test]
fn lines_that_only_their_time_tells_apart_are_two() {
    let line = |time: &str| {
        format!(
            r#"{{"time":"{time}","category":"kube-audit","operationName":"x","properties":{{"log":"{{}}"}}}}"#
        )
    };
    let id = |text: &str| with(Shape::Diagnostic, text, |found| found.event.id.to_string());
    assert_ne!(
        id(&line("2026-03-03T08:00:00Z")),
        id(&line("2026-03-03T08:00:01Z"))
    );
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

#[test]
fn a_traced_message_is_one_delivery_in_every_dress() {
    let cmdlet = r#"{"MessageTraceId":"cf7a249a-5edd-4350-130a-08da8f69e0f6","Received":"2026-03-05T18:10:13.4907658","SenderAddress":"Billing@supplier.example",
        "RecipientAddress":"Mira.Baker@alderholt.example","Subject":"New bank details","Status":"Delivered","FromIP":"198.51.100.9","Size":"87891","MessageId":"<m1@supplier.example>"}"#;
    let graph = r#"{"id":"cf7a249a-5edd-4350-130a-08da8f69e0f6","receivedDateTime":"2026-03-05T18:10:13.4907658Z","senderAddress":"billing@supplier.example",
        "recipientAddress":"mira.baker@alderholt.example","subject":"New bank details","status":"delivered","fromIP":"198.51.100.9","size":87891,"messageId":"m1@supplier.example"}"#;
    let report = r#"{"origin_timestamp_utc":"2026-03-05T18:10:13.4907658Z","sender_address":"billing@supplier.example","recipient_status":"mira.baker@alderholt.example",
        "message_subject":"New bank details","total_bytes":"87891","message_id":"<m1@supplier.example>","network_message_id":"cf7a249a-5edd-4350-130a-08da8f69e0f6","original_client_ip":"198.51.100.9","directionality":"Incoming"}"#;
    for (shape, text) in [
        (Shape::MessageTrace, cmdlet),
        (Shape::MessageTraceGraph, graph),
        (Shape::MessageTraceReport, report),
    ] {
        with(shape, text, |found| {
            assert!(found.errors.is_empty(), "{shape:?}: {:?}", found.errors);
            assert_eq!(found.event.source, "message.trace");
            assert_eq!(
                found.event.id.as_str(),
                "cf7a249a-5edd-4350-130a-08da8f69e0f6/mira.baker@alderholt.example"
            );
            let delivery = found.delivery.as_ref().expect("a delivery");
            assert_eq!(&*delivery.internet_message_id, "<m1@supplier.example>");
            assert_eq!(&*delivery.sender, "billing@supplier.example");
            assert_eq!(&*delivery.recipient, "mira.baker@alderholt.example");
            assert_eq!(&*delivery.subject, "New bank details");
            assert_eq!(delivery.size_bytes, Some(87891));
            assert_eq!(found.event.address_text, "198.51.100.9");
        });
    }
}

#[test]
fn a_report_row_with_several_recipients_keeps_them_joined() {
    let row = r#"{"origin_timestamp_utc":"2026-03-05T18:10:13Z","sender_address":"billing@supplier.example","message_id":"<m1@supplier.example>","network_message_id":"cf7a",
        "recipient_status":"Mira.Baker@alderholt.example##Receive, Deliver;tom@alderholt.example##Receive, Fail"}"#;
    with(Shape::MessageTraceReport, row, |found| {
        let delivery = found.delivery.as_ref().expect("a delivery");
        assert_eq!(
            &*delivery.recipient,
            "mira.baker@alderholt.example;tom@alderholt.example"
        );
        assert_eq!(&*delivery.status, "Receive, Deliver;Receive, Fail");
        assert_eq!(found.event.outcome, Outcome::Partial);
    });
}

/// What an inventory tells of a message, one line.
fn listed(found: &Normalised<'_>) -> String {
    let delivery = found.delivery.as_ref().expect("a delivery");
    let time = found.event.time.map(|time| time.to_string());
    format!(
        "{} {} {} | {} {} | {} > {} {} | {} | {} | {:?} {:?}",
        found.event.source,
        time.unwrap_or_default(),
        found.event.mailbox,
        delivery.internet_message_id,
        delivery.network_message_id,
        delivery.sender,
        delivery.recipient,
        delivery.direction,
        delivery.location,
        delivery.subject,
        delivery.size_bytes,
        found.errors,
    )
}

#[test]
fn a_message_in_an_inventory_is_the_same_in_every_dress() {
    let graph = r#"{"@odata.etag":"W/1","id":"AAMkAa","receivedDateTime":"2026-03-05T18:10:13Z","sentDateTime":"2026-03-05T18:10:11Z","hasAttachments":true,
        "internetMessageId":"<m1@supplier.example>","subject":"New bank details","isRead":false,"parentFolderId":"AAMkIn","mailbox":"Mira.Baker@alderholt.example",
        "from":{"emailAddress":{"name":"Billing","address":"Billing@supplier.example"}},"toRecipients":[{"emailAddress":{"address":"mira.baker@alderholt.example"}}]}"#;
    let cmdlet = r#"{"Id":"AAMkAa","ReceivedDateTime":"\/Date(1772734213000)\/","InternetMessageId":"m1@supplier.example","Subject":"New bank details","IsRead":true,
        "ParentFolderId":"AAMkIn","UserPrincipalName":"mira.baker@alderholt.example","From":{"EmailAddress":{"Address":"billing@supplier.example","Name":"Billing"}}}"#;
    let sheet = r#"{"Mailbox":"mira.baker@alderholt.example","Id":"AAMkAa","InternetMessageId":"<m1@supplier.example>","ReceivedDateTime":"3/5/2026 6:10:13 PM",
        "Subject":"New bank details","From":"Billing <billing@supplier.example>","ParentFolderId":"AAMkIn","IsRead":"True","ToRecipients":"Microsoft.Graph.PowerShell.Models.MicrosoftGraphRecipient"}"#;
    let expected = "inventory 2026-03-05T18:10:13Z mira.baker@alderholt.example | <m1@supplier.example> AAMkAa | billing@supplier.example > mira.baker@alderholt.example  | AAMkIn | New bank details | None []";
    let mut ids = Vec::new();
    for text in [graph, cmdlet, sheet] {
        with(Shape::MailboxInventory, text, |found| {
            assert_eq!(listed(found), expected);
            assert_eq!(found.event.family, Family::Message);
            ids.push((found.event.id.to_string(), found.event.fingerprint));
        });
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[test]
fn a_page_says_whose_messages_it_lists_and_in_which_folder() {
    let text = r#"{"id":"AAMkAb","receivedDateTime":"2026-03-05T18:10:13Z","subject":"","from":{"emailAddress":{"address":"MIRA@alderholt.example"}},"size":2048,"parentFolderId":"AAMkSent"}"#;
    let told = |around: &str, text: &str| {
        let body = json::parse(text).expect("JSON").value;
        let mut raw = raw(Shape::MailboxInventory, body);
        if !around.is_empty() {
            let around = (Cow::Borrowed("@odata.context"), Cow::Borrowed(around));
            raw.columns.push(around);
        }
        listed(&normalise(&raw, &Context::default()))
    };
    let page = "https://graph.microsoft.com/v1.0/$metadata#users('mira%40alderholt.example')";
    assert_eq!(
        told(&format!("{page}/messages"), text),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAb | mira@alderholt.example > mira@alderholt.example Outbound | AAMkSent |  | Some(2048) []"
    );
    let deleted = format!("{page}/mailFolders('recoverableitemspurges')/messages(id)");
    assert_eq!(
        told(&deleted, text),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAb | mira@alderholt.example > mira@alderholt.example Outbound | \\Recoverable Items\\Purges |  | Some(2048) []"
    );
    let draft = r#"{"id":"AAMkAc","isDraft":true,"receivedDateTime":"2026-03-05T18:10:13Z","folderPath":"/Inbox/Customers","mailbox":"mira@alderholt.example"}"#;
    assert_eq!(
        told("", draft),
        "inventory 2026-03-05T18:10:13Z mira@alderholt.example |  AAMkAc |  > mira@alderholt.example Outbound | \\Inbox\\Customers |  | None []"
    );
}

#[test]
fn a_listed_message_that_names_no_mailbox_is_kept_and_says_what_to_add() {
    let text = r#"{"id":"AAMkAb","internetMessageId":"<m1@supplier.example>","receivedDateTime":"2026-03-05T18:10:13Z"}"#;
    with(Shape::MailboxInventory, text, |found| {
        assert!(found.delivery.is_some() && !found.damaged);
        assert_eq!(found.errors.len(), 1, "{:?}", found.errors);
        assert!(found.errors[0].contains("`mailbox`"), "{:?}", found.errors);
    });
    with(Shape::MailboxInventory, r#"{"subject":"x"}"#, |found| {
        assert!(found.delivery.is_none() && found.damaged);
    });
}

#[test]
fn an_empty_wrapper_is_one_error_and_no_message() {
    with(
        Shape::MessageTrace,
        r#"{"@odata.context":"x","value":null}"#,
        |found| {
            assert_eq!(found.errors.len(), 1, "{:?}", found.errors);
            assert!(found.damaged && found.delivery.is_none());
        },
    );
}

#[test]
fn an_email_event_is_keyed_by_message_recipient_and_time() {
    let row = r#"{"Timestamp":"2026-03-05T18:10:13.5Z","NetworkMessageId":"cf7a249a","InternetMessageId":"<m1@supplier.example>","SenderFromAddress":"billing@supplier.example",
        "RecipientEmailAddress":"mira.baker@alderholt.example","Subject":"New bank details","EmailDirection":"Inbound","DeliveryAction":"Delivered","DeliveryLocation":"Inbox/folder","SenderIPv4":"198.51.100.9"}"#;
    let line = format!(
        r#"{{"time":"2026-03-05T18:12:00Z","tenantId":"{TENANT}","category":"AdvancedHunting-EmailEvents","properties":{row}}}"#
    );
    for (shape, text) in [
        (Shape::EmailEvents, row),
        (Shape::Diagnostic, line.as_str()),
    ] {
        with(shape, text, |found| {
            assert_eq!(found.event.source, "message.emailevents");
            assert_eq!(
                found.event.id.as_str(),
                "cf7a249a/mira.baker@alderholt.example/2026-03-05T18:10:13.5Z"
            );
            let delivery = found.delivery.as_ref().expect("a delivery");
            assert_eq!(
                (&*delivery.direction, &*delivery.location),
                ("Inbound", "Inbox/folder")
            );
            assert_eq!(found.event.outcome, Outcome::Success);
        });
    }
}

#[test]
fn an_alert_names_the_account_and_keeps_its_states_apart() {
    let alert = |status: &str, changed: &str| {
        format!(
            r#"{{"id":"a1","tenantId":"{TENANT}","title":"Suspicious inbox rule","createdDateTime":"2026-03-06T09:00:00Z","lastUpdateDateTime":"{changed}","status":"{status}",
            "serviceSource":"microsoftDefenderForOffice365","evidence":[{{"ipAddress":"203.0.113.7"}},{{"userAccount":{{"userPrincipalName":"Mira.Baker@alderholt.example"}}}}]}}"#
        )
    };
    let look = |text: &str| {
        with(Shape::Alert, text, |found| {
            assert!(found.errors.is_empty(), "{:?}", found.errors);
            let event = &found.event;
            assert_eq!(
                (event.tenant.as_str(), &*event.user),
                (TENANT, "mira.baker@alderholt.example")
            );
            assert_eq!(&*event.operation, "Suspicious inbox rule");
            event.id.to_string()
        })
    };
    let new = look(&alert("new", "2026-03-06T09:05:00Z"));
    assert_eq!(new, "a1@2026-03-06T09:05:00Z");
    assert_ne!(new, look(&alert("resolved", "2026-03-06T12:00:00Z")));
}

#[test]
fn a_category_leads_to_its_family() {
    for (category, properties, family) in [
        (
            "AuditLogs",
            r#"{"activityDisplayName":"Add user","id":"i","initiatedBy":null}"#,
            Family::DirectoryAudit,
        ),
        (
            "AuditLogs",
            r#"{"AuditEventId":"i","ActivityDate":"4/11/2026 6:21:02 PM"}"#,
            Family::Other,
        ),
        (
            "Policy",
            r#"{"activityDisplayName":"Update policy"}"#,
            Family::DirectoryAudit,
        ),
        (
            "Policy",
            r#"{"isComplianceCheck":"True"}"#,
            Family::AzureActivity,
        ),
        ("ServicePrincipalRiskEvents", r#"{"id":"i"}"#, Family::Risk),
        (
            "ProvisioningLogs",
            r#"{"id":"i","provisioningAction":"create"}"#,
            Family::Other,
        ),
        (
            "AdvancedHunting-AlertInfo",
            r#"{"AlertId":"i"}"#,
            Family::Alert,
        ),
        (
            "AdvancedHunting-DeviceEvents",
            r#"{"ActionType":"x"}"#,
            Family::Other,
        ),
        (
            "AdvancedHunting-CloudAppEvents",
            r#"{"ReportId":"r","RawEventData":{"Id":"u","Operation":"Send","CreationTime":"2026-03-01T09:00:00"}}"#,
            Family::Unified,
        ),
        ("SomethingNew", r#"{"id":"i"}"#, Family::Other),
    ] {
        let line = diagnostic_line(category, properties);
        with(Shape::Diagnostic, &line, |found| {
            assert_eq!(found.event.family, family, "{category} {properties}");
            assert_eq!(found.event.tenant.as_str(), TENANT, "{category}");
            assert!(found.event.time.is_some(), "{category}: {:?}", found.errors);
        });
    }
}

#[test]
fn an_absent_time_and_an_unreadable_one_are_told_apart() {
    with(Shape::SignInGraph, r#"{"id":"x"}"#, |found| {
        assert_eq!(
            (found.damaged, found.errors.len(), found.event.time),
            (false, 1, None)
        );
    });
    let unreadable = r#"{"id":"x","createdDateTime":"the day before yesterday","TimeGenerated":"2026-03-01T09:00:00Z"}"#;
    with(Shape::SignInGraph, unreadable, |found| {
        assert_eq!(
            (found.damaged, found.errors.len(), found.event.time),
            (true, 1, None)
        );
        assert_eq!(&*found.event.time_text, "the day before yesterday");
    });
}

#[test]
fn a_missing_id_is_made_and_told_where_there_should_be_one() {
    with(
        Shape::SignInGraph,
        r#"{"createdDateTime":"2026-03-01T09:00:00Z"}"#,
        |found| {
            assert!(found.event.id_made && !found.event.id.as_str().is_empty());
            assert_eq!(found.errors.len(), 1);
        },
    );
}

#[test]
fn a_guest_and_an_application_are_no_members() {
    let guest = r#"{"id":"x","createdDateTime":"2026-03-01T09:00:00Z","userType":"guest","userPrincipalName":"ann_other.example#EXT#@alderholt.example"}"#;
    with(Shape::SignInGraph, guest, |found| {
        assert_eq!(found.event.user_kind, ActorKind::Guest);
    });
    let app = r#"{"id":"x","activityDateTime":"2026-03-01T09:00:00Z","activityDisplayName":"Update user","result":"success",
        "initiatedBy":{"user":null,"app":{"appId":"AAAA","displayName":"Ledger sync","servicePrincipalId":"s"}}}"#;
    with(Shape::DirectoryAuditGraph, app, |found| {
        assert_eq!(found.event.user_kind, ActorKind::Application);
        assert_eq!(
            (
                &*found.event.user,
                &*found.event.user_key,
                &*found.event.app
            ),
            ("ledger sync", "s", "aaaa")
        );
    });
}

#[test]
fn an_empty_part_of_the_initiator_is_nobody() {
    let audit = r#"{"Id":"x","ActivityDateTime":"2026-03-01T09:00:00Z","ActivityDisplayName":"Update user",
        "InitiatedBy":{"User":{"Id":null,"UserPrincipalName":null},"App":{"AppId":"AAAA","DisplayName":"Ledger sync"}}}"#;
    with(Shape::DirectoryAuditGraph, audit, |found| {
        assert_eq!(&*found.event.user, "ledger sync");
        assert_eq!(found.event.user_kind, ActorKind::Application);
    });
}

#[test]
fn a_call_to_graph_leads_back_to_its_sign_in() {
    let properties = r#"{"timeGenerated":"2026-03-01T09:00:00Z","requestId":"r","requestMethod":"GET","responseStatusCode":403,
        "requestUri":"https://graph.microsoft.com/v1.0/me/messages","appId":"AAAA","userId":"c3a4",
        "signInActivityId":"UgweW6p3jkqPXj0sEM0BAA","ipAddress":"203.0.113.7","userAgent":"curl/8"}"#;
    with(
        Shape::Diagnostic,
        &diagnostic_line("MicrosoftGraphActivityLogs", properties),
        |found| {
            let event = &found.event;
            assert_eq!(
                (&*event.token, &*event.user_key, &*event.app),
                ("UgweW6p3jkqPXj0sEM0BAA", "c3a4", "aaaa")
            );
            assert_eq!(
                &*event.object,
                "https://graph.microsoft.com/v1.0/me/messages"
            );
            assert_eq!(event.outcome, Outcome::Failure);
        },
    );
}

#[test]
fn the_rest_holds_what_no_field_holds_and_nothing_twice() {
    let line = diagnostic_line("SignInLogs", SIGN_IN_PROPERTIES);
    with(Shape::Diagnostic, &line, |found| {
        let rest = json::parse(&found.event.rest)
            .expect("the rest is JSON")
            .value;
        assert_eq!(rest.text("appDisplayName"), Some("One Outlook Web"));
        assert_eq!(rest.text("id"), None, "the id's own column holds it");
        let envelope = rest.get("envelope").expect("the envelope's own facts");
        assert_eq!(envelope.text("time"), Some("2026-03-01T09:16:01.1111111Z"));
        assert_eq!(
            envelope.text("tenantId"),
            None,
            "the tenant's own column holds it"
        );
    });
}

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

const ALL_SHAPES: [Shape; 24] = [
    Shape::UnifiedAudit,
    Shape::OfficeActivity,
    Shape::CloudAppEvents,
    Shape::SignInGraph,
    Shape::SignInTable,
    Shape::SignInPortal,
    Shape::DirectoryAuditGraph,
    Shape::DirectoryAuditTable,
    Shape::DirectoryAuditPortal,
    Shape::RiskGraph,
    Shape::RiskTable,
    Shape::Diagnostic,
    Shape::AzureActivityApi,
    Shape::AzureActivityTable,
    Shape::AzureActivityPortal,
    Shape::DevOpsAuditApi,
    Shape::DevOpsAuditTable,
    Shape::MessageTrace,
    Shape::MessageTraceGraph,
    Shape::MessageTraceReport,
    Shape::EmailEvents,
    Shape::MailboxInventory,
    Shape::Alert,
    Shape::Other,
];

/// Keys that the families look at, so that arbitrary values reach the code behind them.
const KEYS: &[&str] = &[
    "id",
    "Id",
    "time",
    "category",
    "properties",
    "createdDateTime",
    "TimeGenerated",
    "status",
    "ResultType",
    "signInEventTypes",
    "deviceDetail",
    "initiatedBy",
    "targetResources",
    "additionalDetails",
    "additionalInfo",
    "riskLastUpdatedDateTime",
    "claims",
    "identity",
    "operationName",
    "resourceId",
    "Hierarchy",
    "tenantId",
    "evidence",
    "alerts",
    "entities",
    "Actor",
    "recipientStatus",
    "MessageTraceId",
    "Timestamp",
    "user",
    "app",
    "value",
    "$",
    "RawEventData",
    "httpRequest",
    "correlationId",
    "Size",
    "userId",
    "scopeId",
];

fn any_value() -> impl Strategy<Value = Json<'static>> {
    let words = prop::sample::select(vec![
        "",
        "x",
        "0",
        "-1",
        "AuditLogs",
        "SignInLogs",
        "RiskyUsers",
        "Administrative",
        "AdvancedHunting-EmailEvents",
        "AdvancedHunting-CloudAppEvents",
        "2026-03-01T09:00:00Z",
        "{",
        "[",
        "{\"user\":[]}",
        "[{\"key\":1}]",
        "{\"claims\":\"{}\"}",
        "[1,null,\"x\"]",
        "/tenants/",
        "\u{202e}é",
        "[::1]:1",
        "Success",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        prop::sample::select(vec![
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "1772355600"
        ])
        .prop_map(Json::Number),
        words.prop_map(|word| Json::String(Cow::Borrowed(word))),
        "\\PC{0,12}".prop_map(|text| Json::String(Cow::Owned(text))),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            any_object(inner),
        ]
    })
}

fn any_object(value: impl Strategy<Value = Json<'static>>) -> impl Strategy<Value = Json<'static>> {
    let key = prop::sample::select(KEYS).prop_map(Cow::Borrowed);
    prop::collection::vec((key, value), 0..12).prop_map(Json::Object)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_record_in_any_dress_makes_it_panic(body in any_object(any_value())) {
        for shape in ALL_SHAPES {
            let raw = raw(shape, body.clone());
            let context = Context::default();
            let found = normalise(&raw, &context);
            prop_assert!(!found.event.id.as_str().is_empty(), "{shape:?}");
            prop_assert!(json::parse(&found.event.rest).is_ok(), "{shape:?}: {}", found.event.rest);
        }
    }
}
