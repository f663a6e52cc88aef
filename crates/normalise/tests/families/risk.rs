//! Risky users, what made them so, and alerts.

use crate::{TENANT, diagnostic_line, same, with};
use model::Shape;

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
