//! Mail to a server of our own: with TLS or not at all, in threads, to nobody who must not have it.

use crate::cards::{card, email_settings, now, render, text};
use crate::http::limits;
use crate::server::{AUTHORITY, Greeting, MailServer, Taken};
use sinks::{Card, Certainty, Courier, Destination, Email, Outcome, Security};

async fn send(settings: &Email, card: &Card) -> Outcome {
    let courier = Courier::new(limits(), Some(AUTHORITY)).unwrap();
    let destination = Destination::Email(settings.clone());
    courier
        .send(&destination, &render(&destination, card), now())
        .await
}

fn header<'a>(mail: &'a Taken, name: &str) -> Vec<&'a str> {
    let (head, _) = mail.data.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
    lines
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

#[tokio::test]
async fn mail_goes_by_tls_to_all_but_the_affected() {
    for (greeting, security) in [
        (Greeting::StartTls, Security::StartTls),
        (Greeting::Tls, Security::Tls),
    ] {
        let server = MailServer::start(greeting, |_| None).await;
        let settings = Email {
            security,
            ..email_settings(server.port)
        };
        let outcome = send(&settings, &card()).await;
        let Outcome::Delivered { certainty, receipt } = outcome else {
            panic!("{greeting:?}: {outcome:?}");
        };
        assert_eq!(certainty, Certainty::Accepted);
        assert!(
            receipt.contains("250") && receipt.contains("4711"),
            "{receipt}"
        );
        let mails = server.taken();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert!(mail.secured);
        assert_eq!(mail.to, ["<soc@example.net>"]);
        assert!(!mail.data.to_lowercase().contains("alice+phone"));
        assert_eq!(header(mail, "Auto-Submitted"), ["auto-generated"]);
        assert_eq!(header(mail, "X-Auto-Response-Suppress"), ["All"]);
        assert_eq!(header(mail, "From"), ["Breachscope <ir@example.net>"]);
        assert_eq!(header(mail, "Date"), ["Sat, 14 Mar 2026 07:50:00 +0000"]);
        assert!(header(mail, "Content-Type")[0].starts_with("multipart/alternative"));
        assert!(header(mail, "References").is_empty());
        assert!(server.lines().iter().any(|line| line.starts_with("AUTH ")));
    }
}

#[tokio::test]
async fn an_update_joins_the_thread_and_a_second_try_is_the_same_mail() {
    let server = MailServer::start(Greeting::Tls, |_| None).await;
    let settings = Email {
        security: Security::Tls,
        ..email_settings(server.port)
    };
    for update in [0, 0, 1, 2] {
        send(&settings, &Card { update, ..card() }).await;
    }
    let mails = server.taken();
    let ids: Vec<&str> = mails
        .iter()
        .map(|mail| header(mail, "Message-ID")[0])
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].ends_with(".0@example.net>"), "{}", ids[0]);
    assert_ne!(ids[0], ids[2]);
    assert_ne!(ids[2], ids[3]);
    for mail in &mails[2..] {
        assert_eq!(header(mail, "References"), [ids[0]]);
        assert_eq!(header(mail, "In-Reply-To"), [ids[0]]);
    }
    assert!(header(&mails[2], "Subject")[0].starts_with("Re: "));
}

#[tokio::test]
async fn without_tls_nothing_leaves() {
    let server = MailServer::start(Greeting::Plain, |_| None).await;
    let outcome = send(&email_settings(server.port), &card()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert!(server.taken().is_empty());
    assert!(
        !server
            .lines()
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    let far = Email {
        server: text("mail.example.invalid"),
        security: Security::None,
        ..email_settings(25)
    };
    let outcome = send(&far, &card()).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    let near = Email {
        security: Security::None,
        login: None,
        ..email_settings(server.port)
    };
    let outcome = send(&near, &card()).await;
    assert!(matches!(outcome, Outcome::Delivered { .. }), "{outcome:?}");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let server = MailServer::start(Greeting::Tls, |_| None).await;
    let settings = Email {
        security: Security::Tls,
        ..email_settings(server.port)
    };
    let destination = Destination::Email(settings);
    let courier = Courier::new(limits(), None).unwrap();
    let outcome = courier
        .send(&destination, &render(&destination, &card()), now())
        .await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn a_permanent_refusal_is_one_and_a_passing_one_is_not() {
    for (command, answer, refused) in [
        ("MAIL", "550 5.7.1 not you", true),
        (
            "AUTH",
            "535 5.7.8 wrong password open~sesame.4711 AHNvYy1zZW5kZXIAb3Blbn5zZXNhbWUuNDcxMQ==",
            true,
        ),
        ("MAIL", "421 4.7.0 too busy", false),
        ("DATA", "451 4.3.0 later", false),
    ] {
        let rule = move |line: &str| line.starts_with(command).then(|| answer.to_owned());
        let server = MailServer::start(Greeting::StartTls, rule).await;
        let outcome = send(&email_settings(server.port), &card()).await;
        assert_eq!(
            matches!(outcome, Outcome::Refused { .. }),
            refused,
            "{answer}: {outcome:?}"
        );
        assert!(!matches!(outcome, Outcome::Delivered { .. }));
        let told = format!("{outcome:?}");
        assert!(!told.contains("sesame") && !told.contains("AHNv"), "{told}");
    }
}

#[tokio::test]
async fn one_address_that_is_refused_costs_the_others_nothing() {
    for answer in ["550 5.1.1 nobody here", "452 4.2.2 full"] {
        let rule = move |line: &str| {
            (line.contains("RCPT") && line.contains("gone@")).then(|| answer.to_owned())
        };
        let server = MailServer::start(Greeting::StartTls, rule).await;
        let to = ["gone@example.net", "soc@example.net", "ciso@example.net"]
            .map(str::to_owned)
            .to_vec();
        let settings = Email {
            to,
            ..email_settings(server.port)
        };
        let outcome = send(&settings, &card()).await;
        let Outcome::Delivered { receipt, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(receipt.contains("2 of 3"), "{receipt}");
        assert_eq!(server.taken().len(), 2);
    }
}

#[tokio::test]
async fn with_nobody_left_nothing_is_sent() {
    let server = MailServer::start(Greeting::StartTls, |_| None).await;
    let settings = Email {
        to: vec![text("smtp:ALICE@contoso.test")],
        ..email_settings(server.port)
    };
    let outcome = send(&settings, &card()).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn no_header_can_be_injected() {
    let server = MailServer::start(Greeting::StartTls, |_| None).await;
    let settings = email_settings(server.port);
    let bad = "x\r\nBcc: thief@evil.example\r\n\r\nbody\r\n.\r\nMAIL FROM:<x@y>\u{202e}é";
    let card = Card {
        headline: text(bad),
        tenant: text(bad),
        who: text(bad),
        incident: text(bad),
        ..card()
    };
    assert!(matches!(
        send(&settings, &card).await,
        Outcome::Delivered { .. }
    ));
    let mails = server.taken();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["<soc@example.net>"]);
    assert!(header(&mails[0], "Bcc").is_empty());
    assert_eq!(header(&mails[0], "Subject").len(), 1);
    let broken = Email {
        from: text("ir@example.net\r\nBcc: thief@evil.example"),
        ..settings
    };
    assert!(matches!(
        send(&broken, &card).await,
        Outcome::Refused { .. }
    ));
}
