//! A desk as it is written down.

use super::desk::Window;
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// The written form of a desk; moments are microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeskWire {
    /// Everything before is read or among the spans.
    pub(crate) until: Option<i64>,
    /// When each tier was planned last.
    #[serde(default)]
    pub(crate) tiers: Vec<Option<i64>>,
    /// The width of the next window.
    #[serde(default)]
    pub(crate) width: i64,
    /// What is still to be read.
    #[serde(default)]
    pub(crate) spans: Vec<SpanWire>,
}

/// The written form of a span.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct SpanWire {
    from: i64,
    to: i64,
    #[serde(default)]
    fresh: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    attempts: u32,
    #[serde(default, skip_serializing_if = "is_start")]
    not_before: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    part: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

impl SpanWire {
    /// Returns the written form of a window.
    pub(crate) fn of(window: &Window) -> Self {
        Self {
            from: window.from.0,
            to: window.to.0,
            fresh: window.fresh,
            attempts: window.attempts,
            not_before: window.not_before.0,
            part: window.part.clone(),
            note: window.note.clone(),
        }
    }

    /// Returns the window with a number on the desk.
    pub(crate) fn window(&self, id: u64) -> Window {
        Window {
            id,
            from: Timestamp(self.from),
            to: Timestamp(self.to),
            attempts: self.attempts,
            fresh: self.fresh,
            part: self.part.clone(),
            note: self.note.clone(),
            not_before: Timestamp(self.not_before),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
fn is_start(moment: &i64) -> bool {
    *moment == 0
}
