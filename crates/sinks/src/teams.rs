//! Microsoft Teams: an Adaptive Card through a workflow's webhook.
//!
//! Only `Action.OpenUrl`: the other actions need a bot, and a card must not act. The built-in
//! layout puts every text of a record into a `TextRun`, which knows no Markdown; what a
//! template puts elsewhere is escaped for Markdown.

use crate::about::{About, Need};
use crate::card::Card;
use crate::escape::{CLOSE, OPEN, markdown};
use crate::facts::Reader;
use crate::limits::Limits;
use crate::outcome::{Certainty, Outcome};
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Fault, Templates};
use crate::wire::{Answer, usual};
use model::Secret;
use serde_json::{Map, Value, json};

pub(crate) const ABOUT: About = About {
    name: "teams",
    sentence: "A channel or chat of Microsoft Teams, by the webhook of a workflow (\"When a Teams webhook request is received\").",
    needs: &[Need::must(
        "url",
        "The address that the workflow shows. Whoever has it can post.",
    )
    .hidden()],
    limits: "202 means that the workflow took the card, not that it was posted: a workflow belongs to a person and ends with them, or after 90 days without use. \
             A card of more than 27 kB is shortened. Teams may offer to write to a mail address in a text.",
};

/// Settings of a webhook of Teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teams {
    /// The address of the webhook.
    pub url: Secret,
}

pub(crate) fn render(card: &Card, templates: &Templates, limits: &Limits) -> Rendered {
    let composed = templates.compose("teams.json", card, Reader::Person, |text| {
        let message = message(text)?;
        if message.len() > limits.teams {
            return Err(Fault::TooLong);
        }
        Ok(message)
    });
    let body = composed.made.unwrap_or_else(|| bare(card));
    rendered(
        card,
        composed.shortened,
        composed.troubles,
        Body::Json(body),
    )
}

/// Puts a card into its envelope.
fn message(text: &str) -> Result<String, Fault> {
    let wrong = |what: String| Fault::Wrong(what);
    let card: Value =
        serde_json::from_str(text).map_err(|error| wrong(format!("no JSON: {error}")))?;
    let Value::Object(mut card) = settled(card, "").map_err(wrong)? else {
        return Err(wrong("a card is a JSON object".to_owned()));
    };
    if card.get("type").and_then(Value::as_str) != Some("AdaptiveCard") {
        return Err(wrong("its type is not AdaptiveCard".to_owned()));
    }
    card.insert(
        "$schema".to_owned(),
        "http://adaptivecards.io/schemas/adaptive-card.json".into(),
    );
    card.insert("version".to_owned(), "1.4".into());
    Ok(envelope(&Value::Object(card)))
}

fn envelope(card: &Value) -> String {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
    .to_string()
}

/// Returns a card of one line, for the case that even the built-in layout fails.
fn bare(card: &Card) -> String {
    let text = format!(
        "[{}] {}",
        card.severity.name().to_uppercase(),
        crate::inert::for_people(&card.headline, 200)
    );
    envelope(&json!({
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}],
    }))
}

/// Refuses what acts or loads from afar, and escapes texts of records where they stand in Markdown.
fn settled(value: Value, key: &str) -> Result<Value, String> {
    Ok(match value {
        Value::Object(fields) => Value::Object(settled_object(fields)?),
        Value::Array(all) => {
            let all = all.into_iter().map(|one| settled(one, key));
            Value::Array(all.collect::<Result<_, _>>()?)
        }
        // A bare text among inlines is a run of text as well.
        Value::String(text) if key == "inlines" => {
            Value::String(without_marks(&text, without_functions))
        }
        Value::String(text) => Value::String(without_marks(&text, markdown)),
        other => other,
    })
}

fn settled_object(fields: Map<String, Value>) -> Result<Map<String, Value>, String> {
    let kind = fields
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if kind.contains(OPEN) {
        return Err("a text of the card in the place of a type".to_owned());
    }
    if kind.starts_with("Action.") && kind != "Action.OpenUrl" {
        return Err(format!(
            "{kind}: only Action.OpenUrl opens a page without a bot"
        ));
    }
    if ["Image", "ImageSet", "Media"].contains(&kind.as_str())
        || fields.contains_key("backgroundImage")
        || fields.contains_key("iconUrl")
    {
        return Err("a picture from afar tells its server who looks at the card".to_owned());
    }
    let is_run = kind == "TextRun";
    let mut settled_fields = Map::new();
    for (key, value) in fields {
        let value = match value {
            Value::String(text) if key == "url" && text.contains(OPEN) => {
                return Err("a link that is not one of `links`".to_owned());
            }
            Value::String(text) if is_run && key == "text" => {
                Value::String(without_marks(&text, without_functions))
            }
            // The title of an action is plain text.
            Value::String(text) if kind == "Action.OpenUrl" => {
                Value::String(without_marks(&text, str::to_owned))
            }
            value => settled(value, &key)?,
        };
        settled_fields.insert(key, value);
    }
    Ok(settled_fields)
}

/// Breaks what a client would take for a function of the card: `{{DATE(...)}}`.
fn without_functions(text: &str) -> String {
    text.replace("{{", "{ {")
}

/// Takes the marks out of a text and changes what stood between them.
fn without_marks(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (inside, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&change(inside));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Says what an answer of a workflow means.
pub(crate) fn judge(answer: &Answer) -> Outcome {
    match answer.status {
        200..=299 => Outcome::Delivered {
            certainty: Certainty::Accepted,
            receipt: answer.receipt(),
        },
        _ => usual(answer),
    }
}
