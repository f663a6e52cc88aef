//! Words that stand in many records, kept once and passed on as numbers.

use foldhash::quality::RandomState;
use indexmap::IndexSet;

/// A word by its number; equal words have equal numbers within one [`Words`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(u32);

impl Word {
    /// The empty word: the record does not say.
    pub const NONE: Self = Self(0);

    /// Returns whether the record does not say.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Returns the word of a number, as [`Self::number`] gave it.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number, for whoever keeps a table by word.
    #[must_use]
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// All words, by number.
#[derive(Clone, Debug)]
pub struct Words {
    texts: IndexSet<Box<str>, RandomState>,
}

impl Default for Words {
    fn default() -> Self {
        let mut texts = IndexSet::default();
        texts.insert(Box::from(""));
        Self { texts }
    }
}

impl Words {
    /// Returns the word of a text.
    pub fn of(&mut self, text: &str) -> Word {
        if text.is_empty() {
            return Word::NONE;
        }
        let at = match self.texts.get_index_of(text) {
            Some(at) => at,
            None => self.texts.insert_full(Box::from(text)).0,
        };
        Word(at as u32)
    }

    /// Returns the word of a text that is known already.
    #[must_use]
    pub fn known(&self, text: &str) -> Option<Word> {
        self.texts.get_index_of(text).map(|at| Word(at as u32))
    }

    /// Returns the text of a word.
    #[must_use]
    pub fn text(&self, word: Word) -> &str {
        self.by_number(word.number())
    }

    /// Returns the text of the word with this number.
    pub(crate) fn by_number(&self, number: usize) -> &str {
        self.texts.get_index(number).map_or("", |text| text)
    }

    /// Returns every text in the order of the numbers, the empty one first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }

    /// Returns how many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether nothing but the empty word is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.len() == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_word() {
        let mut words = Words::default();
        let ann = words.of("ann");
        assert_eq!(words.of("ann"), ann);
        assert_ne!(words.of("bob"), ann);
        assert_eq!(words.text(ann), "ann");
        assert_eq!(words.of(""), Word::NONE);
        assert_eq!(words.known("carl"), None);
        assert_eq!(words.len(), 3);
    }
}
