//! What a destination says of itself: help, documentation and the check of the config are
//! printed from it.

/// A kind of destination in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// What the config calls it.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub sentence: &'static str,
    /// What the config must or may say.
    pub needs: &'static [Need],
    /// What a delivery proves and what it does not, and how far hostile text is inert there.
    pub limits: &'static str,
}

/// One thing that the config says of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// What the config calls it.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub sentence: &'static str,
    /// Whether there is no destination without it.
    pub required: bool,
    /// Whether it is a secret, so that the config holds a reference and never the thing itself.
    pub secret: bool,
}

impl Need {
    pub(crate) const fn must(name: &'static str, sentence: &'static str) -> Self {
        Self {
            name,
            sentence,
            required: true,
            secret: false,
        }
    }

    pub(crate) const fn may(name: &'static str, sentence: &'static str) -> Self {
        Self {
            required: false,
            ..Self::must(name, sentence)
        }
    }

    pub(crate) const fn hidden(self) -> Self {
        Self {
            secret: true,
            ..self
        }
    }
}
