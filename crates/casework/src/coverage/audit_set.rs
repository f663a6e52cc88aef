//! What a change of a mailbox's audit set leaves in it.
//!
//! `Set-Mailbox -AuditOwner` takes a whole list or a change of it, and records spell both
//! in several ways: `@{Remove="MailItemsAccessed"}`, `-MailItemsAccessed`, `Update,Create`.

/// Returns whether an action is in the set after the change; none when the change does not touch it.
pub(super) fn keeps(value: &str, action: &str) -> Option<bool> {
    let lower = value.to_lowercase();
    if lower.contains("remove=") || lower.contains("add=") {
        return changed(&lower, action);
    }
    let words: Vec<&str> = words(&lower).collect();
    let is_change = words.iter().any(|word| word.starts_with(['+', '-']));
    if !is_change {
        return Some(words.iter().any(|word| is(word, action)));
    }
    words.iter().rev().find_map(|word| {
        let (sign, named) = word.split_at_checked(1)?;
        is(named, action).then_some(sign == "+")
    })
}

fn changed(hashtable: &str, action: &str) -> Option<bool> {
    hashtable
        .trim_start_matches('@')
        .trim_matches(['{', '}'])
        .split(';')
        .filter_map(|part| part.split_once('='))
        .filter(|(_, list)| words(list).any(|word| is(word, action)))
        .find_map(|(verb, _)| match verb.trim() {
            "remove" => Some(false),
            "add" => Some(true),
            _ => None,
        })
}

fn is(word: &str, action: &str) -> bool {
    word.eq_ignore_ascii_case(action)
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '"' | '\'' | '(' | ')')
    })
    .filter(|word| !word.is_empty() && *word != "@")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: Option<bool>) {
        assert_eq!(keeps(value, "MailItemsAccessed"), expected, "{value}");
    }

    #[test]
    fn a_set_is_read_as_list_and_as_change() {
        check("Update, MoveToDeletedItems,HardDelete", Some(false));
        check("Update;mailitemsaccessed", Some(true));
        check("", Some(false));
        check("@{Remove=\"MailItemsAccessed\"}", Some(false));
        check("@{Remove='Send','MailItemsAccessed'}", Some(false));
        check(
            "@{Add=\"MailItemsAccessed\"; Remove=\"Update\"}",
            Some(true),
        );
        check("@{Remove=\"Update\"}", None);
        check("-MailItemsAccessed", Some(false));
        check("+MailItemsAccessed +Send", Some(true));
        check("-Send", None);
    }
}
