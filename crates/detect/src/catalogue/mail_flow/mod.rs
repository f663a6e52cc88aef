//! Section A, second half: mail flow rules, connectors, journaling, junk filter and auto-replies.

pub(in crate::catalogue) mod list;
mod rule;
mod trn_01;
mod trn_02;
mod trn_03;
mod trn_04;
mod trn_05;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(trn_01::Trn01::default()),
        Box::new(trn_02::Trn02),
        Box::new(trn_03::Trn03),
        Box::new(trn_04::Trn04),
        Box::new(trn_05::Trn05),
    ]
}
