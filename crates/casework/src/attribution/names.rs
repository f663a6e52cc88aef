//! Texts kept once and named by a number: a million records repeat few actors, sessions and agents.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

/// A text of [`Names`]; the default is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(u32);

/// The texts, one behind the other. The numbers follow the order of arrival, so nothing that
/// reaches an output may be ordered by them.
#[derive(Debug)]
pub(super) struct Names {
    text: String,
    ends: Vec<usize>,
    by_digest: HashMap<u64, u32>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
            by_digest: HashMap::new(),
        }
    }
}

impl Names {
    /// Returns the name of a text, a new one where it was not seen before.
    pub(super) fn name(&mut self, text: &str) -> Name {
        if text.is_empty() {
            return Name::default();
        }
        let mut digest = digest(text);
        while let Some(known) = self.by_digest.get(&digest) {
            if self.text(Name(*known)) == text {
                return Name(*known);
            }
            digest = digest.wrapping_add(1);
        }
        let name = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.by_digest.insert(digest, name);
        Name(name)
    }

    /// Returns the name of a text that was seen before.
    pub(super) fn known(&self, text: &str) -> Option<Name> {
        if text.is_empty() {
            return None;
        }
        let mut digest = digest(text);
        loop {
            let name = Name(*self.by_digest.get(&digest)?);
            if self.text(name) == text {
                return Some(name);
            }
            digest = digest.wrapping_add(1);
        }
    }

    /// Returns the text of a name.
    pub(super) fn text(&self, name: Name) -> &str {
        let at = name.0 as usize;
        match (at.checked_sub(1), self.ends.get(at)) {
            (Some(before), Some(end)) => &self.text[self.ends[before]..*end],
            _ => "",
        }
    }
}

/// Returns the digest by which a text is found again.
pub(super) fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_name_and_comes_back() {
        let mut names = Names::default();
        let ann = names.name("ann@example.com");
        let bob = names.name("bob@example.com");
        assert_eq!(names.name("ann@example.com"), ann);
        assert_eq!(names.known("bob@example.com"), Some(bob));
        assert_eq!(names.known("carla@example.com"), None);
        assert_eq!(names.known(""), None);
        assert_eq!(
            (names.text(ann), names.text(bob)),
            ("ann@example.com", "bob@example.com")
        );
        assert_eq!(names.name(""), Name::default());
        assert_eq!(names.text(Name::default()), "");
    }
}
