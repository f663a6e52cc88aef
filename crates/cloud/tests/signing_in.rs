//! A person signs in with a code typed elsewhere.

use crate::server::{Server, TENANT, door, json};
use model::{NoTokenKind, Service};

const CODE: &str = r#"{"device_code":"d3vice","user_code":"ABC-123","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":1}"#;

#[tokio::test]
async fn the_code_is_asked_for_until_the_person_has_signed_in() {
    let server = Server::start(|seen, nth| {
        let token = crate::server::token(TENANT, nth);
        let grant =
            format!(r#"{{"expires_in":3600,"access_token":"{token}","refresh_token":"r1"}}"#);
        Some(match nth {
            _ if seen.path.ends_with("/devicecode") => json(200, CODE),
            1 => json(
                400,
                r#"{"error":"authorization_pending","error_codes":[70016]}"#,
            ),
            _ => json(200, &grant),
        })
    })
    .await;
    let (door, endpoints) = (door(), server.tenant().endpoints.clone());
    let code = door
        .device_code(&endpoints, TENANT, "app", Service::Graph)
        .await
        .unwrap();
    assert_eq!(code.user_code, "ABC-123");
    assert!(!format!("{code:?}").contains("d3vice"));
    assert_eq!(door.device_login(&code).await.unwrap().reveal(), "r1");
    let logins = server.logins();
    assert_eq!(
        logins[0].form()["scope"],
        "https://graph.microsoft.com/.default offline_access"
    );
    assert_eq!(logins[2].form()["device_code"], "d3vice");
}

#[tokio::test]
async fn a_policy_against_the_flow_is_said() {
    let server = Server::start(|seen, _| {
        Some(if seen.path.ends_with("/devicecode") {
            json(200, CODE)
        } else {
            json(400, r#"{"error":"access_denied","error_codes":[53003],"error_description":"AADSTS53003: blocked"}"#)
        })
    })
    .await;
    let (door, endpoints) = (door(), server.tenant().endpoints.clone());
    let code = door
        .device_code(&endpoints, TENANT, "app", Service::Graph)
        .await
        .unwrap();
    let no = door.device_login(&code).await.unwrap_err();
    assert_eq!((no.kind, no.code), (NoTokenKind::Interaction, Some(53003)));
}
