//! The addresses in what a rule was told to send mail to.
//!
//! Cmdlets and clients write a recipient as `a@b`, `smtp:a@b`, `"Name" [SMTP:a@b]`, `Name <a@b>`,
//! a directory path or a bare display name, and join several by `;` or `,`. A display name is the
//! intruder's to choose: where brackets follow it, they alone say who it is.

use std::collections::BTreeSet;

/// What a value names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// The addresses, lower case.
    pub addresses: BTreeSet<String>,
    /// How many recipients are named in a way that gives no address.
    pub unresolved: usize,
}

/// Returns the recipients that a value names.
pub fn recipients(value: &str) -> Recipients {
    let mut found = Recipients::default();
    for one in split(value) {
        match address(one) {
            Some(address) => {
                found.addresses.insert(address);
            }
            None => found.unresolved += 1,
        }
    }
    found
}

/// Returns the parts of a list, split at `;` and `,` outside quotes and brackets.
fn split(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut closing: Option<char> = None;
    for (at, character) in value.char_indices() {
        match (closing, character) {
            (Some(end), _) if character == end => closing = None,
            (Some(_), _) => {}
            (None, ';' | ',') => {
                parts.push(&value[from..at]);
                from = at + 1;
            }
            // A quote or bracket that nothing closes is part of the text.
            (None, '"' | '[' | '<') => {
                let end = closing_of(character);
                closing = value[at + 1..].contains(end).then_some(end);
            }
            (None, _) => {}
        }
    }
    parts.push(&value[from..]);
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn closing_of(opening: char) -> char {
    match opening {
        '[' => ']',
        '<' => '>',
        other => other,
    }
}

fn address(recipient: &str) -> Option<String> {
    let inside = bracketed(recipient, '[', ']').or_else(|| bracketed(recipient, '<', '>'));
    let text = inside.unwrap_or(recipient).trim().trim_matches(['"', '\'']);
    let text = match text.split_once(':') {
        Some((kind, rest)) if kind.eq_ignore_ascii_case("smtp") => rest,
        Some((kind, rest)) if kind.eq_ignore_ascii_case("mailto") => rest,
        Some(_) => return None,
        None => text,
    };
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|character: char| {
                character.is_whitespace()
                    || character.is_control()
                    || "/\\<>[]\"".contains(character)
            })
    };
    (is_plain(local) && is_plain(domain)).then(|| text.to_lowercase())
}

fn bracketed(text: &str, opening: char, closing: char) -> Option<&str> {
    let end = text.trim_end().strip_suffix(closing)?;
    end.rsplit_once(opening).map(|(_, inside)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(value: &str, addresses: &[&str], unresolved: usize) {
        let found = recipients(value);
        let expected: BTreeSet<String> = addresses.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(found.addresses, expected, "{value}");
        assert_eq!(found.unresolved, unresolved, "{value}");
    }

    #[test]
    fn every_spelling_of_a_recipient_gives_its_address() {
        for value in [
            "Drop@Box.example",
            "smtp:drop@box.example",
            "SMTP:drop@box.example",
            r#""Drop Box" [SMTP:drop@box.example]"#,
            "Drop Box <drop@box.example>",
            r#""drop@box.example" [SMTP:drop@box.example]"#,
            "'drop@box.example'",
        ] {
            check(value, &["drop@box.example"], 0);
        }
    }

    #[test]
    fn a_list_is_split_outside_names_only() {
        check(
            r#""Doe, Jane; CFO" [SMTP:jane@corp.example];smtp:drop@box.example, other@box.example"#,
            &["jane@corp.example", "drop@box.example", "other@box.example"],
            0,
        );
    }

    #[test]
    fn a_display_name_is_not_believed_when_brackets_follow() {
        check(
            r#""ceo@corp.example" [SMTP:drop@box.example]"#,
            &["drop@box.example"],
            0,
        );
    }

    #[test]
    fn what_names_no_address_is_counted() {
        check(r#""Ann" [EX:/o=Org/ou=x/cn=Recipients/cn=ann]"#, &[], 1);
        check(
            "EURPR01.PROD.EXAMPLE.COM/Hosted Organizations/corp.example/Ann",
            &[],
            1,
        );
        check("Ann Example;b@corp.example", &["b@corp.example"], 1);
        check(" ; ,", &[], 0);
        check("\"unclosed;a@b.example", &["a@b.example"], 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,80}") {
            for address in recipients(&text).addresses {
                prop_assert!(address.contains('@'));
            }
        }
    }
}
