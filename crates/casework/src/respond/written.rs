//! JSON as it is sent: built from values, never by joining texts by hand.

use model::Json;

/// Returns the text of an object.
pub(crate) fn object(entries: &[(&str, Json<'_>)]) -> String {
    let mut out = String::new();
    nested(entries).write(&mut out);
    out
}

/// Returns an object to stand inside another.
pub(crate) fn nested<'a>(entries: &[(&'a str, Json<'a>)]) -> Json<'a> {
    let entries = entries.iter();
    Json::Object(
        entries
            .map(|(key, value)| ((*key).into(), value.clone()))
            .collect(),
    )
}

/// Returns a text.
pub(crate) fn text(value: &str) -> Json<'_> {
    Json::String(value.into())
}

/// Returns a list of texts.
pub(crate) fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> Json<'a> {
    Json::Array(values.into_iter().map(text).collect())
}

/// Returns a value that a state holds as JSON; `null` where it holds none.
pub(crate) fn kept(json: Option<&str>) -> Json<'_> {
    json.and_then(|text| model::json::parse(text).ok())
        .map_or(Json::Null, |parsed| parsed.value)
}

/// Returns a text fit to stand as one part of a path or as a value of a query.
pub(crate) fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    out
}

/// Returns bytes in base64, padded.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = (at(0) << 16) | (at(1) << 8) | at(2);
        for letter in 0..4 {
            let six = (bits >> (18 - 6 * letter)) & 63;
            let is_padding = letter > three.len();
            out.push(if is_padding {
                '='
            } else {
                char::from(LETTERS[six as usize])
            });
        }
    }
    out
}

/// Returns a text as a literal of an OData filter, fit for a query.
pub(crate) fn literal(text: &str) -> String {
    part(&format!("'{}'", text.replace('\'', "''")))
}

/// Returns a text between the single quotes of PowerShell, where only the quote itself is special.
pub(crate) fn quoted(text: &str) -> String {
    // PowerShell takes typographic quotes for quotes too.
    let mut out = String::from("'");
    for character in text.chars() {
        if matches!(
            character,
            '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}'
        ) {
            out.push(character);
        }
        out.push(character);
    }
    out.push('\'');
    model::shown::shown(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_keeps_its_quotes() {
        let body = object(&[("a", text("x\"y")), ("b", list(["1", "2"]))]);
        assert_eq!(body, r#"{"a":"x\"y","b":["1","2"]}"#);
        assert_eq!(part("a/b c?é"), "a%2Fb%20c%3F%C3%A9");
        assert_eq!(base64(b"a"), "YQ==");
        assert_eq!(
            base64(&[1, 0, 0, 0, 0x9e, 0x5d, 0x66, 0xa0]),
            "AQAAAJ5dZqA="
        );
        assert_eq!(literal("o'x"), "%27o%27%27x%27");
        assert_eq!(quoted("o'x\u{2019}"), "'o''x\u{2019}\u{2019}'");
    }
}
