//! Names that strangers chose, made fit to stand in a sentence.

const SHOWN: usize = 60;

/// Returns a text in backticks, cut to a sane length, without what could break a line.
pub(in crate::catalogue) fn quoted(text: &str) -> String {
    let clean = |character: char| match character {
        '`' => '\'',
        other if other.is_control() => ' ',
        other => other,
    };
    let mut shown: String = text.trim().chars().take(SHOWN).map(clean).collect();
    if text.trim().chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_in_its_quotes() {
        assert_eq!(quoted(" a`b\nc "), "`a'b c`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), SHOWN + 3);
    }
}
