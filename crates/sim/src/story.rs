//! Telling a story: from its name to a world.

use crate::record::Micros;
use crate::world::World;

/// How large a world is, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldOptions {
    /// Where chance comes from.
    pub seed: u64,
    /// People in each tenant, at least eight.
    pub people: usize,
    /// Tenants, at least one.
    pub tenants: usize,
    /// The first moment; it is moved back to a midnight in UTC.
    pub began: Micros,
    /// Days that are told.
    pub days: u32,
}

/// Why a story cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// There is no such story.
    #[error("find a story named `{0}`")]
    Unknown(String),
    /// A story is not written as one.
    #[error("read the story `{story}`")]
    Unreadable {
        /// Which.
        story: String,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A step cannot be played.
    #[error("play `{step}` of the story `{story}`: {why}")]
    Step {
        /// Which story.
        story: String,
        /// When it should happen.
        step: String,
        /// Why it cannot.
        why: String,
    },
}

impl World {
    /// Tells a story: the same name and options give the same world, byte for byte.
    pub fn tell(story: &str, options: &WorldOptions) -> Result<Self, StoryError> {
        let _ = options;
        Err(StoryError::Unknown(story.to_owned()))
    }
}
