//! Lines to a syslog server of our own.

use crate::cards::{card, now, render, syslog, text};
use crate::http::limits;
use crate::server::{AUTHORITY, acceptor};
use sinks::{Card, Certainty, Courier, Outcome, Transport};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, UdpSocket};

fn hostile() -> Card {
    Card {
        headline: text("a\n<134>1 forged\r\n é \"]\\"),
        who: text("x\"] [evil@1 y=\"z\"]"),
        ..card()
    }
}

async fn send(port: u16, transport: Transport, cef: bool) -> Outcome {
    let courier = Courier::new(limits(), Some(AUTHORITY)).unwrap();
    let destination = syslog(port, transport, cef);
    courier
        .send(&destination, &render(&destination, &hostile()), now())
        .await
}

#[tokio::test]
async fn a_datagram_is_one_line_of_the_right_form() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let outcome = send(socket.local_addr().unwrap().port(), Transport::Udp, false).await;
    assert!(
        matches!(
            outcome,
            Outcome::Delivered {
                certainty: Certainty::Sent,
                ..
            }
        ),
        "{outcome:?}"
    );
    let mut bytes = vec![0; 65_536];
    let length = socket.recv(&mut bytes).await.unwrap();
    assert!(length <= 2048);
    let line = String::from_utf8(bytes[..length].to_vec()).unwrap();
    // local0 (16) and error (3)
    assert!(line.starts_with("<131>1 2026-03-14T07:50:00Z ir1 breachscope - incident [breachscope@32473 incident=\"I-2026-0042\" "), "{line}");
    assert!(
        line.contains(" who=\"x\\\"\\] [evil@1 y=\\\"z\\\"\\]\" "),
        "{line}"
    );
    assert!(!line.contains(['\n', '\r']), "{line}");
    assert!(line.contains("] \u{feff}[HIGH] Contoso"), "{line}");
}

#[tokio::test]
async fn a_stream_counts_its_bytes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        String::from_utf8(all).unwrap()
    });
    let outcome = send(port, Transport::Tcp, true).await;
    assert!(matches!(outcome, Outcome::Delivered { .. }), "{outcome:?}");
    let text = heard.await.unwrap();
    let (length, line) = text.split_once(' ').unwrap();
    assert_eq!(length.parse::<usize>().unwrap(), line.len());
    assert!(
        line.contains(" breachscope - incident - CEF:0|Breachscope|Breachscope|"),
        "{line}"
    );
}

#[tokio::test]
async fn tls_is_spoken_only_with_whom_we_trust() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, mut hear) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor().accept(stream).await else {
                continue;
            };
            let mut all = Vec::new();
            let _ = stream.read_to_end(&mut all).await;
            tell.send(String::from_utf8(all).unwrap()).unwrap();
        }
    });
    let destination = syslog(port, Transport::Tls, false);
    let rendered = render(&destination, &card());
    let usual = Courier::new(limits(), None).unwrap();
    let outcome = usual.send(&destination, &rendered, now()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let outcome = send(port, Transport::Tls, false).await;
    assert!(matches!(outcome, Outcome::Delivered { .. }), "{outcome:?}");
    let text = hear.recv().await.unwrap();
    assert!(text.contains("<131>1 "), "{text}");
}

#[tokio::test]
async fn nobody_there_is_worth_another_try() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = send(port, Transport::Tcp, false).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
}
