//! Bodies: whole or not at all, in memory or beside it.

use crate::server::{Answer, Server, clock, door, json, limits, password, with};
use cloud::{Door, Limits};
use model::{Ask, Failure, Pace, Service, Want};
use std::io::{Read, Write};

fn page() -> Ask {
    Ask::get(Service::Manage, Pace::Activity, "/")
}

fn records() -> Ask {
    page().wanting(Want::Records)
}

#[tokio::test]
async fn gzip_is_undone() {
    let server = Server::start(|seen, _| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(br#"[{"Id":"1"}]"#).unwrap();
        let headers = vec![("content-encoding", "gzip".to_owned())];
        let answer = Answer::Whole(200, headers, packer.finish().unwrap());
        (!seen.is_login()).then_some(answer)
    })
    .await;
    let reply = door()
        .send(&server.tenant(), &page())
        .await
        .outcome
        .unwrap();
    assert_eq!(reply.body, br#"[{"Id":"1"}]"#);
    assert_eq!(server.asks()[0].headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn what_is_not_whole_is_asked_again_and_then_a_failure() {
    let cut = || Answer::Cut(br#"[{"Id":"1"},"#.to_vec());
    let reset = || Answer::Reset(br#"[{"Id":"1"},"#.to_vec());
    let closed = || Answer::Reset(Vec::new());
    let short = || json(200, r#"[{"Id":"1"},"#);
    let html = || {
        with(
            200,
            ("content-type", "text/html; charset=utf-8"),
            "<p>Sign in</p>",
        )
    };
    let hidden_html = || json(200, "<!DOCTYPE html><html></html>");
    let partial = || with(203, ("content-type", "text/html"), "[]");
    let text = || json(200, "Service under maintenance");
    let wrongs: [fn() -> Answer; 8] = [cut, reset, closed, short, html, hidden_html, partial, text];
    let door = door();
    for (at, wrong) in wrongs.into_iter().enumerate() {
        for (of, ask) in [page(), records()].into_iter().enumerate() {
            let server =
                Server::start(move |seen, nth| (!seen.is_login() && nth != 2).then(wrong)).await;
            let tenant = format!("1111111{of}-1111-4111-8111-11111111111{at}");
            let access = server.access(&tenant, password());
            let sent = door.send(&access, &ask).await;
            assert!(sent.outcome.unwrap().is_success(), "{at}");
            assert_eq!(server.asks().len(), 3, "{at}");
            let failure = door.send(&access, &ask).await.outcome.unwrap_err();
            let expected = match at {
                0..=2 => matches!(failure, Failure::Broken(_) | Failure::Garbled(_)),
                _ => matches!(failure, Failure::Garbled(_)),
            };
            assert!(expected, "{at}: {failure:?}");
            assert_eq!(server.asks().len(), 7, "{at}");
            let mut tallies = door.tallies().into_iter();
            let tally = tallies.find(|tally| tally.tenant == tenant).unwrap();
            assert_eq!((tally.requests, tally.retried, tally.failed), (7, 5, 1));
        }
    }
}

#[tokio::test]
async fn silence_is_ended() {
    let server = Server::start(|seen, nth| {
        (!seen.is_login()).then(|| match nth {
            0 => Answer::Hang,
            _ => Answer::HangAfter(b"[{".to_vec()),
        })
    })
    .await;
    let limits = Limits {
        tries: 2,
        ..limits()
    };
    let (door, access) = (Door::new(limits, clock, None).unwrap(), server.tenant());
    let outcome = door.send(&access, &records()).await.outcome;
    assert_eq!(outcome, Err(Failure::TimedOut));
    assert_eq!(server.asks().len(), 2);
}

#[tokio::test]
async fn an_error_of_the_server_that_lasts_is_a_reply() {
    let server = Server::start(|seen, nth| {
        let body = r#"{"error":{"code":"AF50000"}}"#;
        (!seen.is_login() && nth >= 3).then(|| json(500, body))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    for _ in 0..3 {
        assert!(
            door.send(&access, &page())
                .await
                .outcome
                .unwrap()
                .is_success()
        );
    }
    let reply = door.send(&access, &records()).await.outcome.unwrap();
    assert_eq!(reply.status, 500);
    assert!(reply.body.ends_with(br#""AF50000"}}"#));
    assert_eq!(server.asks().len(), 7);
}

#[tokio::test]
async fn an_error_keeps_its_body_whatever_it_is_made_of() {
    let server = Server::start(|seen, nth| {
        let body = match nth {
            0 => vec![0; 64],
            1 => b"{'error':{'code':'AF20022'}}".to_vec(),
            _ => vec![b'x'; 3 << 20],
        };
        (!seen.is_login()).then_some(Answer::Whole(400, Vec::new(), body))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    for length in [64, 28, 1 << 20] {
        let sent = door.send(&access, &records()).await;
        let reply = sent.outcome.unwrap();
        assert_eq!(
            (reply.status, reply.body.len(), sent.body.is_none()),
            (400, length, true)
        );
    }
}

#[tokio::test]
async fn an_empty_body_is_an_answer_only_where_nothing_was_promised() {
    let server = Server::start(|seen, nth| {
        let status = if nth == 0 { 204 } else { 200 };
        (!seen.is_login()).then(|| json(status, ""))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    let ask = Ask::post(Service::Manage, Pace::Activity, "/start", "");
    assert_eq!(door.send(&access, &ask).await.outcome.unwrap().status, 204);
    let outcome = door.send(&access, &ask).await.outcome;
    assert!(matches!(outcome, Err(Failure::Garbled(_))), "{outcome:?}");
    assert_eq!(server.asks()[0].headers["content-length"], "0");
}

#[tokio::test]
async fn long_records_lie_in_a_file_and_memory_stays() {
    const PIECES: usize = 800;
    let piece = format!(",{{\"Id\":\"{}\"}}", "x".repeat(32_000));
    let length = PIECES * piece.len() + 3;
    let server = Server::start(move |seen, _| {
        (!seen.is_login()).then(|| Answer::Long(piece.clone().into_bytes(), PIECES))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    let before = peak_memory();
    let sent = door.send(&access, &records()).await;
    let reply = sent.outcome.unwrap();
    assert_eq!((reply.kept_bytes, reply.body.len()), (length as u64, 0));
    let mut body = sent.body.unwrap();
    assert!(body.is_rolled());
    let mut start = [0; 3];
    body.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"[0,");
    let grown = peak_memory() - before;
    assert!(grown < 8_000, "{grown} kB for {length} bytes");
}

#[tokio::test]
async fn short_records_stay_in_memory() {
    let server = Server::start(|seen, _| {
        let headers = vec![("Content-Type", "application/octet-stream".to_owned())];
        (!seen.is_login()).then(|| Answer::Whole(200, headers, b"[{}]".to_vec()))
    })
    .await;
    let sent = door().send(&server.tenant(), &records()).await;
    let reply = sent.outcome.unwrap();
    assert_eq!(
        reply.header("content-type"),
        Some("application/octet-stream")
    );
    let mut body = sent.body.unwrap();
    assert!(!body.is_rolled());
    let mut text = String::new();
    body.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), reply.kept_bytes), ("[{}]", 4));
}

#[tokio::test]
async fn a_part_of_a_file_of_lines_comes_as_it_is_and_a_page_in_its_place_does_not() {
    let server = Server::start(|seen, _| {
        let body = match seen.path.as_str() {
            "/lines" => "{\"a\":1}\r\n{\"b\":",
            _ => "\u{feff}\n<!DOCTYPE html><html>Sign in</html>",
        };
        (!seen.is_login()).then(|| Answer::Whole(206, Vec::new(), body.as_bytes().to_vec()))
    })
    .await;
    let (door, access) = (door(), server.tenant());
    let ask = |path: &str| Ask::get(Service::Storage, Pace::Storage, path).wanting(Want::Lines);
    let sent = door.send(&access, &ask("/lines")).await;
    let reply = sent.outcome.unwrap();
    assert_eq!(reply.body, b"{\"a\":1}\r\n{\"b\":");
    assert!(sent.body.is_none() && reply.kept_bytes == 0);
    let sent = door.send(&access, &ask("/page")).await;
    assert!(matches!(sent.outcome, Err(Failure::Garbled(_))));
}

#[tokio::test]
async fn what_is_too_long_is_not_asked_again() {
    let server =
        Server::start(|seen, _| (!seen.is_login()).then(|| Answer::Long(vec![b' '; 1000], 100)))
            .await;
    let limits = Limits {
        page_limit: 5_000,
        records_limit: 6_000,
        ..limits()
    };
    let (door, access) = (Door::new(limits, clock, None).unwrap(), server.tenant());
    for (ask, limit) in [(page(), 5_000), (records(), 6_000)] {
        let outcome = door.send(&access, &ask).await.outcome;
        assert_eq!(outcome, Err(Failure::TooLong(limit)));
    }
    assert_eq!(server.asks().len(), 2);
}

/// Returns the most memory that the process ever had, in kB.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.map_or(0, |text| text.parse().unwrap())
}
