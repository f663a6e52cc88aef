//! What an administrator's cmdlet was told: its parameters, as a list or as a command line.
//!
//! It does not judge: who acted and what a value means is for the detections.

use crate::board::Raised;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::{Json, Severity};

/// How much of a hostile text is shown.
const SHOWN: usize = 60;

/// A cmdlet that a person or an application ran.
pub(in crate::catalogue) struct Cmdlet<'s, 'a> {
    seen: &'s Seen<'a>,
    /// What Purview's records write as the command line that was typed.
    line: Vec<(String, String)>,
}

impl<'s, 'a> Cmdlet<'s, 'a> {
    /// Reads a cmdlet; nothing if it failed, or one of Microsoft's own services ran it.
    pub(in crate::catalogue) fn done(seen: &'s Seen<'a>) -> Option<Self> {
        if seen.is_service() || is_provisioning(seen.user()) || !seen.is_done() {
            return None;
        }
        let line = seen
            .body()
            .get_any_case("Parameters")
            .and_then(Json::as_text)
            .map(command_line)
            .unwrap_or_default();
        Some(Self { seen, line })
    }

    /// Returns whether the operation begins with this verb.
    pub(in crate::catalogue) fn is_verb(&self, verb: &str) -> bool {
        let own = self.seen.action().split('-').next().unwrap_or_default();
        own.eq_ignore_ascii_case(verb)
    }

    /// Returns what stands behind the operation's verb.
    pub(in crate::catalogue) fn noun(&self) -> &'a str {
        self.seen
            .action()
            .split_once('-')
            .map_or("", |(_, noun)| noun)
    }

    /// Returns a parameter as it was given, be it empty; nothing if it was not given.
    pub(in crate::catalogue) fn given(&self, name: &str) -> Option<&str> {
        let typed = || {
            let mut line = self.line.iter();
            line.find(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let value = self.seen.parameters().get(name).or_else(typed)?;
        Some(value.trim())
    }

    /// Returns a parameter that is set: given, not empty and not `$null`.
    pub(in crate::catalogue) fn value(&self, name: &str) -> Option<&str> {
        let value = self.given(name)?;
        let is_set = !value.is_empty() && !value.eq_ignore_ascii_case("$null");
        is_set.then_some(value)
    }

    /// Returns a parameter's yes or no.
    pub(in crate::catalogue) fn truth(&self, name: &str) -> Option<bool> {
        let value = self.given(name)?.trim_start_matches('$');
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// Returns the first of these parameters that says `asked`.
    pub(in crate::catalogue) fn first_saying<'n>(
        &self,
        names: &[&'n str],
        asked: bool,
    ) -> Option<&'n str> {
        let mut names = names.iter().copied();
        names.find(|name| self.truth(name) == Some(asked))
    }

    /// Returns the name of the rule, policy or object that the cmdlet is about.
    pub(in crate::catalogue) fn name(&self) -> &str {
        let named = if self.is_verb("New") {
            self.given("Name").or_else(|| self.value("Identity"))
        } else {
            self.value("Identity").or_else(|| self.given("Name"))
        };
        let name = named.unwrap_or_else(|| self.seen.object());
        let name = name.rsplit('\\').next().unwrap_or_default();
        // A rule's name may hold a slash; only in the directory's paths it divides.
        let is_path = name.contains("Hosted Organizations/");
        let last = name.rsplit('/').next().filter(|_| is_path);
        last.unwrap_or(name).trim()
    }
}

/// Microsoft's own accounts that set up a tenant, and whose records do not call them a service.
fn is_provisioning(user: &str) -> bool {
    const NAMES: &[&str] = &[
        "ffoservicepartneruser",
        "spoolsprovisioning",
        "microsoft\\",
        "not-found",
    ];
    NAMES.iter().any(|front| user.starts_with(front))
}

/// Returns a text of somebody else's choice, cut and quoted, for a sentence.
pub(in crate::catalogue) fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .map(|one| {
            if one.is_control() || one == '`' {
                ' '
            } else {
                one
            }
        })
        .take(SHOWN)
        .collect();
    if text.chars().count() > SHOWN {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Returns the gravest doubt about the sign-in behind a record, of the last day.
pub(in crate::catalogue) fn doubt<'w>(seen: &Seen<'_>, world: &World<'w>) -> Option<&'w Raised> {
    let board = world.board;
    board.tainted(seen.fact(), seen.user(), Severity::Medium, DAY)
}

/// Reads `-Name value -Switch -Other "a value" -Flag:$true`.
fn command_line(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for token in tokens(text) {
        let (is_name, token) = match token {
            Token::Plain(text) => (is_parameter(text), text),
            Token::Quoted(text) => (false, text),
        };
        if is_name {
            let (name, value) = token[1..].split_once(':').unwrap_or((&token[1..], ""));
            found.push((name.to_owned(), value.to_owned()));
        } else if let Some((_, value)) = found.last_mut() {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(token);
        }
    }
    found
}

enum Token<'t> {
    Plain(&'t str),
    Quoted(&'t str),
}

/// A parameter begins with a hyphen and a letter; `-1` is a value.
fn is_parameter(token: &str) -> bool {
    let mut characters = token.chars();
    characters.next() == Some('-')
        && characters
            .next()
            .is_some_and(|one| one.is_ascii_alphabetic())
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

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = command_line(text);
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_command_line_gives_its_parameters() {
        check(
            "-Identity \"Card numbers\" -Mode 'Disable' -Force",
            &[
                ("Identity", "Card numbers"),
                ("Mode", "Disable"),
                ("Force", ""),
            ],
        );
        check(
            "-Disabled:$true -Entries a b -SetSCL -1",
            &[("Disabled", "$true"), ("Entries", "a b"), ("SetSCL", "-1")],
        );
        check("-Identity \"-Mode\" x", &[("Identity", "-Mode x")]);
        check(
            "-Identity \"never closed",
            &[("Identity", "\"never closed")],
        );
        for empty in ["", "   ", "a b", "\"\""] {
            check(empty, &[]);
        }
    }

    #[test]
    fn a_hostile_text_is_cut() {
        assert_eq!(quoted("a`b\nc"), "`a b c`");
        assert_eq!(quoted(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }
}
