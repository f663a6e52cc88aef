//! A token never leaves for a host that it is not for.

use crate::server::{Server, clock, door, with};
use model::{Ask, Failure, Pace, Service};
use std::process::Command;

#[tokio::test]
async fn a_link_to_elsewhere_is_not_followed() {
    let (server, evil) = (
        Server::start(|_, _| None).await,
        Server::start(|_, _| None).await,
    );
    let (door, access) = (door(), server.tenant());
    let here = server.url.trim_start_matches("http://");
    for link in [
        format!("{}/audit/1", evil.url),
        format!("http://{here}@{}/audit/1", &evil.url[7..]),
        format!(
            "http://localhost:{}/audit/1",
            here.split(':').nth(1).unwrap()
        ),
        format!("https://{here}/audit/1"),
        "https://evil.example/audit/1".to_owned(),
    ] {
        for ask in [
            Ask::get(Service::Manage, Pace::Activity, "/").at(&link),
            Ask::post(Service::Exchange, Pace::Cmdlet, "/", "{}").at(&link),
        ] {
            let outcome = door.send(&access, &ask).await.outcome;
            assert!(
                matches!(outcome, Err(Failure::ForeignHost(_))),
                "{link}: {outcome:?}"
            );
        }
    }
    assert_eq!((server.seen().len(), evil.seen().len()), (0, 0));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_host_is_named() {
    let evil = Server::start(|_, _| None).await;
    let to = format!("{}/signin?token=1", evil.url);
    let server = Server::start(move |seen, nth| {
        let to = if nth == 0 { to.as_str() } else { "/elsewhere" };
        (!seen.is_login()).then(|| with(302, ("location", to), ""))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    let ask = Ask::get(Service::DevOps, Pace::DevOps, "/org/_apis");
    assert_eq!(
        door.send(&access, &ask).await.outcome,
        Err(Failure::ForeignHost(evil.url.clone()))
    );
    let outcome = door.send(&access, &ask).await.outcome;
    assert!(matches!(outcome, Err(Failure::Broken(_))), "{outcome:?}");
    assert!(server.asks().iter().all(|ask| ask.path == "/org/_apis"));
    assert_eq!(evil.seen().len(), 0);
}

#[tokio::test]
async fn a_login_that_redirects_gets_no_secret_carried_on() {
    let evil = Server::start(|_, _| None).await;
    let to = format!("{}/token", evil.url);
    let server = Server::start(move |_, _| Some(with(307, ("location", &to), ""))).await;
    assert!(
        door()
            .token(&server.tenant(), Service::Graph)
            .await
            .is_err()
    );
    assert_eq!(evil.seen().len(), 0);
}

#[tokio::test]
async fn a_post_goes_to_its_link_with_the_same_body_and_what_the_ask_may_say() {
    let server = Server::start(|_, _| None).await;
    let link = format!("{}/next?$skiptoken=a%20b", server.url);
    let ask = Ask::post(
        Service::Exchange,
        Pace::Cmdlet,
        "/",
        r#"{"CmdletInput":{}}"#,
    )
    .at(link)
    .with("Prefer", "odata.maxpagesize=1000")
    .with("Authorization", "Bearer forged");
    let sent = door().send(&server.tenant(), &ask).await;
    assert!(sent.outcome.unwrap().is_success());
    let seen = server.asks().remove(0);
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", "/next?$skiptoken=a%20b")
    );
    assert_eq!(seen.body, r#"{"CmdletInput":{}}"#);
    assert_eq!(seen.headers["prefer"], "odata.maxpagesize=1000");
    assert_eq!(
        seen.headers["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(
        seen.bearer().starts_with("Bearer e30."),
        "{}",
        seen.bearer()
    );
}

#[tokio::test]
async fn the_hosts_date_corrects_the_clock() {
    let dates = [
        "Sun, 01 Mar 2026 00:10:00 GMT",
        "Sat, 28 Feb 2026 23:50:00 GMT",
    ];
    let server = Server::start(move |seen, nth| {
        let date = ("date", dates[usize::from(!seen.is_login())]);
        let token = crate::server::token(crate::server::TENANT, nth);
        let grant = format!(r#"{{"expires_in":3600,"access_token":"{token}"}}"#);
        Some(with(200, date, if seen.is_login() { &grant } else { "[]" }))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    assert_eq!(door.skew(&access, Service::Manage), None);
    assert_eq!(door.now(&access, Service::Manage), clock());
    door.token(&access, Service::Manage).await.unwrap();
    assert_eq!(door.skew(&access, Service::Manage), Some(600));
    let ask = Ask::get(Service::Manage, Pace::Activity, "/");
    door.send(&access, &ask).await.outcome.unwrap();
    assert_eq!(door.skew(&access, Service::Manage), Some(-600));
    assert_eq!(
        door.now(&access, Service::Manage),
        clock().plus_seconds(-600)
    );
}

/// A plain request to this machine through a proxy would show its token to the proxy.
#[tokio::test]
async fn a_proxy_sees_nothing_of_what_goes_to_this_machine() {
    let proxy = Server::start(|_, _| None).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "bodies::gzip_is_undone"])
        .env("HTTP_PROXY", &proxy.url)
        .env("http_proxy", &proxy.url)
        .env("ALL_PROXY", &proxy.url)
        .env("NO_PROXY", "")
        .env("no_proxy", "");
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    assert_eq!(proxy.seen().len(), 0);
}
