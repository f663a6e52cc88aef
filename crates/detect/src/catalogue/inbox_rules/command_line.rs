//! A cmdlet's parameters where the record has them as one line: `-Identity "Default" -Enabled:$true`.

use crate::seen::Seen;
use model::Json;
use std::borrow::Cow;

/// Returns a parameter of a cmdlet as the record has it, set or emptied; none where it is not named.
pub(in crate::catalogue) fn parameter<'s>(seen: &'s Seen<'_>, name: &str) -> Option<Cow<'s, str>> {
    if let Some(value) = seen.parameters().get(name) {
        return Some(Cow::Borrowed(value));
    }
    let line = seen
        .body()
        .get_any_case("Parameters")
        .and_then(Json::as_text)?;
    if !line.trim_start().starts_with('-') {
        return None;
    }
    value(line, name).map(Cow::Owned)
}

/// Returns the value that follows a name; a name that nothing follows is a switch.
fn value(line: &str, name: &str) -> Option<String> {
    let parts = split(line);
    let at = parts.iter().position(|part| is_named(part, name))?;
    if let Some((_, value)) = parts[at].split_once(':') {
        return Some(value.trim_matches(['"', '\'']).to_owned());
    }
    let next = parts.get(at + 1).filter(|next| !next.starts_with('-'));
    Some(next.map_or_else(
        || "True".to_owned(),
        |next| next.trim_matches(['"', '\'']).to_owned(),
    ))
}

fn is_named(part: &str, name: &str) -> bool {
    part.strip_prefix('-').is_some_and(|own| {
        own.split(':')
            .next()
            .unwrap_or(own)
            .eq_ignore_ascii_case(name)
    })
}

/// Returns the parts of a line, split at blanks outside quotes.
fn split(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut quote: Option<char> = None;
    for (at, character) in line.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if character == '"' || character == '\'' => quote = Some(character),
            None if character.is_whitespace() => {
                parts.push(&line[from..at]);
                from = at + character.len_utf8();
            }
            None => {}
        }
    }
    parts.push(&line[from..]);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_line_gives_its_parameters() {
        let line = r#"-Identity "Default Policy" -AutoForwardingMode:On -Force -Name 'x y' -Enabled $true"#;
        for (name, expected) in [
            ("identity", Some("Default Policy")),
            ("AutoForwardingMode", Some("On")),
            ("Force", Some("True")),
            ("Name", Some("x y")),
            ("Enabled", Some("$true")),
            ("Nobody", None),
        ] {
            assert_eq!(value(line, name).as_deref(), expected, "{name}");
        }
    }
}
