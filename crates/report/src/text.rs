//! Text made fit for each format's language, after hidden characters became marks.

use crate::document::Cell;
use std::borrow::Cow;
use std::fmt::Write;

/// Returns the text with hidden characters as marks, and those that no XML may hold.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let shown = model::shown::shown(text);
    if !shown.contains(['\u{fffe}', '\u{ffff}']) {
        return shown;
    }
    let marked = shown
        .replace('\u{fffe}', "<U+FFFE>")
        .replace('\u{ffff}', "<U+FFFF>");
    Cow::Owned(marked)
}

/// Returns the visible text escaped for an element or a quoted attribute of HTML or SVG.
pub(crate) fn markup(text: &str) -> String {
    escaped(&visible(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Appends a JSON string that can end no script element and open no comment.
pub(crate) fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Returns the text, cut after so many characters with a word about how many are left out.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return Cow::Borrowed(text);
    };
    let left_out = text[end..].chars().count();
    let cut = format!(
        "{} … [{} more characters]",
        &text[..end],
        thousands(left_out as u64)
    );
    Cow::Owned(cut)
}

/// Returns a number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a moment for eyes: the column's heading says that it is UTC.
pub(crate) fn moment(time: model::Timestamp) -> String {
    let text = time.to_string().replacen('T', " ", 1);
    text.trim_end_matches('Z').to_owned()
}

/// Returns a cell as one line of visible text for eyes.
pub(crate) fn line(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => visible(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Time(time) => Cow::Owned(moment(*time)),
        Cell::List(items) => {
            let items: Vec<_> = items.iter().map(|item| visible(item)).collect();
            Cow::Owned(items.join("; "))
        }
    }
}

/// Returns an identifier of letters, digits and hyphens, for anchors and file names.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_matches('-').chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_holds_no_character_that_means_something() {
        assert_eq!(
            markup("\"><img onerror='x'>&\0\u{ffff}"),
            "&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;&amp;&lt;U+0000&gt;&lt;U+FFFF&gt;"
        );
    }

    #[test]
    fn json_cannot_end_its_script_and_reads_back() {
        let hostile = "</script><!--\u{2028}\"\\\n&'";
        let mut out = String::new();
        push_json(&mut out, hostile);
        assert!(!out.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), hostile);
    }

    #[test]
    fn a_long_text_says_how_much_is_left_out() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("äbcdef", 2), "äb … [4 more characters]");
    }

    #[test]
    fn a_slug_is_letters_digits_and_hyphens() {
        assert_eq!(
            slug("Messages: \"by class\" <script>"),
            "messages-by-class-script"
        );
        assert_eq!(slug("中"), "");
    }
}
