//! Lines of diagnostic settings: what is inside decides, and what is around it is kept.

use crate::sign_ins::SIGN_IN_PROPERTIES;
use crate::{TENANT, as_text, diagnostic_line, with};
use model::{Family, Outcome, Shape, json};

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
