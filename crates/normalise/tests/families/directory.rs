//! Audits of the directory, and who is told to have acted in them.

use crate::{diagnostic_line, same, with};
use model::{ActorKind, Outcome, Shape};

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
