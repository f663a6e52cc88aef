//! Sign-ins, of people and of what is none.

use crate::{TENANT, as_text, diagnostic_line, same, with};
use model::{Outcome, Shape};

pub(crate) const SIGN_IN_PROPERTIES: &str = r#"{"id":"5b1e0c52-77aa-4a8e-8f5e-3d2c10cd0100",
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
