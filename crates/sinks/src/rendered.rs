//! A card in the words of one destination, ready to be sent any number of times.

use crate::card::{Card, State};
use crate::destination::Destination;
use crate::email::Letter;
use crate::limits::Limits;
use crate::syslog::Line;
use crate::template::{TemplateTrouble, Templates};
use crate::{email, pagerduty, slack, syslog, teams, webhook};
use model::{Severity, Timestamp};

/// A card as one destination takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The incident that it tells of.
    pub incident: String,
    /// Which card of the incident it is.
    pub update: u32,
    /// Whether facts were left out so that the destination takes it.
    pub shortened: bool,
    /// What was wrong with templates; the built-in ones stood in for them.
    pub troubles: Vec<TemplateTrouble>,
    pub(crate) body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Json(String),
    Letter(Letter),
    Line(Line),
}

impl Rendered {
    /// Returns what would be sent, for people to look at before it is.
    #[must_use]
    pub fn preview(&self) -> String {
        match &self.body {
            Body::Json(text) => {
                let value = serde_json::from_str::<serde_json::Value>(text);
                let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
                pretty.unwrap_or_else(|_| text.clone())
            }
            Body::Letter(letter) => format!(
                "To: {}\nSubject: {}\n\n{}\n--- HTML ---\n{}",
                letter.to.join(", "),
                letter.subject,
                letter.text,
                letter.html
            ),
            Body::Line(line) => line.preview(),
        }
    }
}

/// Writes a card for a destination. It always writes one: where a template is wrong, the
/// built-in one stands in and [`Rendered::troubles`] says so.
#[must_use]
pub fn render(
    destination: &Destination,
    card: &Card,
    templates: &Templates,
    limits: &Limits,
) -> Rendered {
    match destination {
        Destination::Teams(_) => teams::render(card, templates, limits),
        Destination::Slack(_) => slack::render(card, templates),
        Destination::Email(settings) => email::render(settings, card, templates),
        Destination::PagerDuty(_) => pagerduty::render(card, templates),
        Destination::Webhook(settings) => webhook::render(settings, card, templates),
        Destination::Syslog(settings) => syslog::render(settings, card, templates, limits),
    }
}

/// What stands in every rendering, and what the templates made of the rest.
pub(crate) fn rendered(
    card: &Card,
    shortened: bool,
    troubles: Vec<TemplateTrouble>,
    body: Body,
) -> Rendered {
    Rendered {
        incident: card.incident.clone(),
        update: card.update,
        shortened,
        troubles,
        body,
    }
}

/// Writes invented cards with a template, so that what is wrong with it is told when it is set
/// and not when a card is due.
pub(crate) fn trial(templates: &Templates, name: &str) -> Result<(), TemplateTrouble> {
    let moment = Timestamp(1_773_472_329_000_000);
    let full = Card {
        update: 2,
        severity: Severity::Critical,
        local: "08:12".to_owned(),
        data: crate::card::Data {
            blind: vec!["an invented gap".to_owned()],
            ..crate::card::Data::default()
        },
        links: crate::card::Links {
            review: Some("https://example.invalid/review".to_owned()),
            case: Some("https://example.invalid/case".to_owned()),
            expected: Some("https://example.invalid/expected".to_owned()),
        },
        ..Card::example(moment)
    };
    let bare = Card {
        incident: "I".to_owned(),
        state: State::Resolved,
        ..Card::default()
    };
    for card in [&full, &bare, &Card::example(moment)] {
        let troubles = match name {
            "slack.json" => slack::render(card, templates).troubles,
            "email.txt" | "email.html" => email::written(card, templates).1,
            "ticket.json" => webhook::ticket(card, templates).2,
            "syslog.txt" => syslog::message(card, templates, 8192).troubles,
            _ => teams::render(card, templates, &Limits::default()).troubles,
        };
        if let Some(trouble) = troubles
            .into_iter()
            .find(|trouble| trouble.template == name)
        {
            return Err(trouble);
        }
    }
    Ok(())
}
