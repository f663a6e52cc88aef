//! What a card looks like at each destination.

use crate::cards::{all, card, email, pagerduty, render, slack, syslog, teams, text, webhook};
use model::{Severity, Timestamp};
use serde_json::Value;
use sinks::{Card, PagerDuty, SINKS, State, Transport};

fn json(destination: &sinks::Destination, card: &Card) -> Value {
    serde_json::from_str(&render(destination, card).preview()).unwrap()
}

#[test]
fn teams_card() {
    insta::assert_snapshot!(render(&teams("https://x.invalid"), &card()).preview());
}

#[test]
fn slack_message() {
    insta::assert_snapshot!(render(&slack("https://x.invalid"), &card()).preview());
}

#[test]
fn mail() {
    insta::assert_snapshot!(render(&email(25), &card()).preview());
}

#[test]
fn pagerduty_event() {
    insta::assert_snapshot!(render(&pagerduty(PagerDuty::URL), &card()).preview());
}

#[test]
fn webhook_body() {
    insta::assert_snapshot!(render(&webhook("https://x.invalid", false), &card()).preview());
}

#[test]
fn ticket() {
    insta::assert_snapshot!(render(&webhook("https://x.invalid", true), &card()).preview());
}

#[test]
fn syslog_line() {
    insta::assert_snapshot!(render(&syslog(1, Transport::Tls, false), &card()).preview());
}

#[test]
fn cef() {
    insta::assert_snapshot!(render(&syslog(1, Transport::Tls, true), &card()).preview());
}

#[test]
fn an_update_says_that_it_is_one_and_joins_its_incident() {
    let update = Card {
        update: 2,
        state: State::Resolved,
        ..card()
    };
    for destination in all() {
        let preview = render(&destination, &update).preview();
        let name = destination.about().name;
        assert!(
            preview.to_lowercase().contains("resolve"),
            "{name}: {preview}"
        );
    }
    let mail = render(&email(25), &update).preview();
    assert!(
        mail.contains("Subject: Re: [RESOLVED] [HIGH] Contoso"),
        "{mail}"
    );
    let event = json(&pagerduty(PagerDuty::URL), &update);
    assert_eq!(event["event_action"], "resolve");
    assert_eq!(event["dedup_key"], "I-2026-0042");
}

#[test]
fn severities_are_those_of_pagerduty() {
    for (severity, word) in [
        (Severity::Critical, "critical"),
        (Severity::High, "error"),
        (Severity::Medium, "warning"),
        (Severity::Low, "info"),
        (Severity::Info, "info"),
    ] {
        let event = json(&pagerduty(PagerDuty::URL), &Card { severity, ..card() });
        assert_eq!(event["payload"]["severity"], word);
    }
    let acknowledged = Card {
        state: State::Acknowledged,
        ..card()
    };
    assert_eq!(
        json(&pagerduty(PagerDuty::URL), &acknowledged)["event_action"],
        "acknowledge"
    );
}

#[test]
fn what_is_not_known_is_not_told_as_fine() {
    let bare = Card {
        headline: text("something"),
        ..Card::default()
    };
    for destination in all() {
        let rendered = render(&destination, &bare);
        assert_eq!(rendered.troubles, [], "{}", rendered.preview());
    }
    let mail = render(&email(25), &bare).preview();
    assert!(mail.contains("Data: not known how complete"), "{mail}");
    assert!(!mail.contains("Where"), "{mail}");
    let mail = render(&email(25), &card()).preview();
    assert!(
        mail.contains("app consents: unknown (no directory log)"),
        "{mail}"
    );
}

#[test]
fn no_link_that_is_not_https_is_offered() {
    let mut card = card();
    card.links.review = Some(text("javascript:alert(1)"));
    card.links.case = Some(text("http://ir.example.net/"));
    for destination in all() {
        let preview = render(&destination, &card).preview();
        assert!(
            !preview.contains("javascript:") && !preview.contains("http://ir.example"),
            "{preview}"
        );
    }
}

#[test]
fn the_affected_mailbox_gets_no_mail() {
    let mail = render(&email(25), &card()).preview();
    assert!(mail.starts_with("To: soc@example.net\n"), "{mail}");
}

#[test]
fn a_huge_card_is_shortened_to_what_each_takes() {
    let long = |letter: &str| letter.repeat(5000);
    let mut huge = card();
    huge.headline = long("é\"");
    huge.who = long("\u{202e}");
    huge.tenant = long("|");
    huge.what = vec![long("<&>"); 500];
    huge.attack = vec![long("T"); 500];
    huge.data.blind = vec![long("\\"); 300];
    huge.place.usual = vec![long("x"); 300];
    for destination in all() {
        let rendered = render(&destination, &huge);
        let name = destination.about().name;
        assert_eq!(rendered.troubles, [], "{name}");
        let preview = rendered.preview();
        let compact = serde_json::from_str::<Value>(&preview)
            .map_or(preview.clone(), |value| value.to_string());
        match name {
            "teams" => {
                assert!(
                    rendered.shortened && compact.len() <= 27_000,
                    "{}",
                    compact.len()
                );
            }
            "slack" => {
                let message: Value = serde_json::from_str(&preview).unwrap();
                let blocks = message["blocks"].as_array().unwrap();
                assert!(rendered.shortened && blocks.len() <= 50);
                for block in blocks {
                    let told = block["text"]["text"].as_str().unwrap_or_default();
                    assert!(told.chars().count() <= 3000);
                }
            }
            "pagerduty" => {
                let event: Value = serde_json::from_str(&preview).unwrap();
                assert!(
                    event["payload"]["summary"]
                        .as_str()
                        .unwrap()
                        .chars()
                        .count()
                        <= 1024
                );
                assert!(compact.len() <= 512_000);
            }
            "email" => {
                let subject = preview.lines().nth(1).unwrap();
                assert!(subject.chars().count() < 230, "{subject}");
            }
            _ => {}
        }
    }
}

#[test]
fn no_secret_stands_in_what_is_looked_at() {
    let all = [
        pagerduty(PagerDuty::URL),
        email(25),
        webhook("https://x.invalid/s3cr3t", false),
    ];
    for destination in all {
        let rendered = render(&destination, &card());
        let told = format!("{destination:?} {rendered:?} {}", rendered.preview());
        for secret in [crate::cards::KEY, "sesame", "s3cr3t", "s1gning", "b3arer"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
}

#[test]
fn the_same_card_gives_the_same_bytes() {
    for destination in all() {
        assert_eq!(render(&destination, &card()), render(&destination, &card()));
    }
}

#[test]
fn the_example_says_that_it_is_one_and_holds_nothing_real() {
    let example = Card::example(Timestamp(1_772_323_200_000_000));
    for destination in all() {
        let preview = render(&destination, &example).preview();
        assert!(
            preview.contains("nothing has happened") || preview.contains("invented"),
            "{preview}"
        );
    }
}

#[test]
fn every_kind_says_what_it_is_and_what_it_needs() {
    for about in SINKS {
        assert!(
            about.sentence.ends_with('.') && about.limits.ends_with('.'),
            "{}",
            about.name
        );
        assert!(
            about.needs.iter().any(|need| need.required),
            "{}",
            about.name
        );
    }
    for destination in all() {
        assert!(SINKS.contains(&destination.about()));
    }
}
