//! Finding and reading facts inside JSON, whatever the spelling of their names.
//!
//! A name is folded: letters and digits in lower case with nothing between them, so that
//! `eventDataId`, `event_data_id` and `Event data ID` are all `eventdataid`.

use crate::user;
use model::{Json, json};
use std::borrow::Cow;

/// Returns the text at a path of folded names inside a value.
pub(crate) fn text_at<'r>(value: &Json<'r>, path: &[&str]) -> Cow<'r, str> {
    inside(value, path).and_then(text_of).unwrap_or_default()
}

/// Returns the value at a path of folded names inside a value.
pub(crate) fn inside<'j, 'r>(value: &'j Json<'r>, path: &[&str]) -> Option<&'j Json<'r>> {
    let Some((first, rest)) = path.split_first() else {
        return Some(value);
    };
    let (_, next) = value
        .entries()
        .iter()
        .find(|(key, _)| same_name(key, first))?;
    inside(next, rest)
}

/// Returns the text of a string, number or boolean that is not blank.
pub(crate) fn text_of<'r>(value: &Json<'r>) -> Option<Cow<'r, str>> {
    match value {
        Json::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Json::Number(text) => Some(Cow::Borrowed(text)),
        Json::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        _ => None,
    }
}

/// Returns an object or array, taken out of a string where it is dressed as text.
pub(crate) fn opened<'r>(value: &'r Json<'r>) -> Option<Cow<'r, Json<'r>>> {
    match value {
        Json::Object(_) | Json::Array(_) => Some(Cow::Borrowed(value)),
        Json::String(text) if text.trim_start().starts_with(['{', '[']) => json::parse(text)
            .ok()
            .map(|parsed| Cow::Owned(parsed.value)),
        _ => None,
    }
}

/// Returns the tenant out of `/tenants/<id>/providers/...`.
pub(crate) fn tenant_of_path<'r>(path: &str) -> Cow<'r, str> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let is_tenant = parts
        .next()
        .is_some_and(|part| part.eq_ignore_ascii_case("tenants"));
    match parts.next() {
        Some(tenant) if is_tenant => Cow::Owned(tenant.to_owned()),
        _ => Cow::Borrowed(""),
    }
}

/// Returns the first of two texts that is not empty.
pub(crate) fn either<'r>(
    first: Cow<'r, str>,
    second: impl FnOnce() -> Cow<'r, str>,
) -> Cow<'r, str> {
    if first.is_empty() { second() } else { first }
}

/// Returns the text in lower case, borrowed where it is so already.
pub(crate) fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => user::lower(text),
        Cow::Owned(text) => Cow::Owned(text.to_lowercase()),
    }
}

/// Returns the text without blanks around it.
pub(crate) fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Returns the place and value of the first name that an object has and that is not blank.
pub(crate) fn find_in<'r>(object: &'r Json<'r>, names: &[&str]) -> Option<(usize, &'r Json<'r>)> {
    names.iter().find_map(|name| {
        let mut entries = object.entries().iter().enumerate();
        let found = entries.find(|(_, (key, value))| same_name(key, name) && !is_blank(value));
        found.map(|(place, (_, value))| (place, value))
    })
}

/// Returns the place and text of the first name that an object has a text for.
pub(crate) fn find_text<'r>(object: &'r Json<'r>, names: &[&str]) -> Option<(usize, Cow<'r, str>)> {
    names.iter().find_map(|name| {
        let mut entries = object.entries().iter().enumerate();
        entries.find_map(|(place, (key, value))| {
            if same_name(key, name) {
                Some((place, text_of(value)?))
            } else {
                None
            }
        })
    })
}

/// Returns whether a value says nothing.
pub(crate) fn is_blank(value: &Json<'_>) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Compares a key with a folded name: letters and digits in lower case, nothing between them.
pub(crate) fn same_name(key: &str, name: &str) -> bool {
    let mut wanted = name.bytes();
    let significant = key
        .bytes()
        .filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    for byte in significant {
        if wanted.next() != Some(byte.to_ascii_lowercase()) {
            return false;
        }
    }
    wanted.next().is_none()
}
