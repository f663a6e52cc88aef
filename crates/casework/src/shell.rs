//! Text from records as one word of a command that somebody copies into a shell.

/// Returns a text as a shell reads it as one word: plain where nothing in it means anything to a
/// shell, else in single quotes, and without what would end a line.
#[must_use]
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let one_line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("'{}'", one_line.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_record_says_is_one_word_and_no_command() {
        assert_eq!(quoted("ann@example.com"), "ann@example.com");
        assert_eq!(quoted("app=6a6a-1"), "app=6a6a-1");
        assert_eq!(quoted("x; rm -rf ~"), "'x; rm -rf ~'");
        assert_eq!(quoted("$(id)'`id`"), "'$(id)'\\''`id`'");
        assert_eq!(quoted("a\nb"), "'a b'");
        assert_eq!(quoted(""), "''");
    }
}
