//! Which ways of authentication a tenant's policy allows.

use model::Json;
use std::collections::BTreeSet;

/// How deep a policy may nest.
const DEPTH: u8 = 12;

/// Returns the ids of the methods that a policy allows, in lower case.
pub(super) fn allowed_methods(value: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    read_text(value, DEPTH, &mut found);
    found
}

fn read_text(text: &str, depth: u8, found: &mut BTreeSet<String>) {
    if depth > 0
        && text.trim_start().starts_with(['[', '{', '"'])
        && let Ok(parsed) = model::json::parse(text)
    {
        read(&parsed.value, depth - 1, found);
    }
}

fn read(value: &Json<'_>, depth: u8, found: &mut BTreeSet<String>) {
    match &*value.opened() {
        Json::String(text) => read_text(text, depth, found),
        Json::Array(items) if depth > 0 => {
            for item in items {
                read(item, depth - 1, found);
            }
        }
        object @ Json::Object(entries) if depth > 0 => {
            let word = |key| object.get_any_case(key).and_then(Json::as_word);
            let is_on = word("state")
                .is_some_and(|state| state.eq_ignore_ascii_case("enabled") || state == "0");
            if let (true, Some(id)) = (is_on, word("id")) {
                found.insert(id.to_lowercase());
            }
            for (_, inner) in entries {
                read(inner, depth - 1, found);
            }
        }
        _ => {}
    }
}

/// Returns the host of an address on the web, in lower case.
pub(super) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default().to_lowercase()
}
