//! A walk over the first level of an object that is damaged or not yet whole.

use model::json::{self, Json};
use std::borrow::Cow;

/// Returns the entries of an object that are whole, though the object itself may be damaged.
pub(crate) fn leading_entries(text: &str) -> Vec<(Cow<'_, str>, Json<'_>)> {
    let mut entries = Vec::new();
    let mut walk = Walk::of(text);
    while let Some((key, value_at)) = walk.key() {
        let Ok(parsed) = json::parse_prefix(&text[value_at..]) else {
            break;
        };
        walk.skip_to(value_at + parsed.end);
        entries.push((key, parsed.value));
    }
    entries
}

/// A walk over the first level of an object that need not be whole.
pub(crate) struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Walk<'t> {
    /// Begins before the first key; the text begins with the object.
    pub(crate) fn of(text: &'t str) -> Self {
        let open = text
            .bytes()
            .position(|byte| byte == b'{')
            .map_or(text.len(), |at| at + 1);
        Self { text, at: open }
    }

    /// Begins inside an object, before one of its keys.
    pub(crate) fn within(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Returns the next key and where its value begins.
    pub(crate) fn key(&mut self) -> Option<(Cow<'t, str>, usize)> {
        let bytes = self.text.as_bytes();
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
        self.at += bytes[self.at..]
            .iter()
            .take_while(|byte| blank(byte))
            .count();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let parsed = json::parse_prefix(&self.text[self.at..]).ok()?;
        let Json::String(key) = parsed.value else {
            return None;
        };
        self.at += parsed.end;
        self.at += bytes[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if bytes.get(self.at) != Some(&b':') {
            return None;
        }
        self.at += 1;
        self.at += bytes[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        Some((key, self.at))
    }

    /// Goes on behind a value.
    pub(crate) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_entries_of_a_cut_object_are_kept() {
        let entries = leading_entries(r#"{"Id":"1", "Operation" : "Send","Folders":[{"Id":"x"#);
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
        assert_eq!(keys, ["Id", "Operation"]);
    }
}
