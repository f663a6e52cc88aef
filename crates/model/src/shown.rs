//! Hostile text made fit to be seen.
//!
//! Rule names, subjects, user agents and app names are written by the intruder. This
//! marks what could move a cursor, reverse a line or hide a character; each output
//! still escapes for its own language.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns the text with control, bidirectional and invisible characters shown as `<U+XXXX>`.
///
/// ```
/// assert_eq!(model::shown::shown("invoice\u{202e}fdp.exe"), "invoice<U+202E>fdp.exe");
/// assert_eq!(model::shown::shown("Éléments"), "Éléments");
/// ```
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a String cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(character));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Returns the text for a CSV cell that a spreadsheet must not run as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, tab or carriage return gets a leading
/// apostrophe, as OWASP's "CSV Injection" advises.
#[must_use]
pub fn spreadsheet_safe(text: &str) -> Cow<'_, str> {
    match text.trim_start_matches(' ').chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// Returns whether a character is a control, bidirectional or invisible one: it could move
/// a cursor, reverse a line or hide.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0x00AD | 0x061C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
            | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_sequence_becomes_marks() {
        assert_eq!(shown("\x1b[2Jgone"), "<U+001B>[2Jgone");
        assert_eq!(shown("a\0b\u{200b}"), "a<U+0000>b<U+200B>");
    }

    #[test]
    fn a_formula_is_text_for_a_spreadsheet() {
        assert_eq!(spreadsheet_safe("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(spreadsheet_safe("  @SUM(1)"), "'  @SUM(1)");
        assert_eq!(spreadsheet_safe("Invoice"), "Invoice");
    }
}
