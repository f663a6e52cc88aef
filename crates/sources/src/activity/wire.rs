//! The cursor of an activity feed as it is written down.

use super::blob::{Blob, BlobWire};
use super::subscription::Subscription;
use crate::window::Desk;
use crate::window::wire::DeskWire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;

/// The written form.
#[derive(Serialize, Deserialize)]
pub(crate) struct CursorWire {
    version: u32,
    pub(crate) desk: DeskWire,
    #[serde(default)]
    pub(crate) pending: Vec<BlobWire>,
    #[serde(default)]
    pub(crate) good: Option<i64>,
    #[serde(default)]
    pub(crate) asked_to_start: Option<i64>,
}

/// Returns where a feed stands as text.
pub(crate) fn written(
    desk: &Desk,
    subscription: &Subscription,
    pending: &BTreeMap<u128, Blob>,
) -> String {
    let wire = CursorWire {
        version: VERSION,
        desk: desk.wire(),
        pending: pending.values().map(BlobWire::of).collect(),
        good: subscription.good.map(|at| at.0),
        asked_to_start: subscription.asked_to_start.map(|at| at.0),
    };
    serde_json::to_string(&wire).unwrap_or_default()
}

/// Reads a cursor; one of another version is as if there were none, which reads everything again.
pub(crate) fn read(text: &str) -> Option<CursorWire> {
    let wire: CursorWire = serde_json::from_str(text).ok()?;
    (wire.version == VERSION).then_some(wire)
}
