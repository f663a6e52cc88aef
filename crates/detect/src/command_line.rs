//! A cmdlet's parameters as one line, the way Purview's records have them:
//! `-Identity "Card numbers" -Mode Disable -Force -Enabled:$true`.

/// A parameter and its value; a switch has none.
pub(crate) type Typed = (String, Option<String>);

/// Returns the parameters of a line, in its order; none where it does not begin with one.
pub(crate) fn read(line: &str) -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    for token in tokens(line) {
        match token {
            Token::Plain(text) if is_parameter(text) => {
                let text = text.trim_start_matches('-');
                let (name, value) = text
                    .split_once(':')
                    .map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
                found.push((name.to_owned(), value));
            }
            Token::Plain(text) | Token::Quoted(text) => {
                if let Some((_, value)) = found.last_mut() {
                    add(value, text);
                }
            }
        }
    }
    found
}

/// What follows a value belongs to it: `-Entries a b`.
fn add(value: &mut Option<String>, text: &str) {
    let value = value.get_or_insert_default();
    if !value.is_empty() {
        value.push(' ');
    }
    value.push_str(text);
}

enum Token<'t> {
    Plain(&'t str),
    Quoted(&'t str),
}

/// A parameter begins with a hyphen and a letter; `-1` is a value.
fn is_parameter(token: &str) -> bool {
    let behind = token.strip_prefix('-');
    behind.is_some_and(|behind| behind.starts_with(|one: char| one.is_ascii_alphabetic()))
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let inside = matches!(first, '"' | '\'').then(|| rest[1..].split_once(first));
        rest = if let Some(Some((inside, behind))) = inside {
            found.push(Token::Quoted(inside));
            behind
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            found.push(Token::Plain(&rest[..end]));
            &rest[end..]
        }
        .trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(&str, Option<&str>)]) {
        let found = read(line);
        let found: Vec<(&str, Option<&str>)> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_deref()))
            .collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn a_line_gives_its_parameters() {
        check(
            "-Identity \"Card numbers\" -Mode 'Disable' -Force",
            &[
                ("Identity", Some("Card numbers")),
                ("Mode", Some("Disable")),
                ("Force", None),
            ],
        );
        check(
            "-Disabled:$true -Entries a b -SetSCL -1",
            &[
                ("Disabled", Some("$true")),
                ("Entries", Some("a b")),
                ("SetSCL", Some("-1")),
            ],
        );
        check(
            "-Address \"\" -Keep",
            &[("Address", Some("")), ("Keep", None)],
        );
        check("-Identity \"-Mode\" x", &[("Identity", Some("-Mode x"))]);
        check(
            "-Identity \"never closed",
            &[("Identity", Some("\"never closed"))],
        );
        for empty in ["", "   ", "a b", "\"\"", "-é"] {
            check(empty, &[]);
        }
    }
}
