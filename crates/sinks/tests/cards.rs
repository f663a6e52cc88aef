//! Cards and destinations for the tests; all of it is invented.

use model::{Severity, Timestamp};
use sinks::{
    Card, Count, Data, Destination, Email, Limits, Links, PagerDuty, Place, Reason, Rendered,
    Secret, Security, Slack, State, Syslog, Teams, Templates, Transport, Webhook,
};

pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

pub(crate) fn at(hour: u32, minute: u32, second: u32) -> Timestamp {
    Timestamp::from_civil(2026, 3, 14, hour, minute, second, 0).unwrap()
}

pub(crate) fn now() -> Timestamp {
    at(7, 50, 0)
}

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

pub(crate) fn card() -> Card {
    let reason = |rule: &str, title: &str| Reason {
        rule: text(rule),
        title: text(title),
    };
    let count = |what: &str, number, note: &str| Count {
        what: text(what),
        number,
        note: text(note),
    };
    Card {
        incident: text("I-2026-0042"),
        update: 0,
        state: State::Open,
        severity: Severity::High,
        tenant: text("Contoso"),
        tenant_id: text("11111111-1111-4111-8111-111111111111"),
        who: text("alice@contoso.test"),
        headline: text("mailbox rule hides invoices after a sign-in from a new country"),
        when: at(7, 12, 9),
        local: text("08:12"),
        first_evidence: Some(at(7, 8, 51)),
        place: Place {
            name: text("Lagos, NG"),
            network: text("AS37148"),
            address: text("102.89.0.7"),
            uncertainty: text("within 50 km, database of 2026-03"),
            novelty: text("not seen for alice in 30 days"),
            usual: vec![text("Ghent"), text("Brussels")],
        },
        what: vec![text(
            "New-InboxRule \".\": subject has \"invoice; payment\" -> move to RSS Feeds, mark read",
        )],
        why: vec![
            reason("R-014", "hide by folder"),
            reason("R-003", "new country within 10 min"),
        ],
        attack: vec![text("T1564.008"), text("T1078.004")],
        so_far: vec![
            count("session", Some(1), ""),
            count("messages accessed", Some(42), "P1"),
            count("messages sent", Some(0), ""),
            count("app consents", None, "no directory log"),
        ],
        data: Data {
            complete_to: Some(at(7, 31, 0)),
            lag_minutes: Some(19),
            blind: vec![text("sign-in log of contoso is not collected")],
        },
        links: Links {
            review: Some(text("https://ir.example.net/s/t0k_en-1?x=1&y=2")),
            case: Some(text("https://ir.example.net/cases/42")),
            expected: Some(text("https://ir.example.net/incidents/42/expected")),
        },
        tags: vec![text("health"), text("eu")],
        never_to: vec![text("alice@contoso.test")],
    }
}

pub(crate) fn teams(url: &str) -> Destination {
    Destination::Teams(Teams { url: secret(url) })
}

pub(crate) fn slack(url: &str) -> Destination {
    Destination::Slack(Slack { url: secret(url) })
}

pub(crate) fn pagerduty(url: &str) -> Destination {
    Destination::PagerDuty(PagerDuty {
        key: secret(KEY),
        url: text(url),
    })
}

pub(crate) fn webhook(url: &str, ticket: bool) -> Destination {
    Destination::Webhook(Webhook {
        url: secret(url),
        key: Some(secret("s1gning-key")),
        headers: vec![(text("Authorization"), secret("Bearer b3arer-t0ken"))],
        ticket,
    })
}

pub(crate) fn email_settings(port: u16) -> Email {
    Email {
        server: text("localhost"),
        port,
        security: Security::StartTls,
        login: Some((text("soc-sender"), secret("open~sesame.4711"))),
        from: text("Breachscope <ir@example.net>"),
        to: vec![
            text("soc@example.net"),
            text("Alice <ALICE+phone@contoso.test>"),
        ],
        hello: String::new(),
    }
}

pub(crate) fn email(port: u16) -> Destination {
    Destination::Email(email_settings(port))
}

pub(crate) fn syslog(port: u16, transport: Transport, cef: bool) -> Destination {
    Destination::Syslog(Syslog {
        host: text("localhost"),
        port,
        transport,
        facility: 16,
        hostname: text("ir1"),
        cef,
    })
}

/// Every kind of destination, with addresses that nobody listens at.
pub(crate) fn all() -> Vec<Destination> {
    let hook = "https://hooks.example.invalid/x";
    vec![
        teams(hook),
        slack(hook),
        email(25),
        pagerduty(PagerDuty::URL),
        webhook(hook, false),
        webhook(hook, true),
        syslog(514, Transport::Udp, false),
        syslog(6514, Transport::Tls, false),
        syslog(6514, Transport::Tls, true),
    ]
}

pub(crate) fn render(destination: &Destination, card: &Card) -> Rendered {
    sinks::render(destination, card, &Templates::new(), &Limits::default())
}
