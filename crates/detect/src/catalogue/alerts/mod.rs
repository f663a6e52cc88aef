//! Section I: what Microsoft's own watchers raised, handed on to whom it concerns.

mod alert;
mod alr_01;
mod alr_02;
mod alr_03;
mod alr_04;
mod names;
mod once;
mod phish;

use super::Detection;

/// Returns the detections of this section.
pub(super) fn all() -> Vec<Box<dyn Detection>> {
    vec![
        Box::new(alr_01::Alr01::default()),
        Box::new(alr_02::Alr02::default()),
        Box::new(alr_03::Alr03::default()),
        Box::new(alr_04::Alr04::default()),
    ]
}
