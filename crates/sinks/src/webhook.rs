//! A webhook of any program: JSON with a signature by which the other side knows the sender.
//!
//! Without a layout the body is `breachscope.card/1`, an object with the fields of a template:
//! `schema`, `id` (the same for every try of the same card), `incident`, `update`, `state`,
//! `severity`, `tenant`, `tenant_id`, `who`, `headline`, `when`, `place`, `what`, `why`,
//! `attack`, `so_far`, `data`, `tags`, `links`, `title`, `rows`. Fields are added, never
//! changed. With `ticket` it is what the template `ticket.json` makes.
//!
//! `X-Breachscope-Signature: t=<seconds>,v1=<hex>`: the HMAC-SHA-256 of `<seconds>.<body>` with
//! the key both sides know. Whoever checks it also checks that the time is recent, so that a
//! request that was listened to cannot be sent again: [`check_signature`] does both.

use crate::about::{About, Need};
use crate::card::Card;
use crate::facts::{Facts, Reader};
use crate::outcome::{Certainty, Outcome};
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Fault, TemplateTrouble, Templates};
use crate::wire::{Answer, hex, usual};
use model::{Secret, Timestamp};
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const ABOUT: About = About {
    name: "webhook",
    sentence: "Any program that takes JSON over HTTPS, such as a ticket system, with a signed body.",
    needs: &[
        Need::must("url", "Where the card is posted to.").hidden(),
        Need::may(
            "key",
            "What the body is signed with, so that the other side knows who sent it.",
        )
        .hidden(),
        Need::may("headers", "Further headers, such as Authorization.").hidden(),
        Need::may(
            "ticket",
            "Whether the body is a ticket, as the template ticket.json makes it (with ServiceNow's names).",
        ),
    ],
    limits: "Any status from 200 to 299 means delivered. Each update is posted again, with the same incident (a ticket's `correlation_id`), by which the other side joins them. The card's own JSON holds texts as the record has them, hidden characters apart: \
             whoever shows them escapes them. In a ticket, what looks like a link is broken.",
};

/// The name of the header with the signature.
pub(crate) const SIGNATURE: &str = "x-breachscope-signature";

const SCHEMA: &str = "breachscope.card/1";
const LONGEST: usize = 1 << 20;

/// Settings of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where the card is posted to.
    pub url: Secret,
    /// What the body is signed with.
    pub key: Option<Secret>,
    /// Further headers by their names.
    pub headers: Vec<(String, Secret)>,
    /// Whether the body is a ticket, as `ticket.json` makes it.
    pub ticket: bool,
}

pub(crate) fn render(settings: &Webhook, card: &Card, templates: &Templates) -> Rendered {
    let (made, shortened, troubles) = if settings.ticket {
        ticket(card, templates)
    } else {
        let composed = templates.events(card, Reader::Machine, |facts| plain(card, facts));
        (composed.made, composed.shortened, composed.troubles)
    };
    let bare = || {
        json!({"schema": SCHEMA, "incident": crate::inert::marked(&card.incident, 200)}).to_string()
    };
    rendered(
        card,
        shortened,
        troubles,
        Body::Json(made.unwrap_or_else(bare)),
    )
}

/// Writes a ticket with the template of that name.
pub(crate) fn ticket(
    card: &Card,
    templates: &Templates,
) -> (Option<String>, bool, Vec<TemplateTrouble>) {
    let composed = templates.compose("ticket.json", card, Reader::Person, |text| {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Fault::Wrong(format!("no JSON: {error}")))?;
        bounded(value.to_string())
    });
    (composed.made, composed.shortened, composed.troubles)
}

fn plain(card: &Card, facts: &Facts) -> Result<String, Fault> {
    let mut body = serde_json::to_value(facts).map_err(|error| Fault::Wrong(error.to_string()))?;
    body["schema"] = SCHEMA.into();
    body["id"] = id(card).into();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("buttons");
    }
    for (name, link) in [
        ("review", &card.links.review),
        ("case", &card.links.case),
        ("expected", &card.links.expected),
    ] {
        let link = link.as_deref().and_then(crate::link::Link::of);
        body["links"][name] = link.map_or(Value::Null, |link| link.as_str().into());
    }
    bounded(body.to_string())
}

fn bounded(body: String) -> Result<String, Fault> {
    if body.len() > LONGEST {
        Err(Fault::TooLong)
    } else {
        Ok(body)
    }
}

/// Returns what names one card, however often it is sent.
pub(crate) fn id(card: &Card) -> String {
    let text = format!("{}\n{}", card.incident, card.update);
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hex(&digest.as_ref()[..16])
}

/// Returns the value of the header with the signature.
pub(crate) fn signature(key: &Secret, body: &str, now: Timestamp) -> String {
    let seconds = now.0.div_euclid(1_000_000);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex(tag.as_ref()))
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It is not of the form `t=<seconds>,v1=<hex>`.
    #[error("the signature is not of the form t=<seconds>,v1=<hex>")]
    Form,
    /// It is not from now: a request that was listened to and sent again.
    #[error("the signature is too old, or from the future")]
    Time,
    /// It is not over this body with this key.
    #[error("the signature is not over this body with this key")]
    Mismatch,
}

/// Checks the signature of a body: what the other side of a webhook does.
pub fn check_signature(
    header: &str,
    body: &[u8],
    key: &Secret,
    now: Timestamp,
    tolerance: Duration,
) -> Result<(), SignatureFault> {
    let part = |name: &str| {
        let mut parts = header
            .split(',')
            .filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let seconds = part("t")
        .and_then(|text| text.parse::<i64>().ok())
        .ok_or(SignatureFault::Form)?;
    let tag = part("v1").and_then(bytes_of).ok_or(SignatureFault::Form)?;
    let away = now.0.div_euclid(1_000_000).abs_diff(seconds);
    if away > tolerance.as_secs() {
        return Err(SignatureFault::Time);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    let mut signed = format!("{seconds}.").into_bytes();
    signed.extend_from_slice(body);
    hmac::verify(&key, &signed, &tag).map_err(|_| SignatureFault::Mismatch)
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

/// Says what an answer means.
pub(crate) fn judge(answer: &Answer) -> Outcome {
    match answer.status {
        200..=299 => Outcome::Delivered {
            certainty: Certainty::Delivered,
            receipt: answer.receipt(),
        },
        _ => usual(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_body_its_key_and_its_time() {
        let key = Secret::from("k3y".to_owned());
        let now = Timestamp(1_772_323_200_000_000);
        let header = signature(&key, "{}", now);
        let check = |header: &str, body: &[u8], key: &Secret, later: i64| {
            let tolerance = Duration::from_mins(5);
            check_signature(header, body, key, now.plus_seconds(later), tolerance)
        };
        assert!(header.starts_with("t=1772323200,v1="), "{header}");
        assert_eq!(check(&header, b"{}", &key, 0), Ok(()));
        assert_eq!(check(&header, b"{}", &key, 300), Ok(()));
        assert_eq!(check(&header, b"{}", &key, 301), Err(SignatureFault::Time));
        assert_eq!(check(&header, b"{}", &key, -301), Err(SignatureFault::Time));
        assert_eq!(
            check(&header, b"{ }", &key, 0),
            Err(SignatureFault::Mismatch)
        );
        let other = Secret::from("other".to_owned());
        assert_eq!(
            check(&header, b"{}", &other, 0),
            Err(SignatureFault::Mismatch)
        );
        let moved = header.replace("t=1772323200", "t=1772323201");
        assert_eq!(check(&moved, b"{}", &key, 0), Err(SignatureFault::Mismatch));
        for broken in [
            "",
            "t=,v1=",
            "t=1",
            "v1=ab",
            "t=1772323200,v1=zz",
            "t=1772323200,v1=é",
        ] {
            assert_eq!(
                check(broken, b"{}", &key, 0),
                Err(SignatureFault::Form),
                "{broken}"
            );
        }
    }

    #[test]
    fn the_signature_is_the_standard_one() {
        // RFC 4231 has no vector of this shape; this one is from `openssl dgst -sha256 -hmac key`.
        let key = Secret::from("key".to_owned());
        assert_eq!(
            signature(&key, "body", Timestamp(1_000_000)),
            "t=1,v1=91b5374b153842ad05b2c4eab9349b8321b14703165bd3fb8b034dfb8be98ae5"
        );
    }
}
