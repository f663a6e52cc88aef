//! Delivery by HTTP: what each service's answers mean, and what is never told.

use crate::cards::{KEY, card, now, pagerduty, render, slack, teams, webhook};
use crate::server::{AUTHORITY, Reply, Server, acceptor, reply};
use sinks::{Certainty, Courier, Destination, Limits, Outcome, check_signature};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) fn limits() -> Limits {
    Limits {
        timeout: Duration::from_secs(20),
        ..Limits::default()
    }
}

async fn send(destination: &Destination) -> Outcome {
    let courier = Courier::new(limits(), None).unwrap();
    courier
        .send(destination, &render(destination, &card()), now())
        .await
}

/// Asserts what a service's answer means.
async fn check(make: fn(&str) -> Destination, answer: Reply, expected: Outcome) {
    let told = answer.clone();
    let server = Server::start(move |_| answer.clone()).await;
    let outcome = send(&make(&server.url())).await;
    assert_eq!(outcome, expected, "{told:?}");
}

fn delivered(certainty: Certainty, receipt: &str) -> Outcome {
    Outcome::Delivered {
        certainty,
        receipt: receipt.to_owned(),
    }
}

fn again(after: Option<u64>, why: &str) -> Outcome {
    Outcome::Retry {
        after: after.map(Duration::from_secs),
        why: why.to_owned(),
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused {
        why: why.to_owned(),
    }
}

#[tokio::test]
async fn teams_accepts_and_does_not_promise() {
    let taken = delivered(Certainty::Accepted, "status 202, request 0858-run");
    check(
        teams,
        reply("202 Accepted\r\nx-ms-workflow-run-id: 0858-run", ""),
        taken,
    )
    .await;
    check(
        teams,
        reply("200 OK", "1"),
        delivered(Certainty::Accepted, "status 200"),
    )
    .await;
    check(
        teams,
        reply("429 Too Many\r\nretry-after: 17", ""),
        again(Some(17), "status 429"),
    )
    .await;
    check(
        teams,
        reply("502 Bad Gateway", "<html>x</html>"),
        again(None, "status 502"),
    )
    .await;
    let gone = r#"{"error":{"code":"WorkflowNotFound","message":"The workflow 'abc' ..."}}"#;
    check(
        teams,
        reply("404 Not Found", gone),
        refused("status 404: WorkflowNotFound"),
    )
    .await;
}

#[tokio::test]
async fn slack_says_ok_or_a_word() {
    check(
        slack,
        reply("200 OK", "ok"),
        delivered(Certainty::Delivered, "status 200"),
    )
    .await;
    check(
        slack,
        reply("200 OK", "<html>sign in</html>"),
        again(None, "status 200, but not Slack's `ok`"),
    )
    .await;
    for (status, word) in [
        ("400 Bad Request", "invalid_payload"),
        ("403 Forbidden", "action_prohibited"),
        ("404 Not Found", "no_service"),
        ("404 Not Found", "channel_not_found"),
        ("410 Gone", "channel_is_archived"),
    ] {
        let number = &status[..3];
        check(
            slack,
            reply(status, word),
            refused(&format!("status {number}: {word}")),
        )
        .await;
    }
    check(
        slack,
        reply("429 Too Many\r\nretry-after: 1", "rate_limited"),
        again(Some(1), "status 429: rate_limited"),
    )
    .await;
    check(
        slack,
        reply("500 Oh", "rollup_error"),
        again(None, "status 500: rollup_error"),
    )
    .await;
}

#[tokio::test]
async fn pagerduty_calls_an_event_invalid_once_and_for_all() {
    let body = r#"{"status":"success","message":"Event processed","dedup_key":"I-2026-0042"}"#;
    check(
        pagerduty,
        reply("202 Accepted\r\nx-request-id: r1", body),
        delivered(Certainty::Accepted, "status 202, request r1"),
    )
    .await;
    let body = r#"{"status":"invalid event","message":"x","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}"#;
    check(
        pagerduty,
        reply("400 Bad Request", body),
        refused("status 400: Length of 'routing_key' is incorrect (should be 32 characters)"),
    )
    .await;
    check(
        pagerduty,
        reply("429 Too Many", ""),
        again(None, "status 429"),
    )
    .await;
    check(pagerduty, reply("503 No", ""), again(None, "status 503")).await;
}

#[tokio::test]
async fn an_event_holds_the_integration_key() {
    let server = Server::start(|_| reply("202 Accepted", "{}")).await;
    send(&pagerduty(&server.url())).await;
    let event: serde_json::Value = serde_json::from_str(&server.seen()[0].body).unwrap();
    assert_eq!(event["routing_key"], KEY);
    assert_eq!(event["dedup_key"], "I-2026-0042");
}

#[tokio::test]
async fn a_webhook_is_signed_and_names_its_card() {
    let server = Server::start(|_| reply("204 No Content", "")).await;
    for _ in 0..2 {
        let outcome = send(&webhook(&server.url(), false)).await;
        assert_eq!(outcome, delivered(Certainty::Delivered, "status 204"));
    }
    let seen = server.seen();
    let body: serde_json::Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(body["schema"], "breachscope.card/1");
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(seen[0].headers["content-type"], "application/json");
    assert_eq!(seen[0].headers["authorization"], "Bearer b3arer-t0ken");
    let signature = &seen[0].headers["x-breachscope-signature"];
    let key = crate::cards::secret("s1gning-key");
    let minutes = Duration::from_mins(5);
    assert_eq!(
        check_signature(signature, seen[0].body.as_bytes(), &key, now(), minutes),
        Ok(())
    );
    let later = now().plus_seconds(3600);
    assert!(check_signature(signature, seen[0].body.as_bytes(), &key, later, minutes).is_err());
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let other = Server::start(|_| reply("200 OK", "ok")).await;
        let to = format!("{status}\r\nlocation: {}", other.url());
        let server = Server::start(move |_| reply(&to, "")).await;
        let outcome = send(&slack(&server.url())).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
        assert!(other.seen().is_empty());
    }
}

#[tokio::test]
async fn plain_http_goes_to_this_machine_only() {
    for url in [
        "http://hooks.example.invalid/x",
        "http://10.0.0.1/",
        "ftp://localhost/",
        "no address",
    ] {
        let outcome = send(&slack(url)).await;
        assert!(
            matches!(outcome, Outcome::Refused { .. }),
            "{url}: {outcome:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends() {
    let server = Server::start(|_| Reply::Silence).await;
    let outcome = send(&slack(&server.url())).await;
    assert_eq!(outcome, again(None, "no answer within 20 s"));
}

#[tokio::test]
async fn a_broken_connection_is_worth_another_try() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/services/T0000001/s3cr3t-p4th");
    let outcome = send(&slack(&url)).await;
    let Outcome::Retry { why, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        !why.contains("s3cr3t") && !why.contains("services"),
        "{why}"
    );
}

#[tokio::test]
async fn no_secret_is_told_whatever_the_other_side_repeats() {
    for status in [
        "200 OK",
        "400 Bad",
        "404 Not Found",
        "429 Too Many",
        "500 Oh",
        "302 Found",
    ] {
        let server = Server::start(move |seen| {
            let all = format!("{} {:?} {}", seen.path, seen.headers, seen.body);
            let errors = [seen.path.as_str(), "s1gning-key", KEY, "Bearer b3arer-t0ken", "s3cr3t-p4th"];
            let body = serde_json::json!({"errors": errors, "error": {"code": "s3cr3t-p4th"}, "message": all});
            reply(&format!("{status}\r\nx-request-id: {}", seen.path), &body.to_string())
        })
        .await;
        let url = server.url();
        for destination in [
            teams(&url),
            slack(&url),
            pagerduty(&url),
            webhook(&url, false),
            webhook(&url, true),
        ] {
            let outcome = send(&destination).await;
            let told = format!("{outcome:?} {destination:?}");
            let about = destination.about().name;
            let secrets: &[&str] = match about {
                "pagerduty" => &[KEY],
                "webhook" => &["s3cr3t-p4th", "s1gnature", "s1gning-key", "b3arer-t0ken"],
                _ => &["s3cr3t-p4th", "s1gnature"],
            };
            for secret in secrets {
                assert!(!told.contains(secret), "{about} {status}: {told}");
            }
        }
    }
}

#[tokio::test]
async fn a_host_of_a_further_authority_is_trusted_only_where_that_is_given() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor().accept(stream).await else {
                continue;
            };
            let _ = stream.read(&mut vec![0; 65_536]).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok")
                .await;
            let _ = stream.shutdown().await;
        }
    });
    let destination = slack(&format!("https://localhost:{port}/x"));
    let rendered = render(&destination, &card());
    let usual = Courier::new(limits(), None).unwrap();
    let outcome = usual.send(&destination, &rendered, now()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let trusting = Courier::new(limits(), Some(AUTHORITY)).unwrap();
    let outcome = trusting.send(&destination, &rendered, now()).await;
    assert_eq!(outcome, delivered(Certainty::Delivered, "status 200"));
    for broken in [&b"no PEM"[..], b""] {
        assert!(Courier::new(limits(), Some(broken)).is_err());
    }
}

#[tokio::test]
async fn a_card_for_another_kind_is_not_sent() {
    let courier = Courier::new(limits(), None).unwrap();
    let rendered = render(&crate::cards::email(25), &card());
    let outcome = courier
        .send(&slack("https://x.invalid"), &rendered, now())
        .await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
}
