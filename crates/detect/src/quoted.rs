//! Texts that somebody else chose, made fit to stand in a sentence or as evidence.
//!
//! Names of rules and applications, subjects and agents are an intruder's words: here they lose what
//! could break a line, leave its quotes, turn it around or fill a page.

/// How much of such a text a sentence shows.
const SHOWN: usize = 60;
/// How much of a value is kept as evidence.
const EVIDENCE: usize = 300;

/// Returns a text between backticks, its start only, with what is invisible made visible.
pub(crate) fn quoted(text: &str) -> String {
    match cut(text.trim(), SHOWN).as_str() {
        "" => "(empty)".to_owned(),
        start => format!("`{}`", model::shown::shown(start).replace('`', "'")),
    }
}

/// Returns the start of a value, long enough to be evidence.
pub(crate) fn evidence(value: &str) -> String {
    cut(value, EVIDENCE)
}

/// Returns so many characters of a text, and a mark where there were more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_is_short_and_stays_in_its_quotes() {
        assert_eq!(quoted("  a`b\nc "), "`a'b<U+000A>c`");
        assert_eq!(quoted("invoice\u{202e}fdp.exe"), "`invoice<U+202E>fdp.exe`");
        assert_eq!(quoted(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
        assert_eq!(quoted(&"é".repeat(60)), format!("`{}`", "é".repeat(60)));
        assert_eq!(quoted(" "), "(empty)");
    }

    #[test]
    fn evidence_ends_between_two_characters() {
        assert_eq!(evidence(&"ä".repeat(301)).chars().count(), 301);
        assert_eq!(cut("abc", 2), "ab…");
    }
}
