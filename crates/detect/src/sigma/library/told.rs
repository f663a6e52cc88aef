//! Tells on which fields of a record a match rests.

use super::answer::{Answer, Asked, Tri, in_order, text_of};
use super::judge::{DEEPEST, Member, detection, item, nobody};
use rsigma_eval::{CompiledDetection, CompiledMatcher, CompiledRule, EventValue};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Collects the fields whose comparison was part of a match.
pub(super) fn fields(rule: &CompiledRule, asked: &dyn Asked, found: &mut BTreeMap<String, String>) {
    for one in in_order(&rule.detections).into_values() {
        if detection(one, asked, DEEPEST) == Tri::Yes {
            fields_of(one, asked, found);
        }
    }
}

fn fields_of(one: &CompiledDetection, asked: &dyn Asked, found: &mut BTreeMap<String, String>) {
    match one {
        CompiledDetection::AllOf(items) => {
            for one in items {
                if let (Some(name), Answer::Is(value)) = (
                    &one.field,
                    asked.field(one.field.as_deref().unwrap_or_default()),
                ) && item(one, asked) == Tri::Yes
                {
                    found.insert(name.clone(), shown(&one.matcher, &value));
                }
            }
        }
        CompiledDetection::AnyOf(all) | CompiledDetection::And(all) => {
            for one in all {
                if detection(one, asked, DEEPEST) == Tri::Yes {
                    fields_of(one, asked, found);
                }
            }
        }
        CompiledDetection::ArrayMatch { field, body, .. } => {
            if let Answer::Is(EventValue::Array(members)) = asked.field(field) {
                for value in &members {
                    let member = Member {
                        value,
                        outer: asked,
                    };
                    if detection(body, &member, DEEPEST) == Tri::Yes {
                        let name = field.trim_end_matches("[]");
                        found.insert(name.to_owned(), pair_text(value));
                    }
                }
            }
        }
        CompiledDetection::Keywords(matcher) => {
            let nobody = nobody();
            let mut first = None;
            asked.any_text(&mut |text| {
                let is = matcher.matches(&EventValue::Str(Cow::Borrowed(text)), &nobody);
                if is && first.is_none() {
                    first = Some(text.to_owned());
                }
                is
            });
            if let Some(text) = first {
                found.insert("any field".to_owned(), text);
            }
        }
        CompiledDetection::Conditional { .. } => {}
    }
}

/// How much of a long text is shown.
const SHOWN: usize = 120;

/// Of several values the one that decided is shown, of a long one the place that decided.
fn shown(matcher: &CompiledMatcher, value: &EventValue<'_>) -> String {
    let text = match value {
        EventValue::Array(values) => {
            let nobody = nobody();
            let deciding = values.iter().find(|one| matcher.matches(one, &nobody));
            deciding.or(values.first()).map(text_of).unwrap_or_default()
        }
        other => text_of(other),
    };
    if text.len() <= SHOWN {
        return text;
    }
    let mut needles = Vec::new();
    parts_of(matcher, &mut needles);
    let place = needles
        .iter()
        .filter_map(|needle| place_of(&text, needle))
        .min();
    let from = place.unwrap_or_default().saturating_sub(SHOWN / 4);
    let mut characters = text.char_indices().skip_while(|(at, _)| *at < from);
    let from = characters.next().map_or(0, |(at, _)| at);
    let to = characters
        .find(|(at, _)| *at >= from + SHOWN)
        .map_or(text.len(), |(at, _)| at);
    let dots = |is_cut: bool| if is_cut { "..." } else { "" };
    format!(
        "{}{}{}",
        dots(from > 0),
        &text[from..to],
        dots(to < text.len())
    )
}

/// Collects the texts that a matcher looks for inside another.
fn parts_of<'m>(matcher: &'m CompiledMatcher, found: &mut Vec<&'m str>) {
    match matcher {
        CompiledMatcher::Contains { value, .. } => found.push(value),
        CompiledMatcher::AhoCorasickSet { needles, .. } => {
            found.extend(needles.iter().map(String::as_str));
        }
        CompiledMatcher::AnyOf(all) | CompiledMatcher::AllOf(all) => {
            for one in all {
                parts_of(one, found);
            }
        }
        CompiledMatcher::CaseInsensitiveGroup { children, .. } => {
            for one in children {
                parts_of(one, found);
            }
        }
        _ => {}
    }
}

fn place_of(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    if needle.is_empty() {
        return None;
    }
    text.windows(needle.len())
        .position(|part| part.eq_ignore_ascii_case(needle))
}

fn pair_text(value: &EventValue<'_>) -> String {
    let EventValue::Map(entries) = value else {
        return text_of(value);
    };
    let entries = entries
        .iter()
        .filter(|(_, value)| !text_of(value).is_empty());
    let texts: Vec<String> = entries
        .map(|(name, value)| format!("{name}: {}", text_of(value)))
        .collect();
    texts.join(", ")
}
