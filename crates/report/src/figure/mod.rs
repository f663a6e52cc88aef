//! Pictures as SVG: a timeline and an attack in layers.
//!
//! Drawn by arithmetic alone, so that the same figure is the same picture in a page and
//! on paper. Colours are explicit and meant for white ground; a shape says what a colour
//! says. The table twin of a figure is the composer's business.

mod attack;
mod axis;
mod canvas;
mod timeline;

pub use attack::{Attack, Layer, Link, Node};
pub use timeline::{Blind, Lane, Mark, Timeline};

use canvas::Spell;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// What happened when, in lanes over a time axis.
    Timeline(Timeline),
    /// Who led to what, in layers from left to right.
    Attack(Attack),
}

impl Figure {
    /// Returns the sentence under the picture.
    pub fn caption(&self) -> &str {
        match self {
            Self::Timeline(timeline) => &timeline.caption,
            Self::Attack(attack) => &attack.caption,
        }
    }

    /// Returns the name of the picture.
    pub fn title(&self) -> &str {
        match self {
            Self::Timeline(timeline) => &timeline.title,
            Self::Attack(attack) => &attack.title,
        }
    }

    /// Returns the picture as an SVG element; `id` is unique in the page that holds it.
    pub fn svg(&self, id: &str) -> String {
        self.spelled(id, &|text| crate::text::visible(text).into_owned())
    }

    /// Returns the picture with each text spelled for the fonts that are there.
    pub(crate) fn spelled(&self, id: &str, spell: &Spell<'_>) -> String {
        match self {
            Self::Timeline(timeline) => timeline::draw(timeline, id, spell),
            Self::Attack(attack) => attack::draw(attack, id, spell),
        }
    }
}
