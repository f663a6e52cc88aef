//! Names of one thing in the many spellings of records and answers.

/// Returns whether two texts name the same, whatever their case and outer blanks. Nothing names
/// nothing.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (left.trim(), right.trim());
    !left.is_empty() && left.to_lowercase() == right.to_lowercase()
}

/// Returns the last part of a directory's path, of `DOMAIN\name` or of `mailbox\rule`.
pub(crate) fn last(text: &str) -> &str {
    let text = text.trim().trim_matches('"');
    text.rsplit(['/', '\\']).next().unwrap_or_default().trim()
}

/// Returns an address without the kind before it.
pub(crate) fn bare_address(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(':') {
        Some((kind, rest)) if kind.eq_ignore_ascii_case("smtp") => rest,
        _ => text,
    }
}

/// Returns an id of a rule in the form in which records and answers agree: 64 bits that some write
/// signed and others unsigned.
pub(crate) fn rule_id(text: &str) -> String {
    match text.trim().parse::<i64>() {
        Ok(id) if id < 0 => (id as u64).to_string(),
        _ => text.trim().to_owned(),
    }
}

/// Returns the path of a folder as Exchange takes it: `\Inbox\Bank`.
pub(crate) fn folder_path(text: &str) -> String {
    let path = text.trim().replace('/', "\\");
    if path.starts_with('\\') {
        path
    } else {
        format!("\\{path}")
    }
}

/// Returns whether a text is spelled as a GUID.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Returns whether a name stands for the mailbox's own owner or for Exchange itself.
pub(crate) fn is_owner_or_system(user: &str) -> bool {
    let lower = user.to_lowercase();
    lower.starts_with("nt authority\\") || lower == "self"
}

/// Returns whether a name stands for everybody.
pub(crate) fn is_everybody(user: &str) -> bool {
    is_same(user, "Default") || is_same(user, "Anonymous")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_many_spellings() {
        assert!(is_same(" Ann@corp.example", "ann@CORP.example"));
        assert!(!is_same("", ""));
        assert_eq!(last("X/Hosted/ann"), "ann");
        assert_eq!(last("ann\\rule"), "rule");
        assert_eq!(bare_address("SMTP:a@b.example"), "a@b.example");
        assert_eq!(rule_id("-1"), "18446744073709551615");
        assert!(is_guid("28c10230-6103-485e-b985-444c60001490") && !is_guid("x"));
    }
}
