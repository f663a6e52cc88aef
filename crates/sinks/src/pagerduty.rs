//! PagerDuty: Events API v2. The incident is the key by which events join.

use crate::about::{About, Need};
use crate::card::{Card, State};
use crate::facts::{Facts, Reader};
use crate::inert::clipped;
use crate::outcome::{Certainty, Outcome};
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Fault, Templates};
use crate::wire::{Answer, usual};
use model::{Secret, Severity};
use serde_json::{Map, Value, json};

pub(crate) const ABOUT: About = About {
    name: "pagerduty",
    sentence: "A service of PagerDuty, by an integration of the Events API v2.",
    needs: &[
        Need::must("key", "The integration key: 32 letters and digits.").hidden(),
        Need::may(
            "url",
            "Where events go: the European region has its own, https://events.eu.pagerduty.com/v2/enqueue.",
        ),
    ],
    limits: "202 means that the event was taken; it joins the alert of the same incident. PagerDuty may make links of addresses in texts: those of records are broken.",
};

/// Settings of a service of PagerDuty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagerDuty {
    /// The integration key.
    pub key: Secret,
    /// Where events go.
    pub url: String,
}

impl PagerDuty {
    /// Where events go unless the config says otherwise.
    pub const URL: &'static str = "https://events.pagerduty.com/v2/enqueue";
}

const LONGEST_SUMMARY: usize = 1024;
const LONGEST_KEY: usize = 255;
/// PagerDuty takes 512 kB.
const LONGEST_EVENT: usize = 500_000;

pub(crate) fn render(card: &Card, templates: &Templates) -> Rendered {
    // The words are the same as everywhere; the layout is PagerDuty's own.
    let composed = templates.events(card, Reader::Person, |facts| {
        let event = event(card, facts).to_string();
        if event.len() > LONGEST_EVENT {
            Err(Fault::TooLong)
        } else {
            Ok(event)
        }
    });
    let bare = || {
        event(
            card,
            &Facts::of(card, Reader::Person, crate::facts::SIZES[5]),
        )
        .to_string()
    };
    let body = composed.made.unwrap_or_else(bare);
    rendered(
        card,
        composed.shortened,
        composed.troubles,
        Body::Json(body),
    )
}

fn event(card: &Card, facts: &Facts) -> Value {
    let action = match card.state {
        State::Open => "trigger",
        State::Acknowledged => "acknowledge",
        State::Resolved => "resolve",
    };
    let severity = match card.severity {
        Severity::Critical => "critical",
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "info",
    };
    let mut details = Map::new();
    let mut last = String::new();
    for row in &facts.rows {
        if !row.label.is_empty() {
            row.label.clone_into(&mut last);
        }
        match details.get_mut(&last) {
            Some(Value::String(text)) => *text = format!("{text}\n{}", row.text),
            _ => {
                details.insert(last.clone(), row.text.clone().into());
            }
        }
    }
    let links: Vec<Value> = facts
        .buttons
        .iter()
        .map(|button| json!({"href": button.url.to_string(), "text": button.text}))
        .collect();
    let summary = if facts.title.is_empty() {
        &facts.headline
    } else {
        &facts.title
    };
    let source = if facts.tenant.is_empty() {
        "breachscope"
    } else {
        &facts.tenant
    };
    json!({
        "event_action": action,
        "dedup_key": key(&card.incident),
        "client": "Breachscope",
        "links": links,
        "payload": {
            "summary": clipped(summary, LONGEST_SUMMARY),
            "source": source,
            "severity": severity,
            "timestamp": facts.when.iso,
            "component": facts.who,
            "group": facts.tenant_id,
            "class": "account compromise",
            "custom_details": details,
        },
    })
}

/// Returns the event with the integration key, which stands in no preview.
pub(crate) fn signed(settings: &PagerDuty, event: &str) -> String {
    let Ok(mut event) = serde_json::from_str::<Value>(event) else {
        return event.to_owned();
    };
    event["routing_key"] = settings.key.reveal().into();
    event.to_string()
}

/// Returns the key of an incident; one that is too long is told by its digest.
fn key(incident: &str) -> String {
    if incident.chars().count() <= LONGEST_KEY {
        return incident.to_owned();
    }
    crate::wire::hex(ring::digest::digest(&ring::digest::SHA256, incident.as_bytes()).as_ref())
}

/// Says what an answer of PagerDuty means: what it calls invalid stays so.
pub(crate) fn judge(answer: &Answer) -> Outcome {
    match answer.status {
        202 => Outcome::Delivered {
            certainty: Certainty::Accepted,
            receipt: answer.receipt(),
        },
        200..=299 => Outcome::retry(format!("status {}, but not PagerDuty's 202", answer.status)),
        _ => usual(answer),
    }
}
