//! The languages of the destinations: how a text is written so that it stays text there.

/// What a template writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Plain text: nothing to escape, for the text was made inert before.
    Plain,
    /// HTML, in text and in quoted attributes.
    Html,
    /// The inside of a JSON text.
    Json,
    /// The inside of a JSON text that Slack reads.
    Slack,
    /// The inside of a JSON text that Teams reads, between two marks: whether it is Markdown
    /// is known when the card is put together.
    Teams,
}

/// Where a text of a record begins and ends in a card for Teams; no such text holds them itself.
pub(crate) const OPEN: char = '\u{e000}';
pub(crate) const CLOSE: char = '\u{e001}';

impl Language {
    /// Writes a text of a record.
    pub(crate) fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Html => html(text),
            Self::Json => json(text),
            Self::Slack => json(&slack(text)),
            Self::Teams => {
                let bare: String = text
                    .chars()
                    .filter(|one| ![OPEN, CLOSE].contains(one))
                    .collect();
                format!("{OPEN}{}{CLOSE}", json(&bare))
            }
        }
    }

    /// Writes a link of ours.
    pub(crate) fn link(self, link: &str) -> String {
        match self {
            Self::Plain => link.to_owned(),
            Self::Html => html(link),
            Self::Json | Self::Teams => json(link),
            Self::Slack => json(&slack(link)),
        }
    }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            '=' => out.push_str("&#61;"),
            _ => out.push(letter),
        }
    }
    out
}

/// Writes the inside of a JSON text.
pub(crate) fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Slack knows three characters, and without them neither link nor mention.
pub(crate) fn slack(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Markdown of an Adaptive Card: a subset of CommonMark, in which a backslash before
/// punctuation takes its meaning away. A brace could begin a function of the card.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (nth, letter) in text.chars().enumerate() {
        let anywhere = "\\`*_[]{}()<>#~!|&".contains(letter);
        let begins_list = nth == 0 && "-+.".contains(letter);
        if anywhere || begins_list {
            out.push('\\');
        }
        out.push(letter);
    }
    // `1.` at the beginning is a list too.
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && matches!(out.as_bytes().get(digits), Some(b'.' | b')')) {
        out.insert(digits, '\\');
    }
    out
}

/// A value of structured data in syslog (RFC 5424, 6.3.3).
pub(crate) fn structured(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if ['"', '\\', ']'].contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A field of the header of CEF.
pub(crate) fn cef_header(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

/// A value in the extension of CEF.
pub(crate) fn cef_value(text: &str) -> String {
    text.replace('\\', "\\\\").replace('=', "\\=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_takes_its_own_signs_away() {
        let text = "<b>\"&'[x](y)*_|=\\";
        assert_eq!(
            Language::Html.text(text),
            "&lt;b&gt;&quot;&amp;&#39;[x](y)*_|&#61;\\"
        );
        assert_eq!(Language::Json.text(text), "<b>\\\"&'[x](y)*_|=\\\\");
        assert_eq!(
            Language::Slack.text("<!channel> & \"x\""),
            "&lt;!channel&gt; &amp; \\\"x\\\""
        );
        assert_eq!(
            Language::Teams.text("a\u{e001}\"b"),
            "\u{e000}a\\\"b\u{e001}"
        );
        assert_eq!(
            markdown("[x](http://e) **b** <at>"),
            "\\[x\\]\\(http://e\\) \\*\\*b\\*\\* \\<at\\>"
        );
        assert_eq!(markdown("{{DATE(x)}}"), "\\{\\{DATE\\(x\\)\\}\\}");
        assert_eq!(markdown("- a"), "\\- a");
        assert_eq!(markdown("1. a"), "1\\. a");
        assert_eq!(structured("a\"]\\b"), "a\\\"\\]\\\\b");
        assert_eq!(cef_header("a|b\\c"), "a\\|b\\\\c");
        assert_eq!(cef_value("a=b|c\\"), "a\\=b|c\\\\");
    }
}
