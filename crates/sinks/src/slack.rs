//! Slack: blocks through an incoming webhook.

use crate::about::{About, Need};
use crate::card::Card;
use crate::facts::Reader;
use crate::outcome::{Certainty, Outcome};
use crate::rendered::{Body, Rendered, rendered};
use crate::template::{Fault, Templates};
use crate::wire::{Answer, usual};
use model::Secret;
use serde_json::{Value, json};

pub(crate) const ABOUT: About = About {
    name: "slack",
    sentence: "A channel of Slack, by an incoming webhook.",
    needs: &[Need::must(
        "url",
        "The address of the incoming webhook. Whoever has it can post.",
    )
    .hidden()],
    limits: "Slack answers `ok` when the message is posted. At most 50 blocks and 3,000 letters a block: a longer card is shortened. \
             Texts of records are plain text, so that Slack makes no links and mentions of them.",
};

/// Settings of an incoming webhook of Slack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slack {
    /// The address of the webhook.
    pub url: Secret,
}

const MOST_BLOCKS: usize = 50;
const LONGEST_TEXT: usize = 3000;
const LONGEST_FIELD: usize = 2000;
const LONGEST_HEADER: usize = 150;

pub(crate) fn render(card: &Card, templates: &Templates) -> Rendered {
    let composed = templates.compose("slack.json", card, Reader::Person, message);
    let body = composed.made.unwrap_or_else(|| bare(card));
    rendered(
        card,
        composed.shortened,
        composed.troubles,
        Body::Json(body),
    )
}

/// Returns a message of one line, for the case that even the built-in layout fails.
fn bare(card: &Card) -> String {
    let text = crate::inert::for_people(&card.headline, 200);
    json!({"text": crate::escape::slack(&text)}).to_string()
}

fn message(text: &str) -> Result<String, Fault> {
    let wrong = |what: &str| Fault::Wrong(what.to_owned());
    let mut message: Value =
        serde_json::from_str(text).map_err(|error| Fault::Wrong(format!("no JSON: {error}")))?;
    let Some(fields) = message.as_object_mut() else {
        return Err(wrong("a message is a JSON object"));
    };
    if fields
        .keys()
        .any(|key| !["text", "blocks"].contains(&key.as_str()))
    {
        return Err(wrong("a message has `text` and `blocks`, and nothing else"));
    }
    let told = fields.get("text").and_then(Value::as_str);
    if told
        .ok_or_else(|| wrong("it has no `text`"))?
        .chars()
        .count()
        > LONGEST_TEXT
    {
        return Err(Fault::TooLong);
    }
    let blocks = fields.get_mut("blocks").and_then(Value::as_array_mut);
    let blocks = blocks.ok_or_else(|| wrong("it has no `blocks`"))?;
    if blocks.len() > MOST_BLOCKS {
        return Err(Fault::TooLong);
    }
    for block in blocks {
        settle(block)?;
    }
    fields.insert("unfurl_links".to_owned(), false.into());
    fields.insert("unfurl_media".to_owned(), false.into());
    Ok(message.to_string())
}

/// Checks a block and tells Slack to make no links of what looks like one.
fn settle(block: &mut Value) -> Result<(), Fault> {
    let kind = block
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let longest = match kind {
        "divider" => return Ok(()),
        "section" | "context" => LONGEST_TEXT,
        "header" => LONGEST_HEADER,
        other => {
            let what = format!(
                "a block `{}`: only section, context, header and divider neither act nor load from afar",
                crate::inert::marked(other, 40)
            );
            return Err(Fault::Wrong(what));
        }
    };
    if block.get("accessory").is_some() {
        return Err(Fault::Wrong(
            "an accessory acts or loads from afar".to_owned(),
        ));
    }
    if let Some(text) = block.get_mut("text") {
        settle_text(text, longest)?;
    }
    for (key, most) in [("fields", LONGEST_FIELD), ("elements", longest)] {
        let Some(all) = block.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        if all.len() > 10 {
            return Err(Fault::TooLong);
        }
        for text in all {
            settle_text(text, most)?;
        }
    }
    Ok(())
}

fn settle_text(text: &mut Value, longest: usize) -> Result<(), Fault> {
    let told = text.get("text").and_then(Value::as_str).unwrap_or_default();
    if told.is_empty() {
        return Err(Fault::Wrong("a text without letters".to_owned()));
    }
    if told.chars().count() > longest {
        return Err(Fault::TooLong);
    }
    let kind = text
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    match kind.as_str() {
        "plain_text" => text["emoji"] = false.into(),
        "mrkdwn" => text["verbatim"] = true.into(),
        _ => {
            return Err(Fault::Wrong(
                "a text is `plain_text` or `mrkdwn`".to_owned(),
            ));
        }
    }
    Ok(())
}

/// Says what an answer of Slack means: its errors are words.
pub(crate) fn judge(answer: &Answer) -> Outcome {
    match answer.status {
        200 if answer.body.trim() == "ok" => Outcome::Delivered {
            certainty: Certainty::Delivered,
            receipt: answer.receipt(),
        },
        // Somebody else answered in Slack's place, such as a proxy that wants to be signed in to.
        200..=299 => Outcome::retry(format!("status {}, but not Slack's `ok`", answer.status)),
        _ => usual(answer),
    }
}
