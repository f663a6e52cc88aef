//! Which characters the fonts can draw, and marks for those that they cannot.
//!
//! A box instead of a letter would hide what was written; `⟨U+4E2D⟩` can be looked up.

use crate::text::visible;
use std::cell::Cell;
use std::fmt::Write;
use typst::text::Font;

/// The characters that some font of the page can draw.
#[derive(Debug)]
pub(super) struct Glyphs {
    ranges: Vec<(u32, u32)>,
    missed: Cell<bool>,
}

impl Glyphs {
    /// Looks at what the fonts can draw.
    pub(super) fn of(fonts: &[Font]) -> Self {
        let mut points: Vec<u32> = fonts
            .iter()
            .flat_map(|font| font.info().coverage.iter())
            .collect();
        points.sort_unstable();
        points.dedup();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for point in points {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == point => *last = point,
                _ => ranges.push((point, point)),
            }
        }
        Self {
            ranges,
            missed: Cell::new(false),
        }
    }

    /// Returns the visible text with a mark for each character that no font can draw.
    pub(super) fn spell(&self, text: &str) -> String {
        let text = visible(text);
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            if self.has(character) {
                out.push(character);
            } else {
                self.missed.set(true);
                // Writing to a String cannot fail.
                let _ = write!(out, "⟨U+{:04X}⟩", u32::from(character));
            }
        }
        out
    }

    /// Returns whether a mark was ever needed.
    pub(super) fn missed(&self) -> bool {
        self.missed.get()
    }

    fn has(&self, character: char) -> bool {
        let point = u32::from(character);
        let after = self.ranges.partition_point(|(first, _)| *first <= point);
        after > 0 && point <= self.ranges[after - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_draws_is_named() {
        let glyphs = Glyphs::of(&super::super::world::fonts());
        assert_eq!(glyphs.spell("Łódź Ελλάδα Київ → €"), "Łódź Ελλάδα Київ → €");
        assert!(!glyphs.missed());
        assert_eq!(glyphs.spell("中 😀\u{202e}"), "⟨U+4E2D⟩ ⟨U+1F600⟩<U+202E>");
        assert!(glyphs.missed());
        assert_eq!(glyphs.spell("⟨⟩"), "⟨⟩");
    }
}
