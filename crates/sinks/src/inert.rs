//! Text of a record made fit for people: nothing hidden in it moves, and nothing of it is a link.
//!
//! Mail clients, Teams and Slack make links of what looks like one, whatever the markup says. So
//! an address in a text is broken the way analysts break them: `http[:]//evil[.]example/x`.
//! What looks like a mail address stays whole, because people must read whose mailbox it is: a
//! client may offer to write to it, which opens no page.

use model::shown::shown;

/// Returns the text with hidden characters as marks, at most `letters` long.
pub(crate) fn marked(text: &str, letters: usize) -> String {
    clipped(&shown(text), letters)
}

/// Returns the same, with everything that a client could make a link of broken.
pub(crate) fn for_people(text: &str, letters: usize) -> String {
    // What is cut off needs no breaking, and what is broken must not be cut open again by chance.
    clipped(&broken(&marked(text, letters)), letters.saturating_mul(2))
}

/// Returns at most so many letters of a text, and a mark where there were more.
pub(crate) fn clipped(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_between).unwrap_or(rest.len());
        out.push_str(&broken_word(&rest[..end]));
        rest = &rest[end..];
        let end = rest
            .find(|letter| !is_between(letter))
            .unwrap_or(rest.len());
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

/// Returns whether a character ends what a client would take for an address.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || "()<>[]{}\"'`,;|*\\".contains(letter)
}

fn broken_word(word: &str) -> String {
    let word = word.replace("://", "[:]//");
    let word = with_broken_scheme(&word);
    // The host ends where the path begins, behind the slashes of a scheme.
    let start = word.find("//").map_or(0, |at| at + 2);
    let end = word[start..]
        .find(['/', '?', '#'])
        .map_or(word.len(), |at| start + at);
    // Clients take the full stops of other scripts for dots.
    let host = word[start..end].replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    if (host.contains('@') && start == 0) || !is_domain(&host) {
        return word;
    }
    format!(
        "{}{}{}",
        &word[..start],
        host.replace('.', "[.]"),
        &word[end..]
    )
}

/// Breaks the schemes that need no slashes.
fn with_broken_scheme(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once(':') else {
        return word.to_owned();
    };
    let known = [
        "mailto",
        "javascript",
        "data",
        "tel",
        "sip",
        "callto",
        "file",
        "vbscript",
        "msteams",
        "ms-word",
        "ms-excel",
        "search-ms",
    ];
    if known.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        format!("{scheme}[:]{rest}")
    } else {
        word.to_owned()
    }
}

/// Returns whether a word could be a domain: labels between dots, the last one of letters.
fn is_domain(word: &str) -> bool {
    let word = word.rsplit_once('@').map_or(word, |(_, host)| host);
    let (word, _port) = word.split_once(':').unwrap_or((word, ""));
    let word = word.trim_end_matches(['.', '!', '…']);
    let Some((front, last)) = word.rsplit_once('.') else {
        return false;
    };
    let is_last = last.starts_with("xn--") || last.chars().all(char::is_alphabetic);
    let letters = |label: &str| label.chars().any(char::is_alphanumeric);
    last.chars().count() >= 2 && is_last && front.split('.').any(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(for_people(text, 1000), expected);
    }

    #[test]
    fn what_looks_like_a_link_is_none() {
        check(
            "see http://evil.example/x?a=b",
            "see http[:]//evil[.]example/x?a=b",
        );
        check("HTTPS://EVIL.EXAMPLE", "HTTPS[:]//EVIL[.]EXAMPLE");
        check("[x](http://evil.example)", "[x](http[:]//evil[.]example)");
        check(
            "<https://evil.example|pay>",
            "<https[:]//evil[.]example|pay>",
        );
        check("www.evil.example.", "www[.]evil[.]example[.]");
        check("go evil.example/pay now", "go evil[.]example/pay now");
        check("evil.example:8080", "evil[.]example:8080");
        check("http://user@evil.example/", "http[:]//user@evil[.]example/");
        check("javascript:alert(1)", "javascript[:]alert(1)");
        check("bücher.example", "bücher[.]example");
        check("evil.xn--p1ai", "evil[.]xn--p1ai");
        check("ftp://10.0.0.1/x", "ftp[:]//10.0.0.1/x");
        check("pay.evil.example…", "pay[.]evil[.]example…");
    }

    #[test]
    fn what_people_must_read_stays() {
        for text in [
            "alice@contoso.test",
            "102.89.0.7 AS37148",
            "T1564.008, T1078.004",
            "New-InboxRule \".\" -> move",
            "08:12",
            "R-014 (hide-by-folder)",
            "2026-03-14 07:12:09.5 UTC",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn hidden_characters_are_marks_and_length_has_a_bound() {
        check("a\u{202e}b\r\nc\0", "a<U+202E>b<U+000D><U+000A>c<U+0000>");
        assert_eq!(for_people(&"x".repeat(50), 10), "xxxxxxxxx…");
        assert_eq!(marked("http://a.example", 100), "http://a.example");
        assert!(for_people(&"a.bc ".repeat(500), 100).chars().count() <= 200);
    }
}
