//! Tokens: asked for once, replaced in time, refused when they are another tenant's.

use crate::server::{
    Answer, CLIENT, OTHER, PASSWORD, Server, TENANT, door, grant, json, limits, password, refusal,
    with,
};
use cloud::{Credential, Door, IdentityHosts, Secret};
use model::{Ask, Failure, NoTokenKind, Pace, Service};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn many_who_wait_for_a_token_ask_once() {
    let server = Server::start(|_, _| None).await;
    let (door, access) = (Arc::new(door()), server.tenant());
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let (door, access) = (Arc::clone(&door), Arc::clone(&access));
            let ask = Ask::get(Service::Manage, Pace::Activity, format!("/{n}"));
            tokio::spawn(async move { door.send(&access, &ask).await.outcome.unwrap().status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 200);
    }
    assert_eq!((server.logins().len(), server.asks().len()), (1, 20));
    let form = server.logins()[0].form();
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], CLIENT);
    assert_eq!(form["client_secret"], PASSWORD);
    assert_eq!(form["scope"], "https://manage.office.com/.default");
    assert!(
        server
            .asks()
            .iter()
            .all(|ask| ask.bearer() == server.asks()[0].bearer())
    );
}

#[tokio::test]
async fn many_who_wait_for_a_refusal_share_it() {
    let server = Server::start(|seen, _| seen.is_login().then(|| refusal(7000215))).await;
    let (door, access) = (Arc::new(door()), server.tenant());
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (door, access) = (Arc::clone(&door), Arc::clone(&access));
            tokio::spawn(async move { door.token(&access, Service::Manage).await })
        })
        .collect();
    for task in tasks {
        let no = task.await.unwrap().unwrap_err();
        assert_eq!((no.kind, no.code), (NoTokenKind::Credential, Some(7000215)));
    }
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test]
async fn each_service_and_tenant_has_a_token_of_its_own() {
    let server = Server::start(|_, _| None).await;
    let door = door();
    for (tenant, service) in [
        (TENANT, Service::Manage),
        (TENANT, Service::DevOps),
        (TENANT, Service::Storage),
        (OTHER, Service::Manage),
        (TENANT, Service::Manage),
    ] {
        let facts = door
            .token(&server.access(tenant, password()), service)
            .await;
        assert_eq!(facts.unwrap().tenant, tenant);
    }
    let scopes: Vec<_> = server
        .logins()
        .iter()
        .map(|login| login.form()["scope"].clone())
        .collect();
    assert_eq!(
        scopes,
        [
            "https://manage.office.com/.default",
            "499b84ac-1321-427f-aa17-267ca6975798/.default",
            "https://storage.azure.com/.default",
            "https://manage.office.com/.default",
        ]
    );
}

#[tokio::test]
async fn a_token_is_replaced_two_minutes_before_its_end_and_when_forgotten() {
    let server = Server::start(|_, _| None).await;
    let (door, access) = (door(), server.tenant());
    for (pass, logins) in [(0, 1), (3470, 1), (11, 2), (0, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(pass)).await;
        tokio::time::resume();
        door.token(&access, Service::Graph).await.unwrap();
        assert_eq!(server.logins().len(), logins);
    }
    door.forget_tokens(&access);
    door.token(&access, Service::Graph).await.unwrap();
    assert_eq!(server.logins().len(), 3);
}

#[tokio::test]
async fn while_the_old_token_lives_a_sick_login_is_no_trouble() {
    let server =
        Server::start(|seen, nth| (seen.is_login() && nth > 0).then(|| json(503, ""))).await;
    let (door, access) = (door(), server.tenant());
    door.token(&access, Service::Graph).await.unwrap();
    for (pass, fine) in [(3500, true), (120, false)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(pass)).await;
        tokio::time::resume();
        let token = door.token(&access, Service::Graph).await;
        assert_eq!(token.is_ok(), fine, "{token:?}");
    }
}

#[tokio::test]
async fn a_token_of_another_tenant_is_never_used() {
    let server = Server::start(|seen, _| seen.is_login().then(|| grant(OTHER, 0))).await;
    let ask = Ask::get(Service::Manage, Pace::Activity, "/");
    let outcome = door().send(&server.tenant(), &ask).await.outcome;
    let Err(Failure::NoToken(no)) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(no.what.contains(OTHER), "{no:?}");
    assert_eq!(server.asks().len(), 0);
}

#[tokio::test]
async fn the_tenant_of_a_domain_is_learned_and_then_stays() {
    let server = Server::start(|seen, nth| {
        seen.is_login()
            .then(|| grant([TENANT, TENANT, OTHER][nth], nth))
    })
    .await;
    let (door, access) = (door(), server.access("contoso.example", password()));
    assert!(door.token(&access, Service::Graph).await.is_ok());
    assert!(door.token(&access, Service::Manage).await.is_ok());
    assert!(door.token(&access, Service::Arm).await.is_err());
}

#[tokio::test]
async fn each_refusal_is_met_as_it_deserves() {
    use NoTokenKind::{Credential, Interaction, NotOnboarded, Passing, ServiceAbsent, TenantGone};
    for (code, kind, logins) in [
        (7000222, Credential, 1),
        (700027, Credential, 4),
        (700024, Credential, 2),
        (7000229, NotOnboarded, 1),
        (650052, ServiceAbsent, 1),
        (90002, TenantGone, 1),
        (65001, Interaction, 1),
        (53003, Interaction, 1),
        (90033, Passing, 4),
    ] {
        let server = Server::start(move |seen, _| seen.is_login().then(|| refusal(code))).await;
        let no = door()
            .token(&server.tenant(), Service::Manage)
            .await
            .unwrap_err();
        assert_eq!((no.kind, no.code), (kind, Some(code)));
        assert_eq!(server.logins().len(), logins, "{code}");
    }
}

#[tokio::test]
async fn a_sick_login_is_asked_again() {
    let server = Server::start(|seen, nth| {
        let sick = match nth {
            0 => json(503, "<html>"),
            1 => Answer::Reset(Vec::new()),
            2 => json(200, "<html>"),
            _ => return None,
        };
        seen.is_login().then_some(sick)
    })
    .await;
    door()
        .token(&server.tenant(), Service::Manage)
        .await
        .unwrap();
    assert_eq!(server.logins().len(), 4);
}

#[tokio::test]
async fn login_says_how_long_to_wait() {
    let server = Server::start(|seen, nth| {
        (seen.is_login() && nth == 0).then(|| with(429, ("retry-after", "1"), ""))
    })
    .await;
    door()
        .token(&server.tenant(), Service::Manage)
        .await
        .unwrap();
    let logins = server.logins();
    assert!(logins[1].at - logins[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_federated_token_is_read_anew_each_time() {
    let server = Server::start(|_, _| None).await;
    let count = Mutex::new(0);
    let assertion = Box::new(move || {
        let mut count = count.lock().unwrap();
        *count += 1;
        match *count {
            3 => Err(std::io::ErrorKind::NotFound.into()),
            n => Ok(Secret::from(format!("proof{n}\n"))),
        }
    });
    let access = server.access(TENANT, Credential::Federated { assertion });
    let door = door();
    for n in 1..=2 {
        door.forget_tokens(&access);
        door.token(&access, Service::Graph).await.unwrap();
        let form = server.logins()[n - 1].form();
        assert_eq!(form["client_assertion"], format!("proof{n}"));
        assert!(form["client_assertion_type"].ends_with("jwt-bearer"));
    }
    door.forget_tokens(&access);
    let no = door.token(&access, Service::Graph).await.unwrap_err();
    assert_eq!(no.kind, NoTokenKind::Credential);
}

#[tokio::test]
async fn a_new_refresh_token_is_kept_before_the_access_token_is_used() {
    let server = Server::start(|seen, nth| {
        let token = crate::server::token(TENANT, nth);
        let body = format!(
            r#"{{"expires_in":3600,"access_token":"{token}","refresh_token":"fresh{nth}"}}"#
        );
        seen.is_login().then(|| json(200, &body))
    })
    .await;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeper = Arc::clone(&kept);
    let access = server.access(
        TENANT,
        Credential::Refresh {
            token: Secret::from("given".to_owned()),
            client_secret: None,
            rotated: Box::new(move |fresh| keeper.lock().unwrap().push(fresh.reveal().to_owned())),
        },
    );
    let door = door();
    for service in [Service::Graph, Service::Manage] {
        door.token(&access, service).await.unwrap();
    }
    assert_eq!(*kept.lock().unwrap(), ["fresh0", "fresh1"]);
    let used: Vec<_> = server
        .logins()
        .iter()
        .map(|login| login.form()["refresh_token"].clone())
        .collect();
    assert_eq!(used, ["given", "fresh0"]);
}

#[tokio::test]
async fn the_machines_own_identity_is_asked_at_its_address() {
    let server = Server::start(|seen, nth| {
        let token = crate::server::token(TENANT, nth);
        let body = format!(r#"{{"expires_in":"86399","access_token":"{token}"}}"#);
        seen.path.contains("/metadata/").then(|| match nth {
            0 => json(410, ""),
            _ => json(200, &body),
        })
    })
    .await;
    let hosts = IdentityHosts {
        metadata: server.url.clone(),
        app_service: None,
    };
    let door = Door::new(limits(), crate::server::clock, None)
        .unwrap()
        .with_identity(hosts);
    let access = server.access(
        TENANT,
        Credential::ManagedIdentity {
            client_id: Some("me".to_owned()),
        },
    );
    door.token(&access, Service::Graph).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        seen[1].path,
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com&client_id=me"
    );
    assert_eq!(seen[1].headers["metadata"], "true");
}

#[tokio::test]
async fn a_tenant_that_is_no_name_reaches_no_address() {
    let server = Server::start(|_, _| None).await;
    for tenant in ["", "../x", "a/b", "a?b", "a#b", "common\r\n"] {
        let access = server.access(tenant, password());
        assert!(door().token(&access, Service::Graph).await.is_err());
    }
    assert_eq!(server.seen().len(), 0);
}
