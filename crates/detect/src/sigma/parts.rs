//! The parts of a record: found by key, by path, and as one text.

use super::columns::entries_of;
use super::value::{Value, compact};
use model::Json;
use model::bags::{Bag, Property};

/// How many values one path may give.
const MOST: usize = 256;

/// Returns a key's value, the exact case first.
pub(super) fn find<'o, 'a>(object: &'o Json<'a>, key: &str) -> Option<&'o Json<'a>> {
    let mut found = None;
    for (name, value) in entries_of(object) {
        if name.eq_ignore_ascii_case(key) {
            if name == key {
                return Some(value);
            }
            found = found.or(Some(value));
        }
    }
    found
}

/// Walks down a path.
pub(crate) fn walk(json: &Json<'_>, path: &str, wrappings: u8, found: &mut Vec<Value<'static>>) {
    if found.len() >= MOST {
        return;
    }
    let json = json.opened();
    match json.as_ref() {
        Json::Array(items) => {
            for item in items {
                walk(item, path, wrappings, found);
            }
        }
        Json::String(text) if wrappings > 0 && text.trim_start().starts_with(['{', '[']) => {
            if let Ok(parsed) = model::json::parse(text) {
                walk(&parsed.value, path, wrappings - 1, found);
            }
        }
        object @ Json::Object(_) => step(object, path, wrappings, found),
        _ => {}
    }
}

fn step(object: &Json<'_>, path: &str, wrappings: u8, found: &mut Vec<Value<'static>>) {
    if let Some(value) = find(object, path) {
        found.push(Value::of_json(value));
        return;
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Some(next) = find(object, first) {
        walk(next, rest, wrappings, found);
    } else if rest.is_empty()
        && let Some(value) = named(object, first)
    {
        found.push(Value::of_json(value));
    }
}

/// Returns the value of a pair whose name it is.
fn named<'o, 'a>(pair: &'o Json<'a>, name: &str) -> Option<&'o Json<'a>> {
    let own = ["Name", "Key"]
        .into_iter()
        .find_map(|key| find(pair, key))?;
    let is_named = own.as_word()?.eq_ignore_ascii_case(name);
    is_named.then(|| {
        ["Value", "NewValue", "New"]
            .into_iter()
            .find_map(|key| find(pair, key))
    })?
}

/// Visits every text below.
pub(super) fn each_text(json: &Json<'_>, visit: &mut dyn FnMut(&str)) {
    match json.opened().as_ref() {
        Json::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        Json::Object(entries) => {
            for (_, value) in entries {
                each_text(value, visit);
            }
        }
        other => {
            if let Some(word) = other.as_word() {
                visit(word);
            }
        }
    }
}

/// Returns a bag as one text: `Name: value; Name: value`.
pub(crate) fn flat(bag: &Bag) -> String {
    joined(
        bag.iter()
            .map(|one| (one.name.as_str(), one.value.as_str())),
    )
}

/// Returns the text of a list in which every pair has a name and a value and nothing else.
pub(super) fn plain_text(json: &Json<'_>) -> Option<String> {
    match json {
        Json::Folded(folded) => {
            let pairs = folded.pairs()?.iter();
            Some(joined(
                pairs.map(|(name, value)| (name.as_ref(), value.as_ref())),
            ))
        }
        Json::Array(items) => {
            let is_plain = items.iter().all(|item| plain_pair(item).is_some());
            (is_plain && !items.is_empty()).then(|| joined(items.iter().filter_map(plain_pair)))
        }
        _ => None,
    }
}

fn plain_pair<'j>(item: &'j Json<'_>) -> Option<(&'j str, &'j str)> {
    match item {
        Json::Object(entries) => match entries.as_slice() {
            [(name, Json::String(own)), (value, Json::String(text))]
                if name == "Name" && value == "Value" =>
            {
                Some((own, text))
            }
            _ => None,
        },
        _ => None,
    }
}

fn joined<'t>(pairs: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let mut text = String::with_capacity(512);
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
    }
    text
}

/// Returns a bag's pairs, each by itself.
pub(crate) fn pairs(bag: &Bag) -> Value<'_> {
    let pair = |one: &'_ Property| -> Value<'static> {
        Value::Map(vec![
            ("Name", Value::text(one.name.clone())),
            ("Value", both(&one.value)),
            ("OldValue", both(&one.before)),
        ])
    };
    Value::List(bag.iter().map(pair).collect())
}

/// Returns a value as it stands and, where it is JSON, without its blanks.
pub(crate) fn both(text: &str) -> Value<'static> {
    match compact(text) {
        Some(compact) => Value::List(vec![Value::text(text.to_owned()), Value::text(compact)]),
        None => Value::text(text.to_owned()),
    }
}
