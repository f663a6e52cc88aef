//! Which characters the fonts can draw and how wide, and marks for those that they cannot.
//!
//! A box instead of a letter would hide what was written; `⟨U+4E2D⟩` can be looked up.

use crate::text::visible;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write;
use typst::layout::Abs;
use typst::text::{Font, FontInstance, FontVariations};

/// The characters that some font of the page can draw.
pub(super) struct Glyphs {
    ranges: Vec<(u32, u32)>,
    missed: Cell<bool>,
    fonts: Vec<FontInstance>,
    advances: RefCell<BTreeMap<(Face, char), f64>>,
}

/// A family of letters that the template sets text in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// The letters of sentences.
    Words,
    /// The letters of fixed width, for identifiers.
    Fixed,
}

impl Face {
    fn family(self) -> &'static str {
        match self {
            Self::Words => "Libertinus Serif",
            Self::Fixed => "DejaVu Sans Mono",
        }
    }
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
        let size = Abs::pt(10.0);
        let drawn = |font: &Font| {
            let variant = font.info().variant;
            font.clone()
                .instantiate(variant, size, &FontVariations::default())
        };
        Self {
            ranges,
            missed: Cell::new(false),
            fonts: fonts.iter().map(drawn).collect(),
            advances: RefCell::default(),
        }
    }

    /// Returns how wide a text is at most, upright or bold, in sizes of its letters.
    pub(super) fn width(&self, text: &str, face: Face) -> f64 {
        text.chars()
            .map(|character| self.advance(character, face))
            .sum()
    }

    /// Returns how wide a character is at most, in sizes of its letters.
    pub(super) fn advance(&self, character: char, face: Face) -> f64 {
        let mut advances = self.advances.borrow_mut();
        *advances
            .entry((face, character))
            .or_insert_with(|| self.widest(character, face))
    }

    /// What the family does not draw, any other font may be asked for.
    fn widest(&self, character: char, face: Face) -> f64 {
        let family = face.family();
        let own = |font: &&FontInstance| font.font().info().family == family;
        widest(self.fonts.iter().filter(own), character)
            .or_else(|| widest(self.fonts.iter(), character))
            .unwrap_or(1.0)
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

fn widest<'f>(fonts: impl Iterator<Item = &'f FontInstance>, character: char) -> Option<f64> {
    let advances = fonts.filter_map(|font| {
        let glyph = font.rusty().glyph_index(character)?;
        Some(font.x_advance(glyph.0)?.get())
    });
    advances.reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_fixed_width_are_of_one_width_and_others_are_not() {
        let glyphs = Glyphs::of(&super::super::world::fonts());
        let fixed = glyphs.width("iW0-", Face::Fixed);
        assert!((fixed - 4.0 * glyphs.advance('m', Face::Fixed)).abs() < 1e-9);
        assert!(glyphs.advance('W', Face::Words) > 2.0 * glyphs.advance('i', Face::Words));
    }

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
