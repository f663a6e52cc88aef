//! Names of applications that pass for others', and names that say nothing.

use crate::likeness::{as_seen, is_one_off};

/// Whose names intruders borrow.
const BORROWED: &[&str] = &[
    "microsoft",
    "office",
    "office365",
    "outlook",
    "onedrive",
    "sharepoint",
    "exchange",
    "docusign",
    "dropbox",
    "authenticator",
    "defender",
];

/// Names that say nothing.
const MEANINGLESS: &[&str] = &[
    "test", "test1", "test2", "testapp", "test app", "app", "app1", "myapp", "my app", "demo",
    "asdf", "qwerty", "new app", "untitled", "abc", "xxx",
];

/// Returns the name that another one is made to look like: other letters, the same look.
pub(super) fn borrowed(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() >= 5)
        .find_map(borrowed_word)
}

fn borrowed_word(word: &str) -> Option<&'static str> {
    // A word of somebody's that is spelled right is no look-alike: many products are named for
    // the service that they work with.
    if BORROWED.contains(&word) {
        return None;
    }
    let seen = as_seen(word);
    let passes_for = |own: &str| {
        // A letter more at the end is a plural, not a disguise.
        let is_longer = word.starts_with(own);
        let (own, is_long) = (as_seen(own), own.len() >= 8);
        seen == own || (is_long && !is_longer && is_one_off(&seen, &own))
    };
    BORROWED.iter().find(|own| passes_for(own)).copied()
}

/// Returns whether a name says nothing: a test, a letter, a dot.
pub(super) fn is_meaningless(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let letters = name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .count();
    letters <= 2 || MEANINGLESS.contains(&name.as_str())
}

/// Returns whether a name is one short word of plain letters.
pub(super) fn is_single_word(name: &str) -> bool {
    let name = name.trim();
    name.len() <= 12 && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_borrowed_name_is_told_from_one_that_is_spelled_right() {
        for (name, expected) in [
            ("rnicrosoft_office", Some("microsoft")),
            ("Micros0ft Teams Add-on", Some("microsoft")),
            ("Mіcrosoft", Some("microsoft")),
            ("Microsof Security", Some("microsoft")),
            ("0utlook helper", Some("outlook")),
            ("Out1ook sync", Some("outlook")),
            ("Exchanges", None),
            ("OneDrvie", Some("onedrive")),
            ("Microsoft Graph", None),
            ("Outlook Connector", None),
            ("Officer training", None),
            ("Splunk", None),
            ("", None),
        ] {
            assert_eq!(borrowed(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_that_says_nothing_is_told() {
        assert!(["test", ".", "a", " App "].into_iter().all(is_meaningless));
        assert!(!["Splunk", "HR portal"].into_iter().any(is_meaningless));
    }
}
